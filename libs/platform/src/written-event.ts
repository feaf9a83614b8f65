import type { RecordedEvent } from './recorded-event.js';
import type { NewStoredEvent, Position, StoredEvent } from './event-store.js';

/** An event that this process has appended, as it is read back. All who follow the log here get the same one, and share what was made of it. */
export class WrittenEvent implements StoredEvent {
  readonly event_id: string;
  readonly type: string;
  readonly version: number;
  readonly project_id: string | null;
  readonly correlation_id: string;
  readonly causation_id: string;
  readonly actor: string;
  readonly timestamp: string;
  readonly data: string;
  readonly metadata: string;
  #decoded: RecordedEvent | null | undefined;

  constructor(
    event: NewStoredEvent,
    readonly stream: string,
    readonly position: Position,
    readonly revision: number,
  ) {
    this.event_id = event.event_id.toLowerCase();
    this.type = event.type;
    this.version = event.version;
    this.project_id = event.project_id?.toLowerCase() ?? null;
    this.correlation_id = event.correlation_id.toLowerCase();
    this.causation_id = event.causation_id.toLowerCase();
    this.actor = event.actor;
    this.timestamp = new Date(event.timestamp).toISOString();
    this.data = event.data;
    this.metadata = event.metadata;
  }

  /** What `decode` makes of it, made once: it holds nothing that has to be forgotten when a key is deleted. */
  once(decode: () => RecordedEvent | null): RecordedEvent | null {
    return (this.#decoded ??= decode());
  }
}
