import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { WATCH } from './limits.js';
import { carriesMarker, hasProcessTable, processEntry, processTable, userOf } from './process-table.js';
import type { ProcessEntry } from './process-table.js';

/**
 * All processes that one command has brought to life: its descendants, its process group and session, whatever carries
 * its marker in the environment, and, where the command has a user id of its own, everything of that user.
 */
export class ProcessFamily {
  /** Strangers once seen, so that each process's environment is read once. */
  private readonly strangers = new Map<number, string>();
  private readonly adopted = new Map<number, string>();

  constructor(
    private readonly marker: string,
    /** User id that only this family has; null where it shares ours. */
    private readonly uid: number | null,
    /** The first process; null to find a family that is left over by its marker and user only. */
    private readonly root: number | null,
  ) {
    const entry = root === null ? null : processEntry(root);
    if (entry !== null) this.adopted.set(entry.pid, entry.startTime);
  }

  /** Living members, parents before children. */
  members(): ProcessEntry[] {
    const table = processTable();
    const found = new Map<number, ProcessEntry>();
    for (const entry of table) if (this.belongs(entry)) found.set(entry.pid, entry);
    for (let grown = true; grown;) {
      grown = false;
      for (const entry of table) {
        if (found.has(entry.pid) || !found.has(entry.ppid)) continue;
        found.set(entry.pid, entry);
        grown = true;
      }
    }
    for (const entry of found.values()) this.adopted.set(entry.pid, entry.startTime);
    return [...found.values()];
  }

  private belongs(entry: ProcessEntry): boolean {
    const { pid, startTime } = entry;
    if (pid === process.pid) return false;
    if (this.adopted.get(pid) === startTime) return true;
    if (this.root !== null && pid !== this.root && (entry.group === this.root || entry.session === this.root)) return true;
    if (this.strangers.get(pid) === startTime) return false;
    if (this.uid === null ? carriesMarker(pid, this.marker) : userOf(pid) === this.uid) return true;
    this.strangers.set(pid, startTime);
    return false;
  }

  /** Sends a signal to every member except `spare`. */
  signal(signal: NodeJS.Signals, spare: (entry: ProcessEntry) => boolean = () => false): void {
    if (!hasProcessTable()) return this.signalGroup(signal);
    for (const entry of this.members()) if (!spare(entry)) send(entry.pid, signal);
  }

  /** Resolves when nothing is left, or at the given time (ms since the epoch). */
  async gone(until: number): Promise<void> {
    while (Date.now() < until && this.members().length > 0) await sleep(20);
  }

  /** Kills until nothing is left. Rejects when something is still there after {@link WATCH.killWithinMs}. */
  async kill(): Promise<void> {
    if (!hasProcessTable()) return this.signalGroup('SIGKILL');
    const until = Date.now() + WATCH.killWithinMs;
    for (;;) {
      const members = this.members();
      if (members.length === 0) return;
      for (const { pid } of members) send(pid, 'SIGKILL');
      if (this.uid !== null) await killEverythingOf(this.uid);
      if (Date.now() > until) throw new Error(`the sandbox could not end the processes ${members.map(({ pid }) => pid).join(', ')}`);
      await sleep(10);
    }
  }

  private signalGroup(signal: NodeJS.Signals): void {
    if (this.root !== null) send(-this.root, signal);
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It is gone already, or no longer ours.
  }
}

/** kill(2) with pid -1: all processes of that user at once, so that none can fork itself away in between. */
async function killEverythingOf(uid: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const killer = spawn('/bin/sh', ['-c', 'kill -9 -1'], { uid, gid: uid, cwd: '/', env: {}, stdio: 'ignore' });
    killer.once('error', () => resolve());
    killer.once('exit', () => resolve());
  });
}
