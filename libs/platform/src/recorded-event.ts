import type { DomainEvent } from './domain.js';

/** Where a copied event comes from. */
export interface ForkedFrom {
  readonly project_id: string;
  readonly event_id: string;
  readonly position: string;
}

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
  /** Set in the copies that a fork begins with: they are history, and nobody acts on them. */
  readonly forked_from?: ForkedFrom;
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

/** An event as the audit shows it, with what people wrote opened. */
export const audited = ({ position, stream, revision, type, metadata, data }: RecordedEvent) => ({
  position,
  stream,
  revision,
  event_type: type,
  timestamp: metadata.timestamp,
  actor: metadata.actor,
  correlation_id: metadata.correlation_id,
  causation_id: metadata.causation_id,
  payload: data,
});
