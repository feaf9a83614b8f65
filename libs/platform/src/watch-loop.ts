import type { Bell, Doorbell } from './doorbell.js';
import { pause } from './pause.js';

/** However often the bell rings, a look is begun at most this often. */
const REST_MS = 100;

/** Looks for work whenever a bell rings, and every so often in case one was lost: one look after the other, until it is stopped. */
export class WatchLoop {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  /** @param everyMs longest time between two looks, and the time until the next one after a look that failed */
  constructor(
    private readonly doorbell: Doorbell,
    private readonly bell: Bell,
    private readonly everyMs: number,
  ) {}

  /** Aborts once the loop is being stopped. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /** @param failed told what a look failed with, unless the loop is being stopped */
  start(look: () => Promise<void>, failed: (error: Error) => void): void {
    this.running = this.run(look, failed);
  }

  /** Resolves when the present look has ended. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(look: () => Promise<void>, failed: (error: Error) => void): Promise<void> {
    const { signal } = this;
    while (!signal.aborted) {
      // Listens before it looks, so that nothing is slept through.
      const rung = this.doorbell.next(this.bell, this.everyMs, signal);
      const rested = pause(REST_MS, signal);
      try {
        await look();
        await Promise.all([rung, rested]);
      } catch (error) {
        if (signal.aborted) return;
        failed(error as Error);
        await pause(this.everyMs, signal);
      }
    }
  }
}
