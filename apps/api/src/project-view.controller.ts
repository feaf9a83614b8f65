import { Controller, Get, Inject, Param } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ListArtifacts } from '#artifacts';
import { ListGates } from '#hitl';
import { Caller, CurrentCaller, PageQuery, UuidPipe, type Page } from '#platform';
import { GetProject } from '#projects';
import { GetUsage, ListTasks } from '#tasks';
import { ProjectView } from './project-view.dto.js';

/** Pages of 200 that are put together; what is beyond has lists of its own. */
const MOST_PAGES = 5;

@ApiTags('projects')
@ApiBearerAuth()
@Controller('projects/:project_id')
export class ProjectViewController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get()
  @ApiOperation({ summary: 'One project with its tasks, artifacts and requests', description: 'Of each at most 1,000; their own lists have all.' })
  @ApiOkResponse({ type: ProjectView })
  async one(@CurrentCaller() caller: Caller, @Param('project_id', UuidPipe) project_id: string): Promise<ProjectView> {
    const { user_id } = caller;
    const { position, created_at, updated_at, ...project } = await this.queries.execute(new GetProject(project_id, user_id));
    const [tasks, artifacts, hitl_requests, models] = await Promise.all([
      gather((page) => this.queries.execute(new ListTasks(project_id, user_id, page))),
      gather((page) => this.queries.execute(new ListArtifacts(project_id, user_id, page))),
      gather((page) => this.queries.execute(new ListGates(user_id, { project_id }, page))),
      this.queries.execute(new GetUsage({ project_id }, user_id)),
    ]);
    const usage = {
      task_attempts: tasks.reduce((sum, { attempt }) => sum + attempt, 0),
      agent_seconds: Math.round(tasks.reduce((sum, { worked_ms }) => sum + worked_ms, 0) / 1_000),
      cost_micro_usd: models.reduce((sum, { cost_micro_usd }) => sum + cost_micro_usd, 0),
      models,
    };
    return { ...project, tasks, artifacts, hitl_requests, usage, created_at, updated_at, position };
  }
}

async function gather<T>(list: (page: PageQuery) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null | undefined;
  for (let pages = 0; pages < MOST_PAGES && cursor !== null; pages += 1) {
    const page = await list(Object.assign(new PageQuery(), { limit: 200, ...(cursor !== undefined && { cursor }) }));
    items.push(...page.items);
    cursor = page.next_cursor;
  }
  return items;
}
