import { followProject } from '#client';
import type { GateDeadline, StreamMessage } from '#contracts';
import { plainBrain, startApp, type Person, type TestApp } from '../support/app.js';
import { auditOf, expectSoundHistory } from '../support/oracle.js';
import { POSTGRES_START_MS } from '../support/postgres.js';
import { pause, until } from '../support/server.js';

let app: TestApp;
let ada: Person;
/** Why the analyst was asked to write the specification again. */
const reasons: (string | null)[] = [];

beforeAll(async () => {
  const { specify } = plainBrain();
  app = await startApp({
    brain: plainBrain({ specify: (conversation, context) => (reasons.push(conversation.revision?.reason ?? null), specify!(conversation, context)) }),
  });
  ada = await app.newPerson();
}, POSTGRES_START_MS);

afterAll(() => app?.close(), 30_000);

const start = async (gate_deadline: Omit<GateDeadline, 'times'> & { times?: number; reason?: string }): Promise<string> =>
  (await ada.client.createProject({ product_idea: 'A calculator.', autonomy: 'plan', limits: { gate_deadline } })).project_id;
const gateOf = (request_id: string) => ada.client.getHitl(request_id);
const factsOf = async (id: string, type: string) =>
  (await auditOf(app.url, ada.token, id))
    .filter(({ event_type }) => event_type === type)
    .map(({ actor, payload }) => ({ actor, request_id: payload['request_id'], ...payload }));

describe('a gate that nobody answers in time', () => {
  it('approves what it shows, in nobody’s name', async () => {
    const id = await start({ seconds: 2, then: 'approve' });
    const gate = await ada.gate(id, 'specification');
    const waits = Date.parse(gate.deadline!) - Date.parse(gate.created_at);
    expect(gate).toMatchObject({ on_deadline: 'approve', reminders: 0, escalated: false });
    expect(Math.abs(waits - 2_000)).toBeLessThan(1_000);
    expect((await ada.client.listHitl({ projectId: id })).items[0]!.deadline).toBe(gate.deadline);
    const { artifacts } = await ada.reaches(id, 'completed');
    expect(await gateOf(gate.request_id)).toMatchObject({ status: 'approved', responded_by: 'timer', deadline: null });
    expect(await factsOf(id, 'hitl.responded')).toMatchObject(Array(2).fill({ actor: 'timer', action: 'approve' }));
    const code = artifacts.find(({ type }) => type === 'code')!;
    const { body: origin } = await ada.ask('GET', `/artifacts/${code.artifact_id}/files/countersign.json`);
    expect(origin.approvals).toMatchObject(Array(2).fill({ actor: 'timer', action: 'approve' }));
    await expectSoundHistory(app.url, ada.token, id);
  }, 30_000);

  it('rejects with the reason that was given beforehand, once, and then the run ends', async () => {
    reasons.length = 0;
    const id = await start({ seconds: 2, then: 'reject', reason: 'Make it smaller.' });
    const first = await ada.gate(id, 'specification');
    await until('the rejection', async () => (await gateOf(first.request_id)).status === 'rejected');
    expect(await gateOf(first.request_id)).toMatchObject({ responded_by: 'timer', response_content: 'Make it smaller.' });
    const second = await ada.gate(id, 'specification');
    expect(second.request_id).not.toBe(first.request_id);
    expect(reasons).toEqual([null, 'Make it smaller.']);
    await ada.reaches(id, 'expired');
    expect(await gateOf(second.request_id)).toMatchObject({ status: 'expired' });
  }, 30_000);

  it('expires, and its run with it, which can be taken up again', async () => {
    const id = await start({ seconds: 2, then: 'expire' });
    const { request_id, content_hash } = await ada.gate(id, 'specification');
    expect(await ada.reaches(id, 'expired')).toMatchObject({ reason: 'Nobody answered in time what the run asked.' });
    expect(await gateOf(request_id)).toMatchObject({ status: 'expired', deadline: null });
    const late = await ada.ask('POST', `/hitl/${request_id}/respond`, { action: 'approve', content_hash });
    expect(late).toMatchObject({ status: 409, body: { code: 'gate_closed', detail: expect.stringContaining('in time') } });
    expect(await factsOf(id, 'run.expired')).toMatchObject([{ actor: 'timer', cause: 'gate_deadline' }]);
    await ada.client.retry(id);
    const again = await ada.gate(id, 'specification');
    expect(again).toMatchObject({ content_hash, deadline: expect.any(String) });
    expect(again.request_id).not.toBe(request_id);
    await ada.client.cancel(id);
    await expectSoundHistory(app.url, ada.token, id);
  }, 30_000);

  it.each([
    ['remind', false],
    ['escalate', true],
  ] as const)(
    'is said again, so many times, and goes on waiting (%s)',
    async (then, escalated) => {
      const id = await start({ seconds: 2, then, times: 2 });
      const seen: StreamMessage[] = [];
      const stream = followProject({ baseUrl: app.url, token: () => ada.token, projectId: id, onMessage: (message) => seen.push(message) });
      const { request_id } = await ada.gate(id, 'specification');
      await until('both reminders', async () => (await gateOf(request_id)).reminders === 2);
      expect(await gateOf(request_id)).toMatchObject({ status: 'pending', escalated, deadline: null });
      await until('both on the stream', async () => seen.filter(({ event_type }) => event_type === 'hitl_request').length === 3);
      stream.close();
      expect(seen.filter(({ event_type }) => event_type === 'hitl_request').map(({ payload }) => payload)).toMatchObject([
        { request_id, question: expect.any(String), deadline: expect.any(String) },
        { request_id, question: expect.any(String), reminder: 1, escalated, deadline: expect.any(String) },
        { request_id, question: expect.any(String), reminder: 2, escalated, deadline: null },
      ]);
      await pause(2_500);
      expect(await gateOf(request_id)).toMatchObject({ status: 'pending', reminders: 2 });
      await ada.approve(id, 'specification');
      expect(await gateOf(request_id)).toMatchObject({ status: 'approved', escalated });
      expect((await factsOf(id, 'hitl.responded')).map(({ actor }) => actor)).not.toContain('timer');
      await ada.client.cancel(id);
    },
    30_000,
  );

  it('waits during a pause, and has all its time after it', async () => {
    const id = await start({ seconds: 2, then: 'approve' });
    const { request_id } = await ada.gate(id, 'specification');
    await ada.client.pause(id);
    await until('the deadline to be lifted', async () => (await gateOf(request_id)).deadline === null);
    await pause(2_500);
    expect(await gateOf(request_id)).toMatchObject({ status: 'pending', deadline: null });
    const resumed = Date.now();
    await ada.client.resume(id);
    await until('a deadline', async () => (await gateOf(request_id)).deadline !== null);
    expect(Date.parse((await gateOf(request_id)).deadline!)).toBeGreaterThanOrEqual(resumed + 2_000);
    await ada.reaches(id, 'completed');
  }, 30_000);
});

