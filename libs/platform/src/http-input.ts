import { Injectable, ValidationPipe, type PipeTransform, type ValidationError } from '@nestjs/common';
import { DomainError, type FieldProblem } from './domain.js';
import { UUID } from './ids.js';

/** Body and query DTOs: unknown fields are refused, every problem names its field. */
export const dtoPipe = (): ValidationPipe =>
  new ValidationPipe({
    whitelist: true,
    forbidNonWhitelisted: true,
    transform: true,
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new DomainError('invalid_input', 'Some fields are missing, unknown or malformed; see errors.', flatten(errors)),
  });

function flatten(errors: readonly ValidationError[], prefix = ''): FieldProblem[] {
  return errors.flatMap((error) => {
    const field = `${prefix}${error.property}`;
    const own = Object.values(error.constraints ?? {}).map((message) => ({ field, message }));
    return [...own, ...flatten(error.children ?? [], `${field}.`)];
  });
}

/** A path parameter that must be a UUID. */
@Injectable()
export class UuidPipe implements PipeTransform<string, string> {
  transform(value: string): string {
    if (!UUID.test(value)) throw new DomainError('invalid_id', 'The id in the address must be a UUID, such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301.');
    return value.toLowerCase();
  }
}

const MAX_DEPTH = 60;

/**
 * Refuses text that no database column and no JSON reader downstream could hold: NUL, lone surrogates, absurd nesting,
 * and the keys that reach for an object's prototype.
 * @returns the first problem, or null
 */
export function unsafeJson(value: unknown, field = '', depth = 0): FieldProblem | null {
  if (typeof value === 'string') {
    if (value.includes('\0')) return { field, message: 'must not contain the NUL character' };
    return value.isWellFormed() ? null : { field, message: 'must be well-formed Unicode (it contains half a surrogate pair)' };
  }
  if (value === null || typeof value !== 'object') return null;
  if (depth > MAX_DEPTH) return { field, message: `must not be nested deeper than ${MAX_DEPTH} levels` };
  for (const [key, child] of Object.entries(value)) {
    const name = field === '' ? key : `${field}.${key}`;
    if (['__proto__', 'constructor', 'prototype'].includes(key)) return { field: name, message: 'this name is not allowed' };
    const problem = unsafeJson(key, name) ?? unsafeJson(child, name, depth + 1);
    if (problem) return problem;
  }
  return null;
}

/** An opaque cursor: the place in a list after which the next page begins. */
export const encodeCursor = (parts: readonly string[]): string => Buffer.from(JSON.stringify(parts)).toString('base64url');

/**
 * @param fits whether the parts are ones that this list would have handed out
 * @throws DomainError invalid_cursor
 */
export function decodeCursor(cursor: string | undefined, fits: (parts: string[]) => boolean): string[] | null {
  if (cursor === undefined) return null;
  try {
    const decoded = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
    if (Array.isArray(decoded) && decoded.length === 2 && decoded.every((part) => typeof part === 'string') && fits(decoded)) return decoded;
  } catch {
    // falls through to the refusal
  }
  throw new DomainError('invalid_cursor', 'This cursor is not one that was handed out. Begin again without a cursor.', [
    { field: 'cursor', message: 'must be a next_cursor of an earlier answer' },
  ]);
}
