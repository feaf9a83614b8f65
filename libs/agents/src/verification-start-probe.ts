/**
 * The program that checks, inside the sandbox, that an app starts, answers over HTTP and stops. It runs there because
 * the sandbox's network is closed to us. Plain ES2022 for `node --input-type=module -e`, no imports but node's own.
 *
 * Arguments: nonce, shell command, milliseconds to answer, milliseconds to stop. The app's output goes to ours as it
 * is; the last line is the nonce, a blank and a {@link StartVerdict} as JSON.
 */
export const START_PROBE = String.raw`
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const [nonce, command, answerMs, stopMs] = process.argv.slice(1);
const started = Date.now();

const port = await freePort();
const app = spawn('/bin/sh', ['-c', command], {
  detached: true,
  stdio: ['ignore', 'inherit', 'inherit'],
  env: { ...process.env, PORT: String(port), HOST: '127.0.0.1' },
});
let exit = null;
app.on('error', (error) => (exit = { code: null, signal: error.message }));
app.on('exit', (code, signal) => (exit ??= { code, signal }));

const answer = await waitForAnswer();
const answeredMs = Date.now() - started;
const diedEarly = exit;
const stopped = diedEarly === null ? await stop() : null;
signalGroup('SIGKILL');
process.stdout.write('\n' + nonce + ' ' + JSON.stringify({ answer, answeredMs, diedEarly, stopped }) + '\n', () => process.exit(0));

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

async function waitForAnswer() {
  let last = null;
  while (exit === null && Date.now() - started < Number(answerMs)) {
    const health = await get('/healthz');
    if (health !== null && health < 500 && health !== 404) return { path: '/healthz', status: health, ok: true };
    const root = health === null ? null : await get('/');
    if (root !== null && root < 500) return { path: '/', status: root, ok: true };
    if (health !== null) last = { path: root === null ? '/healthz' : '/', status: root ?? health, ok: false };
    await sleep(100);
  }
  return last;
}

function get(path) {
  return new Promise((resolve) => {
    const request = http.get({ host: '127.0.0.1', port, path, agent: false, timeout: 2000 }, (response) => {
      response.resume();
      resolve(response.statusCode);
      request.destroy();
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(null));
  });
}

async function stop() {
  const asked = Date.now();
  signalGroup('SIGTERM');
  while (Date.now() - asked < Number(stopMs)) {
    if (!groupLives()) return { ms: Date.now() - asked };
    await sleep(20);
  }
  return null;
}

/** Members that only wait to be collected do not count: not every machine's first process collects them. */
function groupLives() {
  if (!signalGroup(0)) return false;
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).some((name) => {
      const [state, , group] = statOf(name);
      return Number(group) === app.pid && state !== 'Z' && state !== 'X';
    });
  } catch {
    return true;
  }
}

function statOf(pid) {
  try {
    const stat = readFileSync('/proc/' + pid + '/stat', 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

/** The whole group: a package manager in between must not hide the app. False when nothing of it is left. */
function signalGroup(signal) {
  try {
    return process.kill(-app.pid, signal);
  } catch {
    return false;
  }
}
`;

export interface StartVerdict {
  /** What answered last; `ok` when its status was below 500. null when nothing answered. */
  readonly answer: { readonly path: string; readonly status: number; readonly ok: boolean } | null;
  readonly answeredMs: number;
  /** How the app ended by itself before it answered; null when it kept running. */
  readonly diedEarly: { readonly code: number | null; readonly signal: string | null } | null;
  /** How long it took to stop after SIGTERM; null when it did not. */
  readonly stopped: { readonly ms: number } | null;
}

/** Single-quoted for a POSIX shell. */
export const shellQuote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The shell command that runs the probe. Times in ms. */
export function startProbeCommand(nonce: string, command: string, answerMs: number, stopMs: number): string {
  const args = [nonce, command, String(answerMs), String(stopMs)].map(shellQuote).join(' ');
  return `exec node --input-type=module -e ${shellQuote(START_PROBE)} -- ${args}`;
}

/** Takes the verdict off the end of the output; null when the probe did not come to one. */
export function readVerdict(output: string, nonce: string): { verdict: StartVerdict | null; log: string } {
  const at = output.lastIndexOf(`\n${nonce} `);
  if (at < 0) return { verdict: null, log: output };
  const [json = ''] = output.slice(at + nonce.length + 2).split('\n', 1);
  return { verdict: JSON.parse(json) as StartVerdict, log: output.slice(0, at) };
}

/** Why the start check failed, or an empty string. */
export function startFailure(verdict: StartVerdict, answerMs: number, stopMs: number): string {
  const { answer, diedEarly, stopped } = verdict;
  if (diedEarly !== null && answer?.ok !== true)
    return `the app ended by itself (${diedEarly.signal ?? `exit code ${String(diedEarly.code)}`}) before it answered`;
  if (answer === null) return `the app did not answer on the port in PORT within ${answerMs / 1000} s`;
  if (!answer.ok) return `GET ${answer.path} still answered ${answer.status} after ${answerMs / 1000} s`;
  if (diedEarly !== null) return `the app ended by itself right after it answered`;
  if (stopped === null) return `the app did not stop within ${stopMs / 1000} s of SIGTERM`;
  return '';
}
