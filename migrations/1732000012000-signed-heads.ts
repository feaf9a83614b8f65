import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The private halves of the keys that sign, sealed, and the heads of the chains that were signed at intervals. */
export class SignedHeads1732000012000 implements MigrationInterface {
  name = 'SignedHeads1732000012000';

  async up(query: QueryRunner): Promise<void> {
    await query.query(
      `CREATE TABLE identity.audit_keys (key_id text PRIMARY KEY, sealed bytea NOT NULL, made_at timestamptz NOT NULL DEFAULT now())`,
    );
    await query.query(`GRANT SELECT, INSERT, DELETE ON identity.audit_keys TO countersign_app`);
    await query.query(`
      CREATE TABLE audit.heads (
        store_id uuid NOT NULL,
        chain text NOT NULL,
        project_id uuid,
        position bigint NOT NULL,
        events bigint NOT NULL,
        link bytea NOT NULL,
        signed_at text NOT NULL,
        key_id text NOT NULL,
        signature text NOT NULL,
        UNIQUE NULLS NOT DISTINCT (store_id, project_id, position),
        CHECK (chain = CASE WHEN project_id IS NULL THEN 'log' ELSE 'project' END)
      )`);
    await query.query(`
      CREATE TRIGGER heads_immutable BEFORE UPDATE OR DELETE ON audit.heads
      FOR EACH ROW EXECUTE FUNCTION event_log.refuse_change()`);
    await query.query(`
      CREATE TRIGGER heads_not_truncated BEFORE TRUNCATE ON audit.heads
      FOR EACH STATEMENT EXECUTE FUNCTION event_log.refuse_change()`);
    await query.query(`ALTER TABLE audit.heads ENABLE ALWAYS TRIGGER heads_immutable, ENABLE ALWAYS TRIGGER heads_not_truncated`);
    await query.query(`GRANT SELECT, INSERT ON audit.heads TO countersign_app`);
  }

  async down(): Promise<void> {
    throw new Error('what was signed stays: heads are never migrated down');
  }
}
