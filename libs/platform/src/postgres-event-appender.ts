import type pg from 'pg';
import { isUnstorable } from './database.js';
import type { AppendResult, ExpectedRevision, NewStoredEvent, StoredEvent } from './event-store.js';
import { WrittenEvent } from './written-event.js';

/** `repeated`: it was on record already. */
export type AppendOutcome = (AppendResult & { repeated?: true }) | { error: 'wrong_revision'; current: number } | { error: 'event_id_conflict' };

interface Request {
  readonly stream: string;
  readonly expected: ExpectedRevision;
  readonly events: readonly NewStoredEvent[];
}

interface PendingAppend extends Request {
  readonly settle: (outcome: AppendOutcome) => void;
  readonly fail: (error: unknown) => void;
}

/** Most requests that share one commit: bounds how long the ordering lock is held. */
const MAX_BATCH = 128;
/** Fewer than this are not worth a second commit under way. */
const MIN_BESIDE = 16;

/** More than the column holds. */
const MOST_REVISIONS = 2 ** 31;

/** An append that has one id twice, or another's of the same moment. */
const isDoubledId = (error: unknown): boolean => (error as { constraint?: unknown } | null)?.constraint === 'events_event_id_key';

/**
 * Appends that arrive while a commit is under way share the next one, each with its own outcome. Under load two commits are
 * under way: while the database waits for the disk with the one, this process and the database prepare the other.
 */
export class PostgresEventAppender {
  private waiting: PendingAppend[] = [];
  private readonly underWay = new Set<readonly PendingAppend[]>();
  private due = false;

  constructor(
    private readonly pool: pg.Pool,
    private readonly on: {
      /** Before those who appended hear of it. */
      readonly written: (events: readonly StoredEvent[]) => void;
      /** After them. */
      readonly committed: () => void;
    },
  ) {}

  append(stream: string, expected: ExpectedRevision, events: readonly NewStoredEvent[]): Promise<AppendOutcome> {
    return new Promise((settle, fail) => {
      this.waiting.push({ stream, expected, events, settle, fail });
      // What the same turn of the event loop brings goes together.
      if (!this.due) setImmediate(() => this.commitWaiting());
      this.due = true;
    });
  }

  private commitWaiting(): void {
    this.due = false;
    for (let size = this.nextSize(); size > 0; size = this.nextSize()) {
      const batch = this.take(size);
      this.underWay.add(batch);
      void this.commit(batch).finally(() => {
        this.underWay.delete(batch);
        this.commitWaiting();
      });
    }
  }

  /** How many requests to send now; beside a commit that is under way only as many as that has, so that the two take turns. */
  private nextSize(): number {
    const [first, second] = this.underWay;
    if (second) return 0;
    const waiting = Math.min(this.waiting.length, MAX_BATCH);
    if (first) return waiting >= Math.max(MIN_BESIDE, first.length) ? waiting : 0;
    return waiting >= 2 * MIN_BESIDE ? Math.ceil(waiting / 2) : waiting;
  }

  /** The first that wait, each stream once: who follows in the same stream waits for the outcome. */
  private take(size: number): PendingAppend[] {
    const batch: PendingAppend[] = [];
    const later: PendingAppend[] = [];
    const streams = new Set<string>();
    for (const request of this.waiting) {
      if (batch.length >= size || streams.has(request.stream)) later.push(request);
      else batch.push(request);
      streams.add(request.stream);
    }
    this.waiting = later;
    return batch;
  }

  /** One commit for all. Where the database cannot store what one of them brings, each goes by itself, so that only that one fails. */
  private async commit(batch: readonly PendingAppend[]): Promise<void> {
    try {
      const outcomes = await this.send(batch);
      const events = batch.flatMap((request, index) => written(request, outcomes[index]!));
      if (events.length > 0) this.on.written(events);
      // Who appended goes on before those who follow.
      batch.forEach((request, index) => request.settle(outcomes[index]!));
      this.on.committed();
    } catch (error) {
      if (batch.length > 1 && isUnstorable(error)) for (const request of batch) await this.commit([request]);
      else if (isDoubledId(error)) batch[0]!.settle({ error: 'event_id_conflict' });
      else for (const request of batch) request.fail(error);
    }
  }

  private async send(batch: readonly PendingAppend[]): Promise<AppendOutcome[]> {
    const alone = batch.length === 1 ? await this.sendOne(batch[0]!) : null;
    if (alone) return [alone];
    const { rows: answers } = await this.pool.query<{ outcomes: AppendOutcome[] }>({
      name: 'append',
      text: 'SELECT event_log.append($1::jsonb) AS outcomes',
      values: [appendArgument(batch)],
    });
    return answers[0]!.outcomes;
  }

  /** The quick way of one event at an exact revision; null where nothing was appended, and it takes the other way to find out why. */
  private async sendOne({ stream, expected, events: [event, ...more] }: Request): Promise<AppendOutcome | null> {
    const revision = expected === 'no_stream' ? 0 : Number(expected) + 1;
    if (!event || more.length > 0 || !(revision >= 0 && revision < MOST_REVISIONS)) return null;
    const { event_id, type, version, project_id, correlation_id, causation_id, actor, timestamp, metadata, data } = event;
    try {
      const { rows } = await this.pool.query<{ position: string | null }>({
        name: 'append one',
        text: 'SELECT event_log.append_one($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) AS position',
        values: [stream, revision, event_id, type, version, project_id, correlation_id, causation_id, actor, timestamp, metadata, data],
      });
      const { position } = rows[0]!;
      if (position === null) return null;
      return position.startsWith('-') ? { error: 'wrong_revision', current: -2 - Number(position) } : { position, revision };
    } catch (error) {
      if (isDoubled(error)) return null;
      throw error;
    }
  }
}

/** A value of a row that is there already. */
const isDoubled = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === '23505';

/** What the SQL function event_log.append takes: JSON, one object an event. */
export const appendArgument = (requests: readonly Request[]): string =>
  JSON.stringify(
    requests.flatMap(({ stream, expected, events }, request) =>
      events.map((event, place) => ({ request, last: place === events.length - 1, stream, expected, ...event })),
    ),
  );

/** The events of an append as they are read back; none where nothing was written. */
function written({ stream, events }: Request, outcome: AppendOutcome): StoredEvent[] {
  if ('error' in outcome || outcome.repeated) return [];
  // An append's positions follow on each other.
  const first = BigInt(outcome.position) - BigInt(events.length - 1);
  return events.map((event, index) => new WrittenEvent(event, stream, String(first + BigInt(index)), outcome.revision - (events.length - 1) + index));
}
