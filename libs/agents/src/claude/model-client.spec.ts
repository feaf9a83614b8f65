import { API_KEY, startMessagesApi, type Fault, type MessagesApi, type ScriptedTurn } from '../../../../test/support/messages-api.js';
import { ModelClient, type ModelAnswer, type ModelRequest } from './model-client.js';
import type { FailureKind, ModelFailure } from './model-failure.js';
import { patiently } from './patience.js';

const REQUEST: ModelRequest = { model: 'claude-sonnet-5-5', max_tokens: 1_000, messages: [{ role: 'user', content: 'Say something.' }] };
const PATIENT = { attempts: 4, firstMs: 10, longestMs: 200 };

let api: MessagesApi;
let turns: ScriptedTurn[] = [];
beforeAll(async () => {
  api = await startMessagesApi((_request, number) => turns[Math.min(number - begun, turns.length - 1)] ?? { text: 'nothing scripted' });
});
afterAll(() => api.stop());

let begun = 0;
const given = (...script: ScriptedTurn[]): void => {
  turns = script;
  begun = api.requests.length;
};
const client = (change: Partial<ConstructorParameters<typeof ModelClient>[0]> = {}): ModelClient =>
  new ModelClient({ apiKey: API_KEY, baseUrl: api.url, idleMs: 300, ...change });
const never = (): AbortSignal => new AbortController().signal;
const ask = (one = client(), signal = never()): Promise<ModelAnswer> => one.ask(REQUEST, { signal });
const failure = (asked: Promise<unknown>): Promise<ModelFailure> =>
  asked.then(
    () => Promise.reject(new Error('there was an answer')),
    (error: unknown) => error as ModelFailure,
  );

describe('an answer', () => {
  it('comes in pieces and as a whole, with its usage and the name of the request', async () => {
    given({
      text: 'A long enough sentence to come in several pieces, one after the other.',
      usage: { cache_read_input_tokens: 900, input_tokens: 12 },
    });
    const pieces: string[] = [];
    const { message, request_id } = await client().ask(REQUEST, { signal: never(), onText: (text) => pieces.push(text) });
    expect(pieces.length).toBeGreaterThan(1);
    expect(message).toMatchObject({
      stop_reason: 'end_turn',
      content: [{ type: 'text', text: pieces.join('') }],
      usage: { input_tokens: 12, cache_read_input_tokens: 900 },
    });
    expect(request_id).toMatch(/^req_/);
  });

  it('holds its tool calls, read', async () => {
    given({ text: 'I read it.', tools: [{ name: 'read_file', input: { path: 'src/a-long-enough-name-to-be-cut.js' } }] });
    const { message } = await ask();
    expect(message.content.at(-1)).toMatchObject({ type: 'tool_use', name: 'read_file', input: { path: 'src/a-long-enough-name-to-be-cut.js' } });
  });

  it('never holds a tool call that the limit of tokens cut off', async () => {
    given({ text: 'I write.', tools: [{ name: 'write_file', input: { path: 'a', content: 'half' } }], stop_reason: 'max_tokens' });
    const { message } = await ask();
    expect(message).toMatchObject({ stop_reason: 'max_tokens', content: [{ type: 'text', text: 'I write.' }] });
  });
});

