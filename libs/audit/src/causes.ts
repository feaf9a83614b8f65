import { Inject, Injectable } from '@nestjs/common';
import { Chains, DomainError, ReadModels, type Position } from '#platform';
import { AuditSearch } from './audit-search.js';

export type Direction = 'causes' | 'effects';

/** An event in the tree of what led to another one, or of what followed from it. */
export interface TracedEvent {
  /** Steps from the event that was asked about, which has 0. */
  readonly depth: number;
  /** The event one step nearer to it; null for itself. */
  readonly of: Position | null;
  /** `caused`: on record as cause and effect. `before`, `after`: somebody's own decision, about what the same stream said before it. */
  readonly relation: 'caused' | 'before' | 'after' | null;
  readonly position: Position;
  readonly event_id: string;
  readonly stream: string;
  readonly revision: number;
  readonly event_type: string;
  readonly timestamp: string;
  readonly actor: string;
  readonly project_id: string | null;
  readonly run_id: string | null;
}

export interface Trace {
  /** From the event on, nearest first. */
  readonly items: readonly TracedEvent[];
  /** False where it goes on beyond the depth or the number that was asked for. */
  readonly complete: boolean;
}

export interface TraceRequest {
  readonly position: Position;
  readonly direction: Direction;
  readonly depth: number;
  readonly limit: number;
  readonly user_id: string;
  readonly project_ids: readonly string[];
}

const EVENT = 'i.position, i.event_id, i.causation_id, i.project_id, i.run_id, i.type, i.actor, i.recorded_at, e.stream, e.revision';

/**
 * How events hang together: by the ids that name their causes and, where somebody decided by themselves, by what their stream said
 * before. So every event has one cause at most, and a delivery leads back to each approval and message of a person.
 */
@Injectable()
export class Causes {
  constructor(
    @Inject(ReadModels) private readonly reads: ReadModels,
    @Inject(Chains) private readonly chains: Chains,
    @Inject(AuditSearch) private readonly search: AuditSearch,
  ) {}

  /** @throws DomainError not_found where there is no such event for this person */
  async trace({ position, direction, depth, limit, user_id, project_ids }: TraceRequest): Promise<Trace> {
    await this.search.reach();
    const { schema } = this.chains;
    const joined = `read_models.audit_index i JOIN ${schema}.events e ON e.position = i.position`;
    /** Events that name no project belong to who owns them. */
    const visible = `(i.project_id = ANY($2::uuid[]) OR (i.project_id IS NULL AND e.metadata::json->>'owner_id' = $3))`;
    const up = `
      SELECT * FROM (
        SELECT ${EVENT}, 'caused' AS relation, 1 AS place FROM ${joined} WHERE i.event_id = one.causation_id AND i.position < one.position AND ${visible}
        UNION ALL
        SELECT ${EVENT}, 'before', 2 FROM ${joined} WHERE e.stream = one.stream AND e.revision = one.revision - 1 AND ${visible}
      ) AS either ORDER BY place LIMIT 1`;
    const down = `
      SELECT ${EVENT}, 'caused' AS relation, 1 AS place FROM ${joined} WHERE i.causation_id = one.event_id AND i.position > one.position AND ${visible}
      UNION ALL
      SELECT ${EVENT}, 'after', 2 FROM ${joined} WHERE e.stream = one.stream AND e.revision = one.revision + 1 AND ${visible}
         AND NOT EXISTS (SELECT FROM read_models.audit_index c WHERE c.event_id = i.causation_id AND c.position < i.position)`;
    const rows = await this.reads.rows<Omit<TracedEvent, 'timestamp'> & { timestamp: Date }>(
      `WITH RECURSIVE one AS (
         SELECT 0 AS depth, NULL::bigint AS of, ${EVENT}, NULL::text AS relation FROM ${joined} WHERE i.position = $1::bigint AND ${visible}
         UNION ALL
         SELECT one.depth + 1, one.position, next.position, next.event_id, next.causation_id, next.project_id, next.run_id, next.type, next.actor,
                next.recorded_at, next.stream, next.revision, next.relation
           FROM one CROSS JOIN LATERAL (${direction === 'causes' ? up : down}) AS next WHERE one.depth <= $4)
       SELECT depth, of::text, relation, position::text, event_id, stream, revision, type AS event_type, recorded_at AS timestamp, actor, project_id, run_id
         FROM one LIMIT $5`,
      [position, project_ids, user_id, depth, limit + 1],
    );
    if (rows.length === 0) throw new DomainError('not_found', 'There is no such event.');
    const items = rows
      .filter((row) => row.depth <= depth)
      .slice(0, limit)
      .map((row) => ({ ...row, timestamp: row.timestamp.toISOString() }));
    return { items, complete: items.length === rows.length };
  }
}
