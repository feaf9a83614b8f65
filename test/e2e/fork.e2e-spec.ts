import { buffer } from 'node:stream/consumers';
import { ApiProblem, type Project } from '#client';
import { isTerminal } from '#contracts';
import { EventLog } from '#platform';
import { calculator, plainBrain, startApp, type Person, type TestApp } from '../support/app.js';
import { auditOf, expectSoundHistory } from '../support/oracle.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../support/postgres.js';
import { Program, until } from '../support/server.js';

/** Every so many events of a run it is forked. */
const STEP = Number(process.env['FORK_STEP'] ?? 10);
/** Forks that go on at the same time. */
const AT_ONCE = 10;

let postgres: TestPostgres;
let app: TestApp;
/** Four runs a day, one at a time. */
let strict: TestApp;
let ada: Person;

beforeAll(async () => {
  postgres = await startPostgres();
  app = await startApp({ postgres, brain: plainBrain() });
  strict = await startApp({ postgres, brain: plainBrain(), env: { RUNNING_RUNS_PER_USER: '1', DAILY_RUNS_PER_USER: '4' } });
  ada = await app.newPerson();
}, POSTGRES_START_MS);

afterAll(async () => {
  await strict?.close();
  await app?.close();
  await postgres?.stop();
}, 60_000);

const audit = (id: string) => auditOf(app.url, ada.token, id);
const isConflict = (error: unknown): boolean => error instanceof ApiProblem && error.code === 'conflict';

/** A fork, once it is there. */
async function fork(origin: string, at_position?: string, as = ada): Promise<string> {
  const key = crypto.randomUUID();
  // Ten at the same moment get into each other's way at the person's allowance.
  const asked = () =>
    as.client.fork(origin, { at_position }, key).catch((error: unknown) => (isConflict(error) ? null : Promise.reject(error as Error)));
  const { project_id } = await until('the fork to be asked for', asked);
  await until('the fork', () => as.client.getProject(project_id).catch(() => null));
  return project_id;
}

/** The files of what was delivered last. */
const zipOf = async (id: string): Promise<string> => {
  const stream = await ada.client.download(id);
  return (await buffer(stream as never)).toString('base64');
};

/** A person who has everything that stands still go on, and approves of everything. */
const goOn = (id: string, as = ada): Promise<Project> =>
  until(
    `the end of ${id}`,
    async () => {
      const project = await as.client.getProject(id);
      const { status } = project;
      if (status === 'paused') await as.client.resume(id);
      if (status === 'failed' || status === 'expired') await as.client.retry(id);
      if (status === 'waiting_for_hitl')
        for (const gate of project.hitl_requests.filter((one) => one.status === 'pending'))
          await as.client.respond(gate.request_id, { action: 'approve', content_hash: gate.content_hash }).catch(() => undefined);
      return isTerminal(status) && status !== 'failed' && status !== 'expired' && project;
    },
    150_000,
  );

/** A run in which much happens: a rejection, a pause, a message during the build, a failure, a retry and a fix round. */
async function eventfulRun(): Promise<string> {
  let broken = true;
  app.think(
    plainBrain({
      plan: (input, context) => (broken ? Promise.reject(new Error('the architect is ill')) : plainBrain().plan!(input, context)),
      write: () => Promise.resolve(calculator('-')),
    }),
  );
  const { project_id: id } = await ada.client.createProject({
    product_idea: 'A calculator.',
    autonomy: 'manual',
    limits: { minutes: 30, gate_deadline: { seconds: 3_600, then: 'remind' } },
  });
  const { request_id, content_hash } = await ada.gate(id, 'specification');
  await ada.client.respond(request_id, { action: 'reject', content_hash, response_content: 'With fractions.' });
  const second = await until('the second gate', async () =>
    (await ada.client.getProject(id)).hitl_requests.find((one) => one.status === 'pending' && one.request_id !== request_id),
  );
  await ada.client.pause(id);
  await ada.client.postMessage(id, 'Are you there?');
  await ada.client.respond(second.request_id, { action: 'approve', content_hash: second.content_hash });
  await ada.client.resume(id);
  await until('the failure', async () => (await ada.client.getProject(id)).status === 'failed');
  broken = false;
  await ada.client.retry(id);
  await goOn(id);
  return id;
}

