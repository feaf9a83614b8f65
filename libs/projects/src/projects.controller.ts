import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { generationSpec, isTerminal, type GateDeadline, type GenerationSpec, type RunStatus } from '#contracts';
import {
  AsOf,
  AsOfPageQuery,
  Caller,
  CommandGateway,
  CONFIG,
  CurrentCaller,
  DomainError,
  ensure,
  PageQuery,
  ProjectAccess,
  UuidPipe,
  type Config,
  type Page,
} from '#platform';
import { ReserveRun } from './allowance.commands.js';
import { ArchiveProject, CancelRun, CreateProject, PauseRun, RenameProject, ReopenRun, ResumeRun, StartRun } from './projects.commands.js';
import { CreateProjectDto, RenameProjectDto, StartRunDto, type GateDeadlineDto, type LimitsDto } from './projects.dto.js';
import type { RunLimits } from './projects.events.js';
import { GetProject, GetRun, ListProjects, ListRuns, type ProjectSummary, type RunView } from './projects.queries.js';

const REMINDERS = 3;

interface StatusReply {
  readonly project_id: string;
  readonly run_id: string;
  readonly status: RunStatus;
}

@ApiTags('projects')
@ApiBearerAuth()
@Controller()
export class ProjectsController {
  constructor(
    @Inject(CommandGateway) private readonly commands: CommandGateway,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(AsOf) private readonly asOf: AsOf,
  ) {}

  @Post('projects')
  async create(@CurrentCaller() caller: Caller, @Body() body: CreateProjectDto): Promise<StatusReply> {
    const generation_spec = body.generation_spec === undefined ? null : parseGenerationSpec(body.generation_spec);
    const project_id = caller.newId('project');
    const run_id = caller.newId('run');
    await this.reserve(caller, run_id);
    await this.commands.send(
      new CreateProject(
        {
          project_id,
          run_id,
          name: (body.name ?? nameFrom(body.product_idea)).trim(),
          product_idea: body.product_idea,
          generation_spec,
          pipeline: body.pipeline ?? 'standard',
          autonomy: body.autonomy ?? 'plan',
          engine: body.engine ?? null,
          ...this.limits(body.limits),
        },
        caller.meta(project_id, run_id),
      ),
    );
    return { project_id, run_id, status: 'collecting' };
  }

  @Get('projects')
  list(@CurrentCaller() caller: Caller, @Query() query: PageQuery): Promise<Page<ProjectSummary>> {
    return this.queries.execute(new ListProjects(caller.user_id, query));
  }

  @Patch('projects/:project_id')
  async rename(
    @CurrentCaller() caller: Caller,
    @Param('project_id', UuidPipe) project_id: string,
    @Body() body: RenameProjectDto,
  ): Promise<ProjectSummary> {
    await this.commands.send(new RenameProject({ project_id, name: body.name.trim() }, caller.meta(project_id)));
    return this.queries.execute(new GetProject(project_id, caller.user_id));
  }

  @Delete('projects/:project_id')
  @HttpCode(204)
  async archive(@CurrentCaller() caller: Caller, @Param('project_id', UuidPipe) project_id: string): Promise<void> {
    await this.commands.send(new ArchiveProject({ project_id }, caller.meta(project_id)));
  }

  @Post('projects/:project_id/pause')
  @HttpCode(200)
  pause(@CurrentCaller() caller: Caller, @Param('project_id', UuidPipe) project_id: string): Promise<StatusReply> {
    return this.change(caller, project_id, new PauseRun({ project_id }, caller.meta(project_id)));
  }

  @Post('projects/:project_id/resume')
  @HttpCode(200)
  resume(@CurrentCaller() caller: Caller, @Param('project_id', UuidPipe) project_id: string): Promise<StatusReply> {
    return this.change(caller, project_id, new ResumeRun({ project_id }, caller.meta(project_id)));
  }

  @Post('projects/:project_id/cancel')
  @HttpCode(200)
  cancel(@CurrentCaller() caller: Caller, @Param('project_id', UuidPipe) project_id: string): Promise<StatusReply> {
    return this.change(caller, project_id, new CancelRun({ project_id, run_id: null }, caller.meta(project_id)));
  }

  @Post('projects/:project_id/retry')
  @HttpCode(200)
  retry(@CurrentCaller() caller: Caller, @Param('project_id', UuidPipe) project_id: string): Promise<StatusReply> {
    return this.change(caller, project_id, new ReopenRun({ project_id, run_id: null }, caller.meta(project_id)));
  }

  @Get('projects/:project_id/runs')
  async runs(
    @CurrentCaller() caller: Caller,
    @Param('project_id', UuidPipe) project_id: string,
    @Query() query: AsOfPageQuery,
  ): Promise<Page<RunView>> {
    await this.queries.execute(new ProjectAccess(project_id, caller.user_id));
    const at = await this.asOf.reads({ table: 'projects', id: project_id, userId: caller.user_id }, query.at_position);
    return this.queries.execute(new ListRuns(project_id, caller.user_id, query, at));
  }

