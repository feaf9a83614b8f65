import type pg from 'pg';
import { isUnstorable } from './database.js';
import type { Doorbell } from './doorbell.js';
import {
  EventIdConflict,
  WrongExpectedRevision,
  type AppendResult,
  type AuditFilter,
  type ChainReport,
  type EventStore,
  type ExpectedRevision,
  type NewStoredEvent,
  type Position,
  type StoredEvent,
} from './event-store.js';
import { PostgresEventsTable } from './postgres-events-table.js';

interface PendingAppend {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewStoredEvent[];
  readonly settle: (outcome: Outcome) => void;
  readonly fail: (error: unknown) => void;
}

type Outcome = AppendResult | { error: 'wrong_revision'; current: number } | { error: 'event_id_conflict' };

/** Most requests that share one commit: bounds how long the ordering lock is held. */
const MAX_BATCH = 128;
const PAGE = 500;
/** How long a follower waits before it looks again without having been rung for. */
const POLL_MS = 1_000;

/** The event log in PostgreSQL. Appends that arrive while a commit is under way share the next one, each with its own outcome. */
export class PostgresEventStore implements EventStore {
  private waiting: PendingAppend[] = [];
  private committing = false;
  private readonly table: PostgresEventsTable;

  constructor(
    private readonly pool: pg.Pool,
    private readonly doorbell: Doorbell,
  ) {
    this.table = new PostgresEventsTable(pool, 'event_log');
  }

  async storeId(): Promise<string> {
    return (await this.table.storeId())!;
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewStoredEvent[]): Promise<AppendResult> {
    if (events.length === 0) throw new Error('an append needs at least one event');
    const outcome = await new Promise<Outcome>((settle, fail) => {
      this.waiting.push({ stream, expected, events, settle, fail });
      if (!this.committing) void this.commitWaiting();
    });
    if (!('error' in outcome)) return outcome;
    if (outcome.error === 'wrong_revision') throw new WrongExpectedRevision(stream, expected, outcome.current);
    throw new EventIdConflict(stream);
  }

  private async commitWaiting(): Promise<void> {
    this.committing = true;
    while (this.waiting.length > 0) await this.commit(this.waiting.splice(0, MAX_BATCH));
    this.committing = false;
  }

  /** One commit for all. Where the database cannot store what one of them brings, each goes by itself, so that only that one fails. */
  private async commit(batch: readonly PendingAppend[]): Promise<void> {
    try {
      const outcomes = await this.send(batch);
      batch.forEach((request, index) => request.settle(outcomes[index]!));
      this.doorbell.ring('countersign_events');
    } catch (error) {
      if (batch.length > 1 && isUnstorable(error)) for (const request of batch) await this.commit([request]);
      else for (const request of batch) request.fail(error);
    }
  }

  private async send(batch: readonly PendingAppend[]): Promise<Outcome[]> {
    const requests = batch.map(({ stream, expected, events }) => ({ stream, expected, events }));
    const { rows } = await this.pool.query<{ outcomes: Outcome[] }>('SELECT event_log.append($1::jsonb) AS outcomes', [JSON.stringify(requests)]);
    return rows[0]!.outcomes;
  }

  async readStream(stream: string, fromRevision = 0): Promise<StoredEvent[]> {
    return this.table.readStream(stream, fromRevision);
  }

  async readProject(projectId: string, after: Position, limit: number, until?: Position): Promise<StoredEvent[]> {
    return this.table.readProject(projectId, after, limit, until);
  }

  async readAll(after: Position, limit: number): Promise<StoredEvent[]> {
    return this.table.readAll(after, limit);
  }

  async query(filter: AuditFilter): Promise<StoredEvent[]> {
    return this.table.query(filter);
  }

  async head(): Promise<Position> {
    return this.table.head();
  }

  async subscribe(after: Position, signal: AbortSignal, onEvents: (events: StoredEvent[]) => Promise<void>): Promise<void> {
    let position = after;
    let rung: Promise<void> | undefined;
    while (!signal.aborted) {
      rung ??= this.doorbell.next('countersign_events', POLL_MS, signal);
      const events = await this.readAll(position, PAGE);
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
}
