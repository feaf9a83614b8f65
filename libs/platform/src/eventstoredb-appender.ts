import { MaxAppendSizeExceededError, WrongExpectedVersionError } from '@eventstore/db-client';
import { EventIdConflict, WrongExpectedRevision, type AppendResult, type ExpectedRevision, type NewStoredEvent } from './event-store.js';
import { backOff, EventStoreUnavailable, isAnswer, type EventStoreDbConnection } from './eventstoredb-connection.js';
import { toProposed } from './eventstoredb-events.js';
import { sha256 } from './ids.js';
import { Slots } from './slots.js';
import type { KnownEvent, StreamMemory } from './stream-memory.js';

/** Appends under way at a time: each is a call of its own, and a connection takes 100, of which reads and subscriptions need some. */
const AT_A_TIME = 64;

/**
 * Appends under the exact revision to which the stream is known, whatever was asked for, and takes the log's word alone for
 * what came of it: after an answer, a refusal or none at all the stream is read on, and the events are there or not. So an
 * append that was answered to nobody is found, and sending it again cannot store it twice.
 */
export class EventStoreDbAppender {
  private readonly slots = new Slots(AT_A_TIME);
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(
    private readonly connection: EventStoreDbConnection,
    private readonly memory: StreamMemory,
    /** Reads a stream on and remembers what it finds. */
    private readonly readStream: (stream: string, fromRevision: number) => Promise<unknown>,
  ) {}

  /** One append to a stream after the other: those of one process need not compete. */
  async append(stream: string, expected: ExpectedRevision, events: readonly NewStoredEvent[]): Promise<AppendResult> {
    if (events.length === 0) throw new Error('an append needs at least one event');
    const before = this.turns.get(stream) ?? Promise.resolve();
    const mine = before.then(() => this.slots.use(() => this.settle(stream, expected, events)));
    const done = mine.catch(() => undefined);
    this.turns.set(stream, done);
    try {
      return await mine;
    } finally {
      if (this.turns.get(stream) === done) this.turns.delete(stream);
    }
  }

  private async settle(stream: string, expected: ExpectedRevision, events: readonly NewStoredEvent[]): Promise<AppendResult> {
    const deadline = Date.now() + this.connection.times.patienceMs;
    let unanswered: unknown;
    for (let attempt = 0; ; attempt += 1) {
      let known = this.memory.of(stream);
      // What was seen last is good enough to begin with: the server refuses where the stream has gone on.
      if (attempt > 0 || !fits(expected, known.length - 1)) {
        await this.readStream(stream, known.length);
        known = this.memory.of(stream);
      }
      const settled = onRecord(stream, known, events);
      if (settled) return settled;
      refuse(stream, expected, known, events);
      if (Date.now() > deadline) throw new EventStoreUnavailable(unanswered ?? new Error('others were always faster'));
      try {
        await this.send(stream, known.length - 1, events);
      } catch (error) {
        if (error instanceof WrongExpectedVersionError) unanswered = undefined;
        else if (error instanceof MaxAppendSizeExceededError)
          throw new Error(`these events of ${stream} are more than the event store takes at once`, { cause: error });
        else if (isAnswer(error)) throw error;
        else {
          unanswered = error;
          await backOff(attempt);
        }
      }
    }
  }

  private send(stream: string, revision: number, events: readonly NewStoredEvent[]): Promise<unknown> {
    return this.connection.attempt((client) =>
      client.appendToStream(stream, events.map(toProposed), {
        expectedRevision: revision < 0 ? 'no_stream' : BigInt(revision),
        requiresLeader: true,
        deadline: this.connection.times.callMs,
      }),
    );
  }
}

/**
 * What a repeated append answers; null where the stream does not have its first event.
 * @throws EventIdConflict where the ids stand for something else
 */
function onRecord(stream: string, known: readonly KnownEvent[], events: readonly NewStoredEvent[]): AppendResult | null {
  const start = known.findLastIndex(({ event_id }) => event_id === events[0]!.event_id);
  if (start === -1) return null;
  const recorded = known.slice(start, start + events.length);
  const same = events.every(({ event_id, type, data }, index) => {
    const there = recorded[index];
    return there?.event_id === event_id && there.type === type && there.data_sha256 === sha256(data);
  });
  if (!same) throw new EventIdConflict(stream);
  const { position, revision } = recorded.at(-1)!;
  return { position, revision };
}

function fits(expected: ExpectedRevision, revision: number): boolean {
  if (expected === 'any') return true;
  if (expected === 'no_stream') return revision === -1;
  return expected === 'stream_exists' ? revision >= 0 : expected === revision;
}

function refuse(stream: string, expected: ExpectedRevision, known: readonly KnownEvent[], events: readonly NewStoredEvent[]): void {
  if (!fits(expected, known.length - 1)) throw new WrongExpectedRevision(stream, expected, known.length - 1);
  const ids = new Set(events.map(({ event_id }) => event_id));
  if (ids.size < events.length || known.some(({ event_id }) => ids.has(event_id))) throw new EventIdConflict(stream);
}
