import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsDefined, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';

const LONGEST_REASON = 1_000;

export class OperationDto {
  @ApiPropertyOptional({ maxLength: LONGEST_REASON, description: 'why; stays on record, so it names no person' })
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_REASON)
  reason?: string;
}

export class SkipDto {
  @ApiProperty({ description: 'position of the event before which the projection stands' })
  @IsDefined()
  @Matches(/^\d{1,20}$/, { message: 'position must be a position of the log: decimal digits, as text' })
  position: string;

  @ApiProperty({ maxLength: LONGEST_REASON, description: 'why; stays on record, so it names no person' })
  @IsDefined()
  @IsString()
  @MinLength(1)
  @MaxLength(LONGEST_REASON)
  reason: string;
}

export class StandstillView {
  @ApiProperty() position: string;
  @ApiProperty() event_id: string;
  @ApiProperty() stream: string;
  @ApiProperty() revision: number;
  @ApiProperty() type: string;
  @ApiProperty({ enum: ['unknown_event', 'unreadable_event', 'fold', 'row'] }) cause: string;
  @ApiProperty() reason: string;
  @ApiProperty() since: string;
  @ApiProperty({ description: 'a retry was asked for that has not been made yet' }) retry_pending: boolean;
}

export class RebuildView {
  @ApiProperty({ enum: ['requested', 'running', 'stopped'] }) status: 'requested' | 'running' | 'stopped';
  @ApiProperty() position: string;
  @ApiProperty({ description: 'where the log ended when it was last looked' }) target: string;
  @ApiProperty({ description: '0 to 100, estimated from the positions' }) percent: number;
  @ApiProperty({ description: 'events read' }) events: number;
  @ApiProperty({ type: Number, nullable: true }) events_per_second: number | null;
  @ApiProperty({ type: Number, nullable: true, description: 'estimated' }) seconds_left: number | null;
  @ApiProperty({ type: String, nullable: true }) started_at: string | null;
  @ApiProperty({ type: StandstillView, nullable: true }) stopped: StandstillView | null;
}

export class ProjectionView {
  @ApiProperty() name: string;
  @ApiProperty({ enum: ['live', 'parked'] }) status: 'live' | 'parked';
  @ApiProperty({ description: 'how far it has come' }) position: string;
  @ApiProperty({ description: 'where the log ends' }) head: string;
  @ApiProperty({ description: 'of the definition that made the rows' }) version: number;
  @ApiProperty({ description: 'of the definition in the program that answers' }) defined_version: number;
  @ApiProperty() updated_at: string;
  @ApiProperty({ type: StandstillView, nullable: true }) parked: StandstillView | null;
  @ApiProperty({ type: RebuildView, nullable: true }) rebuild: RebuildView | null;
}

export class DecisionView {
  @ApiProperty({ enum: ['skip', 'retry', 'rebuild'] }) decision: 'skip' | 'retry' | 'rebuild';
  @ApiProperty() decided_at: string;
  @ApiProperty({ type: String, nullable: true }) position: string | null;
  @ApiProperty({ type: String, nullable: true }) reason: string | null;
}

export class ProjectionDetail extends ProjectionView {
  @ApiProperty({ type: [DecisionView], description: 'what operators decided, oldest first' }) decisions: DecisionView[];
}

export class ProjectionList {
  @ApiProperty({ type: [ProjectionView] }) items: ProjectionView[];
  @ApiProperty({ type: String, nullable: true }) next_cursor: string | null;
}
