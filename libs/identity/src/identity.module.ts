import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { CONFIG, type Config } from '#platform';
import { AccountErasure } from './account-erasure.js';
import { Accounts } from './accounts.js';
import { ApiKeys } from './api-keys.js';
import { AuthController } from './auth.controller.js';
import { AuthGuard } from './auth.guard.js';
import { accessTokenKey, JwtStrategy } from './jwt.strategy.js';
import { Passwords } from './passwords.js';
import { RefreshTokens } from './refresh-tokens.js';
import { SealedIdentity } from './sealed-identity.js';
import { Tokens } from './tokens.js';

@Module({
  imports: [JwtModule.registerAsync({ inject: [CONFIG], useFactory: (config: Config) => ({ secret: accessTokenKey(config).key }) })],
  providers: [AccountErasure, Accounts, ApiKeys, JwtStrategy, Passwords, RefreshTokens, SealedIdentity, Tokens],
  exports: [AccountErasure, Accounts, ApiKeys, Tokens],
})
export class IdentityModule {}

/** The routes below `auth`, and the guard over every route of the application. */
@Module({
  imports: [IdentityModule],
  controllers: [AuthController],
  providers: [{ provide: APP_GUARD, useClass: AuthGuard }],
})
export class IdentityApiModule {}
