import { Logger } from '@nestjs/common';
import type { AuditTable } from './audit-table.js';
import type { Doorbell } from './doorbell.js';
import { comparePositions, type EventStore, type Position, type StoredEvent } from './event-store.js';
import { backOff } from './eventstoredb-connection.js';

/** Most that one transaction copies. */
const MOST_BYTES = 8 * 1024 * 1024;

/**
 * Keeps the audit table up with the log. Any number of processes may do so: each batch says where the table must end for it
 * to fit, and whoever finds it elsewhere goes on from there.
 */
export class AuditWriter {
  private readonly logger = new Logger('Audit');
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;

  constructor(
    private readonly store: EventStore,
    private readonly table: AuditTable,
    private readonly doorbell: Doorbell,
  ) {}

  /** @throws Error where the table is the copy of another log */
  async start(): Promise<void> {
    const storeId = await this.store.storeId();
    const known = await this.table.events.storeId();
    if (known !== null && known !== storeId)
      throw new Error(
        'the audit table in this database follows another event log; set EVENT_STORE_URL to the log it belongs to, or start with an empty database',
      );
    this.running = this.run(storeId);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(storeId: string): Promise<void> {
    const { signal } = this.stopping;
    for (let attempt = 0; !signal.aborted; attempt += 1) {
      try {
        let position = await this.table.events.head();
        await this.store.subscribe(position, signal, async (events) => {
          this.doorbell.ring('countersign_events');
          position = await this.copy(storeId, position, events);
          attempt = 0;
        });
      } catch (error) {
        if (signal.aborted) return;
        this.logger.warn(`the audit table cannot go on and will try again: ${(error as Error).message}`);
        await backOff(attempt, signal);
      }
    }
  }

  /** Copies the events, or what another writer has left of them. */
  private async copy(storeId: string, after: Position, events: readonly StoredEvent[]): Promise<Position> {
    let position = after;
    for (;;) {
      const left = events.filter((event) => comparePositions(event.position, position) > 0);
      if (left.length === 0) return position;
      const head = await this.table.append(storeId, position, firstOf(left));
      if (comparePositions(head, position) < 0) throw new Error(`the table ends at ${head}, before ${position}`);
      position = head;
    }
  }
}

function firstOf(events: readonly StoredEvent[]): StoredEvent[] {
  let bytes = 0;
  const fitting = events.filter(({ data, metadata }) => (bytes += data.length + metadata.length) <= MOST_BYTES);
  return fitting.length > 0 ? fitting : events.slice(0, 1);
}
