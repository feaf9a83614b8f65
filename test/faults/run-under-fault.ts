import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CountersignClient, followProject } from '#client';
import type { Autonomy, StreamMessage } from '#contracts';
import { expectOneDelivery, expectSoundHistory, logOf, type LogRow } from '../support/oracle.js';
import { agreeToEverything, processesNaming, unlessTooLate, until, type Server } from '../support/server.js';

/** A run on a server that is killed and started again under it, and what must hold in the end. */
export class RunUnderFault {
  /** Told of every answer that a request of the person got. */
  onAnswer: (path: string) => void = () => undefined;
  private readonly seen: StreamMessage[] = [];
  private readonly pids: number[] = [];
  private readonly kept: LogRow[][] = [];
  private running: Promise<{ project_id: string; stream: { close(): void }; status: string }> | undefined;

  constructor(
    private readonly server: Server,
    private readonly token: string,
  ) {}

  /** Begins the run; a person who is patient goes with it to its end. */
  start(autonomy: Autonomy): void {
    this.running = this.run(autonomy);
    // Whoever waits for the end hears of a failure.
    this.running.catch(() => undefined);
  }

  /** @throws Error once the run has ended */
  async outlives<T>(event: Promise<T>): Promise<T> {
    const ended = this.running!.then(() => {
      throw new Error('the run ended, and the moment had not come');
    });
    return Promise.race([event, ended]);
  }

  /** Keeps what is on record now: it must stay. */
  async remember(): Promise<LogRow[]> {
    const log = await logOf(await this.server.databaseUrl());
    this.kept.push(log);
    return log;
  }

  /** Ends the server as `kill -9` does. */
  async kill(): Promise<void> {
    this.pids.push(this.server.pid);
    await this.server.kill();
  }

  /** Waits for the end of the run, and checks all that must hold then. */
  async expectSound(): Promise<void> {
    this.pids.push(this.server.pid);
    const { project_id, stream, status } = await this.running!;
    expect(status).toBe('completed');
    await until('the end on the stream', async () => hasEnded(this.seen));
    stream.close();
    const again: StreamMessage[] = [];
    const second = this.listen(project_id, again);
    await until('the whole history', async () => hasEnded(again));
    second.close();
    expect(this.seen).toEqual(again);

    expectOneDelivery(await expectSoundHistory(this.server.url, this.token, project_id));
    const log = await logOf(await this.server.databaseUrl());
    for (const rows of this.kept) expect(log.slice(0, rows.length)).toEqual(rows);

    expect(await readdir(join(this.server.dataDir, 'sandboxes'))).toEqual([]);
    for (const pid of this.pids) expect(await processesNaming(`COUNTERSIGN_SANDBOX_ID=ws-${pid}-`)).toEqual([]);
    const databases = await processesNaming(join(this.server.dataDir, 'postgres'));
    expect(databases.filter((command) => command.includes(' -D '))).toHaveLength(1);
  }

  private async run(autonomy: Autonomy) {
    const person = this.patient();
    const { project_id } = await person.createProject({ product_idea: 'A list of books with a title and an author.', autonomy });
    const stream = this.listen(project_id, this.seen);
    if (autonomy === 'full') await person.finalize(project_id).catch(unlessTooLate);
    return { project_id, stream, status: await agreeToEverything(person, project_id) };
  }

  /** A client that keeps asking while the server is away, and tells when a request was answered. */
  private patient(): CountersignClient {
    return new CountersignClient({
      baseUrl: this.server.url,
      token: this.token,
      retryDelaysMs: Array<number>(100).fill(200),
      fetch: async (url, init) => {
        const answer = await fetch(url, init);
        await answer.clone().text();
        if (answer.ok) this.onAnswer(new URL(url).pathname);
        return answer;
      },
    });
  }

  private listen(projectId: string, seen: StreamMessage[]) {
    const { url: baseUrl } = this.server;
    return followProject({
      baseUrl,
      token: () => this.token,
      projectId,
      onMessage: (message) => seen.push(message),
      reconnectMs: [100, 500],
    });
  }
}

const hasEnded = (seen: readonly StreamMessage[]): boolean => seen.some(({ event_type }) => event_type === 'complete');
