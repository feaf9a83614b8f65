import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { migrations } from '../../../migrations/index.js';
import { idsOf, newEvent, newEvents } from '../../../test/support/event-store-conformance.js';
import { EventStoreDbServer } from '../../../test/support/eventstoredb-server.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../../../test/support/postgres.js';
import { AuditTable } from './audit-table.js';
import { eventLogPool } from './database.js';
import { Doorbell } from './doorbell.js';
import { START, type EventStore, type Position, type StoredEvent } from './event-store.js';
import { EventStoreDbEventStore } from './eventstoredb-event-store.js';
import { copyLog, type LogCopyOptions, type LogCopyReport } from './log-copy.js';
import { PostgresEventStore } from './postgres-event-store.js';

let postgres: TestPostgres;
let closing: (() => unknown)[];
let database: string;
let server: EventStoreDbServer;

beforeAll(async () => {
  postgres = await startPostgres();
}, POSTGRES_START_MS);
afterAll(() => postgres.stop());
beforeEach(async () => {
  closing = [];
  database = await postgres.createDatabase();
  server = await EventStoreDbServer.start();
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  server.stop();
});

const copy = (from: string, to: string, change: Partial<LogCopyOptions> = {}): Promise<LogCopyReport> =>
  copyLog({ from, to, migrations, onProgress: () => undefined, signal: new AbortController().signal, ...change });

/** Work on a log as a process has it, which has ended afterwards. */
async function on<T>(where: string, work: (store: EventStore) => Promise<T>, audit = database): Promise<T> {
  const pool = eventLogPool(where.startsWith('esdb') ? audit : where);
  const doorbell = new Doorbell();
  const store = where.startsWith('esdb')
    ? new EventStoreDbEventStore(where, new AuditTable(pool, doorbell), doorbell)
    : new PostgresEventStore(pool, doorbell);
  try {
    return await work(store);
  } finally {
    if (store instanceof EventStoreDbEventStore) await store.close();
    await pool.end();
  }
}
const all = (where: string): Promise<StoredEvent[]> => on(where, (store) => store.readAll(START, 10_000));
const withoutPositions = (events: readonly StoredEvent[]) => events.map(({ position: _, ...event }) => event);

async function query<R extends pg.QueryResultRow>(url: string, sql: string, values: unknown[] = []): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client
    .query<R>(sql, values)
    .then(({ rows }) => rows)
    .finally(() => client.end());
}

const projects = [randomUUID(), randomUUID(), randomUUID()];

/** Events of several projects and of none, in streams that take turns, with bytes that a careless copy would change. */
const append = (where: string, count = 40): Promise<void> =>
  on(where, async (store) => {
    for (let n = 0; n < count; n += 1) {
      const change = { project_id: n % 4 ? projects[n % 3]! : null, version: 1 + (n % 2), type: `test.kind_${n % 5}` };
      await store.append(`test-${n % 7}`, 'any', [
        newEvent({ ...change, data: `{ "n":${n}, "odd":"\\ud800 \\u0000 👩‍🚀 ü", "big":12345678901234567890 }` }),
        ...newEvents(n % 3, change),
      ]);
    }
  });

const follow = (url: string, storeId: string, checkpoints: Readonly<Record<string, Position>>) =>
  Promise.all(
    Object.entries(checkpoints).map(([name, position]) =>
      query(url, 'INSERT INTO read_models.checkpoints (name, store_id, position) VALUES ($1, $2, $3)', [name, storeId, position]),
    ),
  );
const checkpoints = (url: string) =>
  query<{ name: string; store_id: string; position: string }>(
    url,
    'SELECT name, store_id, position::text FROM read_models.checkpoints ORDER BY name',
  );
const idOf = (where: string) => on(where, (store) => store.storeId());

