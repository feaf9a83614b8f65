import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { AccessibleProjects, Caller, CurrentCaller, DomainError, EventLog, ProjectAccess, UuidPipe, type AuditFilter } from '#platform';
import { AuditPage, AuditQuery, Verification } from './events.dto.js';
import { parsePosition } from './positions.js';

/** The audit: every event of the caller's projects, as it is on record. */
@ApiTags('audit')
@ApiBearerAuth()
@Controller()
export class EventsController {
  constructor(
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Get('events/verify')
  @ApiOperation({ summary: 'Recompute the hash chains of the log and of the caller’s projects' })
  @ApiOkResponse({ type: Verification })
  async verify(@CurrentCaller() caller: Caller): Promise<Verification> {
    const chains = await this.log.store.verify(await this.queries.execute(new AccessibleProjects(caller.user_id)));
    return { ok: chains.every(({ ok }) => ok), chains };
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

  private async page(project_ids: readonly string[], query: AuditQuery): Promise<AuditPage> {
    const events = await this.log.query({ ...filterOf(query), project_ids, limit: query.limit + 1 });
    const items = events.slice(0, query.limit).map(({ position, stream, revision, type, metadata, data }) => ({
      position,
      stream,
      revision,
      event_type: type,
      timestamp: metadata.timestamp,
      actor: metadata.actor,
      correlation_id: metadata.correlation_id,
      causation_id: metadata.causation_id,
      payload: data,
    }));
    return { items, next_cursor: events.length > query.limit ? items.at(-1)!.position : null };
  }
}

function filterOf({ after, cursor, from, until, type, actor, correlation_id }: AuditQuery): Omit<AuditFilter, 'project_ids' | 'limit'> {
  return {
    ...((cursor ?? after) !== undefined && { after: cursor === undefined ? parsePosition(after!, 'after') : positionOfCursor(cursor) }),
    ...(from !== undefined && { from: time(from, 'from') }),
    ...(until !== undefined && { until: time(until, 'until') }),
    ...(type !== undefined && { type }),
    ...(actor !== undefined && { actor }),
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
