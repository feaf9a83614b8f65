import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { Catalog, Doorbell, EventCodec, EventLog, ProjectionRunner, ReadModels, table, type Position, type Projection } from '#platform';
import { event, type DomainEvent, type EventDefinition } from '#platform/domain';
import { dataSource, eventLogPool } from '../../libs/platform/src/database.js';
import { PostgresEventStore } from '../../libs/platform/src/postgres-event-store.js';
import { NO_DECISIONS, type DecisionsOf, type ProjectionDecisions, type Standstill } from '../../libs/platform/src/projection-standstill.js';
import { newEvent } from './event-store-conformance.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from './postgres.js';

type Tallied = DomainEvent<'test.tallied', { tally: string; n: number }> | DomainEvent<'test.dropped', { tally: string }>;

const TALLY_EVENTS = [
  event('test.tallied', 1, z.strictObject({ tally: z.string(), n: z.int() })),
  event('test.dropped', 1, z.strictObject({ tally: z.string() })),
];

/** An event that only a newer program knows. */
export const NEWER_EVENT = event('test.invented_later', 1, z.strictObject({}));

type TallyRow = { tally: string; seen: number[]; note: string | null; at: string; position: Position };

/** A read model that remembers every event that it was given, in order: one too many or too few shows. */
export const tallies = (name: string, options: { poison?: number | (() => number); refused?: number; version?: number } = {}): Projection => ({
  name: `read:${name}`,
  version: options.version ?? 1,
  tables: [
    table<TallyRow, Tallied>(name, 'tally', {
      'test.tallied': {
        id: ({ data }) => data.tally,
        evolve: (row, { data, metadata, position }) => {
          if (data.n === (typeof options.poison === 'function' ? options.poison() : options.poison)) throw new Error(`cannot fold ${data.n}`);
          return {
            tally: data.tally,
            seen: [...(row?.seen ?? []), data.n],
            note: `${data.n % 2 ? `"odd" \\ ${data.n}` : ''}${options.version ? ` v${options.version}` : ''}` || null,
            // A time that no column takes.
            at: data.n === options.refused ? 'somebody’s words' : metadata.timestamp,
            position,
          };
        },
      },
      'test.dropped': { id: ({ data }) => data.tally, evolve: () => null },
    }),
  ],
});

export interface Process {
  readonly log: EventLog;
  readonly database: DataSource;
  readonly reads: ReadModels;
  readonly doorbell: Doorbell;
}

export interface Checkpoint {
  readonly position: Position;
  readonly version: number;
  readonly parked: Standstill | null;
}

export interface Running {
  readonly runner: ProjectionRunner;
  readonly reads: ReadModels;
  stop(): Promise<void>;
}

/** A database for each test with read models of tallies, and processes on it that keep them up. Call it once at the top of a specification. */
export function talliesDatabase() {
  let postgres: TestPostgres;
  let closing: (() => Promise<unknown>)[];
  const here = {
    admin: undefined as unknown as pg.Client,
    url: '',
    /** Of a process that runs no projections. */
    log: undefined as unknown as EventLog,
    /** What was said to the server's log. */
    logged: [] as string[],
    /** What operators decided, by projection. */
    decisions: new Map<string, ProjectionDecisions>(),

    async decide(name: string, change: Partial<ProjectionDecisions>): Promise<void> {
      here.decisions.set(`read:${name}`, { ...(here.decisions.get(`read:${name}`) ?? NO_DECISIONS), ...change });
      await here.admin.query('NOTIFY countersign_events');
    },

    closeLater(close: () => Promise<unknown>): void {
      closing.push(close);
    },

    /** What a process has of the platform; a silent one hears of no other process. */
    async newProcess(silent = false, Store = PostgresEventStore, known: readonly EventDefinition[] = TALLY_EVENTS): Promise<Process> {
      const doorbell = new Doorbell();
      if (!silent) await doorbell.listen(here.url);
      const pool = eventLogPool(here.url);
      const database = await dataSource(here.url).initialize();
      closing.push(async () => {
        await doorbell.close();
        await pool.end();
        await database.destroy();
      });
      const catalog = new Catalog();
      catalog.register({ events: known });
      const keys = { keyOf: async () => null };
      const log = new EventLog(new Store(pool, doorbell), new EventCodec(catalog, keys));
      return { log, database, reads: new ReadModels(database, doorbell, keys), doorbell };
    },

    /** A program that knows the event that was invented later. */
    newerProcess(): Promise<Process> {
      return here.newProcess(false, PostgresEventStore, [...TALLY_EVENTS, NEWER_EVENT]);
    },

    async start(projections: Projection[], given?: Process): Promise<Running> {
      const { log, database, reads, doorbell } = given ?? (await here.newProcess());
      const decisionsOf: DecisionsOf = async (name) => here.decisions.get(name) ?? NO_DECISIONS;
      const runner = new ProjectionRunner(database, log, doorbell, projections, decisionsOf);
      let stopped: Promise<void> | undefined;
      const stop = () => (stopped ??= runner.stop());
      closing.push(stop);
      await runner.start();
      return { runner, reads, stop };
    },

    async append(stream: string, ...events: Parameters<typeof newEvent>[0][]): Promise<Position> {
      return (await here.log.store.append(stream, 'any', events.map(newEvent))).position;
    },

    tally(name: string, ...numbers: number[]): Promise<Position> {
      return here.append(`test-${name}`, ...numbers.map((n) => ({ type: 'test.tallied', data: JSON.stringify({ tally: name, n }) })));
    },

    async rowsOf(name: string): Promise<TallyRow[]> {
      return (await here.admin.query<TallyRow>(`SELECT * FROM read_models.${name} ORDER BY tally`)).rows;
    },

    async seenIn(name: string): Promise<Record<string, number[]>> {
      return Object.fromEntries((await here.rowsOf(name)).map((row) => [row.tally, row.seen]));
    },

    async checkpoint(name: string): Promise<Checkpoint> {
      const { rows } = await here.admin.query<Checkpoint>('SELECT position::text, version, parked FROM read_models.checkpoints WHERE name = $1', [
        `read:${name}`,
      ]);
      return rows[0]!;
    },
  };

  beforeAll(async () => {
    postgres = await startPostgres();
    const note = (text: string) => void here.logged.push(text);
    Logger.overrideLogger({ log: note, warn: note, error: note });
  }, POSTGRES_START_MS);
  afterAll(async () => {
    Logger.overrideLogger(['error', 'warn', 'log']);
    await postgres.stop();
  });
  beforeEach(async () => {
    closing = [];
    here.logged.length = 0;
    here.decisions.clear();
    here.url = await postgres.createDatabase();
    const admin = new pg.Client({ connectionString: here.url });
    here.admin = admin;
    await admin.connect();
    closing.push(() => admin.end());
    for (const name of ['tallies', 'others'])
      await admin.query(
        `CREATE TABLE read_models.${name} (tally text PRIMARY KEY, seen jsonb NOT NULL, note text, at timestamptz NOT NULL, position bigint NOT NULL)`,
      );
    ({ log: here.log } = await here.newProcess());
  });
  afterEach(async () => {
    for (const close of closing.reverse()) await close();
  });
  return here;
}

export const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n);

/** Looks until it is so. */
export async function eventually(holds: () => Promise<boolean> | boolean, ms = 15_000): Promise<void> {
  for (const deadline = Date.now() + ms; !(await holds()); await sleep(10)) if (Date.now() > deadline) throw new Error('it did not come to that');
}
