import { Logger } from '@nestjs/common';
import { excludeSystemEvents, type AllStreamResolvedEvent } from '@eventstore/db-client';
import { comparePositions, type Position, type StoredEvent } from './event-store.js';
import { backOff, type EventStoreDbConnection } from './eventstoredb-connection.js';
import { fromPosition, toStoredEvent } from './eventstoredb-events.js';

type OnEvents = (events: StoredEvent[]) => Promise<void>;

const logger = new Logger('EventStoreDB');

/** Events taken over from the client before it has to wait. */
const MOST_HELD = 500;

/**
 * Follows the whole log until the signal aborts. The client's subscription ends with the connection; a new one then begins
 * behind the last event that was handed over, so that none is missing and none comes twice.
 */
export async function followLog(connection: EventStoreDbConnection, after: Position, signal: AbortSignal, onEvents: OnEvents): Promise<void> {
  let position = after;
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    const before = position;
    const refused = await connection
      .hold(async (client) => {
        const filter = excludeSystemEvents();
        const subscription = client.subscribeToAll({ fromPosition: fromPosition(position), filter });
        const arriving = new Arriving(subscription, signal);
        try {
          for (let batch = await arriving.next(); batch; batch = await arriving.next()) {
            const events = batch
              .map(toStoredEvent)
              .filter((event) => event !== null && comparePositions(event.position, position) > 0) as StoredEvent[];
            if (events.length === 0) continue;
            try {
              await onEvents(events);
            } catch (error) {
              return { error };
            }
            position = events.at(-1)!.position;
          }
        } finally {
          arriving.stop();
          void subscription.unsubscribe().catch(() => undefined);
        }
        return null;
      })
      // What ended the subscription is no reason to give up: another one is begun.
      .catch((error: unknown) => {
        if (attempt === 0) logger.warn(`following the log was interrupted and goes on: ${(error as Error).message}`);
        return null;
      });
    if (refused) throw refused.error;
    if (position !== before) attempt = 0;
    if (!signal.aborted) await backOff(attempt, signal);
  }
}

interface Subscription {
  on(event: 'data', listener: (resolved: AllStreamResolvedEvent) => void): unknown;
  on(event: 'error' | 'end' | 'close', listener: (error?: Error) => void): unknown;
  pause(): unknown;
  resume(): unknown;
}

/** What a subscription brings, taken over batch by batch. */
class Arriving {
  private held: AllStreamResolvedEvent[] = [];
  private ended = false;
  private failure: Error | undefined;
  private wake: () => void = () => undefined;
  private readonly onAbort = () => this.wake();

  constructor(
    private readonly subscription: Subscription,
    private readonly signal: AbortSignal,
  ) {
    subscription.on('data', (resolved) => {
      this.held.push(resolved);
      if (this.held.length >= MOST_HELD) subscription.pause();
      this.wake();
    });
    const over = (error?: Error) => {
      this.ended = true;
      this.failure ??= error;
      this.wake();
    };
    for (const event of ['error', 'end', 'close'] as const) subscription.on(event, over);
    signal.addEventListener('abort', this.onAbort, { once: true });
  }

  /**
   * What has arrived, as soon as something has; null when the signal aborts.
   * @throws Error when the subscription has ended
   */
  async next(): Promise<AllStreamResolvedEvent[] | null> {
    while (!this.signal.aborted && !this.ended && this.held.length === 0) await new Promise<void>((resolve) => (this.wake = resolve));
    if (this.signal.aborted) return null;
    if (this.held.length === 0) throw this.failure ?? new Error('the subscription has ended');
    const batch = this.held;
    this.held = [];
    this.subscription.resume();
    return batch;
  }

  stop(): void {
    this.signal.removeEventListener('abort', this.onAbort);
  }
}
