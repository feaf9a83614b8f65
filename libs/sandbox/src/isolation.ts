import { existsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { bubblewrapArguments, nodeInside } from './bubblewrap.js';
import { sandboxEnvironment } from './environment.js';
import type { SandboxPaths } from './environment.js';
import { INSIDE, PROCESS_LIMITS } from './limits.js';
import { hasProcessTable, MARKER, threadsOf } from './process-table.js';
import type { Isolation, Launch, LocalKind, WorkspaceFolders } from './local-types.js';

/** Absolute path of a program in the usual system folders, or null. PATH is not asked: it is not ours to trust. */
export function findTool(name: string): string | null {
  for (const folder of ['/usr/bin', '/bin', '/usr/local/bin', '/usr/sbin', '/sbin']) {
    const path = join(folder, name);
    if (existsSync(path) && statSync(path).isFile()) return path;
  }
  return null;
}

/** Paths of the workspace as a command of this kind sees them. */
export const pathsInside = (kind: LocalKind, folders: WorkspaceFolders): SandboxPaths =>
  kind === 'bubblewrap' ? INSIDE : { workspace: folders.workspace, home: folders.home, tmp: folders.tmp };

/**
 * The complete command line for one shell command: the kernel's limits first, then no new privileges, then (bubblewrap)
 * the namespaces, then `/bin/sh -c`.
 *
 * @param fileBytes largest file the command may write
 * @param marker identifies every process of the command, see {@link MARKER}
 */
export function launch(
  isolation: Isolation,
  folders: WorkspaceFolders,
  command: string,
  options: { env: Readonly<Record<string, string>>; fileBytes: number; marker: string },
): Launch {
  const { kind, tools } = isolation;
  const inside = kind === 'bubblewrap';
  const nodeBin = inside ? nodeInside().bin : dirname(process.execPath);
  const env = sandboxEnvironment(pathsInside(kind, folders), nodeBin, options.env);
  const shell = ['/bin/sh', '-c', command];
  const argv = [
    ...(tools.setpriv === null ? [] : [tools.setpriv, '--no-new-privs']),
    ...(tools.prlimit === null ? [] : [tools.prlimit, ...kernelLimits(isolation, options.fileBytes)]),
    ...(inside && tools.bwrap !== null ? [tools.bwrap, ...bubblewrapArguments(tools, folders, env), '--', ...shell] : shell),
  ];
  return {
    // Under memory pressure the kernel should choose this tree, and the service should stay responsive beside it.
    file: '/bin/sh',
    args: ['-c', 'echo 1000 2>/dev/null >/proc/self/oom_score_adj; exec nice -n 5 "$@"', 'sandbox', ...argv],
    env: { ...(inside ? { PATH: '/usr/bin:/bin' } : env), [MARKER]: options.marker },
    cwd: folders.workspace,
    contained: inside,
  };
}

function kernelLimits(isolation: Isolation, fileBytes: number): string[] {
  // The kernel counts processes per user: where the user is ours, what we already run has to be added.
  const shared = isolation.ownUser ? 0 : threadsOf(process.getuid?.() ?? 0);
  return ['--core=0', `--nofile=${PROCESS_LIMITS.openFiles}`, `--nproc=${PROCESS_LIMITS.processes + shared}`, `--fsize=${fileBytes}`, '--'];
}

/** What this isolation cannot hold, in sentences for the verification report, the README and `/healthz`. */
export function gapsOf(isolation: Isolation): string[] {
  const { kind, tools, ownUser } = isolation;
  const root = process.getuid?.() === 0;
  const gaps = [
    'Memory and disk are watched several times a second and not capped by the kernel: a command can exceed them for a moment.',
    'CPU time is not limited beyond the time limit and a lower priority.',
    'System calls are not filtered (no seccomp profile): a hole in the kernel is reachable.',
  ];
  if (kind === 'process') {
    gaps.push('The network is open, the services of this machine and cloud metadata addresses included.');
    gaps.push(
      ownUser
        ? 'Files that every user of this machine may read are readable, and world-writable folders are writable.'
        : 'Every file that the account running Countersign may read or write is open to the code, the data directory included.',
    );
    gaps.push(
      ownUser
        ? 'Other processes of this machine are visible.'
        : 'Other processes of this account are visible and can be signalled or traced, Countersign itself included.',
    );
    if (!ownUser) gaps.push('A process that leaves its group and session and also replaces its environment can outlive its command.');
    if (tools.setpriv === null) gaps.push('Set-user-id programs keep their privileges (setpriv is not installed).');
    if (!hasProcessTable()) gaps.push('Without /proc neither memory nor processes that leave their group are watched.');
  } else {
    if (!tools.disableUserns) gaps.push('Further user namespaces can be made inside (bubblewrap is older than 0.8).');
    if (tools.setpriv === null) gaps.push('no-new-privileges is set by bubblewrap only (setpriv is not installed).');
    if (root && !ownUser)
      gaps.push(
        'On the outside the code has the user id of root, without capabilities, because other users cannot pass to its folder (chmod o+x that and those above it).',
      );
  }
  if (tools.prlimit === null) gaps.push('Open files, processes and file size are not limited (prlimit is not installed).');
  else if (root && !ownUser) gaps.push('The number of processes is not limited: the kernel exempts root.');
  return gaps;
}
