import { readFileSync, readdirSync } from 'node:fs';

/** Reads Linux's /proc, see proc(5). Elsewhere every table is empty and the callers fall back to the process group. */

export interface ProcessEntry {
  readonly pid: number;
  readonly ppid: number;
  readonly group: number;
  readonly session: number;
  /** Clock ticks since boot; with the pid it names one process for ever. */
  readonly startTime: string;
  readonly zombie: boolean;
}

const read = (path: string): string | null => {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
};

export function processEntry(pid: number | 'self'): ProcessEntry | null {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name is in brackets and may itself hold brackets and spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pid: Number.parseInt(stat, 10),
    ppid: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    startTime: fields[19] ?? '0',
    zombie: fields[0] === 'Z' || fields[0] === 'X',
  };
}

/** Every process that still runs; those that only wait to be collected are left out. */
export function processTable(): ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const pid of processIds()) {
    const entry = processEntry(pid);
    if (entry !== null && !entry.zombie) entries.push(entry);
  }
  return entries;
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** Environment variable that marks every process of one command. */
export const MARKER = 'COUNTERSIGN_SANDBOX_ID';

/** Whether the process was started with the marker; false where its environment may not be read. */
export function carriesMarker(pid: number, id: string): boolean {
  const environment = read(`/proc/${pid}/environ`);
  return environment !== null && environment.split('\0').includes(`${MARKER}=${id}`);
}

/** The real user of a process, or null when it is gone. The folder's owner would not do: it is root for undumpable ones. */
export function userOf(pid: number): number | null {
  const uid = read(`/proc/${pid}/status`)?.match(/^Uid:\s+(\d+)/m)?.[1];
  return uid === undefined ? null : Number(uid);
}

export const userHasProcesses = (uid: number): boolean => processTable().some((entry) => userOf(entry.pid) === uid);

/** Processes and threads that a user has now. */
export function threadsOf(uid: number): number {
  let threads = 0;
  for (const pid of processIds()) {
    const status = read(`/proc/${pid}/status`);
    if (status === null || Number(status.match(/^Uid:\s+(\d+)/m)?.[1]) !== uid) continue;
    threads += Number(status.match(/^Threads:\s+(\d+)/m)?.[1] ?? 1);
  }
  return threads;
}

const PAGE_BYTES = 4096;

/**
 * Resident memory of the processes together, in bytes. The quick sum counts shared pages once a process; only when it is
 * over the limit the exact share (Pss) is read, which costs the kernel a walk through every mapping.
 */
export function residentBytes(pids: readonly number[], limit: number): number {
  let quick = 0;
  for (const pid of pids) quick += Number(read(`/proc/${pid}/statm`)?.split(' ')[1] ?? 0) * PAGE_BYTES;
  if (quick <= limit) return quick;
  let exact = 0;
  for (const pid of pids) {
    const share = read(`/proc/${pid}/smaps_rollup`)?.match(/^Pss:\s+(\d+) kB/m)?.[1];
    exact += share === undefined ? Number(read(`/proc/${pid}/statm`)?.split(' ')[1] ?? 0) * PAGE_BYTES : Number(share) * 1024;
  }
  return exact;
}

/** Whether the process that once had this pid and start time still runs. */
export function isAlive(pid: number, startTime: string): boolean {
  const entry = processEntry(pid);
  if (entry !== null) return !entry.zombie && entry.startTime === startTime;
  if (hasProcessTable()) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export const hasProcessTable = (): boolean => processEntry('self') !== null;

/** Start time of this very process, `0` where there is no /proc. */
export const ownStartTime = (): string => processEntry('self')?.startTime ?? '0';
