import { ApiProperty } from '@nestjs/swagger';
import { IsString, Length } from 'class-validator';

export class EraseDto {
  @ApiProperty({ description: 'the e-mail address of the account, to show that it is meant', maxLength: 254 })
  @IsString()
  @Length(1, 254)
  confirm: string;

  @ApiProperty({ format: 'password', description: 'the account’s password once more', maxLength: 200 })
  @IsString()
  @Length(1, 200)
  password: string;
}

export class ErasureReply {
  @ApiProperty({ format: 'uuid' })
  user_id: string;

  @ApiProperty({ enum: ['erasing', 'erased'] })
  status: 'erasing' | 'erased';

  @ApiProperty({ format: 'date-time' })
  requested_at: string;

  @ApiProperty({ format: 'date-time', nullable: true, type: String })
  erased_at: string | null;
}