describe('a fork', () => {
  it('goes on to its end, wherever its run was forked, and leaves the origin as it was', async () => {
    const origin = await eventfulRun();
    const before = await audit(origin);
    const places = before.filter((_, index) => index > 0 && index % STEP === 0);
    for (let done = 0; done < places.length; done += AT_ONCE)
      await Promise.all(
        places.slice(done, done + AT_ONCE).map(async ({ position, event_type }) => {
          const at = `at ${position}, ${event_type}`;
          const id = await fork(origin, position);
          const { status, forked_from } = await goOn(id).catch(async (error: unknown) => {
            const events = (await audit(id)).map((one) => `${one.position} ${one.event_type} ${JSON.stringify(one.payload).slice(0, 200)}`);
            throw new Error(`${at}: ${String(error)}\n${events.slice(-30).join('\n')}`);
          });
          expect([at, status, forked_from]).toEqual([at, 'completed', { project_id: origin, position }]);
          const events = await expectSoundHistory(app.url, ada.token, id);
          const count = (type: string) => events.filter((one) => one.event_type === type).length;
          expect([at, ...['artifact.delivered', 'run.completed', 'project.forked'].map(count)]).toEqual([at, 1, 1, 1]);
          expect([at, count('task.completed') + count('task.cancelled')]).toEqual([at, count('task.assigned')]);
        }),
      );
    expect(await audit(origin)).toEqual(before);
  }, 400_000);
});

