import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { Test, type TestingModule } from '@nestjs/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseDataKeys, EventLog, JobQueueModule, newId, parseEnvironment, PlatformModule, type Config } from '#platform';
import { GetProject } from '#projects';
import { WorkerModule } from '../../apps/worker/src/worker.module.js';
import { CreateProject } from '../../libs/projects/src/projects.commands.js';
import { FinalizeRequirements } from '../../libs/requirements-chat/src/requirements-chat.commands.js';
import { startPostgres, POSTGRES_START_MS, type TestPostgres } from '../support/postgres.js';
import { commandMeta } from '../support/given.js';

let postgres: TestPostgres;
let app: TestingModule;
let folder: string;
const user = newId();

beforeAll(async () => {
  postgres = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'countersign-e2e-'));
  const config = { ...parseEnvironment({ DATA_DIR: folder }), DATABASE_URL: await postgres.createDatabase(), JWT_SECRET: 'x'.repeat(40) } as Config;
  app = await Test.createTestingModule({ imports: [PlatformModule.forRoot(config), JobQueueModule.forRoot(config), WorkerModule] }).compile();
  await app.init();
  await app.get(DatabaseDataKeys).create(user);
}, POSTGRES_START_MS);

afterAll(async () => {
  await app?.close();
  await postgres?.stop();
  await rm(folder, { recursive: true, force: true });
});

it('takes an idea to a delivery', async () => {
  const project_id = newId();
  const run_id = newId();
  const meta = commandMeta({ command_id: newId(), owner_id: user, project_id, run_id, now: new Date().toISOString() });
  await app.get(CommandBus).execute(
    new CreateProject(
      { project_id, run_id, name: 'Tools', product_idea: 'A tool library: tools with a name and a condition, members with a name and an email, and loans of tools to members with a due date. Show overdue loans. No sign-in.', generation_spec: null, pipeline: 'standard', autonomy: 'full', limits: { minutes: 45, fix_rounds: 4 } },
      meta,
    ),
  );
  const log = app.get(EventLog);
  let seen = '0';
  let finalized = false;
  const end = Date.now() + 60_000;
  for (;;) {
    const events = await log.readProject(project_id, seen, 500);
    for (const event of events) {
      console.log(event.position, event.type, JSON.stringify(event.data).slice(0, 300));
      seen = event.position;
    }
    const view = await app.get(QueryBus).execute(new GetProject(project_id, user)).catch(() => null);
    if (!finalized && events.some((e) => e.type === 'chat.message_posted' && (e.data as { author: string }).author === 'analyst')) {
      finalized = true;
      await app.get(CommandBus).execute(new FinalizeRequirements({ project_id, run_id }, { ...meta, command_id: newId() }));
    }
    if (view && /completed|failed/.test(view.status)) break;
    if (Date.now() > end) throw new Error('timeout');
    await new Promise((r) => setTimeout(r, 200));
  }
}, 90_000);
