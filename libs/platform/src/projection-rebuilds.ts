import type { EntityManager } from 'typeorm';
import { START, type Position } from './event-store.js';
import { CHECKPOINT_COLUMNS, type Checkpoint } from './projection-checkpoints.js';
import type { Standstill } from './projection-standstill.js';
import { versionOf, type Projection } from './projection.js';

/** A rebuild on its way. Whoever locks its row has the lease. */
export interface Rebuild {
  /** Of the definition by which it is made. */
  readonly version: number;
  /** How many of the rebuilds that were asked for it answers. */
  readonly requests: number;
  readonly position: Position;
  readonly skipped: readonly Position[];
  readonly stopped: Standstill | null;
}

/**
 * The live checkpoint, and the version of the rebuild that has begun, null for none.
 * @param lock takes the live lease, and waits for both rows
 */
export async function stateOf(manager: EntityManager, { name }: Projection, lock = false): Promise<{ live: Checkpoint; begun: number | null }> {
  const locking = lock ? 'FOR UPDATE' : '';
  const [live] = await manager.query<Checkpoint[]>(`SELECT ${CHECKPOINT_COLUMNS} FROM read_models.checkpoints WHERE name = $1 ${locking}`, [name]);
  const [begun] = await manager.query<{ version: number }[]>(`SELECT version FROM read_models.rebuilds WHERE name = $1 ${locking}`, [name]);
  return { live: live!, begun: begun?.version ?? null };
}

/** Makes the tables beside the live ones, empty. */
export async function beginRebuild(
  manager: EntityManager,
  projection: Projection,
  { requests, target, skipped }: { readonly requests: number; readonly target: Position; readonly skipped: ReadonlySet<Position> },
): Promise<void> {
  await manager.query('INSERT INTO read_models.rebuilds (name, version, requests, position, target, skipped) VALUES ($1, $2, $3, $4, $5, $6)', [
    projection.name,
    versionOf(projection),
    requests,
    START,
    target,
    [...skipped],
  ]);
  await manager.query('SELECT read_models_next.begin($1)', [tablesOf(projection)]);
}

/** The rebuild with its lease, where it is by this program's definition and nobody else has it. */
export async function takeRebuild(manager: EntityManager, projection: Projection): Promise<Rebuild | null> {
  const [rebuild] = await manager.query<Rebuild[]>(
    'SELECT version, requests, position::text, skipped, stopped FROM read_models.rebuilds WHERE name = $1 AND version = $2 FOR UPDATE SKIP LOCKED',
    [projection.name, versionOf(projection)],
  );
  return rebuild ?? null;
}

/** A page of it is done: `events` and `working_ms` are what it added. */
export async function moveRebuild(
  manager: EntityManager,
  { name }: Projection,
  page: {
    readonly position: Position;
    readonly target: Position;
    readonly events: number;
    readonly working_ms: number;
    readonly skipped: ReadonlySet<Position>;
    readonly stopped: Standstill | null;
  },
): Promise<void> {
  const { position, target, events, working_ms, skipped, stopped } = page;
  await manager.query(
    `UPDATE read_models.rebuilds SET position = $2, target = greatest(target, $2::bigint, $3::bigint), events = events + $4,
            working_ms = working_ms + $5, skipped = $6, stopped = $7::jsonb, updated_at = now() WHERE name = $1`,
    [name, position, target, events, working_ms, [...skipped], stopped && JSON.stringify(stopped)],
  );
}

/** Gives the planner of queries an idea of the new tables before anybody reads them. */
export async function analyseTables(manager: EntityManager, projection: Projection): Promise<void> {
  await manager.query('SELECT read_models_next.analyze($1)', [tablesOf(projection)]);
}

/** Puts the new tables in the place of the live ones, under their names. */
export async function swapTables(manager: EntityManager, projection: Projection): Promise<void> {
  await manager.query('SELECT read_models_next.swap($1)', [tablesOf(projection)]);
}

/** The rows are by this definition, and so many rebuilds that were asked for are done. */
export async function settle(manager: EntityManager, { name }: Projection, version: number, requests: number): Promise<void> {
  await manager.query('UPDATE read_models.checkpoints SET version = $2, rebuilds_done = $3 WHERE name = $1', [name, version, requests]);
}

export async function endRebuild(manager: EntityManager, { name }: Projection): Promise<void> {
  await manager.query('DELETE FROM read_models.rebuilds WHERE name = $1', [name]);
}

const tablesOf = ({ tables }: Projection): string[] => tables.map(({ name }) => name);
