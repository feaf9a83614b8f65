import { Inject, Injectable } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { TERMINAL_RUN_STATUSES, type AgentEngine, type RunStatus } from '#contracts';
import {
  AccessibleProjects,
  DomainError,
  page,
  ProjectAccess,
  ReadModels,
  type Page,
  type PageQuery,
  type ProjectAccessView,
  type Reads,
} from '#platform';
import type { ProjectRow, RunRow } from './projects.projection.js';

export interface RunView {
  readonly run_id: string;
  readonly project_id: string;
  readonly kind: string;
  readonly pipeline: string;
  readonly autonomy: string;
  /** Null: whatever the server's configuration says. */
  readonly engine: AgentEngine | null;
  readonly limits: RunRow['limits'];
  readonly instructions: string | null;
  readonly status: RunStatus;
  readonly stage: string;
  readonly warnings: readonly string[];
  readonly reason: string | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly finished_at: string | null;
}

export interface ProjectSummary {
  readonly project_id: string;
  readonly run_id: string;
  readonly name: string;
  readonly product_idea: string;
  readonly status: RunStatus;
  readonly stage: string;
  readonly pipeline: string;
  readonly autonomy: string;
  readonly engine: AgentEngine | null;
  readonly warnings: readonly string[];
  readonly reason: string | null;
  readonly archived: boolean;
  /** Which project it began as, and as that one stood where; null where it began by itself. */
  readonly forked_from: { readonly project_id: string; readonly position: string } | null;
  readonly created_at: string;
  readonly updated_at: string;
  readonly position: string;
}

export class GetProject extends Query<ProjectSummary> {
  constructor(
    readonly projectId: string,
    readonly userId: string,
    readonly at?: Reads,
  ) {
    super();
  }
}
export class ListProjects extends Query<Page<ProjectSummary>> {
  constructor(
    readonly userId: string,
    readonly page: PageQuery,
  ) {
    super();
  }
}
export class ListRuns extends Query<Page<RunView>> {
  constructor(
    readonly projectId: string,
    readonly userId: string,
    readonly page: PageQuery,
    readonly at?: Reads,
  ) {
    super();
  }
}
export class GetRun extends Query<RunView> {
  constructor(
    readonly runId: string,
    readonly userId: string,
    readonly at?: Reads,
  ) {
    super();
  }
}
/** Runs that have worked for a while. */
export class WorkingRuns extends Query<{ project_id: string; run_id: string; owner_id: string }[]> {}

/** Which of these runs have ended, for now or for good. */
export class EndedRuns extends Query<Set<string>> {
  constructor(readonly runIds: readonly string[]) {
    super();
  }
}

const shown = (row: { status: RunStatus; paused: boolean }): RunStatus => (row.paused ? 'paused' : row.status);

const PROJECT_WITH_RUN = `
  SELECT p.project_id, p.run_id, p.name, p.product_idea, p.archived, p.forked_from, p.created_at, p.position::text AS position, p.owner_id,
         greatest(p.updated_at, r.updated_at) AS updated_at, r.status, r.paused, r.stage, r.pipeline, r.autonomy, r.engine, r.warnings, r.reason
    FROM read_models.projects p JOIN read_models.runs r ON r.run_id = p.run_id`;

type Joined = ProjectRow & Pick<RunRow, 'status' | 'paused' | 'stage' | 'pipeline' | 'autonomy' | 'engine' | 'warnings' | 'reason'>;

const summary = (row: Joined): ProjectSummary => ({
  project_id: row.project_id,
  run_id: row.run_id!,
  name: row.name,
  product_idea: row.product_idea,
  status: shown(row),
  stage: row.stage,
  pipeline: row.pipeline,
  autonomy: row.autonomy,
  engine: row.engine,
  warnings: row.warnings,
  reason: row.reason,
  archived: row.archived,
  forked_from: row.forked_from,
  created_at: row.created_at,
  updated_at: row.updated_at,
  position: row.position,
});

const runView = ({ owner_id: _owner, paused, ...row }: RunRow): RunView => ({ ...row, status: shown({ status: row.status, paused }) });

const missing = (): never => {
  throw new DomainError('not_found', 'There is no such project.');
};

