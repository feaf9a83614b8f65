import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Ip, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Caller, CurrentCaller, PageQuery, Public, UuidPipe, type Page } from '#platform';
import { Accounts, type Account, type Session } from './accounts.js';
import { ApiKeys, type ApiKey, type NewApiKey } from './api-keys.js';
import { AccountReply, ApiKeyPage, CreateApiKeyDto, LoginDto, NewApiKeyReply, RefreshTokenDto, RegisterDto, SessionReply } from './auth.dto.js';

@ApiTags('auth')
@Controller('auth')
export class AuthController {
  constructor(
    @Inject(Accounts) private readonly accounts: Accounts,
    @Inject(ApiKeys) private readonly apiKeys: ApiKeys,
  ) {}

  @Public()
  @Post('register')
  @Header('Cache-Control', 'no-store')
  @ApiCreatedResponse({ type: SessionReply })
  register(@Body() { email, password, name }: RegisterDto, @Ip() ip: string): Promise<Session> {
    return this.accounts.register({ email, password, name: name ?? null }, ip);
  }

  @Public()
  @Post('login')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOkResponse({ type: SessionReply })
  login(@Body() { email, password }: LoginDto, @Ip() ip: string): Promise<Session> {
    return this.accounts.login({ email, password }, ip);
  }

  @Public()
  @Post('refresh')
  @HttpCode(200)
  @Header('Cache-Control', 'no-store')
  @ApiOkResponse({ type: SessionReply })
  refresh(@Body() body: RefreshTokenDto): Promise<Session> {
    return this.accounts.refresh(body.refresh_token);
  }

  @Post('logout')
  @HttpCode(204)
  @ApiBearerAuth()
  @ApiNoContentResponse()
  logout(@CurrentCaller() caller: Caller, @Body() body: RefreshTokenDto): Promise<void> {
    return this.accounts.logout(caller.user_id, body.refresh_token);
  }

  @Get('me')
  @ApiBearerAuth()
  @ApiOkResponse({ type: AccountReply })
  me(@CurrentCaller() caller: Caller): Promise<Account> {
    return this.accounts.account(caller.user_id);
  }

  @Post('api-keys')
  @Header('Cache-Control', 'no-store')
  @ApiBearerAuth()
  @ApiCreatedResponse({ type: NewApiKeyReply })
  createApiKey(@CurrentCaller() caller: Caller, @Body() body: CreateApiKeyDto): Promise<NewApiKey> {
    return this.apiKeys.create(caller.user_id, caller.newId('api-key'), body.name);
  }

  @Get('api-keys')
  @ApiBearerAuth()
  @ApiOkResponse({ type: ApiKeyPage })
  listApiKeys(@CurrentCaller() caller: Caller, @Query() query: PageQuery): Promise<Page<ApiKey>> {
    return this.apiKeys.list(caller.user_id, query);
  }

  @Delete('api-keys/:key_id')
  @HttpCode(204)
  @ApiBearerAuth()
  @ApiNoContentResponse()
  removeApiKey(@CurrentCaller() caller: Caller, @Param('key_id', UuidPipe) keyId: string): Promise<void> {
    return this.apiKeys.remove(caller.user_id, keyId);
  }
}
