import type { DataSource, EntityManager } from 'typeorm';
import { UnreadableEvent } from './event-codec.js';
import { START, type Position } from './event-store.js';
import { versionOf, type Projection } from './projection.js';
import { standstill, type Standstill } from './projection-standstill.js';

/** How far a follower of the log has come. Whoever locks its row has the lease. */
export interface Checkpoint {
  readonly name: string;
  readonly position: Position;
  /** Of the projection that made the rows. */
  readonly version: number;
  readonly parked: Standstill | null;
  /** How many of the rebuilds that were asked for are done. */
  readonly rebuilds_done: number;
}

export const CHECKPOINT_COLUMNS = 'name, position::text, version, parked, rebuilds_done';

/**
 * Makes the checkpoints that are missing.
 * @throws Error where a checkpoint belongs to another event log: its positions mean nothing here
 */
export async function registerCheckpoints(database: DataSource, storeId: string, followers: readonly (string | Projection)[]): Promise<void> {
  const names = followers.map((one) => (typeof one === 'string' ? one : one.name));
  for (const one of followers) {
    const [name, version] = typeof one === 'string' ? [one, 1] : [one.name, versionOf(one)];
    await database.query('INSERT INTO read_models.checkpoints (name, store_id, position, version) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
      name,
      storeId,
      START,
      version,
    ]);
  }
  const foreign = await database.query<{ name: string }[]>('SELECT name FROM read_models.checkpoints WHERE name = ANY($1) AND store_id <> $2', [
    names,
    storeId,
  ]);
  if (foreign.length > 0)
    throw new Error(
      `the read models in this database follow another event log (${foreign[0]!.name}); start with the event log they belong to (EVENT_STORE_URL as it was before), copy that log into this one and take the checkpoints along (npm run countersign -- log copy --from <url> --to <url>), or start with an empty database`,
    );
}

/** Moves the checkpoint, and says what it stands before, if anything. */
export async function moveCheckpoint(manager: EntityManager, names: readonly string[], position: Position, parked: Standstill | null): Promise<void> {
  await manager.query('UPDATE read_models.checkpoints SET position = $2, parked = $3::jsonb, updated_at = now() WHERE name = ANY($1)', [
    names,
    position,
    parked && JSON.stringify(parked),
  ]);
}

/**
 * Keeps on record that a follower other than a projection stands before an event that it cannot read. Any other error is
 * none of its business. Whoever moves the checkpoint on clears it.
 */
export async function noteStandstill(database: DataSource, name: string, error: unknown): Promise<void> {
  if (!(error instanceof UnreadableEvent)) return;
  const entry = { stored: error.event, event: null, unreadable: error };
  const cause = error.unknown ? 'unknown_event' : 'unreadable_event';
  const parked = standstill({ entry, cause, reason: error.message }, 0, null, new Date());
  await database.query(`UPDATE read_models.checkpoints SET parked = $2::jsonb WHERE name = $1 AND parked->>'position' IS DISTINCT FROM $3`, [
    name,
    JSON.stringify(parked),
    parked.position,
  ]);
}
