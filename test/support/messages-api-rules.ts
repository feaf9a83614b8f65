import type { IncomingMessage } from 'node:http';

/** What the service refuses, as far as a client can get it wrong. */

export interface Refusal {
  readonly status: number;
  readonly type: 'invalid_request_error' | 'not_found_error' | 'request_too_large';
  readonly message: string;
}

interface Block {
  type: string;
  id?: string;
  tool_use_id?: string;
}

/** Says what the service would refuse a request for; null where it would take it. */
export function problemWithRequest(request: IncomingMessage, text: string): Refusal | null {
  const invalid = (message: string): Refusal => ({ status: 400, type: 'invalid_request_error', message });
  if (request.method !== 'POST' || !/^\/v1\/messages(\/count_tokens)?(\?|$)/.test(request.url ?? ''))
    return { status: 404, type: 'not_found_error', message: `no such path: ${request.method ?? ''} ${request.url ?? ''}` };
  if (request.headers['anthropic-version'] === undefined) return invalid('anthropic-version: header is required');
  let body: Record<string, unknown>;
  try {
    body = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return invalid('the request body is not valid JSON');
  }
  if (typeof body['model'] !== 'string') return invalid('model: Field required');
  if (!body['model'].startsWith('claude-')) return { status: 404, type: 'not_found_error', message: `model: ${body['model']}` };
  const counting = (request.url ?? '').includes('count_tokens');
  if (!counting && (!Number.isInteger(body['max_tokens']) || (body['max_tokens'] as number) < 1)) return invalid('max_tokens: Field required');
  const messages = body['messages'] as { role: string; content: string | Block[] }[] | undefined;
  if (!Array.isArray(messages) || messages.length === 0) return invalid('messages: at least one message is required');
  if (messages[0]?.role !== 'user') return invalid('messages: first message must use the "user" role');
  return toolProblem(messages, invalid) ?? unsupportedSchema(body, invalid);
}

/** Every `tool_use` needs a `tool_result` in the message after it, and no result comes without its call. */
function toolProblem(messages: readonly { role: string; content: string | Block[] }[], invalid: (message: string) => Refusal): Refusal | null {
  const blocks = (at: number): Block[] => {
    const content = messages[at]?.content;
    return Array.isArray(content) ? content : [];
  };
  for (const [at, message] of messages.entries()) {
    if (message.content.length === 0) return invalid(`messages.${at}: content must not be empty`);
    const calls = message.role === 'assistant' ? blocks(at).flatMap((block) => (block.type === 'tool_use' ? [block.id] : [])) : [];
    const results = blocks(at + 1).flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []));
    const open = calls.filter((id) => !results.includes(id));
    if (open.length > 0)
      return invalid(`messages.${at}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}`);
    const before = at === 0 ? [] : blocks(at - 1).flatMap((block) => (block.type === 'tool_use' ? [block.id] : []));
    const stray = blocks(at).find((block) => block.type === 'tool_result' && !before.includes(block.tool_use_id));
    if (stray) return invalid(`messages.${at}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${String(stray.tool_use_id)}`);
  }
  return null;
}

/** Structured output takes objects that are closed and say what is required. */
function unsupportedSchema(body: Record<string, unknown>, invalid: (message: string) => Refusal): Refusal | null {
  const format = (body['output_config'] as { format?: { type?: string; schema?: unknown } | null } | undefined)?.format;
  if (format === undefined || format === null) return null;
  if (format.type !== 'json_schema' || typeof format.schema !== 'object') return invalid('output_config.format: must be a json_schema');
  const open = openObject(format.schema);
  return open === null ? null : invalid(`output_config.format.schema: object at ${open} must set "additionalProperties" to false`);
}

function openObject(schema: unknown, path = '#'): string | null {
  if (typeof schema !== 'object' || schema === null) return null;
  const node = schema as Record<string, unknown>;
  if (node['type'] === 'object' && node['additionalProperties'] !== false) return path;
  for (const [key, value] of Object.entries(node)) {
    const found = Array.isArray(value)
      ? value.map((one, at) => openObject(one, `${path}/${key}/${at}`)).find(Boolean)
      : openObject(value, `${path}/${key}`);
    if (found) return found;
  }
  return null;
}
