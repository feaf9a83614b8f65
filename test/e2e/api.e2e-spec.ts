import { randomUUID } from 'node:crypto';
import { Agent, get as httpGet } from 'node:http';
import request from 'supertest';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../support/postgres.js';
import { ApiServer, StreamClient, type Person } from './api-server.js';

let postgres: TestPostgres;
let server: ApiServer;
let ada: Person;
let bob: Person;

beforeAll(async () => {
  postgres = await startPostgres();
  server = await ApiServer.start(postgres, { DAILY_RUNS_PER_USER: 1_000 });
  ada = await server.register();
  bob = await server.register();
}, POSTGRES_START_MS);

afterAll(async () => {
  await server?.stop();
  await postgres?.stop();
});

describe('a project', () => {
  it('is read back at once, listed, renamed and archived', async () => {
    const made = await server.post('/projects', { product_idea: 'A tool library. With members.', autonomy: 'full' }, ada).expect(201);
    const { project_id, run_id } = made.body;
    const { body: project } = await server.get(`/projects/${project_id}`, ada).expect(200);
    expect(project).toEqual({
      project_id,
      run_id,
      name: 'A tool library',
      product_idea: 'A tool library. With members.',
      status: 'collecting',
      stage: 'requirements chat',
      pipeline: 'standard',
      autonomy: 'full',
      engine: null,
      forked_from: null,
      tasks: [],
      artifacts: [],
      hitl_requests: [],
      usage: { task_attempts: 0, agent_seconds: 0, cost_micro_usd: 0, models: [] },
      warnings: [],
      reason: null,
      archived: false,
      created_at: expect.any(String),
      updated_at: expect.any(String),
      position: expect.stringMatching(/^\d+$/),
    });
    expect((await server.get('/projects', ada).expect(200)).body.items[0]).toMatchObject({ project_id, name: 'A tool library' });
    await request(server.url)
      .patch(`/api/v1/projects/${project_id}`)
      .set('Authorization', `Bearer ${ada.access_token}`)
      .send({ name: 'Tools' })
      .expect(200);
    expect((await server.get(`/projects/${project_id}`, ada)).body.name).toBe('Tools');
    await request(server.url).delete(`/api/v1/projects/${project_id}`).set('Authorization', `Bearer ${ada.access_token}`).expect(204);
    expect((await server.get(`/projects/${project_id}`, ada)).body).toMatchObject({ archived: true, status: 'cancelled' });
    await server.post(`/projects/${project_id}/messages`, { content: 'Hello?' }, ada).expect(409);
  });

  it('is told in its audit, page by page and filtered, and the chains verify', async () => {
    const { project_id } = await server.createProject(ada);
    for (const content of ['one', 'two', 'three']) await server.post(`/projects/${project_id}/messages`, { content }, ada).expect(202);
    const all = (await server.get(`/projects/${project_id}/events`, ada).expect(200)).body;
    expect(all.next_cursor).toBeNull();
    expect(all.items.map((one: any) => one.event_type)).toEqual(['project.created', 'run.requested', ...Array(3).fill('chat.message_posted')]);
    expect(all.items[0]).toEqual({
      position: expect.stringMatching(/^\d+$/),
      stream: `project-${project_id}`,
      revision: 0,
      event_type: 'project.created',
      timestamp: expect.any(String),
      actor: ada.user_id,
      correlation_id: expect.any(String),
      causation_id: expect.any(String),
      payload: expect.objectContaining({ product_idea: 'An app for our tool library.' }),
    });

    const paged: any[] = [];
    for (let cursor = ''; ;) {
      const { body } = await server.get(`/projects/${project_id}/events?limit=2${cursor && `&cursor=${cursor}`}`, ada).expect(200);
      paged.push(...body.items);
      if (body.next_cursor === null) break;
      cursor = body.next_cursor;
    }
    expect(paged).toEqual(all.items);
    const of = async (query: string) => (await server.get(`/events?${query}`, ada).expect(200)).body.items;
    expect(await of(`after=${all.items[3].position}`)).toEqual([all.items[4]]);
    expect(await of(`correlation_id=${all.items[2].correlation_id}`)).toEqual([all.items[2]]);
    expect(await of(`type=chat.message_posted&actor=${ada.user_id}&after=${all.items[1].position}&limit=200`)).toEqual(all.items.slice(2));
    expect(await of('until=2020-01-01T00:00:00Z')).toEqual([]);
    expect(await of('from=2099-01-01T00:00:00%2B02:00')).toEqual([]);

    const { body: verified } = await server.get('/events/verify', ada).expect(200);
    expect(verified.ok).toBe(true);
    expect(verified.chains.map(({ chain }: any) => chain)).toContain('log');
    expect(verified.chains.find((one: any) => one.project_id === project_id)).toMatchObject({ ok: true, events: 5, mismatch: null });
  });

  it('does not exist for anybody else', async () => {
    const { project_id, run_id } = await server.createProject(ada);
    const paths = ['', '/runs', '/messages', '/tasks', '/hitl', '/artifacts', '/events', '/logs', '/stream'];
    for (const path of paths) expect([path, (await server.get(`/projects/${project_id}${path}`, bob)).status]).toEqual([path, 404]);
    for (const path of ['pause', 'resume', 'cancel', 'retry', 'requirements/finalize', 'download'])
      expect([path, (await server.post(`/projects/${project_id}/${path}`, {}, bob)).status]).toEqual([path, 404]);
    await server.post(`/projects/${project_id}/messages`, { content: 'Hello' }, bob).expect(404);
    await server.get(`/runs/${run_id}`, bob).expect(404);
    expect((await server.get('/events', bob).expect(200)).body.items).toEqual([]);
    expect((await server.get('/events/verify', bob).expect(200)).body.chains).toHaveLength(1);
  });

  it('refuses what does not fit its state', async () => {
    const { project_id } = await server.createProject(ada);
    expect((await server.post(`/projects/${project_id}/download`, {}, ada).expect(409)).body.code).toBe('not_delivered');
    await server.post(`/projects/${project_id}/cancel`, {}, ada).expect(200);
    expect((await server.post(`/projects/${project_id}/messages`, { content: 'Hello?' }, ada).expect(409)).body.code).toBe('chat_closed');
  });
});

