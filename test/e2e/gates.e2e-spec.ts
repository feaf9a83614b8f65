import type { GateDetail } from '#client';
import type { Autonomy, ImplementationPlan, SoftwareSpecification } from '#contracts';
import { calculator, plainBrain, startApp, type Answer, type Person, type TestApp } from '../support/app.js';
import { expectSoundHistory } from '../support/oracle.js';
import { POSTGRES_START_MS } from '../support/postgres.js';
import { until } from '../support/server.js';

let app: TestApp;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  app = await startApp();
  ada = await app.newPerson();
  bob = await app.newPerson();
}, POSTGRES_START_MS);

afterAll(() => app?.close(), 30_000);

const start = async (autonomy: Autonomy = 'plan', product_idea = 'A calculator.'): Promise<string> =>
  (await ada.client.createProject({ product_idea, autonomy })).project_id;

const respond = (gate: Pick<GateDetail, 'request_id'>, body: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  ada.ask('POST', `/hitl/${gate.request_id}/respond`, body, headers);

const statusOf = async ({ request_id }: Pick<GateDetail, 'request_id'>): Promise<string> => (await ada.client.getHitl(request_id)).status;

describe('with the template engine', () => {
  it('what a person rejects or amends is what is built', async () => {
    app.think();
    const id = await start('plan', 'A list of books with a title and an author. No sign in.');
    await ada.client.finalize(id);

    const first = await ada.gate(id, 'specification');
    await ada.client.respond(first.request_id, {
      action: 'reject',
      content_hash: first.content_hash,
      response_content: 'also record the publisher of a book',
    });
    const second = await ada.gate(id, 'specification');
    expect(second.request_id).not.toBe(first.request_id);
    expect(second.content_hash).not.toBe(first.content_hash);
    expect(await statusOf(first)).toBe('rejected');
    const specification = second.content as SoftwareSpecification;
    expect(JSON.stringify(first.content)).not.toContain('publisher');
    expect(specification.requirements).toContainEqual(expect.stringMatching(/book.*publisher/i));

    const amended = { ...specification, requirements: [...specification.requirements, 'A book has a shelf (text).'] };
    await ada.client.respond(second.request_id, { action: 'amend', content_hash: second.content_hash, response_content: amended });
    const plan = await ada.gate(id, 'plan');
    const { database_schema, ...rest } = plan.content as ImplementationPlan;
    const [book, ...others] = database_schema.entities;
    expect(book!.fields.map(({ name }) => name)).toEqual(expect.arrayContaining(['title', 'author', 'publisher', 'shelf']));

    const broken = {
      ...rest,
      database_schema: { ...database_schema, entities: [{ ...book!, fields: [{ ...book!.fields[0]!, type: 'reference' }] }] },
    };
    expect(await respond(plan, { action: 'amend', response_content: broken })).toMatchObject({
      status: 422,
      body: {
        code: 'handoff_invalid',
        errors: expect.arrayContaining([{ field: 'response_content.database_schema.entities.0.fields.0.target', message: expect.any(String) }]),
      },
    });
    expect(await statusOf(plan)).toBe('pending');

    const language = { ...book!.fields.find(({ name }) => name === 'author')!, name: 'language', label: 'language' };
    const changed = { ...rest, database_schema: { ...database_schema, entities: [{ ...book!, fields: [...book!.fields, language] }, ...others] } };
    expect(await respond(plan, { action: 'amend', content_hash: plan.content_hash, response_content: changed })).toEqual({
      status: 200,
      body: { request_id: plan.request_id, new_status: 'amended' },
    });
    const { artifacts } = await ada.reaches(id, 'completed', 'completed_with_warnings');
    expect(artifacts.map(({ type, version }) => [type, version])).toEqual([
      ['spec', 1],
      ['spec', 2],
      ['spec', 3],
      ['plan', 1],
      ['plan', 2],
      ['code', 1],
    ]);
    const code = artifacts.find(({ type }) => type === 'code')!;
    const file = await fetch(`${app.url}/api/v1/artifacts/${code.artifact_id}/files/app.schema.json`, {
      headers: { authorization: `Bearer ${ada.token}` },
    });
    const delivered = (await file.json()) as { entities: { fields: { name: string }[] }[] };
    expect(delivered.entities[0]!.fields.map(({ name }) => name)).toEqual([...book!.fields.map(({ name }) => name), 'language']);
    await expectSoundHistory(app.url, ada.token, id);
  }, 60_000);

  it('a delivery that is refused is changed as the person says', async () => {
    app.think();
    const id = await start('manual', 'A list of books with a title and an author. No sign in.');
    await ada.client.finalize(id);
    await ada.approve(id, 'specification');
    await ada.approve(id, 'plan');
    const first = await ada.gate(id, 'delivery');
    await ada.client.respond(first.request_id, { action: 'reject', content_hash: first.content_hash, response_content: 'A book has a shelf.' });
    await ada.approve(id, 'delivery');
    const { artifacts } = await ada.reaches(id, 'completed', 'completed_with_warnings');
    const [before, after] = artifacts.filter(({ type }) => type === 'code');
    expect([before!.delivered_at, after!.version]).toEqual([null, 2]);
    const { body } = await ada.ask('GET', `/artifacts/${after!.artifact_id}/diff?against=${before!.artifact_id}`);
    expect(body.differences.find(({ path }: { path: string }) => path === 'app.schema.json').after).toContain('"shelf"');
  }, 60_000);
});

describe('an answer', () => {
  beforeEach(() => app.think(plainBrain()));

  it('is bound to what was reviewed, and given once', async () => {
    const id = await start();
    const gate = await ada.gate(id, 'specification');
    expect(await respond(gate, { action: 'approve', content_hash: '0'.repeat(64) })).toMatchObject({
      status: 409,
      body: { code: 'content_mismatch' },
    });
    for (const body of [{ action: 'reject' }, { action: 'reject', response_content: ' ' }])
      expect(await respond(gate, body)).toMatchObject({ status: 400, body: { code: 'invalid_input' } });
    expect(await respond(gate, { action: 'amend' })).toMatchObject({ status: 400, body: { errors: [{ field: 'response_content' }] } });
    expect(await respond(gate, { action: 'amend', response_content: { core_idea: 7 } })).toMatchObject({
      status: 422,
      body: { code: 'handoff_invalid' },
    });
    expect(await respond(gate, { action: 'perhaps' })).toMatchObject({ status: 400 });
    expect(await statusOf(gate)).toBe('pending');

    expect(await respond(gate, { action: 'approve', content_hash: gate.content_hash, response_content: 'Good.' })).toMatchObject({
      status: 200,
      body: { new_status: 'approved' },
    });
    for (const body of [
      { action: 'approve', content_hash: gate.content_hash },
      { action: 'reject', response_content: 'No.' },
    ])
      expect(await respond(gate, body)).toMatchObject({ status: 409, body: { code: 'gate_answered' } });
    await ada.approve(id, 'plan');
    await ada.reaches(id, 'completed');
  });

  it('of twenty at the same moment is one', async () => {
    const id = await start();
    const gate = await ada.gate(id, 'specification');
    const bodies = Array.from({ length: 20 }, (_, index) =>
      index % 2 === 0 ? { action: 'approve', content_hash: gate.content_hash } : { action: 'reject', response_content: `Reason ${index}.` },
    );
    const answers = await Promise.all(bodies.map((body) => respond(gate, body)));
    const won = answers.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(answers.filter(({ status }) => status !== 200).map(({ status, body }) => [status, body.code])).toEqual(
      Array(19).fill([409, 'gate_answered']),
    );
    expect(await statusOf(gate)).toBe(won[0]!.body.new_status);
    const events = await expectSoundHistory(app.url, ada.token, id);
    expect(events.filter(({ event_type }) => event_type === 'hitl.responded')).toHaveLength(1);
    await ada.client.cancel(id);
  });

  it('with an Idempotency-Key is answered again as it was', async () => {
    const id = await start();
    const gate = await ada.gate(id, 'specification');
    const key = { 'idempotency-key': crypto.randomUUID() };
    const body = { action: 'approve', content_hash: gate.content_hash };
    const answers = await Promise.all([respond(gate, body, key), respond(gate, body, key)]);
    await ada.gate(id, 'plan');
    answers.push(await respond(gate, body, key));
    expect(answers).toEqual(Array(3).fill({ status: 200, body: { request_id: gate.request_id, new_status: 'approved' } }));
    expect(await respond(gate, { ...body, response_content: 'Something else.' }, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    });
    await ada.client.cancel(id);
  });

  it('to a rejected plan makes another one, of the same specification', async () => {
    const reasons: (string | null)[] = [];
    app.think(plainBrain({ plan: (request, context) => (reasons.push(request.revision?.reason ?? null), plainBrain().plan!(request, context)) }));
    const id = await start();
    await ada.approve(id, 'specification');
    const first = await ada.gate(id, 'plan');
    await ada.client.respond(first.request_id, { action: 'reject', content_hash: first.content_hash, response_content: 'Use less.' });
    await ada.approve(id, 'plan');
    await ada.reaches(id, 'completed');
    expect(reasons).toEqual([null, 'Use less.']);
  });

  it('comes too late once the run was cancelled', async () => {
    const id = await start();
    const gate = await ada.gate(id, 'specification');
    await ada.client.cancel(id);
    await until('the gate to expire', async () => (await statusOf(gate)) === 'expired');
    expect(await respond(gate, { action: 'approve', content_hash: gate.content_hash })).toMatchObject({ status: 409, body: { code: 'gate_closed' } });
  });

  it('is the owner’s alone', async () => {
    const id = await start();
    const { request_id, content_hash } = await ada.gate(id, 'specification');
    for (const body of [
      { action: 'approve', content_hash },
      { action: 'amend', response_content: {} },
    ])
      expect(await bob.ask('POST', `/hitl/${request_id}/respond`, body)).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await bob.ask('GET', `/hitl/${request_id}`)).toMatchObject({ status: 404 });
    expect((await bob.client.listHitl()).items).toEqual([]);
    expect((await ada.client.listHitl({ status: 'pending' })).items.map((gate) => gate.request_id)).toContain(request_id);
    await ada.client.cancel(id);
  });

  it('is waited for while the chat goes on', async () => {
    const id = await start();
    const gate = await ada.gate(id, 'specification');
    await ada.client.postMessage(id, 'How is it going?');
    await until('an answer', async () => (await ada.client.listMessages(id)).items.at(-1)?.content === 'You wrote: How is it going?');
    expect(await ada.client.getProject(id)).toMatchObject({ status: 'waiting_for_hitl' });
    expect(await statusOf(gate)).toBe('pending');
    await ada.client.cancel(id);
  });
});

