import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What tasks used up with models; every row can be made again from the log. */
export class TaskUsage1732000009000 implements MigrationInterface {
  name = 'TaskUsage1732000009000';

  async up(query: QueryRunner): Promise<void> {
    await query.query(`
      CREATE TABLE read_models.task_usage (
        usage_id text PRIMARY KEY, task_id uuid NOT NULL, project_id uuid NOT NULL, owner_id uuid NOT NULL, run_id uuid NOT NULL,
        role text NOT NULL, model text NOT NULL, requests integer NOT NULL, input_tokens bigint NOT NULL, cache_write_tokens bigint NOT NULL,
        cache_read_tokens bigint NOT NULL, output_tokens bigint NOT NULL, cost_micro_usd bigint NOT NULL
      )`);
    await query.query(`CREATE INDEX task_usage_project ON read_models.task_usage (project_id, run_id, task_id)`);
    await query.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON read_models.task_usage TO countersign_app`);
  }

  async down(query: QueryRunner): Promise<void> {
    await query.query('DROP TABLE read_models.task_usage');
  }
}