  @Post('projects/:project_id/runs')
  async startRun(
    @CurrentCaller() caller: Caller,
    @Param('project_id', UuidPipe) project_id: string,
    @Body() body: StartRunDto,
  ): Promise<StatusReply> {
    const current = await this.queries.execute(new GetProject(project_id, caller.user_id));
    if (body.kind === 'refine' && body.instructions === undefined)
      throw new DomainError('invalid_input', 'Say in "instructions" what should be different.', [
        { field: 'instructions', message: 'is required to refine' },
      ]);
    if (body.kind === 'retry' && body.instructions !== undefined)
      throw new DomainError('invalid_input', 'A retry builds once more from what was said. To have something different, refine.', [
        { field: 'instructions', message: 'is for refining only' },
      ]);
    const run_id = caller.newId('run');
    if (current.run_id !== run_id) {
      ensure(isTerminal(current.status), 'run_active', 'The current run is still going on. Stop it first, or wait until it has ended.');
      await this.reserve(caller, run_id);
    }
    const { kind, pipeline, autonomy, engine, instructions = null } = body;
    const options = {
      ...(pipeline && { pipeline }),
      ...(autonomy && { autonomy }),
      ...(engine && { engine }),
      ...(body.limits && this.limits(body.limits)),
    };
    await this.commands.send(new StartRun({ project_id, run_id, kind, instructions, ...options }, caller.meta(project_id, run_id)));
    return { project_id, run_id, status: 'collecting' };
  }

  @Post('runs/:run_id/stop')
  @HttpCode(200)
  async stop(@CurrentCaller() caller: Caller, @Param('run_id', UuidPipe) run_id: string): Promise<StatusReply> {
    const { project_id } = await this.queries.execute(new GetRun(run_id, caller.user_id));
    return this.change(caller, project_id, new CancelRun({ project_id, run_id }, caller.meta(project_id)));
  }

  private async change(caller: Caller, projectId: string, command: PauseRun | ResumeRun | CancelRun | ReopenRun): Promise<StatusReply> {
    await this.commands.send(command);
    const { run_id, status } = await this.queries.execute(new GetProject(projectId, caller.user_id));
    return { project_id: projectId, run_id, status };
  }

  private async reserve(caller: Caller, run_id: string): Promise<void> {
    await this.commands.send(new ReserveRun({ user_id: caller.user_id, run_id, daily_limit: this.config.DAILY_RUNS_PER_USER }, caller.meta()));
  }

  private limits(asked: LimitsDto = {}): { limits: RunLimits; gate_reason: string | null } {
    const limits = {
      minutes: Math.min(asked.minutes ?? this.config.RUN_MINUTES, this.config.RUN_MINUTES),
      fix_rounds: Math.min(asked.fix_rounds ?? this.config.FIX_ROUNDS, this.config.FIX_ROUNDS),
    };
    return { limits: { ...limits, gate_deadline: parseGateDeadline(asked.gate_deadline) }, gate_reason: asked.gate_deadline?.reason?.trim() ?? null };
  }
}

/** Which of its fields a deadline needs depends on what it does. */
function parseGateDeadline(asked: GateDeadlineDto | undefined): GateDeadline | null {
  if (!asked) return null;
  const { seconds, then, times, reason } = asked;
  const refuse = (field: string, message: string): never => {
    const path = `limits.gate_deadline.${field}`;
    throw new DomainError('invalid_input', `${path} ${message}.`, [{ field: path, message }]);
  };
  const reminds = then === 'remind' || then === 'escalate';
  if (then === 'reject' && reason === undefined) refuse('reason', 'is required to reject: say what the agent should do differently');
  if (then !== 'reject' && reason !== undefined) refuse('reason', 'is for rejecting only');
  if (!reminds && times !== undefined) refuse('times', 'is for reminding and escalating only');
  return { seconds, then, times: reminds ? (times ?? REMINDERS) : 0 };
}

const GREETING = /^(?:(?:hi|hello|hey|hola|dear|greetings|good (?:morning|afternoon|evening|day))(?: [\p{L}']+){0,3}\s*[!.,:]\s*)+(?=\S)/iu;

/** The idea's first clause behind a greeting, until a person names the project. */
export function nameFrom(idea: string): string {
  const line = idea
    .trim()
    .replace(GREETING, '')
    .split(/\n|[.!?:;,](?:\s|$)/, 1)[0]!
    .trim();
  return line.length <= 60 ? line || 'Untitled' : `${line.slice(0, 60).replace(/\s+\S*$/, '')}…`;
}

function parseGenerationSpec(value: Record<string, unknown>): GenerationSpec {
  const parsed = generationSpec.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new DomainError(
    'invalid_input',
    'generation_spec does not have the documented form; see errors.',
    parsed.error.issues.map(({ path, message }) => ({ field: ['generation_spec', ...path].join('.'), message })),
  );
}
