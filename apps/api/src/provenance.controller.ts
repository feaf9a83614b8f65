import { Controller, Get, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiBearerAuth, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath, ApiExtraModels } from '@nestjs/swagger';
import { GetArtifact } from '#artifacts';
import { ProvenanceReader } from '#orchestrator';
import { Caller, CurrentCaller, ensure, UuidPipe } from '#platform';
import { ProvenanceQuery, ProvenanceView, type ArtifactProvenance } from './provenance.dto.js';
import { provenanceSvg } from './provenance-svg.js';

const SVG = 'image/svg+xml';

interface HeaderReply {
  setHeader(name: string, value: string): unknown;
}

/** Where the files of a delivery come from. */
@ApiTags('artifacts')
@ApiBearerAuth()
@ApiExtraModels(ProvenanceView)
@Controller('artifacts/:artifact_id')
export class ProvenanceController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(ProvenanceReader) private readonly reader: ProvenanceReader,
  ) {}

  @Get('provenance')
  @ApiOperation({
    summary: 'From each file back to who wrote it, for which item of the plan, for which requirement, said where, approved by whom',
    description: 'What the record does not tell is null. With `Accept: image/svg+xml` the same as a picture.',
  })
  @ApiOkResponse({
    content: { 'application/json': { schema: { $ref: getSchemaPath(ProvenanceView) } }, [SVG]: { schema: { type: 'string' } } },
  })
  async origin(
    @CurrentCaller() caller: Caller,
    @Param('artifact_id', UuidPipe) artifact_id: string,
    @Query() { path }: ProvenanceQuery,
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: HeaderReply,
  ): Promise<ArtifactProvenance | string> {
    reply.setHeader('Vary', 'Accept');
    const provenance = await this.provenance(artifact_id, caller.user_id, path);
    return accept?.includes(SVG) && !accept.includes('json') ? this.draw(provenance, reply) : provenance;
  }

  @Get('provenance.svg')
  @ApiOperation({ summary: 'The same as a picture, for light and dark' })
  @ApiOkResponse({ content: { [SVG]: { schema: { type: 'string' } } } })
  async picture(
    @CurrentCaller() caller: Caller,
    @Param('artifact_id', UuidPipe) artifact_id: string,
    @Query() { path }: ProvenanceQuery,
    @Res({ passthrough: true }) reply: HeaderReply,
  ): Promise<string> {
    return this.draw(await this.provenance(artifact_id, caller.user_id, path), reply);
  }

  private draw(provenance: ArtifactProvenance, reply: HeaderReply): string {
    reply.setHeader('Content-Type', `${SVG}; charset=utf-8`);
    reply.setHeader('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
    return provenanceSvg(provenance);
  }

  private async provenance(artifactId: string, owner_id: string, path: string | undefined): Promise<ArtifactProvenance> {
    const { project_id, run_id, task_id, form, version, files } = await this.queries.execute(new GetArtifact(artifactId, owner_id));
    ensure(form === 'tree', 'invalid_input', 'Only files have a provenance; this artifact is a document. Take one of type "code".');
    ensure(path === undefined || files.some((file) => file.path === path), 'not_found', 'There is no such file in this artifact.');
    const history = await this.reader.history(project_id);
    const found = await this.reader.of({ project_id, run_id, owner_id }, history, task_id);
    const known = new Set(found.files.map((file) => file.path));
    const added = files
      .filter((file) => !known.has(file.path))
      .map((file) => ({ path: file.path, sha256: file.sha256, task_id: null, plan_item: null }));
    const whole = { artifact_id: artifactId, version, ...found, files: [...found.files, ...added] };
    return path === undefined ? whole : onlyOf(whole, path);
  }
}

/** What one file goes back to. */
function onlyOf(whole: ArtifactProvenance, path: string): ArtifactProvenance {
  const files = whole.files.filter((file) => file.path === path);
  const of = files[0]!;
  const plan_items = whole.plan_items.filter(({ id }) => id === of.plan_item);
  const requirements = whole.requirements.filter(({ id }) => plan_items[0]?.requirements?.includes(id));
  const criteria = whole.criteria.filter(({ id }) => plan_items[0]?.criteria?.includes(id));
  const said = new Set([...requirements, ...criteria].map(({ said_in }) => said_in));
  const decided = [whole.specification, whole.plan, whole.delivery].map((one) => one?.request_id);
  return {
    ...whole,
    files,
    tasks: whole.tasks.filter(({ task_id }) => task_id === of.task_id),
    plan_items,
    requirements,
    criteria,
    messages: whole.messages.filter(({ event_id }) => said.has(event_id)),
    approvals: whole.approvals.filter(({ request_id }) => decided.includes(request_id)),
  };
}
