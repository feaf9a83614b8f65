import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The event log. Events are immutable: triggers refuse every UPDATE, DELETE and TRUNCATE, whoever asks, and the role
 * the application works under (`countersign_app`) may not even try: it can read, and append through one function.
 */
export class EventLog1732000000000 implements MigrationInterface {
  name = 'EventLog1732000000000';

  async up(query: QueryRunner): Promise<void> {
    await query.query(`
      DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'countersign_app') THEN
          CREATE ROLE countersign_app NOLOGIN;
        END IF;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`);
    await query.query(`
      DO $$ BEGIN
        IF NOT pg_has_role(current_user, 'countersign_app', 'SET') THEN
          EXECUTE format('GRANT countersign_app TO %I WITH SET TRUE', current_user);
        END IF;
      END $$`);
    await query.query(`CREATE SCHEMA event_log`);
    await query.query(`
      CREATE TABLE event_log.head (
        only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
        store_id uuid NOT NULL DEFAULT gen_random_uuid(),
        position bigint NOT NULL DEFAULT 0,
        link bytea NOT NULL DEFAULT decode(repeat('00', 32), 'hex')
      )`);
    await query.query(`INSERT INTO event_log.head DEFAULT VALUES`);
    await query.query(`
      CREATE TABLE event_log.project_heads (
        project_id uuid PRIMARY KEY,
        position bigint NOT NULL,
        link bytea NOT NULL
      )`);
    await query.query(`
      CREATE TABLE event_log.events (
        position bigint PRIMARY KEY CHECK (position > 0),
        event_id uuid NOT NULL UNIQUE,
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
    await query.query(`CREATE INDEX events_project ON event_log.events (project_id, position) WHERE project_id IS NOT NULL`);
    await query.query(`CREATE INDEX events_correlation ON event_log.events (correlation_id, position)`);
    await query.query(`
      CREATE FUNCTION event_log.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'events are immutable: % refused', TG_OP USING ERRCODE = 'insufficient_privilege';
      END $$`);
    await query.query(`
      CREATE TRIGGER events_immutable BEFORE UPDATE OR DELETE ON event_log.events
      FOR EACH ROW EXECUTE FUNCTION event_log.refuse_change()`);
    await query.query(`
      CREATE TRIGGER events_not_truncated BEFORE TRUNCATE ON event_log.events
      FOR EACH STATEMENT EXECUTE FUNCTION event_log.refuse_change()`);
    // Also for a session that turned ordinary triggers off with session_replication_role.
    await query.query(`ALTER TABLE event_log.events ENABLE ALWAYS TRIGGER events_immutable, ENABLE ALWAYS TRIGGER events_not_truncated`);

    /*
     * Appends a batch of requests in one statement: [{stream, expected, events: [...]}] -> one outcome each, in order:
     * {position, revision} | {error: 'wrong_revision', current} | {error: 'event_id_conflict'}.
     * The row lock on event_log.head makes positions rise in commit order; no client round trip happens while it is held.
     */
    await query.query(`
      CREATE FUNCTION event_log.append(requests jsonb) RETURNS jsonb
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      DECLARE
        request jsonb; item jsonb; outcomes jsonb := '[]'; expected text; target text;
        current_revision integer; head_position bigint; log_chain bytea; project_chain bytea; project uuid; digest bytea;
        first_known event_log.events; matches integer; wanted integer;
      BEGIN
        SELECT h.position, h.link INTO head_position, log_chain FROM event_log.head h FOR UPDATE;
        FOR request IN SELECT value FROM jsonb_array_elements(requests) LOOP
          target := request->>'stream';
          expected := request->>'expected';
          wanted := jsonb_array_length(request->'events');

          SELECT e.* INTO first_known FROM event_log.events e WHERE e.event_id = (request->'events'->0->>'event_id')::uuid;
          IF FOUND THEN
            SELECT count(*) INTO matches
              FROM jsonb_array_elements(request->'events') WITH ORDINALITY AS given(event, place)
              JOIN event_log.events e ON e.event_id = (event->>'event_id')::uuid
             WHERE e.stream = target AND e.revision = first_known.revision + place - 1
               AND e.type = event->>'type' AND e.data = event->>'data';
            outcomes := outcomes || CASE WHEN matches = wanted
              THEN (SELECT jsonb_build_object('position', e.position::text, 'revision', e.revision) FROM event_log.events e
                     WHERE e.stream = target AND e.revision = first_known.revision + wanted - 1)
              ELSE jsonb_build_object('error', 'event_id_conflict') END;
            CONTINUE;
          END IF;

          SELECT coalesce(max(e.revision), -1) INTO current_revision FROM event_log.events e WHERE e.stream = target;
          IF (expected = 'no_stream' AND current_revision <> -1)
             OR (expected = 'stream_exists' AND current_revision = -1)
             OR (expected NOT IN ('no_stream', 'stream_exists', 'any') AND expected <> current_revision::text) THEN
            outcomes := outcomes || jsonb_build_object('error', 'wrong_revision', 'current', current_revision);
            CONTINUE;
          END IF;
          IF EXISTS (SELECT FROM jsonb_array_elements(request->'events') given(event)
                       JOIN event_log.events e ON e.event_id = (event->>'event_id')::uuid)
             OR wanted <> (SELECT count(DISTINCT event->>'event_id') FROM jsonb_array_elements(request->'events') given(event)) THEN
            outcomes := outcomes || jsonb_build_object('error', 'event_id_conflict');
            CONTINUE;
          END IF;

          FOR item IN SELECT value FROM jsonb_array_elements(request->'events') LOOP
            head_position := head_position + 1;
            current_revision := current_revision + 1;
            project := (item->>'project_id')::uuid;
            digest := sha256(convert_to(concat_ws(E'\\n', head_position, item->>'event_id', target, current_revision,
              item->>'type', item->>'version', item->>'metadata', item->>'data'), 'UTF8'));
            log_chain := sha256(log_chain || digest);
            project_chain := NULL;
            IF project IS NOT NULL THEN
              SELECT p.link INTO project_chain FROM event_log.project_heads p WHERE p.project_id = project;
              project_chain := sha256(coalesce(project_chain, decode(repeat('00', 32), 'hex')) || digest);
              INSERT INTO event_log.project_heads AS p (project_id, position, link) VALUES (project, head_position, project_chain)
                ON CONFLICT (project_id) DO UPDATE SET position = excluded.position, link = excluded.link;
            END IF;
            INSERT INTO event_log.events VALUES (head_position, (item->>'event_id')::uuid, target, current_revision,
              item->>'type', (item->>'version')::smallint, project, (item->>'correlation_id')::uuid,
              (item->>'causation_id')::uuid, item->>'actor', (item->>'timestamp')::timestamptz,
              item->>'metadata', item->>'data', log_chain, project_chain);
          END LOOP;
          outcomes := outcomes || jsonb_build_object('position', head_position::text, 'revision', current_revision);
        END LOOP;
        UPDATE event_log.head SET position = head_position, link = log_chain;
        PERFORM pg_notify('countersign_events', head_position::text);
        RETURN outcomes;
      END $$`);
    await query.query(`REVOKE ALL ON FUNCTION event_log.append(jsonb) FROM PUBLIC`);
    await query.query(`GRANT USAGE ON SCHEMA event_log TO countersign_app`);
    await query.query(`GRANT SELECT ON ALL TABLES IN SCHEMA event_log TO countersign_app`);
    await query.query(`GRANT EXECUTE ON FUNCTION event_log.append(jsonb) TO countersign_app`);
  }

  async down(): Promise<void> {
    throw new Error('the event log is the only source of truth: it is never migrated down');
  }
}
