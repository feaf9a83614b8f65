import { ApiProperty } from '@nestjs/swagger';
import type { ArtifactSummary } from '#artifacts';
import { AGENT_ENGINES, AUTONOMY_LEVELS, RUN_KINDS, RUN_STATUSES, type AgentEngine, type ModelUsage, type RunStatus } from '#contracts';
import type { GateSummary } from '#hitl';
import type { RunView } from '#projects';
import type { TaskSummary } from '#tasks';

const OBJECTS = { type: 'array', items: { type: 'object', additionalProperties: true } } as const;

export class UsageView {
  @ApiProperty({ type: 'integer', description: 'attempts at all tasks' }) task_attempts: number;
  @ApiProperty({ type: 'integer', description: 'time that agents worked' }) agent_seconds: number;
  @ApiProperty({ type: 'integer', description: 'what models cost, in millionths of a dollar' }) cost_micro_usd: number;
  @ApiProperty({ ...OBJECTS, description: 'requests, tokens and cost by role and model' }) models: ModelUsage[];
}

export class ForkedFromView {
  @ApiProperty({ format: 'uuid' }) project_id: string;
  @ApiProperty({ description: 'position of the log at which it was forked' }) position: string;
}

export class RunWithUsage {
  @ApiProperty({ format: 'uuid' }) run_id: string;
  @ApiProperty({ format: 'uuid' }) project_id: string;
  @ApiProperty({ enum: RUN_KINDS }) kind: string;
  @ApiProperty() pipeline: string;
  @ApiProperty({ enum: AUTONOMY_LEVELS }) autonomy: string;
  @ApiProperty({ enum: AGENT_ENGINES, nullable: true, description: 'null: whatever the server’s configuration says' }) engine: AgentEngine | null;
  @ApiProperty({ type: 'object', additionalProperties: true }) limits: RunView['limits'];
  @ApiProperty({ type: String, nullable: true }) instructions: string | null;
  @ApiProperty({ enum: RUN_STATUSES }) status: RunStatus;
  @ApiProperty() stage: string;
  @ApiProperty({ type: [String] }) warnings: readonly string[];
  @ApiProperty({ type: String, nullable: true, description: 'why the run failed or expired' }) reason: string | null;
  @ApiProperty({ type: UsageView }) usage: UsageView;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' }) finished_at: string | null;
}

export class ProjectView {
  @ApiProperty({ format: 'uuid' }) project_id: string;
  @ApiProperty({ format: 'uuid', description: 'the current run' }) run_id: string;
  @ApiProperty() name: string;
  @ApiProperty() product_idea: string;
  @ApiProperty({ enum: RUN_STATUSES }) status: RunStatus;
  @ApiProperty() stage: string;
  @ApiProperty() pipeline: string;
  @ApiProperty({ enum: AUTONOMY_LEVELS }) autonomy: string;
  @ApiProperty({ enum: AGENT_ENGINES, nullable: true, description: 'null: whatever the server’s configuration says' }) engine: AgentEngine | null;
  @ApiProperty({ ...OBJECTS, description: 'as GET /projects/{project_id}/tasks lists them' }) tasks: TaskSummary[];
  @ApiProperty({ ...OBJECTS, description: 'as GET /projects/{project_id}/artifacts lists them' }) artifacts: ArtifactSummary[];
  @ApiProperty({ ...OBJECTS, description: 'as GET /projects/{project_id}/hitl lists them' }) hitl_requests: GateSummary[];
  @ApiProperty({ type: UsageView }) usage: UsageView;
  @ApiProperty({ type: [String] }) warnings: readonly string[];
  @ApiProperty({ type: String, nullable: true, description: 'why the run failed or expired' }) reason: string | null;
  @ApiProperty() archived: boolean;
  @ApiProperty({ type: ForkedFromView, nullable: true, description: 'which project it began as; null where it began by itself' })
  forked_from: ForkedFromView | null;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty({ format: 'date-time' }) updated_at: string;
  @ApiProperty({ description: 'position of the last event that changed the project' }) position: string;
}
