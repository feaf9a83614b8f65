export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** What the server refused, as its problem document (RFC 9457) says it. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly detail: string,
    readonly errors: readonly FieldError[] = [],
  ) {
    super(detail);
    this.name = 'ApiProblem';
  }

  /** Reads a problem document; whatever else stands there becomes a problem with the code `unexpected_answer`. */
  static of(status: number, document: unknown): ApiProblem {
    const { code, detail, errors } = (typeof document === 'object' && document !== null ? document : {}) as Record<string, unknown>;
    if (typeof code !== 'string' || typeof detail !== 'string')
      return new ApiProblem(status, 'unexpected_answer', `The server answered ${status}, without saying why.`);
    return new ApiProblem(status, code, detail, Array.isArray(errors) ? errors.filter(isFieldError) : []);
  }
}

/** No answer came from the server: it is not there, or the connection broke. */
export class ServerUnreachable extends Error {
  constructor(baseUrl: string, cause: unknown) {
    super(`No answer from ${baseUrl}.`, { cause });
    this.name = 'ServerUnreachable';
  }
}

const isFieldError = (value: unknown): value is FieldError => {
  const { field, message } = (value ?? {}) as Record<string, unknown>;
  return typeof field === 'string' && typeof message === 'string';
};
