import type Anthropic from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import type { z } from 'zod';
import type { ModelRequest } from './model-client.js';
import { Blocked, type Turns } from './turns.js';

/** How often an answer that does not fit its schema is given back. */
const REPAIRS = 2;

/** Answers that were cut off by the limit of tokens are asked for again with this much more room, once. */
const MORE_ROOM = 2;

/**
 * Asks for an answer in a schema and validates it with that very schema: the service keeps to the shape, but neither
 * lengths nor what the schema's own checks say. What does not fit goes back with what is wrong, at most twice.
 *
 * @throws Blocked where the model refuses, or its answer still does not fit: a person decides then
 */
export async function askStructured<Schema extends z.ZodType>(turns: Turns, request: ModelRequest, schema: Schema): Promise<z.infer<Schema>> {
  const { type, schema: json } = zodOutputFormat(schema as never);
  const base: ModelRequest = { ...request, output_config: { ...request.output_config, format: { type, schema: json } } };
  let messages = request.messages;
  let max_tokens = request.max_tokens;
  for (let repairs = 0; ;) {
    const { message } = await turns.next({ ...base, max_tokens, messages });
    const text = textOf(message);
    if (message.stop_reason === 'refusal')
      throw new Blocked('refusal', `The model refused to answer.${text === '' ? '' : ` It said: ${text.slice(0, 1_000)}`}`);
    if (message.stop_reason === 'pause_turn') {
      messages = [...messages, { role: 'assistant', content: message.content }];
      continue;
    }
    if (message.stop_reason === 'model_context_window_exceeded')
      throw new Blocked('invalid_answer', 'What the model was given fills its context: shorten the idea, or choose a model with more room.');
    const cut = message.stop_reason === 'max_tokens';
    const problem = cut ? 'The answer was cut off: it was too long.' : problemWith(schema, text);
    if (problem === null) return schema.parse(jsonIn(text));
    if (repairs >= REPAIRS)
      throw new Blocked(
        'invalid_answer',
        `The model's answer did not fit what was asked for after ${REPAIRS + 1} attempts. ${problem.slice(0, 1_000)}`,
      );
    repairs += 1;
    if (cut) max_tokens = Math.ceil(request.max_tokens * MORE_ROOM);
    else
      messages = [
        ...messages,
        { role: 'assistant', content: text === '' ? '(nothing)' : text },
        { role: 'user', content: `That answer cannot be used:\n${problem}\nAnswer again, whole and corrected, with nothing but the JSON.` },
      ];
  }
}

/** All text of a message, in order. */
export const textOf = (message: Anthropic.Message): string =>
  message.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('');

/** The JSON in an answer, also where it is fenced. */
function jsonIn(text: string): unknown {
  const fenced = /^\s*```(?:json)?\s*\n([\s\S]*?)\n```\s*$/.exec(text)?.[1];
  return JSON.parse(fenced ?? text) as unknown;
}

/** What is wrong with an answer, at most ten lines; null where it fits. */
function problemWith(schema: z.ZodType, text: string): string | null {
  let value: unknown;
  try {
    value = jsonIn(text);
  } catch (error) {
    return `It is not JSON: ${(error as Error).message.slice(0, 200)}`;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return null;
  return parsed.error.issues
    .slice(0, 10)
    .map(({ path, message }) => `- ${path.join('.') || 'the answer'}: ${message}`)
    .join('\n');
}
