import { Body, Controller, Inject, Param, Post } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import type { RunStatus } from '#contracts';
import { Caller, CommandGateway, CONFIG, CurrentCaller, DomainError, forkedId, UuidPipe, type Config } from '#platform';
import { ReserveRun } from './allowance.commands.js';
import { FindForkPoint, GetFork } from './forks.queries.js';
import { RequestFork } from './projects.commands.js';
import { GetProject } from './projects.queries.js';

/** How long the answer waits for the copy; a longer one goes on by itself. */
const PATIENCE_MS = 10_000;

export class ForkProjectDto {
  @ApiPropertyOptional({
    pattern: '^\\d{1,19}$',
    description: 'position of the log: the fork begins as the project stood there; as it stands now where it is left out',
  })
  @IsOptional()
  @IsString()
  @Matches(/^\d{1,19}$/, { message: 'at_position must be a position: a decimal string' })
  at_position?: string;

  @ApiPropertyOptional({ maxLength: 120, description: 'name of the new project; that of the other one where it is left out' })
  @IsOptional()
  @IsString()
  @Matches(/\S/, { message: '$property must not be empty' })
  @MaxLength(120)
  name?: string;
}

/** `copying`, and no run: it takes longer. The project is there when all is copied. */
interface ForkReply {
  readonly project_id: string;
  readonly run_id?: string;
  readonly status: RunStatus | 'copying';
}

@ApiTags('projects')
@ApiBearerAuth()
@Controller('projects/:project_id/fork')
export class ForksController {
  constructor(
    @Inject(CommandGateway) private readonly commands: CommandGateway,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Post()
  @ApiOperation({ summary: 'A new project whose history and files begin as this one’s at a position' })
  async fork(
    @CurrentCaller() caller: Caller,
    @Param('project_id', UuidPipe) origin_project_id: string,
    @Body() { at_position, name }: ForkProjectDto,
  ): Promise<ForkReply> {
    const { user_id } = caller;
    const project_id = caller.newId('project');
    const earlier = await this.queries.execute(new GetFork(project_id, user_id, 0));
    const position = earlier?.position ?? (await this.reserve(caller, project_id, origin_project_id, at_position ?? null));
    await this.commands.send(new RequestFork({ project_id, origin_project_id, position, name: name?.trim() ?? null }, caller.meta(project_id)));
    const fork = await this.queries.execute(new GetFork(project_id, user_id, PATIENCE_MS));
    if (fork?.status === 'failed') throw new DomainError('fork_failed', fork.reason ?? '');
    if (fork?.status !== 'done') return { project_id, status: 'copying' };
    const { run_id, status } = await this.queries.execute(new GetProject(project_id, user_id));
    return { project_id, run_id, status };
  }

  /** A fork whose run may still work counts as one of the day's runs. */
  private async reserve(caller: Caller, fork_id: string, origin_id: string, at: string | null): Promise<string> {
    const { user_id } = caller;
    const { position, run_id, unfinished } = await this.queries.execute(new FindForkPoint(origin_id, user_id, at));
    if (unfinished) {
      const data = { user_id, run_id: forkedId(fork_id, run_id), daily_limit: this.config.DAILY_RUNS_PER_USER };
      await this.commands.send(new ReserveRun(data, caller.meta()));
    }
    return position;
  }
}