describe('an Idempotency-Key', () => {
  const create = (key: string, product_idea: string) => server.post('/projects', { product_idea }, ada).set('Idempotency-Key', key);

  it('makes a repeat answer the first result', async () => {
    const key = randomUUID();
    const first = await create(key, 'A cinema.').expect(201);
    const second = await create(key, 'A cinema.').expect(201);
    expect(second.body).toEqual(first.body);
  });

  it('refuses another body', async () => {
    const key = randomUUID();
    await create(key, 'A cinema.').expect(201);
    expect((await create(key, 'A theatre.').expect(422)).body.code).toBe('idempotency_key_reused');
  });

  it('must be visible ASCII of at most 255 characters', async () => {
    await create('k'.repeat(256), 'A cinema.').expect(400);
  });
});

describe('bad input', () => {
  const idea = 'A cinema.';
  const bodies: [string, unknown, string][] = [
    ['an unknown field', { product_idea: idea, colour: 'red' }, 'colour'],
    ['a missing field', {}, 'product_idea'],
    ['an empty idea', { product_idea: ' \n' }, 'product_idea'],
    ['an idea of 100 KB', { product_idea: 'x'.repeat(100_000) }, 'product_idea'],
    ['an idea that is no text', { product_idea: { toString: 'x' } }, 'product_idea'],
    ['NUL', { product_idea: 'a\0b' }, 'product_idea'],
    ['half a surrogate pair', { product_idea: 'a\ud800b' }, 'product_idea'],
    ['a wrong choice', { product_idea: idea, autonomy: 'total' }, 'autonomy'],
    ['a nested problem', { product_idea: idea, limits: { minutes: 0 } }, 'limits.minutes'],
    ['a list', [{ product_idea: idea }], ''],
  ];
  it.each(bodies)('%s is refused and named', async (_, body, field) => {
    const { body: problem } = await server
      .post('/projects', body, ada)
      .expect(400)
      .expect('Content-Type', /^application\/problem\+json/);
    expect(problem).toMatchObject({ status: 400, code: 'invalid_input', detail: expect.any(String) });
    expect(problem.errors.map((error: any) => error.field)).toContain(field);
  });

  const raw = (body: string, type = 'application/json') =>
    request(server.url).post('/api/v1/projects').set('Authorization', `Bearer ${ada.access_token}`).set('Content-Type', type).send(body);

  it.each([
    ['malformed JSON', '{"product_idea": "x"', 'application/json', 400],
    ['a bare value', '"x"', 'application/json', 400],
    ['__proto__', '{"product_idea":"x","__proto__":{"a":1}}', 'application/json', 400],
    ['nesting of 10,000 levels', `{"product_idea":"x","generation_spec":${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}}`, 'application/json', 400],
    ['a body of 5 MB', JSON.stringify({ product_idea: 'x'.repeat(5_000_000) }), 'application/json', 413],
    ['a form', 'product_idea=x', 'application/x-www-form-urlencoded', 400],
    ['another type', '{"product_idea":"x"}', 'text/plain', 400],
    ['an unknown charset', '{"product_idea":"x"}', 'application/json; charset=klingon', 400],
  ])('%s is refused', async (_, body, type, status) => {
    const { body: problem } = await raw(body, type)
      .expect(status)
      .expect('Content-Type', /^application\/problem\+json/);
    expect(problem).toMatchObject({ status, code: expect.any(String), detail: expect.any(String) });
  });

  it.each([
    ['/projects/not-a-uuid', 'invalid_id'],
    ['/projects/not-a-uuid/stream', 'invalid_id'],
    ['/projects?limit=0', 'invalid_input'],
    ['/projects?limit=201', 'invalid_input'],
    ['/projects?limit=1&limit=2', 'invalid_input'],
    ['/projects?cursor=abc', 'invalid_cursor'],
    ['/projects?page=2', 'invalid_input'],
    ['/projects?cursor=%00', 'invalid_input'],
    ['/events?limit=0', 'invalid_input'],
    ['/events?limit=201', 'invalid_input'],
    ['/events?cursor=abc', 'invalid_cursor'],
    ['/events?after=-1', 'invalid_input'],
    ['/events?after=9999999999999999999', 'invalid_input'],
    ['/events?from=yesterday', 'invalid_input'],
    ['/events?until=2026-13-45T00:00:00Z', 'invalid_input'],
    ['/events?type=%00', 'invalid_input'],
    ['/events?correlation_id=1', 'invalid_input'],
    ['/projects/%E0%A4%A', 'invalid_input'],
    ['/artifacts/00000000-0000-4000-8000-000000000000/files/a%00b', 'invalid_input'],
  ])('%s is refused', async (path, code) => {
    const { body } = await server
      .get(path, ada)
      .expect(400)
      .expect('Content-Type', /^application\/problem\+json/);
    expect(body.code).toBe(code);
  });

  it('is refused before it is looked at where the token is not good', async () => {
    const bad = ['x', 'a.b.c', `${ada.access_token}x`, await server.tokenFor(ada, -10), 'cs_0123456789'];
    for (const access_token of bad) {
      const { body } = await server
        .get('/projects', { ...ada, access_token })
        .expect(401)
        .expect('WWW-Authenticate', 'Bearer');
      expect(body.code).toBe('unauthenticated');
    }
    await request(server.url).get('/api/v1/projects').set('Authorization', 'Basic YTpi').expect(401);
    await request(server.url).get(`/api/v1/projects?access_token=${ada.access_token}`).expect(401);
  });
});

