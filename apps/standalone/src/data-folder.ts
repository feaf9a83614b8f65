import { randomBytes } from 'node:crypto';
import { chmod, mkdir, open, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** DATA_DIR: the embedded database, the keys that were made here, and the sandboxes. One process at a time has it. */
export class DataFolder {
  private constructor(readonly path: string) {}

  /**
   * Makes the folder where missing and takes it.
   * @throws Error with one sentence that says what to do, where another living process has it or it cannot be written
   */
  static async take(dataDir: string): Promise<DataFolder> {
    const path = resolve(dataDir);
    // As root, the database and the sandboxes run under other accounts, which must be able to pass.
    const mode = process.getuid?.() === 0 ? 0o711 : 0o700;
    await mkdir(path, { recursive: true, mode });
    await chmod(path, mode);
    const folder = new DataFolder(path);
    await folder.lock();
    return folder;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** The secret kept under this name, made at first. */
  async secret(name: string): Promise<string> {
    await mkdir(this.file('keys'), { recursive: true, mode: 0o700 });
    const file = this.file(join('keys', name));
    try {
      await writeFile(file, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    return (await readFile(file, 'utf8')).trim();
  }

  async release(): Promise<void> {
    await rm(this.file('lock'), { force: true });
  }

  private async lock(): Promise<void> {
    const mine = `${process.pid} ${await startTime(process.pid)}`;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      try {
        const handle = await open(this.file('lock'), 'wx', 0o600);
        await handle.writeFile(mine);
        await handle.close();
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const [pid = '', started = ''] = (await readFile(this.file('lock'), 'utf8').catch(() => '')).split(' ');
      if (isAlive(Number(pid)) && (await startTime(Number(pid))) === started)
        throw new Error(
          `another Countersign (process ${pid}) is using the data folder ${this.path}; stop it first, or set DATA_DIR to another folder`,
        );
      await rm(this.file('lock'), { force: true });
    }
    throw new Error(`the data folder ${this.path} is being taken by another process at this moment; start again`);
  }
}

export function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Start time of a process in clock ticks (proc(5)), so that a reused process id is not taken for the old one; empty where unknown. */
async function startTime(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
