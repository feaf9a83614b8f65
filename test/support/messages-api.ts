import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type Anthropic from '@anthropic-ai/sdk';
import { PromptCache, tokensOf } from './messages-api-cache.js';
import { problemWithRequest } from './messages-api-rules.js';

/**
 * A local server that speaks the Messages API as the client library expects it (`POST /v1/messages` and
 * `/v1/messages/count_tokens` of https://platform.claude.com/docs/en/api/messages, API version 2026-10-21): headers and
 * bodies checked, streams in the documented order of events, errors in the documented shape. What it answers is scripted.
 * It has never been compared with the real service.
 */

type Request = Anthropic.MessageCreateParams;
type Block = Anthropic.ContentBlock;

/** One scripted answer. Whatever is left out is as the service would have it. */
export interface ScriptedTurn {
  /** Text, or the whole content. */
  readonly text?: string;
  readonly tools?: readonly { readonly name: string; readonly input: unknown }[];
  readonly stop_reason?: Anthropic.StopReason;
  readonly usage?: Partial<Anthropic.Usage>;
  /** How the answer fails instead, or on its way. */
  readonly fault?: Fault;
}

export type Fault =
  /** An error of the service; with `html`, one that a proxy in between made. */
  | { readonly kind: 'error'; readonly status: number; readonly type?: string; readonly retry_after?: number; readonly html?: boolean }
  /** Nothing more comes: before the headers, after them, or after so many events. */
  | { readonly kind: 'stall'; readonly at: 'headers' | 'body' | number }
  /** The connection ends after so many events: orderly (`truncate`) or not (`reset`). */
  | { readonly kind: 'truncate' | 'reset'; readonly after: number }
  /** An `error` event in the middle of the stream. */
  | { readonly kind: 'error_event'; readonly after: number; readonly type: string }
  /** The event after so many holds broken JSON. */
  | { readonly kind: 'bad_json'; readonly after: number }
  /** A pause before every event, in ms. */
  | { readonly kind: 'slow'; readonly ms: number };

/** What answers a request: called with the body and the number of the request, from 0. */
export type Script = (request: Request, number: number) => ScriptedTurn | Promise<ScriptedTurn>;

export interface MessagesApi {
  readonly url: string;
  /** Bodies of the requests that were answered or failed on purpose, in order. */
  readonly requests: readonly Request[];
  /** Requests that are under way now. */
  readonly open: number;
  /** Requests whose client hung up before the end. */
  readonly abandoned: number;
  stop(): Promise<void>;
}

export const API_KEY = 'sk-ant-test-0123456789abcdefghijklmnop';

