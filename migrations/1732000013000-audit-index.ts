import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By what the audit finds events. The log itself keeps no index for it: what is appended costs no more. */
export class AuditIndex1732000013000 implements MigrationInterface {
  name = 'AuditIndex1732000013000';

  async up(query: QueryRunner): Promise<void> {
    await query.query(`
      CREATE TABLE read_models.audit_index (
        position bigint PRIMARY KEY, event_id uuid NOT NULL, project_id uuid, run_id uuid, type text NOT NULL, actor text NOT NULL,
        recorded_at timestamptz NOT NULL, correlation_id uuid NOT NULL, causation_id uuid NOT NULL
      )`);
    await query.query(`CREATE INDEX audit_index_project ON read_models.audit_index (project_id, position)`);
    await query.query(`CREATE INDEX audit_index_type ON read_models.audit_index (project_id, type, position)`);
    await query.query(`CREATE INDEX audit_index_actor ON read_models.audit_index (project_id, actor, position)`);
    await query.query(`CREATE INDEX audit_index_run ON read_models.audit_index (run_id, position) WHERE run_id IS NOT NULL`);
    await query.query(`CREATE INDEX audit_index_correlation ON read_models.audit_index (correlation_id, position)`);
    await query.query(`CREATE INDEX audit_index_causation ON read_models.audit_index (causation_id, position)`);
    await query.query(`CREATE INDEX audit_index_event ON read_models.audit_index (event_id)`);
    await query.query(`
      CREATE TABLE read_models.audit_hours (
        id text PRIMARY KEY, project_id uuid, hour timestamptz NOT NULL, first_position bigint NOT NULL, last_position bigint NOT NULL
      )`);
    await query.query(`CREATE INDEX audit_hours_project ON read_models.audit_hours (project_id, hour) INCLUDE (first_position, last_position)`);
    await query.query(`DROP INDEX IF EXISTS event_log.events_correlation, audit.audit_events_correlation`);
    await query.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON read_models.audit_index, read_models.audit_hours TO countersign_app`);
  }

  async down(query: QueryRunner): Promise<void> {
    await query.query(`CREATE INDEX events_correlation ON event_log.events (correlation_id, position)`);
    await query.query(`CREATE INDEX audit_events_correlation ON audit.events (correlation_id, position)`);
    await query.query('DROP TABLE read_models.audit_index, read_models.audit_hours');
    await query.query(`DELETE FROM read_models.checkpoints WHERE name = 'read:audit'`);
  }
}
