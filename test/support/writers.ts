import { fork, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { comparePositions, START, type EventStore, type StoredEvent } from '#platform';
import type { ServerOrder } from '../programs/event-store-server.js';
import type { WriterReport } from '../programs/log-writer.js';
import { Follower, idsOf } from './event-store-conformance.js';
import { until } from './server.js';

const ROOT = join(import.meta.dirname, '..', '..');
const TYPESCRIPT = ['--import', './test/support/typescript.js', '--disable-warning=ExperimentalWarning'];
const program = (name: string): string => join(ROOT, 'test', 'programs', `${name}.ts`);

interface Acknowledged {
  readonly ids: readonly string[];
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
}

/** A process that appends without end; see test/programs/log-writer.ts. */
export class Writer {
  readonly acknowledged: Acknowledged[] = [];
  /** First event of every append that was begun. */
  readonly begun: string[] = [];
  readonly failures: string[] = [];
  private errors = '';
  private rest = '';
  private readonly exit: Promise<unknown>;

  private constructor(private readonly child: ChildProcess) {
    child.stdout!.on('data', (bytes: Buffer) => {
      const lines = `${this.rest}${bytes.toString('utf8')}`.split('\n');
      this.rest = lines.pop()!;
      for (const line of lines) this.take(JSON.parse(line) as WriterReport);
    });
    child.stderr!.on('data', (bytes: Buffer) => (this.errors += bytes.toString('utf8')));
    this.exit = new Promise((resolve) => child.on('exit', resolve));
  }

  /** @param name of its events' type: `test.<name>` */
  static start(databaseUrl: string, eventStoreUrl: string | null, name: string, writers: number): Writer {
    const args = [...TYPESCRIPT, program('log-writer'), databaseUrl, eventStoreUrl ?? '-', name, String(writers)];
    return new Writer(spawn(process.execPath, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Waits until so many more appends were acknowledged. */
  async acknowledges(more: number, ms = 30_000): Promise<void> {
    const wanted = this.acknowledged.length + more;
    await until(
      `${more} appends to be acknowledged${this.failures.length > 0 ? ` (${this.failures.at(-1)!})` : ''}`,
      async () => {
        if (this.child.exitCode !== null || this.child.signalCode !== null) throw new Error(`the writer has ended:\n${this.errors}`);
        return this.acknowledged.length >= wanted;
      },
      ms,
    );
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** What is under way is finished. */
  async stop(): Promise<void> {
    this.child.kill('SIGCONT');
    this.child.kill('SIGTERM');
    await this.exit;
    expect(this.errors).toBe('');
  }

  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.exit;
  }

  private take(report: WriterReport): void {
    if ('sending' in report) this.begun.push(report.sending);
    else if ('failed' in report) this.failures.push(report.failed);
    else {
      const { acknowledged: ids, position, stream, revision } = report;
      this.acknowledged.push({ ids, position, stream, revision });
    }
  }
}

/** The stand-in for EventStoreDB in a process of its own, which keeps its log in a file. */
export class EventStoreProcess {
  private child: ChildProcess | undefined;
  private port = 0;

  private constructor(private readonly folder: string) {}

  static async start(): Promise<EventStoreProcess> {
    const server = new EventStoreProcess(await mkdtemp(join(tmpdir(), 'countersign-esdb-')));
    await server.start();
    return server;
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: this.port };
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  /** On the port it had before, with what it has on record. */
  async start(): Promise<void> {
    const child = fork(program('event-store-server'), [join(this.folder, 'log'), String(this.port)], { cwd: ROOT, execArgv: TYPESCRIPT });
    this.child = child;
    const { url } = await new Promise<{ url: string }>((resolve, reject) => {
      child.once('message', (message) => resolve(message as { url: string }));
      child.once('exit', (code) => reject(new Error(`the event store ended with ${String(code)}`)));
    });
    this.port = Number(new URL(url).port);
  }

  /** @returns when it is done, with how many of the fates it was given are left */
  order(order: ServerOrder): Promise<{ fatesLeft: number }> {
    const done = new Promise<{ fatesLeft: number }>((resolve) => this.child!.once('message', (message) => resolve(message as { fatesLeft: number })));
    this.child!.send(order);
    return done;
  }

  signal(signal: NodeJS.Signals): void {
    this.child!.kill(signal);
  }

  async kill(): Promise<void> {
    const { child } = this;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/**
 * What must hold of a log whatever happened to who wrote it: what was acknowledged is there once, where it was said to be;
 * what was begun is there once or not at all; streams have no gap, positions rise, the chain verifies, and a follower sees
 * just that.
 */
export async function expectSoundLog(store: EventStore, writers: readonly Writer[]): Promise<StoredEvent[]> {
  const all: StoredEvent[] = [];
  for (;;) {
    const page = await store.readAll(all.at(-1)?.position ?? START, 500);
    if (page.length === 0) break;
    all.push(...page);
  }
  expect(all.every(({ position }, index) => index === 0 || comparePositions(position, all[index - 1]!.position) > 0)).toBe(true);
  const byId = new Map(all.map((event) => [event.event_id, event]));
  expect(byId.size).toBe(all.length);
  const revisions = new Map<string, number>();
  for (const { stream, revision } of all) {
    expect({ stream, revision }).toEqual({ stream, revision: (revisions.get(stream) ?? -1) + 1 });
    revisions.set(stream, revision);
  }
  const acknowledged = writers.flatMap((writer) => writer.acknowledged);
  for (const { ids, position, stream, revision } of acknowledged) {
    const places = ids.map((id) => byId.get(id)).map((event) => event && `${event.stream} ${event.revision}`);
    expect(places).toEqual(ids.map((_, index) => `${stream} ${revision - ids.length + 1 + index}`));
    expect(byId.get(ids.at(-1)!)!.position).toBe(position);
  }
  const follower = await new Follower(store).reaches(all.at(-1)!.position);
  await follower.stop();
  expect(idsOf(follower.seen)).toEqual(idsOf(all));
  expect(await store.verify([])).toEqual([expect.objectContaining({ ok: true, events: all.length, mismatch: null })]);
  return all;
}
