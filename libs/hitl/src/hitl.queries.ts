import { Inject, Injectable } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { DeadlineAction, HitlStatus } from '#contracts';
import { ContentStore, DomainError, page, ReadModels, type Page, type PageQuery, type Reads } from '#platform';
import type { GateRow } from './hitl.projection.js';

export interface GateSummary {
  readonly request_id: string;
  readonly project_id: string;
  readonly run_id: string;
  readonly task_id: string;
  readonly gate: string;
  readonly question: string;
  readonly handoff_type: string;
  readonly content_hash: string;
  readonly allowed_actions: readonly string[];
  readonly status: HitlStatus;
  readonly response_content: string | null;
  readonly responded_by: string | null;
  /** When something else happens if nobody has answered, ISO 8601; null where the request waits without limit, as during a pause. */
  readonly deadline: string | null;
  readonly on_deadline: DeadlineAction | null;
  /** How often a person was reminded of it. */
  readonly reminders: number;
  /** It has waited past its deadline and is urgent. */
  readonly escalated: boolean;
  readonly created_at: string;
  readonly updated_at: string;
}

export interface GateView extends GateSummary {
  /** What is to be reviewed. */
  readonly content: unknown;
  /** What a person made of it; null unless amended. */
  readonly amended_content: unknown;
}

export class ListGates extends Query<Page<GateSummary>> {
  constructor(
    readonly userId: string,
    readonly filter: { readonly project_id?: string | undefined; readonly status?: HitlStatus | undefined },
    readonly page: PageQuery,
    readonly at?: Reads,
  ) {
    super();
  }
}
export class GetGate extends Query<GateView> {
  constructor(
    readonly requestId: string,
    readonly userId: string,
    readonly at?: Reads,
  ) {
    super();
  }
}

const summary = ({ owner_id: _owner, amended_hash: _amended, comment, ...row }: GateRow): GateSummary => ({
  ...row,
  response_content: comment,
});

@Injectable()
@QueryHandler(ListGates)
export class ListGatesHandler implements IQueryHandler<ListGates> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  async execute({ userId, filter, page: query, at = this.reads }: ListGates): Promise<Page<GateSummary>> {
    const from = 'FROM read_models.hitl_requests WHERE owner_id = $1 AND ($2::uuid IS NULL OR project_id = $2) AND ($3::text IS NULL OR status = $3)';
    const values = [userId, filter.project_id ?? null, filter.status ?? null];
    const { items, next_cursor } = await page<GateRow>(at, from, values, query, { id: 'request_id', direction: 'DESC' });
    return { items: items.map(summary), next_cursor };
  }
}

@Injectable()
@QueryHandler(GetGate)
export class GetGateHandler implements IQueryHandler<GetGate> {
  constructor(
    @Inject(ReadModels) private readonly reads: ReadModels,
    @Inject(ContentStore) private readonly contents: ContentStore,
  ) {}
  async execute({ requestId, userId, at = this.reads }: GetGate): Promise<GateView> {
    const row = await at.row<GateRow>('SELECT * FROM read_models.hitl_requests WHERE request_id = $1 AND owner_id = $2', [requestId, userId]);
    if (!row) throw new DomainError('not_found', 'There is no such request.');
    return {
      ...summary(row),
      content: await this.contents.getJson(row.owner_id, row.content_hash),
      amended_content: row.amended_hash === null ? null : await this.contents.getJson(row.owner_id, row.amended_hash),
    };
  }
}

export const HITL_QUERY_HANDLERS = [ListGatesHandler, GetGateHandler];
