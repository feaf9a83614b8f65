import { ApiProperty } from '@nestjs/swagger';
import { IsDefined, IsString, MaxLength, MinLength } from 'class-validator';

const LONGEST_REASON = 1_000;

export class RotateKeyDto {
  @ApiProperty({ maxLength: LONGEST_REASON, description: 'why; stays on record, so it names no person' })
  @IsDefined()
  @IsString()
  @MinLength(1)
  @MaxLength(LONGEST_REASON)
  reason: string;
}

export class AuditKey {
  @ApiProperty({ enum: ['OKP'] }) kty: 'OKP';
  @ApiProperty({ enum: ['Ed25519'] }) crv: 'Ed25519';
  @ApiProperty({ description: 'the 32 bytes of the public key, base64url' }) x: string;
  @ApiProperty({ description: 'its thumbprint (RFC 7638)' }) kid: string;
  @ApiProperty({ enum: ['sig'] }) use: 'sig';
  @ApiProperty({ enum: ['EdDSA'] }) alg: 'EdDSA';
  @ApiProperty({ format: 'date-time', description: 'it signed nothing before' }) valid_from: string;
  @ApiProperty({ type: String, nullable: true, format: 'date-time', description: 'it signed nothing after; null for the key in use' })
  valid_until: string | null;
}

export class AuditKeys {
  @ApiProperty({ format: 'uuid', description: 'the event log whose heads they sign' }) store_id: string;
  @ApiProperty({ type: [AuditKey], description: 'every key that ever signed, the oldest first' }) keys: AuditKey[];
}

export class SignedHeadView {
  @ApiProperty({ format: 'uuid' }) store_id: string;
  @ApiProperty({ enum: ['log', 'project'] }) chain: 'log' | 'project';
  @ApiProperty({ type: String, nullable: true, format: 'uuid' }) project_id: string | null;
  @ApiProperty({ description: 'of the last event' }) position: string;
  @ApiProperty({ type: 'integer', description: 'in the chain up to there' }) events: number;
  @ApiProperty({ description: 'SHA-256, hex' }) link: string;
  @ApiProperty({ format: 'date-time' }) time: string;
  @ApiProperty({ description: 'kid of the key that signed' }) key_id: string;
  @ApiProperty({ description: 'Ed25519, base64url' }) signature: string;
}

export class SignedHeadPage {
  @ApiProperty({ type: [SignedHeadView] }) items: SignedHeadView[];
  @ApiProperty({ type: String, nullable: true }) next_cursor: string | null;
}
