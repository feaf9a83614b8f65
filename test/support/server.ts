import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CountersignClient } from '#client';

const ROOT = join(import.meta.dirname, '..', '..');
const READY_MS = 30_000;

/** A real process of one of the programs in `dist`, with its output kept. */
export class Program {
  readonly output: string[] = [];
  private readonly exit: Promise<number | null>;

  private constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (bytes: Buffer) => this.output.push(bytes.toString('utf8')));
    this.exit = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
  }

  static start(entry: 'standalone' | 'api' | 'worker', env: Readonly<Record<string, string>>): Program {
    const { PATH = '', HOME = '' } = process.env;
    const child = spawn(process.execPath, [join(ROOT, 'dist', 'apps', entry, 'src', 'main.js')], {
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

  async start(): Promise<void> {
    // Every run of every test counts against the same person's day.
    const env = { DATA_DIR: join(this.folder, 'data'), PORT: String(this.port), DAILY_RUNS_PER_USER: '1000', ...this.env };
    this.program = await Program.start('standalone', env).ready();
  }

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

/** A client with an account of its own. */
export async function newPerson(baseUrl: string): Promise<CountersignClient> {
  const anybody = new CountersignClient({ baseUrl });
  const { access_token } = await anybody.register({ email: `${crypto.randomUUID()}@example.org`, password: 'correct horse battery staple' });
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
