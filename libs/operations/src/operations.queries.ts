import { Inject, Injectable } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import {
  Catalog,
  DomainError,
  EventLog,
  ReadModels,
  versionOf,
  type Projection,
  type ProjectionDecisions,
  type ProjectionState,
  type RecordedEvent,
  type Standstill,
} from '#platform';
import type { OperationsEvent } from './operations.events.js';
import type { DecisionView, ProjectionDetail, ProjectionView, RebuildView, StandstillView } from './operations.dto.js';
import { OperatorDecisions } from './operator-decisions.js';

/** How every projection stands. */
export class ListProjections extends Query<ProjectionView[]> {}

/** How one projection stands, and what operators decided about it. */
export class GetProjection extends Query<ProjectionDetail> {
  constructor(readonly name: string) {
    super();
  }
}

const standstillView = ({ retries, version: _, ...stands }: Standstill, decisions: ProjectionDecisions): StandstillView => ({
  ...stands,
  retry_pending: decisions.retries > retries,
});

/** Progress and time left, estimated: positions rise with the log, but do not count events in every store. */
function rebuildView({ rebuild, rebuilds_done }: ProjectionState, decisions: ProjectionDecisions, head: string): RebuildView | null {
  const nothing = {
    position: '0',
    target: head,
    percent: 0,
    events: 0,
    events_per_second: null,
    seconds_left: null,
    started_at: null,
    stopped: null,
  };
  if (!rebuild) return decisions.rebuilds > rebuilds_done ? { status: 'requested', ...nothing } : null;
  const { position, target, events, working_ms, started_at, stopped } = rebuild;
  const share = Number(target) === 0 ? 1 : Math.min(1, Number(position) / Number(target));
  return {
    status: stopped ? 'stopped' : 'running',
    position,
    target,
    percent: Math.floor(share * 100),
    events,
    events_per_second: working_ms > 0 ? Math.round((events / working_ms) * 1_000) : null,
    seconds_left: share > 0 && !stopped ? Math.ceil((working_ms / 1_000) * (1 / share - 1)) : null,
    started_at: new Date(started_at).toISOString(),
    stopped: stopped && standstillView(stopped, decisions),
  };
}

const decisionView = ({ type, data, metadata }: RecordedEvent<OperationsEvent>): DecisionView => ({
  decision: type === 'projection.event_skipped' ? 'skip' : type === 'projection.retry_requested' ? 'retry' : 'rebuild',
  decided_at: metadata.timestamp,
  position: type === 'projection.event_skipped' ? data.position : null,
  reason: data.reason,
});

@Injectable()
class ProjectionViews {
  constructor(
    @Inject(ReadModels) private readonly reads: ReadModels,
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(Catalog) private readonly catalog: Catalog,
    @Inject(OperatorDecisions) private readonly decisions: OperatorDecisions,
  ) {}

  async of(projections: readonly Projection[]): Promise<ProjectionView[]> {
    const [states, head] = await Promise.all([this.reads.projections(projections.map(({ name }) => name)), this.log.store.head()]);
    return Promise.all(
      states.map(async (state) => {
        const decisions = await this.decisions.of(state.name);
        return {
          name: state.name,
          status: state.parked ? ('parked' as const) : ('live' as const),
          position: state.position,
          head,
          version: state.version,
          defined_version: versionOf(projections.find(({ name }) => name === state.name)!),
          updated_at: state.updated_at.toISOString(),
          parked: state.parked && standstillView(state.parked, decisions),
          rebuild: rebuildView(state, decisions, head),
        };
      }),
    );
  }

  all(): Promise<ProjectionView[]> {
    return this.of(this.catalog.projections);
  }

  async one(name: string): Promise<ProjectionDetail> {
    const [view] = await this.of(this.catalog.projections.filter((one) => one.name === name));
    if (!view) throw new DomainError('not_found', 'There is no such projection. GET /api/v1/operations/projections lists them.');
    return Object.assign({ decisions: (await this.decisions.history(name)).map(decisionView) }, view);
  }
}

@Injectable()
@QueryHandler(ListProjections)
export class ListProjectionsHandler implements IQueryHandler<ListProjections> {
  constructor(@Inject(ProjectionViews) private readonly views: ProjectionViews) {}
  execute(): Promise<ProjectionView[]> {
    return this.views.all();
  }
}

@Injectable()
@QueryHandler(GetProjection)
export class GetProjectionHandler implements IQueryHandler<GetProjection> {
  constructor(@Inject(ProjectionViews) private readonly views: ProjectionViews) {}
  execute({ name }: GetProjection): Promise<ProjectionDetail> {
    return this.views.one(name);
  }
}

export const OPERATIONS_QUERY_HANDLERS = [ProjectionViews, ListProjectionsHandler, GetProjectionHandler];
