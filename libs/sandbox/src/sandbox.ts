/** A place where generated code may run: its own folder, its own process group, a clean environment, and limits. */
export interface Sandbox {
  /** `bubblewrap`, `process` or `docker`: what actually holds, reported in the verification report and `/healthz`. */
  readonly kind: string;
  /** What this sandbox cannot hold, one sentence each; empty for a hardened one. */
  readonly gaps: readonly string[];
  /** Lays the files into a new empty workspace. */
  open(files: AsyncIterable<SandboxFile> | Iterable<SandboxFile>): Promise<Workspace>;
}

export interface SandboxFile {
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
}

export interface RunLimits {
  /** Wall time in ms. */
  readonly timeoutMs: number;
  /** Resident memory of the whole process tree, in bytes. */
  readonly memoryBytes: number;
  /** Output kept, in bytes, stdout and stderr together; more than that ends the command. */
  readonly outputBytes: number;
  /** Size of the workspace on disk, in bytes. */
  readonly diskBytes: number;
}

export type RunEnd = 'exited' | 'timeout' | 'out_of_memory' | 'output_limit' | 'disk_limit' | 'aborted' | 'signalled';

export interface RunResult {
  readonly end: RunEnd;
  /** null unless the command exited by itself. */
  readonly exitCode: number | null;
  /** Name of the signal, where one ended it that the sandbox did not send. */
  readonly signal?: string;
  /** stdout and stderr as they came, cut at the limit. */
  readonly output: string;
  readonly durationMs: number;
}

export interface Workspace {
  /**
   * Runs one shell command in the workspace's root and waits until its whole process tree is gone.
   * Never rejects because of what the command does; rejects only when the sandbox itself fails.
   */
  run(command: string, options: { limits: RunLimits; env?: Readonly<Record<string, string>>; signal?: AbortSignal }): Promise<RunResult>;
  /** Removes the workspace and ends whatever still runs in it. */
  dispose(): Promise<void>;
}

export const SANDBOX = Symbol('Sandbox');
