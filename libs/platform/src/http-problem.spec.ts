import { BadRequestException, ForbiddenException, Logger, NotFoundException, PayloadTooLargeException, type ArgumentsHost } from '@nestjs/common';
import { DomainError, ERROR_STATUS, type ErrorCode } from './domain.js';
import { asDomainError, ProblemFilter } from './http-problem.js';

const SECRET = 'canary: select password from users';

/** What a client gets for something thrown. */
function answered(thrown: unknown, headersSent = false) {
  const answer = { status: 0, type: '', headers: {} as Record<string, string>, body: null as unknown, destroyed: false };
  const reply = {
    headersSent,
    status: (code: number) => ((answer.status = code), reply),
    type: (contentType: string) => ((answer.type = contentType), reply),
    setHeader: (name: string, value: string) => (answer.headers[name] = value),
    send: (body: string) => (answer.body = JSON.parse(body)),
    destroy: () => (answer.destroyed = true),
  };
  const logged: string[] = [];
  const note = (text: string) => void logged.push(text);
  Logger.overrideLogger({ log: note, warn: note, error: note });
  new ProblemFilter().catch(thrown, { switchToHttp: () => ({ getResponse: () => reply }) } as unknown as ArgumentsHost);
  return { ...answer, logged: logged.join('\n') };
}

afterAll(() => Logger.overrideLogger(['error', 'warn', 'log']));

it('an error of the domain is a problem document with its code, its fields and what it adds', () => {
  const error = new DomainError('daily_limit', 'Wait.', [{ field: 'limits', message: 'too many' }], { retry_after: 30 });
  expect(answered(error)).toMatchObject({
    status: 429,
    type: 'application/problem+json',
    headers: { 'Retry-After': '30' },
    body: {
      type: 'about:blank',
      title: 'daily limit',
      status: 429,
      code: 'daily_limit',
      detail: 'Wait.',
      errors: [{ field: 'limits', message: 'too many' }],
      retry_after: 30,
    },
    logged: '',
  });
});

it('every code has a status that HTTP knows as an error', () => {
  for (const code of Object.keys(ERROR_STATUS) as ErrorCode[]) expect(answered(new DomainError(code, '')).status).toBe(ERROR_STATUS[code]);
  expect(Object.values(ERROR_STATUS).filter((status) => status < 400 || status > 599)).toEqual([]);
});

it('what is unexpected says nothing of its inside to the client, and everything to the log', () => {
  for (const thrown of [new Error(SECRET), SECRET, { message: SECRET, status: 299 }, null, undefined]) {
    const answer = answered(thrown);
    expect(answer).toMatchObject({ status: 500, body: { code: 'internal' } });
    expect(JSON.stringify(answer.body)).not.toContain('canary');
  }
  expect(answered(new Error(SECRET)).logged).toContain(SECRET);
});

it('errors of the framework become ours, without their words', () => {
  const codes = [
    new BadRequestException(SECRET),
    new ForbiddenException(SECRET),
    new NotFoundException(SECRET),
    new PayloadTooLargeException(SECRET),
    { status: 415 },
  ].map(asDomainError);
  expect(codes.map(({ code }) => code)).toEqual(['invalid_input', 'not_found', 'not_found', 'payload_too_large', 'invalid_input']);
  expect(codes.map(({ detail }) => detail).join()).not.toContain('canary');
});

it('who is not known is told how to say who they are', () => {
  expect(answered(new DomainError('unauthenticated', '')).headers).toEqual({ 'WWW-Authenticate': 'Bearer' });
});

it.each(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', '57P01', '57P03', '08006', '53300', '53100', '55P03'])(
  'a database that fails for now with %s is 503 and worth another try',
  (code) => {
    expect(answered(Object.assign(new Error(SECRET), { code }))).toMatchObject({
      status: 503,
      headers: { 'Retry-After': '2' },
      body: { code: 'unavailable' },
    });
  },
);

it.each(['Connection terminated unexpectedly', 'timeout exceeded when trying to connect'])('so is one whose driver says: %s', (message) => {
  expect(answered(new Error(message)).status).toBe(503);
});

it('an answer that has begun is cut off instead of being mixed with a problem', () => {
  expect(answered(new Error(SECRET), true)).toMatchObject({ destroyed: true, body: null });
});
