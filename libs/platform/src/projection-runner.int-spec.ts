import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { newEvent } from '../../../test/support/event-store-conformance.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../../../test/support/postgres.js';
import { Catalog } from './catalog.js';
import { dataSource, eventLogPool } from './database.js';
import { event, type DomainEvent } from './domain.js';
import { Doorbell } from './doorbell.js';
import { EventCodec } from './event-codec.js';
import { EventLog } from './event-log.js';
import { START, type Position, type StoredEvent } from './event-store.js';
import { PostgresEventStore } from './postgres-event-store.js';
import { ProjectionRunner, registerCheckpoints } from './projection-runner.js';
import { table, type Projection } from './projection.js';
import { ReadModels } from './read-models.js';

type Tallied = DomainEvent<'test.tallied', { tally: string; n: number }> | DomainEvent<'test.dropped', { tally: string }>;
const events = [
  event('test.tallied', 1, z.strictObject({ tally: z.string(), n: z.int() })),
  event('test.dropped', 1, z.strictObject({ tally: z.string() })),
];

type TallyRow = { tally: string; seen: number[]; note: string | null; at: string; position: Position };

/** A read model that remembers every event that it was given, in order: one too many or too few shows. */
const tallies = (name: string, poison?: number): Projection => ({
  name: `read:${name}`,
  tables: [
    table<TallyRow, Tallied>(name, 'tally', {
      'test.tallied': {
        id: ({ data }) => data.tally,
        evolve: (row, { data, metadata, position }) => {
          if (data.n === poison) throw new Error(`cannot fold ${data.n}`);
          return {
            tally: data.tally,
            seen: [...(row?.seen ?? []), data.n],
            note: data.n % 2 ? `"odd" \\ ${data.n}` : null,
            at: metadata.timestamp,
            position,
          };
        },
      },
      'test.dropped': { id: ({ data }) => data.tally, evolve: () => null },
    }),
  ],
});

let postgres: TestPostgres;
let admin: pg.Client;
let closing: (() => Promise<unknown>)[];
let url: string;
let log: EventLog;
const logged: string[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  const note = (text: string) => void logged.push(text);
  Logger.overrideLogger({ log: note, warn: note, error: note });
}, POSTGRES_START_MS);
afterAll(async () => {
  Logger.overrideLogger(['error', 'warn', 'log']);
  await postgres.stop();
});

beforeEach(async () => {
  closing = [];
  logged.length = 0;
  url = await postgres.createDatabase();
  admin = new pg.Client({ connectionString: url });
  await admin.connect();
  closing.push(() => admin.end());
  for (const name of ['tallies', 'others'])
    await admin.query(
      `CREATE TABLE read_models.${name} (tally text PRIMARY KEY, seen jsonb NOT NULL, note text, at timestamptz NOT NULL, position bigint NOT NULL)`,
    );
  ({ log } = await newProcess());
});
afterEach(async () => {
  for (const close of closing.reverse()) await close();
});

interface Process {
  readonly log: EventLog;
  readonly database: DataSource;
  readonly reads: ReadModels;
  readonly doorbell: Doorbell;
}

/** Ponders over what it read, so that a race has the time to happen. */
class SlowEventStore extends PostgresEventStore {
  override async readAll(after: Position, limit: number): Promise<StoredEvent[]> {
    const events = await super.readAll(after, limit);
    await sleep(15);
    return events;
  }
}

/** What a process has of the platform; a silent one hears of no other process. */
async function newProcess(silent = false, Store = PostgresEventStore): Promise<Process> {
  const doorbell = new Doorbell();
  if (!silent) await doorbell.listen(url);
  const pool = eventLogPool(url);
  const database = await dataSource(url).initialize();
  closing.push(async () => {
    await doorbell.close();
    await pool.end();
    await database.destroy();
  });
  const catalog = new Catalog();
  catalog.register({ events });
  const codec = new EventCodec(catalog, { keyOf: async () => null });
  return { log: new EventLog(new Store(pool, doorbell), codec), database, reads: new ReadModels(database, doorbell), doorbell };
}

async function start(projections: Projection[], given?: Process): Promise<{ runner: ProjectionRunner; reads: ReadModels; stop(): Promise<void> }> {
  const { log: its, database, reads, doorbell } = given ?? (await newProcess());
  const runner = new ProjectionRunner(database, its, doorbell, projections);
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= runner.stop());
  closing.push(stop);
  await runner.start();
  return { runner, reads, stop };
}

const tally = async (name: string, ...numbers: number[]): Promise<Position> =>
  (
    await log.store.append(
      `test-${name}`,
      'any',
      numbers.map((n) => newEvent({ type: 'test.tallied', data: JSON.stringify({ tally: name, n }) })),
    )
  ).position;