describe('the fork of a project', () => {
  it('that has delivered has delivered the same, and can be refined', async () => {
    app.think(plainBrain());
    const { project_id: origin } = await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'full' });
    const { artifacts, hitl_requests, usage } = await ada.reaches(origin, 'completed');
    const reply = await ada.ask('POST', `/projects/${origin}/fork`, { name: 'Another calculator' });
    const id = reply.body.project_id as string;
    expect(reply).toEqual({ status: 201, body: { project_id: id, run_id: expect.any(String), status: 'completed' } });
    const forked = await ada.client.getProject(id);
    expect(forked).toMatchObject({ name: 'Another calculator', status: 'completed', run_id: reply.body.run_id });
    expect(forked.artifacts.map(({ type, version, bytes }) => [type, version, bytes])).toEqual(
      artifacts.map(({ type, version, bytes }) => [type, version, bytes]),
    );
    expect(forked.hitl_requests).toHaveLength(hitl_requests.length);
    expect(forked.usage).toMatchObject({ agent_seconds: 0, cost_micro_usd: 0, models: [] });
    expect(usage.cost_micro_usd).toBe(0);
    expect(Date.parse(forked.created_at)).toBeGreaterThan(Date.parse((await ada.client.getProject(origin)).created_at));
    const [theirs, ours] = await Promise.all([zipOf(origin), zipOf(id)]);
    expect(ours).toEqual(theirs);

    expect((await ada.ask('POST', `/projects/${id}/runs`, { kind: 'refine', instructions: 'With fractions.' })).status).toBe(201);
    const refined = await goOn(id);
    expect(refined.artifacts.filter(({ type }) => type === 'code').map(({ version }) => version)).toEqual([1, 2]);
    expect((await ada.client.getProject(origin)).artifacts).toEqual(artifacts);
    await expectSoundHistory(app.url, ada.token, id);
  });

  it('at a gate has a gate of its own', async () => {
    app.think(plainBrain());
    const { project_id: origin } = await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'plan' });
    const theirs = await ada.gate(origin, 'specification');
    const id = await fork(origin);
    const ours = await ada.gate(id, 'specification');
    expect(ours).toMatchObject({ content_hash: theirs.content_hash, content: theirs.content, status: 'pending' });
    expect(ours.request_id).not.toBe(theirs.request_id);
    await ada.client.respond(ours.request_id, { action: 'approve', content_hash: ours.content_hash });
    await ada.gate(id, 'plan');
    expect(await ada.client.getHitl(theirs.request_id)).toMatchObject({ status: 'pending' });
    expect((await goOn(id)).status).toBe('completed');
    expect((await ada.client.getProject(origin)).status).toBe('waiting_for_hitl');
    await ada.client.cancel(origin);
  });

  it('at a gate whose deadline has passed in the origin has all of its time again', async () => {
    app.think(plainBrain());
    const limits = { gate_deadline: { seconds: 4, then: 'expire' as const } };
    const { project_id: origin } = await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'plan', limits });
    await ada.reaches(origin, 'expired');
    const asked = (await audit(origin)).find(({ event_type, payload }) => event_type === 'timer.set' && payload['purpose'] === 'gate')!;
    const began = Date.now();
    const id = await fork(origin, asked.position);
    const gate = await until('the deadline to be set anew', async () => {
      const { hitl_requests } = await ada.client.getProject(id);
      return hitl_requests.find(({ deadline }) => deadline !== null && Date.parse(deadline) > began + 4_000);
    });
    expect(gate).toMatchObject({ status: 'pending', on_deadline: 'expire' });
    await ada.reaches(id, 'expired');
    const fired = (await audit(id)).filter(({ event_type }) => event_type === 'hitl.expired');
    expect(fired).toHaveLength(1);
    await ada.client.retry(id);
    await ada.approve(id, 'specification');
    await ada.approve(id, 'plan');
    await ada.reaches(id, 'completed');
    await expectSoundHistory(app.url, ada.token, id);
  });

  it('that is a fork itself, and of one that was put away, goes on as any other', async () => {
    app.think(plainBrain());
    const { project_id: origin } = await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'plan' });
    await ada.gate(origin, 'specification');
    const first = await fork(origin);
    await ada.approve(first, 'specification');
    await ada.gate(first, 'plan');
    const events = await audit(first);
    const copied = events.findLast(({ event_type }) => event_type === 'hitl.requested')!.position;
    await ada.ask('DELETE', `/projects/${first}`);
    for (const at of [undefined, copied, events[4]!.position, events.at(-1)!.position]) {
      const id = await fork(first, at);
      expect(await ada.client.getProject(id)).toMatchObject({ archived: false, forked_from: { project_id: first } });
      if (at === undefined) expect((await ada.client.getProject(id)).status).toBe('cancelled');
      else expect((await goOn(id)).status).toBe('completed');
      await expectSoundHistory(app.url, ada.token, id);
    }
    await ada.client.cancel(origin);
  });

  it('cannot be asked for at a position where it was not, by somebody else, or twice under one key', async () => {
    app.think(plainBrain());
    const { position: head } = (await audit((await ada.client.listProjects()).items[0]!.project_id)).at(-1)!;
    const { project_id: origin } = await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'full' });
    await ada.reaches(origin, 'completed');
    const refused = (message: string) => ({
      status: 400,
      body: { code: 'invalid_input', errors: [{ field: 'at_position', message: expect.stringContaining(message) }] },
    });
    const ask = (body: object, key?: string) =>
      ada.ask('POST', `/projects/${origin}/fork`, body, key === undefined ? {} : { 'idempotency-key': key });
    expect(await ask({ at_position: head })).toMatchObject(refused('before the project was created'));
    expect(await ask({ at_position: '0' })).toMatchObject(refused('before the project was created'));
    expect(await ask({ at_position: '9999999999' })).toMatchObject(refused('beyond the end'));
    for (const at_position of ['-1', '1.5', 'now', '99999999999999999999', 7]) expect((await ask({ at_position })).status).toBe(400);
    for (const name of ['', ' ', 'x'.repeat(121)]) expect((await ask({ name })).status).toBe(400);
    expect((await ask({ position: '7' })).status).toBe(400);

    const eve = await app.newPerson();
    expect(await eve.ask('POST', `/projects/${origin}/fork`, {})).toMatchObject({ status: 404, body: { code: 'not_found' } });

    const key = crypto.randomUUID();
    const [first, again] = [await ask({}, key), await ask({}, key)];
    expect(first.status).toBe(201);
    expect(again).toEqual(first);
    expect(await ask({ name: 'Other' }, key)).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
  });

  it('counts against the day where its run may still work, and works when there is a place', async () => {
    strict.think(plainBrain());
    const bob = await strict.newPerson();
    const { project_id: origin } = await bob.client.createProject({ product_idea: 'A calculator.', autonomy: 'plan' });
    await bob.gate(origin, 'specification');
    const id = await fork(origin, undefined, bob);
    await bob.approve(id, 'specification');
    // The origin waits at its gate, with the one place there is.
    await until('the fork to wait', async () => (await bob.client.getProject(id)).status === 'queued');
    await bob.client.cancel(origin);
    expect((await goOn(id, bob)).status).toBe('completed');
    await expectSoundHistory(strict.url, bob.token, id);

    const at_position = (await auditOf(strict.url, bob.token, id)).findLast(({ event_type }) => event_type === 'hitl.requested')!.position;
    for (const status of [201, 201, 429]) expect((await bob.ask('POST', `/projects/${id}/fork`, { at_position })).status).toBe(status);
    expect((await bob.ask('POST', `/projects/${id}/fork`, {})).status).toBe(201);
  });

  it('is made from a terminal, which goes on with it', async () => {
    app.think(plainBrain());
    const { project_id: origin } = await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'manual' });
    const { position } = (await audit((await goOn(origin)).project_id)).find(({ event_type }) => event_type === 'hitl.requested')!;
    const env = { COUNTERSIGN_URL: app.url, COUNTERSIGN_API_KEY: ada.token, DATA_DIR: app.folder };
    const args = ['fork', origin, '--at', position, '--name', 'From a terminal', '--yes', '--out', app.folder];
    const cli = Program.start('cli', env, args);
    expect([await cli.ended(), cli.text]).toEqual([0, expect.stringContaining('Delivered')]);
    const [, id] = /Project (\S+) begins as/.exec(cli.text)!;
    expect(await ada.client.getProject(id!)).toMatchObject({
      name: 'From a terminal',
      status: 'completed',
      forked_from: { project_id: origin, position },
    });
    const refused = Program.start('cli', env, ['fork', origin, '--at', '0', '--out', app.folder]);
    expect([await refused.ended(), refused.text]).toEqual([1, expect.stringContaining('at_position lies before the project was created')]);
  });

  it('that cannot be read fails, says why, and is never there', async () => {
    const broken = await startApp({ postgres, brain: plainBrain() });
    try {
      const eve = await broken.newPerson();
      const { project_id: origin } = await eve.client.createProject({ product_idea: 'A calculator.', autonomy: 'plan' });
      await eve.gate(origin, 'specification');
      const ids = { event_id: crypto.randomUUID(), correlation_id: crypto.randomUUID(), causation_id: crypto.randomUUID() };
      const timestamp = new Date().toISOString();
      const text = { data: '{}', metadata: JSON.stringify({ ...ids, timestamp, actor: 'nobody', owner_id: ids.event_id, project_id: origin }) };
      const event = { ...ids, ...text, type: 'orchestrator.decided', version: 2, project_id: origin, actor: 'nobody', timestamp };
      await broken.get(EventLog).store.append(`orchestration-${ids.event_id}`, 'no_stream', [event]);

      const key = { 'idempotency-key': crypto.randomUUID() };
      for (let times = 0; times < 2; times += 1)
        expect(await eve.ask('POST', `/projects/${origin}/fork`, {}, key)).toMatchObject({
          status: 409,
          body: { code: 'fork_failed', detail: expect.stringContaining('orchestrator.decided') },
        });
      expect((await eve.client.listProjects()).items.map(({ project_id }) => project_id)).toEqual([origin]);
      expect((await eve.client.listHitl()).items.map(({ project_id }) => project_id)).toEqual([origin]);
    } finally {
      await broken.close();
    }
  });
});
