import { ApiProperty } from '@nestjs/swagger';
import { AGENT_TYPES, GATE_KINDS, HITL_STATUSES, RUN_STATUSES, TASK_STATUSES, type AgentType } from '#contracts';
import { PositionField } from '#platform';

export class DiffRange {
  @PositionField('position of the log from which on; what stands there is not part of the difference', { required: true })
  from: string;

  @PositionField('position up to which; the end of the log where it is left out')
  to?: string;
}

const OR_NULL = { type: String, nullable: true } as const;

class RunDiff {
  @ApiProperty({ format: 'uuid' }) run_id: string;
  @ApiProperty({ ...OR_NULL, enum: RUN_STATUSES, description: 'null: not there yet' }) before: string | null;
  @ApiProperty({ enum: RUN_STATUSES }) after: string;
  @ApiProperty({ description: 'at the end' }) stage: string;
}

class TaskDiff {
  @ApiProperty({ format: 'uuid' }) task_id: string;
  @ApiProperty({ enum: AGENT_TYPES }) agent_type: AgentType;
  @ApiProperty() purpose: string;
  @ApiProperty({ ...OR_NULL, enum: TASK_STATUSES, description: 'null: not there yet' }) before: string | null;
  @ApiProperty({ enum: TASK_STATUSES }) after: string;
}

class GateDiff {
  @ApiProperty({ format: 'uuid' }) request_id: string;
  @ApiProperty({ enum: GATE_KINDS }) gate: string;
  @ApiProperty({ ...OR_NULL, enum: HITL_STATUSES, description: 'null: not there yet' }) before: string | null;
  @ApiProperty({ enum: HITL_STATUSES }) after: string;
}

class NewMessage {
  @ApiProperty({ format: 'uuid' }) message_id: string;
  @ApiProperty({ enum: ['person', 'analyst'] }) author: string;
  @ApiProperty() content: string;
  @ApiProperty({ format: 'date-time' }) created_at: string;
  @ApiProperty() position: string;
}

class TextDiff {
  @ApiProperty({ ...OR_NULL, description: 'SHA-256 of the content; null: there was none' }) before: string | null;
  @ApiProperty({ description: 'SHA-256 of the content' }) after: string;
  @ApiProperty({ description: 'unified diff of the content as text' }) diff: string;
}

class FileDiff {
  @ApiProperty() path: string;
  @ApiProperty({ enum: ['added', 'removed', 'changed'] }) change: 'added' | 'removed' | 'changed';
  @ApiProperty({ ...OR_NULL, description: 'SHA-256' }) before: string | null;
  @ApiProperty({ ...OR_NULL, description: 'SHA-256' }) after: string | null;
  @ApiProperty({ ...OR_NULL, description: 'unified diff; null where there is none to show, which `omitted` explains' }) diff: string | null;
  @ApiProperty({ ...OR_NULL, enum: ['binary', 'too_large', 'limit', 'gone'], description: 'why there is no diff' })
  omitted: 'binary' | 'too_large' | 'limit' | 'gone' | null;
}

class StatusDiff {
  @ApiProperty({ ...OR_NULL, enum: RUN_STATUSES, description: 'null: the project was not there yet' }) before: string | null;
  @ApiProperty({ enum: RUN_STATUSES }) after: string;
}

/** What became of a project between two positions of the log. Lists have what differs alone, each at most 1,000. */
export class ProjectDiff {
  @ApiProperty({ format: 'uuid' }) project_id: string;
  @ApiProperty() from: string;
  @ApiProperty() to: string;
  @ApiProperty({ type: StatusDiff, nullable: true, description: 'null: it stayed the same' }) status: StatusDiff | null;
  @ApiProperty({ type: [RunDiff] }) runs: RunDiff[];
  @ApiProperty({ type: [TaskDiff] }) tasks: TaskDiff[];
  @ApiProperty({ type: [GateDiff] }) gates: GateDiff[];
  @ApiProperty({ type: [NewMessage], description: 'oldest first' }) messages: NewMessage[];
  @ApiProperty({ type: TextDiff, nullable: true, description: 'null: it stayed the same' }) specification: TextDiff | null;
  @ApiProperty({ type: TextDiff, nullable: true, description: 'null: it stayed the same' }) plan: TextDiff | null;
  @ApiProperty({ type: [FileDiff], description: 'of the newest tree of files, in order of path' }) files: FileDiff[];
}
