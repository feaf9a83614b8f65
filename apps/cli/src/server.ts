import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem, CountersignClient, ServerUnreachable, type Health } from '#client';
import { Failure } from './failure.js';
import { makeFolder } from './folder.js';
import { plain } from './terminal.js';

export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What a server is started from. */
  readonly entry: string;
}

/** A server to work with. */
export interface Server {
  readonly url: string;
  /** Where the keys of its accounts are kept: the settings' own server is one server, whatever port it got. */
  readonly account: string;
  /** Whether this command started it. */
  readonly own: boolean;
  /** Why it runs no more; null while it does, and always for a server of somebody else. */
  ended(): string | null;
  stop(): Promise<void>;
}

const READY_WITHIN_MS = 120_000;
const STOPPED_WITHIN_MS = 15_000;

/**
 * The server at the given address; else the one of the settings, started here where none runs.
 * @throws Failure where there is none and none could be started
 */
export async function findServer(
  given: string | undefined,
  settings: ServerSettings,
  say: (text: string) => void,
  signal: AbortSignal,
): Promise<Server> {
  const own = ownAddress(settings);
  const url = given ?? own;
  if (given !== undefined || settings.port !== 0) {
    const health = await probe(url, signal);
    if (health) {
      if (!health.ready) await becomesReady(url, health, say, signal);
      return { url, account: url, own: false, ended: () => null, stop: async () => undefined };
    }
    if (given !== undefined)
      throw new Failure(`No Countersign server answers at ${given}. Start it there, or leave the address out to have one started here.`);
  }
  return startServer(own, settings, say, signal);
}

/** Where the server of these settings is, if it runs. */
export const ownAddress = ({ host, port }: Pick<ServerSettings, 'host' | 'port'>): string => `http://${reachable(host)}:${port}`;

/** An address to listen on, as one to connect to. */
function reachable(host: string): string {
  const address = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  return address.includes(':') ? `[${address}]` : address;
}

/** What the service there says of itself; null where there is none. */
async function probe(baseUrl: string, signal: AbortSignal): Promise<Health | null> {
  try {
    return await new CountersignClient({ baseUrl, signal, timeoutMs: 5_000 }).health();
  } catch (error) {
    if (error instanceof ServerUnreachable || error instanceof ApiProblem) return null;
    throw error;
  }
}

const parts = (health: Health): [string, unknown][] => Object.entries(health).filter(([name]) => name.endsWith('_status'));

async function becomesReady(url: string, first: Health, say: (text: string) => void, signal: AbortSignal): Promise<void> {
  const down = (health: Health): string =>
    parts(health)
      .filter(([, status]) => status === 'down')
      .map(([name]) => name.replace('_status', ''))
      .join(', ');
  say(`The server at ${url} is not ready (down: ${down(first)}); waiting for it.`);
  let last = first;
  for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until;) {
    await sleep(1_000, undefined, { signal });
    const health = await probe(url, signal);
    if (health && health.ready) return;
    last = health ?? last;
  }
  throw new Failure(`The server at ${url} did not become ready (down: ${down(last)}). See its log.`);
}

async function startServer(own: string, settings: ServerSettings, say: (text: string) => void, signal: AbortSignal): Promise<Server> {
  const { host, dataDir } = settings;
  const port = (await freePort(settings.port, host)) ?? (await freePort(0, host));
  if (port === null) throw new Failure(`No server could be started: nothing can listen on ${host}.`);
  const url = `http://${reachable(host)}:${port}`;
  say(`No server runs at ${own}: starting one at ${url}`);

  const logFile = join(dataDir, 'cli-server.log');
  await makeFolder(dataDir, 0o700);
  const log = openSync(logFile, 'w', 0o600);
  // A process group of its own: Ctrl-C reaches this command, which then stops the server in order.
  const child = spawn(process.execPath, [settings.entry], {
    env: { ...settings.env, PORT: String(port) },
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  let broken: Error | undefined;
  child.once('error', (error) => (broken = error));
  const abandoned = () => void child.kill('SIGTERM');
  process.once('exit', abandoned);
  const server: Server = {
    url,
    account: own,
    own: true,
    ended: () => {
      if (broken) return `The server could not be started: ${broken.message}`;
      return isRunning(child) ? null : `The server ended by itself (${child.signalCode ?? child.exitCode!}). Its log: ${logFile}`;
    },
    stop: async () => {
      await stop(child);
      process.off('exit', abandoned);
    },
  };
  try {
    await answers(server, logFile, signal);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return server;
}

async function answers(server: Server, logFile: string, signal: AbortSignal): Promise<void> {
  for (const until = Date.now() + READY_WITHIN_MS; Date.now() < until;) {
    const health = await probe(server.url, signal);
    if (health && health.ready) return;
    const ended = server.ended();
    if (ended !== null) throw new Failure(`${ended}\n${await tail(logFile)}`);
    await sleep(200, undefined, { signal });
  }
  throw new Failure(`The server did not become ready. The end of its log, ${logFile}:\n${await tail(logFile)}`);
}

async function tail(file: string): Promise<string> {
  const lines = plain(await readFile(file, 'utf8').catch(() => ''))
    .trimEnd()
    .split('\n');
  return lines
    .slice(-15)
    .map((line) => `  ${line}`)
    .join('\n');
}

const isRunning = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/** Lets the server finish in order, and ends it with all it started where it does not. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || !isRunning(child)) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGTERM');
  const limit = new AbortController();
  await Promise.race([gone, sleep(STOPPED_WITHIN_MS, undefined, { signal: limit.signal }).catch(() => undefined)]);
  limit.abort();
  if (!isRunning(child)) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
  await gone;
}

/** The port where it can be listened on, null otherwise; 0 finds a free one. */
function freePort(port: number, host: string): Promise<number | null> {
  return new Promise((resolve) => {
    const trial = createServer();
    trial.once('error', () => resolve(null));
    trial.listen(port, host, () => {
      const address = trial.address();
      trial.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });
}
