import {
  BACKWARDS,
  END,
  FORWARDS,
  jsonEvent,
  StreamNotFoundError,
  WrongExpectedVersionError,
  type AllStreamResolvedEvent,
  type ReadPosition,
} from '@eventstore/db-client';
import type { AuditTable } from './audit-table.js';
import type { Doorbell } from './doorbell.js';
import {
  comparePositions,
  laterPosition,
  START,
  type AppendResult,
  type ChainReport,
  type EventStore,
  type ExpectedRevision,
  type NewStoredEvent,
  type Position,
  type StoredEvent,
} from './event-store.js';
import { EventStoreDbAppender } from './eventstoredb-appender.js';
import { backOff, EventStoreDbConnection, EventStoreUnavailable, type EventStoreDbTimes } from './eventstoredb-connection.js';
import { collect, fromPosition, toStoredEvent } from './eventstoredb-events.js';
import { followLog } from './eventstoredb-subscription.js';
import { eventDigest } from './hash-chain.js';
import { newId, UUID } from './ids.js';
import { StreamMemory } from './stream-memory.js';

const PAGE = 500;
/** A head is looked for among this many records, then among ever more. */
const FEW = 8;

export interface EventStoreDbOptions extends Partial<EventStoreDbTimes> {
  /** The stream that keeps the log's identity. */
  readonly identityStream?: string;
  /** The log begins behind this position: what stands before is another's. */
  readonly origin?: Position;
}

/**
 * The event log in EventStoreDB or KurrentDB. Streams and $all are read from there; what spans the streams of a project is
 * read from the audit table, as soon as that has come as far as the log.
 */
export class EventStoreDbEventStore implements EventStore {
  private readonly connection: EventStoreDbConnection;
  private readonly memory = new StreamMemory();
  private readonly appender: EventStoreDbAppender;
  private readonly identityStream: string;
  private readonly origin: Position;
  private identity: string | undefined;

  constructor(
    url: string,
    private readonly audit: AuditTable,
    private readonly doorbell: Doorbell,
    { callMs = 5_000, patienceMs = 10_000, identityStream = 'countersign-store', origin = START }: EventStoreDbOptions = {},
  ) {
    this.connection = new EventStoreDbConnection(url, { callMs, patienceMs });
    this.appender = new EventStoreDbAppender(this.connection, this.memory, (stream, from) => this.readStream(stream, from));
    this.identityStream = identityStream;
    this.origin = origin;
  }

  async storeId(): Promise<string> {
    const deadline = Date.now() + this.connection.times.patienceMs;
    for (let attempt = 0; this.identity === undefined; attempt += 1) {
      this.identity = await this.recordedIdentity();
      if (this.identity !== undefined) break;
      if (Date.now() > deadline) throw new EventStoreUnavailable(new Error('the log cannot be given an identity'));
      const named = jsonEvent({ type: 'countersign.store_named', data: { store_id: newId() } });
      // Whoever comes first names the log; an answer that was lost is read the next time round.
      await this.connection
        .attempt((client) => client.appendToStream(this.identityStream, named, { expectedRevision: 'no_stream', requiresLeader: true }))
        .catch((error: unknown) => (error instanceof WrongExpectedVersionError ? undefined : backOff(attempt)));
    }
    return this.identity;
  }

  private async recordedIdentity(): Promise<string | undefined> {
    const [first] = await this.readRecords(this.identityStream, 0, 1);
    if (!first) return undefined;
    const { store_id } = (first.event?.data ?? {}) as { store_id?: unknown };
    if (typeof store_id !== 'string' || !UUID.test(store_id))
      throw new Error(`the stream ${this.identityStream} of the event store does not hold the log's identity`);
    return store_id;
  }

  async append(stream: string, expected: ExpectedRevision, events: readonly NewStoredEvent[]): Promise<AppendResult> {
    const answer = await this.appender.append(stream, expected, events);
    this.doorbell.ring('countersign_events');
    return answer;
  }

  async readStream(stream: string, fromRevision = 0): Promise<StoredEvent[]> {
    const events = (await this.readRecords(stream, fromRevision)).map(toStoredEvent).filter((event) => event !== null);
    this.memory.remember(stream, events);
    return events;
  }

  private async readRecords(stream: string, fromRevision: number, maxCount?: number) {
    try {
      return await this.connection.read((client, signal) =>
        collect(
          client.readStream(stream, { fromRevision: BigInt(fromRevision), requiresLeader: true, ...(maxCount !== undefined && { maxCount }) }),
          signal,
        ),
      );
    } catch (error) {
      if (error instanceof StreamNotFoundError) return [];
      throw error;
    }
  }

  async readAll(after: Position, limit: number): Promise<StoredEvent[]> {
    const found: StoredEvent[] = [];
    let from: ReadPosition = fromPosition(laterPosition(after, this.origin));
    for (;;) {
      // The first record of a page is the one it was asked for behind.
      const count = Math.min(Math.max(limit - found.length, FEW), PAGE) + 1;
      const page = await this.readPage(from, count, FORWARDS);
      const last = found.at(-1)?.position ?? laterPosition(after, this.origin);
      found.push(...page.map(toStoredEvent).filter((event): event is StoredEvent => event !== null && comparePositions(event.position, last) > 0));
      if (found.length >= limit) return found.slice(0, limit);
      if (page.length < count) return found;
      from = page.at(-1)!.event!.position;
    }
  }

  async head(): Promise<Position> {
    let from: ReadPosition = END;
    for (let count = FEW; ; count = Math.min(count * 8, PAGE)) {
      const page = await this.readPage(from, count, BACKWARDS);
      const last = page.map(toStoredEvent).find((event) => event !== null);
      if (last) return comparePositions(last.position, this.origin) > 0 ? last.position : START;
      if (page.length < count) return START;
      from = page.at(-1)!.event!.position;
    }
  }

  private readPage(from: ReadPosition, maxCount: number, direction: typeof FORWARDS | typeof BACKWARDS): Promise<AllStreamResolvedEvent[]> {
    return this.connection.read((client, signal) =>
      collect(client.readAll({ fromPosition: from, maxCount, direction, requiresLeader: true }), signal),
    );
  }

  subscribe(after: Position, signal: AbortSignal, onEvents: (events: StoredEvent[]) => Promise<void>): Promise<void> {
    return followLog(this.connection, laterPosition(after, this.origin), signal, onEvents);
  }

  async readProject(projectId: string, after: Position, limit: number, until?: Position): Promise<StoredEvent[]> {
    await this.audit.reach(() => this.head(), until);
    return this.audit.events.readProject(projectId, after, limit, until);
  }

  /** Checks the chains of the audit table, and that it says what the log says. */
  async verify(projectIds: readonly string[]): Promise<ChainReport[]> {
    await this.audit.reach(() => this.head());
    const [whole, ...projects] = await this.audit.events.verify(projectIds);
    const difference = whole!.ok ? await this.difference() : null;
    return [difference === null ? whole! : { ...whole!, ok: false, mismatch: difference }, ...projects];
  }

  private async difference(): Promise<ChainReport['mismatch']> {
    for (let position = START; ;) {
      const copied = await this.audit.events.readAll(position, PAGE);
      if (copied.length === 0) return null;
      const recorded = await this.readAll(position, copied.length);
      const at = copied.findIndex((event, index) => !recorded[index] || !eventDigest(event).equals(eventDigest(recorded[index])));
      if (at >= 0) return { position: copied[at]!.position, reason: 'the audit table says something else than the event store' };
      position = copied.at(-1)!.position;
    }
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
