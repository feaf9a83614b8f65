import { Inject, Injectable } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { AgentType, ModelUsage, TaskStatus } from '#contracts';
import { ContentStore, DomainError, page, ReadModels, type Page, type PageQuery, type Reads } from '#platform';
import type { HandoffRef } from './tasks.events.js';
import type { CheckRow, TaskRow } from './tasks.projection.js';

export interface TaskSummary {
  readonly task_id: string;
  readonly project_id: string;
  readonly run_id: string;
  readonly agent_type: AgentType;
  readonly purpose: string;
  readonly instructions: string;
  readonly status: TaskStatus;
  readonly attempt: number;
  readonly round: number;
  readonly progress: number;
  readonly stage: string;
  readonly handoff_in: HandoffRef;
  readonly handoff_out: HandoffRef | null;
  readonly error: string | null;
  readonly worked_ms: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** One task with the handoffs themselves. */
export interface TaskView extends Omit<TaskSummary, 'handoff_in' | 'handoff_out'> {
  readonly handoff_in: HandoffRef & { readonly content: unknown };
  readonly handoff_out: (HandoffRef & { readonly content: unknown }) | null;
  /** What models were asked for it, by role and model. */
  readonly usage: readonly ModelUsage[];
}

export interface LogView {
  readonly log_id: string;
  readonly task_id: string;
  readonly run_id: string;
  readonly attempt: number;
  readonly check: string;
  readonly command: string | null;
  readonly status: string;
  readonly exit_code: number | null;
  readonly duration_ms: number;
  readonly log: string | null;
  readonly created_at: string;
}

/** A task that somebody should be working on. */
export interface OpenTask {
  readonly task_id: string;
  readonly agent_type: AgentType;
  readonly attempt: number;
  readonly run_id: string;
  /** ISO 8601, or null for at once. */
  readonly not_before: string | null;
}

export class ListTasks extends Query<Page<TaskSummary>> {
  constructor(
    readonly projectId: string,
    readonly userId: string,
    readonly page: PageQuery,
    readonly at?: Reads,
  ) {
    super();
  }
}
export class GetTask extends Query<TaskView> {
  constructor(
    readonly taskId: string,
    readonly userId: string,
    readonly at?: Reads,
  ) {
    super();
  }
}
export class ListLogs extends Query<Page<LogView>> {
  constructor(
    readonly projectId: string,
    readonly userId: string,
    readonly page: PageQuery,
  ) {
    super();
  }
}
/** What models were used for in a project, a run or a task, by role and model, the dearest first. */
export class GetUsage extends Query<ModelUsage[]> {
  constructor(
    readonly of: { readonly project_id: string } | { readonly run_id: string } | { readonly task_id: string },
    readonly userId: string,
    readonly at?: Reads,
  ) {
    super();
  }
}
/** Attempts that are due and that no agent has finished, oldest first. */
export class OpenTasks extends Query<OpenTask[]> {}
/** Attempts of a person's tasks that wait for an agent, a decision or the end of a pause, or are being worked on. */
export class TasksAtWork extends Query<Pick<OpenTask, 'task_id' | 'agent_type' | 'attempt'>[]> {
  constructor(readonly userId: string) {
    super();
  }
}

const summary = ({ owner_id: _owner, started_at: _started, not_before: _due, copied: _copied, ...row }: TaskRow): TaskSummary => row;

@Injectable()
@QueryHandler(ListTasks)
export class ListTasksHandler implements IQueryHandler<ListTasks> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  async execute({ projectId, userId, page: query, at = this.reads }: ListTasks): Promise<Page<TaskSummary>> {
    const from = 'FROM read_models.tasks WHERE project_id = $1 AND owner_id = $2';
    const { items, next_cursor } = await page<TaskRow>(at, from, [projectId, userId], query, { id: 'task_id', direction: 'ASC' });
    return { items: items.map(summary), next_cursor };
  }
}

