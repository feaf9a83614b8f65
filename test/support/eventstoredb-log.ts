import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { existsSync, openSync, readFileSync, writeSync } from 'node:fs';

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
  private readonly file: number | null;

  /** @param path of a file that keeps what is written, through the death of the process; the log begins with what it holds */
  constructor(path?: string) {
    const kept = path !== undefined && existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
    this.file = null;
    for (const line of kept) for (const [stream, event] of JSON.parse(line) as [string, Journalled][]) this.record(stream, fromJournal(event));
    if (path !== undefined) this.file = openSync(path, 'a');
    if (this.all.length > 0) return;
    this.keep([
      ['$settings', proposed('$settings', '{}')],
      ['$users', proposed('$user', '"$admin"')],
    ]);
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
    const links = events.map((_, index) => [`$ce-${stream.split('-')[0]!}`, proposed('$>', `${current + 1 + index}@${stream}`)] as const);
    const { revision, position } = this.keep([...events.map((event) => [stream, event] as const), ...links])[events.length - 1]!;
    this.bells.emit('written');
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

  /** On record, all of it in one write, before anybody hears of it. */
  private keep(records: readonly (readonly [string, ProposedRecord])[]): LogRecord[] {
    if (this.file !== null) writeSync(this.file, `${JSON.stringify(records.map(([stream, event]) => [stream, toJournal(event)]))}\n`);
    return records.map(([stream, event]) => this.record(stream, event));
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

type Journalled = Record<keyof ProposedRecord, string>;
const toJournal = ({ data, customMetadata, ...rest }: ProposedRecord): Journalled => ({
  ...rest,
  data: Buffer.from(data).toString('base64'),
  customMetadata: Buffer.from(customMetadata).toString('base64'),
});
const fromJournal = ({ data, customMetadata, ...rest }: Journalled): ProposedRecord => ({
  ...rest,
  data: Buffer.from(data, 'base64'),
  customMetadata: Buffer.from(customMetadata, 'base64'),
});