describe('every answer', () => {
  it('carries a request id, the one that was sent where it is usable', async () => {
    expect((await server.get('/healthz')).headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
    expect((await server.get('/healthz').set('X-Request-Id', 'abc-1')).headers['x-request-id']).toBe('abc-1');
    expect((await server.get('/healthz').set('X-Request-Id', 'a b')).headers['x-request-id']).not.toBe('a b');
  });

  it('carries headers that keep browsers careful, and none that tells of the framework', async () => {
    const { headers } = await server.get('/projects', ada);
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'DENY', 'cache-control': 'no-store' });
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it('is a problem document where nothing is there', async () => {
    for (const path of ['/api/v1/nothing', '/api/nothing', '/nothing'])
      expect(
        (
          await request(server.url)
            .get(path)
            .expect(404)
            .expect('Content-Type', /^application\/problem\+json/)
        ).body.code,
      ).toBe('not_found');
  });
});

describe('health', () => {
  it('says how each part is', async () => {
    const { body } = await server.get('/healthz').expect(200);
    expect(body).toEqual({
      ...{ api_status: 'ok', db_status: 'ok', event_store_status: 'ok', llm_status: 'not_configured' },
      queue_status: 'degraded',
      details: ['No worker is running: nothing is worked on until one is started.'],
    });
  });
});

describe('stopping', () => {
  it('does not wait for connections that are kept alive, streams or sockets', async () => {
    const one = await ApiServer.start(postgres);
    const person = await one.register();
    const { project_id } = await one.createProject(person);
    const agent = new Agent({ keepAlive: true });
    const ended: Promise<unknown>[] = [];
    for (const path of ['/healthz', `/projects/${project_id}/stream`]) {
      await new Promise<void>((resolve, reject) => {
        httpGet(`${one.url}/api/v1${path}`, { agent, headers: { authorization: `Bearer ${person.access_token}` } }, (response) => {
          ended.push(new Promise((done) => response.on('close', done)));
          response.resume();
          resolve();
        }).on('error', reject);
      });
    }
    const { socket } = await StreamClient.connect(one.url, person.access_token);
    ended.push(new Promise((done) => socket.once('disconnect', done)));
    const before = Date.now();
    await one.stop();
    await Promise.all(ended);
    expect(socket.connected).toBe(false);
    agent.destroy();
    expect(Date.now() - before).toBeLessThan(4_000);
  }, 20_000);
});

describe('requests at the same moment', () => {
  it('are each answered, as the person who asked', async () => {
    const asked = Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? ada : bob));
    const answers = await Promise.all(asked.map((person) => server.get('/auth/me', person).expect(200)));
    expect(answers.map(({ body }) => body.user_id)).toEqual(asked.map(({ user_id }) => user_id));
  });
});
