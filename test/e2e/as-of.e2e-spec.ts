import { PassThrough } from 'node:stream';
import pg from 'pg';
import type { Project, ProjectDiff } from '#client';
import type { Brain } from '#agents';
import { calculator, plainBrain, startApp, type Person, type TestApp } from '../support/app.js';
import { tokenOf } from '../support/oracle.js';
import { startPostgres, type TestPostgres } from '../support/postgres.js';
import { stepThrough } from '../support/stepped-log.js';
import { run } from '../../apps/cli/src/run.js';
import { Terminal } from '../../apps/cli/src/terminal.js';
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
  const files = [
    { path: 'NOTES.md', content: 'Notes.\n' },
    { path: 'logo.bin', content: 'a\0b' },
    { path: 'long.txt', content: 'A line.\n'.repeat(40_000) },
  ];
  app.think(plainBrain({ write: async () => calculator('+ 0 +', { files }) }));
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
});

describe('the difference between two positions', () => {
  const diff = async (from: string, to?: string): Promise<ProjectDiff> => {
    const { status, body } = await get(`/projects/${project.project_id}/diff?from=${from}${to === undefined ? '' : `&to=${to}`}`);
    expect([from, to, status]).toEqual([from, to, 200]);
    return body;
  };
  const view = (position: string): Project | null => {
    const { status, body } = shown.get(position)!.get(`/projects/${project.project_id}`)!;
    return status === 200 ? body : null;
  };
  /** Where the first run ended. */
  const delivered = (): string => [...shown.keys()].find((position) => view(position)?.status.startsWith('completed'))!;

  it('from the beginning to the end is everything', async () => {
    const found = await diff('0');
    const last = [...shown.keys()].at(-1)!;
    expect(found).toMatchObject({ project_id: project.project_id, from: '0', to: last, status: { before: null, after: project.status } });
    expect(found.tasks.map(({ task_id, before, after }) => ({ task_id, before, after }))).toEqual(
      project.tasks.map(({ task_id, status }) => ({ task_id, before: null, after: status })),
    );
    const { items } = shown.get(last)!.get(`/projects/${project.project_id}/messages`)!.body;
    expect(found.messages.map(({ message_id, content }) => [message_id, content])).toEqual(items.map((one: any) => [one.message_id, one.content]));
    expect(found.runs.map(({ before, after }) => [before, after])).toEqual([
      [null, project.status],
      [null, 'completed'],
    ]);
    expect(found.files.every(({ change, before }) => change === 'added' && before === null)).toBe(true);
    expect(found.specification).toMatchObject({ before: null, diff: expect.stringContaining('\n+  - It adds two numbers.\n') });
    expect(found.plan!.diff).toContain('\n+  title: Calculator\n');
  });

  it('between neighbours is what changed in the live answers', async () => {
    const positions = [...shown.keys()];
    const states = (at: Project | null, key: 'tasks' | 'hitl_requests'): Map<string, string> =>
      new Map(at?.[key].map((one) => ['task_id' in one && key === 'tasks' ? one.task_id : (one as { request_id: string }).request_id, one.status]));
    await inTurns(
      positions.slice(1).map((to, index) => [positions[index]!, to] as const),
      async ([from, to]) => {
        const [before, after, found] = [view(from), view(to), await diff(from, to)];
        for (const [key, list, id] of [
          ['tasks', found.tasks, 'task_id'],
          ['hitl_requests', found.gates, 'request_id'],
        ] as const) {
          const known = states(before, key);
          const expected = [...states(after, key)]
            .filter(([one, status]) => known.get(one) !== status)
            .map(([one, status]) => [one, known.get(one) ?? null, status]);
          const told = list.map((one) => [(one as unknown as Record<string, string>)[id], one.before, one.after]);
          expect([from, to, key, told.sort()]).toEqual([from, to, key, expected.sort()]);
        }
        expect([from, to, found.status]).toEqual([
          from,
          to,
          after && after.status !== before?.status ? { before: before?.status ?? null, after: after.status } : null,
        ]);
        if (await same(from, to)) expect([from, to, found.files, found.specification, found.plan]).toEqual([from, to, [], null, null]);
      },
    );
  }, 120_000);

  const same = async (from: string, to: string): Promise<boolean> => JSON.stringify(view(from)?.artifacts) === JSON.stringify(view(to)?.artifacts);

  it('shows files line by line, and says where it does not', async () => {
    const { files, messages } = await diff(delivered());
    expect(files.map(({ path, change, omitted }) => [path, change, omitted])).toEqual([
      ['NOTES.md', 'added', null],
      ['countersign.json', 'changed', null],
      ['logo.bin', 'added', 'binary'],
      ['long.txt', 'added', 'too_large'],
      ['sum.mjs', 'changed', null],
    ]);
    const sum = files.find(({ path }) => path === 'sum.mjs')!;
    expect(sum.diff).toBe(
      '--- a/sum.mjs\n+++ b/sum.mjs\n@@ -1 +1 @@\n-export const sum = (a, b) => a + b;\n+export const sum = (a, b) => a + 0 + b;\n',
    );
    expect(messages.map(({ content }) => content)).toContain('Add faster.');
    const { files: back } = await diff('0', delivered());
    expect(back.map(({ path }) => path)).toEqual(['app.mjs', 'countersign.json', 'sum.mjs', 'test.mjs']);
  });

  it('is refused for positions that are none, and for strangers', async () => {
    const path = `/projects/${project.project_id}/diff`;
    for (const [query, field] of [
      ['', 'from'],
      ['?to=1', 'from'],
      ['?from=x', 'from'],
      ['?from=9999999999', 'from'],
      ['?from=1&to=9999999999', 'to'],
      ['?from=5&to=4', 'from'],
    ] as const) {
      const { status, body } = await get(`${path}${query}`);
      expect([query, status, body.errors?.[0]?.field]).toEqual([query, 400, field]);
    }
    expect((await get(`${path}?from=0`, stranger)).status).toBe(404);
  });

  it('is shown in a terminal, in colours where it has them', async () => {
    const print = async (colour: boolean, ...range: [from: string, to?: string]): Promise<string> => {
      const output = new PassThrough();
      const [from, to] = range;
      const around = {
        env: {},
        cwd: '/',
        terminal: new Terminal({ input: new PassThrough(), output, interactive: false, colour }),
        signal: new AbortController().signal,
        settings: { host: '', port: 0, dataDir: '', entry: '' },
      };
      const command = { name: 'diff', projectId: project.project_id, from, to, url: server.url, apiKey: token } as const;
      expect(await run(command, around)).toBe(0);
      return String(output.read());
    };
    const text = await print(false, delivered());
    expect(text).not.toContain('\u001b');
    for (const part of [
      'completed',
      'analyst specify',
      '~  sum.mjs',
      '+  logo.bin',
      '(binary, not shown)',
      '+export const sum = (a, b) => a + 0 + b;',
      'Add faster.',
    ])
      expect(text).toContain(part);
    expect(await print(true, delivered())).toContain('\u001b[32m+export const sum');
    const last = [...shown.keys()].at(-1)!;
    expect(await print(false, last, last)).toBe(`From position ${last} to ${last}\nNothing that can be seen differs.\n`);
  });
});

it('a read of files that were swept since says that they are gone', async () => {
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
    // What a process has read it remembers for a moment.
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    expect(await get(at(asked, delivered))).toEqual(gone);
  }
});

/** Removes a content as a sweep does. */
async function sweep(hash: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  for (const table of ['chunks', 'blobs']) await client.query(`DELETE FROM contents.${table} WHERE sha256 = $1`, [hash]);
  await client.end();
}
