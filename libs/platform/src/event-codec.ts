import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import type { Catalog } from './catalog.js';
import type { DomainEvent, Schema } from './domain.js';
import type { EventMetadata, RecordedEvent } from './recorded-event.js';
import type { NewStoredEvent, StoredEvent } from './event-store.js';
import { WrittenEvent } from './written-event.js';

/** Gives the 32-byte key of a person, or null where it has been deleted. */
export interface DataKeys {
  keyOf(ownerId: string): Promise<Buffer | null>;
}

/** Stands where a person's words stood before their key was deleted. */
export const ERASED = '[erased]';

export class UnreadableEvent extends Error {
  constructor(
    readonly event: StoredEvent,
    reason: string,
    /** True for a type or a version that this program does not know: a newer one may. */
    readonly unknown = false,
  ) {
    super(`event ${event.position} (${event.type} version ${event.version}) cannot be read: ${reason}`);
    this.name = 'UnreadableEvent';
  }
}

interface Sealed {
  readonly $sealed: string;
}
const isSealed = (value: unknown): value is Sealed =>
  typeof value === 'object' && value !== null && typeof (value as Partial<Sealed>).$sealed === 'string';

/** Whether nothing in it is sealed. */
const isOpen = (data: Record<string, unknown>): boolean => !Object.values(data).some(isSealed);

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
      // What still ends after a person was erased ends without words of theirs.
      data[field] = key ? { $sealed: seal(key, `${eventId}.${field}`, JSON.stringify(data[field])) } : ERASED;
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

  /** What is read of an event once it has been stored. */
  asRead({ type, data }: DomainEvent): DomainEvent {
    return { type, data: JSON.parse(JSON.stringify(this.catalog.event(type)?.schema.parse(data))) as unknown };
  }

  /** @throws UnreadableEvent for an unknown type, a version newer than this program, data that breaks its schema or was changed after it was sealed */
  async decode(stored: StoredEvent): Promise<RecordedEvent> {
    const shared = this.isShared(stored) ? this.decodeSealedNow(stored) : null;
    if (shared) return shared;
    const { metadata, data } = this.open(stored);
    return this.finish(stored, metadata, isOpen(data) ? data : await this.unseal(stored, data, metadata.owner_id));
  }

  /**
   * Like {@link decode}, at once.
   * @returns null where a key is needed, which has to be waited for
   */
  decodeNow(stored: StoredEvent): RecordedEvent | null {
    if (this.isShared(stored)) return this.decodeSealedNow(stored);
    const { metadata, data } = this.open(stored);
    return isOpen(data) ? this.finish(stored, metadata, data) : null;
  }

  /**
   * Like {@link decode}, for folds: what a person wrote stays sealed, as text that `openWords` opens. It is not looked at, so that
   * no key is needed, except where an upcast has to.
   */
  async decodeSealed(stored: StoredEvent): Promise<RecordedEvent> {
    const now = this.decodeSealedNow(stored);
    if (now) return now;
    const event = await this.decode(stored);
    const data = { ...(event.data as Record<string, unknown>) };
    const owner = event.metadata.owner_id;
    for (const field of this.catalog.personalFields(stored.type)) {
      const value = data[field];
      if (value === null || value === undefined || value === ERASED) continue;
      const key = await this.keys.keyOf(owner);
      const context = `${stored.event_id}.${field}`;
      data[field] = key ? sealedWords(owner, context, seal(key, context, JSON.stringify(value))) : ERASED;
    }
    return { ...event, data };
  }

  /**
   * Like {@link decodeSealed}, at once.
   * @returns null where an old version has to be brought up to date with its words open
   */
  decodeSealedNow(stored: StoredEvent): RecordedEvent | null {
    return stored instanceof WrittenEvent ? stored.once(() => this.makeSealed(stored)) : this.makeSealed(stored);
  }

  /** Sealed or open, it is the same. */
  private isShared(stored: StoredEvent): boolean {
    return stored instanceof WrittenEvent && this.catalog.personalFields(stored.type).length === 0;
  }

  private makeSealed(stored: StoredEvent): RecordedEvent | null {
    const { metadata, data } = this.open(stored);
    const personal = this.catalog.personalFields(stored.type);
    if (personal.length === 0) return isOpen(data) ? this.finish(stored, metadata, data) : null;
    if (stored.version < this.catalog.event(stored.type)!.version) return null;
    const words = { ...data };
    for (const field of personal) {
      const value = words[field];
      if (isSealed(value)) words[field] = sealedWords(metadata.owner_id, `${stored.event_id}.${field}`, value.$sealed);
    }
    return recorded(stored, metadata, parse(this.catalog.sealedSchema(stored.type), words));
  }

  private open(stored: StoredEvent): { metadata: EventMetadata; data: Record<string, unknown> } {
    const unknown = this.unknown(stored);
    if (unknown) throw unknown;
    const metadata = attempt(() => JSON.parse(stored.metadata) as EventMetadata);
    const data = attempt(() => JSON.parse(stored.data) as Record<string, unknown>);
    if (!metadata || !data) throw new UnreadableEvent(stored, 'it is not JSON');
    return { metadata, data };
  }

  private finish(stored: StoredEvent, metadata: EventMetadata, open: Record<string, unknown>): RecordedEvent {
    const definition = this.catalog.event(stored.type)!;
    let data: unknown = open;
    for (let version = stored.version; version < definition.version; version += 1) {
      const upcast = definition.upcasts[version];
      if (!upcast) throw new UnreadableEvent(stored, `there is no upcast from version ${version}`);
      data = attempt(() => upcast(data));
    }
    return recorded(stored, metadata, parse(definition.schema, data));
  }

  /** Why this program cannot know what such an event says; null where it can. */
  unknown(stored: StoredEvent): UnreadableEvent | null {
    const definition = this.catalog.event(stored.type);
    if (!definition)
      return new UnreadableEvent(stored, 'this program does not know the type; start the version of it that wrote the event, or a newer one', true);
    if (stored.version > definition.version)
      return new UnreadableEvent(stored, `this program knows versions up to ${definition.version}; start a newer one`, true);
    return null;
  }

  /** Whether this program knows events of this type and version. */
  knows({ type, version }: Pick<StoredEvent, 'type' | 'version'>): boolean {
    return version <= (this.catalog.event(type)?.version ?? 0);
  }

  private async unseal(stored: StoredEvent, sealed: Record<string, unknown>, ownerId: string): Promise<Record<string, unknown>> {
    const open: Record<string, unknown> = {};
    for (const [field, value] of Object.entries(sealed)) {
      if (!isSealed(value)) {
        open[field] = value;
        continue;
      }
      const key = await this.keys.keyOf(ownerId);
      open[field] = key ? attempt(() => JSON.parse(unseal(key, `${stored.event_id}.${field}`, value.$sealed)) as unknown) : ERASED;
      if (open[field] === undefined)
        throw new UnreadableEvent(stored, `its field ${field} was changed after it was sealed, or sealed with another key`);
    }
    return open;
  }
}

