import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, constants, openSync, rmSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { Socket } from 'node:net';
import { constants as os } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deletedBytes, folderBytes } from './disk-usage.js';
import { WATCH } from './limits.js';
import type { Launch, WorkspaceFolders } from './local-types.js';
import { CappedOutput } from './output.js';
import { ProcessFamily } from './process-family.js';
import { residentBytes } from './process-table.js';
import type { RunEnd, RunLimits, RunResult } from './sandbox.js';
import { startWatchdog } from './watchdog.js';

const run = promisify(execFile);

/** Runs one command under its limits; resolves when its whole process tree is gone and its output is read. */
export async function supervise(launch: Launch, folders: WorkspaceFolders, limits: RunLimits, signal: AbortSignal | undefined): Promise<RunResult> {
  const started = performance.now();
  if (signal?.aborted === true) return { end: 'aborted', exitCode: null, output: '', durationMs: 0 };
  const output = new CappedOutput(limits.outputBytes);
  const pipe = await outputPipe(folders);
  const reader = new Socket({ fd: pipe.read, readable: true, writable: false });
  const watchdog = startWatchdog(folders.id, folders.uid);
  try {
    let child: ChildProcess;
    try {
      child = spawnCommand(launch, folders, pipe.write);
    } finally {
      closeSync(pipe.write);
    }
    const { cause, code, bySignal } = await watch(child, launch.contained, reader, output, folders, limits, signal);
    const overDisk = cause === null && (await folderBytes(folders.root)) > limits.diskBytes;
    return {
      ...howItEnded(cause ?? (overDisk ? 'disk_limit' : null), code, bySignal),
      output: output.text(),
      durationMs: Math.round(performance.now() - started),
    };
  } finally {
    reader.destroy();
    await watchdog.stop();
  }
}

/**
 * One pipe for stdout and stderr, so that they stay in order. A fifo, because node's own pipes are sockets, which
 * programs cannot open again as /dev/stderr. It is unlinked as soon as both ends are open.
 */
async function outputPipe(folders: WorkspaceFolders): Promise<{ read: number; write: number }> {
  const path = join(folders.root, 'output');
  await run('mkfifo', ['-m', '600', path]);
  try {
    if (folders.uid !== null) await chown(path, folders.uid, folders.uid);
    const read = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    return { read, write: openSync(path, constants.O_WRONLY) };
  } finally {
    rmSync(path, { force: true });
  }
}

function spawnCommand(launch: Launch, folders: WorkspaceFolders, outputFd: number): ChildProcess {
  return spawn(launch.file, launch.args, {
    cwd: launch.cwd,
    env: launch.env,
    detached: true,
    stdio: ['ignore', outputFd, outputFd],
    ...(folders.uid === null ? {} : { uid: folders.uid, gid: folders.uid }),
  });
}

interface Watched {
  readonly cause: RunEnd | null;
  readonly code: number | null;
  readonly bySignal: NodeJS.Signals | null;
}

function watch(
  child: ChildProcess,
  contained: boolean,
  reader: Socket,
  output: CappedOutput,
  folders: WorkspaceFolders,
  limits: RunLimits,
  signal: AbortSignal | undefined,
): Promise<Watched> {
  return new Promise((resolve, reject) => {
    const family = new ProcessFamily(folders.id, folders.uid, child.pid ?? null);
    const timers: NodeJS.Timeout[] = [];
    // All are awaited: one that is still at work would hit the workspace's next command.
    const kills: Promise<void>[] = [];
    const read = new Promise<void>((done) => reader.once('close', () => done()));
    let cause: RunEnd | null = null;
    let over = false;
    let graceUntil = 0;

    const stop = (why: RunEnd): void => {
      if (cause !== null || over) return;
      cause = why;
      if (why !== 'timeout') return kill();
      graceUntil = Date.now() + WATCH.termGraceMs;
      family.signal('SIGTERM', ({ pid }) => contained && pid === child.pid);
      timers.push(setTimeout(kill, WATCH.termGraceMs));
    };
    const kill = (): void => {
      if (contained) child.kill('SIGKILL');
      const ended = family.kill();
      ended.catch(fail);
      kills.push(ended);
    };
    const abort = (): void => stop('aborted');
    const cleanUp = (): void => {
      over = true;
      for (const timer of timers) clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    const fail = (error: unknown): void => {
      cleanUp();
      reject(error instanceof Error ? error : new Error(String(error)));
    };

    reader.on('error', () => undefined);
    reader.on('data', (chunk: Buffer) => {
      if (output.add(chunk)) stop('output_limit');
    });
    child.once('error', fail);
    child.once('exit', (code, bySignal) => {
      // Whatever it left behind still holds the pipe; a command has ended only when nothing of it is left.
      family
        .gone(graceUntil)
        .then(() => Promise.all([...kills, family.kill()]))
        .then(() => Promise.race([read, new Promise((done) => timers.push(setTimeout(done, 1_000)))]))
        .then(() => {
          cleanUp();
          resolve({ cause, code, bySignal });
        }, fail);
    });

    timers.push(setTimeout(() => stop('timeout'), limits.timeoutMs));
    const pids = (): number[] => family.members().map(({ pid }) => pid);
    timers.push(
      setInterval(() => {
        if (residentBytes(pids(), limits.memoryBytes) > limits.memoryBytes) stop('out_of_memory');
      }, WATCH.memoryEveryMs),
    );
    const watchDisk = async (): Promise<void> => {
      const before = performance.now();
      const bytes = (await folderBytes(folders.root)) + deletedBytes(pids());
      if (bytes > limits.diskBytes) stop('disk_limit');
      // A large tree takes long to count: never spend more than a fifth of the time on it.
      if (!over) timers.push(setTimeout(() => void watchDisk(), Math.max(WATCH.diskEveryMs, 4 * (performance.now() - before))));
    };
    timers.push(setTimeout(() => void watchDisk(), WATCH.diskEveryMs));
    signal?.addEventListener('abort', abort, { once: true });
    if (signal?.aborted === true) abort();
  });
}

/** bubblewrap and shells report a signal as exit code 128 + its number; both forms give the same answer here. */
function howItEnded(cause: RunEnd | null, code: number | null, bySignal: NodeJS.Signals | null): Pick<RunResult, 'end' | 'exitCode' | 'signal'> {
  if (cause !== null) return { end: cause, exitCode: null };
  const number = code !== null && code > 128 ? code - 128 : 0;
  const name = bySignal ?? (Object.entries(os.signals).find(([, value]) => value === number)?.[0] as NodeJS.Signals | undefined);
  return name === undefined ? { end: 'exited', exitCode: code } : { end: 'signalled', exitCode: null, signal: name };
}
