import { CountersignClient, everything } from './client.js';
import { ApiProblem, ServerUnreachable } from './problems.js';

interface Sent {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Record<string, string>;
  readonly body: unknown;
}

const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });

/** A client whose requests get these answers, in order; an Error is a connection that breaks. */
function given(...answers: (Response | Error)[]): { client: CountersignClient; sent: Sent[] } {
  const sent: Sent[] = [];
  const fetch = async (url: unknown, init: RequestInit = {}): Promise<Response> => {
    const { method, headers, body } = init;
    sent.push({
      url: String(url),
      method,
      headers: headers as Record<string, string>,
      body: typeof body !== 'string' ? undefined : JSON.parse(body),
    });
    const answer = answers.shift()!;
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { client: new CountersignClient({ baseUrl: 'http://server/', token: 'secret', fetch, retryDelaysMs: [1, 1] }), sent };
}

it('repeats a command that was not answered under the same key', async () => {
  const { client, sent } = given(new TypeError('fetch failed'), json(503, {}), json(201, { project_id: 'p' }));
  await expect(client.createProject({ product_idea: 'An app.' })).resolves.toEqual({ project_id: 'p' });
  expect(sent.map(({ url }) => url)).toEqual(Array(3).fill('http://server/api/v1/projects'));
  expect(new Set(sent.map(({ headers }) => headers['Idempotency-Key'])).size).toBe(1);
  expect(sent[0]).toMatchObject({ method: 'POST', headers: { Authorization: 'Bearer secret' }, body: { product_idea: 'An app.' } });
});

it('gives two commands two keys', async () => {
  const { client, sent } = given(json(202, { message_id: 'm' }), json(202, { message_id: 'm' }));
  await client.postMessage('p', 'yes');
  await client.postMessage('p', 'yes');
  expect(sent[0]!.headers['Idempotency-Key']).not.toBe(sent[1]!.headers['Idempotency-Key']);
});

it('registers once only', async () => {
  const { client, sent } = given(new TypeError('fetch failed'));
  await expect(client.register({ email: 'a@b.example', password: 'long enough' })).rejects.toBeInstanceOf(ServerUnreachable);
  expect(sent).toHaveLength(1);
  expect(sent[0]!.headers).not.toHaveProperty('Idempotency-Key');
});

it('throws what the server refuses, with the fields it names', async () => {
  const errors = [{ field: 'product_idea', message: 'must not be empty' }];
  const { client } = given(json(400, { status: 400, code: 'invalid_input', detail: 'Not so.', errors }));
  const problem: unknown = await client.createProject({ product_idea: ' ' }).catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(ApiProblem);
  expect(problem).toMatchObject({ status: 400, code: 'invalid_input', detail: 'Not so.', errors });
});

it('makes a problem of an answer that is none of the API', async () => {
  const { client } = given(new Response('<html>', { status: 404 }), new Response('<html>', { status: 200 }));
  await expect(client.getProject('p')).rejects.toMatchObject({ status: 404, code: 'unexpected_answer' });
  await expect(client.getProject('p')).rejects.toMatchObject({ status: 200, code: 'unexpected_answer' });
});

it('says that no answer came after the last try', async () => {
  const { client, sent } = given(new TypeError('1'), new TypeError('2'), new TypeError('3'));
  await expect(client.getProject('p')).rejects.toBeInstanceOf(ServerUnreachable);
  expect(sent).toHaveLength(3);
});

it('tells a service that is not ready from an address where none is', async () => {
  const { client } = given(json(503, { api_status: 'ok', db_status: 'down' }), json(200, { hello: 'world' }));
  await expect(client.health()).resolves.toMatchObject({ ready: false, db_status: 'down' });
  await expect(client.health()).rejects.toBeInstanceOf(ApiProblem);
});

it('keeps the token from the download link', async () => {
  const { client, sent } = given(json(200, { url: '/api/v1/downloads/signed' }), new Response('zip'));
  expect(await new Response(await client.download('p')).text()).toBe('zip');
  expect(sent[1]!.url).toBe('http://server/api/v1/downloads/signed');
  expect(sent[1]!.headers).toBeUndefined();
});

it('reads a list to its end', async () => {
  const { client, sent } = given(json(200, { items: [1, 2], next_cursor: 'more' }), json(200, { items: [3], next_cursor: null }));
  await expect(everything((page) => client.listMessages('p', page))).resolves.toEqual([1, 2, 3]);
  expect(sent.map(({ url }) => url.split('?')[1])).toEqual(['limit=200', 'limit=200&cursor=more']);
});
