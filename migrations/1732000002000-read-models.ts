import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a rebuild needs beyond the rights of the role that everything works under: tables beside the live ones, and the swap.
 * The new tables are made like the live ones, index for index and right for right, and end under the same names.
 */
const REBUILDING = [
  `CREATE SCHEMA read_models_next`,
  `GRANT USAGE ON SCHEMA read_models_next TO countersign_app`,
  `CREATE FUNCTION read_models_next.begin(tables text[]) RETURNS void
   LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
   DECLARE
     name text; held record;
   BEGIN
     FOREACH name IN ARRAY tables LOOP
       EXECUTE format('DROP TABLE IF EXISTS read_models_next.%I', name);
       EXECUTE format('CREATE TABLE read_models_next.%I (LIKE read_models.%I INCLUDING ALL)', name, name);
       FOR held IN SELECT a.grantee, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a
                    WHERE c.oid = format('read_models.%I', name)::regclass AND a.grantee <> c.relowner LOOP
         EXECUTE format('GRANT %s ON read_models_next.%I TO %s', held.privilege_type, name,
           CASE held.grantee WHEN 0 THEN 'PUBLIC' ELSE held.grantee::regrole::text END);
       END LOOP;
     END LOOP;
   END $$`,
  `CREATE FUNCTION read_models_next.analyze(tables text[]) RETURNS void
   LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
   DECLARE
     name text;
   BEGIN
     FOREACH name IN ARRAY tables LOOP
       EXECUTE format('ANALYZE read_models_next.%I', name);
     END LOOP;
   END $$`,
  `CREATE FUNCTION read_models_next.swap(tables text[]) RETURNS void
   LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
   DECLARE
     name text; one record;
   BEGIN
     EXECUTE (SELECT 'LOCK TABLE ' || string_agg(format('read_models.%I', t), ', ' ORDER BY t) || ' IN ACCESS EXCLUSIVE MODE' FROM unnest(tables) t);
     FOREACH name IN ARRAY tables LOOP
       FOR one IN
         WITH shapes AS (
           SELECT n.nspname, i.relname, substring(pg_get_indexdef(i.oid) from ' USING .*$') AS shape, x.indisunique, x.indisprimary,
                  row_number() OVER (PARTITION BY n.nspname, substring(pg_get_indexdef(i.oid) from ' USING .*$'), x.indisunique, x.indisprimary
                                     ORDER BY i.relname) AS place
             FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
            WHERE n.nspname IN ('read_models', 'read_models_next') AND t.relname = name)
         SELECT made.relname AS made, live.relname AS live
           FROM shapes made JOIN shapes live USING (shape, indisunique, indisprimary, place)
          WHERE made.nspname = 'read_models_next' AND live.nspname = 'read_models' AND made.relname <> live.relname
       LOOP
         EXECUTE format('ALTER INDEX read_models_next.%I RENAME TO %I', one.made, one.live);
       END LOOP;
       EXECUTE format('DROP TABLE read_models.%I', name);
       EXECUTE format('ALTER TABLE read_models_next.%I SET SCHEMA read_models', name);
     END LOOP;
   END $$`,
  ...['begin', 'analyze', 'swap'].flatMap((name) => [
    `REVOKE ALL ON FUNCTION read_models_next.${name}(text[]) FROM PUBLIC`,
    `GRANT EXECUTE ON FUNCTION read_models_next.${name}(text[]) TO countersign_app`,
  ]),
];

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
    await query.query(`
      CREATE TABLE read_models.rebuilds (
        name text PRIMARY KEY REFERENCES read_models.checkpoints ON DELETE CASCADE, version integer NOT NULL, requests integer NOT NULL,
        position bigint NOT NULL, target bigint NOT NULL, events bigint NOT NULL DEFAULT 0, working_ms bigint NOT NULL DEFAULT 0,
        skipped text[] NOT NULL, stopped jsonb, started_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now()
      )`);
    await query.query(`GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA read_models TO countersign_app`);
    for (const statement of REBUILDING) await query.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('read models are rebuilt, not migrated down');
  }
}
