import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { Catalog } from './catalog.js';
import type { DomainEvent, Schema } from './domain.js';
import type { NewStoredEvent, StoredEvent } from './event-store.js';

export interface EventMetadata {
  /** ISO 8601 UTC. */
  readonly timestamp: string;
  readonly actor: string;
  readonly owner_id: string;
  readonly project_id: string | null;
  readonly run_id: string | null;
  readonly correlation_id: string;
  readonly causation_id: string;
  readonly command_id: string;
  readonly request_hash: string | null;
}

interface Envelope {
  readonly event_id: string;
  readonly position: string;
  readonly stream: string;
  readonly revision: number;
  readonly metadata: EventMetadata;
}

/** An event as the application sees it: decrypted, upcast to the current version, validated; a union where E is one. */
export type RecordedEvent<E extends DomainEvent = DomainEvent> = E extends DomainEvent ? E & Envelope : never;

/** Gives the 32-byte key of a person, or null where it has been deleted. */
export interface DataKeys {
  keyOf(ownerId: string): Promise<Buffer | null>;
}

/** Stands where a person's words stood before their key was deleted. */
export const ERASED = '[erased]';

export class UnreadableEvent extends Error {
  constructor(event: Pick<StoredEvent, 'position' | 'type' | 'version'>, reason: string) {
    super(`event ${event.position} (${event.type} version ${event.version}) cannot be read: ${reason}`);
    this.name = 'UnreadableEvent';
  }
}

interface Sealed {
  readonly $sealed: string;
}
const isSealed = (value: unknown): value is Sealed =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Sealed>).$sealed === 'string';

/**
 * Turns events into stored text and back. Fields marked `personal` are sealed with AES-256-GCM under the owner's key
 * before anything is hashed or stored. The nonce is derived from key, event and content, so that a repeated append has
 * the same bytes (a synthetic nonce, after RFC 5297's idea).
 */
export class EventCodec {
  constructor(
    private readonly catalog: Catalog,
    private readonly keys: DataKeys,
  ) {}

  /** @throws Error when the data does not fit the event's schema: a decider made a malformed event */
  async encode(event: DomainEvent, eventId: string, metadata: EventMetadata): Promise<NewStoredEvent> {
    const definition = this.catalog.event(event.type);
    if (!definition) throw new Error(`event type ${event.type} is not registered`);
    const data = { ...(definition.schema.parse(event.data) as Record<string, unknown>) };
    for (const field of this.catalog.personalFields(event.type)) {
      if (data[field] === null || data[field] === undefined) continue;
      const key = await this.keys.keyOf(metadata.owner_id);
      if (!key) throw new Error(`no data key for owner ${metadata.owner_id}`);
      data[field] = { $sealed: seal(key, `${eventId}.${field}`, JSON.stringify(data[field])) };
    }
    return {
      event_id: eventId,
      type: event.type,
      version: definition.version,
      project_id: metadata.project_id,
      correlation_id: metadata.correlation_id,
      causation_id: metadata.causation_id,
      actor: metadata.actor,
      timestamp: metadata.timestamp,
      data: JSON.stringify(data),
      metadata: JSON.stringify(metadata),
    };
  }

  /** @throws UnreadableEvent for an unknown type, a version newer than this program, or data that breaks its schema */
  async decode(stored: StoredEvent): Promise<RecordedEvent> {
    const definition = this.catalog.event(stored.type);
    if (!definition) throw new UnreadableEvent(stored, 'this program does not know the type');
    if (stored.version > definition.version) throw new UnreadableEvent(stored, `this program knows versions up to ${definition.version}`);
    const metadata = JSON.parse(stored.metadata) as EventMetadata;
    let data = (await this.unseal(JSON.parse(stored.data) as Record<string, unknown>, stored.event_id, metadata.owner_id)) as unknown;
    for (let version = stored.version; version < definition.version; version += 1) {
      const upcast = definition.upcasts[version];
      if (!upcast) throw new UnreadableEvent(stored, `there is no upcast from version ${version}`);
      data = upcast(data);
    }
    data = parseOrErased(definition.schema, data);
    if (data === undefined) throw new UnreadableEvent(stored, 'its data does not fit the schema');
    return { event_id: stored.event_id, position: stored.position, stream: stored.stream, revision: stored.revision, type: stored.type, data, metadata };
  }

  private async unseal(data: Record<string, unknown>, eventId: string, ownerId: string): Promise<Record<string, unknown>> {
    const open: Record<string, unknown> = {};
    for (const [field, value] of Object.entries(data)) {
      if (!isSealed(value)) {
        open[field] = value;
        continue;
      }
      const key = await this.keys.keyOf(ownerId);
      open[field] = key ? JSON.parse(unseal(key, `${eventId}.${field}`, value.$sealed)) : ERASED;
    }
    return open;
  }
}

/** Where the erased words were not text but structure, null stands in their place. */
function parseOrErased(schema: Schema<unknown>, data: unknown): unknown {
  const candidates = [data, Object.fromEntries(Object.entries(data as object).map(([name, value]) => [name, value === ERASED ? null : (value as unknown)]))];
  for (const candidate of candidates) {
    try {
      return schema.parse(candidate);
    } catch {
      continue;
    }
  }
  return undefined;
}

/** AES-256-GCM; base64 of nonce (12 bytes), tag (16 bytes), ciphertext. The context is authenticated with it. */
export function seal(key: Buffer, context: string, plaintext: string | Buffer): string {
  return sealBytes(key, context, Buffer.from(plaintext)).toString('base64');
}

export function unseal(key: Buffer, context: string, sealed: string): string {
  return unsealBytes(key, context, Buffer.from(sealed, 'base64')).toString('utf8');
}

export function sealBytes(key: Buffer, context: string, plaintext: Buffer): Buffer {
  const nonce = createHmac('sha256', key).update(context).update('\0').update(plaintext).digest().subarray(0, 12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), ciphertext]);
}

/** @throws Error when key, context or bytes are not those that were sealed */
export function unsealBytes(key: Buffer, context: string, sealed: Buffer): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12)).setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
}
