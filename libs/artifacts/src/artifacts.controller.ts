import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res, StreamableFile } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiPropertyOptional, ApiTags } from '@nestjs/swagger';
import { IsDefined, IsInt, IsOptional, IsUUID, Max, Min } from 'class-validator';
import { Readable } from 'node:stream';
import {
  AsOf,
  AsOfPageQuery,
  AsOfQuery,
  Caller,
  CONFIG,
  ContentStore,
  CurrentCaller,
  deriveKey,
  ProjectAccess,
  Public,
  UuidPipe,
  type Config,
  type Page,
} from '#platform';
import {
  DiffArtifacts,
  FindDelivery,
  GetArtifact,
  GetArtifactFile,
  ListArtifacts,
  OpenDelivery,
  type ArtifactSummary,
  type ArtifactView,
  type FileDifference,
} from './artifacts.queries.js';
import { makeDownloadToken, openDownloadToken } from './download-link.js';
import { zipStream } from './zip-stream.js';

export class DownloadDto {
  @ApiPropertyOptional({ minimum: 1, description: 'version of the delivery; the newest where it is left out' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(2_147_483_647)
  version?: number;
}

export class DiffQuery {
  @IsDefined()
  @IsUUID('all')
  against: string;
}

interface HeaderReply {
  setHeader(name: string, value: string): unknown;
}

@ApiTags('artifacts')
@Controller()
export class ArtifactsController {
  private readonly key: Buffer;

  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ContentStore) private readonly contents: ContentStore,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(AsOf) private readonly asOf: AsOf,
  ) {
    this.key = deriveKey(config.JWT_SECRET, 'download-link');
  }

  @ApiBearerAuth()
  @Get('projects/:project_id/artifacts')
  async list(
    @CurrentCaller() caller: Caller,
    @Param('project_id', UuidPipe) project_id: string,
    @Query() query: AsOfPageQuery,
  ): Promise<Page<ArtifactSummary>> {
    await this.queries.execute(new ProjectAccess(project_id, caller.user_id));
    const at = await this.asOf.reads({ table: 'projects', id: project_id, userId: caller.user_id }, query.at_position);
    return this.queries.execute(new ListArtifacts(project_id, caller.user_id, query, at));
  }

  @ApiBearerAuth()
  @Get('artifacts/:artifact_id')
  async one(
    @CurrentCaller() caller: Caller,
    @Param('artifact_id', UuidPipe) artifact_id: string,
    @Query() { at_position }: AsOfQuery,
  ): Promise<ArtifactView> {
    const at = await this.asOf.reads({ table: 'artifacts', id: artifact_id, userId: caller.user_id }, at_position);
    return this.queries.execute(new GetArtifact(artifact_id, caller.user_id, at));
  }

  @ApiBearerAuth()
  @Get('artifacts/:artifact_id/diff')
  diff(
    @CurrentCaller() caller: Caller,
    @Param('artifact_id', UuidPipe) artifact_id: string,
    @Query() query: DiffQuery,
  ): Promise<{ artifact_id: string; against: string; differences: FileDifference[] }> {
    return this.queries.execute(new DiffArtifacts(artifact_id, query.against, caller.user_id));
  }

  @ApiBearerAuth()
  @Get('artifacts/:artifact_id/files/*path')
  async file(
    @CurrentCaller() caller: Caller,
    @Param('artifact_id', UuidPipe) artifact_id: string,
    @Param('path') path: string | string[],
    @Query() { at_position }: AsOfQuery,
    @Res({ passthrough: true }) reply: HeaderReply,
  ): Promise<StreamableFile> {
    const wanted = Array.isArray(path) ? path.join('/') : path;
    const at = await this.asOf.reads({ table: 'artifacts', id: artifact_id, userId: caller.user_id }, at_position);
    const { owner_id, file } = await this.queries.execute(new GetArtifactFile(artifact_id, caller.user_id, wanted, at));
    // Generated content is shown as text and never run in this origin.
    reply.setHeader('X-Content-Type-Options', 'nosniff');
    reply.setHeader('ETag', `"${file.sha256}"`);
    return new StreamableFile(Readable.from(this.contents.stream(owner_id, file.sha256)), { type: 'text/plain; charset=utf-8', length: file.bytes });
  }

  @ApiBearerAuth()
  @Post('projects/:project_id/download')
  @HttpCode(200)
  async download(
    @CurrentCaller() caller: Caller,
    @Param('project_id', UuidPipe) project_id: string,
    @Body() body: DownloadDto,
  ): Promise<{ url: string; expires_at: string; version: number }> {
    await this.queries.execute(new ProjectAccess(project_id, caller.user_id));
    const { artifact_id, version } = await this.queries.execute(new FindDelivery(project_id, caller.user_id, body.version ?? null));
    const expires = new Date(Date.now() + this.config.SIGNED_URL_MINUTES * 60_000);
    return { url: `/api/v1/downloads/${makeDownloadToken(this.key, artifact_id, expires)}`, expires_at: expires.toISOString(), version };
  }

  @Public()
  @Get('downloads/:token')
  async zip(@Param('token') token: string): Promise<StreamableFile> {
    const delivery = await this.queries.execute(new OpenDelivery(openDownloadToken(this.key, token, new Date())));
    const stream = zipStream(delivery.files, (sha256) => this.contents.stream(delivery.owner_id, sha256));
    return new StreamableFile(stream, { type: 'application/zip', disposition: `attachment; filename="app-v${delivery.version}.zip"` });
  }
}
