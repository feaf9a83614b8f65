import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiProblem, CountersignClient } from '#client';
import { composeAnswer, unattended } from '../../apps/cli/src/chat.js';

const ROOT = join(import.meta.dirname, '..', '..');
const READY_MS = 30_000;
/** Of everybody with an account made here. */
export const PASSWORD = 'correct horse battery staple';

/** A real process of one of the programs in `dist`, with its output kept. */
export class Program {
  readonly output: string[] = [];
  private readonly exit: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes: Buffer) => this.output.push(bytes.toString('utf8')));
    this.exit = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
  }

  static start(entry: 'standalone' | 'api' | 'worker' | 'cli', env: Readonly<Record<string, string>>, args: readonly string[] = []): Program {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [join(ROOT, 'dist', 'apps', entry, 'src', 'main.js'), ...args], {
      env: { PATH, HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new Program(child);
  }

  get pid(): number {
    return this.child.pid!;
  }

  get text(): string {
    return this.output.join('');
  }

  /** Waits for the line that says it is ready. */
  async ready(): Promise<this> {
    const deadline = Date.now() + READY_MS;
    while (!/\bready\b/.test(this.text)) {
      if (this.child.exitCode !== null || Date.now() > deadline) {
        this.child.kill('SIGKILL');
        throw new Error(`the program did not become ready:\n${this.text}`);
      }
      await pause(20);
    }
    return this;
  }

  /** Sends a signal and waits for nothing. */
  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Ends it as `kill -9` does, and waits until it is gone. */
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
  }

  /** @returns the exit code */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    this.child.kill(signal);
    return this.exit;
  }

  /** The exit code, once it ended by itself. */
  ended(): Promise<number | null> {
    return this.exit;
  }
}

/** `npm start` in a folder of its own, as often as wanted. */
export class Server {
  private program: Program | undefined;

  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async start(env: Readonly<Record<string, string>> = {}): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), 'countersign-e2e-')), await freePort(), env);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get text(): string {
    return this.program?.text ?? '';
  }

  get pid(): number {
    return this.program!.pid;
  }

  get dataDir(): string {
    return join(this.folder, 'data');
  }

  /** Of the embedded database, while it runs: its port changes with every start. */
  async databaseUrl(): Promise<string> {
    const port = (await readFile(join(this.dataDir, 'postgres', 'postmaster.pid'), 'utf8')).split('\n')[3]!;
    const password = (await readFile(join(this.dataDir, 'keys', 'postgres'), 'utf8')).trim();
    return `postgresql://postgres:${password}@127.0.0.1:${port}/countersign`;
  }

  /** @param change of settings, for this start alone */
  async start(change: Readonly<Record<string, string>> = {}): Promise<void> {
    // Every run of every test counts against the same person's day.
    const env = { DATA_DIR: this.dataDir, PORT: String(this.port), DAILY_RUNS_PER_USER: '1000', ...this.env, ...change };
    this.program = await Program.start('standalone', env).ready();
  }

  /** Ends it as `kill -9` does; its database runs on. */
  async kill(): Promise<void> {
    await this.program?.kill();
  }

  async stop(): Promise<number | null> {
    return (await this.program?.stop()) ?? null;
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** api and workers as processes of their own, on one database. */
export class Installation {
  private readonly programs: Program[] = [];

  private constructor(
    readonly folder: string,
    readonly port: number,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  static async create(DATABASE_URL: string, env: Readonly<Record<string, string>> = {}): Promise<Installation> {
    const secret = 'the-same-secret-for-every-process-of-a-test';
    const shared = { DATABASE_URL, JWT_SECRET: secret, MASTER_KEY: secret, DAILY_RUNS_PER_USER: '1000', ...env };
    return new Installation(await mkdtemp(join(tmpdir(), 'countersign-e2e-')), await freePort(), shared);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** @returns when it listens; always on the same port */
  startApi(): Promise<Program> {
    return this.run('api', { PORT: String(this.port) });
  }

  /** @param name of its own folder, for its sandboxes */
  startWorker(name: string): Promise<Program> {
    return this.run('worker', { DATA_DIR: join(this.folder, name) });
  }

  /** The workspaces that a worker has at this moment. */
  sandboxesOf(name: string): Promise<string[]> {
    return readdir(join(this.folder, name, 'sandboxes'));
  }

  async remove(): Promise<void> {
    for (const program of this.programs) program.signal('SIGCONT');
    await Promise.all(this.programs.map((program) => program.stop()));
    await rm(this.folder, { recursive: true, force: true });
  }

  private run(entry: 'api' | 'worker', env: Readonly<Record<string, string>>): Promise<Program> {
    const program = Program.start(entry, { ...this.env, ...env });
    this.programs.push(program);
    return program.ready();
  }
}

/** The same tests with the jobs in PostgreSQL and in Redis; the latter are skipped where none is installed. */
export function withEveryQueue(name: string, tests: (queue: 'PostgreSQL' | 'Redis') => void): void {
  const hasRedis = !spawnSync('redis-server', ['--version']).error;
  if (!hasRedis) console.warn('The tests with Redis are skipped: there is no redis-server on this machine.');
  describe(`${name}, jobs in PostgreSQL`, () => tests('PostgreSQL'));
  (hasRedis ? describe : describe.skip)(`${name}, jobs in Redis`, () => tests('Redis'));
}

/** A Redis of one's own on a free port, which keeps nothing on disk. */
export async function startRedis(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const port = await freePort();
  const child = spawn('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'], { cwd: tmpdir() });
  const exit = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (bytes: Buffer) => bytes.includes('Ready to accept connections') && resolve());
    child.on('exit', () => reject(new Error('redis-server ended at once')));
  });
  const stop = async () => {
    child.kill('SIGKILL');
    await exit;
  };
  return { url: `redis://127.0.0.1:${port}`, stop };
}

