import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');
/** Written when a build has succeeded, with the time of the newest source; a build begins by removing dist. */
const STAMP = join(ROOT, 'dist', '.built');
const SOURCES = ['apps', 'libs', 'migrations', 'package.json', 'tsconfig.json', 'nest-cli.json', '.swcrc'];
const NOT_BUILT_HERE = ['node_modules', 'console'];
const LOCK = join(ROOT, 'node_modules', '.countersign-build');
const LONGEST_BUILD_MS = 60_000;

/** Brings dist up to date where it was not made from the sources as they are; once, however many processes ask at the same time. */
export async function ensureBuilt() {
  while (!isFresh()) {
    if (!lock()) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      continue;
    }
    try {
      if (!isFresh()) build();
    } finally {
      rmdirSync(LOCK);
    }
  }
}

/** Whether dist was made from the sources as they are. */
function isFresh() {
  const built = statSync(STAMP, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return newestSource() === Math.ceil(built);
}

/** Whole milliseconds, rounded up: what a file's time can be set to and compared with. */
const newestSource = () => Math.ceil(Math.max(...SOURCES.map((source) => newest(join(ROOT, source)))));

/** Newest modification time of a file, or of a folder and all below it: a folder's own time tells of removed files. */
function newest(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  const names = readdirSync(path).filter((name) => !NOT_BUILT_HERE.includes(name));
  return Math.max(found.mtimeMs, ...names.map((name) => newest(join(path, name))));
}

/** @throws Error with what the compiler said */
function build() {
  const time = newestSource() / 1_000;
  const nest = createRequire(import.meta.url).resolve('@nestjs/cli/bin/nest.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [nest, 'build'], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the build failed\n${stdout}${stderr}`);
  writeFileSync(STAMP, '');
  utimesSync(STAMP, time, time);
}

/** Takes the lock; false where somebody else builds. A lock whose builder was killed is cleared. */
function lock() {
  try {
    mkdirSync(LOCK);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    const since = statSync(LOCK, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > LONGEST_BUILD_MS) rmdirSync(LOCK);
    return false;
  }
}

if (process.argv[1] === import.meta.filename) await ensureBuilt();
