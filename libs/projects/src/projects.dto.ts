import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsInt, IsObject, IsOptional, IsString, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { AGENT_ENGINES, AUTONOMY_LEVELS, DEADLINE_ACTIONS, type AgentEngine, type Autonomy, type DeadlineAction } from '#contracts';

export const MAX_IDEA = 20_000;
const HAS_TEXT = { message: '$property must not be empty' };

const MAX_REASON = 20_000;

export class GateDeadlineDto {
  @ApiProperty({ minimum: 1, maximum: 31_536_000, example: 86_400, description: 'how long a gate waits for an answer, in seconds' })
  @IsDefined()
  @IsInt()
  @Min(1)
  @Max(31_536_000)
  seconds: number;

  @ApiProperty({
    enum: DEADLINE_ACTIONS,
    description:
      'remind: says so again. escalate: the same, and the request is marked as urgent. approve, reject: decides. expire: the run ends and can be retried.',
  })
  @IsDefined()
  @IsIn(DEADLINE_ACTIONS)
  then: DeadlineAction;

  @ApiPropertyOptional({ minimum: 1, maximum: 100, default: 3, description: 'remind, escalate: how often, each time after as many seconds' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(100)
  times?: number;

  @ApiPropertyOptional({ maxLength: MAX_REASON, description: 'reject: what the agent is told; required to reject, and for that only' })
  @IsOptional()
  @IsString()
  @Matches(/\S/, HAS_TEXT)
  @MaxLength(MAX_REASON)
  reason?: string;
}

export class LimitsDto {
  @ApiPropertyOptional({ minimum: 1, description: 'working time in minutes' })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  minutes?: number;

  @ApiPropertyOptional({ minimum: 0, description: 'how often defects go back to the coder' })
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(50)
  fix_rounds?: number;

  @ApiPropertyOptional({ type: GateDeadlineDto, description: 'what happens when nobody answers at a gate; without it gates wait for ever' })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => GateDeadlineDto)
  gate_deadline?: GateDeadlineDto;
}

class RunOptions {
  @ApiPropertyOptional({ enum: ['standard'] })
  @IsOptional()
  @IsIn(['standard'])
  pipeline?: string;

  @ApiPropertyOptional({ enum: AUTONOMY_LEVELS, description: 'which decisions a person takes' })
  @IsOptional()
  @IsIn(AUTONOMY_LEVELS)
  autonomy?: Autonomy;

  @ApiPropertyOptional({ enum: AGENT_ENGINES, description: 'who thinks; the server’s own choice where left out, the last run’s in a further run' })
  @IsOptional()
  @IsIn(AGENT_ENGINES)
  engine?: AgentEngine;

  @ApiPropertyOptional({ type: LimitsDto })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => LimitsDto)
  limits?: LimitsDto;
}

export class CreateProjectDto extends RunOptions {
  @ApiProperty({ maxLength: MAX_IDEA, example: 'An app for our tool library: tools, members, and who borrowed what until when.' })
  @IsDefined()
  @IsString()
  @Matches(/\S/, HAS_TEXT)
  @MaxLength(MAX_IDEA)
  product_idea: string;

  @ApiPropertyOptional({ maxLength: 120 })
  @IsOptional()
  @IsString()
  @Matches(/\S/, HAS_TEXT)
  @MaxLength(120)
  name?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true, description: 'finished page designs to begin with' })
  @IsOptional()
  @IsObject()
  generation_spec?: Record<string, unknown>;
}

export class RenameProjectDto {
  @ApiProperty({ maxLength: 120 })
  @IsDefined()
  @IsString()
  @Matches(/\S/, HAS_TEXT)
  @MaxLength(120)
  name: string;
}

export class StartRunDto extends RunOptions {
  @ApiProperty({ enum: ['refine', 'retry'] })
  @IsIn(['refine', 'retry'])
  kind: 'refine' | 'retry';

  @ApiPropertyOptional({ maxLength: MAX_IDEA, description: 'what should be different; required to refine, and for that only' })
  @IsOptional()
  @IsString()
  @Matches(/\S/, HAS_TEXT)
  @MaxLength(MAX_IDEA)
  instructions?: string;
}