/** @param data as its schema has it; undefined where it does not fit */
function recorded(stored: StoredEvent, metadata: EventMetadata, data: unknown): RecordedEvent {
  if (data === undefined) throw new UnreadableEvent(stored, 'its data does not fit the schema');
  const { event_id, position, stream, revision, type } = stored;
  return { event_id, position, stream, revision, type, data, metadata };
}

/** The data as its schema has it, or undefined. Where erased words were not text but structure, null stands in their place. */
function parse(schema: Schema<unknown>, data: unknown): unknown {
  if (!Object.values(data ?? {}).includes(ERASED)) return attempt(() => schema.parse(data));
  const shape = (schema as { shape?: Readonly<Record<string, Schema<unknown>>> }).shape ?? {};
  const fits = (field: Schema<unknown> | undefined) => field !== undefined && attempt(() => field.parse(ERASED)) !== undefined;
  return attempt(() =>
    schema.parse(
      Object.fromEntries(
        Object.entries(data as object).map(([name, value]) => [name, value === ERASED && !fits(shape[name]) ? null : (value as unknown)]),
      ),
    ),
  );
}

function attempt<R>(work: () => R): R | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

/**
 * A person's words as rows hold them: sealed as they are in the event, with what is needed to find the key. Folds pass them on as
 * they are; `openWords` opens them for whoever reads the row.
 * @param context event id and field, as they were sealed
 * @param sealed base64
 */
export const sealedWords = (ownerId: string, context: string, sealed: string): string => `$sealed:${ownerId}:${context}:${sealed}`;

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
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 }).setAAD(Buffer.from(context));
  decipher.setAuthTag(sealed.subarray(12, 28));
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]);
}
