import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, chown, lstat, mkdir, open, readdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isArtifactPath } from '#contracts';
import { ETC } from './bubblewrap.js';
import type { WorkspaceFolders } from './local-types.js';
import { ProcessFamily } from './process-family.js';
import { isAlive, ownStartTime, userHasProcesses } from './process-table.js';
import type { SandboxFile } from './sandbox.js';

const run = promisify(execFile);

/** User ids that no distribution gives away by itself, and that still fit a container's usual 65,536. */
const FIRST_UID = 62_000;
const UIDS = 3_000;

/** Makes an empty workspace, mode 0700, with an own user where asked. */
export async function createFolders(base: string, ownUser: boolean): Promise<WorkspaceFolders> {
  const id = `ws-${process.pid}-${ownStartTime()}-${randomBytes(8).toString('hex')}`;
  const root = join(base, id);
  const uid = ownUser ? await freeUser(base) : null;
  const folders = { root, id, uid, workspace: join(root, 'workspace'), home: join(root, 'home'), tmp: join(root, 'tmp') };
  const etc = join(root, 'etc');
  try {
    for (const folder of [root, folders.workspace, folders.home, folders.tmp, etc]) {
      await mkdir(folder, { mode: 0o700 });
      await give(folder, uid);
    }
    for (const [name, content] of Object.entries(ETC)) await writeNew(join(etc, name), Buffer.from(content), 0o444, null);
    return folders;
  } catch (error) {
    await removeFolder(root);
    throw error;
  }
}

async function freeUser(base: string): Promise<number> {
  const taken = new Set<number>();
  for (const name of await readdir(base)) taken.add((await lstat(join(base, name))).uid);
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const uid = FIRST_UID + Math.floor(Math.random() * UIDS);
    if (!taken.has(uid) && !userHasProcesses(uid)) return uid;
  }
  throw new Error('no user id is free for another sandbox');
}

const give = async (path: string, uid: number | null): Promise<void> => {
  if (uid !== null) await chown(path, uid, uid);
};

/**
 * Lays files into a workspace in which nothing has run yet. A path that leaves it, or that comes twice, is refused;
 * no link is followed, because a file is only ever created, and folders are only ever made by this function.
 *
 * @throws Error naming the path
 */
export async function layFiles(folders: WorkspaceFolders, files: AsyncIterable<SandboxFile> | Iterable<SandboxFile>): Promise<void> {
  const made = new Set([folders.workspace]);
  for await (const file of files) {
    if (!isArtifactPath(file.path)) throw new Error(`not a path inside a workspace: ${JSON.stringify(file.path.slice(0, 300))}`);
    const target = join(folders.workspace, file.path);
    await makeFolder(dirname(target));
    await writeNew(target, file.content, file.executable ? 0o755 : 0o644, folders.uid).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw new Error(`the path is there twice: ${file.path}`);
      throw error;
    });
  }

  async function makeFolder(path: string): Promise<void> {
    if (made.has(path)) return;
    await makeFolder(dirname(path));
    await mkdir(path, { mode: 0o755 });
    await give(path, folders.uid);
    made.add(path);
  }
}

async function writeNew(path: string, content: Buffer, mode: number, uid: number | null): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const handle = await open(path, flags, mode);
  try {
    await handle.writeFile(content);
    await handle.chmod(mode);
    if (uid !== null) await handle.chown(uid, uid);
  } finally {
    await handle.close();
  }
}

/** Removes a folder in which hostile code may have left anything: closed folders, links, trees deeper than a path can name. */
export async function removeFolder(root: string): Promise<void> {
  try {
    await rm(root, { recursive: true, force: true, maxRetries: 2 });
  } catch {
    await run('/bin/sh', ['-c', 'chmod -R u+rwX -- "$1" 2>/dev/null; rm -rf -- "$1"', 'sh', root]);
  }
}

/**
 * Removes workspaces whose owner is dead, and ends what still runs in them. The base folder must belong to one machine
 * (one process-id namespace): an owner on another one looks dead.
 *
 * @returns how many were removed
 */
export async function sweepFolders(base: string): Promise<number> {
  let removed = 0;
  for (const name of await readdir(base)) {
    const owner = /^ws-(\d+)-(\d+)-[0-9a-f]{16}$/.exec(name);
    if (owner === null || isAlive(Number(owner[1]), String(owner[2]))) continue;
    const root = join(base, name);
    const { uid } = await lstat(root);
    const own = process.getuid?.() === 0 && uid >= FIRST_UID && uid < FIRST_UID + UIDS;
    await new ProcessFamily(name, own ? uid : null, null).kill();
    await removeFolder(root);
    removed += 1;
  }
  return removed;
}

/**
 * Makes the base folder where it is missing, and refuses one that somebody else could exchange things in. Other users
 * may pass through it (not list it), so that commands can run as a user of their own.
 */
export async function prepareBase(base: string): Promise<void> {
  const made = await mkdir(base, { recursive: true, mode: 0o711 });
  if (made !== undefined) await chmod(base, 0o711);
  const stats = await lstat(base);
  const me = process.getuid?.();
  if (!stats.isDirectory()) throw new Error(`the sandbox's base folder is not a folder: ${base}`);
  if (me !== undefined && (stats.uid !== me || (stats.mode & 0o022) !== 0))
    throw new Error(`the sandbox's base folder must belong to this account and be writable by nobody else: ${base}`);
}
