import { Inject, Injectable } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { DATABASE } from '#platform';

/** The end of an account: at first nobody gets in any more, then nothing of it is left. Both may be repeated. */
@Injectable()
export class AccountErasure {
  constructor(@Inject(DATABASE) private readonly database: DataSource) {}

  /** No password, token or API key of this person is good from now on. */
  async close(userId: string): Promise<void> {
    await this.database.transaction(async (manager) => {
      await manager.query('UPDATE identity.users SET erasing_at = coalesce(erasing_at, now()) WHERE user_id = $1', [userId]);
      await manager.query('DELETE FROM identity.refresh_tokens WHERE user_id = $1', [userId]);
      await manager.query('UPDATE identity.api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE user_id = $1', [userId]);
    });
  }

  /** Removes the account with what belongs to it; its address is free again. */
  async remove(userId: string): Promise<void> {
    await this.database.query('DELETE FROM identity.users WHERE user_id = $1', [userId]);
  }
}
