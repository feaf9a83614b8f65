import { Catch, HttpException, Logger, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import { DomainError, ERROR_STATUS, type ErrorCode } from './domain.js';

interface Reply {
  headersSent: boolean;
  status(code: number): Reply;
  type(contentType: string): Reply;
  setHeader(name: string, value: string): unknown;
  send(body: string): unknown;
  destroy(): unknown;
}

/** Every error as application/problem+json (RFC 9457) with a stable code; what is unexpected says nothing of its inside. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Http');

  catch(thrown: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<Reply>();
    const error = asDomainError(thrown);
    const status = ERROR_STATUS[error.code];
    if (status === 500) this.logger.error(thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown));
    if (status === 503) this.logger.warn(`answered 503: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    if (reply.headersSent) {
      reply.destroy();
      return;
    }
    if (status === 401) reply.setHeader('WWW-Authenticate', 'Bearer');
    const retryAfter = error.extensions['retry_after'];
    if (typeof retryAfter === 'number') reply.setHeader('Retry-After', String(retryAfter));
    reply
      .status(status)
      .type('application/problem+json')
      .send(JSON.stringify(problemDocument(error)));
  }
}

export const problemDocument = (error: DomainError): Record<string, unknown> => ({
  type: 'about:blank',
  title: error.code.replaceAll('_', ' '),
  status: ERROR_STATUS[error.code],
  code: error.code,
  detail: error.detail,
  ...(error.errors.length > 0 ? { errors: error.errors } : {}),
  ...error.extensions,
});

const BY_STATUS: Readonly<Record<number, [ErrorCode, string]>> = {
  400: ['invalid_input', 'The request could not be read. Send well-formed JSON in UTF-8.'],
  401: ['unauthenticated', 'Send a valid bearer token.'],
  403: ['not_found', 'There is nothing at this address.'],
  404: ['not_found', 'There is nothing at this address.'],
  413: ['payload_too_large', 'The request is too large.'],
  415: ['invalid_input', 'Send JSON with Content-Type: application/json, in UTF-8.'],
  429: ['too_many_requests', 'Too many requests. Wait a little and repeat.'],
};

/** Whatever was thrown, as one of our errors. */
export function asDomainError(thrown: unknown): DomainError {
  if (thrown instanceof DomainError) return thrown;
  const status = thrown instanceof HttpException ? thrown.getStatus() : (thrown as { status?: unknown } | null)?.status;
  const known = typeof status === 'number' ? BY_STATUS[status] : undefined;
  if (known) return new DomainError(known[0], known[1]);
  if (isConnectionLoss(thrown))
    return new DomainError('unavailable', 'The service cannot reach its database right now. Repeat the request in a moment.', [], { retry_after: 2 });
  return new DomainError('internal', 'Something went wrong on our side. Repeat the request; if it stays, look into the server log.');
}

function isConnectionLoss(thrown: unknown): boolean {
  const code = (thrown as { code?: unknown } | null)?.code;
  const message = thrown instanceof Error ? thrown.message : '';
  return (
    (typeof code === 'string' && (/^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND)/.test(code) || /^(08|25P0|53|55P03|57P0)/.test(code))) ||
    /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error/.test(message)
  );
}
