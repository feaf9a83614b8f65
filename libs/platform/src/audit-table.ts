import type pg from 'pg';
import { DomainError } from './domain.js';
import type { Doorbell } from './doorbell.js';
import { comparePositions, type Position, type StoredEvent } from './event-store.js';
import { PostgresEventsTable } from './postgres-events-table.js';

/** How long a reader waits for the table to come as far as the log. */
const WAIT_MS = 5_000;
const LOOK_MS = 100;

/** The copy of another engine's log in PostgreSQL, for everything that asks across streams. */
export class AuditTable {
  readonly events: PostgresEventsTable;

  constructor(
    private readonly pool: pg.Pool,
    private readonly doorbell: Doorbell,
    private readonly waitMs = WAIT_MS,
  ) {
    this.events = new PostgresEventsTable(pool, 'audit');
  }

  /**
   * Copies the events that follow a position, in one transaction.
   * @returns where the table ends now; where it did not end at `after`, nothing was copied
   */
  async append(storeId: string, after: Position, events: readonly StoredEvent[]): Promise<Position> {
    const { rows } = await this.pool.query<{ position: Position }>('SELECT audit.append($1, $2, $3::jsonb)::text AS position', [
      storeId,
      after,
      JSON.stringify(events),
    ]);
    return rows[0]!.position;
  }

  /**
   * Waits until the table holds everything up to `until`, or where that is absent or lies beyond it, up to the log's end.
   * @throws DomainError unavailable rather than let anybody read what is incomplete
   */
  async reach(headOfLog: () => Promise<Position>, until?: Position): Promise<void> {
    if (until !== undefined && comparePositions(await this.events.head(), until) >= 0) return;
    const head = await headOfLog();
    const wanted = until !== undefined && comparePositions(until, head) < 0 ? until : head;
    for (const deadline = Date.now() + this.waitMs; ;) {
      const rung = this.doorbell.next('countersign_events', LOOK_MS);
      if (comparePositions(await this.events.head(), wanted) >= 0) return;
      if (Date.now() > deadline)
        throw new DomainError('unavailable', 'The record of events is catching up. Repeat the request in a moment.', [], { retry_after: 2 });
      await rung;
    }
  }
}
