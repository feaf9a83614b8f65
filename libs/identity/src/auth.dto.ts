import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsEmail, IsOptional, IsString, Length, Matches, MaxLength } from 'class-validator';

/** One line of text: no control characters, no halves of surrogate pairs. */
const ONE_LINE = /^[^\p{Cc}\p{Cs}]*$/u;
const oneLine = { message: '$property must be one line of well-formed text' };

class CredentialsDto {
  @ApiProperty({ format: 'email', maxLength: 254, example: 'ada@example.org' })
  @IsEmail()
  @MaxLength(254)
  @Matches(ONE_LINE, oneLine)
  email: string;
}

export class RegisterDto extends CredentialsDto {
  @ApiProperty({ format: 'password', minLength: 10, maxLength: 200 })
  @IsString()
  @Length(10, 200)
  password: string;

  @ApiPropertyOptional({ minLength: 1, maxLength: 100 })
  @IsOptional()
  @IsString()
  @Length(1, 100)
  @Matches(ONE_LINE, oneLine)
  name?: string;
}

export class LoginDto extends CredentialsDto {
  @ApiProperty({ format: 'password', minLength: 1, maxLength: 200 })
  @IsString()
  @Length(1, 200)
  password: string;
}

export class RefreshTokenDto {
  @ApiProperty({ minLength: 1, maxLength: 500 })
  @IsString()
  @Length(1, 500)
  refresh_token: string;
}

export class CreateApiKeyDto {
  @ApiProperty({ description: 'what the key is for', minLength: 1, maxLength: 100, example: 'laptop' })
  @IsString()
  @Length(1, 100)
  @Matches(ONE_LINE, oneLine)
  name: string;
}

export class SessionReply {
  @ApiProperty({ format: 'uuid' }) user_id: string;
  @ApiProperty({ description: 'a JWT' }) access_token: string;
  @ApiProperty({ description: 'good once, for 30 days' }) refresh_token: string;
  @ApiProperty({ type: 'integer', description: 'seconds that the access token is good for', example: 900 }) expires_in: number;
}

export class AccountReply {
  @ApiProperty({ format: 'uuid' }) user_id: string;
  @ApiProperty({ format: 'email' }) email: string;
  @ApiProperty({ type: String, nullable: true }) name: string | null;
  @ApiProperty() created_at: Date;
}

export class NewApiKeyReply {
  @ApiProperty({ format: 'uuid' }) key_id: string;
  @ApiProperty() name: string;
  @ApiProperty({ description: 'a bearer token; shown in this answer only' }) api_key: string;
  @ApiProperty() created_at: Date;
}

export class ApiKeyReply {
  @ApiProperty({ format: 'uuid' }) key_id: string;
  @ApiProperty() name: string;
  @ApiProperty({ description: 'how the key begins' }) prefix: string;
  @ApiProperty() created_at: Date;
  @ApiProperty({ type: Date, nullable: true, description: 'to the minute' }) last_used_at: Date | null;
}

export class ApiKeyPage {
  @ApiProperty({ type: [ApiKeyReply] }) items: ApiKeyReply[];
  @ApiProperty({ type: String, nullable: true }) next_cursor: string | null;
}
