import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

export type Bell = 'countersign_events' | 'countersign_read_models' | 'countersign_live_text' | 'countersign_keys';
const BELLS: readonly Bell[] = ['countersign_events', 'countersign_read_models', 'countersign_live_text', 'countersign_keys'];
/** Other processes are rung at most this often, in ms. */
const TELL_MS = 20;

/**
 * Wakes whoever waits for something new in the log or the read models. Only a hint: every listener also looks by itself
 * from time to time, so a lost ring costs latency and never work.
 */
export class Doorbell {
  private readonly bells = new EventEmitter().setMaxListeners(0);
  private client: pg.Client | undefined;
  private closed = false;
  /** By which this process knows its own rings. */
  private readonly id = randomUUID();
  /** How often other processes have rung; a new connection counts, since rings may have been lost before it. */
  heard = 0;
  private readonly untold = new Set<Bell>();
  private telling = false;

  /** Rings within this process. */
  ring(bell: Bell): void {
    this.bells.emit(bell);
  }

  /** Rings here at once, and in the other processes that listen to the same database as soon as that is possible. */
  announce(bell: Bell): void {
    this.ring(bell);
    this.untold.add(bell);
    if (!this.telling) void this.tell();
  }

  /** `listener` gets what was rung along: a piece of live text, who rang, or nothing. */
  on(bell: Bell, listener: (payload: string) => void): () => void {
    this.bells.on(bell, listener);
    return () => this.bells.off(bell, listener);
  }

  /** Resolves at the next ring, when `ms` have passed, or when the signal aborts. Listen before looking, then wait. */
  next(bell: Bell, ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.bells.off(bell, done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.bells.once(bell, done);
      if (signal?.aborted) done();
      else signal?.addEventListener('abort', done, { once: true });
    });
  }

  /** Hears the rings of other processes through PostgreSQL NOTIFY; reconnects by itself. */
  async listen(url: string): Promise<void> {
    if (this.closed) return;
    const client = new pg.Client({ connectionString: url, application_name: 'countersign-doorbell' });
    let lost = false;
    const again = () => {
      if (lost) return;
      lost = true;
      if (this.client === client) this.client = undefined;
      void client.end().catch(() => undefined);
      if (!this.closed) setTimeout(() => void this.listen(url), 500).unref();
    };
    client.on('error', again);
    client.on('end', again);
    client.on('notification', ({ channel, payload = '' }) => {
      // What this process announced rang here already.
      if (payload === this.id) return;
      this.heard += 1;
      this.bells.emit(channel, payload);
    });
    try {
      await client.connect();
      await client.query('SET synchronous_commit = off');
      for (const bell of BELLS) await client.query(`LISTEN ${bell}`);
      this.client = client;
      this.heard += 1;
      if (this.closed) await client.end();
      else if (!this.telling) void this.tell();
    } catch {
      again();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.client?.end().catch(() => undefined);
    for (const bell of BELLS) this.bells.emit(bell);
  }

  /** Many rings in a short time are told once; what cannot be told now is told when there is a connection again. */
  private async tell(): Promise<void> {
    this.telling = true;
    while (this.untold.size > 0 && this.client && !this.closed) {
      const bells = [...this.untold];
      this.untold.clear();
      await this.client.query(bells.map((bell) => `NOTIFY ${bell}, '${this.id}'`).join('; ')).catch(() => undefined);
      await delay(TELL_MS, undefined, { ref: false });
    }
    this.telling = false;
  }
}
