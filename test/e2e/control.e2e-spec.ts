import { readdir, readFile } from 'node:fs/promises';
import { CommandBus } from '@nestjs/cqrs';
import type { Autonomy } from '#contracts';
import { newId } from '#platform';
import { FireTimer } from '../../libs/orchestrator/src/timer.commands.js';
import { calculator, plainBrain, startApp, type Person, type TestApp } from '../support/app.js';
import { auditOf, expectSoundHistory } from '../support/oracle.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../support/postgres.js';
import { pause, until } from '../support/server.js';

let postgres: TestPostgres;
let app: TestApp;
/** One run at a time, and three a day. */
let strict: TestApp;
let ada: Person;

beforeAll(async () => {
  postgres = await startPostgres();
  app = await startApp({ postgres });
  strict = await startApp({ postgres, brain: plainBrain(), env: { RUNNING_RUNS_PER_USER: '1', DAILY_RUNS_PER_USER: '3' } });
  ada = await app.newPerson();
}, POSTGRES_START_MS);

afterAll(async () => {
  await strict?.close();
  await app?.close();
  await postgres?.stop();
}, 60_000);

const start = async (autonomy: Autonomy = 'full', limits: { minutes?: number } = {}, as = ada): Promise<string> =>
  (await as.client.createProject({ product_idea: 'A calculator.', autonomy, limits })).project_id;

/** Holds whoever passes until it is opened, or they are told to stop. */
class Latch {
  calls = 0;
  aborts = 0;
  private readonly held = new Set<() => void>();
  private open = false;

  async pass(signal: AbortSignal): Promise<void> {
    this.calls += 1;
    if (this.open) return;
    await new Promise<void>((resolve, reject) => {
      this.held.add(resolve);
      signal.addEventListener('abort', () => {
        this.aborts += 1;
        reject(signal.reason as Error);
      });
    });
  }

  release(): void {
    this.open = true;
    for (const resolve of this.held) resolve();
  }
}

/** A brain whose coder is held. */
function slowCoder(): { brain: ReturnType<typeof plainBrain>; latch: Latch } {
  const latch = new Latch();
  const write = async (_: unknown, { signal }: { signal: AbortSignal }) => {
    await latch.pass(signal);
    return calculator();
  };
  return { brain: plainBrain({ write }), latch };
}

/** A brain whose code has a test that goes on for ever, and how many processes of it there are. */
function endlessTest(): { brain: ReturnType<typeof plainBrain>; processes: () => Promise<number> } {
  const marker = `endless-${crypto.randomUUID()}`;
  const code = calculator('+', {
    files: [{ path: 'endless.mjs', content: 'setInterval(() => undefined, 1000);\n' }],
    commands: { test: `node endless.mjs ${marker}` },
  });
  const processes = async () => {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    return lines.filter((line) => line.includes(marker)).length;
  };
  return { brain: plainBrain({ write: () => Promise.resolve(code) }), processes };
}

/** Types of the events after the last one of a type. */
async function eventsAfter(projectId: string, type: string): Promise<string[]> {
  const types = (await auditOf(app.url, ada.token, projectId)).map(({ event_type }) => event_type);
  return types.slice(types.lastIndexOf(type) + 1);
}

const STARTS = ['task.started', 'task.progressed', 'task.check_recorded', 'task.assigned', 'task.reissued'];

