import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AsOf, Caller, comparePositions, CurrentCaller, DomainError, EventLog, ProjectAccess, UuidPipe } from '#platform';
import { DiffRange, ProjectDiff } from './project-diff.dto.js';
import { ProjectDiffer } from './project-diff.js';

@ApiTags('projects')
@ApiBearerAuth()
@Controller('projects/:project_id')
export class ProjectDiffController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(AsOf) private readonly asOf: AsOf,
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(ProjectDiffer) private readonly differ: ProjectDiffer,
  ) {}

  @Get('diff')
  @ApiOperation({ summary: 'What became of a project between two positions: statuses, texts, messages, files' })
  @ApiOkResponse({ type: ProjectDiff })
  async diff(@CurrentCaller() caller: Caller, @Param('project_id', UuidPipe) project_id: string, @Query() range: DiffRange): Promise<ProjectDiff> {
    const { user_id } = caller;
    await this.queries.execute(new ProjectAccess(project_id, user_id));
    const from = await this.asOf.known(range.from, 'from');
    const to = range.to === undefined ? await this.log.store.head() : await this.asOf.known(range.to, 'to');
    if (comparePositions(from, to) > 0)
      throw new DomainError('invalid_input', 'The difference goes forward: "from" must not lie behind "to".', [
        { field: 'from', message: 'must not lie behind "to"' },
      ]);
    return this.differ.between({ project_id, user_id }, from, to);
  }
}
