import { Logger } from '@nestjs/common';
import type { DataSource, EntityManager } from 'typeorm';
import type { Doorbell } from './doorbell.js';
import type { EventLog } from './event-log.js';
import type { RecordedEvent } from './recorded-event.js';
import { comparePositions, START, type Position } from './event-store.js';
import { foldRows, touchedIds, type Projection, type Row, type Table } from './projection.js';

const PAGE = 500;
const POLL_MS = 1_000;
const RETRY_MS = 1_000;

interface Checkpoint {
  readonly name: string;
  readonly store_id: string;
  readonly position: Position;
  readonly parked_reason: string | null;
}

/**
 * Keeps the read models up with the log. Rows and checkpoints change in one transaction that holds the checkpoints' row
 * locks, which is also the lease: another process's runner skips them until this one has committed or died. Projections
 * at the same position share a page and a commit. One whose fold throws is parked with the reason and tried again when
 * the process starts anew; the others go on.
 */
export class ProjectionRunner {
  private readonly logger = new Logger('Projections');
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly log: EventLog,
    private readonly doorbell: Doorbell,
    private readonly projections: readonly Projection[],
  ) {}

  async start(): Promise<void> {
    await registerCheckpoints(
      this.database,
      await this.log.store.storeId(),
      this.projections.map(({ name }) => name),
    );
    await this.database.query('UPDATE read_models.checkpoints SET parked_reason = NULL WHERE name = ANY($1)', [
      this.projections.map(({ name }) => name),
    ]);
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    let rung: Promise<void> | undefined;
    while (!signal.aborted) {
      rung ??= this.doorbell.next('countersign_events', POLL_MS, signal);
      try {
        if (await this.advance()) continue;
        await rung;
        rung = undefined;
      } catch (error) {
        if (signal.aborted) return;
        this.logger.warn(`the read models cannot go on and will try again: ${(error as Error).message}`);
        await this.doorbell.next('countersign_events', RETRY_MS, signal);
      }
    }
  }

  /** Takes the projections that are furthest behind one page further; false where there is nothing to do. */
  private async advance(): Promise<boolean> {
    const advanced = await this.database.transaction(async (manager) => {
      // A process that is frozen with the lease loses it soon.
      await manager.query(`SET LOCAL synchronous_commit = off; SET LOCAL idle_in_transaction_session_timeout = '5s'`);
      const checkpoints = await manager.query<Checkpoint[]>(
        `SELECT name, position::text, parked_reason FROM read_models.checkpoints
          WHERE name = ANY($1) AND parked_reason IS NULL ORDER BY name FOR UPDATE SKIP LOCKED`,
        [this.projections.map(({ name }) => name)],
      );
      if (checkpoints.length === 0) return false;
      const behind = checkpoints.map(({ position }) => position).sort(comparePositions)[0]!;
      const group = checkpoints.filter(({ position }) => position === behind).map(({ name }) => name);
      const events = await this.log.readAll(behind, PAGE);
      if (events.length === 0) return false;
      const done: string[] = [];
      for (const projection of this.projections.filter(({ name }) => group.includes(name))) {
        const parked = await this.apply(manager, projection, events);
        if (parked === null) done.push(projection.name);
        else await manager.query('UPDATE read_models.checkpoints SET parked_reason = $2 WHERE name = $1', [projection.name, parked]);
      }
      await manager.query('UPDATE read_models.checkpoints SET position = $2, updated_at = now() WHERE name = ANY($1)', [
        done,
        events.at(-1)!.position,
      ]);
      await manager.query(`NOTIFY countersign_read_models`);
      return true;
    });
    if (advanced) this.doorbell.ring('countersign_read_models');
    return advanced;
  }

  private async apply(manager: EntityManager, projection: Projection, events: readonly RecordedEvent[]): Promise<string | null> {
    const changes: [Table, Map<string, Row | null>][] = [];
    for (const table of projection.tables) {
      const ids = touchedIds(table, events);
      if (ids.length === 0) continue;
      const rows = await manager.query<Row[]>(`SELECT * FROM read_models.${table.name} WHERE ${table.key} = ANY($1)`, [ids]);
      try {
        changes.push([table, foldRows(table, new Map(rows.map((row) => [String(row[table.key]), row])), events)]);
      } catch (error) {
        this.logger.error(`projection ${projection.name} is parked: ${(error as Error).message}`);
        return (error as Error).message.slice(0, 1_000);
      }
    }
    for (const [table, changed] of changes) await writeRows(manager, table, changed);
    return null;
  }
}

async function writeRows(manager: EntityManager, table: Table, changed: ReadonlyMap<string, Row | null>): Promise<void> {
  const gone = [...changed].filter(([, row]) => row === null).map(([id]) => id);
  if (gone.length > 0) await manager.query(`DELETE FROM read_models.${table.name} WHERE ${table.key} = ANY($1)`, [gone]);
  const rows = [...changed.values()].filter((row) => row !== null);
  if (rows.length === 0) return;
  const columns = Object.keys(rows[0]!);
  await manager.query(
    `INSERT INTO read_models.${table.name} (${columns.join(', ')})
     SELECT ${columns.join(', ')} FROM json_populate_recordset(NULL::read_models.${table.name}, $1::json)
     ON CONFLICT (${table.key}) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}`,
    [JSON.stringify(rows)],
  );
}

/**
 * Makes the checkpoints that are missing.
 * @throws Error where a checkpoint belongs to another event log: its positions mean nothing here
 */
export async function registerCheckpoints(database: DataSource, storeId: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await database.query('INSERT INTO read_models.checkpoints (name, store_id, position) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
      name,
      storeId,
      START,
    ]);
  }
  const foreign = await database.query<{ name: string }[]>('SELECT name FROM read_models.checkpoints WHERE name = ANY($1) AND store_id <> $2', [
    names,
    storeId,
  ]);
  if (foreign.length > 0)
    throw new Error(
      `the read models in this database follow another event log (${foreign[0]!.name}); start with the event log they belong to (EVENT_STORE_URL as it was before), or with an empty database`,
    );
}
