import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BundleCommands } from '#contracts';
import { LocalSandbox } from '#sandbox';
import type { SandboxFile } from '#sandbox';
import { verify } from './verification.js';
import type { VerifiedCheck, VerifyOptions } from './verification.js';

const MiB = 1024 * 1024;
const LIMITS = { timeoutMs: 20_000, memoryBytes: 512 * MiB, outputBytes: MiB, diskBytes: 64 * MiB, answerMs: 5_000, stopMs: 1_500 };

const SERVER = `
const http = require('node:http');
http.createServer((request, response) => { response.statusCode = request.url === '/' ? 200 : 404; response.end(); })
  .listen(process.env.PORT, '127.0.0.1', () => console.log('listening with ' + process.env.SECRET));
`;
const TESTS = `
const test = require('node:test');
test('adds', () => {});
test('breaks', () => { throw new Error('sk-ant-api03-0123456789abcdef'); });
`;
const FILES: Record<string, string> = {
  'package.json': JSON.stringify({ name: 'app', version: '1.0.0', scripts: { start: 'node server.js' } }),
  'server.js': SERVER,
  'app.test.js': TESTS,
};
const GOOD: BundleCommands = { install: 'echo installed', build: null, lint: null, test: 'echo ok', start: 'npm start' };

const base = mkdtempSync(join(tmpdir(), 'verification-spec-'));
chmodSync(base, 0o711);
let sandbox: LocalSandbox;
beforeAll(async () => {
  sandbox = await LocalSandbox.create({ baseDir: join(base, 'work') });
});
afterEach(() => expect(readdirSync(join(base, 'work'))).toEqual([]));
afterAll(() => rmSync(base, { recursive: true, force: true }));

function verified(commands: Partial<BundleCommands>, files: Record<string, string> = {}, more: Partial<VerifyOptions> = {}) {
  const laid = Object.entries({ ...FILES, ...files }).map(([path, content]): SandboxFile => ({
    path,
    content: Buffer.from(content),
    executable: false,
  }));
  return verify({ bundle: { commands: { ...GOOD, ...commands } }, files: laid, sandbox, limits: LIMITS, ...more });
}
const summary = (checks: readonly VerifiedCheck[]) => Object.fromEntries(checks.map(({ check, status }) => [check, status]));

test('a good bundle passes, with progress and each check in order; null commands are skipped', async () => {
  const stages: string[] = [];
  const seen: string[] = [];
  const result = await verified(
    {},
    {},
    { onProgress: (percent, stage) => void stages.push(`${percent} ${stage}`), onCheck: ({ check, status }) => void seen.push(`${check} ${status}`) },
  );
  expect(result.checks.at(-1)?.log).toMatch(
    /listening with undefined\n(?:.*\n)*\[start check\] GET \/ answered 200 after \d+ ms; stopped \d+ ms after SIGTERM\n$/,
  );
  expect(seen).toEqual(['install passed', 'build skipped', 'lint skipped', 'test passed', 'start passed']);
  expect(stages).toEqual(['5 Installing dependencies', '55 Running the tests', '80 Starting the app']);
  expect(result).toMatchObject({ warnings: [], passedTests: [], failedTests: [] });
});

test('install failing is a warning; lint, test and start all run; names of tests are read, logs redacted', async () => {
  const result = await verified(
    { install: 'npm install left-pad@1.3.0', lint: 'exit 3', test: 'node --test', start: 'echo no; exit 4' },
    {},
    { secrets: ['installed'] },
  );
  expect(summary(result.checks)).toEqual({ install: 'warning', build: 'skipped', lint: 'failed', test: 'failed', start: 'failed' });
  expect(result.warnings).toEqual([
    expect.stringMatching(/^The check "install" did not succeed \(exit code 1\)\. The artifact is delivered all the same/),
  ]);
  expect(result).toMatchObject({ passedTests: ['adds'], failedTests: ['breaks'] });
  expect(result.checks.map(({ exit_code }) => exit_code)).toEqual([1, null, 3, 1, 4]);
  expect(result.checks[3]?.log).toContain('[redacted]');
  expect(result.checks[3]?.log).not.toContain('sk-ant');
  expect(result.checks[4]).toMatchObject({
    reason: 'the app ended by itself (exit code 4) before it answered',
    log: expect.stringMatching(/^no\n\[start check\]/),
  });
});

test('after a failing build nothing else runs', async () => {
  const result = await verified({ build: 'echo broken; exit 2', lint: 'true' });
  expect(summary(result.checks)).toEqual({ install: 'passed', build: 'failed', lint: 'skipped', test: 'skipped', start: 'skipped' });
  expect(result.checks[1]).toMatchObject({ exit_code: 2, reason: 'exit code 2', log: 'broken\n' });
  expect(result.checks[3]).toMatchObject({ command: 'echo ok', reason: 'not run, because the build failed' });
});

test('an app that never answers, always answers 500, or does not stop, fails; its output is in the log', async () => {
  const start = async (code: string, limits: Partial<typeof LIMITS> = {}) =>
    (await verified({ start: 'node server.js' }, { 'server.js': code }, { limits: { ...LIMITS, ...limits } })).checks[4];
  expect(await start('console.log("idle"); setInterval(() => {}, 1000)', { answerMs: 600 })).toMatchObject({
    status: 'failed',
    reason: 'the app did not answer on the port in PORT within 0.6 s',
    log: expect.stringContaining('idle\n'),
  });
  const always = (status: number, more = ''): string =>
    `${more} require('http').createServer((q, r) => { r.statusCode = ${status}; r.end(); }).listen(process.env.PORT)`;
  expect((await start(always(503), { answerMs: 800 }))?.reason).toBe('GET / still answered 503 after 0.8 s');
  expect((await start(always(200, 'process.on("SIGTERM", () => {});'), { stopMs: 500 }))?.reason).toBe(
    'the app did not stop within 0.5 s of SIGTERM',
  );
});

test('an abort ends the verification and removes the workspace', async () => {
  const abort = new AbortController();
  setTimeout(() => abort.abort(new Error('paused')), 300);
  await expect(verified({ install: 'sleep 30' }, {}, { signal: abort.signal })).rejects.toThrow('paused');
});

test('a limit is told in words', async () => {
  const result = await verified({ install: 'true', test: 'sleep 30' }, {}, { limits: { ...LIMITS, timeoutMs: 500 } });
  expect(result.checks[3]).toMatchObject({ status: 'failed', exit_code: null, reason: 'ended because it took longer than 0.5 s' });
});
