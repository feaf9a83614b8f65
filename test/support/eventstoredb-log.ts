import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';

/** A record as the server keeps it. */
export interface LogRecord {
  readonly id: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly customMetadata: Uint8Array;
  readonly created: Date;
  readonly position: bigint;
}

export type ProposedRecord = Pick<LogRecord, 'id' | 'type' | 'contentType' | 'data' | 'customMetadata'>;
export type Expected = number | 'any' | 'no_stream' | 'stream_exists';
export type Written = { readonly revision: number; readonly position: bigint } | { readonly current: number } | { readonly tooLarge: true };

/** MaxAppendSize of the server's configuration, by default. */
export const MAX_APPEND_BYTES = 1024 * 1024;

/**
 * The transaction log of the stand-in, in memory. As in the real one a position is an offset in bytes, so that positions
 * have gaps, and the server's own records lie between those of its users: settings at the beginning, and for every event
 * the link that the projection by category writes.
 */
export class InMemoryLog {
  readonly all: LogRecord[] = [];
  private readonly streams = new Map<string, LogRecord[]>();
  private readonly bells = new EventEmitter().setMaxListeners(0);
  private offset = 0n;

  constructor() {
    this.record('$settings', proposed('$settings', '{}'));
    this.record('$users', proposed('$user', '"$admin"'));
  }

  stream(name: string): readonly LogRecord[] {
    return this.streams.get(name) ?? [];
  }

  onWrite(listener: () => void): () => void {
    this.bells.on('written', listener);
    return () => this.bells.off('written', listener);
  }

  /**
   * Appends all or none. A repeat is recognised as the server does it, by the ids alone: behind the expected revision, or
   * anywhere under `any`. With the revision that the stream is at it is not looked for.
   * https://docs.kurrent.io/server/v25.0/http-api/idempotence.html and Streams.Append of streams.proto
   */
  write(stream: string, expected: Expected, events: readonly ProposedRecord[]): Written {
    if (events.reduce((bytes, { data, customMetadata }) => bytes + data.length + customMetadata.length, 0) > MAX_APPEND_BYTES)
      return { tooLarge: true };
    const before = this.stream(stream);
    const current = before.length - 1;
    const repeated = this.repeated(before, expected, events);
    if (repeated) return repeated;
    const fits =
      expected === 'any' || (expected === 'no_stream' ? current === -1 : expected === 'stream_exists' ? current >= 0 : expected === current);
    if (!fits) return { current };
    const written = events.map((event) => this.record(stream, event));
    for (const { revision } of written) this.record(`$ce-${stream.split('-')[0]!}`, proposed('$>', `${revision}@${stream}`));
    this.bells.emit('written');
    const { revision, position } = written.at(-1)!;
    return { revision, position };
  }

  private repeated(before: readonly LogRecord[], expected: Expected, events: readonly ProposedRecord[]): Written | null {
    const start =
      expected === 'any' || expected === 'stream_exists'
        ? before.findIndex(({ id }) => id === events[0]!.id)
        : expected === 'no_stream'
          ? 0
          : expected + 1;
    const there = start < 0 ? [] : before.slice(start, start + events.length);
    if (there.length < events.length || !events.every(({ id }, index) => there[index]!.id === id)) return null;
    const { revision, position } = there.at(-1)!;
    return { revision, position };
  }

  private record(stream: string, event: ProposedRecord): LogRecord {
    const events = this.streams.get(stream) ?? [];
    const record = { ...event, stream, revision: events.length, created: new Date(), position: this.offset };
    this.offset += BigInt(137 + stream.length + event.type.length + event.data.length + event.customMetadata.length);
    events.push(record);
    this.streams.set(stream, events);
    this.all.push(record);
    return record;
  }
}

const proposed = (type: string, data: string): ProposedRecord => ({
  id: randomUUID(),
  type,
  contentType: 'application/octet-stream',
  data: Buffer.from(data),
  customMetadata: new Uint8Array(),
});