describe('no answer', () => {
  const error = (status: number, type: string, retry_after?: number): Fault => ({
    kind: 'error',
    status,
    type,
    ...(retry_after === undefined ? {} : { retry_after }),
  });
  const cases: [string, Fault, FailureKind][] = [
    ['a key that is not taken', error(401, 'authentication_error'), 'key'],
    ['a model that the key may not use', error(403, 'permission_error'), 'model'],
    ['an unknown model', error(404, 'not_found_error'), 'model'],
    ['no credit left', error(402, 'billing_error'), 'spend'],
    ['a request that is refused', error(400, 'invalid_request_error'), 'request'],
    ['a rate limit', error(429, 'rate_limit_error', 7), 'busy'],
    ['an overload', error(529, 'overloaded_error'), 'busy'],
    ['an error of the service', error(500, 'api_error'), 'unavailable'],
    ['an HTML page of a proxy, 502', { kind: 'error', status: 502, html: true }, 'unavailable'],
    ['an HTML page, 404', { kind: 'error', status: 404, html: true }, 'address'],
    ['silence before the headers', { kind: 'stall', at: 'headers' }, 'stalled'],
    ['silence after the headers', { kind: 'stall', at: 'body' }, 'stalled'],
    ['silence in the middle', { kind: 'stall', at: 4 }, 'stalled'],
    ['a stream that is cut short', { kind: 'truncate', after: 5 }, 'broken'],
    ['a connection that is reset', { kind: 'reset', after: 5 }, 'unavailable'],
    ['an overload in the middle of the stream', { kind: 'error_event', after: 4, type: 'overloaded_error' }, 'busy'],
    ['an error in the middle of the stream', { kind: 'error_event', after: 4, type: 'api_error' }, 'unavailable'],
    ['broken JSON in the middle', { kind: 'bad_json', after: 4 }, 'broken'],
  ];
  it.each(cases)('but %s is said to be so, without key and text', async (_what, fault, kind) => {
    given({ text: 'A long enough sentence to come in several pieces, one after the other.', fault });
    const failed = await failure(ask());
    expect(failed).toMatchObject({ name: 'ModelFailure', kind });
    expect(failed.message).not.toContain(API_KEY);
    expect(failed.message).not.toContain('Say something');
  });

  it('from an address where nobody listens', async () => {
    const gone = await startMessagesApi(() => ({}));
    await gone.stop();
    expect(await failure(ask(client({ baseUrl: gone.url })))).toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('from a server that speaks something else', async () => {
    expect(await failure(ask(client({ apiKey: 'sk-ant-other-key-that-is-wrong' })))).toMatchObject({ kind: 'key' });
  });

  it('after an abort, which ends the request at once', async () => {
    given({ text: 'late', fault: { kind: 'stall', at: 4 } });
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    const before = api.abandoned;
    const started = Date.now();
    await expect(ask(client({ idleMs: 10_000 }), abort.signal)).rejects.toThrow('abort');
    expect(Date.now() - started).toBeLessThan(1_000);
    while (api.abandoned === before) await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(ask(client(), abort.signal)).rejects.toThrow('abort');
  });

  it('does not come from a slow service alone: every event starts the clock anew', async () => {
    given({ text: 'slow but steady, in a few pieces only', fault: { kind: 'slow', ms: 120 } });
    expect((await ask()).message.stop_reason).toBe('end_turn');
  });
});

describe('patience', () => {
  const busy: ScriptedTurn = { fault: { kind: 'error', status: 529, type: 'overloaded_error' } };

  it('asks again what may pass, and says how long it waits', async () => {
    given(busy, { fault: { kind: 'truncate', after: 3 }, text: 'x' }, { text: 'at last' });
    const waits: [FailureKind, number][] = [];
    const { message } = await patiently(
      (model) => client().ask({ ...REQUEST, model }, { signal: never() }),
      { model: REQUEST.model, fallback: null },
      { signal: never(), onWait: ({ kind }, ms) => void waits.push([kind, ms]) },
      PATIENT,
    );
    expect(message.content).toMatchObject([{ text: 'at last' }]);
    expect(waits).toEqual([
      ['busy', 10],
      ['broken', 20],
    ]);
  });

  it('takes the fallback where a model stays busy', async () => {
    given(busy, busy, busy, { text: 'from the other' });
    const { message } = await patiently(
      (model) => client().ask({ ...REQUEST, model }, { signal: never() }),
      { model: REQUEST.model, fallback: 'claude-haiku-5-5' },
      { signal: never() },
      PATIENT,
    );
    expect(message.model).toBe('claude-haiku-5-5');
  });

  it('ends, with a bounded number of requests', async () => {
    given(busy);
    const before = api.requests.length;
    expect(
      await failure(
        patiently(
          (model) => client().ask({ ...REQUEST, model }, { signal: never() }),
          { model: REQUEST.model, fallback: null },
          { signal: never() },
          PATIENT,
        ),
      ),
    ).toMatchObject({ kind: 'busy' });
    expect(api.requests.length - before).toBe(PATIENT.attempts);
  });

  it('does not wait an hour because the service asks for it, nor ask again what cannot succeed', async () => {
    given({ fault: { kind: 'error', status: 429, type: 'rate_limit_error', retry_after: 3_600 } });
    expect(
      await failure(
        patiently(
          (model) => client().ask({ ...REQUEST, model }, { signal: never() }),
          { model: REQUEST.model, fallback: null },
          { signal: never() },
          PATIENT,
        ),
      ),
    ).toMatchObject({
      kind: 'busy',
      retry_after_ms: 3_600_000,
    });
    given({ fault: { kind: 'error', status: 401, type: 'authentication_error' } });
    const before = api.requests.length;
    expect(
      await failure(
        patiently(
          (model) => client().ask({ ...REQUEST, model }, { signal: never() }),
          { model: REQUEST.model, fallback: null },
          { signal: never() },
          PATIENT,
        ),
      ),
    ).toMatchObject({ kind: 'key' });
    expect(api.requests.length - before).toBe(1);
  });

  it('ends its pause when it is aborted', async () => {
    given(busy);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 50);
    const started = Date.now();
    await expect(
      patiently(
        (model) => client().ask({ ...REQUEST, model }, { signal: never() }),
        { model: REQUEST.model, fallback: null },
        { signal: abort.signal },
        { attempts: 3, firstMs: 5_000, longestMs: 5_000 },
      ),
    ).rejects.toThrow('abort');
    expect(Date.now() - started).toBeLessThan(1_000);
  });
});
