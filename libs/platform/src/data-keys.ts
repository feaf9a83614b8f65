import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { DataKeys } from './event-codec.js';
import { REMEMBERED_MS } from './short-memory.js';

const CACHE_SIZE = 10_000;

/** Data keys in `identity.data_keys`, one a person, made with the account. */
export class DatabaseDataKeys implements DataKeys {
  private readonly cache = new Map<string, { key: Buffer | null; until: number }>();

  constructor(private readonly database: DataSource) {}

  async keyOf(ownerId: string): Promise<Buffer | null> {
    const cached = this.cache.get(ownerId);
    if (cached && cached.until > Date.now()) return cached.key;
    const rows = await this.database.query<{ key: Buffer }[]>('SELECT key FROM identity.data_keys WHERE owner_id = $1', [ownerId]);
    const key = rows[0]?.key ?? null;
    if (this.cache.size >= CACHE_SIZE) this.cache.clear();
    this.cache.set(ownerId, { key, until: Date.now() + REMEMBERED_MS });
    return key;
  }

  /** Makes the owner's key where there is none. */
  async create(ownerId: string): Promise<void> {
    await this.database.query('INSERT INTO identity.data_keys (owner_id, key) VALUES ($1, $2) ON CONFLICT DO NOTHING', [ownerId, randomBytes(32)]);
    this.cache.delete(ownerId);
  }
}