@Injectable()
@QueryHandler(GetTask)
export class GetTaskHandler implements IQueryHandler<GetTask> {
  constructor(
    @Inject(ReadModels) private readonly reads: ReadModels,
    @Inject(ContentStore) private readonly contents: ContentStore,
  ) {}
  async execute({ taskId, userId, at = this.reads }: GetTask): Promise<TaskView> {
    const row = await at.row<TaskRow>('SELECT * FROM read_models.tasks WHERE task_id = $1 AND owner_id = $2', [taskId, userId]);
    if (!row) throw new DomainError('not_found', 'There is no such task.');
    const withContent = async (ref: HandoffRef) => ({ ...ref, content: await this.contents.getJson(row.owner_id, ref.sha256) });
    return {
      ...summary(row),
      handoff_in: await withContent(row.handoff_in),
      handoff_out: row.handoff_out && (await withContent(row.handoff_out)),
      usage: await usageOf(at, { task_id: taskId }, userId),
    };
  }
}

@Injectable()
@QueryHandler(GetUsage)
export class GetUsageHandler implements IQueryHandler<GetUsage> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  execute({ of, userId, at = this.reads }: GetUsage): Promise<ModelUsage[]> {
    return usageOf(at, of, userId);
  }
}

async function usageOf(reads: Reads, of: GetUsage['of'], userId: string): Promise<ModelUsage[]> {
  const [column, id] = Object.entries(of)[0] as [string, string];
  const rows = await reads.rows<Record<keyof ModelUsage, string>>(
    `SELECT role, model, sum(requests) AS requests, sum(input_tokens) AS input_tokens, sum(cache_write_tokens) AS cache_write_tokens,
            sum(cache_read_tokens) AS cache_read_tokens, sum(output_tokens) AS output_tokens, sum(cost_micro_usd) AS cost_micro_usd
       FROM read_models.task_usage WHERE ${column} = $1 AND owner_id = $2 GROUP BY role, model ORDER BY sum(cost_micro_usd) DESC, role, model`,
    [id, userId],
  );
  return rows.map(({ role, model, ...figures }) => ({
    role,
    model,
    ...(Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, Number(figure)])) as Omit<ModelUsage, 'role' | 'model'>),
  }));
}

@Injectable()
@QueryHandler(ListLogs)
export class ListLogsHandler implements IQueryHandler<ListLogs> {
  constructor(
    @Inject(ReadModels) private readonly reads: ReadModels,
    @Inject(ContentStore) private readonly contents: ContentStore,
  ) {}
  async execute({ projectId, userId, page: query }: ListLogs): Promise<Page<LogView>> {
    const from = 'FROM read_models.task_logs WHERE project_id = $1 AND owner_id = $2';
    const { items, next_cursor } = await page<CheckRow>(this.reads, from, [projectId, userId], query, { id: 'log_id', direction: 'ASC' });
    const views = items.map(async ({ owner_id, project_id: _project, check_name, log, ...row }) => ({
      ...row,
      check: check_name,
      log: log === null ? null : (await this.contents.get(owner_id, log)).toString('utf8'),
    }));
    return { items: await Promise.all(views), next_cursor };
  }
}

@Injectable()
@QueryHandler(OpenTasks)
export class OpenTasksHandler implements IQueryHandler<OpenTasks> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  execute(): Promise<OpenTask[]> {
    return this.reads.rows<OpenTask>(
      `SELECT task_id, agent_type, attempt, run_id, not_before FROM read_models.tasks
        WHERE status IN ('pending', 'working') AND stage <> 'paused' AND NOT copied ORDER BY created_at LIMIT 1000`,
    );
  }
}

@Injectable()
@QueryHandler(TasksAtWork)
export class TasksAtWorkHandler implements IQueryHandler<TasksAtWork> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  execute({ userId }: TasksAtWork): Promise<Pick<OpenTask, 'task_id' | 'agent_type' | 'attempt'>[]> {
    return this.reads.rows(
      `SELECT t.task_id, t.agent_type, t.attempt FROM read_models.projects p JOIN read_models.tasks t ON t.project_id = p.project_id
        WHERE p.owner_id = $1 AND t.status IN ('pending', 'working', 'waiting_for_hitl') LIMIT 1000`,
      [userId],
    );
  }
}

export const TASK_QUERY_HANDLERS = [GetUsageHandler, ListTasksHandler, GetTaskHandler, ListLogsHandler, OpenTasksHandler, TasksAtWorkHandler];