/** Living processes that have this text in their command line or environment, or work in a folder below it. */
export async function processesNaming(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    const command = await read('cmdline');
    const where = await readlink(`/proc/${pid}/cwd`).catch(() => '');
    if ([command, where, await read('environ')].some((place) => place.includes(text))) found.push(`${pid} ${command.replaceAll('\0', ' ').trim()}`);
  }
  return found;
}

/** Says yes to what the analyst usually proposes and approves every gate, until the run has ended; answers with how. */
export async function agreeToEverything(person: CountersignClient, projectId: string, ms = 60_000): Promise<string> {
  let answered: string | undefined;
  let yes = 0;
  return until(
    'the end of the run',
    async () => {
      const { status, hitl_requests } = await person.getProject(projectId);
      for (const { request_id, content_hash, status: gate } of hitl_requests)
        if (gate === 'pending') await person.respond(request_id, { action: 'approve', content_hash }).catch(unlessTooLate);
      if (status === 'collecting') {
        const last = (await person.listMessages(projectId)).items.at(-1);
        if (last?.author === 'analyst' && last.message_id !== answered) {
          answered = last.message_id;
          yes += 1;
          const answer = composeAnswer(last.questions, unattended(last.questions));
          await (yes > 3 || answer === null ? person.finalize(projectId) : person.postMessage(projectId, answer)).catch(unlessTooLate);
        }
      }
      return /^(completed|failed|expired|cancelled)/.test(status) && status;
    },
    ms,
  );
}

/** An answer that did not arrive may have been heard all the same: its repetition is then refused. */
export function unlessTooLate(error: unknown): void {
  if (!(error instanceof ApiProblem && error.status === 409)) throw error;
}

/** A client with an account of its own. */
export async function newPerson(baseUrl: string): Promise<CountersignClient> {
  const anybody = new CountersignClient({ baseUrl });
  const { access_token } = await anybody.register({ email: `${crypto.randomUUID()}@example.org`, password: PASSWORD });
  return anybody.withToken(access_token);
}

/** Looks until it is so. */
export async function until<T>(what: string, look: () => Promise<T | null | undefined | false>, ms = 60_000): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited ${ms} ms in vain for: ${what}`);
    await pause(50);
  }
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
