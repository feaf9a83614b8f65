import type { DomainEvent } from './domain.js';
import type { EventCodec } from './event-codec.js';
import type { EventMetadata, RecordedEvent } from './recorded-event.js';
import type { AppendResult, AuditFilter, EventStore, ExpectedRevision, Position } from './event-store.js';
import { stableId } from './ids.js';

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

  async readStream<E extends DomainEvent>(stream: string): Promise<RecordedEvent<E>[]> {
    return this.decode<E>(await this.store.readStream(stream));
  }

  async readProject(projectId: string, after: Position, limit: number, until?: Position): Promise<RecordedEvent[]> {
    return this.decode(await this.store.readProject(projectId, after, limit, until));
  }

  async readAll(after: Position, limit: number): Promise<RecordedEvent[]> {
    return this.decode(await this.store.readAll(after, limit));
  }

  async query(filter: AuditFilter): Promise<RecordedEvent[]> {
    return this.decode(await this.store.query(filter));
  }

  private decode<E extends DomainEvent>(events: Parameters<EventCodec['decode']>[0][]): Promise<RecordedEvent<E>[]> {
    return Promise.all(events.map((event) => this.codec.decode(event))) as Promise<RecordedEvent<E>[]>;
  }
}
