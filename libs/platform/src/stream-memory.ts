import type { Position, StoredEvent } from './event-store.js';
import { sha256 } from './ids.js';

/** An event of a stream, as far as one must know it to recognise it. */
export interface KnownEvent {
  readonly event_id: string;
  readonly type: string;
  readonly data_sha256: string;
  readonly position: Position;
  readonly revision: number;
}

/** Most events remembered, over all streams. */
const MOST = 50_000;

/**
 * What a process has seen of its streams, each from its first event on without a gap. A stream only ever grows, so that what
 * was seen stays true; whoever needs to know how it goes on reads from there.
 */
export class StreamMemory {
  private readonly streams = new Map<string, KnownEvent[]>();
  private size = 0;

  constructor(private readonly most = MOST) {}

  of(stream: string): readonly KnownEvent[] {
    return this.streams.get(stream) ?? [];
  }

  /** Takes in what follows on what is known; the streams that were used least recently are forgotten. */
  remember(stream: string, events: readonly StoredEvent[]): void {
    const known = this.streams.get(stream) ?? [];
    for (const { event_id, type, data, position, revision } of events) {
      if (revision !== known.length) continue;
      known.push({ event_id, type, data_sha256: sha256(data), position, revision });
      this.size += 1;
    }
    this.streams.delete(stream);
    if (known.length > 0) this.streams.set(stream, known);
    for (const [oldest, forgotten] of this.streams) {
      if (this.size <= this.most || oldest === stream) break;
      this.streams.delete(oldest);
      this.size -= forgotten.length;
    }
  }
}
