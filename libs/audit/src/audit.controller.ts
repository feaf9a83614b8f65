import { Body, Controller, Get, Header, HttpCode, Inject, Post } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Caller, CurrentCaller, OperatorOnly, Public } from '#platform';
import { AuditKeys, RotateKeyDto } from './audit.dto.js';
import { ListAuditKeys } from './audit.queries.js';
import { SigningKeys } from './signing-keys.js';

/** The keys by which everybody can check what was signed. */
@ApiTags('audit')
@Controller()
export class AuditController {
  constructor(
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(SigningKeys) private readonly keys: SigningKeys,
  ) {}

  @Public()
  @Get('audit/keys')
  @Header('Cache-Control', 'no-cache')
  @ApiOperation({ summary: 'The public keys that sign the heads of the chains (JWK Set, RFC 7517 and 8037)' })
  @ApiOkResponse({ type: AuditKeys })
  async list(): Promise<AuditKeys> {
    const { store_id, keys } = await this.queries.execute(new ListAuditKeys());
    return {
      store_id,
      keys: keys.map(({ kty, crv, x, kid, valid_from, valid_until }) => ({ kty, crv, x, kid, use: 'sig', alg: 'EdDSA', valid_from, valid_until })),
    };
  }

  @OperatorOnly()
  @Post('operations/audit/rotate-key')
  @HttpCode(200)
  @ApiOperation({ summary: 'Have another key sign from now on' })
  @ApiOkResponse({ type: AuditKeys })
  async rotate(@CurrentCaller() caller: Caller, @Body() body: RotateKeyDto): Promise<AuditKeys> {
    await this.keys.rotate(body.reason, caller.meta());
    return this.list();
  }
}
