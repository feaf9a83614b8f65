import { Inject, Injectable } from '@nestjs/common';
import {
  Chains,
  comparePositions,
  DomainError,
  EventCodec,
  EventLog,
  ReadModels,
  type LinkedEvent,
  type Position,
  type RecordedEvent,
  type StoredEvent,
} from '#platform';
import { AUDIT_PROJECTION, hourOf } from './audit.projection.js';

export interface EventFilter {
  /** Only events of these projects. */
  readonly project_ids: readonly string[];
  readonly run_id?: string;
  readonly type?: string;
  readonly actor?: string;
  readonly correlation_id?: string;
  /** ISO 8601 UTC; recorded then or later. */
  readonly from?: string;
  /** ISO 8601 UTC; recorded before. */
  readonly until?: string;
  readonly after: Position;
  readonly limit: number;
}

/** A statement on the index and its values. It answers one row: `positions` that fit, in order, and `frontier`. */
export interface IndexSearch {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** Most rows of the index that one page looks at, where no index serves all that is asked. */
const MOST_SCANNED = 2_000;

/**
 * How the index is asked. One index gives rows in order (by correlation, by run, or by project with type or actor); what it does
 * not hold is looked at in its rows, in so many of them at most. Several projects are as many scans, merged. Beyond `frontier` nothing was
 * looked at; null where all was.
 */
export function indexSearch(filter: EventFilter, mostScanned = MOST_SCANNED): IndexSearch {
  const { project_ids, run_id, type, actor, correlation_id, from, until, after, limit } = filter;
  const values: unknown[] = [project_ids, after, limit + 1];
  const given = (value: unknown): string => `$${values.push(value)}`;
  const also: string[] = [];
  let scan: string;
  const byProject = correlation_id === undefined && run_id === undefined;
  if (correlation_id !== undefined) scan = `i.correlation_id = ${given(correlation_id)}::uuid`;
  else if (run_id !== undefined) scan = `i.run_id = ${given(run_id)}::uuid`;
  else if (type !== undefined) scan = `i.project_id = lane.project AND i.type = ${given(type)}`;
  else if (actor !== undefined) scan = `i.project_id = lane.project AND i.actor = ${given(actor)}`;
  else scan = 'i.project_id = lane.project';
  if (!byProject) also.push('i.project_id = ANY($1::uuid[])');
  if (correlation_id !== undefined && run_id !== undefined) also.push(`i.run_id = ${given(run_id)}::uuid`);
  if (type !== undefined && !byProject) also.push(`i.type = ${given(type)}`);
  if (actor !== undefined && !(byProject && type === undefined)) also.push(`i.actor = ${given(actor)}`);
  if (from !== undefined) also.push(`i.recorded_at >= ${given(from)}::timestamptz`);
  if (until !== undefined) also.push(`i.recorded_at < ${given(until)}::timestamptz`);
  let lanes = byProject ? 'SELECT project FROM unnest($1::uuid[]) AS project' : 'SELECT NULL::uuid AS project';
  if (byProject && (from !== undefined || until !== undefined)) {
    const [first, last] = [from && given(hourOf(from)), until && given(hourOf(until))];
    lanes = `SELECT project, h.lo, h.hi FROM unnest($1::uuid[]) AS project CROSS JOIN LATERAL (
        SELECT min(first_position) AS lo, max(last_position) AS hi FROM read_models.audit_hours
         WHERE project_id = project${first ? ` AND hour >= ${first}::timestamptz` : ''}${last ? ` AND hour <= ${last}::timestamptz` : ''}) h WHERE h.lo IS NOT NULL`;
    scan += ' AND i.position >= lane.lo AND i.position <= lane.hi';
  }
  const most = also.length === 0 ? limit + 1 : Math.max(limit + 1, Math.floor(mostScanned / (byProject ? Math.max(1, project_ids.length) : 1)));
  const sql = `
    WITH scanned AS MATERIALIZED (
      SELECT lane.project AS lane, found.position, found.fits FROM (${lanes}) AS lane CROSS JOIN LATERAL (
        SELECT i.position, ${also.length === 0 ? 'true' : also.join(' AND ')} AS fits FROM read_models.audit_index i
         WHERE ${scan} AND i.position > $2::bigint ORDER BY i.position LIMIT ${most}) AS found),
    frontier AS (SELECT min(last) AS at FROM (SELECT max(position) AS last FROM scanned GROUP BY lane HAVING count(*) = ${most}) AS full_lanes)
    SELECT (SELECT at::text FROM frontier) AS frontier,
           ARRAY(SELECT position::text FROM scanned WHERE fits AND position <= coalesce((SELECT at FROM frontier), position)
                 ORDER BY scanned.position LIMIT $3::int) AS positions`;
  return { sql, values };
}

/** Finds events by what is on record about them, in order of position. What a page costs does not grow with the log. */
@Injectable()
export class AuditSearch {
  constructor(
    @Inject(ReadModels) private readonly reads: ReadModels,
    @Inject(Chains) private readonly chains: Chains,
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(EventCodec) private readonly codec: EventCodec,
  ) {}

  /**
   * A page of what fits. It may be short, and even empty, where much had to be looked at: there is more as long as there is a cursor.
   * @returns `next_cursor`: the position behind which to go on; null at the end
   * @throws DomainError unavailable rather than leave out what is on record already
   */
  async find(filter: EventFilter): Promise<{ items: RecordedEvent[]; next_cursor: Position | null }> {
    await this.reach();
    const { sql, values } = indexSearch(filter);
    const found = (await this.reads.row<{ positions: Position[]; frontier: Position | null }>(sql, values))!;
    const wanted = found.positions.slice(0, filter.limit);
    const events = await this.chains.at(wanted);
    const items = await Promise.all(events.map((event) => this.codec.decode(asStored(event))));
    return { items, next_cursor: found.positions.length > filter.limit ? wanted.at(-1)! : found.frontier };
  }

  /**
   * Waits until the index holds all that is in the log now.
   * @throws DomainError unavailable where that takes too long, or where it stands still
   */
  async reach(): Promise<void> {
    const head = await this.log.store.head();
    await Promise.all([this.reads.waitFor(head), this.chains.reach()]);
    const index = await this.reads.row<{ position: Position; parked: { position: Position } | null }>(
      'SELECT position::text, parked FROM read_models.checkpoints WHERE name = $1',
      [AUDIT_PROJECTION],
    );
    if (index && comparePositions(index.position, head) >= 0) return;
    throw index?.parked
      ? new DomainError(
          'unavailable',
          `The audit stands before event ${index.parked.position}, which this version cannot read; an operator is told in healthz.`,
        )
      : new DomainError('unavailable', 'The audit is catching up with the log. Repeat the request in a moment.', [], { retry_after: 2 });
  }
}

/** The event as the log has it; its columns are copies of its metadata. */
function asStored(event: LinkedEvent): StoredEvent {
  const { correlation_id, causation_id, actor, timestamp } = JSON.parse(event.metadata) as Pick<
    StoredEvent,
    'correlation_id' | 'causation_id' | 'actor' | 'timestamp'
  >;
  return { ...event, correlation_id, causation_id, actor, timestamp };
}
