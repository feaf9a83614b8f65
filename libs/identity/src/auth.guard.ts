import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { CONFIG, DomainError, ERASED_ROUTE, OPERATOR, OPERATOR_ROUTE, PUBLIC_ROUTE, type AuthenticatedUser, type Config } from '#platform';
import { isOperatorToken } from './operator-token.js';
import { Tokens } from './tokens.js';

interface IncomingRequest {
  readonly headers: { readonly authorization?: string };
  user?: AuthenticatedUser;
}

/** Everything needs a person's bearer token, except what is marked `@Public()`, and what is marked `@OperatorOnly()` and needs the operator's. */
@Injectable()
export class AuthGuard implements CanActivate {
  constructor(
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Tokens) private readonly tokens: Tokens,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Sockets authenticate in their handshake, before any message reaches a handler.
    if (context.getType() === 'ws') return true;
    const isMarked = (mark: string) => this.reflector.getAllAndOverride<boolean | undefined>(mark, [context.getHandler(), context.getClass()]);
    if (isMarked(PUBLIC_ROUTE)) return true;
    const request = context.switchToHttp().getRequest<IncomingRequest>();
    const token = /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (isMarked(OPERATOR_ROUTE)) {
      if (!isOperatorToken(this.config, token))
        throw new DomainError('unauthenticated', 'This is for operators: send the operator token (OPERATOR_TOKEN, or DATA_DIR/keys/operator).');
      request.user = { user_id: OPERATOR };
      return true;
    }
    if (token === undefined) throw new DomainError('unauthenticated', 'Send a bearer token: Authorization: Bearer <access token or API key>.');
    request.user = { user_id: isMarked(ERASED_ROUTE) ? await this.tokens.verifyHolder(token) : (await this.tokens.verifyAccessToken(token)).user_id };
    return true;
  }
}
