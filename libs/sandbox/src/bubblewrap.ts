import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { INSIDE, INSIDE_UID } from './limits.js';
import type { Tools, WorkspaceFolders } from './local-types.js';

/** Where a node that lives outside /usr is shown inside. */
const NODE_INSIDE = '/opt/node';

/** Folder of the node binary as the sandbox sees it, and the mounts that put it there. */
export function nodeInside(executable: string = process.execPath): { bin: string; mounts: string[] } {
  if (executable.startsWith('/usr/') || executable.startsWith('/bin/')) return { bin: dirname(executable), mounts: [] };
  const mounts = ['--ro-bind', executable, `${NODE_INSIDE}/bin/node`];
  const npm = join(dirname(dirname(executable)), 'lib', 'node_modules', 'npm');
  if (existsSync(npm)) {
    mounts.push('--ro-bind', npm, `${NODE_INSIDE}/lib/node_modules/npm`);
    for (const name of ['npm', 'npx']) mounts.push('--symlink', `../lib/node_modules/npm/bin/${name}-cli.js`, `${NODE_INSIDE}/bin/${name}`);
  }
  return { bin: `${NODE_INSIDE}/bin`, mounts };
}

/**
 * Arguments for bwrap(1): every namespace is new, the root is an empty read-only file system with nothing of the host
 * but its programs, no capability, no network but loopback. Folders that the command can fill lie on disk, below the
 * workspace's own folder, so that the disk limit sees them; there is no writable tmpfs.
 */
export function bubblewrapArguments(tools: Tools, folders: WorkspaceFolders, env: Readonly<Record<string, string>>): string[] {
  const id = String(INSIDE_UID);
  return [
    '--unshare-user',
    '--unshare-all',
    ...(tools.disableUserns ? ['--disable-userns'] : []),
    ...['--uid', id, '--gid', id, '--hostname', 'sandbox'],
    ...['--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ...systemMounts(),
    // Read-only, because files such as /proc/sys/kernel/core_pattern ask for the user id of root only, not for a capability.
    ...['--proc', '/proc', '--remount-ro', '/proc', '--dev', '/dev', '--remount-ro', '/dev'],
    ...['--bind', folders.tmp, INSIDE.tmp, '--bind', folders.home, INSIDE.home, '--bind', folders.workspace, INSIDE.workspace],
    ...['--remount-ro', '/', '--chdir', INSIDE.workspace, '--clearenv'],
    ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value]),
  ];

  function systemMounts(): string[] {
    const mounts = ['--ro-bind', '/usr', '/usr'];
    for (const path of ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32']) {
      if (!existsSync(path)) continue;
      if (lstatSync(path).isSymbolicLink()) mounts.push('--symlink', readlinkSync(path), path);
      else mounts.push('--ro-bind', path, path);
    }
    for (const path of ['/etc/ld.so.cache', '/etc/alternatives', '/etc/ssl/certs', '/etc/ssl/openssl.cnf']) mounts.push('--ro-bind-try', path, path);
    for (const name of Object.keys(ETC)) mounts.push('--ro-bind', folders.root + sep + 'etc' + sep + name, `/etc/${name}`);
    return [...mounts, ...nodeInside().mounts];
  }
}

/** The few files of /etc that programs cannot do without. */
export const ETC: Readonly<Record<string, string>> = {
  hosts: '127.0.0.1 localhost sandbox\n',
  passwd: `app:x:${INSIDE_UID}:${INSIDE_UID}:app:${INSIDE.home}:/bin/sh\n`,
  group: `app:x:${INSIDE_UID}:\n`,
  'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
};
