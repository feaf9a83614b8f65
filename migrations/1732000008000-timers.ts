import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Timers that have yet to go off, and the deadlines of requests. */
export class Timers1732000008000 implements MigrationInterface {
  name = 'Timers1732000008000';

  async up(query: QueryRunner): Promise<void> {
    await query.query(`
      CREATE TABLE read_models.timers (
        timer_id uuid PRIMARY KEY, run_id uuid NOT NULL, project_id uuid NOT NULL, owner_id uuid NOT NULL, purpose text NOT NULL,
        due_at timestamptz NOT NULL, correlation_id uuid NOT NULL, set_by uuid NOT NULL
      )`);
    await query.query(`CREATE INDEX timers_due ON read_models.timers (due_at)`);
    await query.query(`CREATE INDEX timers_run ON read_models.timers (run_id)`);
    await query.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON read_models.timers TO countersign_app`);
    // No event before this migration is about a timer: where the other tables stand already, this one has not to read the log from its beginning.
    await query.query(`
      INSERT INTO read_models.checkpoints (name, store_id, position)
      SELECT 'read:timers', store_id, position FROM read_models.checkpoints WHERE name = 'read:hitl'`);
    await query.query(`
      ALTER TABLE read_models.hitl_requests
        ADD COLUMN deadline timestamptz, ADD COLUMN on_deadline text,
        ADD COLUMN reminders integer NOT NULL DEFAULT 0, ADD COLUMN escalated boolean NOT NULL DEFAULT false`);
    await query.query(`UPDATE read_models.runs SET limits = limits || '{"gate_deadline": null}' WHERE NOT limits ? 'gate_deadline'`);
  }

  async down(query: QueryRunner): Promise<void> {
    await query.query(
      `ALTER TABLE read_models.hitl_requests DROP COLUMN deadline, DROP COLUMN on_deadline, DROP COLUMN reminders, DROP COLUMN escalated`,
    );
    await query.query(`DROP TABLE read_models.timers`);
    await query.query(`DELETE FROM read_models.checkpoints WHERE name = 'read:timers'`);
  }
}