it('a person and the deadline at the same moment: one of them decides, and the other is told or has done nothing', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, async (_, index) => {
      const id = await start({ seconds: 2, then: 'approve' });
      const { request_id, deadline } = await ada.gate(id, 'specification');
      await pause(Math.max(0, Date.parse(deadline!) - Date.now() + (index - 4) * 10));
      const answer = await ada.ask('POST', `/hitl/${request_id}/respond`, { action: 'reject', response_content: 'No.' });
      await until('a decision', async () => (await gateOf(request_id)).status !== 'pending');
      const { responded_by, status } = await gateOf(request_id);
      expect((await factsOf(id, 'hitl.responded')).filter((one) => one.request_id === request_id)).toHaveLength(1);
      await ada.client.cancel(id);
      return { answered: answer.status, code: answer.body.code as string | undefined, status, byTimer: responded_by === 'timer' };
    }),
  );
  for (const outcome of outcomes)
    expect(outcome).toEqual(
      outcome.answered === 200
        ? { answered: 200, code: undefined, status: 'rejected', byTimer: false }
        : { answered: 409, code: 'gate_answered', status: 'approved', byTimer: true },
    );
}, 30_000);

it.each([
  [{ seconds: 0, then: 'approve' }, 'seconds'],
  [{ seconds: 1.5, then: 'approve' }, 'seconds'],
  [{ then: 'approve' }, 'seconds'],
  [{ seconds: 60 }, 'then'],
  [{ seconds: 60, then: 'ignore' }, 'then'],
  [{ seconds: 60, then: 'remind', times: 0 }, 'times'],
  [{ seconds: 60, then: 'approve', times: 2 }, 'times'],
  [{ seconds: 60, then: 'reject' }, 'reason'],
  [{ seconds: 60, then: 'approve', reason: 'Because.' }, 'reason'],
  [{ seconds: 60, then: 'reject', reason: ' ' }, 'reason'],
  [{ seconds: 60, then: 'approve', who: 'me' }, 'who'],
])('a deadline of another form is refused: %j', async (gate_deadline, field) => {
  expect(await ada.ask('POST', '/projects', { product_idea: 'A calculator.', limits: { gate_deadline } })).toMatchObject({
    status: 400,
    body: { code: 'invalid_input', errors: expect.arrayContaining([{ field: `limits.gate_deadline.${field}`, message: expect.any(String) }]) },
  });
});

it('another run keeps the deadline of the last one, and shows it', async () => {
  const id = await start({ seconds: 3_600, then: 'reject', reason: 'Make it smaller.' });
  await ada.gate(id, 'specification');
  await ada.client.cancel(id);
  const { body } = await ada.ask('POST', `/projects/${id}/runs`, { kind: 'retry' });
  expect((await ada.ask('GET', `/runs/${body.run_id as string}`)).body.limits).toMatchObject({
    gate_deadline: { seconds: 3_600, then: 'reject', times: 0, reason: 'Make it smaller.' },
  });
  await ada.client.cancel(id);
});
