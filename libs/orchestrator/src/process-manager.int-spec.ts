import { randomUUID } from 'node:crypto';
import { CommandBus } from '@nestjs/cqrs';
import type { DataSource } from 'typeorm';
import type { Brain } from '#agents';
import { AgentJobs, DATABASE, Doorbell, EventLog, WrongExpectedRevision, type AgentJob } from '#platform';
import { calculator, plainBrain, startApp, type Person, type TestApp } from '../../../test/support/app.js';
import { auditOf, expectOneDelivery, expectSoundHistory } from '../../../test/support/oracle.js';
import { POSTGRES_START_MS } from '../../../test/support/postgres.js';
import { until } from '../../../test/support/server.js';
import { commandMeta } from '../../../test/support/given.js';
import { AssignmentDesk } from '../../agents/src/assignment.js';
import { Delivery } from './delivery.js';
import { HandoffAssembler } from './handoff-assembler.js';
import { toPipelineInput } from './input-mapping.js';
import { orchestrationStream, type OrchestratorEvent } from './pipeline.events.js';
import { FireTimer } from './timer.commands.js';

const RUNS = 4;

let app: TestApp;
let ada: Person;
let projects: string[];

beforeAll(async () => {
  app = await startApp({ brain: plainBrain() });
  ada = await app.newPerson();
}, POSTGRES_START_MS);
afterAll(() => app?.close(), 30_000);

const database = () => app.get<DataSource>(DATABASE);
const log = () => app.get(EventLog);
const jobs = () => app.get(AgentJobs);
/** Has every input delivered once more, from the first one on. */
const deliverAllAgain = async () => {
  await database().query(`UPDATE read_models.checkpoints SET position = 0 WHERE name = 'orchestrator'`);
  app.get(Doorbell).ring('countersign_events');
};
const allHeard = () =>
  until('every input to be heard', async () => {
    const rows = await database().query<{ position: string }[]>(`SELECT position::text FROM read_models.checkpoints WHERE name = 'orchestrator'`);
    return rows[0]!.position === (await log().store.head());
  });

it('runs whose inputs are delivered over and over while they go on take each step once', async () => {
  projects = await Promise.all(
    Array.from({ length: RUNS }, async () => (await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'full' })).project_id),
  );
  let ended = false;
  const again = (async () => {
    while (!ended) await deliverAllAgain();
  })();
  try {
    for (const id of projects) await ada.reaches(id, 'completed');
  } finally {
    ended = true;
    await again;
  }
  for (const id of projects) expectOneDelivery(await expectSoundHistory(app.url, ada.token, id));
}, 90_000);

it('1,000 inputs that are delivered again change nothing', async () => {
  await allHeard();
  const head = await log().store.head();
  const inputs = (await log().readAll('0', 10_000)).filter((event) => toPipelineInput(event) !== null).length;
  for (let delivered = 0; delivered < 1_000; delivered += inputs) {
    await deliverAllAgain();
    await allHeard();
  }
  expect(await log().store.head()).toBe(head);
}, 120_000);

it('1,000 jobs that are delivered again change nothing', async () => {
  const head = await log().store.head();
  const events = (await Promise.all(projects.map((id) => auditOf(app.url, ada.token, id)))).flat();
  const tasks = events
    .filter(({ event_type }) => event_type === 'task.assigned')
    .map(({ payload }) => payload as unknown as AgentJob & { agent_type: 'qa' });
  for (let delivered = 0; delivered < 1_000; delivered += tasks.length) {
    await Promise.all(tasks.map(({ agent_type, task_id }) => jobs().enqueue(agent_type, { task_id, attempt: 1 })));
    for (const { agent_type, task_id } of tasks)
      await until('the job to be done', async () => !(await jobs().has(agent_type, { task_id, attempt: 1 })));
  }
  expect(await log().store.head()).toBe(head);
}, 120_000);

it('of 500 decisions at the same revision one is on record', async () => {
  const { run_id } = await ada.client.getProject(projects[0]!);
  const stream = orchestrationStream(run_id);
  const history = await log().readStream<OrchestratorEvent>(stream);
  const last = history.at(-1)!;
  const decided: OrchestratorEvent = { type: 'orchestrator.decided', data: { ...last.data, intents: [{ intent: 'hear' }] } };
  const outcomes = await Promise.allSettled(
    Array.from({ length: 500 }, () => log().append(stream, last.revision, [decided], { ...last.metadata, command_id: randomUUID() })),
  );
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(WrongExpectedRevision);
  expect(await log().readStream(stream)).toHaveLength(history.length + 1);
}, 60_000);

