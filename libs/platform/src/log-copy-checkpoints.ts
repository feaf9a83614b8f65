import type pg from 'pg';
import { LogCopyRefused } from './log-copy-ends.js';
import { START, type Position } from './event-store.js';

export interface Checkpoint {
  readonly name: string;
  readonly store_id: string;
  readonly position: Position;
}

export async function checkpointsOf(pool: pg.Pool): Promise<Checkpoint[]> {
  const { rows } = await pool.query<Checkpoint>('SELECT name, store_id, position::text FROM read_models.checkpoints ORDER BY name');
  return rows;
}

/** The read model that is about positions alone: where those of the copy are new, it begins anew with empty tables. */
const OF_POSITIONS = { name: 'read:audit', tables: ['audit_index', 'audit_hours'] };

/**
 * Lets everything that followed one log go on in its copy where it stood.
 * @param positions of the copy, by the checkpoint's name
 * @param samePositions whether every event has the position that it had
 * @returns names of the checkpoints that follow the copy now
 * @throws LogCopyRefused while other processes work on the database
 */
export async function moveCheckpoints(
  pool: pg.Pool,
  checkpoints: readonly Checkpoint[],
  storeId: string,
  positions: ReadonlyMap<string, Position>,
  samePositions: boolean,
): Promise<string[]> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    const { rowCount } = await client.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name IN ('countersign', 'countersign-log', 'countersign-doorbell')`,
    );
    if (rowCount)
      throw new LogCopyRefused(
        'Everything was copied, but processes are at work on the database: stop them all and run this again, so that it takes their last events along.',
      );
    for (const { name } of checkpoints) {
      const isStale = name === OF_POSITIONS.name && !samePositions;
      if (isStale) await client.query('SELECT read_models_next.begin($1), read_models_next.swap($1)', [OF_POSITIONS.tables]);
      await client.query(
        `INSERT INTO read_models.checkpoints (name, store_id, position) VALUES ($1, $2, $3)
         ON CONFLICT (name) DO UPDATE SET store_id = excluded.store_id, position = excluded.position`,
        [name, storeId, isStale ? START : (positions.get(name) ?? START)],
      );
    }
    await client.query('COMMIT');
    return checkpoints.map(({ name }) => name);
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
