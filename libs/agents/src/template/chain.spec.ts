import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { HANDOFFS } from '#contracts';
import type { WrittenCode } from '../brain.js';
import { TemplateBrain } from './index.js';
import { IDEAS, contextOf, conversation } from './testing.js';

const brain = new TemplateBrain();
const folders: string[] = [];
const running: ChildProcess[] = [];
const { NODE_OPTIONS: _ignored, ...rest } = process.env;
const env: NodeJS.ProcessEnv = Object.fromEntries(Object.entries(rest).filter(([name]) => !/^(npm_|NODE_|JEST_)/.test(name)));

afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** From an idea to files, every handoff validated on its way. */
async function build(idea: string): Promise<WrittenCode> {
  const context = contextOf();
  HANDOFFS.analyst_turn.schema.parse(await brain.converse(conversation(idea), context));
  const specification = HANDOFFS.software_specification.schema.parse(
    await brain.specify(conversation(idea, { purpose: 'specify', finalized: true }), context),
  );
  const plan = HANDOFFS.implementation_plan.schema.parse(await brain.plan({ specification, revision: null }, context));
  const code = await brain.write(plan, context);
  expect(code.coverage.map((one) => one.criterion_id)).toEqual(specification.acceptance_criteria.map((one) => one.id));
  expect(code.files.map((file) => file.path).sort()).toEqual(plan.task_breakdown.flatMap((task) => task.files).sort());
  return code;
}

function lay(code: WrittenCode): string {
  const folder = mkdtempSync(join(tmpdir(), 'template-app-'));
  folders.push(folder);
  for (const file of code.files) {
    mkdirSync(dirname(join(folder, file.path)), { recursive: true });
    writeFileSync(join(folder, file.path), file.content, { mode: file.executable ? 0o755 : 0o644 });
  }
  return folder;
}

const run = (folder: string, command: string): { status: number | null; output: string } => {
  const done = spawnSync('sh', ['-c', command], { cwd: folder, env, encoding: 'utf8', timeout: 120_000 });
  return { status: done.status, output: done.stdout + done.stderr };
};

async function start(folder: string): Promise<string> {
  const child = spawn(join(folder, 'run-app.sh'), [], {
    cwd: folder,
    env: { ...env, PORT: '0', HOST: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  let output = '';
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (/Ready: \S+/.test(output)) break;
  }
  return /Ready: (\S+)/.exec(output)?.[1] ?? '';
}

const json = (origin: string, path: string, method: string, value?: unknown): Promise<Response> =>
  fetch(origin + path, { method, ...(value !== undefined && { body: JSON.stringify(value), headers: { 'content-type': 'application/json' } }) });

const form = (origin: string, path: string, values: Record<string, string>): Promise<Response> =>
  fetch(origin + path, { method: 'POST', body: new URLSearchParams(values), redirect: 'manual' });

describe('from an idea to a running app', () => {
  it.each([['bookClub'], ['timeTracking'], ['inventory'], ['expenses'], ['bugs'], ['courses'], ['lending'], ['deals'], ['league']] as const)(
    'builds, tests and starts: %s',
    async (name) => {
      const code = await build(IDEAS[name]);
      const folder = lay(code);
      const install = run(folder, code.commands.install);
      expect([install.status, install.output]).toEqual([0, expect.anything()]);
      expect(run(folder, code.commands.lint ?? 'false').status).toBe(0);
      const test = run(folder, code.commands.test);
      expect(test.status === 0 ? '' : test.output).toBe('');
      for (const { test: title } of code.coverage) expect(test.output).toContain(title);
      const origin = await start(folder);
      expect(await (await fetch(`${origin}/healthz`)).json()).toEqual({ status: 'ok' });
    },
    180_000,
  );

  it('is used by form and by JSON, and keeps what it was given', async () => {
    const folder = lay(await build(IDEAS.bookClub));
    const origin = await start(folder);
    const added = await form(origin, '/books', { title: 'Dune & <more>', author: 'Frank Herbert' });
    expect([added.status, added.headers.get('location')]).toEqual([303, '/books/1?done=added']);
    const page = await (await fetch(`${origin}/books`)).text();
    expect(page).toContain('Dune &amp; &lt;more&gt;');
    expect((await form(origin, '/books/1', { title: 'Dune', version: '1' })).status).toBe(303);
    expect((await form(origin, '/books/1', { title: 'Too late', version: '1' })).status).toBe(409);
    const refused = await form(origin, '/books', { title: '' });
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining('Title is required.')]);
    expect((await json(origin, '/api/members', 'POST', { name: 'Ann' })).status).toBe(201);
    const loan = await json(origin, '/api/loans', 'POST', { book: 1, member: 1, due_date: '2020-01-31' });
    expect(loan.status).toBe(201);
    expect(await (await json(origin, '/api/lists/overdue-loans', 'GET')).json()).toMatchObject({ items: [{ id: 1 }] });
    expect((await json(origin, '/api/loans/1', 'PATCH', { return_date: '2020-02-01' })).status).toBe(200);
    expect(await (await json(origin, '/api/lists/overdue-loans', 'GET')).json()).toEqual({ items: [] });
    expect((await json(origin, '/api/books/1', 'DELETE')).status).toBe(409);
    expect((await json(origin, '/api/loans/1', 'DELETE')).status).toBe(204);
    expect((await json(origin, '/api/books/1', 'DELETE')).status).toBe(204);
  }, 60_000);

  it('has tests that fail when a rule is taken out of the app', async () => {
    const code = await build(IDEAS.plants);
    const folder = lay(code);
    const file = join(folder, 'src', 'records', 'plant.js');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(', required: true, unique: true }');
    writeFileSync(file, text.replace(', required: true, unique: true }', ', unique: true }'));
    const test = run(folder, code.commands.test);
    expect(test.status).not.toBe(0);
    expect(test.output).toMatch(/not ok \d+ - AC-\d+: A plant without name is refused/);
  }, 120_000);
});
