import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server, type Socket } from 'socket.io';
import type { StreamMessage } from '#contracts';
import { followProject, type ProjectStream } from './project-stream.js';

const PROJECT = '00000000-0000-4000-8000-000000000001';
const TOKEN = 'the token';

type Subscribe = (request: { project_id: string; after_position?: string }, answer: (reply: object) => void) => void;

let http: HttpServer;
let server: Server;
let baseUrl: string;
const streams: ProjectStream[] = [];

const message = (position: string | null, text: string): StreamMessage => ({
  event_type: position === null ? 'message_delta' : 'new_message',
  position,
  project_id: PROJECT,
  timestamp: '2026-01-01T00:00:00.000Z',
  payload: { text },
});
const unauthenticated = { status: 401, code: 'unauthenticated', detail: 'Send a valid bearer token.' };

function onSubscribe(handle: (socket: Socket, ...args: Parameters<Subscribe>) => void): void {
  server.on('connection', (socket) => socket.on('subscribe', ((request, answer) => handle(socket, request, answer)) as Subscribe));
}

function follow(options: Partial<Parameters<typeof followProject>[0]> = {}): StreamMessage[] {
  const received: StreamMessage[] = [];
  streams.push(
    followProject({ baseUrl, token: () => TOKEN, projectId: PROJECT, reconnectMs: [5, 20], onMessage: (one) => received.push(one), ...options }),
  );
  return received;
}

async function until(condition: () => boolean): Promise<void> {
  for (const end = Date.now() + 4_000; !condition();) {
    if (Date.now() > end) throw new Error('it did not come to that');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

beforeEach(async () => {
  http = createServer();
  server = new Server(http, { path: '/ws' });
  server.use((socket, next) =>
    next(socket.handshake.auth['token'] === TOKEN ? undefined : Object.assign(new Error('no'), { data: unauthenticated })),
  );
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  baseUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
});

afterEach(async () => {
  streams.splice(0).forEach((stream) => stream.close());
  await server.close();
});

it('loses nothing and tells nothing twice, wherever connections break', async () => {
  // Some events are told of by two messages, which share a position; positions have gaps and grow a digit.
  const log = Array.from({ length: 120 }, (_, index) => message(String(90 + Math.floor(index / 2) * 7), `message ${index}`));
  let connections = 0;
  onSubscribe((socket, { after_position }, answer) => {
    connections++;
    answer({ ok: true, position: log.at(-1)!.position });
    const missed = log.filter(({ position }) => Number(position) > Number(after_position));
    // Each connection bears a few messages more than the one before, odd and even numbers of them.
    missed.slice(0, 3 + connections).forEach((one) => socket.emit('message', one));
    if (missed.length <= 3 + connections) return;
    if (connections % 3 === 0) socket.conn.close();
    else setTimeout(() => socket.disconnect(true), connections % 2);
  });
  const received = follow();
  await until(() => received.length >= log.length);
  expect(received).toEqual(log);
  expect(connections).toBeGreaterThan(5);
});

it('goes on live after a reconnection, and passes on parts of a message that is being written', async () => {
  const log = [message('5', 'before'), message('6', 'known'), message('7', 'new')];
  const asked: unknown[] = [];
  onSubscribe((socket, request, answer) => {
    asked.push(request.after_position);
    answer({ ok: true, position: '6' });
    if (asked.length === 1) {
      socket.emit('message', log[2]);
      socket.disconnect(true);
      return;
    }
    socket.emit('message', log[1]);
    socket.emit('message', log[2]);
    socket.emit('message', message(null, 'a part'));
    socket.emit('message', message(null, 'a part'));
    socket.emit('message', message('10', 'live'));
    socket.emit('message', { ...message('11', 'of another'), project_id: PROJECT.replace('1', '2') });
    socket.emit('message', { nonsense: true });
  });
  const received = follow({ afterPosition: '6' });
  await until(() => received.length === 4);
  expect(received.map(({ payload }) => payload['text'])).toEqual(['new', 'a part', 'a part', 'live']);
  expect(asked).toEqual(['6', '6']);
});

it('tries again after a refusal that passes', async () => {
  const live: boolean[] = [];
  let asked = 0;
  onSubscribe((socket, _, answer) => {
    asked++;
    answer(asked === 1 ? { ok: false, problem: { status: 503, code: 'unavailable', detail: 'Not now.' } } : { ok: true, position: '1' });
    if (asked > 1) socket.emit('message', message('1', 'hello'));
  });
  const received = follow({ onLive: (now) => live.push(now) });
  await until(() => received.length === 1);
  expect(asked).toBe(2);
  expect(live).toEqual([false, true]);
});

it.each([
  ['an unknown token', { token: () => 'another' }, 'unauthenticated'],
  ['a project of somebody else', {}, 'not_found'],
])('ends and says so for %s', async (_, options, code) => {
  let asked = 0;
  onSubscribe((_socket, _request, answer) => {
    asked++;
    answer({ ok: false, problem: { status: 404, code: 'not_found', detail: 'There is no such project.' } });
  });
  const refusals: string[] = [];
  follow({ ...options, onRefused: (problem) => refusals.push(problem.code) });
  await until(() => refusals.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(refusals).toEqual([code]);
  expect(asked).toBe(code === 'not_found' ? 1 : 0);
});

it('ends and says so when access to the project is lost', async () => {
  onSubscribe((socket, _, answer) => {
    answer({ ok: true, position: '1' });
    socket.emit('closing', { project_id: PROJECT, problem: { status: 404, code: 'not_found', detail: 'There is no such project.' } });
    socket.emit('message', message('1', 'too late'));
  });
  const refusals: string[] = [];
  const received = follow({ onRefused: (problem) => refusals.push(problem.code) });
  await until(() => refusals.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(refusals).toEqual(['not_found']);
  expect(received).toEqual([]);
});

it('waits for a server that is not there yet', async () => {
  const { port } = http.address() as AddressInfo;
  await server.close();
  const received = follow();
  await new Promise((resolve) => setTimeout(resolve, 60));
  http = createServer();
  server = new Server(http, { path: '/ws' });
  onSubscribe((socket, _, answer) => {
    answer({ ok: true, position: '1' });
    socket.emit('message', message('1', 'hello'));
  });
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve));
  await until(() => received.length === 1);
});
