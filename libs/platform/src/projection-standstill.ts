import type { LogEntry } from './event-log.js';
import type { Position } from './event-store.js';
import type { Obstacle } from './projection.js';

/** Why a projection, or its rebuild, stands still, as it is kept until it goes on. */
export interface Standstill {
  /** Of the event before which it stands. */
  readonly position: Position;
  readonly event_id: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly version: number;
  readonly cause: Obstacle['cause'];
  readonly reason: string;
  /** ISO 8601 UTC. */
  readonly since: string;
  /** How many retries had been asked for when it was last tried. */
  readonly retries: number;
}

/** What operators decided about a projection: a fold over the decisions on record. */
export interface ProjectionDecisions {
  /** Positions that it passes as if nothing stood there, now and in every rebuild. */
  readonly skipped: ReadonlySet<Position>;
  /** How often a retry was asked for. */
  readonly retries: number;
  /** How often a rebuild was asked for. */
  readonly rebuilds: number;
}

/** Reads what operators decided about the projection of this name. */
export type DecisionsOf = (name: string) => Promise<ProjectionDecisions>;

export const NO_DECISIONS: ProjectionDecisions = { skipped: new Set(), retries: 0, rebuilds: 0 };

const LONGEST_REASON = 500;

/** @param before how it stood so far: who stands still at the same event does so since then */
export function standstill({ entry, cause, reason }: Obstacle, retries: number, before: Standstill | null, now: Date): Standstill {
  const { position, event_id, stream, revision, type, version } = entry.stored;
  const since = before?.position === position ? before.since : now.toISOString();
  return { position, event_id, stream, revision, type, version, cause, reason: reason.slice(0, LONGEST_REASON), since, retries };
}

/** Where a page ends that an obstacle cut short: behind the last event before it, or where it began. */
export function endOf(entries: readonly LogEntry[], obstacle: Obstacle | null, begin: Position): Position {
  if (!obstacle) return entries.at(-1)?.stored.position ?? begin;
  return entries[entries.indexOf(obstacle.entry) - 1]?.stored.position ?? begin;
}

/**
 * Whether what stands still may try again: once in every process, which may be a newer program; where this program knows
 * the event that another did not; and when an operator asked for it or said that the event is to be skipped.
 */
export function mayTry(
  stands: Standstill,
  context: { readonly tried: boolean; readonly knows: boolean; readonly decisions: ProjectionDecisions },
): boolean {
  const { tried, knows, decisions } = context;
  return !tried || (stands.cause === 'unknown_event' && knows) || decisions.skipped.has(stands.position) || decisions.retries > stands.retries;
}
