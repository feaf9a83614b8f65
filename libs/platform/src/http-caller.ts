import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { DomainError, type CommandMeta } from './domain.js';
import { canonicalJson, newId, sha256, stableId } from './ids.js';

/** What authentication leaves on the request. */
export interface AuthenticatedUser {
  readonly user_id: string;
}

interface IncomingRequest {
  readonly user?: AuthenticatedUser;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  header(name: string): string | undefined;
}

/**
 * Who asks, and under which ids. With an `Idempotency-Key` every id derives from person, key and address, so that a
 * repeat asks for the very same thing, over restarts too (draft-ietf-httpapi-idempotency-key-header).
 */
export class Caller {
  private constructor(
    readonly user_id: string,
    readonly command_id: string,
    private readonly requestHash: string | null,
  ) {}

  static of(request: IncomingRequest): Caller {
    if (!request.user) throw new DomainError('unauthenticated', 'Send a valid bearer token.');
    const key = request.header('idempotency-key');
    if (key === undefined) return new Caller(request.user.user_id, newId(), null);
    if (!/^[\x21-\x7e]{1,255}$/.test(key))
      throw new DomainError('invalid_input', 'The Idempotency-Key must be 1 to 255 visible ASCII characters.', [
        { field: 'Idempotency-Key', message: 'must be 1 to 255 visible ASCII characters' },
      ]);
    return new Caller(
      request.user.user_id,
      stableId('http', request.user.user_id, request.method, request.path, key),
      sha256(canonicalJson(request.body ?? null)),
    );
  }

  /** For callers that are not HTTP requests, such as a socket. */
  static ofUser(userId: string): Caller {
    return new Caller(userId, newId(), null);
  }

  /** Id of an object that this request makes. */
  newId(kind: string): string {
    return stableId(this.command_id, kind);
  }

  meta(project_id: string | null = null, run_id: string | null = null): CommandMeta {
    return {
      command_id: this.command_id,
      request_hash: this.requestHash,
      now: new Date().toISOString(),
      actor: this.user_id,
      requester: this.user_id,
      owner_id: this.user_id,
      project_id,
      run_id,
      correlation_id: this.command_id,
      causation_id: this.command_id,
    };
  }
}

/** Controller parameter: the authenticated caller. */
export const CurrentCaller = createParamDecorator((_: unknown, context: ExecutionContext) =>
  Caller.of(context.switchToHttp().getRequest<IncomingRequest>()),
);
