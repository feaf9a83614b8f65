import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, CommandGateway, CurrentCaller, OperatorOnly } from '#platform';
import { RebuildProjection, RetryProjection, SkipEvent, type Obstruction } from './operations.commands.js';
import { OperationDto, ProjectionDetail, ProjectionList, SkipDto, type ProjectionView } from './operations.dto.js';
import { GetProjection, ListProjections } from './operations.queries.js';

const standing = ({ parked, rebuild }: ProjectionView): Obstruction[] =>
  [parked, rebuild?.stopped].filter((one) => one !== null && one !== undefined);

/** What whoever runs the installation may do with its projections. */
@ApiTags('operations')
@OperatorOnly()
@Controller('operations/projections')
export class OperationsController {
  constructor(
    @Inject(CommandGateway) private readonly commands: CommandGateway,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Get()
  @ApiOperation({ summary: 'How every projection stands' })
  @ApiOkResponse({ type: ProjectionList })
  async list(): Promise<ProjectionList> {
    return { items: await this.queries.execute(new ListProjections()), next_cursor: null };
  }

  @Get(':name')
  @ApiOperation({ summary: 'One projection, and what operators decided about it' })
  @ApiOkResponse({ type: ProjectionDetail })
  one(@Param('name') name: string): Promise<ProjectionDetail> {
    return this.queries.execute(new GetProjection(name));
  }

  @Post(':name/retry')
  @HttpCode(202)
  @ApiOperation({ summary: 'Have the event tried again before which it stands' })
  @ApiAcceptedResponse({ type: ProjectionDetail })
  async retry(@CurrentCaller() caller: Caller, @Param('name') name: string, @Body() body: OperationDto): Promise<ProjectionDetail> {
    const view = await this.one(name);
    await this.commands.send(new RetryProjection({ projection: name, reason: body.reason ?? null, standing: standing(view) }, caller.meta()));
    return this.one(name);
  }

  @Post(':name/skip')
  @HttpCode(202)
  @ApiOperation({ summary: 'Pass the event before which it stands, now and in every rebuild' })
  @ApiAcceptedResponse({ type: ProjectionDetail })
  async skip(@CurrentCaller() caller: Caller, @Param('name') name: string, @Body() body: SkipDto): Promise<ProjectionDetail> {
    const view = await this.one(name);
    const { position, reason } = body;
    await this.commands.send(new SkipEvent({ projection: name, position, reason, standing: standing(view) }, caller.meta()));
    return this.one(name);
  }

  @Post(':name/rebuild')
  @HttpCode(202)
  @ApiOperation({ summary: 'Build its tables anew beside the live ones, and swap them in' })
  @ApiAcceptedResponse({ type: ProjectionDetail })
  async rebuild(@CurrentCaller() caller: Caller, @Param('name') name: string, @Body() body: OperationDto): Promise<ProjectionDetail> {
    const view = await this.one(name);
    const data = { projection: name, reason: body.reason ?? null, on_its_way: view.rebuild !== null };
    await this.commands.send(new RebuildProjection(data, caller.meta()));
    return this.one(name);
  }
}
