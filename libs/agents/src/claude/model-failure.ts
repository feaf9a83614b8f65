import Anthropic, { type APIError } from '@anthropic-ai/sdk';

/**
 * Why a request to the model came to nothing. What may pass is tried again; the rest is put to a person.
 *
 * - `key`: no key, or one that the service does not take; `model`: unknown, or not for this key; `spend`: no credit left
 * - `request`: the service refused what was sent; `address`: whatever answers there does not speak the Messages API
 * - `busy`: rate limit or overload; `unavailable`: no connection, or an error of the service
 * - `stalled`: nothing came for too long; `broken`: the answer ended or was garbled before its end
 */
export const FAILURE_KINDS = ['key', 'model', 'spend', 'request', 'address', 'busy', 'unavailable', 'stalled', 'broken'] as const;
export type FailureKind = (typeof FAILURE_KINDS)[number];

const PASSING: readonly FailureKind[] = ['busy', 'unavailable', 'stalled', 'broken'];

/** A request to the model that failed. The message names no key and holds nothing of what was sent. */
export class ModelFailure extends Error {
  constructor(
    readonly kind: FailureKind,
    message: string,
    readonly request_id: string | null = null,
    /** How long the service asks to wait, in ms. */
    readonly retry_after_ms: number | null = null,
  ) {
    super(message);
    this.name = 'ModelFailure';
  }

  /** True where the same request may succeed later. */
  get passing(): boolean {
    return PASSING.includes(this.kind);
  }
}

/** An error of the client library as a failure of ours. Whatever is not the service's doing is thrown on. */
export function failureOf(error: unknown, model: string): ModelFailure {
  if (error instanceof ModelFailure) return error;
  if (error instanceof Anthropic.APIConnectionTimeoutError) return new ModelFailure('stalled', 'The model service did not answer in time.');
  if (error instanceof Anthropic.APIConnectionError)
    return new ModelFailure('unavailable', `The model service cannot be reached: ${causeOf(error)}.`);
  // By name: fetch makes its errors outside of the realm that a test runs in.
  const { name } = error as Error;
  if (name === 'TypeError' && /terminated|fetch failed|network/.test(String(error)))
    return new ModelFailure('unavailable', 'The connection to the model service was lost.');
  if (name === 'SyntaxError') return new ModelFailure('broken', 'The model service sent something that is not JSON.');
  if (!(error instanceof Anthropic.APIError)) throw error;
  const { status, type, requestID = null, headers } = error as APIError;
  const make = (kind: FailureKind, message: string): ModelFailure => new ModelFailure(kind, message, requestID, retryAfterOf(headers));
  const said = error.apiMessage === null ? '' : ` The service says: ${error.apiMessage.slice(0, 300)}`;
  // An error without a body of the documented shape was made by something in between, or by no such service at all.
  if (type === null && status !== undefined && status < 500)
    return make('address', `What answers at ANTHROPIC_BASE_URL (status ${status}) does not speak the Messages API.`);
  if (type === 'billing_error' || status === 402 || /credit balance|spend limit/i.test(error.apiMessage ?? ''))
    return make('spend', `The model account has no credit left or reached its spend limit.${said}`);
  if (type === 'authentication_error' || status === 401) return make('key', 'The model service does not take ANTHROPIC_API_KEY: check the key.');
  if (type === 'permission_error' || status === 403) return make('model', `The key may not use the model ${model}.${said}`);
  if (type === 'not_found_error' || status === 404)
    return make('model', `The model service knows no model ${model}: check ANTHROPIC_MODEL and ANTHROPIC_BASE_URL.`);
  if (type === 'rate_limit_error' || status === 429) return make('busy', 'The model service limits the rate of requests.');
  if (type === 'overloaded_error' || status === 529) return make('busy', 'The model service is overloaded.');
  if (type === 'invalid_request_error' || (status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 409))
    return make('request', `The model service refused the request.${said}`);
  return make('unavailable', `The model service has a problem of its own${status === undefined ? '' : ` (${status})`}.`);
}

/** The system's code (`ECONNREFUSED`) where there is one: the error's own text may hold an address with a password. */
function causeOf(error: Error): string {
  for (let cause: NodeJS.ErrnoException | undefined = error; cause !== undefined; cause = cause.cause as NodeJS.ErrnoException | undefined) {
    if (typeof cause.code === 'string') return cause.code;
  }
  return 'no connection';
}

/** `Retry-After` of RFC 9110 section 10.2.3, seconds or a date, in ms. */
function retryAfterOf(headers: Headers | undefined): number | null {
  const value = headers?.get('retry-after');
  if (value === null || value === undefined) return null;
  const seconds = Number(value);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(value) - Date.now();
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
