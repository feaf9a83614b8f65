import { once } from 'node:events';
import type { ServerWritableStream } from '@grpc/grpc-js';
import streams from '@eventstore/db-client/generated/streams_pb.js';
import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { InMemoryLog, LogRecord } from './eventstoredb-log.js';

export type ReadCall = ServerWritableStream<ReadReq, ReadResp>;

/** What a read of a stream or of $all gives, in order and not yet limited in number; null where there is no such stream. */
export function recordsToRead(log: InMemoryLog, options: ReadReq.Options): LogRecord[] | null {
  const backwards = options.getReadDirection() === streams.ReadReq.Options.ReadDirection.BACKWARDS;
  return options.hasAll() ? recordsOfAll(log, options, backwards) : recordsOfStream(log, options, backwards);
}

function recordsOfStream(log: InMemoryLog, options: ReadReq.Options, backwards: boolean): LogRecord[] | null {
  const records = log.stream(streamOf(options));
  if (records.length === 0) return null;
  const from = options.getStream()!;
  const revision = from.hasStart() ? 0 : from.hasEnd() ? records.length - 1 : Number(from.getRevision());
  return backwards ? records.slice(0, revision + 1).reverse() : records.slice(revision);
}

/** Forwards a position includes the record at it; backwards it does not. */
function recordsOfAll(log: InMemoryLog, options: ReadReq.Options, backwards: boolean): LogRecord[] {
  const from = options.getAll()!;
  const all = log.all.filter(wanted(options));
  if (from.hasStart()) return backwards ? [] : all;
  if (from.hasEnd()) return backwards ? all.reverse() : [];
  const position = BigInt(from.getPosition()!.getCommitPosition());
  return backwards ? all.filter((record) => record.position < position).reverse() : all.filter((record) => record.position >= position);
}

/** The stream that a read names. */
export const streamOf = (options: ReadReq.Options): string =>
  Buffer.from(options.getStream()!.getStreamIdentifier()!.getStreamName() as Uint8Array).toString('utf8');

/** Whether the filter of a read lets a record through. */
export function wanted(options: ReadReq.Options): (record: LogRecord) => boolean {
  const filter = options.getFilter();
  if (!filter) return () => true;
  const expression = filter.getEventType() ?? filter.getStreamIdentifier()!;
  const regex = expression.getRegex() ? new RegExp(expression.getRegex()) : null;
  return (record) => {
    const name = filter.hasEventType() ? record.type : record.stream;
    return regex?.test(name) ?? expression.getPrefixList().some((prefix) => name.startsWith(prefix));
  };
}

/** Sends as fast as the client takes it; false where it has gone. */
export async function send(call: ReadCall, message: ReadResp): Promise<boolean> {
  if (call.cancelled || call.destroyed) return false;
  if (call.write(message)) return true;
  const gone = new AbortController();
  const leave = () => gone.abort();
  call.once('cancelled', leave);
  call.once('close', leave);
  await once(call, 'drain', { signal: gone.signal }).catch(() => undefined);
  call.off('cancelled', leave);
  call.off('close', leave);
  return !gone.signal.aborted;
}
