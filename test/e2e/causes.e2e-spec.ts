import { plainBrain, startApp, type Person, type TestApp } from '../support/app.js';
import { auditOf } from '../support/oracle.js';
import { POSTGRES_START_MS } from '../support/postgres.js';
import { until } from '../support/server.js';

interface Traced {
  readonly depth: number;
  readonly of: string | null;
  readonly relation: string | null;
  readonly position: string;
  readonly event_type: string;
  readonly actor: string;
}

let app: TestApp;
let ada: Person;
let bob: Person;
let adaId: string;
let project_id: string;
let delivered: string;

beforeAll(async () => {
  app = await startApp({
    brain: {
      ...plainBrain(),
      // Asks for as long as it is asked.
      converse: () => Promise.resolve({ message: 'Which numbers?', questions: [], ready: false }),
    },
  });
  [ada, bob] = [await app.newPerson(), await app.newPerson()];
  adaId = (await ada.client.me()).user_id;
  ({ project_id } = await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'manual' }));
  await ada.reaches(project_id, 'collecting');
  const messages = (count: number) => until(`${count} messages`, async () => (await ada.client.listMessages(project_id)).items.length >= count);
  await messages(2);
  await ada.client.postMessage(project_id, 'Whole ones.');
  await messages(4);
  await ada.client.finalize(project_id);
  for (const kind of ['specification', 'plan', 'delivery'] as const) await ada.approve(project_id, kind);
  await ada.reaches(project_id, 'completed');
  delivered = (await auditOf(app.url, ada.token, project_id)).find(({ event_type }) => event_type === 'artifact.delivered')!.position;
}, POSTGRES_START_MS + 60_000);

afterAll(() => app?.close(), 30_000);

const trace = async (position: string, query = '', person = ada): Promise<{ status: number; items: Traced[]; complete: boolean }> => {
  const { status, body } = await person.ask('GET', `/events/${position}/causes${query}`);
  return { status, items: body.items ?? [], complete: body.complete };
};

it('a delivery leads back to each approval and message of the person, and to the idea', async () => {
  const { items, complete } = await trace(delivered);
  expect(complete).toBe(true);
  expect(items.map(({ depth }) => depth)).toEqual(items.map((_, index) => index));
  expect(items.every(({ of }, index) => of === (items[index - 1]?.position ?? null))).toBe(true);
  const byAda = items.filter(({ actor }) => actor === adaId).map(({ event_type }) => event_type);
  expect(byAda).toEqual([
    'hitl.responded',
    'hitl.responded',
    'hitl.responded',
    'chat.finalized',
    'chat.message_posted',
    'run.requested',
    'project.created',
  ]);
  const agents = items.filter(({ event_type }) => event_type === 'task.completed').map(({ actor }) => actor);
  expect(agents).toEqual(['agent:qa', 'agent:coder', 'agent:architect', 'agent:analyst', 'agent:analyst', 'agent:analyst']);
  expect(items.at(-1)).toMatchObject({ event_type: 'project.created', relation: 'before' });
  expect(items[1]).toMatchObject({ event_type: 'orchestrator.decided', relation: 'caused' });
});

it('an idea leads to its delivery', async () => {
  const [first] = await auditOf(app.url, ada.token, project_id);
  const { items, complete } = await trace(first!.position, '?direction=effects&depth=500&limit=1000');
  expect(complete).toBe(true);
  expect(items.map(({ position }) => position)).toContain(delivered);
  expect(new Set(items.map(({ position }) => position)).size).toBe(items.length);
  const back = new Map(items.map((one) => [one.position, one]));
  expect(items.slice(1).every(({ of, depth }) => back.get(of!)!.depth === depth - 1)).toBe(true);
});

it('is bounded in depth and number, and says so', async () => {
  expect(await trace(delivered, '?depth=3')).toMatchObject({ complete: false, items: { length: 4 } });
  expect(await trace(delivered, '?limit=5')).toMatchObject({ complete: false, items: { length: 5 } });
  for (const query of ['?depth=0', '?depth=501', '?limit=1001', '?direction=sideways', '?x=1'])
    expect((await trace(delivered, query)).status).toBe(400);
});

it('of what is somebody else’s, or not there, does not exist', async () => {
  expect((await trace(delivered, '', bob)).status).toBe(404);
  expect((await trace('999999')).status).toBe(404);
  expect((await trace('soon')).status).toBe(400);
});

it('events are found by their run, with type and time, and whatever fits nothing is an empty page', async () => {
  const { run_id } = await ada.client.getProject(project_id);
  const find = async (query: string) => (await ada.ask('GET', `/events?${query}`)).body;
  const all = await auditOf(app.url, ada.token, project_id);
  const ofRun = await find(`run_id=${run_id}&limit=200`);
  expect(ofRun.items.length).toBeGreaterThan(30);
  const answers = await find(`run_id=${run_id}&type=hitl.responded&actor=${adaId}`);
  expect(answers).toMatchObject({ items: { length: 3 }, next_cursor: null });
  const time = answers.items[1].timestamp as string;
  const later = await find(`project=x`);
  expect(later.code).toBe('invalid_input');
  expect((await find(`type=hitl.responded&from=${time}`)).items).toHaveLength(2);
  expect((await find(`type=hitl.responded&until=${time}`)).items).toHaveLength(1);
  expect((await find(`run_id=${project_id}`)).items).toEqual([]);
  expect(all.filter(({ event_type }) => event_type === 'hitl.responded')).toHaveLength(3);
  expect((await bob.ask('GET', `/events?run_id=${run_id}`)).body.items).toEqual([]);
});