@Injectable()
@QueryHandler(GetProject)
export class GetProjectHandler implements IQueryHandler<GetProject> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  async execute({ projectId, userId, at = this.reads }: GetProject): Promise<ProjectSummary> {
    const row = await at.row<Joined>(`${PROJECT_WITH_RUN} WHERE p.project_id = $1 AND p.owner_id = $2`, [projectId, userId]);
    return row ? summary(row) : missing();
  }
}

@Injectable()
@QueryHandler(ListProjects)
export class ListProjectsHandler implements IQueryHandler<ListProjects> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  async execute({ userId, page: query }: ListProjects): Promise<Page<ProjectSummary>> {
    const from = `FROM (${PROJECT_WITH_RUN}) project WHERE owner_id = $1 AND NOT archived`;
    const { items, next_cursor } = await page<Joined>(this.reads, from, [userId], query, { id: 'project_id', direction: 'DESC' });
    return { items: items.map(summary), next_cursor };
  }
}

@Injectable()
@QueryHandler(ListRuns)
export class ListRunsHandler implements IQueryHandler<ListRuns> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  async execute({ projectId, userId, page: query, at = this.reads }: ListRuns): Promise<Page<RunView>> {
    const from = 'FROM read_models.runs WHERE project_id = $1 AND owner_id = $2';
    const { items, next_cursor } = await page<RunRow>(at, from, [projectId, userId], query, { id: 'run_id', direction: 'DESC' });
    return { items: items.map(runView), next_cursor };
  }
}

@Injectable()
@QueryHandler(GetRun)
export class GetRunHandler implements IQueryHandler<GetRun> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  async execute({ runId, userId, at = this.reads }: GetRun): Promise<RunView> {
    const row = await at.row<RunRow>('SELECT * FROM read_models.runs WHERE run_id = $1 AND owner_id = $2', [runId, userId]);
    if (!row) throw new DomainError('not_found', 'There is no such run.');
    return runView(row);
  }
}

@Injectable()
@QueryHandler(WorkingRuns)
export class WorkingRunsHandler implements IQueryHandler<WorkingRuns> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  execute(): Promise<{ project_id: string; run_id: string; owner_id: string }[]> {
    return this.reads.rows(
      `SELECT project_id, run_id, owner_id FROM read_models.runs
        WHERE status IN ('running', 'fixing') AND NOT paused AND updated_at < now() - interval '10 seconds' ORDER BY created_at LIMIT 500`,
    );
  }
}

@Injectable()
@QueryHandler(EndedRuns)
export class EndedRunsHandler implements IQueryHandler<EndedRuns> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  async execute({ runIds }: EndedRuns): Promise<Set<string>> {
    const rows = await this.reads.rows<{ run_id: string }>('SELECT run_id FROM read_models.runs WHERE run_id = ANY($1) AND status = ANY($2)', [
      [...new Set(runIds)],
      TERMINAL_RUN_STATUSES,
    ]);
    return new Set(rows.map(({ run_id }) => run_id));
  }
}

@Injectable()
@QueryHandler(ProjectAccess)
export class ProjectAccessHandler implements IQueryHandler<ProjectAccess> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  async execute({ projectId, userId }: ProjectAccess): Promise<ProjectAccessView> {
    const row = await this.reads.row<Joined>(`${PROJECT_WITH_RUN} WHERE p.project_id = $1 AND p.owner_id = $2`, [projectId, userId]);
    if (!row) return missing();
    return { project_id: row.project_id, owner_id: row.owner_id, run_id: row.run_id!, status: shown(row), archived: row.archived };
  }
}

@Injectable()
@QueryHandler(AccessibleProjects)
export class AccessibleProjectsHandler implements IQueryHandler<AccessibleProjects> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  async execute({ userId }: AccessibleProjects): Promise<string[]> {
    const rows = await this.reads.rows<{ project_id: string }>('SELECT project_id FROM read_models.projects WHERE owner_id = $1', [userId]);
    return rows.map(({ project_id }) => project_id);
  }
}

export const PROJECT_QUERY_HANDLERS = [
  GetProjectHandler,
  ListProjectsHandler,
  ListRunsHandler,
  GetRunHandler,
  WorkingRunsHandler,
  EndedRunsHandler,
  ProjectAccessHandler,
  AccessibleProjectsHandler,
];
