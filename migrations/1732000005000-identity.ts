import type { MigrationInterface, QueryRunner } from 'typeorm';

/** API keys can be shown again to a repeated request, and stay dead once deleted; a person's refresh tokens are found without a scan. */
export class Identity1732000005000 implements MigrationInterface {
  name = 'Identity1732000005000';

  async up(query: QueryRunner): Promise<void> {
    await query.query(`ALTER TABLE identity.api_keys ADD COLUMN nonce bytea NOT NULL, ADD COLUMN revoked_at timestamptz`);
    await query.query(`CREATE INDEX refresh_tokens_user ON identity.refresh_tokens (user_id, expires_at)`);
  }

  async down(): Promise<void> {
    throw new Error('identities are not derived from anything: they are never migrated down');
  }
}
