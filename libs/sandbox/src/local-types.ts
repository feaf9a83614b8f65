export type LocalKind = 'bubblewrap' | 'process';

/** What the machine offers to hold a command with. Absolute paths; null where it is missing. */
export interface Tools {
  readonly bwrap: string | null;
  /** bubblewrap 0.8 and later can forbid further user namespaces inside. */
  readonly disableUserns: boolean;
  readonly setpriv: string | null;
  readonly prlimit: string | null;
}

export interface Isolation {
  readonly kind: LocalKind;
  readonly tools: Tools;
  /** Commands run as a user of their own, one for each workspace; possible only where we are root. */
  readonly ownUser: boolean;
}

/** Host paths of one workspace. */
export interface WorkspaceFolders {
  readonly root: string;
  /** Name of `root`, `ws-<pid>-<start time>-<random>`: says which process owns it; also marks its processes. */
  readonly id: string;
  readonly workspace: string;
  readonly home: string;
  readonly tmp: string;
  /** User that the commands run as, where they have one of their own. */
  readonly uid: number | null;
}

/** A command line, ready to be spawned. */
export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  readonly cwd: string;
  /** The first process takes all others with it when it is killed, and is not to be asked to stop before them. */
  readonly contained: boolean;
}
