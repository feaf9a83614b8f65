/**
 * The event store port. Adapters move text: they neither parse nor encrypt an event's data. Positions rise strictly in
 * commit order, are decimal strings, and are compared, never counted or subtracted.
 */

export type Position = string;
export const START: Position = '0';

/** Compares two positions: negative, 0 or positive. */
export const comparePositions = (a: Position, b: Position): number => (a.length === b.length ? (a < b ? -1 : a > b ? 1 : 0) : a.length - b.length);

export const laterPosition = (a: Position, b: Position): Position => (comparePositions(a, b) >= 0 ? a : b);

/** The revision a stream must have: that of its last event (the first event has 0), or one of three conditions. */
export type ExpectedRevision = number | 'no_stream' | 'stream_exists' | 'any';

export interface NewStoredEvent {
  readonly event_id: string;
  readonly type: string;
  readonly version: number;
  readonly project_id: string | null;
  readonly correlation_id: string;
  readonly causation_id: string;
  readonly actor: string;
  /** ISO 8601 UTC. */
  readonly timestamp: string;
  /** JSON text without line breaks; stored byte for byte. */
  readonly data: string;
  readonly metadata: string;
}

export interface StoredEvent extends NewStoredEvent {
  readonly position: Position;
  readonly stream: string;
  readonly revision: number;
}

export interface AppendResult {
  /** Position and revision of the last event appended. */
  readonly position: Position;
  readonly revision: number;
}

export interface ChainReport {
  readonly chain: 'log' | 'project';
  readonly project_id: string | null;
  readonly ok: boolean;
  readonly events: number;
  /** SHA-256 of the last link, hex; null for an empty chain. */
  readonly head: string | null;
  /** First position that does not match, and why. */
  readonly mismatch: { readonly position: Position; readonly reason: string } | null;
}

export interface EventStore {
  /** Identity of this log; checkpoints remember it, so that a process never goes on with another log's positions. */
  storeId(): Promise<string>;
  /**
   * Appends all events or none. Repeating an append (same event ids, same bytes) answers what the first one answered.
   * @throws WrongExpectedRevision when the stream has moved on
   * @throws EventIdConflict when an event id is already used for something else
   */
  append(stream: string, expected: ExpectedRevision, events: readonly NewStoredEvent[]): Promise<AppendResult>;
  /** Events of one stream from a revision on, in order; empty where the stream does not exist. */
  readStream(stream: string, fromRevision?: number): Promise<StoredEvent[]>;
  /**
   * A stream as far as this process has seen the log, from memory; null where it is not known as a whole. It may have gone on
   * elsewhere: for who would notice, because an append at its revision fails, or who asks for no more than this process knows.
   */
  recentStream?(stream: string): readonly StoredEvent[] | null;
  /** One project's history across its streams, in order of position, after `after` and up to `until` where given. */
  readProject(projectId: string, after: Position, limit: number, until?: Position): Promise<StoredEvent[]>;
  /** The whole log after a position, in order. */
  readAll(after: Position, limit: number): Promise<StoredEvent[]>;
  /** The same for who comes back for more: a page may end before the log does, but is never empty before that. */
  readNext?(after: Position, limit: number): Promise<StoredEvent[]>;
  /** Position of the last event, `START` for an empty log. */
  head(): Promise<Position>;
  /** Follows the log until the signal aborts: every event after `after`, once, in order, in batches. */
  subscribe(after: Position, signal: AbortSignal, onEvents: (events: StoredEvent[]) => Promise<void>): Promise<void>;
  /** Checks the log's hash chain and those of the given projects. */
  verify(projectIds: readonly string[]): Promise<ChainReport[]>;
}

export const EVENT_STORE = Symbol('EventStore');

export class WrongExpectedRevision extends Error {
  constructor(
    readonly stream: string,
    readonly expected: ExpectedRevision,
    /** -1 where the stream does not exist. */
    readonly current: number,
  ) {
    super(`stream ${stream}: expected revision ${expected}, found ${current}`);
    this.name = 'WrongExpectedRevision';
  }
}

export class EventIdConflict extends Error {
  constructor(readonly stream: string) {
    super(`stream ${stream}: an event with this id and another content is already on record`);
    this.name = 'EventIdConflict';
  }
}