describe('a pause', () => {
  it('stops the model at once, starts nothing, and what was open is done after it', async () => {
    const { brain, latch } = slowCoder();
    app.think(brain);
    const id = await start();
    await until('the coder at work', async () => latch.calls === 1);
    expect(await ada.client.pause(id)).toMatchObject({ status: 'paused' });
    await until('the coder to be stopped', async () => latch.aborts === 1, 1_000);
    await ada.client.postMessage(id, 'Are you there?');
    await pause(700);
    expect((await eventsAfter(id, 'run.paused')).filter((type) => STARTS.includes(type))).toEqual([]);
    expect(await ada.client.getProject(id)).toMatchObject({ status: 'paused' });
    expect(latch.calls).toBe(1);
    expect(await ada.client.pause(id)).toMatchObject({ status: 'paused' });

    latch.release();
    expect(await ada.client.resume(id)).toMatchObject({ status: 'running' });
    const { tasks } = await ada.reaches(id, 'completed');
    expect(tasks.find(({ purpose }) => purpose === 'write')).toMatchObject({ status: 'completed', attempt: 2 });
    await until('the answer', async () => (await ada.client.listMessages(id)).items.at(-1)?.content === 'You wrote: Are you there?');
    expect(latch.calls).toBe(2);
    await expect(ada.client.pause(id)).rejects.toMatchObject({ status: 409, code: 'run_not_active' });
    await expect(ada.client.resume(id)).rejects.toMatchObject({ status: 409, code: 'run_not_paused' });
    await expectSoundHistory(app.url, ada.token, id);
  });

  it('ends the sandbox’s command, and so does cancelling', async () => {
    const { brain, processes } = endlessTest();
    app.think(brain);
    const id = await start();
    await until('the test to run', async () => (await processes()) > 0);
    await ada.client.pause(id);
    await until('the test to be ended', async () => (await processes()) === 0, 3_000);
    await pause(300);
    expect((await eventsAfter(id, 'task.interrupted')).filter((type) => STARTS.includes(type))).toEqual([]);

    await ada.client.resume(id);
    await until('the test to run again', async () => (await processes()) > 0);
    await ada.client.cancel(id);
    await until('the test to be ended', async () => (await processes()) === 0, 3_000);
    await until('the task to be cancelled', async () => (await ada.client.listTasks(id)).items.at(-1)?.status === 'cancelled');
    expect((await eventsAfter(id, 'task.cancelled')).filter((type) => STARTS.includes(type))).toEqual([]);
    await until('the workspace to be removed', async () => (await readdir(`${app.folder}/data/sandboxes`)).length === 0, 3_000);
    await expectSoundHistory(app.url, ada.token, id);
  });

  it('keeps the answer to a gate until the run goes on', async () => {
    app.think(plainBrain());
    const id = await start('plan');
    const { request_id, content_hash } = await ada.gate(id, 'specification');
    await ada.client.pause(id);
    expect(await ada.client.respond(request_id, { action: 'approve', content_hash })).toMatchObject({ new_status: 'approved' });
    await pause(300);
    expect((await ada.client.getProject(id)).tasks.map(({ purpose }) => purpose)).toEqual(['converse', 'specify']);
    await ada.client.resume(id);
    await ada.approve(id, 'plan');
    await ada.reaches(id, 'completed');
  });

  it('of the requirements chat has what was written meanwhile read after it', async () => {
    const heard: string[][] = [];
    app.think(
      plainBrain({
        converse: ({ messages }) => {
          heard.push(messages.map(({ content }) => content));
          return Promise.resolve({ message: 'Go on.', questions: [], ready: heard.length > 1 });
        },
      }),
    );
    const id = await start();
    await until('the analyst', async () => heard.length === 1);
    await ada.client.pause(id);
    await ada.client.postMessage(id, 'With whole numbers.');
    await ada.client.postMessage(id, 'And fractions.');
    await pause(200);
    expect(heard).toHaveLength(1);
    await ada.client.resume(id);
    await ada.reaches(id, 'completed');
    expect(heard.at(-1)).toEqual(expect.arrayContaining(['With whole numbers.', 'And fractions.']));
  });
});

describe('cancelling', () => {
  it('stops the model and ends the run for good', async () => {
    const { brain, latch } = slowCoder();
    app.think(brain);
    const id = await start();
    const { run_id } = await ada.client.getProject(id);
    await until('the coder at work', async () => latch.calls === 1);
    expect(await ada.ask('POST', `/runs/${run_id}/stop`)).toMatchObject({ status: 200, body: { run_id, status: 'cancelled' } });
    await until('the coder to be stopped', async () => latch.aborts === 1, 1_000);
    await until('the task to be cancelled', async () => (await ada.client.listTasks(id)).items.at(-1)?.status === 'cancelled');
    expect(await ada.client.cancel(id)).toMatchObject({ status: 'cancelled' });
    await expect(ada.client.postMessage(id, 'Hello?')).rejects.toMatchObject({ status: 409, code: 'chat_closed' });
    await expect(ada.client.retry(id)).rejects.toMatchObject({ status: 409, code: 'run_not_failed' });
    await expect(ada.client.resume(id)).rejects.toMatchObject({ status: 409, code: 'run_not_paused' });

    app.think(plainBrain());
    const again = await ada.ask('POST', `/projects/${id}/runs`, { kind: 'retry' });
    expect(again.status).toBe(201);
    expect(await ada.ask('POST', `/runs/${run_id}/stop`)).toMatchObject({ status: 409, body: { code: 'run_not_active' } });
    await ada.reaches(id, 'completed');
    await expectSoundHistory(app.url, ada.token, id);
  });

  it('at a gate or while paused leaves nothing that waits', async () => {
    app.think(plainBrain());
    const id = await start('plan');
    const { request_id } = await ada.gate(id, 'specification');
    await ada.client.pause(id);
    await ada.client.cancel(id);
    await until('the gate to expire', async () => (await ada.client.getHitl(request_id)).status === 'expired');
    expect(await ada.client.getProject(id)).toMatchObject({ status: 'cancelled' });
  });
});

