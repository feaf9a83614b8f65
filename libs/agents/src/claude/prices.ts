import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import type { Usage } from './turn-log.js';

/** Dollars for a million tokens of one model. */
const price = z.strictObject({
  /** Beginning of the model's name. */
  model: z.string().min(1),
  input: z.number().min(0),
  cache_write: z.number().min(0),
  cache_read: z.number().min(0),
  output: z.number().min(0),
});

/** Prices as of a day. They are configuration: a table that is out of date counts wrongly, never silently less than nothing. */
export const priceTable = z.strictObject({ as_of: z.iso.date(), models: z.array(price).min(1) });
export type PriceTable = z.infer<typeof priceTable>;
type Price = z.infer<typeof price>;

/** The price of a model: that of the longest name it begins with. A model that is not in the table costs as much as the dearest. */
export function priceOf(table: PriceTable, model: string): Price {
  const named = table.models.filter((one) => model.startsWith(one.model)).sort((a, b) => b.model.length - a.model.length)[0];
  return named ?? [...table.models].sort((a, b) => b.output - a.output)[0]!;
}

/** What an answer used up. */
export function usageOf(table: PriceTable, { model, usage }: Pick<Anthropic.Message, 'model' | 'usage'>): Usage {
  const tokens = {
    input_tokens: usage.input_tokens,
    cache_write_tokens: usage.cache_creation_input_tokens ?? 0,
    cache_read_tokens: usage.cache_read_input_tokens ?? 0,
    output_tokens: usage.output_tokens,
  };
  return { model, ...tokens, cost_micro_usd: costOf(priceOf(table, model), tokens) };
}

/** The most that a request can cost, in millionths of a dollar: all of its input new, all of the output it may have. */
export function mostOf(table: PriceTable, model: string, inputTokens: number, maxTokens: number): number {
  const most = priceOf(table, model);
  return Math.ceil(inputTokens * Math.max(most.input, most.cache_write) + maxTokens * most.output);
}

/** Dollars for a million tokens are millionths of a dollar for one. */
const costOf = (one: Price, tokens: Pick<Usage, 'input_tokens' | 'cache_write_tokens' | 'cache_read_tokens' | 'output_tokens'>): number =>
  Math.ceil(
    tokens.input_tokens * one.input +
      tokens.cache_write_tokens * one.cache_write +
      tokens.cache_read_tokens * one.cache_read +
      tokens.output_tokens * one.output,
  );
