import pg from 'pg';
import type { Project } from '#client';
import type { Brain } from '#agents';
import { calculator, plainBrain, startApp, type Person, type TestApp } from '../support/app.js';
import { tokenOf } from '../support/oracle.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { stepThrough } from '../support/stepped-log.js';
import { ApiServer } from './api-server.js';

interface Answer {
  readonly status: number;
  readonly body: any;
}

let postgres: TestPostgres;
let url: string;
let server: ApiServer;
let token: string;
let stranger: string;
let project: Project;
/** What the live read models answered behind each event of the log, by path. */
const shown = new Map<string, Map<string, Answer>>();

/** Records what a model would have cost. */
const plan: Brain['plan'] = async (request, context) => {
  const usage = { model: 'some-model', input_tokens: 10, cache_write_tokens: 1, cache_read_tokens: 2, output_tokens: 20, cost_micro_usd: 333 };
  const of = {
    kind: 'turn',
    loop: 'plan',
    request_hash: 'a'.repeat(64),
    prompt: 'architect/plan@1',
    prompt_hash: 'b'.repeat(64),
    request_id: null,
  } as const;
  for (const number of [0, 1]) await context.model.log.record({ ...of, number, usage, message: { stop_reason: 'end_turn' } as never });
  return plainBrain().plan!(request, context);
};

/** Two runs with everything that shows in an answer: a rejection, an amendment, a defect, a pause, and a delivery that is pruned. */
async function live(app: TestApp): Promise<{ ada: Person; bob: Person; project_id: string }> {
  const [ada, bob] = [await app.newPerson(), await app.newPerson()];
  app.think(plainBrain({ plan, write: async () => calculator('-') }));
  const { project_id } = await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'manual' });
  const other = await bob.client.createProject({ product_idea: 'Another calculator.', autonomy: 'full' });
  await ada.ask('PATCH', `/projects/${project_id}`, { name: 'Sums' });
  const first = await ada.gate(project_id, 'specification');
  await ada.client.respond(first.request_id, { action: 'reject', content_hash: first.content_hash, response_content: 'Say more.' });
  const second = await ada.gate(project_id, 'specification');
  const amended = { ...(second.content as object), requirements: ['It adds two numbers, fast.'] };
  await ada.client.respond(second.request_id, { action: 'amend', content_hash: second.content_hash, response_content: amended });
  await ada.gate(project_id, 'plan');
  await ada.client.pause(project_id);
  await ada.client.resume(project_id);
  await ada.approve(project_id, 'plan');
  await ada.client.postMessage(project_id, 'How is it going?');
  await ada.approve(project_id, 'delivery');
  await ada.reaches(project_id, 'completed', 'completed_with_warnings');
  await ada.ask('POST', `/projects/${project_id}/runs`, { kind: 'refine', instructions: 'Add faster.', autonomy: 'full' });
  await ada.reaches(project_id, 'completed', 'completed_with_warnings');
  await bob.reaches(other.project_id, 'completed', 'completed_with_warnings');
  return { ada, bob, project_id };
}

async function get(path: string, as = token): Promise<Answer> {
  const reply = await fetch(`${server.url}/api/v1${path}`, { headers: { authorization: `Bearer ${as}` } });
  const text = await reply.text();
  return { status: reply.status, body: reply.headers.get('content-type')?.includes('json') ? JSON.parse(text) : text };
}

const at = (path: string, position: string): string => `${path}${path.includes('?') ? '&' : '?'}at_position=${position}`;

/** Everything that can be read of the project, as it was in the end. */
function paths(): string[] {
  const { project_id, tasks, hitl_requests, artifacts } = project;
  const runs = [...new Set(tasks.map(({ run_id }) => run_id))];
  const lists = ['tasks', 'hitl', 'artifacts', 'messages', 'runs'].map((list) => `/projects/${project_id}/${list}`);
  expect(runs.length).toBe(2);
  const trees = artifacts.filter(({ type }) => type === 'code').map(({ artifact_id }) => `/artifacts/${artifact_id}`);
  return [
    `/projects/${project_id}`,
    ...lists,
    `/projects/${project_id}/hitl?status=pending`,
    ...tasks.map(({ task_id }) => `/tasks/${task_id}`),
    ...hitl_requests.map(({ request_id }) => `/hitl/${request_id}`),
    ...artifacts.map(({ artifact_id }) => `/artifacts/${artifact_id}`),
    ...runs.map((run_id) => `/runs/${run_id}`),
    ...trees.flatMap((tree) => [`${tree}/files/sum.mjs`, `${tree}/files/countersign.json`]),
  ];
}

async function inTurns<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
    }),
  );
}

beforeAll(async () => {
  postgres = await startPostgres();
  const app = await startApp({
    postgres,
    env: { ARTIFACTS_KEPT: '1' },
    prepare: (made) => {
      url = made;
      return Promise.resolve();
    },
  });
  const { ada, bob, project_id } = await live(app).finally(() => app.close());
  [token, stranger] = [tokenOf(ada.client), tokenOf(bob.client)];
  server = await ApiServer.start({ createDatabase: () => Promise.resolve(url) }, {}, false);
  const { body } = await get(`/projects/${project_id}`);
  project = body;
  const everything = paths();
  await stepThrough(server, async (position) => {
    const answers = new Map<string, Answer>();
    await inTurns(everything, async (path) => void answers.set(path, await get(path)));
    shown.set(position, answers);
  });
}, 240_000);

