import { comparePositions, laterPosition, START, type Position, type StoredEvent } from './event-store.js';

/** Most events remembered, and most characters of their data. */
const MOST = 10_000;
const MOST_CHARACTERS = 8_000_000;
/** More commits than are under way at a time: what lies before them was written elsewhere. */
const MOST_AHEAD = 4;

/**
 * The end of the log as far as this process has written it without a gap. Where another process wrote in between, what was
 * remembered is forgotten and the database is asked. Only for a log whose positions have no gaps.
 */
export class RecentEvents {
  private events: StoredEvent[] = [];
  private characters = 0;
  /** What came in before what lies between it and the end. */
  private readonly ahead = new Map<bigint, readonly StoredEvent[]>();
  /** The streams whose first event is remembered. */
  private readonly streams = new Map<string, StoredEvent[]>();
  /** The log is known to reach this far: whoever has seen an event of it is not told less. */
  private seen: Position = START;

  /** Takes in what one commit has written, in order of position. */
  add(written: readonly StoredEvent[]): void {
    this.sawUpTo(written.at(-1)!.position);
    const first = BigInt(written[0]!.position);
    if (this.events.length > 0 && first <= this.end()) return;
    this.ahead.set(first, written);
    if (this.events.length === 0 || this.ahead.size > MOST_AHEAD) this.restart();
    for (let next = this.end() + 1n; this.ahead.has(next); next = this.end() + 1n) {
      this.push(this.ahead.get(next)!);
      this.ahead.delete(next);
    }
  }

  /** What follows a position; null where that is not known here, and empty where nothing is known to follow. */
  after(position: string, limit: number): StoredEvent[] | null {
    if (this.events.length === 0) return null;
    const index = Number(BigInt(position) - BigInt(this.events[0]!.position)) + 1;
    return index < 0 || index > this.events.length ? null : this.events.slice(index, index + limit);
  }

  /** Takes note of how far the log reaches at least. */
  sawUpTo(position: Position): void {
    this.seen = laterPosition(this.seen, position);
  }

  /**
   * A stream from its first event up to the end of what this process has seen of the log; null where that is not known here.
   * Another process may have gone on with it.
   */
  stream(name: string): readonly StoredEvent[] | null {
    const known = this.streams.get(name);
    return known && comparePositions(this.events.at(-1)!.position, this.seen) >= 0 ? known : null;
  }

  private end(): bigint {
    return BigInt(this.events.at(-1)!.position);
  }

  /** Somebody else has written in between: what lies furthest behind is the new beginning. */
  private restart(): void {
    const positions = [...this.ahead.keys()].sort((a, b) => (a < b ? -1 : 1));
    let first = positions.at(-1)!;
    for (const position of positions.reverse()) if (position + BigInt(this.ahead.get(position)!.length) === first) first = position;
    this.events = [];
    this.streams.clear();
    this.characters = 0;
    this.push(this.ahead.get(first)!);
    for (const position of positions) if (position <= first) this.ahead.delete(position);
  }

  private push(written: readonly StoredEvent[]): void {
    for (const event of written) {
      this.events.push(event);
      this.characters += event.data.length;
      if (event.revision === 0) this.streams.set(event.stream, [event]);
      else this.streams.get(event.stream)?.push(event);
    }
    if (this.events.length <= MOST && this.characters <= MOST_CHARACTERS) return;
    // Half at a time, so that the rest is seldom moved.
    for (const event of this.events.splice(0, Math.ceil(this.events.length / 2))) {
      this.characters -= event.data.length;
      this.streams.delete(event.stream);
    }
  }
}
