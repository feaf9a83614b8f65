import { EventEmitter } from 'node:events';
import pg from 'pg';

export type Bell = 'countersign_events' | 'countersign_read_models' | 'countersign_live_text';
const BELLS: readonly Bell[] = ['countersign_events', 'countersign_read_models', 'countersign_live_text'];

/**
 * Wakes whoever waits for something new in the log or the read models. Only a hint: every listener also looks by itself
 * from time to time, so a lost ring costs latency and never work.
 */
export class Doorbell {
  private readonly bells = new EventEmitter().setMaxListeners(0);
  private client: pg.Client | undefined;
  private closed = false;

  /** Rings within this process. */
  ring(bell: Bell): void {
    this.bells.emit(bell);
  }

  /** `listener` gets what was rung along; nothing for most bells. */
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
      void client.end().catch(() => undefined);
      if (!this.closed) setTimeout(() => void this.listen(url), 500).unref();
    };
    client.on('error', again);
    client.on('end', again);
    client.on('notification', ({ channel, payload }) => this.bells.emit(channel, payload ?? ''));
    try {
      await client.connect();
      for (const bell of BELLS) await client.query(`LISTEN ${bell}`);
      this.client = client;
      if (this.closed) await client.end();
    } catch {
      again();
    }
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.client?.end().catch(() => undefined);
    for (const bell of BELLS) this.bells.emit(bell);
  }
}
