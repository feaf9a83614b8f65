import { randomUUID } from 'node:crypto';
import { get as httpGet, type ClientRequest, type IncomingMessage } from 'node:http';
import { CommandBus } from '@nestjs/cqrs';
import { streamMessage, type StreamMessage } from '#contracts';
import { EventLog, type CommandMeta } from '#platform';
import { chatStream } from '#requirements-chat';
import { StreamGateway } from '../../apps/api/src/stream.gateway.js';
import { AssignTask, ReportProgress, StartTask } from '#tasks';
import { commandMeta } from '../support/given.js';
import { POSTGRES_START_MS, startPostgres, type TestPostgres } from '../support/postgres.js';
import { ApiServer, eventually, StreamClient, type Person } from './api-server.js';

let postgres: TestPostgres;
let server: ApiServer;
let ada: Person;
let bob: Person;
const clients: StreamClient[] = [];
const requests: ClientRequest[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  server = await ApiServer.start(postgres, { DAILY_RUNS_PER_USER: 1_000 });
  ada = await server.register();
  bob = await server.register();
}, POSTGRES_START_MS);

afterEach(() => {
  for (const { socket } of clients.splice(0)) socket.disconnect();
  for (const one of requests.splice(0)) one.destroy();
});

afterAll(async () => {
  await server?.stop();
  await postgres?.stop();
});

async function connect(token: unknown, options: object = {}): Promise<StreamClient> {
  const client = await StreamClient.connect(server.url, token, options);
  clients.push(client);
  return client;
}

const write = (project_id: string, content: string) => server.post(`/projects/${project_id}/messages`, { content }, ada).expect(202);
const chatted = (messages: readonly StreamMessage[]) =>
  messages.filter(({ event_type }) => event_type === 'new_message').map(({ payload }) => payload['message']);
const numbered = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `message ${from + index}`);

/** An event stream that keeps what it was sent. */
class EventStream {
  text = '';
  ended = false;

  constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => (this.text += chunk));
    response.on('close', () => (this.ended = true));
  }

  static open(path: string, headers: Record<string, string> = {}, token = ada.access_token): Promise<EventStream> {
    return new Promise((resolve, reject) => {
      const one = httpGet(`${server.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } }, (response) =>
        resolve(new EventStream(response)),
      );
      one.on('error', reject);
      requests.push(one);
    });
  }

  get events(): { id: string | undefined; event: string | undefined; data: any }[] {
    const blocks = this.text.split('\n\n').slice(0, -1);
    return blocks
      .map((block) => Object.fromEntries(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)])))
      .filter((fields) => 'data' in fields)
      .map(({ id, event, data }) => ({ id, event, data: JSON.parse(data!) }));
  }
}

describe('the socket', () => {
  it('tells what was missed and then what happens, each once, in order and in the documented form', async () => {
    const { project_id, run_id } = await server.createProject(ada);
    for (const content of numbered(3)) await write(project_id, content);
    const client = await connect(ada.access_token);
    expect(await client.ask('subscribe', { project_id, after_position: '0' })).toEqual({ ok: true, position: '0' });
    for (const content of numbered(3, 3)) await write(project_id, content);
    await eventually(() => client.messages.length >= 7);
    for (const message of client.messages) expect(streamMessage.parse(message)).toEqual(message);
    expect(client.messages[0]).toMatchObject({ event_type: 'status', project_id, payload: { run_id, status: 'collecting' } });
    expect(chatted(client.messages)).toEqual(numbered(6));
    expect(client.messages.at(-1)!.payload).toMatchObject({ agent_type: 'person', questions: [] });
    expect([...client.positions].sort((a, b) => Number(a) - Number(b))).toEqual(client.positions);
  });

  it('begins now where no position is sent, and misses nothing after its acknowledgement', async () => {
    const { project_id } = await server.createProject(ada);
    await write(project_id, 'before');
    const client = await connect(ada.access_token);
    expect((await client.ask('subscribe', { project_id })).ok).toBe(true);
    await write(project_id, 'after');
    await eventually(() => client.messages.length > 0);
    expect(chatted(client.messages)).toEqual(['after']);
  });

  it('goes on after a lost connection from the last position, while others write', async () => {
    const { project_id } = await server.createProject(ada);
    const seen: StreamMessage[] = [];
    const writing = (async () => {
      for (const content of numbered(40)) await write(project_id, content);
    })();
    for (let round = 0; seen.length < 41; round += 1) {
      const client = await connect(ada.access_token, round % 2 === 0 ? { transports: ['websocket'] } : {});
      await client.ask('subscribe', { project_id, after_position: seen.at(-1)?.position ?? '0' });
      await eventually(() => client.messages.length > 0);
      client.socket.disconnect();
      seen.push(...client.messages);
    }
    await writing;
    expect(chatted(seen)).toEqual(numbered(40));
  });

  it('is announced only what a read can find', async () => {
    const { project_id } = await server.createProject(ada);
    const client = await connect(ada.access_token);
    await client.ask('subscribe', { project_id });
    const found: unknown[] = [];
    client.socket.on('message', ({ payload }: StreamMessage) => {
      void server
        .get(`/projects/${project_id}/messages`, ada)
        .then(({ body }) => found.push(body.items.some((one: any) => one.message_id === payload['message_id'])));
    });
    for (const content of numbered(5)) await write(project_id, content);
    await eventually(() => found.length === 5);
    expect(found).toEqual(Array(5).fill(true));
  });

  it('says whose task it is, also to those who begin in the middle', async () => {
    const { project_id, run_id } = await server.createProject(ada);
    const [task_id, holder] = [randomUUID(), randomUUID()];
    const meta = (): CommandMeta => commandMeta({ command_id: randomUUID(), actor: 'agent:coder', owner_id: ada.user_id, project_id, run_id });
    const bus = server.app.get(CommandBus);
    const handoff_in = { handoff_type: 'implementation_plan', sha256: 'a'.repeat(64), bytes: 2 } as const;
    const { position } = await bus.execute(
      new AssignTask(
        { task_id, run_id, agent_type: 'coder', engine: null, purpose: 'write', instructions: 'Write it.', round: 0, handoff_in },
        meta(),
      ),
    );
    await bus.execute(new StartTask({ task_id, attempt: 1, brain: 'template', holder }, meta()));
    await bus.execute(new ReportProgress({ task_id, attempt: 1, holder, progress: 50, stage: 'writing' }, meta()));
    const client = await connect(ada.access_token);
    await client.ask('subscribe', { project_id, after_position: position });
    await eventually(() => client.messages.length === 2);
    expect(client.messages.map(({ event_type, payload }) => [event_type, payload])).toEqual([
      ['agent_status_update', { agent_type: 'coder', status: 'working', task_id, attempt: 1 }],
      ['task_progress', { agent_type: 'coder', task_id, progress: 50, stage: 'writing' }],
    ]);
  });

  it('takes chat and shows it like any other', async () => {
    const { project_id } = await server.createProject(ada);
    const client = await connect(ada.access_token);
    await client.ask('subscribe', { project_id });
    const reply = await client.ask('chat', { project_id, content: 'Members borrow tools.' });
    expect(reply).toEqual({ ok: true, message_id: expect.any(String) });
    await eventually(() => client.messages.length === 1);
    expect(client.messages[0]!.payload).toMatchObject({ message_id: reply.message_id, message: 'Members borrow tools.' });
    await server.post(`/projects/${project_id}/cancel`, {}, ada).expect(200);
    expect(await client.ask('chat', { project_id, content: 'Still there?' })).toMatchObject({
      ok: false,
      problem: { code: 'chat_closed', status: 409 },
    });
  });

  it('tells nothing after it was unsubscribed', async () => {
    const { project_id } = await server.createProject(ada);
    const client = await connect(ada.access_token);
    await client.ask('subscribe', { project_id });
    expect(await client.ask('unsubscribe', { project_id })).toEqual({ ok: true });
    await write(project_id, 'unheard');
    await client.ask('subscribe', { project_id });
    await write(project_id, 'heard');
    await eventually(() => client.messages.length > 0);
    expect(chatted(client.messages)).toEqual(['heard']);
  });

  it.each([
    ['nothing', undefined],
    ['something else', { user: 'ada' }],
    ['a forged token', 'a.b.c'],
  ])('refuses a handshake with %s', async (_, token) => {
    await expect(connect(token)).rejects.toMatchObject({ message: 'unauthenticated', data: { code: 'unauthenticated', status: 401 } });
  });

  it('does not take a token from the address', async () => {
    await expect(connect(undefined, { query: { token: ada.access_token } })).rejects.toMatchObject({ message: 'unauthenticated' });
  });

  it('ends when the token expires, and says so', async () => {
    await expect(connect(await server.tokenFor(ada, -1))).rejects.toMatchObject({ message: 'unauthenticated' });
    const client = await connect(await server.tokenFor(ada, 2));
    await eventually(() => !client.socket.connected);
    expect(client.closings).toEqual([{ problem: expect.objectContaining({ code: 'unauthenticated' }) }]);
  });

  it('does not know what is somebody else’s', async () => {
    const { project_id } = await server.createProject(ada);
    const client = await connect(bob.access_token);
    for (const [event, body] of [
      ['subscribe', { project_id, after_position: '0' }],
      ['chat', { project_id, content: 'Hello' }],
    ] as const)
      expect(await client.ask(event, body)).toMatchObject({ ok: false, problem: { code: 'not_found', status: 404 } });
    expect(await client.ask('unsubscribe', { project_id })).toEqual({ ok: true });
    await write(project_id, 'secret');
    expect(client.messages).toEqual([]);
  });

  it.each([
    ['subscribe', 'project_id', {}],
    ['subscribe', '', null],
    ['subscribe', 'project_id', { project_id: 'x' }],
    ['subscribe', 'after_position', { project_id: randomUUID(), after_position: '-1' }],
    ['subscribe', 'after_position', { project_id: randomUUID(), after_position: '9999999999999999999' }],
    ['subscribe', '', { project_id: randomUUID(), more: 1 }],
    ['chat', 'content', { project_id: randomUUID(), content: ' ' }],
    ['chat', 'content', { project_id: randomUUID(), content: 'a\0b' }],
    ['chat', 'content', { project_id: randomUUID(), content: 'x'.repeat(20_001) }],
  ])('refuses a malformed %s (%j)', async (event, field, body) => {
    const client = await connect(ada.access_token);
    const { ok, problem } = await client.ask(event, body);
    expect([ok, problem.code, problem.errors[0].field]).toEqual([false, 'invalid_input', field]);
  });

  it('refuses a position beyond the end of the log', async () => {
    const { project_id } = await server.createProject(ada);
    const client = await connect(ada.access_token);
    expect(await client.ask('subscribe', { project_id, after_position: '4000000' })).toMatchObject({ ok: false, problem: { code: 'invalid_input' } });
  });

  it('holds little for a client that stopped reading, and gives it everything once it reads again', async () => {
    const { project_id, run_id } = await server.createProject(ada);
    const [slow, quick] = [await connect(ada.access_token, { transports: ['websocket'] }), await connect(ada.access_token)];
    for (const client of [slow, quick]) await client.ask('subscribe', { project_id });
    const wire = (slow.socket.io.engine as any).transport.ws;
    const connections: any[] = [...server.app.get(StreamGateway).server.sockets.sockets.values()].map(({ conn }) => conn);
    wire.pause();
    await write(project_id, 'first');
    const log = server.app.get(EventLog);
    for (let page = 0; page < 10; page += 1) {
      // Far more than the kernel takes over for a socket that nobody reads.
      const data = (index: number) => ({
        message_id: randomUUID(),
        run_id,
        author: 'analyst',
        content: `${page}.${index} ${'字'.repeat(19_000)}`,
        questions: null,
      });
      const events = Array.from({ length: 40 }, (_, index) => ({ type: 'chat.message_posted', data: data(index) }));
      await log.append(chatStream(project_id), page * 40, events, {
        ...{ timestamp: new Date().toISOString(), actor: 'agent:analyst', owner_id: ada.user_id, project_id, run_id, request_hash: null },
        ...{ correlation_id: randomUUID(), causation_id: randomUUID(), command_id: randomUUID() },
      });
    }
    await eventually(() => quick.messages.length === 401, 20_000);
    const queued: number[] = connections.flatMap((conn) => conn.writeBuffer.map(({ data }: { data: string }) => data.length));
    const below: number[] = connections.map((conn) => conn.transport.socket?.bufferedAmount ?? 0);
    const unsent = [...queued, ...below].reduce((sum, one) => sum + one, 0);
    expect(slow.messages.length).toBeLessThan(401);
    expect(unsent).toBeGreaterThan(500_000);
    expect(unsent).toBeLessThan(1_500_000);
    wire.resume();
    await eventually(() => slow.messages.length === 401, 20_000);
    expect(slow.positions).toEqual(quick.positions);
  }, 60_000);

  it('cuts off whoever sends a frame that is far too large', async () => {
    const client = await connect(ada.access_token, { transports: ['websocket'] });
    client.socket.emit('chat', { project_id: randomUUID(), content: 'x'.repeat(1_000_000) });
    await eventually(() => !client.socket.connected);
  });
});

describe('server-sent events', () => {
  it('resume after Last-Event-ID, each message with its position as id', async () => {
    const { project_id } = await server.createProject(ada);
    await write(project_id, 'one');
    const first = await EventStream.open(`/projects/${project_id}/stream?after_position=0`);
    expect(first.response.headers).toMatchObject({ 'content-type': 'text/event-stream', 'cache-control': 'no-store, no-transform' });
    await eventually(() => first.events.length === 2);
    expect(first.text).toMatch(/^retry: 1000\n\n/);
    expect(first.events.map(({ event }) => event)).toEqual(['status', 'new_message']);
    for (const { id, event, data } of first.events) expect(streamMessage.parse(data)).toMatchObject({ position: id, event_type: event });
    await write(project_id, 'two');
    await write(project_id, 'three');
    const again = await EventStream.open(`/projects/${project_id}/stream?after_position=0`, { 'last-event-id': first.events[1]!.id! });
    await eventually(() => again.events.length === 2 && first.events.length === 4);
    await write(project_id, 'four');
    await eventually(() => again.events.length === 3 && first.events.length === 5);
    expect(again.events).toEqual(first.events.slice(2));
  });

  it('end when the token expires, and say so', async () => {
    const { project_id } = await server.createProject(ada);
    const stream = await EventStream.open(`/projects/${project_id}/stream`, {}, await server.tokenFor(ada, 2));
    await eventually(() => stream.ended);
    expect(stream.events).toEqual([{ id: undefined, event: 'closing', data: expect.objectContaining({ code: 'unauthenticated' }) }]);
  });

  it.each(['x', '-1', '4000000'])('refuse the position %s', async (position) => {
    const { project_id } = await server.createProject(ada);
    const { body } = await server.get(`/projects/${project_id}/stream`, ada).set('Last-Event-ID', position).expect(400);
    expect(body.code).toBe('invalid_input');
  });
});

describe('when the database goes away', () => {
  it('health says so, and streams go on when it is back', async () => {
    const { project_id } = await server.createProject(ada);
    const client = await connect(ada.access_token);
    await client.ask('subscribe', { project_id, after_position: '0' });
    const stream = await EventStream.open(`/projects/${project_id}/stream?after_position=0`);
    await write(project_id, 'before');
    await eventually(() => client.messages.length === 2 && stream.events.length === 2);

    await postgres.crash();
    await eventually(async () => (await server.get('/healthz')).status === 503);
    const { body } = await server.get('/healthz');
    expect(body).toMatchObject({ db_status: 'down', event_store_status: 'down', details: expect.arrayContaining(['The database does not answer.']) });
    const { body: problem } = await server.get('/projects', ada).expect(503);
    expect(problem.code).toBe('unavailable');

    await postgres.start();
    await eventually(async () => (await server.get('/healthz')).status === 200, 20_000);
    await write(project_id, 'after');
    await eventually(() => client.messages.length === 3 && stream.events.length === 3, 20_000);
    expect(chatted(client.messages)).toEqual(['before', 'after']);
    expect(stream.ended).toBe(false);
  }, 60_000);
});
