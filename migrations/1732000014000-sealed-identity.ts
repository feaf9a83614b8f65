import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Nothing that names a person is readable in the database: their keys are wrapped under a master key kept elsewhere, their
 * address and name are sealed, and an account is found by a keyed hash of its address. The program itself does that to what is
 * there: only it has the master key. Until then `master` is null.
 */
export class SealedIdentity1732000014000 implements MigrationInterface {
  name = 'SealedIdentity1732000014000';

  async up(query: QueryRunner): Promise<void> {
    await query.query(`ALTER TABLE identity.data_keys ADD COLUMN master text`);
    await query.query(`DROP INDEX identity.users_email`);
    await query.query(`ALTER TABLE identity.users ADD COLUMN email_hash text UNIQUE, ADD COLUMN master text, ADD COLUMN erasing_at timestamptz`);
  }

  async down(): Promise<void> {
    throw new Error('identities are not derived from anything: they are never migrated down');
  }
}