describe('a log copied from PostgreSQL to PostgreSQL', () => {
  it('has the same events at the same positions and the same chains, and goes on from there', async () => {
    await append(database);
    await follow(database, await idOf(database), { orchestrator: '33', 'read:projects': '40' });
    const other = await postgres.createDatabase();
    const originals = await all(database);
    const report = await copy(database, other);
    expect(report).toMatchObject({ events: originals.length, copied: originals.length, samePositions: true, checkpoints: ['orchestrator'] });
    expect(await all(other)).toEqual(originals);
    const verified = await Promise.all([database, other].map((url) => on(url, (store) => store.verify(projects))));
    expect(verified[1]).toEqual(verified[0]);
    expect(verified[1]!.map(({ ok }) => ok)).toEqual([true, true, true, true]);
    expect(report.head).toBe(verified[0]![0]!.head);
    // Read models begin anew in their new database; what carries decisions out must not.
    expect(await checkpoints(other)).toEqual([{ name: 'orchestrator', store_id: await idOf(other), position: '33' }]);
    await append(other, 5);
    expect((await on(other, (store) => store.verify(projects))).every(({ ok }) => ok)).toBe(true);
  });
});

describe('a log copied from PostgreSQL to EventStoreDB and back', () => {
  it('has the same events in the same order, verifies, and what followed it goes on behind the same event', async () => {
    await append(database);
    const originals = await all(database);
    const id = await idOf(database);
    await follow(database, id, { orchestrator: originals[16]!.position, 'read:projects': originals.at(-1)!.position, 'read:new': START });
    const report = await copy(database, server.url);
    expect(report).toMatchObject({ to: 'EventStoreDB', events: originals.length, samePositions: false });
    const copies = await all(server.url);
    expect(withoutPositions(copies)).toEqual(withoutPositions(originals));
    const esdbId = await idOf(server.url);
    expect(await checkpoints(database)).toEqual([
      { name: 'orchestrator', store_id: esdbId, position: copies[16]!.position },
      { name: 'read:new', store_id: esdbId, position: START },
      { name: 'read:projects', store_id: esdbId, position: copies.at(-1)!.position },
    ]);
    const reports = await on(server.url, (store) => store.verify(projects));
    expect(reports.map(({ ok }) => ok)).toEqual([true, true, true, true]);
    expect(reports[0]!.head).toBe(report.head);
    const history = await on(server.url, (store) => store.readProject(projects[1]!, START, 1_000));
    expect(idsOf(history)).toEqual(idsOf(originals.filter(({ project_id }) => project_id === projects[1])));

    // Work goes on there, and comes back to the database it came from: nothing is there twice.
    await append(server.url, 10);
    const more = await all(server.url);
    const back = await copy(server.url, database);
    expect(back).toMatchObject({ to: 'PostgreSQL', events: more.length, copied: more.length - originals.length, samePositions: false });
    const returned = await all(database);
    expect(withoutPositions(returned)).toEqual(withoutPositions(more));
    expect(returned.slice(0, originals.length)).toEqual(originals);
    expect((await on(database, (store) => store.verify(projects))).every(({ ok }) => ok)).toBe(true);
    expect((await checkpoints(database)).map(({ store_id, position }) => [store_id, position])).toEqual([
      [id, originals[16]!.position],
      [id, START],
      [id, originals.at(-1)!.position],
    ]);
    await append(database, 5);
    expect((await on(database, (store) => store.verify(projects))).every(({ ok }) => ok)).toBe(true);
    // And once more to and fro: each time only what is new.
    expect(await copy(database, server.url)).toMatchObject({ copied: (await all(database)).length - more.length });
  });

  it('keeps its positions in a new database: the chains are those of the audit, a gap is no fault, and a missing event still is', async () => {
    await append(server.url);
    const originals = await all(server.url);
    await follow(database, await idOf(server.url), { orchestrator: originals[7]!.position, 'read:projects': originals[9]!.position });
    const report = await copy(server.url, database);
    expect(report).toMatchObject({ samePositions: true, checkpoints: ['orchestrator', 'read:projects'] });
    expect(await all(database)).toEqual(originals);
    expect(await checkpoints(database)).toEqual([
      { name: 'orchestrator', store_id: await idOf(database), position: originals[7]!.position },
      { name: 'read:projects', store_id: await idOf(database), position: originals[9]!.position },
    ]);
    await append(database, 5);
    expect((await on(database, (store) => store.verify(projects)))[0]).toMatchObject({ ok: true, mismatch: null });
    await query(database, 'ALTER TABLE event_log.events DISABLE TRIGGER ALL');
    await query(database, 'DELETE FROM event_log.events WHERE position = $1', [originals[12]!.position]);
    expect((await on(database, (store) => store.verify([])))[0]).toMatchObject({ ok: false, mismatch: { position: originals[13]!.position } });
  });
});

