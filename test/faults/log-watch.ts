import pg from 'pg';
import type { LogRow } from '../support/oracle.js';

/** Sees every event as soon as it is on record: it looks all the time, since the log's doorbell may ring a moment later. */
export class LogWatch {
  private readonly seen: LogRow[] = [];
  private readonly listeners = new Set<(event: LogRow) => void>();
  private looking: Promise<void> = Promise.resolve();
  private closed = false;

  private constructor(
    private readonly client: pg.Client,
    private after: string,
    private readonly table: 'event_log.events' | 'audit.events',
  ) {}

  /**
   * @param after position; what is on record behind it already is seen, too
   * @param table the copy in `audit.events` where another engine holds the log
   */
  static async open(url: string, after: string, table: LogWatch['table'] = 'event_log.events'): Promise<LogWatch> {
    const client = new pg.Client({ connectionString: url });
    // Its server may be stopped under it: that is what the tests are about.
    client.on('error', () => undefined);
    await client.connect();
    const watch = new LogWatch(client, after, table);
    watch.looking = watch.keepLooking();
    return watch;
  }

  /** Acts at once, within the turn in which the event was read. */
  when(wanted: (event: LogRow) => boolean, act: () => void = () => undefined): Promise<LogRow> {
    const earlier = this.seen.find(wanted);
    return new Promise((resolve) => {
      const listener = (event: LogRow) => {
        if (!wanted(event)) return;
        this.listeners.delete(listener);
        act();
        resolve(event);
      };
      if (earlier) listener(earlier);
      else this.listeners.add(listener);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.looking;
    await this.client.end().catch(() => undefined);
  }

  private async keepLooking(): Promise<void> {
    while (!this.closed) {
      await this.look().catch(() => (this.closed = true));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  private async look(): Promise<void> {
    const { rows } = await this.client.query<LogRow>(
      `SELECT *, position::text FROM ${this.table} WHERE events.position > $1 ORDER BY events.position`,
      [this.after],
    );
    for (const row of rows) {
      this.after = row.position;
      this.seen.push(row);
      for (const listener of [...this.listeners]) listener(row);
    }
  }
}

/** An event of this type whose stored text has all of this in it. */
export const eventOf =
  (type: string, ...parts: string[]) =>
  (event: Pick<LogRow, 'type' | 'data'>): boolean =>
    event.type === type && parts.every((part) => event.data.includes(part));