afterAll(async () => {
  await server?.stop();
  await postgres?.stop();
}, 30_000);

/** One path of each route. */
const routes = (): string[] => [
  ...new Map([...[...shown.values()].at(-1)!.keys()].map((path) => [path.replaceAll(/[0-9a-f-]{36}/g, '{id}'), path] as const)).values(),
];

/** The positions at which a path is compared: the lists everywhere, one object wherever its answer changes, and right before that. */
function telling(path: string): string[] {
  const positions = [...shown.keys()];
  if (path.startsWith('/projects/')) return positions;
  const answer = (index: number): string => JSON.stringify(shown.get(positions[index]!)!.get(path));
  const changes = positions.map((_, index) => index > 0 && answer(index) !== answer(index - 1));
  return positions.filter((_, index) => changes[index] || changes[index + 1]);
}

describe('a read as of an earlier position', () => {
  it('answers what the live one answered then', async () => {
    const statuses = new Set<number>();
    const asked = [...[...shown.values()][0]!.keys()].flatMap((path) => telling(path).map((position) => ({ path, position })));
    await inTurns(asked, async ({ path, position }) => {
      const before = shown.get(position)!.get(path)!;
      const { status, body } = await get(at(path, position));
      // Between the two events of one append, where nobody ever looks: the project has no run yet.
      const unborn = before.status === 404 && body.items?.length === 0;
      // Of what was not there yet only the sentence differs.
      if (before.status === 404) expect([path, position, unborn || body.code]).toEqual([path, position, unborn || 'not_found']);
      else expect([path, position, status, body]).toEqual([path, position, before.status, before.body]);
      statuses.add(before.status);
    });
    expect([...statuses].sort()).toEqual([200, 404, 410]);
    expect(shown.size).toBeGreaterThan(100);
  }, 200_000);

  it('comes in pages that end at the same place', async () => {
    const middle = [...shown.keys()][Math.floor(shown.size * 0.6)]!;
    for (const list of ['tasks', 'messages', 'hitl', 'artifacts']) {
      const path = `/projects/${project.project_id}/${list}`;
      const items: unknown[] = [];
      for (let cursor = ''; ;) {
        const { body } = await get(at(`${path}?limit=2${cursor && `&cursor=${cursor}`}`, middle));
        expect(body.items.length).toBeLessThanOrEqual(2);
        items.push(...body.items);
        if (body.next_cursor === null) break;
        cursor = body.next_cursor;
      }
      expect([list, items]).toEqual([list, shown.get(middle)!.get(path)!.body.items]);
    }
    expect(shown.get(middle)!.get(`/projects/${project.project_id}/tasks`)!.body.items.length).toBeGreaterThan(4);
  });

  it('shows nothing to anybody else, whatever the position', async () => {
    const last = [...shown.keys()].at(-1)!;
    for (const path of routes()) expect([path, await get(at(path, last), stranger)]).toEqual([path, expect.objectContaining({ status: 404 })]);
  });

  it('is refused with the name of the field where there is no such position', async () => {
    const last = [...shown.keys()].at(-1)!;
    const beyond = String(BigInt(last) + 1n);
    const wrong = ['x', '-1', '1.5', '', ' 1', '0x10', beyond, '9223372036854775807', '9999999999999999999', '9'.repeat(30), '1&at_position=2'];
    for (const path of routes())
      for (const position of wrong) {
        const { status, body } = await get(at(path, position));
        expect([path, position, status, body.code, body.errors?.map(({ field }: { field: string }) => field)]).toEqual([
          path,
          position,
          400,
          'invalid_input',
          ['at_position'],
        ]);
      }
  });

  it('says of what came later that it was not there yet', async () => {
    const { project_id, tasks } = project;
    expect(await get(at(`/projects/${project_id}`, '0'))).toEqual({
      status: 404,
      body: expect.objectContaining({ detail: expect.stringMatching(/^At position 0 of the log the project was not there yet/) }),
    });
    expect(await get(at(`/tasks/${tasks.at(-1)!.task_id}`, [...shown.keys()][20]!))).toEqual({
      status: 404,
      body: expect.objectContaining({ detail: expect.stringMatching(/^At position \d+ of the log this was not there yet/) }),
    });
  });

  it('of files that were swept since says that they are gone', async () => {
    const [first] = project.artifacts.filter(({ type }) => type === 'code');
    const path = `/artifacts/${first!.artifact_id}`;
    const delivered = [...shown.keys()].find((position) => shown.get(position)!.get(path)!.body.delivered_at)!;
    const tree = shown.get(delivered)!.get(path)!.body;
    const { sha256 } = tree.files.find((file: { path: string }) => file.path === 'countersign.json');
    const gone = { status: 410, body: expect.objectContaining({ code: 'artifact_pruned', detail: expect.stringContaining('removed since') }) };
    for (const [hash, asked] of [
      [sha256, `${path}/files/countersign.json`],
      [tree.content_hash, path],
    ] as const) {
      expect((await get(at(asked, delivered))).status).toBe(200);
      await sweep(hash);
      expect(await get(at(asked, delivered))).toEqual(gone);
    }
  });
});

/** Removes a content as a sweep does. */
async function sweep(hash: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const table of ['chunks', 'blobs']) await client.query(`DELETE FROM contents.${table} WHERE sha256 = $1`, [hash]);
  await client.end();
}
