import { createHmac, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { CONFIG, DATABASE, deriveKey, DomainError, ensure, page, ReadModels, sha256, type Config, type Page, type PageQuery } from '#platform';
import { SealedIdentity } from './sealed-identity.js';

const MARK = 'cs_';
const SHOWN = MARK.length + 8;

// A type, not an interface: lists take rows that are records.
export type ApiKey = {
  readonly key_id: string;
  readonly name: string;
  readonly prefix: string;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
};

export interface NewApiKey {
  readonly key_id: string;
  readonly name: string;
  readonly api_key: string;
  readonly created_at: Date;
}

/**
 * Long-lived bearer tokens for programs. The key is an HMAC over a stored random nonce, and only its hash is kept: a
 * repeated request can be answered with the same key, the database alone gives none away, and a deleted one stays dead.
 */
@Injectable()
export class ApiKeys {
  private readonly secret: Buffer;

  constructor(
    @Inject(DATABASE) private readonly database: DataSource,
    @Inject(ReadModels) private readonly reads: ReadModels,
    @Inject(SealedIdentity) private readonly sealed: SealedIdentity,
    @Inject(CONFIG) config: Config,
  ) {
    this.secret = deriveKey(config.JWT_SECRET, 'api-key');
  }

  static looksLike(token: string): boolean {
    return token.startsWith(MARK);
  }

  /** @param keyId the same id asks for the same key */
  async create(userId: string, keyId: string, name: string): Promise<NewApiKey> {
    const nonce = randomBytes(32);
    const fresh = this.keyOf(nonce);
    await this.database.query(
      `INSERT INTO identity.api_keys (key_id, user_id, name, nonce, key_hash, prefix, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
       ON CONFLICT (key_id) DO NOTHING`,
      [keyId, userId, await this.sealName(userId, keyId, name), nonce, sha256(fresh), fresh.slice(0, SHOWN), new Date()],
    );
    const [stored] = await this.database.query<{ name: string; nonce: Buffer; key_hash: string; revoked_at: Date | null; created_at: Date }[]>(
      'SELECT name, nonce, key_hash, revoked_at, created_at FROM identity.api_keys WHERE key_id = $1 AND user_id = $2',
      [keyId, userId],
    );
    ensure(stored, 'conflict', 'This API key cannot be made. Repeat with another Idempotency-Key.');
    ensure(
      stored.name === (await this.sealName(userId, keyId, name)),
      'idempotency_key_reused',
      'This Idempotency-Key was sent with another body before. Use a new one.',
    );
    const api_key = this.keyOf(stored.nonce);
    const showable = stored.revoked_at === null && sha256(api_key) === stored.key_hash;
    ensure(showable, 'conflict', 'The API key that this request made can no longer be shown. Repeat with a new Idempotency-Key.');
    return { key_id: keyId, name, api_key, created_at: stored.created_at };
  }

  async list(userId: string, query: PageQuery): Promise<Page<ApiKey>> {
    const keys = `FROM (SELECT key_id, name, prefix, created_at, last_used_at FROM identity.api_keys WHERE user_id = $1 AND revoked_at IS NULL) AS keys`;
    const { items, next_cursor } = await page<ApiKey>(this.reads, `${keys} WHERE true`, [userId], query, { id: 'key_id', direction: 'DESC' });
    const named = items.map(async (key) => ({ ...key, name: await this.sealed.open(userId, `api-key ${key.key_id}`, key.name) }));
    return { items: await Promise.all(named), next_cursor };
  }

  /** Deleting again changes nothing. */
  async remove(userId: string, keyId: string): Promise<void> {
    const [, found] = await this.database.query<[unknown[], number]>(
      'UPDATE identity.api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE key_id = $1 AND user_id = $2',
      [keyId, userId],
    );
    if (found === 0) throw new DomainError('not_found', 'You have no API key with this id.');
  }

  /** Whose key it is, or null where it is nobody's. */
  async ownerOf(apiKey: string): Promise<string | null> {
    const hash = sha256(apiKey);
    const [key] = await this.database.query<{ user_id: string; note_use: boolean }[]>(
      `SELECT user_id, last_used_at IS NULL OR last_used_at < now() - interval '1 minute' AS note_use
         FROM identity.api_keys WHERE key_hash = $1 AND revoked_at IS NULL`,
      [hash],
    );
    if (key?.note_use) await this.database.query('UPDATE identity.api_keys SET last_used_at = now() WHERE key_hash = $1', [hash]);
    return key?.user_id ?? null;
  }

  /** The same name gives the same text. */
  private async sealName(userId: string, keyId: string, name: string): Promise<string> {
    return this.sealed.seal(await this.sealed.keyOf(userId), userId, `api-key ${keyId}`, name);
  }

  private keyOf(nonce: Buffer): string {
    return MARK + createHmac('sha256', this.secret).update(nonce).digest('base64url');
  }
}
