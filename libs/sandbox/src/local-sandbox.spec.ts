import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalSandbox } from './local-sandbox.js';
import { MARKER } from './process-table.js';
import type { LocalKind } from './local-types.js';
import type { RunLimits, SandboxFile, Workspace } from './sandbox.js';

const MiB = 1024 * 1024;
const LIMITS: RunLimits = { timeoutMs: 15_000, memoryBytes: 512 * MiB, outputBytes: 256 * 1024, diskBytes: 64 * MiB };

const file = (path: string, content: string, executable = false): SandboxFile => ({ path, content: Buffer.from(content), executable });

/** Processes whose environment or command line names the workspace's id. */
function leftOver(id: string): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name) || Number(name) === process.pid) return false;
    try {
      return [`/proc/${name}/environ`, `/proc/${name}/cmdline`].some((path) => readFileSync(path, 'latin1').includes(id));
    } catch {
      return false;
    }
  });
}

async function until(condition: () => boolean, withinMs: number): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await sleep(20)) if (condition()) return true;
  return condition();
}

const base = mkdtempSync(join(tmpdir(), 'sandbox-spec-'));
chmodSync(base, 0o711);
afterAll(() => rmSync(base, { recursive: true, force: true }));

const missing = await LocalSandbox.create({ baseDir: join(base, 'probe'), kind: 'bubblewrap' }).then(
  () => null,
  (error: unknown) => String(error),
);
const kinds: LocalKind[] = missing === null ? ['process', 'bubblewrap'] : ['process'];
if (missing !== null) test.skip(`bubblewrap: ${missing}`, () => undefined);

