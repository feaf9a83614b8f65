import type { NextFunction, Request, Response } from 'express';
import { DomainError, newId, problemDocument, unsafeJson } from '#platform';

const REQUEST_ID = /^[\w.-]{1,128}$/;

/** Nothing but the console's and the API documentation's own files, and no frame around them. */
const PAGE_POLICY =
  "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/** The caller's request id where it sent a usable one, a new one otherwise; it comes back on every answer. */
export function requestId(request: Request, response: Response, next: NextFunction): void {
  const given = request.header('x-request-id');
  response.setHeader('X-Request-Id', given !== undefined && REQUEST_ID.test(given) ? given : newId());
  next();
}

export function securityHeaders(request: Request, response: Response, next: NextFunction): void {
  const data = request.path.startsWith('/api/v1');
  response.setHeader('Content-Security-Policy', data ? DATA_POLICY : PAGE_POLICY);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Referrer-Policy', 'no-referrer');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  if (data) response.setHeader('Cache-Control', 'no-store');
  next();
}

/** Before a body is read: JSON is the one form there is. */
export function jsonOnly(request: Request, _response: Response, next: NextFunction): void {
  const hasBody = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0;
  if (!hasBody || /^application\/json\s*(;|$)/i.test(request.header('content-type') ?? '')) return next();
  next(
    new DomainError('invalid_input', 'Send the body as JSON, with Content-Type: application/json.', [
      { field: 'Content-Type', message: 'must be application/json' },
    ]),
  );
}

/** After the body was parsed: an object, and no text in it or in the address that could do harm further in. */
export function safeInput(request: Request, _response: Response, next: NextFunction): void {
  const body: unknown = request.body;
  if (Array.isArray(body))
    return next(new DomainError('invalid_input', 'Send a JSON object, not a list.', [{ field: '', message: 'must be an object' }]));
  const problem = unsafeJson(body) ?? unsafeJson(request.query) ?? unsafePath(request.path);
  if (problem) return next(new DomainError('invalid_input', 'The request contains something that is not allowed; see errors.', [problem]));
  next();
}

function unsafePath(path: string): { field: string; message: string } | null {
  try {
    return unsafeJson(decodeURIComponent(path), 'path');
  } catch {
    return { field: 'path', message: 'must be percent-encoded UTF-8' };
  }
}

/** The very last resort: what lies outside /api/v1 does not come past the framework's own answer. */
export function nothingThere(_request: Request, response: Response): void {
  response
    .status(404)
    .type('application/problem+json')
    .send(JSON.stringify(problemDocument(new DomainError('not_found', 'There is nothing at this address.'))));
}
