import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The read tables of the five contexts; every row can be made again from the log. */
export class ReadModels1732000002000 implements MigrationInterface {
  name = 'ReadModels1732000002000';

  async up(query: QueryRunner): Promise<void> {
    await query.query(`
      CREATE TABLE read_models.projects (
        project_id uuid PRIMARY KEY, owner_id uuid NOT NULL, name text NOT NULL, product_idea text NOT NULL, run_id uuid,
        archived boolean NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, position bigint NOT NULL
      )`);
    await query.query(`CREATE INDEX projects_owner ON read_models.projects (owner_id, created_at, project_id)`);
    await query.query(`
      CREATE TABLE read_models.runs (
        run_id uuid PRIMARY KEY, project_id uuid NOT NULL, owner_id uuid NOT NULL, kind text NOT NULL, pipeline text NOT NULL,
        autonomy text NOT NULL, limits jsonb NOT NULL, instructions text, status text NOT NULL, paused boolean NOT NULL,
        stage text NOT NULL, warnings jsonb NOT NULL, reason text, created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL, finished_at timestamptz
      )`);
    await query.query(`CREATE INDEX runs_project ON read_models.runs (project_id, created_at, run_id)`);
    await query.query(`CREATE INDEX runs_working ON read_models.runs (created_at) WHERE status IN ('running', 'fixing') AND NOT paused`);
    await query.query(`
      CREATE TABLE read_models.messages (
        message_id uuid PRIMARY KEY, project_id uuid NOT NULL, owner_id uuid NOT NULL, run_id uuid NOT NULL, author text NOT NULL,
        content text NOT NULL, questions jsonb NOT NULL, created_at timestamptz NOT NULL, position bigint NOT NULL
      )`);
    await query.query(`CREATE INDEX messages_project ON read_models.messages (project_id, created_at, message_id)`);
    await query.query(`
      CREATE TABLE read_models.tasks (
        task_id uuid PRIMARY KEY, project_id uuid NOT NULL, owner_id uuid NOT NULL, run_id uuid NOT NULL, agent_type text NOT NULL,
        purpose text NOT NULL, instructions text NOT NULL, status text NOT NULL, attempt integer NOT NULL, round integer NOT NULL,
        progress integer NOT NULL, stage text NOT NULL, handoff_in jsonb NOT NULL, handoff_out jsonb, error text,
        started_at timestamptz, worked_ms integer NOT NULL, not_before timestamptz, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL
      )`);
    await query.query(`CREATE INDEX tasks_project ON read_models.tasks (project_id, created_at, task_id)`);
    await query.query(`CREATE INDEX tasks_open ON read_models.tasks (created_at) WHERE status IN ('pending', 'working')`);
    await query.query(`
      CREATE TABLE read_models.task_logs (
        log_id uuid PRIMARY KEY, task_id uuid NOT NULL, project_id uuid NOT NULL, owner_id uuid NOT NULL, run_id uuid NOT NULL,
        attempt integer NOT NULL, check_name text NOT NULL, command text, status text NOT NULL, exit_code integer,
        duration_ms integer NOT NULL, log text, created_at timestamptz NOT NULL
      )`);
    await query.query(`CREATE INDEX task_logs_project ON read_models.task_logs (project_id, created_at, log_id)`);
    await query.query(`
      CREATE TABLE read_models.hitl_requests (
        request_id uuid PRIMARY KEY, project_id uuid NOT NULL, owner_id uuid NOT NULL, run_id uuid NOT NULL, task_id uuid NOT NULL,
        gate text NOT NULL, question text NOT NULL, handoff_type text NOT NULL, content_hash text NOT NULL,
        allowed_actions jsonb NOT NULL, status text NOT NULL, amended_hash text, comment text, responded_by text,
        created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL
      )`);
    await query.query(`CREATE INDEX hitl_requests_owner ON read_models.hitl_requests (owner_id, status, created_at, request_id)`);
    await query.query(`CREATE INDEX hitl_requests_project ON read_models.hitl_requests (project_id, created_at, request_id)`);
    await query.query(`
      CREATE TABLE read_models.artifacts (
        artifact_id uuid PRIMARY KEY, project_id uuid NOT NULL, owner_id uuid NOT NULL, run_id uuid NOT NULL, task_id uuid NOT NULL,
        type text NOT NULL, form text NOT NULL, version integer NOT NULL, content text NOT NULL, file_count integer NOT NULL,
        bytes integer NOT NULL, delivered_at timestamptz, pruned boolean NOT NULL, created_at timestamptz NOT NULL
      )`);
    await query.query(`CREATE INDEX artifacts_project ON read_models.artifacts (project_id, created_at, artifact_id)`);
    await query.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA read_models TO countersign_app`);
  }

  async down(): Promise<void> {
    throw new Error('read models are rebuilt, not migrated down');
  }
}
