import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The audit table: where the event log is in EventStoreDB, a subscriber copies it here, in order, for everything that asks
 * across streams. It has the shape of the event log's tables and keeps to the same rules; it is empty where PostgreSQL
 * itself holds the log.
 */
export class Audit1732000004000 implements MigrationInterface {
  name = 'Audit1732000004000';

  async up(query: QueryRunner): Promise<void> {
    await query.query(`CREATE SCHEMA audit`);
    await query.query(`
      CREATE TABLE audit.head (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        store_id uuid,
        position bigint NOT NULL DEFAULT 0,
        link bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex')
      )`);
    await query.query(`INSERT INTO audit.head DEFAULT VALUES`);
    await query.query(`
      CREATE TABLE audit.project_heads (
        project_id uuid PRIMARY KEY,
        position bigint NOT NULL,
        link bytea NOT NULL
      )`);
    await query.query(`
      CREATE TABLE audit.events (
        position bigint PRIMARY KEY CHECK (position > 0),
        event_id uuid NOT NULL,
        stream text NOT NULL,
        revision integer NOT NULL,
        type text NOT NULL,
        version smallint NOT NULL,
        project_id uuid,
        correlation_id uuid NOT NULL,
        causation_id uuid NOT NULL,
        actor text NOT NULL,
        recorded_at timestamptz NOT NULL,
        metadata text NOT NULL,
        data text NOT NULL,
        log_link bytea NOT NULL,
        project_link bytea,
        UNIQUE (stream, revision)
      )`);
    await query.query(`CREATE INDEX audit_events_project ON audit.events (project_id, position) WHERE project_id IS NOT NULL`);
    await query.query(`CREATE INDEX audit_events_correlation ON audit.events (correlation_id, position)`);
    await query.query(`
      CREATE TRIGGER events_immutable BEFORE UPDATE OR DELETE ON audit.events
      FOR EACH ROW EXECUTE FUNCTION event_log.refuse_change()`);
    await query.query(`
      CREATE TRIGGER events_not_truncated BEFORE TRUNCATE ON audit.events
      FOR EACH STATEMENT EXECUTE FUNCTION event_log.refuse_change()`);
    await query.query(`ALTER TABLE audit.events ENABLE ALWAYS TRIGGER events_immutable, ENABLE ALWAYS TRIGGER events_not_truncated`);

    /*
     * Copies the events that follow \`after\`, in the log's order, and answers where the table ends. Where it ends elsewhere
     * already, another writer was faster: nothing is copied. The row lock on audit.head is the writers' lease.
     */
    await query.query(`
      CREATE FUNCTION audit.append(store uuid, after bigint, batch jsonb) RETURNS bigint
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      DECLARE
        item jsonb; head_store uuid; head_position bigint; log_chain bytea; project_chain bytea; project uuid; digest bytea;
      BEGIN
        SELECT h.store_id, h.position, h.link INTO head_store, head_position, log_chain FROM audit.head h FOR UPDATE;
        IF head_store IS NOT NULL AND head_store <> store THEN
          RAISE EXCEPTION 'the audit table in this database follows another event log' USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        IF head_position <> after THEN
          RETURN head_position;
        END IF;
        FOR item IN SELECT value FROM jsonb_array_elements(batch) LOOP
          IF (item->>'position')::bigint <= head_position THEN
            RAISE EXCEPTION 'position % does not lie behind %', item->>'position', head_position USING ERRCODE = 'data_exception';
          END IF;
          head_position := (item->>'position')::bigint;
          project := (item->>'project_id')::uuid;
          digest := sha256(convert_to(concat_ws(E'\\n', head_position, item->>'event_id', item->>'stream', item->>'revision',
            item->>'type', item->>'version', item->>'metadata', item->>'data'), 'UTF8'));
          log_chain := sha256(log_chain || digest);
          project_chain := NULL;
          IF project IS NOT NULL THEN
            SELECT p.link INTO project_chain FROM audit.project_heads p WHERE p.project_id = project;
            project_chain := sha256(coalesce(project_chain, decode(repeat('00', 32), 'hex')) || digest);
            INSERT INTO audit.project_heads AS p (project_id, position, link) VALUES (project, head_position, project_chain)
              ON CONFLICT (project_id) DO UPDATE SET position = excluded.position, link = excluded.link;
          END IF;
          INSERT INTO audit.events VALUES (head_position, (item->>'event_id')::uuid, item->>'stream', (item->>'revision')::integer,
            item->>'type', (item->>'version')::smallint, project, (item->>'correlation_id')::uuid,
            (item->>'causation_id')::uuid, item->>'actor', (item->>'timestamp')::timestamptz,
            item->>'metadata', item->>'data', log_chain, project_chain);
        END LOOP;
        UPDATE audit.head SET store_id = store, position = head_position, link = log_chain;
        PERFORM pg_notify('countersign_events', head_position::text);
        RETURN head_position;
      END $$`);
    await query.query(`REVOKE ALL ON FUNCTION audit.append(uuid, bigint, jsonb) FROM PUBLIC`);
    await query.query(`GRANT USAGE ON SCHEMA audit TO countersign_app`);
    await query.query(`GRANT SELECT ON ALL TABLES IN SCHEMA audit TO countersign_app`);
    await query.query(`GRANT EXECUTE ON FUNCTION audit.append(uuid, bigint, jsonb) TO countersign_app`);
  }

  async down(): Promise<void> {
    throw new Error('what was audited stays: the audit table is never migrated down');
  }
}
