import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The worker processes that are there, and what their sandbox cannot hold. */
export class Workers1732000003000 implements MigrationInterface {
  name = 'Workers1732000003000';

  async up(query: QueryRunner): Promise<void> {
    await query.query(`
      CREATE TABLE read_models.workers (
        worker_id uuid PRIMARY KEY, sandbox text NOT NULL, gaps jsonb NOT NULL, model jsonb NOT NULL, seen_at timestamptz NOT NULL DEFAULT now()
      )`);
    await query.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON read_models.workers TO countersign_app`);
  }

  async down(query: QueryRunner): Promise<void> {
    await query.query(`DROP TABLE read_models.workers`);
  }
}
