import { Controller, Get, Headers, Inject, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiHeader, ApiOkResponse, ApiOperation, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsOptional, IsString } from 'class-validator';
import type { Request, Response } from 'express';
import type { StreamMessage } from '#contracts';
import { Caller, CurrentCaller, problemDocument, ProjectAccess, UuidPipe, type DomainError } from '#platform';
import { parsePosition } from './positions.js';
import { ProjectFeed, type Subscription } from './project-feed.js';
import { StreamAccess } from './stream-access.js';

const HEARTBEAT_MS = 15_000;
const RECONNECT_MS = 1_000;
/** A client that does not take the last words by then is cut off. */
const FAREWELL_MS = 5_000;

export class StreamQuery {
  @ApiPropertyOptional({ description: 'begin after this position; Last-Event-ID takes precedence' })
  @IsOptional()
  @IsString()
  after_position?: string;
}

/** Server-Sent Events: the same messages as on the socket. `id` is the position, so that a browser resumes by itself. */
@ApiTags('stream')
@ApiBearerAuth()
@Controller('projects/:project_id/stream')
export class SseController {
  constructor(
    @Inject(StreamAccess) private readonly access: StreamAccess,
    @Inject(ProjectFeed) private readonly feed: ProjectFeed,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Get()
  @ApiOperation({
    summary: 'Live messages as Server-Sent Events',
    description:
      'What came after the position comes first, then what happens, each message once and in order; without a position the stream begins now. ' +
      'Each event has the message’s position as `id`, its `event_type` as `event` and the message as JSON in `data`. ' +
      'An event `closing` with a problem document in `data` says why the server ends the stream.',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'the position of the last message that was seen' })
  @ApiOkResponse({ content: { 'text/event-stream': { schema: { type: 'string' } } } })
  async stream(
    @CurrentCaller() caller: Caller,
    @Param('project_id', UuidPipe) projectId: string,
    @Query() query: StreamQuery,
    @Headers('authorization') authorization: string,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const asked = lastEventId === undefined || lastEventId === '' ? query.after_position : lastEventId;
    const after = asked === undefined ? null : parsePosition(asked, asked === lastEventId ? 'Last-Event-ID' : 'after_position');
    await this.queries.execute(new ProjectAccess(projectId, caller.user_id));
    const { token, principal } = await this.access.authenticate(authorization.replace(/^Bearer /i, ''));
    const sink = new SseSink(response);
    const end = (why: DomainError) => sink.end(why);
    const release = this.access.hold({ token, principal, projects: () => [projectId], unauthenticated: end, lost: (_, why) => end(why) });
    let subscription: Subscription | null = null;
    response.once('close', () => {
      release();
      subscription?.stop();
    });
    try {
      subscription = await this.feed.subscribe(projectId, after, sink);
    } catch (error) {
      release();
      throw error;
    }
    if (response.closed || request.method === 'HEAD') {
      subscription.stop();
      response.end();
    } else sink.begin();
  }
}

class SseSink {
  private ended = false;

  constructor(private readonly response: Response) {}

  begin(): void {
    if (this.ended) return;
    this.response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store, no-transform', 'X-Accel-Buffering': 'no' });
    this.response.write(`retry: ${RECONNECT_MS}\n\n`);
    const heartbeat = setInterval(() => {
      if (!this.response.writableNeedDrain) this.response.write(': heartbeat\n\n');
    }, HEARTBEAT_MS);
    this.response.once('close', () => clearInterval(heartbeat));
  }

  unsent(): number {
    return this.response.writableLength;
  }

  send(message: StreamMessage): void {
    const id = message.position === null ? '' : `id: ${message.position}\n`;
    if (!this.ended) this.response.write(`${id}event: ${message.event_type}\ndata: ${JSON.stringify(message)}\n\n`);
  }

  end(why: DomainError): void {
    if (this.ended) return;
    this.ended = true;
    this.response.end(`event: closing\ndata: ${JSON.stringify(problemDocument(why))}\n\n`);
    setTimeout(() => this.response.destroy(), FAREWELL_MS).unref();
  }
}
