import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ListArtifacts } from '#artifacts';
import type { ModelUsage } from '#contracts';
import { ListGates } from '#hitl';
import { AsOf, AsOfQuery, Caller, CurrentCaller, UuidPipe } from '#platform';
import { GetProject, GetRun } from '#projects';
import { GetUsage, ListTasks, type TaskSummary } from '#tasks';
import { gather } from './gather.js';
import { ProjectView, RunWithUsage, type UsageView } from './project-view.dto.js';

@ApiTags('projects')
@ApiBearerAuth()
@Controller()
export class ProjectViewController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(AsOf) private readonly asOf: AsOf,
  ) {}

  @Get('projects/:project_id')
  @ApiOperation({ summary: 'One project with its tasks, artifacts and requests', description: 'Of each at most 1,000; their own lists have all.' })
  @ApiOkResponse({ type: ProjectView })
  async one(
    @CurrentCaller() caller: Caller,
    @Param('project_id', UuidPipe) project_id: string,
    @Query() { at_position }: AsOfQuery,
  ): Promise<ProjectView> {
    const { user_id } = caller;
    const at = await this.asOf.reads({ table: 'projects', id: project_id, userId: user_id }, at_position);
    const { position, created_at, updated_at, ...project } = await this.queries.execute(new GetProject(project_id, user_id, at));
    const [tasks, artifacts, hitl_requests, models] = await Promise.all([
      gather((page) => this.queries.execute(new ListTasks(project_id, user_id, page, at))),
      gather((page) => this.queries.execute(new ListArtifacts(project_id, user_id, page, at))),
      gather((page) => this.queries.execute(new ListGates(user_id, { project_id }, page, at))),
      this.queries.execute(new GetUsage({ project_id }, user_id, at)),
    ]);
    return { ...project, tasks, artifacts, hitl_requests, usage: usageOf(tasks, models), created_at, updated_at, position };
  }

  @Get('runs/:run_id')
  @ApiOperation({ summary: 'One run, with what it used up' })
  @ApiOkResponse({ type: RunWithUsage })
  async run(@CurrentCaller() caller: Caller, @Param('run_id', UuidPipe) run_id: string, @Query() { at_position }: AsOfQuery): Promise<RunWithUsage> {
    const { user_id } = caller;
    const at = await this.asOf.reads({ table: 'runs', id: run_id, userId: user_id }, at_position);
    const run = await this.queries.execute(new GetRun(run_id, user_id, at));
    const [tasks, models] = await Promise.all([
      gather((page) => this.queries.execute(new ListTasks(run.project_id, user_id, page, at))),
      this.queries.execute(new GetUsage({ run_id }, user_id, at)),
    ]);
    return {
      ...run,
      usage: usageOf(
        tasks.filter((task) => task.run_id === run_id),
        models,
      ),
    };
  }
}

const usageOf = (tasks: readonly TaskSummary[], models: ModelUsage[]): UsageView => ({
  task_attempts: tasks.reduce((sum, { attempt }) => sum + attempt, 0),
  agent_seconds: Math.round(tasks.reduce((sum, { worked_ms }) => sum + worked_ms, 0) / 1_000),
  cost_micro_usd: models.reduce((sum, { cost_micro_usd }) => sum + cost_micro_usd, 0),
  models,
});
