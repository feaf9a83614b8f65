import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The bytes of the event that are hashed, at a position; the parameters are those of `append_one`. */
const digestAt = (position: string): string => `sha256(convert_to(concat_ws(E'\\n', ${position}, $3, $1, $2, $4, $5, $11, $12), 'UTF8'))`;

/**
 * Where nobody else appends at the same moment, one event at the revision that is expected is appended by one statement; that
 * of a batch, with all that may come of it, takes twice the time.
 */
export class AppendOne1732000016000 implements MigrationInterface {
  name = 'AppendOne1732000016000';

  async up(query: QueryRunner): Promise<void> {
    /*
     * Answers the event's position. Where the stream is not at the event before it: -2 less its revision (-1 for no stream), or null
     * for an event that is known; `event_log.append` then says what is the matter, and also where a unique constraint is violated.
     * The row lock on event_log.head is taken first and makes positions rise in commit order. What is read of the heads is
     * read by the updates themselves, so that it is what the transaction before has left, whenever this statement began.
     */
    await query.query(`
      CREATE FUNCTION event_log.append_one(stream text, revision integer, event_id uuid, type text, version smallint, project_id uuid,
        correlation_id uuid, causation_id uuid, actor text, recorded_at timestamptz, metadata text, data text) RETURNS bigint
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
      DECLARE
        appended bigint;
      BEGIN
        WITH log_head AS (
          UPDATE event_log.head AS h SET position = h.position + 1, link = sha256(h.link || ${digestAt('h.position + 1')})
           WHERE coalesce((SELECT e.revision FROM event_log.events e WHERE e.stream = $1 ORDER BY e.revision DESC LIMIT 1), -1) = $2 - 1
          RETURNING h.position, h.link),
        project_head AS (
          INSERT INTO event_log.project_heads AS p (project_id, position, link)
          SELECT $6, h.position, sha256(decode(repeat('00', 32), 'hex') || ${digestAt('h.position')}) FROM log_head h WHERE $6 IS NOT NULL
          ON CONFLICT ON CONSTRAINT project_heads_pkey
          DO UPDATE SET position = excluded.position, link = sha256(p.link || ${digestAt('excluded.position')})
          RETURNING p.link)
        INSERT INTO event_log.events AS e
        SELECT h.position, $3, $1, $2, $4, $5, $6, $7, $8, $9, $10, $11, $12, h.link, (SELECT p.link FROM project_head p) FROM log_head h
        RETURNING e.position INTO appended;
        IF appended IS NULL AND NOT EXISTS (SELECT FROM event_log.events e WHERE e.event_id = $3) THEN
          RETURN coalesce((SELECT -2 - e.revision FROM event_log.events e WHERE e.stream = $1 ORDER BY e.revision DESC LIMIT 1), -1);
        END IF;
        RETURN appended;
      END $$`);
    const signature = 'event_log.append_one(text, integer, uuid, text, smallint, uuid, uuid, uuid, text, timestamptz, text, text)';
    await query.query(`REVOKE ALL ON FUNCTION ${signature} FROM PUBLIC`);
    await query.query(`GRANT EXECUTE ON FUNCTION ${signature} TO countersign_app`);
  }

  async down(query: QueryRunner): Promise<void> {
    await query.query('DROP FUNCTION event_log.append_one(text, integer, uuid, text, smallint, uuid, uuid, uuid, text, timestamptz, text, text)');
  }
}
