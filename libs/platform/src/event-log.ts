import type { DomainEvent } from './domain.js';
import { UnreadableEvent, type EventCodec } from './event-codec.js';
import type { EventMetadata, ForkedFrom, RecordedEvent } from './recorded-event.js';
import { START, type AppendResult, type EventStore, type ExpectedRevision, type Position, type StoredEvent } from './event-store.js';
import { stableId } from './ids.js';

/** An event at its place in the log, as far as it was asked for. */
export interface LogEntry {
  readonly stored: StoredEvent;
  /** Null where its type was not asked for, or where it cannot be read. */
  readonly event: RecordedEvent | null;
  readonly unreadable: UnreadableEvent | null;
  /** Of the event that ends the making of a fork: what was copied for it, which counts from here on. */
  readonly copies?: readonly LogEntry[];
}

/** How a page is read. */
export interface PageReading {
  /** The event types to read; all where left out. */
  readonly types?: ReadonlySet<string>;
  /** For folds: what people wrote stays sealed (see `openWords`). */
  readonly sealed?: boolean;
  /** What is copied for a fork where it stands; without, it comes with the event that completes the fork. */
  readonly copiesInPlace?: boolean;
}

/** An event that is copied: with an id and metadata of its own. */
export interface EventCopy extends DomainEvent {
  readonly event_id: string;
  readonly metadata: EventMetadata & { readonly forked_from: ForkedFrom };
}

/** The event with which a fork is complete. Until then read models pass over what is copied for it, and then take it in as a whole. */
const FORKED = 'project.forked';
const PAGE_OF_COPIES = 500;

/** Only metadata has this name, and nothing that a person wrote is in it. */
const isCopy = (stored: StoredEvent): boolean => stored.metadata.includes('"forked_from":');

/** The log as the application uses it: the event store behind its codec. */
export class EventLog {
  constructor(
    readonly store: EventStore,
    private readonly codec: EventCodec,
  ) {}

  /**
   * Appends a command's events. Event ids derive from command and place, so that repeating the append changes nothing.
   * @throws WrongExpectedRevision, EventIdConflict
   */
  async append(stream: string, expected: ExpectedRevision, events: readonly DomainEvent[], metadata: EventMetadata): Promise<AppendResult> {
    const encoded = await Promise.all(events.map((event, index) => this.codec.encode(event, stableId(metadata.command_id, stream, index), metadata)));
    return this.store.append(stream, expected, encoded);
  }

  /** What is read of an event once it has been appended. */
  asRead<E extends DomainEvent>(event: E): E {
    return this.codec.asRead(event) as E;
  }

  /**
   * Appends copies of events, as the versions that are written today. Repeating it changes nothing.
   * @throws WrongExpectedRevision, EventIdConflict
   */
  async appendCopies(stream: string, expected: ExpectedRevision, copies: readonly EventCopy[]): Promise<AppendResult> {
    const encoded = await Promise.all(copies.map(({ type, data, event_id, metadata }) => this.codec.encode({ type, data }, event_id, metadata)));
    return this.store.append(stream, expected, encoded);
  }

  async readStream<E extends DomainEvent>(stream: string): Promise<RecordedEvent<E>[]> {
    return this.decode<E>(await this.store.readStream(stream));
  }

  /** Like {@link readStream}, as far as this process has seen the log: what another one has appended since may be missing. */
  async readSeenStream<E extends DomainEvent>(stream: string): Promise<RecordedEvent<E>[]> {
    return (await this.recentStream<E>(stream)) ?? this.readStream<E>(stream);
  }

  /** The same, from memory; null where the stream is not known here. */
  async recentStream<E extends DomainEvent>(stream: string): Promise<RecordedEvent<E>[] | null> {
    const known = this.store.recentStream?.(stream);
    return known ? this.decode<E>(known) : null;
  }

  async readProject(projectId: string, after: Position, limit: number, until?: Position): Promise<RecordedEvent[]> {
    return this.decode(await this.store.readProject(projectId, after, limit, until));
  }

  /**
   * The log after a position, in order, up to the first event that cannot be read.
   * @throws UnreadableEvent where that is the very first one
   */
  async readAll(after: Position, limit: number): Promise<RecordedEvent[]> {
    return readable(await this.readPage(after, limit, { copiesInPlace: true })).map(({ event }) => event!);
  }