const rowsOf = async (name: string) => (await admin.query<TallyRow>(`SELECT * FROM read_models.${name} ORDER BY tally`)).rows;
const seenIn = async (name: string) => Object.fromEntries((await rowsOf(name)).map((row) => [row.tally, row.seen]));
const checkpoint = async (name: string) =>
  (
    await admin.query<{ position: string; parked_reason: string | null }>(
      'SELECT position::text, parked_reason FROM read_models.checkpoints WHERE name = $1',
      [`read:${name}`],
    )
  ).rows[0]!;
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, n) => from + n);

async function eventually(holds: () => Promise<boolean> | boolean): Promise<void> {
  for (const deadline = Date.now() + 10_000; !(await holds()); await sleep(10)) if (Date.now() > deadline) throw new Error('it did not come to that');
}

describe('rows and checkpoint', () => {
  it('are written together: where one projection’s table is missing, nothing of that page is there; repaired, all of it once', async () => {
    await admin.query('ALTER TABLE read_models.tallies RENAME TO gone');
    const position = await tally('a', 1, 2, 3);
    await start([tallies('others'), tallies('tallies')]);
    await eventually(() => logged.some((line) => line.includes('will try again')));
    expect([await seenIn('others'), await checkpoint('others'), await checkpoint('tallies')]).toEqual([
      {},
      { position: START, parked_reason: null },
      { position: START, parked_reason: null },
    ]);
    await admin.query('ALTER TABLE read_models.gone RENAME TO tallies');
    await eventually(async () => (await checkpoint('tallies')).position === position);
    expect([await seenIn('others'), await seenIn('tallies')]).toEqual([{ a: [1, 2, 3] }, { a: [1, 2, 3] }]);
  });

  it('survive that the process is cut off between the two: each event is applied once', async () => {
    await admin.query(`
      CREATE SEQUENCE cuts;
      CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
      BEGIN
        IF (SELECT count(*) FROM read_models.tallies) > 0 AND nextval('cuts') <= 2 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER cut BEFORE UPDATE ON read_models.checkpoints FOR EACH ROW WHEN (NEW.position > OLD.position) EXECUTE FUNCTION cut()`);
    await tally('a', 1, 2);
    const position = await tally('b', 3);
    await start([tallies('tallies')]);
    await eventually(async () => (await checkpoint('tallies')).position === position);
    expect((await admin.query<{ last_value: string }>('SELECT last_value FROM cuts')).rows[0]!.last_value).toBe('3');
    expect(await seenIn('tallies')).toEqual({ a: [1, 2], b: [3] });
  });

  it('come up with the log from any number of pages, across rows that go and come again', async () => {
    await tally('a', ...range(1, 700));
    await log.store.append('test-a', 'any', [
      newEvent({ type: 'test.dropped', data: '{"tally":"a"}' }),
      newEvent({ type: 'test.dropped', data: '{"tally":"never"}' }),
    ]);
    const { reads } = await start([tallies('tallies')]);
    await tally('b', ...range(1, 600));
    expect(await reads.waitFor(await tally('a', 701, 702), 10_000)).toBe(true);
    expect(await seenIn('tallies')).toEqual({ a: [701, 702], b: range(1, 600) });
  });
});

describe('two processes', () => {
  it('race on one database: each event is applied once, and the second takes over when the first stops', async () => {
    const first = await start([tallies('tallies'), tallies('others')]);
    const second = await start([tallies('others'), tallies('tallies')], await newProcess(false, SlowEventStore));
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(
      names.map(async (name) => {
        for (let n = 1; n <= 30; n += 1) {
          await tally(name, 2 * n - 1, 2 * n);
          await sleep(10);
        }
      }),
    );
    expect(await second.reads.waitFor(await log.store.head(), 10_000)).toBe(true);
    const expected = Object.fromEntries(names.map((name) => [name, range(1, 60)]));
    expect([await seenIn('tallies'), await seenIn('others')]).toEqual([expected, expected]);
    await first.stop();
    expect(await second.reads.waitFor(await tally('a', 61), 10_000)).toBe(true);
    expect(await seenIn('tallies')).toEqual({ ...expected, a: range(1, 61) });
  });

  it('keep out of each other’s way: while one holds the lease the other waits, and goes on when it dies', async () => {
    const { reads } = await start([tallies('tallies')]);
    expect(await reads.waitFor(await tally('a', 1), 10_000)).toBe(true);
    const frozen = new pg.Client({ connectionString: url });
    frozen.on('error', () => undefined);
    await frozen.connect();
    const { rows } = await frozen.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await frozen.query('BEGIN; SELECT * FROM read_models.checkpoints FOR UPDATE');
    const position = await tally('a', 2);
    await sleep(100);
    expect([await seenIn('tallies'), logged]).toEqual([{ a: [1] }, []]);
    await admin.query('SELECT pg_terminate_backend($1)', [rows[0]!.pid]);
    expect(await reads.waitFor(position, 10_000)).toBe(true);
    expect(await seenIn('tallies')).toEqual({ a: [1, 2] });
  });

  it('need no doorbell: one that hears nothing looks by itself', async () => {
    await start([tallies('tallies')], await newProcess(true));
    const { reads } = await newProcess(true);
    await sleep(50);
    expect(await reads.waitFor(await tally('a', 1), 10_000)).toBe(true);
    expect(await seenIn('tallies')).toEqual({ a: [1] });
  });
});