it('a timer that 500 find due at the same moment goes off once, and its run ends once', async () => {
  app.think(
    plainBrain({
      write: (_, { signal }) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))),
    }),
  );
  const { project_id } = await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'full', limits: { minutes: 1 } });
  const set = await until('the timer of the working time', async () =>
    (await auditOf(app.url, ada.token, project_id)).find(({ event_type }) => event_type === 'timer.set'),
  );
  const now = new Date(Date.now() + 120_000).toISOString();
  const fire = () =>
    app
      .get(CommandBus)
      .execute(new FireTimer({ timer_id: set.payload['timer_id'] as string }, commandMeta({ command_id: randomUUID(), now, project_id })));
  await Promise.all(Array.from({ length: 500 }, fire));
  await ada.reaches(project_id, 'expired');
  const types = (await expectSoundHistory(app.url, ada.token, project_id)).map(({ event_type }) => event_type);
  expect(types.filter((type) => type === 'timer.fired' || type === 'run.expired')).toEqual(['timer.fired', 'run.expired']);
}, 60_000);

it('a step that cannot be carried out fails its run, and a retry takes that very step', async () => {
  app.think(plainBrain());
  const assembler = app.get(HandoffAssembler);
  const assemble = assembler.assemble.bind(assembler);
  assembler.assemble = (run, assign) => (assign.purpose === 'plan' ? Promise.reject(new Error('no handoff can be made')) : assemble(run, assign));
  const { project_id } = await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'full' });
  const { reason, tasks } = await ada.reaches(project_id, 'failed');
  expect(reason).toContain('could not carry out the next step');
  expect(tasks.map(({ purpose }) => purpose)).toEqual(['converse', 'specify']);
  await ada.client.retry(project_id);
  await until(
    'another failure',
    async () => (await auditOf(app.url, ada.token, project_id)).filter((one) => one.event_type === 'run.failed').length === 2,
  );

  assembler.assemble = assemble;
  await ada.client.retry(project_id);
  await ada.reaches(project_id, 'completed');
  expectOneDelivery(await expectSoundHistory(app.url, ada.token, project_id));
}, 60_000);

it('a result that could not be published when its run was failed is published and delivered after a retry', async () => {
  app.think(plainBrain());
  const delivery = app.get(Delivery);
  const verifiedTree = delivery.verifiedTree.bind(delivery);
  delivery.verifiedTree = () => Promise.reject(new Error('the disk is full'));
  const { project_id } = await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'full' });
  await ada.reaches(project_id, 'failed');
  delivery.verifiedTree = verifiedTree;
  await ada.client.retry(project_id);
  const { artifacts } = await ada.reaches(project_id, 'completed');
  expect(artifacts.filter(({ delivered_at }) => delivered_at !== null)).toHaveLength(1);
  expectOneDelivery(await expectSoundHistory(app.url, ada.token, project_id));
}, 60_000);

it('of two workers on one attempt the one that took it up last hands it in; the other, taken for dead, is refused', async () => {
  let mayGoOn: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (mayGoOn = resolve));
  let refused = 0;
  const write: Brain['write'] = async (_, { progress }) => {
    await held;
    await progress(90, 'late').catch((error: unknown) => {
      refused += 1;
      throw error;
    });
    return calculator();
  };
  app.think(plainBrain({ write }));
  const { project_id } = await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'full' });
  const { task_id, attempt } = await until('the first worker', async () =>
    (await ada.client.listTasks(project_id)).items.find(({ purpose, status }) => purpose === 'write' && status === 'working'),
  );
  const second = (await app.get(AssignmentDesk).pickUp({ task_id, attempt }))!;
  await second.start('second');
  mayGoOn();
  await until('the first one to be refused', async () => refused === 1);
  expect(await ada.client.getTask(task_id)).toMatchObject({ status: 'working', attempt, progress: 0 });
  await second.progress(50, 'in time');
  await until('its progress', async () => (await ada.client.getTask(task_id)).stage === 'in time');
  await ada.client.cancel(project_id);
}, 60_000);