  /**
   * A page of the log after a position, in order. An event that cannot be read takes its place with the reason; one whose
   * type or version this program does not know also where other types were asked for.
   */
  async readPage(after: Position, limit: number, how: PageReading = {}): Promise<LogEntry[]> {
    return this.page(await this.store.readAll(after, limit), how);
  }

  /** Like {@link readPage}, for who comes back for more: a page may end before the log does, but is never empty before that. */
  async readNext(after: Position, limit: number, how: PageReading = {}): Promise<LogEntry[]> {
    return this.page(await (this.store.readNext?.(after, limit) ?? this.store.readAll(after, limit)), how);
  }

  /** Like {@link readPage}, of one project, up to and with `until`. */
  async readProjectPage(
    projectId: string,
    { after, until, limit }: { readonly after: Position; readonly until: Position; readonly limit: number },
    how: PageReading = {},
  ): Promise<LogEntry[]> {
    return this.page(await this.store.readProject(projectId, after, limit, until), how);
  }

  private async page(stored: readonly StoredEvent[], how: PageReading): Promise<LogEntry[]> {
    if (how.copiesInPlace) return this.entries(stored, how);
    const entries = await this.entries(stored, how, isCopy);
    if (!stored.some(({ type }) => type === FORKED)) return entries;
    return Promise.all(
      entries.map(async (entry) => (entry.stored.type === FORKED ? { ...entry, copies: await this.copiesFor(entry.stored, how) } : entry)),
    );
  }

  private async copiesFor({ project_id, position }: StoredEvent, how: PageReading): Promise<LogEntry[]> {
    const copies: LogEntry[] = [];
    for (let after = START; ;) {
      const page = await this.store.readProject(project_id!, after, PAGE_OF_COPIES, position);
      copies.push(...(await this.entries(page.filter(isCopy), how)));
      if (page.length < PAGE_OF_COPIES) return copies;
      after = page.at(-1)!.position;
    }
  }

  private async entries(
    stored: readonly StoredEvent[],
    { types, sealed = false }: PageReading,
    passed: (stored: StoredEvent) => boolean = () => false,
  ): Promise<LogEntry[]> {
    const now = stored.map((one) =>
      passed(one) ? { stored: one, event: null, unreadable: null } : types && !types.has(one.type) ? this.glance(one) : this.entryNow(one, sealed),
    );
    return now.includes(null) ? Promise.all(now.map(async (entry, place) => entry ?? this.entry(stored[place]!, sealed))) : (now as LogEntry[]);
  }

  /** Whether this program knows events of this type and version. */
  knows(event: Pick<StoredEvent, 'type' | 'version'>): boolean {
    return this.codec.knows(event);
  }

  private glance(stored: StoredEvent): LogEntry {
    return { stored, event: null, unreadable: this.codec.unknown(stored) };
  }

  /** Null where a key has to be waited for; most events need none, and a page has thousands. */
  private entryNow(stored: StoredEvent, sealed: boolean): LogEntry | null {
    try {
      const event = sealed ? this.codec.decodeSealedNow(stored) : this.codec.decodeNow(stored);
      return event && { stored, event, unreadable: null };
    } catch (error) {
      return unreadable(stored, error);
    }
  }

  private async entry(stored: StoredEvent, sealed: boolean): Promise<LogEntry> {
    try {
      return { stored, event: await (sealed ? this.codec.decodeSealed(stored) : this.codec.decode(stored)), unreadable: null };
    } catch (error) {
      return unreadable(stored, error);
    }
  }

  private decode<E extends DomainEvent>(events: readonly StoredEvent[]): Promise<RecordedEvent<E>[]> {
    return Promise.all(events.map((event) => this.codec.decode(event))) as Promise<RecordedEvent<E>[]>;
  }
}

/**
 * A page up to the first event that cannot be read.
 * @throws UnreadableEvent where that is the very first one
 */
export function readable(entries: readonly LogEntry[]): readonly LogEntry[] {
  const end = entries.findIndex(({ unreadable }) => unreadable !== null);
  if (end === 0) throw entries[0]!.unreadable!;
  return end < 0 ? entries : entries.slice(0, end);
}

/** @throws what is no matter of this event, such as a database that is not there */
function unreadable(stored: StoredEvent, error: unknown): LogEntry {
  if (error instanceof UnreadableEvent) return { stored, event: null, unreadable: error };
  throw error;
}
