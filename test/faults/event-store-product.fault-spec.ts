import type { CountersignClient } from '#client';
import { expectDeliveredOnce, expectSoundHistory, tokenOf } from '../support/oracle.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../support/postgres.js';
import { agreeToEverything, Installation, newPerson, pause, unlessTooLate, until } from '../support/server.js';
import { TcpProxy } from '../support/tcp-proxy.js';
import { EventStoreProcess } from '../support/writers.js';
import { eventOf, LogWatch } from './log-watch.js';

/** How long the event store is away: a minute with AWAY_SECONDS=60, less by default so that the whole suite stays short. */
const AWAY_MS = Number(process.env['AWAY_SECONDS'] ?? 8) * 1_000;
const IDEA = 'A list of books with a title and an author.';

let postgres: TestPostgres;
let databaseUrl: string;
let server: EventStoreProcess;
let network: TcpProxy;
let installation: Installation;

/** api and two workers, each a process, whose event log is in the stand-in for EventStoreDB at the other end of a network. */
beforeAll(async () => {
  postgres = await startPostgres();
  databaseUrl = await postgres.createDatabase();
  server = await EventStoreProcess.start();
  network = await TcpProxy.to(server.address.host, server.address.port);
  installation = await Installation.create(databaseUrl, {
    EVENT_STORE_URL: `esdb://127.0.0.1:${network.port}?tls=false`,
    RETRY_SECONDS: '1,1,1',
  });
  await installation.startApi();
  for (const name of ['first', 'second']) await installation.startWorker(name);
}, POSTGRES_START_MS);

afterAll(async () => {
  await installation.remove();
  await network.close();
  await server.remove();
  await postgres.stop();
}, 40_000);

const health = async (): Promise<{ status: number; event_store_status: string; db_status: string }> => {
  const answer = await fetch(`${installation.url}/api/v1/healthz`);
  return { status: answer.status, ...((await answer.json()) as { event_store_status: string; db_status: string }) };
};

/** Three runs of different people, up to the moment when one of them has code in the making. */
async function underLoad(): Promise<{ person: CountersignClient; project_id: string }[]> {
  const runs = await Promise.all(
    [1, 2, 3].map(async () => {
      const person = await newPerson(installation.url);
      const { project_id } = await person.createProject({ product_idea: IDEA, autonomy: 'full' });
      await person.finalize(project_id).catch(unlessTooLate);
      return { person, project_id };
    }),
  );
  const watch = await LogWatch.open(databaseUrl, '0', 'audit.events');
  await watch.when((event) => event.project_id === runs[0]!.project_id && eventOf('task.progressed', '"stage":"Storing')(event));
  await watch.close();
  return runs;
}

const FAULTS: readonly [string, () => Promise<void>][] = [
  [
    `is cut off for ${AWAY_MS / 1_000} s without a word`,
    async () => {
      network.cutOff();
      await until('notice', async () => (await health()).event_store_status === 'down');
      expect(await health()).toMatchObject({ status: 503, db_status: 'ok' });
      const refused = await fetch(`${installation.url}/api/v1/projects`, {
        method: 'POST',
        headers: { authorization: `Bearer ${tokenOf(await newPerson(installation.url))}`, 'content-type': 'application/json' },
        body: JSON.stringify({ product_idea: IDEA }),
      });
      expect([refused.status, await refused.json()]).toEqual([503, expect.objectContaining({ code: 'unavailable' })]);
      await pause(AWAY_MS);
      network.mend();
    },
  ],
  [
    'is killed and started again',
    async () => {
      await server.kill();
      await pause(1_000);
      await server.start();
    },
  ],
  [
    'is slow for a while, so that answers come when nobody waits for them any more',
    async () => {
      await server.order({ set: { appendDelayMs: 5_500, readDelayMs: 300 } });
      await pause(AWAY_MS);
      await server.order({ set: { appendDelayMs: 0, readDelayMs: 0 } });
    },
  ],
  [
    'breaks connections in the middle of appends, again and again',
    async () => {
      await server.order({ set: { fates: Array.from({ length: 30 }, (_, n) => (['given', 'cut', 'reset', 'unheard', 'lost'] as const)[n % 5]!) } });
      network.reset();
      await until('appends', async () => (await server.order({ set: {} })).fatesLeft === 0);
      await server.order({ do: 'drop subscriptions' });
    },
  ],
];

it.each(FAULTS)(
  'the event store %s: runs go on by themselves, and all that was acknowledged is there once',
  async (_, fault) => {
    const runs = await underLoad();
    await fault();
    await until('health', async () => (await health()).status === 200, 60_000);
    for (const { person, project_id } of runs) {
      expect(await agreeToEverything(person, project_id, 90_000)).toBe('completed');
      expectDeliveredOnce(await expectSoundHistory(installation.url, tokenOf(person), project_id));
    }
  },
  240_000,
);
