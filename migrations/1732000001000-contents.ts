import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Contents (files, handoffs, logs), the checkpoints of everything that follows the log, and the people who own it. */
export class Contents1732000001000 implements MigrationInterface {
  name = 'Contents1732000001000';

  async up(query: QueryRunner): Promise<void> {
    await query.query(`CREATE SCHEMA contents`);
    await query.query(`
      CREATE TABLE contents.blobs (
        owner_id uuid NOT NULL,
        sha256 text NOT NULL,
        bytes bigint NOT NULL,
        stored_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (owner_id, sha256)
      )`);
    await query.query(`
      CREATE TABLE contents.chunks (
        owner_id uuid NOT NULL,
        sha256 text NOT NULL,
        number integer NOT NULL,
        ciphertext bytea NOT NULL,
        PRIMARY KEY (owner_id, sha256, number),
        FOREIGN KEY (owner_id, sha256) REFERENCES contents.blobs ON DELETE CASCADE
      )`);
    await query.query(`ALTER TABLE contents.chunks ALTER COLUMN ciphertext SET STORAGE EXTERNAL`);

    await query.query(`CREATE SCHEMA read_models`);
    await query.query(`
      CREATE TABLE read_models.checkpoints (
        name text PRIMARY KEY,
        store_id uuid NOT NULL,
        position bigint NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 1,
        parked jsonb,
        rebuilds_done integer NOT NULL DEFAULT 0,
        updated_at timestamptz NOT NULL DEFAULT now()
      )`);

    await query.query(`CREATE SCHEMA identity`);
    await query.query(`
      CREATE TABLE identity.users (
        user_id uuid PRIMARY KEY,
        email text NOT NULL,
        name text,
        password_hash text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    await query.query(`CREATE UNIQUE INDEX users_email ON identity.users (lower(email))`);
    await query.query(`
      CREATE TABLE identity.refresh_tokens (
        token_hash text PRIMARY KEY,
        family_id uuid NOT NULL,
        user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
        expires_at timestamptz NOT NULL,
        used_at timestamptz,
        revoked_at timestamptz
      )`);
    await query.query(`CREATE INDEX refresh_tokens_family ON identity.refresh_tokens (family_id)`);
    await query.query(`
      CREATE TABLE identity.api_keys (
        key_id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES identity.users ON DELETE CASCADE,
        name text NOT NULL,
        key_hash text NOT NULL UNIQUE,
        prefix text NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_used_at timestamptz
      )`);
    await query.query(`CREATE INDEX api_keys_user ON identity.api_keys (user_id)`);
    await query.query(`
      CREATE TABLE identity.data_keys (
        owner_id uuid PRIMARY KEY,
        key bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`);
    for (const schema of ['contents', 'read_models', 'identity']) {
      await query.query(`GRANT USAGE ON SCHEMA ${schema} TO countersign_app`);
      await query.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO countersign_app`);
      await query.query(`ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO countersign_app`);
    }
  }

  async down(): Promise<void> {
    throw new Error('contents and identities are not derived from anything: they are never migrated down');
  }
}
