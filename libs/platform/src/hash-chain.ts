import { createHash } from 'node:crypto';
import type { StoredEvent } from './event-store.js';

/**
 * The audit chains. A link is SHA-256(previous link || SHA-256(event bytes)), the first link's predecessor being 32 zero
 * bytes. An event's bytes are its stored fields as UTF-8, one a line, in this order: position, event id, stream,
 * revision, type, version, metadata, data. None of them can contain a line break.
 * Each event is a link of the log's chain and, where it has a project, of that project's chain.
 */
export const GENESIS: Buffer = Buffer.alloc(32);

/** What of an event is hashed. */
export type HashedEvent = Pick<StoredEvent, 'position' | 'event_id' | 'stream' | 'revision' | 'type' | 'version' | 'metadata' | 'data'>;

export function eventDigest(event: HashedEvent): Buffer {
  const lines = [event.position, event.event_id, event.stream, event.revision, event.type, event.version, event.metadata, event.data];
  return createHash('sha256').update(lines.join('\n')).digest();
}

export const nextLink = (previous: Buffer, event: HashedEvent): Buffer => createHash('sha256').update(previous).update(eventDigest(event)).digest();
