import { Readable } from 'node:stream';
import pg from 'pg';
import { ExportVerifier, readPublishedKeys, Trust, verifyExport, type SignedHead } from '#audit';
import { CONFIG, type Config } from '#platform';
import { plainBrain, startApp, type Person, type TestApp } from '../support/app.js';
import { EventStoreDbServer } from '../support/eventstoredb-server.js';
import { auditOf, expectDeliveredOnce, expectSoundHistory } from '../support/oracle.js';
import { POSTGRES_START_MS } from '../support/postgres.js';
import { until } from '../support/server.js';

/** Everything that `npm start` composes, with the event log in EventStoreDB, or rather its stand-in. */
let server: EventStoreDbServer;
let app: TestApp;
let ada: Person;

beforeAll(async () => {
  server = await EventStoreDbServer.start();
  app = await startApp({ brain: plainBrain(), env: { EVENT_STORE_URL: server.url, AUDIT_HEAD_SECONDS: '1' } });
  ada = await app.newPerson();
}, POSTGRES_START_MS);

afterAll(async () => {
  await app?.close();
  server.stop();
}, 30_000);

const health = async (): Promise<{ status: number; event_store_status: string }> => {
  const response = await fetch(`${app.url}/api/v1/healthz`);
  return { status: response.status, ...((await response.json()) as { event_store_status: string }) };
};

it('delivers with the event log in EventStoreDB, through dropped subscriptions and a server that is away for a while', async () => {
  expect(await health()).toMatchObject({ status: 200, event_store_status: 'ok' });
  const { project_id } = await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'full' });
  await until('work', async () => (await ada.client.listTasks(project_id)).items.length > 0);
  server.dropSubscriptions();
  await until('a second task', async () => (await ada.client.listTasks(project_id)).items.length > 1);
  server.stop();
  await until('notice that it is away', async () => (await health()).event_store_status === 'down');
  await server.start();
  await until('notice that it is back', async () => (await health()).event_store_status === 'ok');
  await ada.reaches(project_id, 'completed');

  const heads = await until('signed heads', async () => {
    const { body } = await ada.ask('GET', `/projects/${project_id}/events/heads`);
    return body.items.length > 0 && (body.items as SignedHead[]);
  });
  const events = await expectSoundHistory(app.url, ada.token, project_id);
  const exported = await fetch(`${app.url}/api/v1/projects/${project_id}/events/export`, { headers: { authorization: `Bearer ${ada.token}` } });
  const keys = readPublishedKeys(await (await fetch(`${app.url}/api/v1/audit/keys`)).text())!;
  const verdict = await verifyExport(Readable.from([Buffer.from(await exported.arrayBuffer())]), new ExportVerifier(new Trust(keys), heads));
  expect(verdict).toMatchObject({ ok: true, events: events.length });
  const recorded = server.log.all.filter(({ stream, type }) => !stream.startsWith('$') && !stream.startsWith('countersign') && type !== '$>');
  expect(events.length).toBeGreaterThan(10);
  // A stream's category is what stands before its first dash: EventStoreDB's $by_category then has one stream for each.
  expect(recorded.filter(({ stream }) => !/^[a-z]+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(stream))).toEqual([]);
  const tasks = recorded.filter(({ type }) => type.startsWith('task.'));
  expect(server.log.stream('$ce-task')).toHaveLength(tasks.length);
  expect(recorded.length).toBeGreaterThanOrEqual(events.length);

  const database = new pg.Client({ connectionString: app.get<Config>(CONFIG).DATABASE_URL });
  await database.connect();
  const { rows } = await database.query(
    'SELECT (SELECT count(*)::int FROM event_log.events) AS log, (SELECT count(*)::int FROM audit.events) AS audit',
  );
  await database.end();
  expect(rows).toEqual([{ log: 0, audit: recorded.length }]);
}, 60_000);

it('forks a run there, too, which then goes on by itself', async () => {
  const [{ project_id: origin } = { project_id: '' }] = (await ada.client.listProjects()).items;
  const before = await auditOf(app.url, ada.token, origin);
  const { position } = before.find(({ event_type, payload }) => event_type === 'task.assigned' && payload['purpose'] === 'write')!;
  const { project_id } = await ada.client.fork(origin, { at_position: position });
  await until('the fork', () => ada.client.getProject(project_id).catch(() => null));
  expect(await ada.reaches(project_id, 'completed')).toMatchObject({ forked_from: { project_id: origin, position } });
  expectDeliveredOnce(await expectSoundHistory(app.url, ada.token, project_id));
  expect(await auditOf(app.url, ada.token, origin)).toEqual(before);
}, 60_000);