describe('a copy', () => {
  it.each(['postgres', 'esdb'])(
    'that was interrupted goes on behind what is there (%s)',
    async (engine) => {
      await append(database, 300);
      const to = engine === 'esdb' ? server.url : await postgres.createDatabase();
      const interrupted = new AbortController();
      const stages: string[] = [];
      const onProgress: LogCopyOptions['onProgress'] = (stage, events) => {
        stages.push(`${stage} ${events}`);
        interrupted.abort(new Error('interrupted'));
      };
      await expect(copy(database, to, { onProgress, signal: interrupted.signal })).rejects.toThrow('interrupted');
      expect(stages).toEqual(['copying 500']);
      const originals = await all(database);
      expect(idsOf(await all(to))).toEqual(idsOf(originals.slice(0, 500)));
      stages.length = 0;
      const report = await copy(database, to, { onProgress: (stage, events) => void stages.push(`${stage} ${events}`) });
      expect(report).toMatchObject({ events: originals.length, copied: originals.length - 500 });
      expect(stages).toEqual(['comparing 500', `copying ${report.copied}`, 'verifying 500', `verifying ${originals.length}`]);
      expect(await copy(database, to)).toMatchObject({ copied: 0, head: report.head });
    },
    30_000,
  );

  it('of an event store that breaks connections in the middle has every event once', async () => {
    await append(database);
    server.fates = Array.from({ length: 30 }, (_, n) => (['given', 'cut', 'given', 'reset', 'unheard'] as const)[n % 5]!);
    await copy(database, server.url);
    expect(withoutPositions(await all(server.url))).toEqual(withoutPositions(await all(database)));
  });

  it.each(['postgres', 'esdb'])('into a log that holds something else is refused, and changes nothing there (%s)', async (engine) => {
    await append(database, 5);
    const to = engine === 'esdb' ? server.url : await postgres.createDatabase();
    await on(to, (store) => store.append('else-1', 'no_stream', newEvents(1)));
    const before = await all(to);
    await expect(copy(database, to)).rejects.toThrow(/The log of --to holds something else: event 1 there \(test.happened at \d+\)/);
    expect(await all(to)).toEqual(before);
  });

  it('into one that has gone on by itself is refused', async () => {
    await append(database, 5);
    await copy(database, server.url);
    await append(server.url, 1);
    await expect(copy(database, server.url)).rejects.toThrow('beyond the end of the log of --from');
  });

  it('of a log that does not verify is refused before anything is copied', async () => {
    await append(database, 5);
    await query(database, 'ALTER TABLE event_log.events DISABLE TRIGGER ALL');
    await query(database, `UPDATE event_log.events SET data = '{"x":1}' WHERE position = 3`);
    const to = await postgres.createDatabase();
    await expect(copy(database, to)).rejects.toThrow('The original does not verify: the chain of the log breaks at 3');
    expect(await all(to)).toEqual([]);
  });

  it('leaves the checkpoints where they are while processes are at work on the database', async () => {
    await append(database, 5);
    await follow(database, await idOf(database), { orchestrator: '3' });
    const before = await checkpoints(database);
    const worker = eventLogPool(database);
    await worker.query('SELECT');
    await expect(copy(database, server.url)).rejects.toThrow('stop them all and run this again');
    expect(await checkpoints(database)).toEqual(before);
    await worker.end();
    await copy(database, server.url);
    expect((await checkpoints(database))[0]!.store_id).toBe(await idOf(server.url));
  });

  it('says what cannot be: the same log twice, two event stores, a database without a log', async () => {
    await expect(copy(database, database)).rejects.toThrow('the same event log');
    await expect(copy(server.url, server.url)).rejects.toThrow('must be PostgreSQL');
    const bare = new URL(database);
    bare.pathname = '/postgres';
    await expect(copy(bare.href, database)).rejects.toThrow('no event log in the database of --from');
  });
});
