import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { GATE_KINDS, HITL_ACTIONS, type GateKind } from '#contracts';
import type { Provenance } from '#orchestrator';

export class ProvenanceQuery {
  @ApiPropertyOptional({ description: 'one file of the artifact; without it, all of them', maxLength: 240 })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(240)
  path?: string;
}

const HASH = { description: 'SHA-256 of the content, lower-case hex' } as const;
const ID = { format: 'uuid' } as const;
const OR_NULL = { nullable: true } as const;

class PlaceView {
  @ApiProperty({ description: 'of the event' }) position: string;
  @ApiProperty(ID) event_id: string;
  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiProperty({ description: 'a user’s id, or such as agent:coder; never a name' }) actor: string;
}

class AcceptedView {
  @ApiProperty(HASH) content_hash: string;
  @ApiProperty({ ...ID, type: String, ...OR_NULL, description: 'task that made it' }) task_id: string | null;
  @ApiProperty({ ...ID, type: String, ...OR_NULL, description: 'the answer that approved it; null where none was asked for' })
  request_id: string | null;
}

class FileOriginView {
  @ApiProperty() path: string;
  @ApiProperty(HASH) sha256: string;
  @ApiProperty({ ...ID, type: String, ...OR_NULL, description: 'the coder’s task that wrote it as it is; null for what the delivery adds' })
  task_id: string | null;
  @ApiProperty({ type: String, ...OR_NULL, example: 'T-3', description: 'null where neither coder nor plan say' }) plan_item: string | null;
}

class CoderTaskView extends PlaceView {
  @ApiProperty(ID) task_id: string;
  @ApiProperty({ enum: ['write', 'repair'] }) purpose: string;
  @ApiProperty({ type: 'integer' }) round: number;
  @ApiProperty({ description: 'what it began with' }) handoff_type: string;
  @ApiProperty(HASH) handoff_hash: string;
  @ApiProperty({ description: 'SHA-256 of the bundle that it handed in' }) content_hash: string;
}

class PlanItemView {
  @ApiProperty({ example: 'T-3' }) id: string;
  @ApiProperty() title: string;
  @ApiProperty({ type: [String], ...OR_NULL, example: ['R-2'], description: 'null where the plan does not say' })
  requirements: readonly string[] | null;
  @ApiProperty({ type: [String], ...OR_NULL, example: ['AC-4'], description: 'null where the plan does not say' })
  criteria: readonly string[] | null;
}

class WantedView {
  @ApiProperty({ example: 'R-2' }) id: string;
  @ApiProperty() text: string;
  @ApiProperty({ type: String, ...OR_NULL, description: 'the sentence of the person that it comes from, where that is on record' })
  source: string | null;
  @ApiProperty({ ...ID, type: String, ...OR_NULL, description: 'event_id of the message that has this sentence word by word' })
  said_in: string | null;
}

class SaidView extends PlaceView {
  @ApiProperty({ ...ID, type: String, ...OR_NULL }) message_id: string | null;
  @ApiProperty({ ...ID, type: String, ...OR_NULL, description: 'where it was said at a gate' }) request_id: string | null;
  @ApiProperty(HASH) content_hash: string;
}

class ApprovalView extends PlaceView {
  @ApiProperty(ID) request_id: string;
  @ApiProperty({ enum: GATE_KINDS }) gate: GateKind;
  @ApiProperty({ enum: HITL_ACTIONS }) action: string;
  @ApiProperty({ description: 'SHA-256 of what was reviewed' }) content_hash: string;
  @ApiProperty({ type: String, ...OR_NULL, description: 'SHA-256 of what the person made of it' }) amended_hash: string | null;
}

/** What led to the files of an artifact. */
export interface ArtifactProvenance extends Provenance {
  readonly artifact_id: string;
  readonly version: number;
}

export class ProvenanceView implements ArtifactProvenance {
  @ApiProperty(ID) artifact_id: string;
  @ApiProperty({ type: 'integer' }) version: number;
  @ApiProperty(ID) project_id: string;
  @ApiProperty(ID) run_id: string;
  @ApiProperty({ description: 'SHA-256 over path, content and mode of every file that QA verified' }) tree_hash: string;
  @ApiProperty({ type: AcceptedView, ...OR_NULL }) specification: AcceptedView | null;
  @ApiProperty({ type: AcceptedView, ...OR_NULL }) plan: AcceptedView | null;
  @ApiProperty({ type: AcceptedView }) delivery: AcceptedView;
  @ApiProperty({ type: [FileOriginView] }) files: readonly FileOriginView[];
  @ApiProperty({ type: [CoderTaskView] }) tasks: readonly CoderTaskView[];
  @ApiProperty({ type: [PlanItemView] }) plan_items: readonly PlanItemView[];
  @ApiProperty({ type: [WantedView] }) requirements: readonly WantedView[];
  @ApiProperty({ type: [WantedView] }) criteria: readonly WantedView[];
  @ApiProperty({ type: [SaidView] }) messages: readonly SaidView[];
  @ApiProperty({ type: [ApprovalView] }) approvals: readonly ApprovalView[];
}