describe('the end of the requirements chat', () => {
  it('is said once, and a repeat is answered as the first was', async () => {
    app.think(plainBrain({ converse: () => Promise.resolve({ message: 'Which numbers?', questions: [], ready: false }) }));
    const id = await start();
    const key = { 'idempotency-key': crypto.randomUUID() };
    const finalize = (headers = {}) => ada.ask('POST', `/projects/${id}/requirements/finalize`, {}, headers);
    const first = await finalize(key);
    expect(first.status).toBe(202);
    await ada.gate(id, 'specification');
    expect(await finalize()).toMatchObject({ status: 409, body: { code: 'not_collecting' } });
    expect(await finalize(key)).toEqual(first);
    await ada.client.cancel(id);
  });
});

describe('a delivery', () => {
  it('is what a person accepted, after as many rounds as they ask for', async () => {
    const feedback: (string | null)[] = [];
    app.think(
      plainBrain({
        repair: (report) => {
          feedback.push(report.feedback);
          return Promise.resolve(calculator('+', { files: [{ path: 'NOTES.md', content: report.feedback ?? '' }] }));
        },
      }),
    );
    const id = await start('manual');
    await ada.approve(id, 'specification');
    await ada.approve(id, 'plan');
    const gate = await ada.gate(id, 'delivery');
    expect(gate.allowed_actions).toEqual(['approve', 'reject']);
    expect(gate.content).toMatchObject({ criteria: [{ criterion_id: 'AC-1', status: 'covered' }], warnings: [] });
    expect(await respond(gate, { action: 'amend', response_content: gate.content })).toMatchObject({
      status: 422,
      body: { code: 'action_not_allowed' },
    });
    expect(await ada.ask('POST', `/projects/${id}/download`, {})).toMatchObject({ status: 409, body: { code: 'not_delivered' } });

    await ada.client.respond(gate.request_id, { action: 'reject', content_hash: gate.content_hash, response_content: 'Add a note.' });
    const second = await ada.gate(id, 'delivery');
    expect(feedback).toEqual(['Add a note.']);
    expect((await ada.client.getProject(id)).tasks.slice(-2)).toMatchObject([
      { purpose: 'repair', round: 1 },
      { purpose: 'verify', round: 1 },
    ]);
    expect(await ada.ask('POST', `/projects/${id}/download`, {})).toMatchObject({ status: 409, body: { code: 'not_delivered' } });
    await ada.client.respond(second.request_id, { action: 'approve', content_hash: second.content_hash });

    const { artifacts } = await ada.reaches(id, 'completed');
    expect(artifacts.filter(({ type }) => type === 'code').map(({ version, delivered_at }) => [version, delivered_at !== null])).toEqual([
      [1, false],
      [2, true],
    ]);
    const link = await ada.ask('POST', `/projects/${id}/download`, {});
    expect(link).toMatchObject({ status: 200, body: { version: 2 } });
    const zip = Buffer.from(await (await fetch(`${app.url}${link.body.url as string}`)).arrayBuffer());
    expect(zip.subarray(0, 2).toString()).toBe('PK');
    expect(zip.includes('NOTES.md') && zip.includes('countersign.json')).toBe(true);
    expect(await ada.ask('POST', `/projects/${id}/download`, { version: 1 })).toMatchObject({ status: 409, body: { code: 'not_delivered' } });
    await expectSoundHistory(app.url, ada.token, id);
  });
});
