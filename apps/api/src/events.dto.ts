import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, IsUUID, Matches, Max, MaxLength, Min } from 'class-validator';
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

export class HeadsQuery {
  @ApiPropertyOptional({ minimum: 1, maximum: 200, default: 50 })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;

  @ApiPropertyOptional({ description: 'next_cursor of the page before' })
  @IsOptional()
  @IsString()
  cursor?: string;
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
  @ApiProperty({ type: String, nullable: true }) next_cursor: string | null;
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
