import { followProject, type CountersignClient } from '#client';
import type { StreamMessage } from '#contracts';
import { expectOneDelivery, expectSoundHistory, logOf, tokenOf } from '../support/oracle.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../support/postgres.js';
import { agreeToEverything, Installation, newPerson, pause, unlessTooLate, until, type Program } from '../support/server.js';
import { eventOf, LogWatch } from './log-watch.js';

const IDEA = 'A list of books with a title and an author.';
const AWAY_MS = 5_000;

let postgres: TestPostgres;
let databaseUrl: string;
let installation: Installation;
let person: CountersignClient;
let workers: Map<string, Program>;

beforeAll(async () => {
  postgres = await startPostgres({ durable: true });
  databaseUrl = await postgres.createDatabase();
  installation = await Installation.create(databaseUrl);
  await installation.startApi();
  workers = new Map(await Promise.all(['first', 'second'].map(async (name) => [name, await installation.startWorker(name)] as const)));
  person = await newPerson(installation.url);
}, POSTGRES_START_MS);

afterAll(async () => {
  await installation.remove();
  await postgres.stop();
}, 30_000);

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${installation.url}/api/v1${path}`, {
    ...init,
    headers: { authorization: `Bearer ${tokenOf(person)}`, 'content-type': 'application/json' },
  });

const untilQaTests = async (projectId: string): Promise<void> => {
  const watch = await LogWatch.open(databaseUrl, '0');
  await watch.when((event) => event.project_id === projectId && eventOf('task.progressed', '"stage":"Running the tests')(event));
  await watch.close();
};

it('a database that goes away at once and comes back: 503 meanwhile, and the run goes on with all that was acknowledged', async () => {
  const { project_id } = await person.createProject({ product_idea: IDEA, autonomy: 'full' });
  const seen: StreamMessage[] = [];
  const stream = followProject({
    baseUrl: installation.url,
    token: () => tokenOf(person),
    projectId: project_id,
    onMessage: (message) => seen.push(message),
    reconnectMs: [100, 500],
  });
  await person.finalize(project_id).catch(unlessTooLate);
  await untilQaTests(project_id);
  const kept = await logOf(databaseUrl);
  await postgres.crash();
  const back = pause(AWAY_MS).then(() => postgres.start());

  for (const answer of [
    await ask(`/projects/${project_id}`),
    await ask('/projects', { method: 'POST', body: JSON.stringify({ product_idea: IDEA }) }),
  ]) {
    expect(answer.status).toBe(503);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    expect(await answer.json()).toMatchObject({ status: 503, code: 'unavailable' });
  }
  const health = await ask('/healthz');
  expect(health.status).toBe(503);
  expect(await health.json()).toMatchObject({ api_status: 'ok', db_status: 'down', event_store_status: 'down', queue_status: 'down' });
  await back;
  await until('health', async () => (await ask('/healthz')).status === 200, 20_000);

  expect(await agreeToEverything(person, project_id)).toBe('completed');
  await until('the end on the stream', async () => seen.some(({ event_type }) => event_type === 'complete'));
  stream.close();
  const positions = seen.map(({ position }) => BigInt(position!));
  expect(positions.every((position, index) => index === 0 || position >= positions[index - 1]!)).toBe(true);
  expectOneDelivery(await expectSoundHistory(installation.url, tokenOf(person), project_id));
  expect((await logOf(databaseUrl)).slice(0, kept.length)).toEqual(kept);
}, 90_000);

it('a worker that is frozen for longer than its lock: another one finishes, and what it brings late does not count', async () => {
  const { project_id } = await person.createProject({ product_idea: IDEA, autonomy: 'full' });
  await person.finalize(project_id).catch(unlessTooLate);
  await untilQaTests(project_id);
  const [frozen] = (
    await Promise.all([...workers.keys()].map(async (name) => ((await installation.sandboxesOf(name)).length > 0 ? [name] : [])))
  ).flat();
  const worker = workers.get(frozen!)!;
  worker.signal('SIGSTOP');

  expect(await agreeToEverything(person, project_id)).toBe('completed');
  const before = await logOf(databaseUrl);
  worker.signal('SIGCONT');
  await until('an empty sandbox', async () => (await installation.sandboxesOf(frozen!)).length === 0);
  await pause(500);
  expect(await logOf(databaseUrl)).toEqual(before);
  expectOneDelivery(await expectSoundHistory(installation.url, tokenOf(person), project_id));

  // And it works on.
  const { project_id: next } = await person.createProject({ product_idea: IDEA, autonomy: 'full' });
  await person.finalize(next).catch(unlessTooLate);
  expect(await agreeToEverything(person, next)).toBe('completed');
}, 90_000);
