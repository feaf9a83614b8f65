import { randomBytes } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { deriveKey } from './derive-key.js';
import type { Doorbell } from './doorbell.js';
import { sealBytes, unsealBytes, type DataKeys } from './event-codec.js';
import { sha256 } from './ids.js';
import { REMEMBERED_MS } from './short-memory.js';

const CACHE_SIZE = 10_000;

/** A secret that is kept outside of the database, and the name under which rows say that they need it. */
export interface MasterKey {
  readonly id: string;
  readonly key: Buffer;
}

export function masterKey(secret: string): MasterKey {
  const key = deriveKey(secret, 'data-keys');
  return { id: sha256(key).slice(0, 8), key };
}

/** A key for one person, for AES-256. */
export const newDataKey = (): Buffer => randomBytes(32);

interface StoredKey {
  readonly owner_id: string;
  readonly key: Buffer;
  /** Id of the master key; null where it is not wrapped yet. */
  readonly master: string | null;
}

/**
 * Data keys in `identity.data_keys`, one a person, made with the account. Each is wrapped under the master key, so that neither
 * the database nor what it leaves on disk (dead rows, its journal, backups) gives one away.
 */
export class DatabaseDataKeys implements DataKeys {
  private readonly cache = new Map<string, { key: Buffer | null; until: number }>();
  /** How often a key was deleted: what was asked for before is not kept. */
  private deletions = 0;

  constructor(
    private readonly database: DataSource,
    doorbell: Doorbell,
    private readonly master: MasterKey,
  ) {
    doorbell.on('countersign_keys', (ownerId) => this.forget(ownerId));
  }

  async keyOf(ownerId: string): Promise<Buffer | null> {
    const cached = this.cache.get(ownerId);
    if (cached && cached.until > Date.now()) return cached.key;
    const { deletions } = this;
    const [row] = await this.database.query<StoredKey[]>('SELECT owner_id, key, master FROM identity.data_keys WHERE owner_id = $1', [ownerId]);
    const key = row ? unwrap(row, [this.master]) : null;
    if (this.cache.size >= CACHE_SIZE) this.cache.clear();
    // A process that does not hear of the deletion goes on with the key for this long.
    if (deletions === this.deletions) this.cache.set(ownerId, { key, until: Date.now() + REMEMBERED_MS });
    return key;
  }

  /** Keeps a new key as the owner's, where there is none. */
  async create(ownerId: string, key = newDataKey(), manager: EntityManager = this.database.manager): Promise<void> {
    await manager.query('INSERT INTO identity.data_keys (owner_id, key, master) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      ownerId,
      sealBytes(this.master.key, contextOf(ownerId), key),
      this.master.id,
    ]);
    this.forget(ownerId);
  }

  /** Deletes the owner's key for good: what was sealed under it can be read by nobody. Other processes hear of it at once. */
  async erase(ownerId: string): Promise<void> {
    await this.database.query(
      `WITH gone AS (DELETE FROM identity.data_keys WHERE owner_id = $1 RETURNING owner_id)
       SELECT pg_notify('countersign_keys', owner_id::text) FROM gone`,
      [ownerId],
    );
    this.forget(ownerId);
  }

  /**
   * Wraps under the master key what is wrapped under the previous one, or not at all, before anybody asks for a key.
   * @throws Error where a key needs a master key that is not given
   */
  async takeOver(previous: MasterKey | null): Promise<void> {
    await this.database.transaction(async (manager) => {
      const rows = await manager.query<StoredKey[]>(
        'SELECT owner_id, key, master FROM identity.data_keys WHERE master IS DISTINCT FROM $1 FOR UPDATE',
        [this.master.id],
      );
      for (const row of rows)
        await manager.query('UPDATE identity.data_keys SET key = $2, master = $3 WHERE owner_id = $1', [
          row.owner_id,
          sealBytes(this.master.key, contextOf(row.owner_id), unwrap(row, previous ? [previous] : [])),
          this.master.id,
        ]);
    });
  }

  private forget(ownerId: string): void {
    this.deletions += 1;
    this.cache.delete(ownerId);
  }
}

const contextOf = (ownerId: string): string => `data-key ${ownerId}`;

function unwrap({ owner_id, key, master }: StoredKey, masters: readonly MasterKey[]): Buffer {
  if (master === null) return key;
  const fitting = masters.find(({ id }) => id === master);
  if (!fitting)
    throw new Error(
      'This database was sealed with another MASTER_KEY. Start with that one (npm start keeps its own in DATA_DIR/keys/master); to replace it, give it as MASTER_KEY_PREVIOUS.',
    );
  return unsealBytes(fitting.key, contextOf(owner_id), key);
}
