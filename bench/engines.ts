import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from '#platform';
import { DataFolder } from '../apps/standalone/src/data-folder.js';
import { EmbeddedPostgres } from '../apps/standalone/src/embedded-postgres.js';
import { migrations } from '../migrations/index.js';

/** PostgreSQL as `npm start` brings it (its settings, fsync on), in a folder of its own, with as many fresh databases as are wanted. */
export class Engines {
  private databases = 0;

  private constructor(
    private readonly data: DataFolder,
    private readonly postgres: EmbeddedPostgres,
  ) {}

  static async start(): Promise<Engines> {
    const data = await DataFolder.take(await mkdtemp(join(tmpdir(), 'countersign-bench-')));
    return new Engines(data, await EmbeddedPostgres.start(data));
  }

  get folder(): string {
    return this.data.path;
  }

  /** An empty database, with the product's tables where asked. */
  async database(options: { migrated: boolean }): Promise<string> {
    this.databases += 1;
    const name = `bench_${this.databases}`;
    await this.asAdmin((client) => client.query(`CREATE DATABASE ${name}`));
    const url = this.postgres.url.replace(/[^/]+$/, name);
    if (options.migrated) await migrate(url, migrations);
    return url;
  }

  async drop(url: string): Promise<void> {
    await this.asAdmin((client) => client.query(`DROP DATABASE ${new URL(url).pathname.slice(1)} WITH (FORCE)`));
  }

  async version(): Promise<string> {
    const { rows } = await this.asAdmin((client) => client.query<{ server_version: string }>('SHOW server_version'));
    return rows[0]!.server_version;
  }

  /** CPU time that the server's processes have used so far, in ms; those that have ended count too. */
  async cpuMs(): Promise<number> {
    const pid = Number((await readFile(this.data.file('postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
    return cpuOfFamily(pid);
  }

  async stop(): Promise<void> {
    await this.postgres.stop();
    await this.data.release();
    await rm(this.data.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }

  private async asAdmin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({ connectionString: this.postgres.url });
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }
}

/** A Redis of one's own; null where none is installed. It writes its log once a second or at every command. */
export async function startRedis(
  appendfsync: 'everysec' | 'always',
): Promise<{ url: string; cpuMs(): Promise<number>; stop(): Promise<void> } | null> {
  if (spawnSync('redis-server', ['--version']).error) return null;
  const folder = await mkdtemp(join(tmpdir(), 'countersign-bench-redis-'));
  const port = await freePort();
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'yes', '--appendfsync', appendfsync, '--dir', folder];
  const child = spawn('redis-server', options, { stdio: ['ignore', 'pipe', 'ignore'] });
  const exit = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (bytes: Buffer) => bytes.includes('Ready to accept connections') && resolve());
    child.on('exit', () => reject(new Error('redis-server ended at once')));
  });
  return {
    url: `redis://127.0.0.1:${port}`,
    cpuMs: () => cpuOfFamily(child.pid!),
    async stop() {
      child.kill('SIGKILL');
      await exit;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** CPU time of a process, its children and what they have waited for, in ms (proc(5)); a clock tick is 10 ms. */
async function cpuOfFamily(pid: number): Promise<number> {
  let ticks = 0;
  for (const name of (await readdir('/proc').catch(() => [])).filter((one) => /^\d+$/.test(one))) {
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [utime, stime, cutime, cstime] = fields.slice(11, 15).map(Number);
    if (Number(name) === pid) ticks += utime! + stime! + cutime! + cstime!;
    else if (Number(fields[1]) === pid) ticks += utime! + stime!;
  }
  return ticks * 10;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