describe('a person’s allowance', () => {
  it('lets as many runs work at a time, and the next one when one ends or is cancelled', async () => {
    const { brain, latch } = slowCoder();
    strict.think(brain);
    const bob = await strict.newPerson();
    const [first, second, third] = [await start('full', {}, bob), await start('full', {}, bob), await start('full', {}, bob)];
    await until('the first coder', async () => latch.calls === 1);
    const queued = (id: string) => until('the run to be queued', async () => (await bob.client.getProject(id)).status === 'queued');
    await queued(second);
    await queued(third);
    await bob.client.cancel(first);
    const [next, last] = await until('another coder', async () => {
      const status = (await bob.client.getProject(second)).status;
      return latch.calls === 2 && (status === 'running' ? [second, third] : [third, second]);
    });
    expect((await bob.client.getProject(last)).status).toBe('queued');
    latch.release();
    await bob.reaches(next, 'completed');
    await bob.reaches(last, 'completed');
    expect(latch.calls).toBe(3);
  });

  it('lets as many runs start in a day, of those that are asked for at the same moment too', async () => {
    strict.think(plainBrain());
    const eve = await strict.newPerson();
    const create = (key = crypto.randomUUID()) =>
      eve.ask('POST', '/projects', { product_idea: 'A calculator.', autonomy: 'full' }, { 'idempotency-key': key });
    await create();
    const { body: second } = await create();
    const keys = Array.from({ length: 5 }, () => crypto.randomUUID());
    const answers = await Promise.all(keys.map(create));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 429, 429, 429, 429]);
    const refused = answers.find(({ status }) => status === 429)!.body;
    expect(refused).toMatchObject({ code: 'daily_limit', limit: 'DAILY_RUNS_PER_USER', detail: expect.stringContaining('3 runs') });
    expect(Date.parse(refused.frees_at) - Date.now()).toBeGreaterThan(23 * 3_600_000);
    expect((await eve.client.listProjects()).items).toHaveLength(3);
    const won = answers.findIndex(({ status }) => status === 201);
    expect(await create(keys[won])).toEqual(answers[won]);
    await eve.reaches(second.project_id, 'completed');
    expect(await eve.ask('POST', `/projects/${second.project_id}/runs`, { kind: 'retry' })).toMatchObject({
      status: 429,
      body: { code: 'daily_limit' },
    });
  });
});

