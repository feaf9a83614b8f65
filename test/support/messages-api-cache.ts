import { createHash } from 'node:crypto';
import type Anthropic from '@anthropic-ai/sdk';

export const tokensOf = (text: string): number => Math.max(1, Math.ceil(text.length / 4));

type InputUsage = Pick<Anthropic.Usage, 'input_tokens' | 'cache_creation_input_tokens' | 'cache_read_input_tokens'>;

/**
 * The service's prompt cache: a request with a top-level `cache_control` writes all it says (tools, then system, then
 * messages), and what begins with the same blocks reads that part. Entries live for the server's life, and the least
 * length that the real service asks for does not hold here.
 */
export class PromptCache {
  private readonly prefixes = new Set<string>();

  /** What of a request is read from the cache, written to it, or neither, in tokens; and remembers the request. */
  take(request: Anthropic.MessageCreateParams): InputUsage {
    const blocks = [request.model, request.tools ?? [], request.system ?? '', ...request.messages].map((block) => JSON.stringify(block));
    const total = tokensOf(blocks.slice(1).join(''));
    if (!request.cache_control) return { input_tokens: total, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
    const hash = createHash('sha256');
    let read = 0;
    let length = 0;
    for (const [place, block] of blocks.entries()) {
      const prefix = hash.update(block).update('\0').copy().digest('hex');
      length += place === 0 ? 0 : block.length;
      if (this.prefixes.has(prefix) && place > 0) read = Math.floor(length / 4);
      this.prefixes.add(prefix);
    }
    return { input_tokens: 0, cache_creation_input_tokens: Math.max(0, total - read), cache_read_input_tokens: Math.min(read, total) };
  }
}
