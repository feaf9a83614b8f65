import type pg from 'pg';
import type { EventStore } from '#platform';
import { eventLogPool } from '../../libs/platform/src/database.js';
import { Doorbell } from '../../libs/platform/src/doorbell.js';
import { PostgresEventStore } from '../../libs/platform/src/postgres-event-store.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../support/postgres.js';
import { TcpProxy, type Halt } from '../support/tcp-proxy.js';
import { expectSoundLog, Writer } from '../support/writers.js';

let postgres: TestPostgres;
let databaseUrl: string;
let pool: pg.Pool;
let store: EventStore;
let writers: Writer[];

beforeAll(async () => {
  postgres = await startPostgres({ durable: true });
}, POSTGRES_START_MS);
afterAll(() => postgres.stop(), 20_000);

beforeEach(async () => {
  databaseUrl = await postgres.createDatabase();
  pool = eventLogPool(databaseUrl);
  store = new PostgresEventStore(pool, new Doorbell());
  writers = [];
});
afterEach(async () => {
  for (const writer of writers) await writer.kill();
  await pool.end();
});

const start = (name: string, count: number, url = databaseUrl): Writer => {
  const writer = Writer.start(url, null, name, count);
  writers.push(writer);
  return writer;
};

it('several processes append at once, one of them is killed and another one joins: gap-free, in order, the chain verifies', async () => {
  const [first, second, third] = ['first', 'second', 'third'].map((name) => start(name, 8)) as [Writer, Writer, Writer];
  await Promise.all([first, second, third].map((writer) => writer.acknowledges(100)));
  await third.kill();
  const fourth = start('fourth', 8);
  await Promise.all([first, second, fourth].map((writer) => writer.acknowledges(100)));
  await Promise.all([first, second, fourth].map((writer) => writer.stop()));

  const all = await expectSoundLog(store, writers);
  // PostgreSQL's positions have no gap either.
  expect(all.map(({ position }) => position)).toEqual(all.map((_, index) => String(index + 1)));
  const onRecord = new Set(all.map(({ event_id }) => event_id));
  const unanswered = third.begun.filter((id) => onRecord.has(id)).length - third.acknowledged.length;
  expect(unanswered).toBeGreaterThanOrEqual(0);
  expect(unanswered).toBeLessThanOrEqual(8);
}, 60_000);

/** Where an append of the process is stopped, and whether the append is on record then. */
const POINTS: readonly [Halt, string, boolean][] = [
  ['half', 'half of its append is sent', false],
  ['uncommitted', 'its append is carried out, and not committed', false],
  ['answer', 'its append is committed, and the answer on its way', true],
];

describe.each(POINTS)('a process that is frozen (%s) when %s', (halt, _, committed) => {
  it.each(['goes on later', 'is then killed'])(
    'stops the others for seconds at most, and %s',
    async (end) => {
      const { hostname, port } = new URL(databaseUrl);
      const proxy = await TcpProxy.to(hostname, Number(port));
      const url = new URL(databaseUrl);
      url.port = String(proxy.port);
      const others = ['one', 'two'].map((name) => start(name, 4));
      const frozen = start('frozen', 1, url.href);
      await Promise.all([frozen, ...others].map((writer) => writer.acknowledges(20)));

      await proxy.halt('test.frozen', halt);
      frozen.signal('SIGSTOP');
      const [held, before] = [frozen.begun.at(-1)!, frozen.acknowledged.length];
      await Promise.all(others.map((writer) => writer.acknowledges(50, 15_000)));
      const onRecord = async () => (await pool.query('SELECT FROM event_log.events WHERE event_id = $1', [held])).rowCount;
      expect(await onRecord()).toBe(committed ? 1 : 0);

      proxy.mend();
      if (end === 'is then killed') await frozen.kill();
      else {
        frozen.signal('SIGCONT');
        await frozen.acknowledges(20);
        expect(frozen.acknowledged[before]!.ids[0]).toBe(held);
      }
      await Promise.all((end === 'is then killed' ? others : writers).map((writer) => writer.stop()));
      await proxy.close();
      await expectSoundLog(store, writers);
      expect(await onRecord()).toBe(committed || end === 'goes on later' ? 1 : 0);
    },
    60_000,
  );
});
