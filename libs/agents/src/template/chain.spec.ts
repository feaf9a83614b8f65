import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HANDOFFS } from '#contracts';
import { LaidApp } from '../../../../test/support/laid-app.js';
import type { WrittenCode } from '../brain.js';
import { TemplateBrain } from './index.js';
import { IDEAS, contextOf, conversation } from './testing.js';

const brain = new TemplateBrain();
const apps: LaidApp[] = [];

afterEach(() => {
  for (const app of apps.splice(0)) app.remove();
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

function lay(code: WrittenCode): LaidApp {
  const app = LaidApp.lay(code);
  apps.push(app);
  return app;
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
      const app = lay(code);
      const install = await app.run(code.commands.install);
      expect([install.code, install.output]).toEqual([0, expect.anything()]);
      expect((await app.run(code.commands.lint ?? 'false')).code).toBe(0);
      const test = await app.run(code.commands.test);
      expect(test.code === 0 ? '' : test.output).toBe('');
      for (const { test: title } of code.coverage) expect(test.output).toContain(title);
      const origin = await app.start();
      expect(await (await fetch(`${origin}/healthz`)).json()).toEqual({ status: 'ok' });
    },
    180_000,
  );

  it('is used by form and by JSON, and keeps what it was given', async () => {
    const app = lay(await build(IDEAS.bookClub));
    const origin = await app.start();
    const added = await form(origin, '/books', { title: 'Dune & <more>', author: 'Frank Herbert' });
    expect([added.status, added.headers.get('location')]).toEqual([303, '/books/1?_done=added']);
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
    const app = lay(code);
    const file = join(app.folder, 'src', 'records', 'plant.js');
    const text = readFileSync(file, 'utf8');
    expect(text).toContain(', required: true, unique: true }');
    writeFileSync(file, text.replace(', required: true, unique: true }', ', unique: true }'));
    const test = await app.run(code.commands.test);
    expect(test.code).not.toBe(0);
    expect(test.output).toMatch(/not ok \d+ - AC-\d+: A plant without name is refused/);
  }, 120_000);
});
