import type Anthropic from '@anthropic-ai/sdk';
import { sha256 } from '#platform';

/** What was used up by one request, and where. */
export interface Usage {
  readonly model: string;
  /** Read from the prompt cache and written to it are counted apart; all input is the sum of the three. */
  readonly input_tokens: number;
  readonly cache_write_tokens: number;
  readonly cache_read_tokens: number;
  readonly output_tokens: number;
  /** In millionths of a dollar, by the price table of the day. */
  readonly cost_micro_usd: number;
}

/** One answer of the model, as it is on record. */
export interface RecordedTurn {
  readonly kind: 'turn';
  /** Which conversation of the task it belongs to; a coder holds several at once. */
  readonly loop: string;
  /** Its place in that conversation, from 0. */
  readonly number: number;
  /** SHA-256 over everything that the model was told: an answer counts only for the very same request. */
  readonly request_hash: string;
  /** Which instructions the agent had: `analyst/specify@1`, and the SHA-256 of their file. */
  readonly prompt: string;
  readonly prompt_hash: string;
  readonly message: Anthropic.Message;
  readonly request_id: string | null;
  readonly usage: Usage;
}

/** What one tool call answered, as it is on record. */
export interface RecordedTool {
  readonly kind: 'tool';
  readonly loop: string;
  readonly call_id: string;
  readonly name: string;
  readonly result: string;
  readonly is_error: boolean;
}

/**
 * What a task's agents heard so far. Each answer is on record before anything follows from it, so that after a crash the
 * work goes on from the last one and asks for nothing twice.
 */
export interface TurnLog {
  turn(loop: string, number: number): RecordedTurn | undefined;
  tool(loop: string, callId: string): RecordedTool | undefined;
  record(entry: RecordedTurn | RecordedTool): Promise<void>;
  /** How often a person let the agent go on although it had not come to an end. */
  readonly granted: number;
}

/** Identifies a request: the model and whatever else decides the answer. */
export const requestHash = (request: object): string => sha256(canonical(request));

/** JSON with its keys in order, after RFC 8785 as far as plain data needs it. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, one]) => one !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, one]) => `${JSON.stringify(key)}:${canonical(one)}`).join(',')}}`;
}
