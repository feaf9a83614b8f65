import { execFile } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { promisify } from 'node:util';
import { findTool, gapsOf, launch, pathsInside } from './isolation.js';
import { DEFAULT_RUN_LIMITS, INSIDE } from './limits.js';
import type { Isolation, LocalKind, Tools, WorkspaceFolders } from './local-types.js';
import type { RunLimits, RunResult, Sandbox, SandboxFile, Workspace } from './sandbox.js';
import { supervise } from './supervisor.js';
import { createFolders, layFiles, prepareBase, removeFolder, sweepFolders } from './workspace-folder.js';

export interface LocalSandboxOptions {
  /** Folder for the workspaces, made where missing. It must belong to this account and to one machine. */
  readonly baseDir: string;
  /** Default: bubblewrap where it works, else a plain process group. */
  readonly kind?: LocalKind;
}

const run = promisify(execFile);

/**
 * Runs commands on this very machine. What holds depends on what is installed and on who we are: `kind` and `gaps` say
 * it as it is.
 */
export class LocalSandbox implements Sandbox {
  readonly kind: LocalKind;
  readonly gaps: readonly string[];
  private readonly workspaces = new Set<LocalWorkspace>();

  private constructor(
    private readonly base: string,
    private readonly isolation: Isolation,
  ) {
    this.kind = isolation.kind;
    this.gaps = gapsOf(isolation);
  }

  /**
   * Tries out what holds best here and removes what dead owners left in the base folder.
   *
   * @throws Error when the base folder is not safe, or the kind that was asked for does not work here
   */
  static async create(options: LocalSandboxOptions): Promise<LocalSandbox> {
    await prepareBase(options.baseDir);
    const base = await realpath(options.baseDir);
    await sweepFolders(base);
    let reason = 'nothing was tried';
    for (const isolation of await candidates(options.kind)) {
      const sandbox = new LocalSandbox(base, isolation);
      const problem = await sandbox.probe().catch((error: unknown) => String(error));
      if (problem === null) return sandbox;
      reason = problem;
    }
    throw new Error(`the local sandbox (${options.kind ?? 'any kind'}) does not work here: ${reason}`);
  }

  /** null when a small program can start, write and end with its exit code; else what happened instead. */
  private async probe(): Promise<string | null> {
    const workspace = await this.open([{ path: 'in', content: Buffer.from('in'), executable: false }]);
    try {
      // By absolute paths: the folders above have to let the command pass, not only the working directory.
      const script = `const fs = require('fs'); fs.copyFileSync(process.cwd() + '/in', process.env.HOME + '/out'); process.exit(42)`;
      const result = await workspace.run(`node -e "${script}"`, { limits: { ...DEFAULT_RUN_LIMITS, timeoutMs: 20_000 } });
      return result.exitCode === 42 ? null : `${result.end} ${result.exitCode ?? ''} ${result.output.trim()}`;
    } finally {
      await workspace.dispose();
    }
  }

  /** @throws Error naming a path that is not inside the workspace or comes twice; nothing is left behind then */
  async open(files: AsyncIterable<SandboxFile> | Iterable<SandboxFile>): Promise<Workspace> {
    const folders = await createFolders(this.base, this.isolation.ownUser);
    const workspace = new LocalWorkspace(this.isolation, folders, () => this.workspaces.delete(workspace));
    this.workspaces.add(workspace);
    try {
      await layFiles(folders, files);
      return workspace;
    } catch (error) {
      await workspace.dispose();
      throw error;
    }
  }

  /** Removes workspaces that dead processes left in the base folder; those of living ones stay. Answers how many. */
  sweep(): Promise<number> {
    return sweepFolders(this.base);
  }

  /** Ends and removes every workspace that is still open, for an orderly stop. */
  async close(): Promise<void> {
    await Promise.all([...this.workspaces].map((workspace) => workspace.dispose()));
  }
}

class LocalWorkspace implements Workspace {
  private readonly disposal = new AbortController();
  private running: Promise<RunResult> | null = null;
  private disposed: Promise<void> | null = null;

  constructor(
    private readonly isolation: Isolation,
    private readonly folders: WorkspaceFolders,
    private readonly onDisposed: () => void,
  ) {}

  async run(command: string, options: { limits: RunLimits; env?: Readonly<Record<string, string>>; signal?: AbortSignal }): Promise<RunResult> {
    if (this.disposed !== null) throw new Error('the workspace is disposed of');
    if (this.running !== null) throw new Error('a workspace runs one command at a time');
    this.running = this.start(command, options);
    try {
      return await this.running;
    } finally {
      this.running = null;
    }
  }

  private async start(
    command: string,
    { limits, env = {}, signal }: { limits: RunLimits; env?: Readonly<Record<string, string>>; signal?: AbortSignal },
  ): Promise<RunResult> {
    const { isolation, folders } = this;
    const line = launch(isolation, folders, command, { env, fileBytes: limits.diskBytes + 1024 * 1024, marker: folders.id });
    const either = AbortSignal.any([this.disposal.signal, ...(signal === undefined ? [] : [signal])]);
    const result = await supervise(line, folders, limits, either);
    return { ...result, output: this.asInside(result.output) };
  }

  /** Output names the same paths whichever sandbox it comes from, and none of the host. */
  private asInside(output: string): string {
    const host = pathsInside(this.isolation.kind, this.folders);
    return output.replaceAll(host.workspace, INSIDE.workspace).replaceAll(host.home, INSIDE.home).replaceAll(host.tmp, INSIDE.tmp);
  }

  dispose(): Promise<void> {
    this.disposed ??= this.end();
    return this.disposed;
  }

  private async end(): Promise<void> {
    this.disposal.abort();
    await this.running?.catch(() => undefined);
    await removeFolder(this.folders.root);
    this.onDisposed();
  }
}

/** What could hold a command here, the strongest first. */
async function candidates(kind: LocalKind | undefined): Promise<Isolation[]> {
  const bwrap = findTool('bwrap');
  const help =
    bwrap === null
      ? ''
      : await run(bwrap, ['--help']).then(
          ({ stdout }) => stdout,
          () => '',
        );
  const tools: Tools = { bwrap, disableUserns: help.includes('--disable-userns'), setpriv: findTool('setpriv'), prlimit: findTool('prlimit') };
  const kinds = (['bubblewrap', 'process'] as const).filter((each) => (kind ?? each) === each && (each === 'process' || bwrap !== null));
  const users = process.getuid?.() === 0 ? [true, false] : [false];
  const toolsets = tools.prlimit === null ? [tools] : [tools, { ...tools, prlimit: null }];
  return kinds.flatMap((each) => users.flatMap((ownUser) => toolsets.map((set) => ({ kind: each, ownUser, tools: set }))));
}
