import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiProperty, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { Allow, IsDefined, IsIn, IsOptional, Matches } from 'class-validator';
import { HANDOFFS, HITL_ACTIONS, HITL_STATUSES, type HandoffType, type HitlAction, type HitlStatus } from '#contracts';
import {
  AsOf,
  AsOfPageQuery,
  AsOfQuery,
  Caller,
  CommandGateway,
  ContentStore,
  CurrentCaller,
  DomainError,
  PageQuery,
  ProjectAccess,
  UuidPipe,
  type Page,
} from '#platform';
import { RespondToGate } from './hitl.commands.js';
import { GetGate, ListGates, type GateSummary, type GateView } from './hitl.queries.js';

export class InboxQuery extends PageQuery {
  @ApiPropertyOptional({ enum: HITL_STATUSES })
  @IsOptional()
  @IsIn(HITL_STATUSES)
  status?: HitlStatus;
}

export class ProjectInboxQuery extends AsOfPageQuery {
  @ApiPropertyOptional({ enum: HITL_STATUSES })
  @IsOptional()
  @IsIn(HITL_STATUSES)
  status?: HitlStatus;
}

export class RespondDto {
  @ApiProperty({ enum: HITL_ACTIONS })
  @IsDefined()
  @IsIn(HITL_ACTIONS)
  action: HitlAction;

  @ApiPropertyOptional({
    description: 'reject: the reason, as text. amend: the corrected content, as an object (or as JSON text). approve: a remark, as text.',
  })
  @Allow()
  response_content?: unknown;

  @ApiPropertyOptional({ description: 'hash of what was reviewed; the answer is refused if it is not what the request is about' })
  @IsOptional()
  @Matches(/^[0-9a-f]{64}$/, { message: 'content_hash must be 64 lower-case hex digits' })
  content_hash?: string;
}

const MAX_COMMENT = 20_000;

@ApiTags('human in the loop')
@ApiBearerAuth()
@Controller()
export class HitlController {
  constructor(
    @Inject(CommandGateway) private readonly commands: CommandGateway,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ContentStore) private readonly contents: ContentStore,
    @Inject(AsOf) private readonly asOf: AsOf,
  ) {}

  @Get('hitl')
  inbox(@CurrentCaller() caller: Caller, @Query() query: InboxQuery): Promise<Page<GateSummary>> {
    return this.queries.execute(new ListGates(caller.user_id, { status: query.status }, query));
  }

  @Get('projects/:project_id/hitl')
  async ofProject(
    @CurrentCaller() caller: Caller,
    @Param('project_id', UuidPipe) project_id: string,
    @Query() query: ProjectInboxQuery,
  ): Promise<Page<GateSummary>> {
    await this.queries.execute(new ProjectAccess(project_id, caller.user_id));
    const at = await this.asOf.reads({ table: 'projects', id: project_id, userId: caller.user_id }, query.at_position);
    return this.queries.execute(new ListGates(caller.user_id, { project_id, status: query.status }, query, at));
  }

  @Get('hitl/:request_id')
  async one(
    @CurrentCaller() caller: Caller,
    @Param('request_id', UuidPipe) request_id: string,
    @Query() { at_position }: AsOfQuery,
  ): Promise<GateView> {
    const at = await this.asOf.reads({ table: 'hitl_requests', id: request_id, userId: caller.user_id }, at_position);
    return this.queries.execute(new GetGate(request_id, caller.user_id, at));
  }

  @Post('hitl/:request_id/respond')
  @HttpCode(200)
  async respond(
    @CurrentCaller() caller: Caller,
    @Param('request_id', UuidPipe) request_id: string,
    @Body() body: RespondDto,
  ): Promise<{ request_id: string; new_status: HitlStatus }> {
    const gate = await this.queries.execute(new GetGate(request_id, caller.user_id));
    const amended_hash = body.action === 'amend' ? await this.storeAmendment(caller, gate, body.response_content) : null;
    const comment = body.action === 'amend' ? null : commentFrom(body.response_content);
    await this.commands.send(
      new RespondToGate(
        { request_id, action: body.action, content_hash: body.content_hash ?? null, amended_hash, comment },
        caller.meta(gate.project_id, gate.run_id),
      ),
    );
    const { status } = await this.queries.execute(new GetGate(request_id, caller.user_id));
    return { request_id, new_status: status };
  }

  /** The amendment is validated against the handoff's schema and durable before the event that names it. */
  private async storeAmendment(caller: Caller, gate: GateView, given: unknown): Promise<string> {
    const content = typeof given === 'string' ? parseJson(given) : given;
    if (content === null || typeof content !== 'object')
      throw new DomainError('invalid_input', 'An amendment needs the corrected content in response_content.', [
        { field: 'response_content', message: 'must be the corrected content, as an object' },
      ]);
    const parsed = HANDOFFS[gate.handoff_type as HandoffType].schema.safeParse(content);
    if (!parsed.success)
      throw new DomainError(
        'handoff_invalid',
        `The corrected content is not a valid ${gate.handoff_type}; nothing was changed. See errors, or GET /api/v1/hitl/${gate.request_id} for what it looked like.`,
        parsed.error.issues.slice(0, 50).map(({ path, message }) => ({ field: ['response_content', ...path].join('.'), message })),
      );
    const { sha256 } = await this.contents.putJson(caller.user_id, parsed.data);
    return sha256;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function commentFrom(given: unknown): string | null {
  if (given === undefined || given === null) return null;
  if (typeof given !== 'string' || given.length > MAX_COMMENT)
    throw new DomainError('invalid_input', `response_content must be text of at most ${MAX_COMMENT} characters.`, [
      { field: 'response_content', message: `must be text of at most ${MAX_COMMENT} characters` },
    ]);
  return given.trim() === '' ? null : given;
}
