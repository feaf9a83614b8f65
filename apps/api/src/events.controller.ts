import { Controller, Get, Inject, Param, Query, StreamableFile } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { ExportProject, FindEvents, ListSignedHeads, SignedHeadPage, TraceEvent, VerifyChains, type EventFilter } from '#audit';
import { AccessibleProjects, audited, Caller, CurrentCaller, DomainError, PageQuery, ProjectAccess, START, UuidPipe } from '#platform';
import { AuditPage, AuditQuery, TraceQuery, TraceView, Verification } from './events.dto.js';
import { parsePosition } from './positions.js';

/** The audit: every event of the caller's projects, as it is on record. */
@ApiTags('audit')
@ApiBearerAuth()
@Controller()
export class EventsController {
  constructor(@Inject(QueryBus) private readonly queries: QueryBus) {}

  @Get('events/verify')
  @ApiOperation({ summary: 'Recompute the hash chains of the log and of the caller’s projects' })
  @ApiOkResponse({ type: Verification })
  async verify(@CurrentCaller() caller: Caller): Promise<Verification> {
    const projects = await this.queries.execute(new AccessibleProjects(caller.user_id));
    const chains = await this.queries.execute(new VerifyChains(projects));
    return { ok: chains.every(({ ok }) => ok), chains };
  }

  @Get('events/heads')
  @ApiOperation({ summary: 'Signed heads of the log’s chain, the newest first' })
  @ApiOkResponse({ type: SignedHeadPage })
  async headsOfLog(@Query() { cursor, limit }: PageQuery): Promise<SignedHeadPage> {
    return this.queries.execute(new ListSignedHeads(null, cursor === undefined ? null : positionOfCursor(cursor), limit));
  }

  @Get('projects/:project_id/events/heads')
  @ApiOperation({ summary: 'Signed heads of a project’s chain, the newest first' })
  @ApiOkResponse({ type: SignedHeadPage })
  async headsOfProject(
    @CurrentCaller() caller: Caller,
    @Param('project_id', UuidPipe) project_id: string,
    @Query() { cursor, limit }: PageQuery,
  ): Promise<SignedHeadPage> {
    await this.queries.execute(new ProjectAccess(project_id, caller.user_id));
    return this.queries.execute(new ListSignedHeads(project_id, cursor === undefined ? null : positionOfCursor(cursor), limit));
  }

  @Get('projects/:project_id/events/export')
  @ApiOperation({ summary: 'The project’s history as a file that proves itself (NDJSON)' })
  @ApiProduces('application/x-ndjson')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async export(@CurrentCaller() caller: Caller, @Param('project_id', UuidPipe) project_id: string): Promise<StreamableFile> {
    await this.queries.execute(new ProjectAccess(project_id, caller.user_id));
    const type = 'application/x-ndjson';
    const disposition = `attachment; filename="project-${project_id}.ndjson"`;
    return new StreamableFile(await this.queries.execute(new ExportProject(project_id)), { type, disposition });
  }

  @Get('events')
  @ApiOperation({ summary: 'Events of all the caller’s projects' })
  @ApiOkResponse({ type: AuditPage })
  async all(@CurrentCaller() caller: Caller, @Query() query: AuditQuery): Promise<AuditPage> {
    return this.page(await this.queries.execute(new AccessibleProjects(caller.user_id)), query);
  }

  @Get('projects/:project_id/events')
  @ApiOperation({ summary: 'Events of one project' })
  @ApiOkResponse({ type: AuditPage })
  async ofProject(
    @CurrentCaller() caller: Caller,
    @Param('project_id', UuidPipe) project_id: string,
    @Query() query: AuditQuery,
  ): Promise<AuditPage> {
    await this.queries.execute(new ProjectAccess(project_id, caller.user_id));
    return this.page([project_id], query);
  }

  @Get('events/:position/causes')
  @ApiOperation({ summary: 'What led to an event, back to the persons who decided; or what followed from it' })
  @ApiOkResponse({ type: TraceView })
  async causes(@CurrentCaller() { user_id }: Caller, @Param('position') position: string, @Query() query: TraceQuery): Promise<TraceView> {
    const project_ids = await this.queries.execute(new AccessibleProjects(user_id));
    const { direction, depth, limit } = query;
    return this.queries.execute(new TraceEvent({ position: parsePosition(position, 'position'), direction, depth, limit, user_id, project_ids }));
  }

  private async page(project_ids: readonly string[], query: AuditQuery): Promise<AuditPage> {
    const { items, next_cursor } = await this.queries.execute(new FindEvents({ ...filterOf(query), project_ids }));
    return { items: items.map(audited), next_cursor };
  }
}

function filterOf({ after = START, cursor, from, until, type, actor, run_id, correlation_id, limit }: AuditQuery): Omit<EventFilter, 'project_ids'> {
  return {
    after: cursor === undefined ? parsePosition(after, 'after') : positionOfCursor(cursor),
    limit,
    ...(from !== undefined && { from: time(from, 'from') }),
    ...(until !== undefined && { until: time(until, 'until') }),
    ...(type !== undefined && { type }),
    ...(actor !== undefined && { actor }),
    ...(run_id !== undefined && { run_id }),
    ...(correlation_id !== undefined && { correlation_id }),
  };
}

function positionOfCursor(cursor: string): string {
  try {
    return parsePosition(cursor, 'cursor');
  } catch {
    throw new DomainError('invalid_cursor', 'This cursor is not one that was handed out. Begin again without a cursor.', [
      { field: 'cursor', message: 'must be a next_cursor of an earlier answer' },
    ]);
  }
}

function time(text: string, field: string): string {
  const parsed = new Date(text);
  if (!Number.isNaN(parsed.getTime())) return parsed.toISOString();
  throw new DomainError('invalid_input', 'There is no such time.', [{ field, message: 'must be a time that exists' }]);
}