describe.each(kinds)('local sandbox: %s', (kind) => {
  const own = join(base, kind);
  let sandbox: LocalSandbox;
  let workspace: Workspace;
  let id: string;
  const only = (name: LocalKind): typeof test => (kind === name ? test : test.skip);
  const folder = (): string => join(own, id);
  const run = (command: string, limits: Partial<RunLimits> = {}, signal?: AbortSignal) =>
    workspace.run(command, { limits: { ...LIMITS, ...limits }, ...(signal === undefined ? {} : { signal }) });
  const node = (script: string): string => `node -e '${script}'`;

  beforeAll(async () => {
    sandbox = await LocalSandbox.create({ baseDir: own, kind });
  });
  beforeEach(async () => {
    workspace = await sandbox.open([file('src/hello.txt', 'hello\n'), file('run.sh', '#!/bin/sh\necho ran "$1"\n', true)]);
    const [folderName, ...others] = readdirSync(own);
    if (folderName === undefined || others.length > 0) throw new Error('a test begins with one workspace');
    id = folderName;
  });
  afterEach(async () => {
    await workspace.dispose();
    expect(readdirSync(own)).toEqual([]);
    // A process that was killed may still be on its way out when all it had is gone.
    await until(() => leftOver(id).length === 0, 1_000);
    expect(leftOver(id)).toEqual([]);
  });

  test('says what it is and what it cannot hold', () => {
    expect(sandbox.kind).toBe(kind);
    expect(sandbox.gaps.length).toBeGreaterThan(0);
    expect(sandbox.gaps.some((gap) => gap.includes('network is open'))).toBe(kind === 'process');
  });

  test('exit code, order of both outputs, files, executable bit, /dev/stderr, closed stdin, own group', async () => {
    const command = 'cat src/hello.txt; echo one; echo two >&2; echo three; echo four >/dev/stderr; ./run.sh x; cat; pwd; exit 7';
    const result = await run(command);
    expect(result).toMatchObject({ end: 'exited', exitCode: 7, output: 'hello\none\ntwo\nthree\nfour\nran x\n/workspace\n' });
    expect(result.durationMs).toBeLessThan(5_000);
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
    expect(await run('true')).toMatchObject({ end: 'exited', exitCode: 0, output: '' });
    expect(await run('kill -SEGV $$')).toMatchObject({ end: 'signalled', exitCode: null, signal: 'SIGSEGV' });
  });

  test('the environment holds nothing of ours', async () => {
    process.env['CANARY_SECRET'] = 'canary-value';
    const result = await workspace.run('env; cat /proc/1/environ 2>/dev/null | tr "\\0" "\\n"; id -u', { limits: LIMITS, env: { PORT: '4000' } });
    delete process.env['CANARY_SECRET'];
    expect(result.output).not.toContain('canary');
    const names = [...result.output.matchAll(/^(\w+)=/gm)].map((match) => String(match[1])).filter((name) => !name.startsWith('npm_config_'));
    const allowed = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'TZ', 'PORT', 'PWD', 'OLDPWD', 'SHLVL', '_', MARKER];
    expect(names.filter((name) => !allowed.includes(name))).toEqual([]);
    expect(result.output).toContain('PORT=4000');
    expect(result.output).not.toMatch(/^0$/m);
  });

  test('a command that ignores SIGTERM is killed with all its children', async () => {
    const result = await run('trap "" TERM; (trap "" TERM; sleep 60) & echo started; while :; do sleep 1; done', { timeoutMs: 400 });
    expect(result).toMatchObject({ end: 'timeout', exitCode: null, output: 'started\n' });
    expect(result.durationMs).toBeLessThan(4_000);
  });

  test('a command that heeds SIGTERM can clean up', async () => {
    const script = 'process.on("SIGTERM", () => { console.log("bye"); process.exit(0); }); setInterval(() => {}, 1000); console.log("up");';
    const result = await run(kind === 'bubblewrap' ? `exec ${node(script)}` : node(script), { timeoutMs: 700 });
    expect(result).toMatchObject({ end: 'timeout', output: 'up\nbye\n' });
  });

  test('an output flood is cut on receipt', async () => {
    const result = await run('yes ä', { outputBytes: 100_001 });
    expect(result.end).toBe('output_limit');
    expect(Buffer.byteLength(result.output)).toBeLessThanOrEqual(100_001);
    expect(result.output).not.toContain('\uFFFD');
  });

  test('memory of the whole tree is limited', async () => {
    const hog = 'const kept = []; setInterval(() => kept.push(Buffer.alloc(8 << 20, 1)), 20);';
    const result = await run(`${node(hog)} & ${node(hog)}; wait`, { memoryBytes: 200 * MiB });
    expect(result).toMatchObject({ end: 'out_of_memory', exitCode: null });
  });

  test('disk is limited: one large file, many small ones, a deleted one that is still open', async () => {
    expect(await run('head -c 200000000 /dev/zero > large', { diskBytes: 20 * MiB })).toMatchObject({ end: 'disk_limit' });
    const many = 'rm large; for i in 1 2 3 4 5 6; do head -c 5000000 /dev/zero > "$TMPDIR/small$i"; done; sleep 5';
    expect(await run(many, { diskBytes: 20 * MiB })).toMatchObject({ end: 'disk_limit' });
    const hidden =
      'rm -f "$TMPDIR"/small*; for fd in 3 4 5 6; do eval "exec $fd>gone$fd"; rm gone$fd; head -c 6000000 /dev/zero >&$fd; done; sleep 5';
    expect(await run(hidden, { diskBytes: 20 * MiB })).toMatchObject({ end: 'disk_limit' });
  });

  test('children that leave the process group and session die with the command', async () => {
    const marker = `${300_000 + process.pid}`;
    const script = `require("child_process").spawn("sleep", ["${marker}"], { detached: true, stdio: "ignore" }).unref()`;
    const result = await run(`${node(script)}; (setsid sh -c "setsid sleep ${marker} &" &) ; sleep 0.3; echo done`);
    expect(result).toMatchObject({ end: 'exited', exitCode: 0, output: 'done\n' });
    expect(leftOver(marker)).toEqual([]);
  });

  test('an abort kills within a second, and nothing starts after it', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 300);
    const result = await run('trap "" TERM; setsid sleep 60 & echo up; sleep 60', {}, abort.signal);
    expect(result).toMatchObject({ end: 'aborted', exitCode: null, output: 'up\n' });
    expect(result.durationMs).toBeLessThan(1_300);
    expect(await run('echo never', {}, abort.signal)).toMatchObject({ end: 'aborted', output: '' });
  });

  test('dispose ends a running command, and its hostile leavings are removed', async () => {
    const running = run('mkdir -p closed/x; chmod 000 closed; ln -s /etc link; mkfifo fifo; echo up; sleep 60');
    await until(() => existsSync(join(folder(), 'workspace', 'fifo')), 3_000);
    await workspace.dispose();
    expect((await running).end).toBe('aborted');
    await expect(run('true')).rejects.toThrow('disposed');
    expect(existsSync('/etc/passwd')).toBe(true);
  });

  test('paths that leave the workspace, and duplicates, are refused; nothing is left', async () => {
    for (const path of ['../out', '/etc/x', 'a/../../x', 'a\\b', '']) {
      await expect(sandbox.open([file(path, 'x')])).rejects.toThrow('not a path inside a workspace');
    }
    await expect(sandbox.open([file('a', '1'), file('a', '2')])).rejects.toThrow('twice');
    expect(readdirSync(own)).toHaveLength(1);
  });

  test('links are neither followed nor counted', async () => {
    const outside = join(base, `outside-${kind}`);
    mkdirSync(outside);
    writeFileSync(join(outside, 'kept'), Buffer.alloc(1024));
    const result = await run(`ln -s ${outside} link; ln -s /usr usr; sleep 1.2; echo ok`, { diskBytes: 8 * MiB });
    expect(result).toMatchObject({ end: 'exited', output: 'ok\n' });
    await workspace.dispose();
    expect(existsSync(join(outside, 'kept'))).toBe(true);
  });

  only('bubblewrap')('host files are neither readable nor writable, privileges and namespaces are closed', async () => {
    const outside = join(base, 'host-file');
    writeFileSync(outside, 'host secret', { mode: 0o666 });
    const attempts = [
      `cat ${outside}`,
      `echo x > ${outside}`,
      'cat /etc/shadow',
      'ls /root',
      'ls -d /home/* | grep -v /home/app',
      'ls /sys',
      'touch /usr/x',
      'touch /x',
      'touch /dev/x',
      'touch /dev/shm/x',
      'mount -t tmpfs none /tmp',
      'unshare -U true',
      'unshare -m true',
      'mknod d c 1 3',
      'cat /dev/kmsg',
      'echo 1 > /proc/sys/kernel/panic',
      'cat /run/docker.sock',
      'su -c true',
    ];
    const result = await run(
      `${attempts.map((attempt) => `(${attempt}) >/dev/null 2>&1 && echo "HELD NOT: ${attempt.replaceAll('"', '')}"`).join('\n')}\ngrep -E "^(CapEff|CapBnd|NoNewPrivs)" /proc/self/status; touch /tmp/ok && echo tmp`,
    );
    expect(result.output).toBe('CapEff:\t0000000000000000\nCapBnd:\t0000000000000000\nNoNewPrivs:\t1\ntmp\n');
    expect(readFileSync(outside, 'utf8')).toBe('host secret');
  });

  only('bubblewrap')('there is no network but its own loopback', async () => {
    const server = createServer((_request, response) => response.end('host')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = (server.address() as AddressInfo).port;
    const script = `
      const http = require("http");
      const get = (host, port) => new Promise((done) => http.get({ host, port, timeout: 2000 }, (r) => done("answer")).on("error", (e) => done(e.code)).on("timeout", () => done("timeout")));
      (async () => {
        console.log(await get("127.0.0.1", ${port}), await get("169.254.169.254", 80), await get("1.1.1.1", 80));
        const own = http.createServer((q, r) => r.end("x")).listen(0, "localhost", async () => { console.log(await get("localhost", own.address().port)); process.exit(0); });
      })();`;
    const result = await run(node(script));
    server.close();
    expect(result.output).toBe('ECONNREFUSED ENETUNREACH ENETUNREACH\nanswer\n');
  });

  test('where other users cannot pass, it still works, and says what that costs', async () => {
    const closed = join(base, `closed-${kind}`);
    mkdirSync(closed, { mode: 0o700 });
    const other = await LocalSandbox.create({ baseDir: join(closed, 'work'), kind });
    const there = await other.open([file('package.json', '{"name":"app","version":"1.0.0"}')]);
    // core_pattern is written as it is: on the host it would change nothing.
    const pattern = 'p=/proc/sys/kernel/core_pattern; (cat $p > $p) 2>/dev/null && echo "HELD NOT"';
    const result = await there.run(`npm install --silent && echo installed; ${kind === 'bubblewrap' ? pattern : 'true'}`, { limits: LIMITS });
    await other.close();
    expect(result.output.trim()).toBe('installed');
    expect(other.gaps.some((gap) => /user id of root|Every file/.test(gap))).toBe(process.getuid?.() === 0 || kind === 'process');
  });

  test('a fork bomb is held', async () => {
    const result = await run('f() { f | f & }; f; sleep 1; echo end', { timeoutMs: 1_500 });
    expect(['exited', 'timeout', 'output_limit', 'signalled', 'out_of_memory']).toContain(result.end);
    const after = await run('echo alive');
    expect(after).toMatchObject({ end: 'exited', exitCode: 0, output: 'alive\n' });
  });
});
