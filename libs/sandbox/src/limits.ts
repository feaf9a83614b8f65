import type { RunLimits } from './sandbox.js';

const MiB = 1024 * 1024;

/** What one command may use where the caller asks for nothing else. */
export const DEFAULT_RUN_LIMITS: RunLimits = {
  timeoutMs: 5 * 60_000,
  memoryBytes: 1024 * MiB,
  outputBytes: 2 * MiB,
  diskBytes: 700 * MiB,
};

/** Limits that no caller changes; the kernel enforces them on each process, whichever sandbox runs it. */
export const PROCESS_LIMITS = {
  /** Open files of one process. */
  openFiles: 4_096,
  /** Processes and threads together; a node process has about eleven. */
  processes: 512,
} as const;

/** How the supervisor watches a command. Times in ms. */
export const WATCH = {
  memoryEveryMs: 200,
  diskEveryMs: 500,
  /** Between SIGTERM and SIGKILL when the time is up. */
  termGraceMs: 1_000,
  /** How long killing the whole tree may take before the sandbox reports that it failed. */
  killWithinMs: 10_000,
} as const;

/** Where the command sees its files, in every sandbox that has a file system of its own. */
export const INSIDE = { workspace: '/workspace', home: '/home/app', tmp: '/tmp' } as const;

/** The account in sandboxes that have accounts of their own. */
export const INSIDE_UID = 65_534;
