import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';

/**
 * Bytes that a folder takes on disk, links not followed. Counted by du(1): it copes with trees deeper than a path can
 * name, and does not occupy our event loop. What vanishes while it counts is no error.
 */
export function folderBytes(root: string): Promise<number> {
  return new Promise((resolve) => {
    execFile('du', ['-skx', root], { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' }, maxBuffer: 64 * 1024 * 1024 }, (_error, stdout) => {
      resolve(Number.parseInt(stdout, 10) * 1024 || 0);
    });
  });
}

/** Bytes of files that are deleted but still open in one of the processes; du cannot see them. */
export function deletedBytes(pids: readonly number[]): number {
  const counted = new Set<string>();
  let bytes = 0;
  for (const pid of pids) {
    for (const name of list(`/proc/${pid}/fd`)) {
      const stats = statSync(`/proc/${pid}/fd/${name}`, { throwIfNoEntry: false });
      if (stats === undefined || !stats.isFile() || stats.nlink > 0) continue;
      const key = `${stats.dev}:${stats.ino}`;
      if (!counted.has(key)) bytes += stats.blocks * 512;
      counted.add(key);
    }
  }
  return bytes;
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
