import { randomUUID } from 'node:crypto';
import { CommandBus } from '@nestjs/cqrs';
import type { DataSource } from 'typeorm';
import { Catalog, DATABASE, EventLog } from '#platform';
import { plainBrain, startApp, type Person, type TestApp } from '../../../test/support/app.js';
import { commandMeta } from '../../../test/support/given.js';
import { auditOf, expectSoundHistory } from '../../../test/support/oracle.js';
import { POSTGRES_START_MS } from '../../../test/support/postgres.js';
import { until } from '../../../test/support/server.js';
import { RequestFork } from '../../projects/src/projects.commands.js';
import { ForkCopier } from './fork-copier.js';

const OPERATOR_TOKEN = 'the-token-of-whoever-runs-the-server-in-a-test';

let app: TestApp;
let ada: Person;
let origin: string;

beforeAll(async () => {
  app = await startApp({ brain: plainBrain(), env: { OPERATOR_TOKEN } });
  ada = await app.newPerson();
  origin = (await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'full' })).project_id;
  await ada.reaches(origin, 'completed');
}, POSTGRES_START_MS);
afterAll(() => app?.close(), 30_000);

it('several workers that copy at the same time make one copy', async () => {
  const { user_id: owner_id } = await ada.client.me();
  const project_id = randomUUID();
  const position = await app.get(EventLog).store.head();
  const meta = commandMeta({ owner_id, requester: owner_id, actor: owner_id, command_id: randomUUID(), project_id });
  await app.get(CommandBus).execute(new RequestFork({ project_id, origin_project_id: origin, position, name: null }, meta));
  const fork = { project_id, owner_id, origin_project_id: origin, position, requested_by: randomUUID(), correlation_id: randomUUID() };
  // Beside that of the application itself.
  const copiers = Array.from({ length: 4 }, () => new ForkCopier(app.get(EventLog), app.get(Catalog)));
  const copied = await Promise.all(copiers.map((copier) => copier.copy(fork, new AbortController().signal)));
  expect(new Set(copied.map((one) => JSON.stringify(one))).size).toBe(1);
  expect(copied[0]!.run_ids).toHaveLength(1);

  await until('the fork', () => ada.client.getProject(project_id).catch(() => null));
  const types = (await auditOf(app.url, ada.token, origin)).map(({ event_type }) => event_type);
  const events = await expectSoundHistory(app.url, ada.token, project_id);
  expect(events.map(({ event_type }) => event_type).slice(0, types.length + 3)).toEqual([
    'project.fork_requested',
    ...types,
    'project.forked',
    'run.forked',
  ]);
});

it('read models that are rebuilt hold forks as they did', async () => {
  const database = app.get<DataSource>(DATABASE);
  // The audit's own tables tell of the rebuilds, too.
  const projections = app.get(Catalog).projections.filter(({ name }) => name !== 'read:audit');
  const rows = async () => {
    const found: Record<string, unknown> = {};
    for (const { name, key } of projections.flatMap(({ tables }) => tables))
      found[name] = await database.query(`SELECT * FROM read_models.${name} ORDER BY ${key}`);
    return found;
  };
  const before = await rows();
  expect(before['forks']).toHaveLength(1);
  const headers = { authorization: `Bearer ${OPERATOR_TOKEN}`, 'content-type': 'application/json' };
  for (const { name } of projections) {
    const answer = await fetch(`${app.url}/api/v1/operations/projections/${name}/rebuild`, { method: 'POST', headers, body: '{}' });
    expect([name, answer.status < 300]).toEqual([name, true]);
  }
  await until('all to be rebuilt', async () => {
    const done = await database.query<object[]>(`SELECT name FROM read_models.checkpoints WHERE name LIKE 'read:%' AND rebuilds_done > 0`);
    return done.length === projections.length;
  });
  expect(await rows()).toEqual(before);
}, 60_000);
