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
     * Appends a batch of requests in one statement: one object an event, those of a request one after the other, the last of
     * them marked; each stream in one request at most. One outcome a request, in order:
     * {position, revision}, `repeated` where it was on record | {error: 'wrong_revision', current} | {error: 'event_id_conflict'}.
     * The row lock on event_log.head makes positions rise in commit order; no client round trip happens while it is held.
     * Scalar subqueries, and no sequential scans: a plan that was made while the tables were empty stays good.
     */
    await query.query(`
      CREATE FUNCTION event_log.append(requests jsonb) RETURNS jsonb
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
      DECLARE
        item record; verdict text; outcomes text := '';
        head_position bigint; log_chain bytea; project_chain bytea; digest bytea;
        position_before bigint; chain_before bytea; known_revision integer; current_revision integer; fresh boolean := true;
        appended event_log.events[] := '{}'; projects uuid[] := '{}'; same_project integer[]; n integer := 0; n_before integer;
      BEGIN
        SELECT h.position, h.link INTO head_position, log_chain FROM event_log.head h FOR UPDATE;
        FOR item IN
          SELECT given.*,
                 (SELECT e.revision FROM event_log.events e WHERE e.stream = given.stream ORDER BY e.revision DESC LIMIT 1) AS current,
                 (SELECT e.revision FROM event_log.events e WHERE e.event_id = given.event_id) AS known,
                 (SELECT p.link FROM event_log.project_heads p WHERE p.project_id = given.project_id) AS project_chain
            FROM jsonb_to_recordset(requests) AS given(request integer, last boolean, stream text, expected text, event_id uuid, type text,
                 version smallint, project_id uuid, correlation_id uuid, causation_id uuid, actor text, "timestamp" timestamptz, metadata text, data text)
        LOOP
          IF fresh THEN
            fresh := false;
            position_before := head_position;
            chain_before := log_chain;
            n_before := n;
            known_revision := item.known;
            current_revision := coalesce(item.current, -1);
            verdict := CASE
              WHEN item.known IS NOT NULL THEN 'known'
              WHEN CASE item.expected WHEN 'any' THEN false WHEN 'no_stream' THEN current_revision <> -1
                   WHEN 'stream_exists' THEN current_revision = -1 ELSE item.expected <> current_revision::text END THEN 'wrong_revision'
              ELSE 'appended' END;
          ELSIF verdict = 'appended' AND item.known IS NOT NULL THEN
            verdict := 'conflict';
          END IF;

          IF verdict = 'appended' THEN
            n := n + 1;
            head_position := head_position + 1;
            current_revision := current_revision + 1;
            digest := sha256(convert_to(concat_ws(E'\\n', head_position, item.event_id, item.stream, current_revision,
              item.type, item.version, item.metadata, item.data), 'UTF8'));
            log_chain := sha256(log_chain || digest);
            project_chain := NULL;
            IF item.project_id IS NOT NULL THEN
              same_project := array_positions(projects, item.project_id);
              project_chain := sha256(CASE WHEN cardinality(same_project) > 0 THEN appended[same_project[cardinality(same_project)]].project_link
                ELSE coalesce(item.project_chain, decode(repeat('00', 32), 'hex')) END || digest);
            END IF;
            projects[n] := item.project_id;
            appended[n] := ROW(head_position, item.event_id, item.stream, current_revision, item.type, item.version, item.project_id,
              item.correlation_id, item.causation_id, item.actor, item."timestamp", item.metadata, item.data, log_chain, project_chain)::event_log.events;
          END IF;

          IF item.last THEN
            fresh := true;
            IF verdict = 'conflict' THEN
              head_position := position_before;
              log_chain := chain_before;
              n := n_before;
              appended := appended[1:n];
              projects := projects[1:n];
            END IF;
            outcomes := outcomes || ',' || CASE verdict
              WHEN 'appended' THEN '{"position":"' || head_position || '","revision":' || current_revision || '}'
              WHEN 'wrong_revision' THEN '{"error":"wrong_revision","current":' || current_revision || '}'
              WHEN 'known' THEN event_log.repeated(requests, item.request, item.stream, known_revision)
              ELSE '{"error":"event_id_conflict"}' END;
          END IF;
        END LOOP;
        IF n > 0 THEN
          INSERT INTO event_log.events SELECT * FROM unnest(appended);
          INSERT INTO event_log.project_heads AS p (project_id, position, link)
            SELECT DISTINCT ON (e.project_id) e.project_id, e.position, e.project_link FROM unnest(appended) e
             WHERE e.project_id IS NOT NULL ORDER BY e.project_id, e.position DESC
            ON CONFLICT (project_id) DO UPDATE SET position = excluded.position, link = excluded.link;
          UPDATE event_log.head SET position = head_position, link = log_chain;
        END IF;
        RETURN '[' || substr(outcomes, 2) || ']';
      END $$`);
    // What a request is answered whose first event is on record: what it was answered then, if it is the same request.
    await query.query(`
      CREATE FUNCTION event_log.repeated(requests jsonb, wanted integer, target text, first_revision integer) RETURNS text
      LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
        WITH given AS (
          SELECT event_id, type, data, row_number() OVER () - 1 AS place
            FROM jsonb_to_recordset(requests) AS one(request integer, event_id uuid, type text, data text) WHERE request = wanted)
        SELECT CASE WHEN bool_and(e.event_id IS NOT NULL) THEN '{"position":"' || max(e.position) || '","revision":' || max(e.revision) || ',"repeated":true}'
               ELSE '{"error":"event_id_conflict"}' END
          FROM given LEFT JOIN event_log.events e
            ON e.event_id = given.event_id AND e.stream = target AND e.revision = first_revision + given.place AND e.type = given.type AND e.data = given.data
      $$`);
    await query.query(`REVOKE ALL ON FUNCTION event_log.repeated(jsonb, integer, text, integer) FROM PUBLIC`);
    await query.query(`REVOKE ALL ON FUNCTION event_log.append(jsonb) FROM PUBLIC`);
    await query.query(`GRANT USAGE ON SCHEMA event_log TO countersign_app`);
    await query.query(`GRANT SELECT ON ALL TABLES IN SCHEMA event_log TO countersign_app`);
    await query.query(`GRANT EXECUTE ON FUNCTION event_log.append(jsonb) TO countersign_app`);
  }

  async down(): Promise<void> {
    throw new Error('the event log is the only source of truth: it is never migrated down');
  }
}
