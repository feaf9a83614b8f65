import type pg from 'pg';
import type { Doorbell } from './doorbell.js';
import {
  EventIdConflict,
  WrongExpectedRevision,
  type AppendResult,
  type ChainReport,
  type EventStore,
  type ExpectedRevision,
  type NewStoredEvent,
  type Position,
  type StoredEvent,
} from './event-store.js';
import { PostgresEventAppender } from './postgres-event-appender.js';
import { PostgresEventsTable } from './postgres-events-table.js';
import { RecentEvents } from './recent-events.js';

const PAGE = 500;
/** How long a follower waits before it looks again without having been rung for. */
const POLL_MS = 1_000;

/** The event log in PostgreSQL. */
export class PostgresEventStore implements EventStore {
  private readonly appender: PostgresEventAppender;
  private readonly table: PostgresEventsTable;
  private readonly recent = new RecentEvents();

  constructor(
    pool: pg.Pool,
    private readonly doorbell: Doorbell,
  ) {
    this.appender = new PostgresEventAppender(pool, {
      written: (events) => this.recent.add(events),
      committed: () => doorbell.announce('countersign_events'),
    });
    this.table = new PostgresEventsTable(pool, 'event_log');
  }

  async storeId(): Promise<string> {
    return (await this.table.storeId())!;
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewStoredEvent[]): Promise<AppendResult> {
    if (events.length === 0) throw new Error('an append needs at least one event');
    const outcome = await this.appender.append(stream, expected, events);
    if (!('error' in outcome)) {
      this.recent.sawUpTo(outcome.position);
      return { position: outcome.position, revision: outcome.revision };
    }
    if (outcome.error === 'wrong_revision') throw new WrongExpectedRevision(stream, expected, outcome.current);
    throw new EventIdConflict(stream);
  }

  async readStream(stream: string, fromRevision = 0): Promise<StoredEvent[]> {
    return this.saw(await this.table.readStream(stream, fromRevision));
  }

  recentStream(stream: string): readonly StoredEvent[] | null {
    return this.recent.stream(stream);
  }

  async readProject(projectId: string, after: Position, limit: number, until?: Position): Promise<StoredEvent[]> {
    return this.saw(await this.table.readProject(projectId, after, limit, until));
  }

  async readAll(after: Position, limit: number): Promise<StoredEvent[]> {
    return this.saw(await this.table.readAll(after, limit));
  }

  async readNext(after: Position, limit: number): Promise<StoredEvent[]> {
    const known = this.recent.after(after, limit);
    return known !== null && known.length > 0 ? known : this.readAll(after, limit);
  }

  async head(): Promise<Position> {
    const position = await this.table.head();
    this.recent.sawUpTo(position);
    return position;
  }

  async subscribe(after: Position, signal: AbortSignal, onEvents: (events: StoredEvent[]) => Promise<void>): Promise<void> {
    let position = after;
    let rung: Promise<void> | undefined;
    let heard = -1;
    let looked = -Infinity;
    while (!signal.aborted) {
      rung ??= this.doorbell.next('countersign_events', POLL_MS, signal);
      let events = this.recent.after(position, PAGE);
      // What this process has written is known here; what others wrote they ring for, and it is looked for now and then.
      if (events === null || (events.length === 0 && (this.doorbell.heard !== heard || performance.now() - looked >= 0.9 * POLL_MS))) {
        heard = this.doorbell.heard;
        looked = performance.now();
        events = await this.readAll(position, PAGE);
      }
      if (events.length === 0) {
        await rung;
        rung = undefined;
        continue;
      }
      await onEvents(events);
      position = events.at(-1)!.position;
    }
  }

  verify(projectIds: readonly string[]): Promise<ChainReport[]> {
    return this.table.verify(projectIds);
  }

  private saw(events: StoredEvent[]): StoredEvent[] {
    const last = events.at(-1);
    if (last) this.recent.sawUpTo(last.position);
    return events;
  }
}
