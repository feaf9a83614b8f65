import type { Brain } from '#agents';
import type { Autonomy } from '#contracts';
import { CONFIG, EventLog, ReadModels, type Config } from '#platform';
import { loadLog, readLog, recordedLogs, recordLog } from '../golden/recorded-log.js';
import { calculator, plainBrain, startApp, type Person, type TestApp } from '../support/app.js';
import { auditOf, expectSoundHistory } from '../support/oracle.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../support/postgres.js';
import { until } from '../support/server.js';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
}, POSTGRES_START_MS);

afterAll(() => postgres.stop(), 30_000);

/** What a person does with each of the recorded projects, so that it comes to its end. */
const FINISH: Readonly<Record<string, (person: Person, id: string) => Promise<unknown>>> = {
  collecting: (person, id) => person.client.finalize(id),
  at_gate: (person, id) => person.approve(id, 'plan'),
  paused_with_answers: async (person, id) => {
    await person.client.resume(id);
    await until('the answer in the chat', async () => (await person.client.listMessages(id)).items.at(-1)?.content === 'You wrote: Are you there?');
    await person.approve(id, 'plan');
  },
  paused_at_work: (person, id) => person.client.resume(id),
  // Nothing is heard of it until its agent is done. Its time is kept all the same: it is woken, or has run out since it was recorded.
  fixing: async (person, id) => {
    await until('its time to be kept', async () => {
      if ((await person.client.getProject(id)).status === 'expired') await person.client.retry(id);
      return timersOf(await auditOf(person.url, person.token, id)) === 'set fired set';
    });
    mayRepair();
  },
};

/** What happened to the timers of the working time, in order. */
const timersOf = (events: Awaited<ReturnType<typeof auditOf>>): string =>
  events.flatMap(({ event_type }) => (event_type.startsWith('timer.') ? [event_type.slice('timer.'.length)] : [])).join(' ');

let mayRepair: () => void;

describe.each(recordedLogs())('runs that an older version has begun (%s)', (name) => {
  let app: TestApp;
  let ada: Person;
  const recording = readLog(name);

  beforeAll(async () => {
    const allowed = new Promise<void>((resolve) => (mayRepair = resolve));
    const brain = plainBrain({ repair: () => allowed.then(() => calculator()) });
    app = await startApp({ postgres, brain, prepare: (url) => loadLog(url, recording) });
    ada = await app.person(recording.email);
    const last = await app.get(EventLog).store.head();
    await until('the read models', () => app.get(ReadModels).waitFor(last));
  }, 30_000);
  afterAll(() => app?.close(), 30_000);

  it.each(Object.entries(recording.projects))(
    'go on to their delivery: %s',
    async (stage, id) => {
      const before = await auditOf(app.url, ada.token, id);
      await FINISH[stage]!(ada, id);
      await ada.reaches(id, 'completed');
      const events = await expectSoundHistory(app.url, ada.token, id);
      expect(events.slice(0, before.length)).toEqual(before);
      expect(events.filter(({ event_type }) => ['artifact.delivered', 'run.completed'].includes(event_type))).toHaveLength(2);
      expect(timersOf(events)).toMatch(/^(set fired )?set cancelled$/);
    },
    30_000,
  );

  it.each(Object.entries(recording.projects))(
    'go on to their delivery in a fork, too: %s',
    async (stage, origin) => {
      const before = await auditOf(app.url, ada.token, origin);
      const { project_id: id } = await ada.client.fork(origin, { at_position: recording.events.at(-1)!.position });
      if (stage !== 'fixing') await FINISH[stage]!(ada, id);
      await ada.reaches(id, 'completed');
      const events = await expectSoundHistory(app.url, ada.token, id);
      expect(events.filter(({ event_type }) => ['artifact.delivered', 'run.completed'].includes(event_type))).toHaveLength(2);
      expect(await auditOf(app.url, ada.token, origin)).toEqual(before);
    },
    30_000,
  );
});

/**
 * Before the workflow or an event changes, record what the present version leaves behind:
 * RECORD_LOG=002-name.json npm run test:e2e -- older-runs
 */
const wanted = process.env['RECORD_LOG'];
if (wanted)
  it('records a log with unfinished runs', async () => {
    const forever = (_: unknown, { signal }: { signal: AbortSignal }) =>
      new Promise<never>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
    const app = await startApp({ postgres });
    try {
      const ada = await app.newPerson();
      const create = async (autonomy: Autonomy, brain: Partial<Brain> = {}): Promise<string> => {
        app.think(plainBrain(brain));
        return (await ada.client.createProject({ product_idea: 'A calculator.', autonomy, limits: { minutes: 1 } })).project_id;
      };
      const task = (id: string, purpose: string, stage: string) =>
        until(`${purpose}: ${stage}`, async () =>
          (await ada.client.listTasks(id)).items.some((one) => one.purpose === purpose && one.stage === stage),
        );

      const collecting = await create('full', { converse: () => Promise.resolve({ message: 'Which numbers?', questions: [], ready: false }) });
      await until('the analyst', async () => (await ada.client.listMessages(collecting)).items.length === 2);

      const at_gate = await create('plan');
      await ada.approve(at_gate, 'specification');
      await ada.gate(at_gate, 'plan');

      const paused_with_answers = await create('plan');
      const { request_id, content_hash } = await ada.gate(paused_with_answers, 'specification');
      await ada.client.pause(paused_with_answers);
      await ada.client.postMessage(paused_with_answers, 'Are you there?');
      await ada.client.respond(request_id, { action: 'approve', content_hash });
      const kept = async () => JSON.stringify(await auditOf(app.url, ada.token, paused_with_answers)).match(/"intent":"defer"/g);
      await until('both to be kept', async () => (await kept())?.length === 2);

      const paused_at_work = await create('full', { write: forever });
      await task(paused_at_work, 'write', 'working');
      await ada.client.pause(paused_at_work);
      await task(paused_at_work, 'write', 'paused');

      const fixing = await create('full', { write: () => Promise.resolve(calculator('-')), repair: forever });
      await task(fixing, 'repair', 'working');
      const { email } = await ada.client.me();
      const url = app.get<Config>(CONFIG).DATABASE_URL;
      await recordLog(wanted, url, email, { collecting, at_gate, paused_with_answers, paused_at_work, fixing });
    } finally {
      await app.close();
    }
  }, 60_000);