describe('a run’s time', () => {
  /** A worker whose clock is ahead lets the timer of the run's working time go off, if it is due by that clock. */
  const fireTimer = async (project_id: string, minutes: number): Promise<void> => {
    const set = (await auditOf(app.url, ada.token, project_id)).findLast(
      ({ event_type, payload }) => event_type === 'timer.set' && payload['purpose'] === 'run_limit',
    );
    const now = new Date(Date.now() + minutes * 60_000).toISOString();
    const ids = { command_id: newId(), correlation_id: newId(), causation_id: newId() };
    const by = { actor: 'timer', requester: null, owner_id: newId(), request_hash: null, project_id, run_id: null };
    await app.get(CommandBus).execute(new FireTimer({ timer_id: set!.payload['timer_id'] as string }, { ...ids, ...by, now }));
  };

  it('counts while it works, and it is taken up again where it stopped', async () => {
    const { brain, latch } = slowCoder();
    app.think(brain);
    const id = await start('full', { minutes: 1 });
    const { run_id } = await ada.client.getProject(id);
    await until('the coder at work', async () => latch.calls === 1);
    await fireTimer(id, 0.5);
    expect((await ada.client.getProject(id)).status).toBe('running');
    await fireTimer(id, 1.1);
    expect(await ada.reaches(id, 'expired')).toMatchObject({ reason: 'The run used up its working time.' });
    await until('the coder to be stopped', async () => latch.aborts === 1, 1_000);
    latch.release();
    expect(await ada.client.retry(id)).toMatchObject({ run_id });
    const { tasks } = await ada.reaches(id, 'completed');
    expect(tasks.find(({ purpose }) => purpose === 'write')).toMatchObject({ attempt: 2 });
    const events = await expectSoundHistory(app.url, ada.token, id);
    expect(events.filter(({ event_type }) => event_type.startsWith('timer.')).map(({ event_type, actor }) => [event_type, actor])).toEqual([
      ['timer.set', 'orchestrator'],
      ['timer.fired', 'timer'],
      ['timer.set', 'orchestrator'],
      ['timer.cancelled', 'orchestrator'],
    ]);
  });

  it('does not count while a person is waited for', async () => {
    app.think(plainBrain());
    const id = await start('plan', { minutes: 1 });
    await ada.gate(id, 'specification');
    await ada.reaches(id, 'waiting_for_hitl');
    await fireTimer(id, 100);
    await ada.approve(id, 'specification');
    await ada.approve(id, 'plan');
    await ada.reaches(id, 'completed');
  });
});

describe('another run of a project', () => {
  it('refines what was built, with all that a person had decided, and can be done once more', async () => {
    app.think();
    const { project_id: id } = await ada.client.createProject({ product_idea: 'A list of books with a title and an author. No sign in.' });
    await ada.client.finalize(id);
    const { request_id, content_hash } = await ada.gate(id, 'specification');
    await ada.client.respond(request_id, { action: 'reject', content_hash, response_content: 'A book has a shelf.' });
    await ada.approve(id, 'specification');
    await ada.approve(id, 'plan');
    await ada.reaches(id, 'completed', 'completed_with_warnings');

    expect(await ada.ask('POST', `/projects/${id}/runs`, { kind: 'refine' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'instructions' }] },
    });
    expect(await ada.ask('POST', `/projects/${id}/runs`, { kind: 'retry', instructions: 'x' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'instructions' }] },
    });
    const refine = await ada.ask('POST', `/projects/${id}/runs`, {
      kind: 'refine',
      instructions: 'also record the publisher of a book',
      autonomy: 'full',
    });
    expect(refine).toMatchObject({ status: 201, body: { status: 'collecting' } });
    expect(await ada.ask('POST', `/projects/${id}/runs`, { kind: 'retry' })).toMatchObject({ status: 409, body: { code: 'run_active' } });
    await ada.reaches(id, 'completed', 'completed_with_warnings');
    const code = async () => (await ada.client.artifacts(id)).items.filter(({ type }) => type === 'code');
    const [first, second] = await code();
    const { body } = await ada.ask('GET', `/artifacts/${second!.artifact_id}/diff?against=${first!.artifact_id}`);
    const schema = body.differences.find(({ path }: { path: string }) => path === 'app.schema.json');
    expect(schema).toMatchObject({ change: 'changed', before: expect.stringContaining('"shelf"'), after: expect.stringContaining('"publisher"') });
    expect(schema.before).not.toContain('"publisher"');
    expect(schema.after).toContain('"shelf"');
    expect(body.differences.map(({ path }: { path: string }) => path)).toContain('countersign.json');

    app.think(plainBrain());
    expect(await ada.ask('POST', `/projects/${id}/runs`, { kind: 'retry' })).toMatchObject({ status: 201 });
    await ada.reaches(id, 'completed');
    const { body: runs } = await ada.ask('GET', `/projects/${id}/runs`);
    expect(runs.items.map(({ kind, autonomy }: { kind: string; autonomy: string }) => [kind, autonomy])).toEqual([
      ['retry', 'full'],
      ['refine', 'full'],
      ['build', 'plan'],
    ]);
    expect((await code()).map(({ version, delivered_at }) => [version, delivered_at !== null])).toEqual([
      [1, true],
      [2, true],
      [3, true],
    ]);
    await expectSoundHistory(app.url, ada.token, id);
  }, 60_000);
});
