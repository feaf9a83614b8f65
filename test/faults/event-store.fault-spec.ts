import { AuditWriter, type EventStore } from '#platform';
import { AuditTable } from '../../libs/platform/src/audit-table.js';
import { eventLogPool } from '../../libs/platform/src/database.js';
import { Doorbell } from '../../libs/platform/src/doorbell.js';
import { EventStoreDbEventStore } from '../../libs/platform/src/eventstoredb-event-store.js';
import type { Fate } from '../support/eventstoredb-server.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../support/postgres.js';
import { pause } from '../support/server.js';
import { EventStoreProcess, expectSoundLog, Writer } from '../support/writers.js';

/** How long the event store is away: a minute with AWAY_SECONDS=60, less by default so that the whole suite stays short. */
const AWAY_MS = Number(process.env['AWAY_SECONDS'] ?? 8) * 1_000;
const PATIENCE_MS = AWAY_MS + 40_000;

let postgres: TestPostgres;
let server: EventStoreProcess;
let store: EventStore;
let writers: Writer[];
let closing: (() => Promise<unknown>)[];

beforeAll(async () => {
  postgres = await startPostgres();
}, POSTGRES_START_MS);
afterAll(() => postgres.stop(), 20_000);

/** The stand-in for EventStoreDB and two writers, each a process; here a third that only reads, and keeps the audit table. */
beforeEach(async () => {
  const databaseUrl = await postgres.createDatabase();
  server = await EventStoreProcess.start();
  const pool = eventLogPool(databaseUrl);
  const doorbell = new Doorbell();
  await doorbell.listen(databaseUrl);
  const table = new AuditTable(pool, doorbell, 20_000);
  const esdb = new EventStoreDbEventStore(server.url, table, doorbell);
  store = esdb;
  const audit = new AuditWriter(store, table, doorbell);
  await audit.start();
  closing = [() => audit.stop(), () => esdb.close(), () => doorbell.close(), () => pool.end()];
  writers = ['first', 'second'].map((name) => Writer.start(databaseUrl, server.url, name, 8));
  await Promise.all(writers.map((writer) => writer.acknowledges(50)));
}, 30_000);
afterEach(async () => {
  for (const writer of writers) await writer.kill();
  for (const close of closing) await close();
  await server.remove();
}, 20_000);

const allGoOn = (appends = 100) => Promise.all(writers.map((writer) => writer.acknowledges(appends, PATIENCE_MS)));

async function expectSoundAfterwards(): Promise<void> {
  await allGoOn();
  await Promise.all(writers.map((writer) => writer.stop()));
  await expectSoundLog(store, writers);
}

describe('EventStoreDB under writers of two processes', () => {
  it('is killed twice and started again', async () => {
    for (let kill = 0; kill < 2; kill += 1) {
      await server.kill();
      await pause(500);
      await server.start();
      await allGoOn(30);
    }
    await expectSoundAfterwards();
  }, 120_000);

  it(
    `is away for ${AWAY_MS / 1_000} s: connections are refused`,
    async () => {
      await server.order({ do: 'refuse connections' });
      await pause(AWAY_MS);
      await server.order({ do: 'accept connections' });
      await expectSoundAfterwards();
    },
    60_000 + AWAY_MS * 2,
  );

  it(
    `is frozen for ${AWAY_MS / 1_000} s: connections stand, and nobody answers`,
    async () => {
      server.signal('SIGSTOP');
      await pause(AWAY_MS);
      server.signal('SIGCONT');
      await expectSoundAfterwards();
    },
    60_000 + AWAY_MS * 2,
  );

  it('is slow: it carries appends out after everybody has given up waiting for them', async () => {
    await server.order({ set: { appendDelayMs: 6_000, readDelayMs: 200 } });
    await pause(8_000);
    await server.order({ set: { appendDelayMs: 0, readDelayMs: 0 } });
    await expectSoundAfterwards();
  }, 120_000);

  it('breaks connections in the middle of appends, before and after they were carried out', async () => {
    const fates = Array.from({ length: 60 }, (_, n): Fate => (['given', 'reset', 'given', 'cut', 'unheard', 'given'] as const)[n % 6]!);
    await server.order({ set: { fates } });
    await allGoOn(60);
    expect((await server.order({ set: {} })).fatesLeft).toBe(0);
    await server.order({ do: 'drop subscriptions' });
    await expectSoundAfterwards();
  }, 120_000);

  it('loses a writer in the middle of its appends', async () => {
    await server.order({ set: { appendDelayMs: 100 } });
    await writers[0]!.kill();
    await server.order({ set: { appendDelayMs: 0 } });
    await writers[1]!.acknowledges(50, PATIENCE_MS);
    await writers[1]!.stop();
    const all = await expectSoundLog(store, writers);
    const onRecord = new Set(all.map(({ event_id }) => event_id));
    expect(writers[0]!.begun.filter((id) => onRecord.has(id)).length).toBeLessThanOrEqual(writers[0]!.begun.length);
  }, 60_000);
});
