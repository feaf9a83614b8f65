import { createHmac } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { CONFIG, DATABASE, DatabaseDataKeys, deriveKey, DomainError, seal, sha256, unseal, type Config } from '#platform';

/** Of an account's row or of one of its API keys: what is sealed, and where. */
type Place = 'email' | 'name' | `api-key ${string}`;

interface StoredAccount {
  readonly user_id: string;
  readonly email: string;
  readonly name: string | null;
  readonly master: string | null;
}

/**
 * What the identity tables say of a person, sealed under the person's key: deleting it erases them there, too. An account is
 * found by a keyed hash of its address, which says nothing without the master key.
 */
@Injectable()
export class SealedIdentity implements OnModuleInit {
  private readonly index: Buffer;
  /** Names the secret under which addresses are hashed. */
  readonly master: string;

  constructor(
    @Inject(CONFIG) config: Config,
    @Inject(DATABASE) private readonly database: DataSource,
    @Inject(DatabaseDataKeys) private readonly keys: DatabaseDataKeys,
  ) {
    this.index = deriveKey(config.MASTER_KEY, 'email-index');
    this.master = sha256(this.index).slice(0, 8);
  }

  /** By which an account is found. */
  hashOf(email: string): string {
    return createHmac('sha256', this.index).update(normalised(email)).digest('hex');
  }

  seal(key: Buffer, userId: string, place: Place, text: string): string {
    return seal(key, contextOf(userId, place), text);
  }

  /** @throws DomainError unauthenticated where the person was erased */
  async open(userId: string, place: Place, sealed: string): Promise<string> {
    return unseal(await this.keyOf(userId), contextOf(userId, place), sealed);
  }

  /** @throws DomainError unauthenticated where the person was erased */
  async keyOf(userId: string): Promise<Buffer> {
    const key = await this.keys.keyOf(userId);
    if (!key) throw new DomainError('unauthenticated', 'This account no longer exists.');
    return key;
  }

  /** Brings accounts under the present master key that are under another one, or not sealed yet. */
  async onModuleInit(): Promise<void> {
    await this.database.transaction(async (manager) => {
      const accounts = await manager.query<StoredAccount[]>(
        'SELECT user_id, email, name, master FROM identity.users WHERE master IS DISTINCT FROM $1 FOR UPDATE',
        [this.master],
      );
      for (const { user_id, email, name, master } of accounts) {
        const key = await this.keyOf(user_id);
        if (master !== null) {
          const address = unseal(key, contextOf(user_id, 'email'), email);
          await manager.query('UPDATE identity.users SET email_hash = $2, master = $3 WHERE user_id = $1', [
            user_id,
            this.hashOf(address),
            this.master,
          ]);
          continue;
        }
        await manager.query('UPDATE identity.users SET email = $2, name = $3, email_hash = $4, master = $5 WHERE user_id = $1', [
          user_id,
          this.seal(key, user_id, 'email', email),
          name === null ? null : this.seal(key, user_id, 'name', name),
          this.hashOf(email),
          this.master,
        ]);
        for (const one of await manager.query<{ key_id: string; name: string }[]>('SELECT key_id, name FROM identity.api_keys WHERE user_id = $1', [
          user_id,
        ]))
          await manager.query('UPDATE identity.api_keys SET name = $2 WHERE key_id = $1', [
            one.key_id,
            this.seal(key, user_id, `api-key ${one.key_id}`, one.name),
          ]);
      }
    });
  }
}

const contextOf = (userId: string, place: Place): string => `${userId} ${place}`;

/** How an address is kept and compared. */
export const normalised = (email: string): string => email.normalize('NFC').toLowerCase();
