import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsDefined, IsString, Matches, MaxLength } from 'class-validator';
import { AsOf, AsOfPageQuery, Caller, CommandGateway, CurrentCaller, ensure, ProjectAccess, UuidPipe, type Page } from '#platform';
import { FinalizeRequirements, PostMessage } from './requirements-chat.commands.js';
import { ListMessages, type MessageView } from './requirements-chat.queries.js';

export class PostMessageDto {
  @ApiProperty({ maxLength: 20_000 })
  @IsDefined()
  @IsString()
  @Matches(/\S/, { message: '$property must not be empty' })
  @MaxLength(20_000)
  content: string;
}

@ApiTags('requirements chat')
@ApiBearerAuth()
@Controller('projects/:project_id')
export class RequirementsChatController {
  constructor(
    @Inject(CommandGateway) private readonly commands: CommandGateway,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(AsOf) private readonly asOf: AsOf,
  ) {}

  @Get('messages')
  async list(
    @CurrentCaller() caller: Caller,
    @Param('project_id', UuidPipe) project_id: string,
    @Query() query: AsOfPageQuery,
  ): Promise<Page<MessageView>> {
    await this.queries.execute(new ProjectAccess(project_id, caller.user_id));
    const at = await this.asOf.reads({ table: 'projects', id: project_id, userId: caller.user_id }, query.at_position);
    return this.queries.execute(new ListMessages(project_id, caller.user_id, query, at));
  }

  @Post('messages')
  @HttpCode(202)
  async post(
    @CurrentCaller() caller: Caller,
    @Param('project_id', UuidPipe) project_id: string,
    @Body() body: PostMessageDto,
  ): Promise<{ message_id: string }> {
    const { run_id, status, archived } = await this.queries.execute(new ProjectAccess(project_id, caller.user_id));
    ensure(
      !archived && status !== 'cancelled',
      'chat_closed',
      'This project is cancelled or archived: its chat is closed. Start another run or another project.',
    );
    const message_id = caller.newId('message');
    await this.commands.send(
      new PostMessage({ project_id, run_id, message_id, author: 'person', content: body.content, questions: null }, caller.meta(project_id, run_id)),
    );
    return { message_id };
  }

  @Post('requirements/finalize')
  @HttpCode(202)
  async finalize(
    @CurrentCaller() caller: Caller,
    @Param('project_id', UuidPipe) project_id: string,
  ): Promise<{ project_id: string; run_id: string }> {
    const { run_id, status } = await this.queries.execute(new ProjectAccess(project_id, caller.user_id));
    const collecting = status === 'collecting' || status === 'paused';
    await this.commands.send(new FinalizeRequirements({ project_id, run_id, collecting }, caller.meta(project_id, run_id)));
    return { project_id, run_id };
  }
}
