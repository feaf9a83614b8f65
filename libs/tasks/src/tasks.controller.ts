import { Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { Cassette } from '#contracts';
import {
  AsOf,
  AsOfPageQuery,
  AsOfQuery,
  Caller,
  CommandGateway,
  CurrentCaller,
  ensure,
  PageQuery,
  ProjectAccess,
  UuidPipe,
  type Page,
} from '#platform';
import { ExportCassette } from './tasks.cassette.js';
import { ReissueTask } from './tasks.commands.js';
import { GetTask, ListLogs, ListTasks, type LogView, type TaskSummary, type TaskView } from './tasks.queries.js';

@ApiTags('tasks')
@ApiBearerAuth()
@Controller()
export class TasksController {
  constructor(
    @Inject(CommandGateway) private readonly commands: CommandGateway,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(AsOf) private readonly asOf: AsOf,
  ) {}

  @Get('projects/:project_id/tasks')
  async list(
    @CurrentCaller() caller: Caller,
    @Param('project_id', UuidPipe) project_id: string,
    @Query() query: AsOfPageQuery,
  ): Promise<Page<TaskSummary>> {
    await this.queries.execute(new ProjectAccess(project_id, caller.user_id));
    const at = await this.asOf.reads({ table: 'projects', id: project_id, userId: caller.user_id }, query.at_position);
    return this.queries.execute(new ListTasks(project_id, caller.user_id, query, at));
  }

  /** Everything that a run heard from models and tools, for `countersign replay`. */
  @Get('runs/:run_id/cassette')
  cassette(@CurrentCaller() caller: Caller, @Param('run_id', UuidPipe) run_id: string): Promise<Cassette> {
    return this.queries.execute(new ExportCassette(run_id, caller.user_id));
  }

  @Get('tasks/:task_id')
  async one(@CurrentCaller() caller: Caller, @Param('task_id', UuidPipe) task_id: string, @Query() { at_position }: AsOfQuery): Promise<TaskView> {
    const at = await this.asOf.reads({ table: 'tasks', id: task_id, userId: caller.user_id }, at_position);
    return this.queries.execute(new GetTask(task_id, caller.user_id, at));
  }

  /** A failed task is tried again; the run it failed goes on with it. */
  @Post('tasks/:task_id/retry')
  @HttpCode(202)
  async retry(
    @CurrentCaller() caller: Caller,
    @Param('task_id', UuidPipe) task_id: string,
  ): Promise<Pick<TaskView, 'task_id' | 'status' | 'attempt'>> {
    const { project_id, run_id, purpose } = await this.queries.execute(new GetTask(task_id, caller.user_id));
    const current = await this.queries.execute(new ProjectAccess(project_id, caller.user_id));
    ensure(run_id === current.run_id, 'task_not_failed', 'Another run has taken the place of the one that this task belongs to.');
    ensure(purpose !== 'answer', 'task_not_failed', 'An answer in the chat is not tried again. Write your message once more.');
    await this.commands.send(new ReissueTask({ task_id }, caller.meta(project_id, run_id)));
    const { status, attempt } = await this.queries.execute(new GetTask(task_id, caller.user_id));
    return { task_id, status, attempt };
  }

  @Get('projects/:project_id/logs')
  async logs(@CurrentCaller() caller: Caller, @Param('project_id', UuidPipe) project_id: string, @Query() query: PageQuery): Promise<Page<LogView>> {
    await this.queries.execute(new ProjectAccess(project_id, caller.user_id));
    return this.queries.execute(new ListLogs(project_id, caller.user_id, query));
  }
}
