import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import { DATABASE, DomainError, newId, sha256 } from '#platform';

const LIFETIME = '30 days';

interface StoredToken {
  readonly family_id: string;
  readonly user_id: string;
  readonly expired: boolean;
  readonly used: boolean;
  readonly revoked: boolean;
}

/**
 * Rotating refresh tokens: each is good once, and what it is exchanged for belongs to the same family (one login).
 * A token that is presented twice was copied, or its owner repeats itself; nobody can tell which, so the whole family
 * ends (RFC 9700, 4.14.2) and the person logs in again. Of parallel exchanges of one token exactly one gets a new pair,
 * and the others, being reuse, end the family. A client must therefore exchange one at a time.
 */
@Injectable()
export class RefreshTokens {
  constructor(@Inject(DATABASE) private readonly database: DataSource) {}

  /** The first token of a new family. */
  async open(manager: EntityManager, userId: string): Promise<string> {
    await manager.query('DELETE FROM identity.refresh_tokens WHERE user_id = $1 AND expires_at < now()', [userId]);
    return this.insert(manager, userId, newId());
  }

  /** @throws DomainError refresh_token_reused, unauthenticated */
  async rotate(token: string): Promise<{ user_id: string; refresh_token: string }> {
    const outcome = await this.database.transaction(async (manager) => {
      const stored = await this.lock(manager, token);
      if (!stored) return 'unknown';
      if (stored.used) {
        await this.revokeFamily(manager, stored.family_id);
        return 'reused';
      }
      if (stored.revoked || stored.expired) return 'unknown';
      await manager.query('UPDATE identity.refresh_tokens SET used_at = now() WHERE token_hash = $1', [sha256(token)]);
      return { user_id: stored.user_id, refresh_token: await this.insert(manager, stored.user_id, stored.family_id) };
    });
    if (outcome === 'reused')
      throw new DomainError('refresh_token_reused', 'This refresh token was used before, so its session has been ended. Log in again.');
    if (outcome === 'unknown') throw new DomainError('unauthenticated', 'This refresh token is not valid any more. Log in again.');
    return outcome;
  }

  /** Ends the family of the user's token; a token that is not theirs changes nothing. */
  async revoke(userId: string, token: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      const stored = await this.lock(manager, token);
      if (stored?.user_id === userId) await this.revokeFamily(manager, stored.family_id);
    });
  }

  /**
   * Reads a token after locking its owner's row, so that whatever happens to one person's tokens happens one after the
   * other: a lock on the token alone would let its family grow while it is being revoked.
   */
  private async lock(manager: EntityManager, token: string): Promise<StoredToken | undefined> {
    const hash = sha256(token);
    await manager.query(
      `SELECT FROM identity.users WHERE user_id = (SELECT user_id FROM identity.refresh_tokens WHERE token_hash = $1) FOR NO KEY UPDATE`,
      [hash],
    );
    const rows = await manager.query<StoredToken[]>(
      `SELECT family_id, user_id, expires_at <= now() AS expired, used_at IS NOT NULL AS used, revoked_at IS NOT NULL AS revoked
         FROM identity.refresh_tokens WHERE token_hash = $1`,
      [hash],
    );
    return rows[0];
  }

  private async insert(manager: EntityManager, userId: string, familyId: string): Promise<string> {
    const token = randomBytes(32).toString('base64url');
    await manager.query(
      `INSERT INTO identity.refresh_tokens (token_hash, family_id, user_id, expires_at) VALUES ($1, $2, $3, now() + $4::interval)`,
      [sha256(token), familyId, userId, LIFETIME],
    );
    return token;
  }

  private async revokeFamily(manager: EntityManager, familyId: string): Promise<void> {
    await manager.query('UPDATE identity.refresh_tokens SET revoked_at = now() WHERE family_id = $1 AND revoked_at IS NULL', [familyId]);
  }
}
