import {
  binaryEvent,
  type AllStreamResolvedEvent,
  type EventData,
  type Position as LogPosition,
  type ResolvedEvent,
  type StreamingRead,
} from '@eventstore/db-client';
import { START, type NewStoredEvent, type Position, type StoredEvent } from './event-store.js';

type AnyResolved = ResolvedEvent | AllStreamResolvedEvent;

/** What a server from before 22.6 says where an event's position is asked for in a stream. */
const NO_POSITION = 2n ** 64n - 1n;

/**
 * An event as the client takes it. The client parses and writes JSON by itself, which would change the bytes: data goes as
 * binary, and the metadata's text as one string of a small JSON object with the names that EventStoreDB's tools look for.
 */
export function toProposed(event: NewStoredEvent): EventData {
  return binaryEvent({
    id: event.event_id,
    type: event.type,
    data: Buffer.from(event.data, 'utf8'),
    metadata: { $correlationId: event.correlation_id, $causationId: event.causation_id, version: event.version, metadata: event.metadata },
  });
}

/** An event as the port knows it; null for what the server or somebody else wrote. */
export function toStoredEvent({ event }: AnyResolved): StoredEvent | null {
  if (!event || event.type.startsWith('$') || !(event.data instanceof Uint8Array)) return null;
  const { version, metadata } = (event.metadata ?? {}) as { version?: unknown; metadata?: unknown };
  if (typeof version !== 'number' || typeof metadata !== 'string') return null;
  const fields = JSON.parse(metadata) as Pick<StoredEvent, 'project_id' | 'correlation_id' | 'causation_id' | 'actor' | 'timestamp'>;
  return {
    position: positionOf(event.position),
    stream: event.streamId,
    revision: Number(event.revision),
    event_id: event.id,
    type: event.type,
    version,
    project_id: fields.project_id,
    correlation_id: fields.correlation_id,
    causation_id: fields.causation_id,
    actor: fields.actor,
    timestamp: fields.timestamp,
    data: Buffer.from(event.data).toString('utf8'),
    metadata,
  };
}

function positionOf(position: LogPosition | undefined): Position {
  if (!position || position.commit === NO_POSITION) throw new Error('the event store does not tell positions: it must be version 22.6 or newer');
  return position.commit.toString();
}

/** Where the client begins to read. The commit position stands for both, as it does in every record that was not part of an old transaction. */
export const fromPosition = (position: Position): LogPosition | 'start' =>
  position === START ? 'start' : { commit: BigInt(position), prepare: BigInt(position) };

/**
 * Everything that a read gives. A read that was cancelled ends like one that is complete: whoever cancels through the
 * signal no longer waits for it.
 */
export function collect<E extends AnyResolved>(read: StreamingRead<E>, signal: AbortSignal): Promise<E[]> {
  return new Promise((resolve, reject) => {
    const events: E[] = [];
    let over = false;
    const finish = (settle: () => void) => {
      over = true;
      settle();
    };
    read.on('data', (event: E) => events.push(event));
    read.on('end', () => finish(() => resolve(events)));
    read.on('error', (error: Error) => finish(() => reject(error)));
    signal.addEventListener('abort', () => {
      if (!over) read.cancel().catch(() => undefined);
    });
  });
}