describe('a projection whose fold throws', () => {
  it('is parked with the reason; the others go on; a restart with the mended fold resumes it', async () => {
    const { reads, stop } = await start([tallies('tallies', 10), tallies('others')]);
    expect(await reads.waitFor(await tally('a', ...range(1, 9)), 10_000)).toBe(true);
    expect(await reads.waitFor(await tally('a', 10, 11), 10_000)).toBe(true);
    expect(await reads.waitFor(await tally('a', 12), 10_000)).toBe(true);
    expect([await seenIn('tallies'), await seenIn('others')]).toEqual([{ a: range(1, 9) }, { a: range(1, 12) }]);
    expect(await reads.parked()).toEqual([{ name: 'read:tallies', parked_reason: 'cannot fold 10' }]);
    expect(logged).toEqual(['projection read:tallies is parked: cannot fold 10']);
    await stop();

    const mended = await start([tallies('tallies'), tallies('others')]);
    expect(await mended.reads.waitFor(await log.store.head(), 10_000)).toBe(true);
    expect(await mended.reads.parked()).toEqual([]);
    expect([await seenIn('tallies'), await seenIn('others')]).toEqual([{ a: range(1, 12) }, { a: range(1, 12) }]);
  });
});

describe('waiting for the read models', () => {
  it('ends when all of them hold the position, and says so when they take too long', async () => {
    const { reads } = await newProcess();
    const position = await tally('a', 1);
    expect(await reads.waitFor(START, 0)).toBe(true);
    expect(await reads.waitFor(position, 150)).toBe(false);
    const aborter = new AbortController();
    const waiting = reads.waitFor(position, 60_000, aborter.signal);
    aborter.abort();
    expect(await waiting).toBe(false);
    const [later] = await Promise.all([reads.waitFor(position, 10_000), start([tallies('tallies'), tallies('others')])]);
    expect(later).toBe(true);
    expect([await seenIn('tallies'), await seenIn('others')]).toEqual([{ a: [1] }, { a: [1] }]);
  });

  it('waits for the slowest, and not for one that is parked', async () => {
    const { database, reads } = await newProcess();
    await registerCheckpoints(database, await log.store.storeId(), ['read:slowest']);
    await start([tallies('tallies')]);
    const position = await tally('a', 1);
    await eventually(async () => (await checkpoint('tallies')).position === position);
    expect(await reads.waitFor(position, 0)).toBe(false);
    await admin.query(`UPDATE read_models.checkpoints SET parked_reason = 'for a test' WHERE name = 'read:slowest'`);
    expect(await reads.waitFor(position, 0)).toBe(true);
  });

  it('compares positions as numbers', async () => {
    const { reads } = await start([tallies('tallies')]);
    for (const n of range(1, 11)) {
      expect(await reads.waitFor(await tally('a', n), 10_000)).toBe(true);
      expect(await seenIn('tallies')).toEqual({ a: range(1, n) });
    }
  });
});

it('read models of another log are refused with a sentence that says what to do', async () => {
  await (await start([tallies('tallies')])).stop();
  await admin.query('UPDATE read_models.checkpoints SET store_id = $1', [randomUUID()]);
  const refused = start([tallies('tallies')]);
  await expect(refused).rejects.toThrow(/follow another event log \(read:tallies\); start with/);
});

it('a table rebuilt from the beginning, while writes go on, has the same rows', async () => {
  const { reads, stop } = await start([tallies('tallies')]);
  for (let n = 1; n <= 40; n += 1) await tally(`t-${n % 7}`, ...range(n * 20, n * 20 + 19));
  expect(await reads.waitFor(await log.store.head(), 10_000)).toBe(true);
  const before = await rowsOf('tallies');
  expect(before.flatMap(({ seen }) => seen)).toHaveLength(800);
  await stop();
  await admin.query(`TRUNCATE read_models.tallies; UPDATE read_models.checkpoints SET position = 0`);

  const rebuilt = await start([tallies('tallies')]);
  for (let n = 1; n <= 20; n += 1) await tally('late', n);
  expect(await rebuilt.reads.waitFor(await log.store.head(), 10_000)).toBe(true);
  const after = await rowsOf('tallies');
  expect(after.filter((row) => row.tally !== 'late')).toEqual(before);
  expect(after.find((row) => row.tally === 'late')!.seen).toEqual(range(1, 20));
});
