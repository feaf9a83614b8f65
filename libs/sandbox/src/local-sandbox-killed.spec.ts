import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { transformFileSync } from '@swc/core';
import { LocalSandbox } from './local-sandbox.js';
import type { LocalKind } from './local-types.js';

const REPOSITORY = process.cwd();

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

const base = mkdtempSync(join(tmpdir(), 'sandbox-killed-spec-'));
chmodSync(base, 0o711);
afterAll(() => rmSync(base, { recursive: true, force: true }));

const works = await LocalSandbox.create({ baseDir: join(base, 'probe'), kind: 'bubblewrap' }).then(
  () => true,
  () => false,
);

describe.each<LocalKind>(works ? ['process', 'bubblewrap'] : ['process'])('local sandbox: %s', (kind) => {
  test('kill -9 of the owner leaves no orphan, and the next one sweeps its folder', async () => {
    const own = join(base, kind);
    const sandbox = await LocalSandbox.create({ baseDir: own, kind });
    const parent = await ownerProcess(kind, own);
    const killed = parent.id;
    expect(leftOver(killed).length).toBeGreaterThan(1);
    expect(await sandbox.sweep()).toBe(0);
    parent.kill();
    expect(await until(() => leftOver(killed).length === 0, 4_000)).toBe(true);
    expect(existsSync(join(own, killed))).toBe(true);
    expect(await sandbox.sweep()).toBe(1);
    expect(existsSync(join(own, killed))).toBe(false);
  });
});

/** A process of its own that runs a sandboxed command which leaves its group; compiled, because it is plain node. */
async function ownerProcess(kind: LocalKind, baseDir: string): Promise<{ id: string; kill(): void }> {
  const root = join(base, `owner-${kind}`);
  for (const lib of ['sandbox', 'contracts']) {
    const source = join(REPOSITORY, 'libs', lib, 'src');
    for (const name of readdirSync(source).filter((each) => each.endsWith('.ts') && !each.endsWith('.spec.ts'))) {
      const target = join(root, 'libs', lib, 'src', name.replace(/\.ts$/, '.js'));
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(
        target,
        transformFileSync(join(source, name), { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'es6' } }).code,
      );
    }
  }
  writeFileSync(join(root, 'package.json'), JSON.stringify({ type: 'module', imports: { '#*': './libs/*/src/index.js' } }));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'));
  writeFileSync(
    join(root, 'owner.js'),
    `import { LocalSandbox, DEFAULT_RUN_LIMITS } from './libs/sandbox/src/index.js';
     const sandbox = await LocalSandbox.create({ baseDir: ${JSON.stringify(baseDir)}, kind: '${kind}' });
     const workspace = await sandbox.open([]);
     await workspace.run('setsid sh -c "trap : TERM HUP; sleep 77 & touch up; wait; sleep 77" & sleep 77', { limits: DEFAULT_RUN_LIMITS });`,
  );
  const before = new Set(readdirSync(baseDir));
  const child = spawn(process.execPath, [join(root, 'owner.js')], { stdio: ['ignore', 'inherit', 'inherit'] });
  let id = '';
  await until(() => {
    id = readdirSync(baseDir).find((name) => !before.has(name) && existsSync(join(baseDir, name, 'workspace', 'up'))) ?? '';
    return id !== '';
  }, 8_000);
  return { id, kill: () => void child.kill('SIGKILL') };
}
