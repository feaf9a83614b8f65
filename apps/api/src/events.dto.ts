import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { SignedHeadView } from '#audit';

/** RFC 3339, so that a time never depends on where the server stands. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;
const AS_TIME = { message: '$property must be a time such as 2026-01-02T03:04:05Z' };

export class AuditQuery {
  @ApiPropertyOptional({ description: 'position: only later events', example: '0' })
  @IsOptional()
  @IsString()
  after?: string;

  @ApiPropertyOptional({ description: 'next_cursor of the page before; a position like `after`, give one of them' })
  @IsOptional()
  @IsString()
  cursor?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'recorded at this time or later' })
  @IsOptional()
  @Matches(TIME, AS_TIME)
  from?: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'recorded before this time' })
  @IsOptional()
  @Matches(TIME, AS_TIME)
  until?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID('all')
  run_id?: string;

  @ApiPropertyOptional({ example: 'run.requested' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  type?: string;

  @ApiPropertyOptional({ description: 'a user’s id, or such as agent:coder' })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  actor?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID('all')
  correlation_id?: string;

  @ApiPropertyOptional({ minimum: 1, maximum: 200, default: 50 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;
}

export class AuditEvent {
  @ApiProperty({ description: 'decimal string; rises strictly over the whole log' }) position: string;
  @ApiProperty() stream: string;
  @ApiProperty({ type: 'integer', description: 'place in its stream, from 0, without gaps' }) revision: number;
  @ApiProperty({ example: 'run.requested' }) event_type: string;
  @ApiProperty({ format: 'date-time' }) timestamp: string;
  @ApiProperty() actor: string;
  @ApiProperty({ format: 'uuid' }) correlation_id: string;
  @ApiProperty({ format: 'uuid' }) causation_id: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) payload: unknown;
}

export class AuditPage {
  @ApiProperty({ type: [AuditEvent] }) items: AuditEvent[];
  @ApiProperty({ type: String, nullable: true, description: 'there is more as long as it is not null, also behind a short or empty page' })
  next_cursor: string | null;
}

export class TraceQuery {
  @ApiPropertyOptional({ enum: ['causes', 'effects'], default: 'causes', description: 'what led to the event, or what followed from it' })
  @IsOptional()
  @IsIn(['causes', 'effects'])
  direction: 'causes' | 'effects' = 'causes';

  @ApiPropertyOptional({ minimum: 1, maximum: 500, default: 100, description: 'steps away from the event' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(500)
  depth: number = 100;

  @ApiPropertyOptional({ minimum: 1, maximum: 1000, default: 200, description: 'events at most' })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit: number = 200;
}

export class TracedEventView {
  @ApiProperty({ type: 'integer', description: 'steps from the event that was asked about' }) depth: number;
  @ApiProperty({ type: String, nullable: true, description: 'position of the event one step nearer to it' }) of: string | null;
  @ApiProperty({
    enum: ['caused', 'before', 'after'],
    nullable: true,
    description: 'caused: on record as cause and effect; before, after: somebody’s own decision about what the same stream said before it',
  })
  relation: 'caused' | 'before' | 'after' | null;
  @ApiProperty() position: string;
  @ApiProperty({ format: 'uuid' }) event_id: string;
  @ApiProperty() stream: string;
  @ApiProperty({ type: 'integer' }) revision: number;
  @ApiProperty() event_type: string;
  @ApiProperty({ format: 'date-time' }) timestamp: string;
  @ApiProperty() actor: string;
  @ApiProperty({ type: String, nullable: true, format: 'uuid' }) project_id: string | null;
  @ApiProperty({ type: String, nullable: true, format: 'uuid' }) run_id: string | null;
}

export class TraceView {
  @ApiProperty({ type: [TracedEventView], description: 'the event itself first, then by distance' }) items: readonly TracedEventView[];
  @ApiProperty({ description: 'false where it goes on beyond the depth or the limit' }) complete: boolean;
}

export class ChainMismatch {
  @ApiProperty() position: string;
  @ApiProperty() reason: string;
}

export class ChainView {
  @ApiProperty({ enum: ['log', 'project'] }) chain: 'log' | 'project';
  @ApiProperty({ type: String, nullable: true, format: 'uuid' }) project_id: string | null;
  @ApiProperty() ok: boolean;
  @ApiProperty({ type: 'integer' }) events: number;
  @ApiProperty({ type: String, nullable: true, description: 'SHA-256 of the last link, hex' }) head: string | null;
  @ApiProperty({ type: ChainMismatch, nullable: true, description: 'the first position that does not match' }) mismatch: ChainMismatch | null;
  @ApiProperty({ type: 'integer', description: 'heads signed at intervals, each of which was compared' }) signed_heads: number;
  @ApiProperty({ type: SignedHeadView, nullable: true, description: 'the newest of them' }) last_signed: SignedHeadView | null;
}

export class Verification {
  @ApiProperty() ok: boolean;
  @ApiProperty({ type: [ChainView] }) chains: ChainView[];
}
