import { createServer, type Server as NetServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from './failure.js';
import { findServer, type ServerSettings } from './server.js';

/** What is started in place of the real server. */
const SERVER = `
const { createServer } = require('node:http');
let ready = false;
setTimeout(() => (ready = true), 300);
createServer((request, reply) => reply.writeHead(ready ? 200 : 503).end(JSON.stringify({ api_status: 'ok', pid: process.pid }))).listen(Number(process.env.PORT), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`;

let folder: string;
const signal = new AbortController().signal;
const said: string[] = [];
const say = (text: string): void => void said.push(text);

async function settings(port: number, source: string): Promise<ServerSettings> {
  const entry = join(folder, 'server.cjs');
  await writeFile(entry, source);
  return { host: '127.0.0.1', port, dataDir: join(folder, 'data'), env: process.env, entry };
}

async function occupy(): Promise<{ port: number; server: NetServer }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, server };
}

async function freePort(): Promise<number> {
  const { port, server } = await occupy();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

beforeEach(async () => {
  said.length = 0;
  folder = await mkdtemp(join(tmpdir(), 'countersign-'));
});
afterEach(() => rm(folder, { recursive: true }));

it('starts a server on the configured port, waits until it is ready, and stops it', async () => {
  const port = await freePort();
  const server = await findServer(undefined, await settings(port, SERVER), say, signal);
  expect(server).toMatchObject({ url: `http://127.0.0.1:${port}`, account: `http://127.0.0.1:${port}`, own: true });
  const reply = await fetch(`${server.url}/api/v1/healthz`);
  expect(reply.status).toBe(200);
  const { pid } = (await reply.json()) as { pid: number };
  expect(server.ended()).toBeNull();
  await server.stop();
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  expect((await stat(join(folder, 'data', 'cli-server.log'))).mode & 0o777).toBe(0o600);
});

it('takes a free port where another program has the configured one, and the same account', async () => {
  const { port, server: other } = await occupy();
  const server = await findServer(undefined, await settings(port, SERVER), say, signal);
  try {
    expect(server.url).not.toBe(`http://127.0.0.1:${port}`);
    expect(server.account).toBe(`http://127.0.0.1:${port}`);
  } finally {
    await server.stop();
    other.close();
  }
});

it('uses the server that runs there, and leaves it running', async () => {
  const first = await findServer(undefined, await settings(await freePort(), SERVER), say, signal);
  try {
    const second = await findServer(first.url, await settings(0, 'never started'), say, signal);
    expect(second).toMatchObject({ url: first.url, own: false });
    await second.stop();
    expect(first.ended()).toBeNull();
  } finally {
    await first.stop();
  }
});

it('shows the log of a server that does not come up', async () => {
  const broken = await settings(await freePort(), `console.error('the folder is taken'); process.exit(1);`);
  const failure = findServer(undefined, broken, say, signal);
  await expect(failure).rejects.toBeInstanceOf(Failure);
  await expect(failure).rejects.toThrow('the folder is taken');
});

it('stops the server that it is starting when it is interrupted', async () => {
  const port = await freePort();
  const interrupt = new AbortController();
  const starting = findServer(undefined, await settings(port, SERVER.replace('300', '60_000')), say, interrupt.signal);
  const answers = async (): Promise<boolean> =>
    fetch(`http://127.0.0.1:${port}`).then(
      () => true,
      () => false,
    );
  while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 50));
  interrupt.abort();
  await expect(starting).rejects.toThrow();
  expect(await answers()).toBe(false);
});
