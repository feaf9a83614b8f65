import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Forks that were asked for, where projects come from, and which tasks are copies that nobody has taken up. */
export class Forks1732000011000 implements MigrationInterface {
  name = 'Forks1732000011000';

  async up(query: QueryRunner): Promise<void> {
    await query.query(`
      CREATE TABLE read_models.forks (
        project_id uuid PRIMARY KEY, owner_id uuid NOT NULL, origin_project_id uuid NOT NULL, position bigint NOT NULL, status text NOT NULL,
        reason text, requested_by uuid NOT NULL, correlation_id uuid NOT NULL, created_at timestamptz NOT NULL
      )`);
    await query.query(`CREATE INDEX forks_open ON read_models.forks (created_at) WHERE status = 'copying'`);
    await query.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON read_models.forks TO countersign_app`);
    await query.query(`ALTER TABLE read_models.projects ADD COLUMN forked_from jsonb`);
    await query.query(`ALTER TABLE read_models.tasks ADD COLUMN copied boolean NOT NULL DEFAULT false`);
  }

  async down(query: QueryRunner): Promise<void> {
    await query.query('ALTER TABLE read_models.tasks DROP COLUMN copied');
    await query.query('ALTER TABLE read_models.projects DROP COLUMN forked_from');
    await query.query('DROP TABLE read_models.forks');
  }
}