/** Starts the server on a free port. */
export async function startMessagesApi(script: Script): Promise<MessagesApi> {
  const requests: Request[] = [];
  const cache = new PromptCache();
  const sockets = new Set<Socket>();
  let open = 0;
  let abandoned = 0;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const id = `req_${String(requests.length).padStart(8, '0')}`;
    response.setHeader('request-id', id);
    const fail = (status: number, type: string, message: string): void => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ type: 'error', error: { type, message }, request_id: id }));
    };
    const text = await bodyOf(request);
    if (request.headers.authorization !== `Bearer ${API_KEY}` && request.headers['x-api-key'] !== API_KEY)
      return fail(401, 'authentication_error', 'invalid bearer token');
    const problem = problemWithRequest(request, text);
    if (problem) return fail(problem.status, problem.type, problem.message);
    const body = JSON.parse(text) as Request;
    if (request.url?.startsWith('/v1/messages/count_tokens')) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ input_tokens: tokensOf(text) }));
      return;
    }
    const number = requests.push(body) - 1;
    const turn = await script(body, number);
    const { fault } = turn;
    if (fault?.kind === 'stall' && fault.at === 'headers') return;
    if (fault?.kind === 'error') {
      if (fault.retry_after !== undefined) response.setHeader('retry-after', String(fault.retry_after));
      if (!fault.html) return fail(fault.status, fault.type ?? 'api_error', `scripted ${fault.type ?? 'api_error'}`);
      response.writeHead(fault.status, { 'content-type': 'text/html' });
      response.end('<html><body><h1>502 Bad Gateway</h1></body></html>');
      return;
    }
    const message = messageOf(body, turn, number, cache);
    if (body.stream !== true) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(message));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
    response.flushHeaders();
    if (fault?.kind === 'stall' && fault.at === 'body') return;
    await stream(response, eventsOf(message), fault);
  };

  const server = createServer((request, response) => {
    open += 1;
    response.once('close', () => {
      open -= 1;
      if (!response.writableFinished) abandoned += 1;
    });
    void answer(request, response).catch(() => response.destroy());
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    get open() {
      return open;
    },
    get abandoned() {
      return abandoned;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function messageOf(request: Request, turn: ScriptedTurn, number: number, cache: PromptCache): Anthropic.Message {
  const content: Block[] = [
    ...(turn.text === undefined ? [] : [{ type: 'text', text: turn.text, citations: null } as const]),
    ...(turn.tools ?? []).map(({ name, input }, index): Block => ({
      type: 'tool_use',
      id: `toolu_${number}_${index}`,
      name,
      input,
      caller: { type: 'direct' },
    })),
  ];
  const written = JSON.stringify(content);
  return {
    id: `msg_${String(number).padStart(8, '0')}`,
    type: 'message',
    role: 'assistant',
    model: request.model,
    content,
    stop_reason: turn.stop_reason ?? ((turn.tools?.length ?? 0) > 0 ? 'tool_use' : 'end_turn'),
    stop_sequence: null,
    stop_details: null,
    container: null,
    context_management: null,
    usage: {
      ...cache.take(request),
      output_tokens: tokensOf(written),
      cache_creation: null,
      inference_geo: null,
      output_tokens_details: null,
      server_tool_use: null,
      service_tier: 'standard',
      speed: null,
      ...turn.usage,
    },
  } as unknown as Anthropic.Message;
}

/** The events of a message's stream: `message_start`, `ping`, each block in pieces, `message_delta`, `message_stop`. */
function eventsOf(message: Anthropic.Message): { type: string }[] {
  const { stop_reason, stop_sequence, usage, content } = message;
  const blocks = content.flatMap((block, index) => {
    const [begun, deltas] = piecesOf(block);
    return [
      { type: 'content_block_start', index, content_block: begun },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ];
  });
  const started = { ...message, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
  return [
    { type: 'message_start', message: started } as { type: string },
    { type: 'ping' },
    ...blocks,
    { type: 'message_delta', delta: { stop_reason, stop_sequence }, usage } as { type: string },
    { type: 'message_stop' },
  ];
}

function piecesOf(block: Block): [begun: object, deltas: object[]] {
  const cut = (text: string): string[] => text.match(/[\s\S]{1,40}/g) ?? [];
  if (block.type === 'text') return [{ ...block, text: '' }, cut(block.text).map((text) => ({ type: 'text_delta', text }))];
  if (block.type !== 'tool_use') return [block, []];
  return [{ ...block, input: {} }, cut(JSON.stringify(block.input)).map((partial_json) => ({ type: 'input_json_delta', partial_json }))];
}

async function stream(response: ServerResponse, events: readonly { type: string }[], fault: Fault | undefined): Promise<void> {
  for (const [index, event] of events.entries()) {
    if (fault?.kind === 'slow') await delay(fault.ms);
    if (fault?.kind === 'stall' && fault.at === index) return;
    if (fault?.kind === 'truncate' && fault.after === index) return void response.end();
    if (fault?.kind === 'reset' && fault.after === index) return void response.destroy();
    if (fault?.kind === 'bad_json' && fault.after === index) response.write(`event: ${event.type}\ndata: {"type": "conte\n\n`);
    if (fault?.kind === 'error_event' && fault.after === index) {
      response.write(`event: error\ndata: ${JSON.stringify({ type: 'error', error: { type: fault.type, message: 'scripted' } })}\n\n`);
      return void response.end();
    }
    if (response.destroyed) return;
    response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
  }
  response.end();
}
