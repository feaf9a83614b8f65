import { Type } from 'class-transformer';
import { IsDefined, IsIn, IsInt, IsObject, IsOptional, IsString, Matches, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { AUTONOMY_LEVELS, type Autonomy } from '#contracts';

export const MAX_IDEA = 20_000;
const HAS_TEXT = { message: '$property must not be empty' };

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
