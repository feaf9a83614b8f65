import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { DomainError, PUBLIC_ROUTE, type AuthenticatedUser } from '#platform';
import { Tokens } from './tokens.js';

interface IncomingRequest {
  readonly headers: { readonly authorization?: string };
  user?: AuthenticatedUser;
}

/** Everything needs a bearer token except what is marked `@Public()`. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Tokens) private readonly tokens: Tokens,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Sockets authenticate in their handshake, before any message reaches a handler.
    if (context.getType() === 'ws') return true;
    if (this.reflector.getAllAndOverride<boolean | undefined>(PUBLIC_ROUTE, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<IncomingRequest>();
    const token = /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (token === undefined) throw new DomainError('unauthenticated', 'Send a bearer token: Authorization: Bearer <access token or API key>.');
    request.user = { user_id: (await this.tokens.verifyAccessToken(token)).user_id };
    return true;
  }
}
