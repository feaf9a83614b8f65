import type Anthropic from '@anthropic-ai/sdk';
import { redact } from '#sandbox';
import type { BlockCause, BlockReport } from '#contracts';
import type { ModelAnswer, ModelRequest } from './model-client.js';
import { ModelFailure, type FailureKind } from './model-failure.js';
import { patiently, type Patience } from './patience.js';
import type { Prompt } from './prompts.js';
import { mostOf, usageOf, type PriceTable } from './prices.js';
import { requestHash, type RecordedTurn, type TurnLog } from './turn-log.js';

/** Money for requests: the most that one can cost is set aside before it is sent, and settled afterwards. */
export interface Purse {
  /**
   * @param micro_usd the most the request can cost, in millionths of a dollar
   * @returns settles what it did cost; a reservation that is never settled counts in full
   * @throws Blocked where a limit of run, project or day does not allow it
   */
  reserve(micro_usd: number): Promise<(micro_usd: number) => Promise<void>>;
}

/** Whatever answers requests: the service with patience, or a cassette. */
export type Ask = (request: ModelRequest, hear: { signal: AbortSignal; onText?: (text: string) => void }) => Promise<ModelAnswer>;

export interface TurnsOptions {
  /** One request, answered or failed. */
  readonly ask: Ask;
  /** Asked where the model stays busy; null: nobody. */
  readonly fallback: string | null;
  /** What the agent was told to be. */
  readonly prompt: Pick<Prompt, 'name' | 'version' | 'hash'>;
  readonly patience?: Patience;
  readonly log: TurnLog;
  readonly purse: Purse;
  readonly prices: PriceTable;
  readonly signal: AbortSignal;
  /** Known secrets that may be in no record. */
  readonly secrets: readonly string[];
  readonly onText?: (text: string) => void;
  readonly onWait?: (reason: string, ms: number) => void | Promise<void>;
}

/** Failures after which nothing was used up: the service took nothing on. */
const FREE: readonly FailureKind[] = ['key', 'model', 'spend', 'request', 'address', 'busy'];

/** Characters of JSON that are at most one token, for setting money aside; the service counts exactly. */
const CHARACTERS_A_TOKEN = 2.5;

/**
 * One conversation with the model, turn by turn. A turn that is on record for the very same request is taken from there;
 * any other is paid for, asked for, recorded, and only then given out.
 */
export class Turns {
  private number = 0;

  constructor(
    private readonly loop: string,
    private readonly options: TurnsOptions,
  ) {}

  /** @throws ModelFailure where it may pass later, Blocked where a person has to decide, or the signal's reason */
  async next(request: ModelRequest): Promise<RecordedTurn> {
    const { log, signal, fallback, prompt, prices, onWait, patience } = this.options;
    signal.throwIfAborted();
    const request_hash = requestHash(request);
    const number = this.number++;
    const known = log.turn(this.loop, number);
    if (known?.request_hash === request_hash) return known;
    const { message, request_id } = await patiently(
      (model) => this.pay({ ...request, model }),
      { model: String(request.model), fallback },
      { signal, onWait: (failure, ms) => onWait?.(failure.message, ms) },
      patience,
    ).catch((error: unknown) => {
      throw error instanceof ModelFailure && !error.passing ? new Blocked('model', error.message) : error;
    });
    const recorded: RecordedTurn = {
      kind: 'turn',
      loop: this.loop,
      number,
      request_hash,
      prompt: `${prompt.name}@${prompt.version}`,
      prompt_hash: prompt.hash,
      message: this.clean(message),
      request_id,
      usage: usageOf(prices, message),
    };
    await log.record(recorded);
    return recorded;
  }

  private async pay(request: ModelRequest): Promise<ModelAnswer> {
    const { ask, purse, prices, signal, onText } = this.options;
    const tokens = Math.ceil(JSON.stringify(request).length / CHARACTERS_A_TOKEN);
    const settle = await purse.reserve(mostOf(prices, String(request.model), tokens, request.max_tokens));
    try {
      const answer = await ask(request, { signal, ...(onText ? { onText } : {}) });
      await settle(usageOf(prices, answer.message).cost_micro_usd);
      return answer;
    } catch (error) {
      if (error instanceof ModelFailure && FREE.includes(error.kind)) await settle(0);
      throw error;
    }
  }

  /** What goes on record holds no secret, and the conversation goes on with what is on record. */
  private clean(message: Anthropic.Message): Anthropic.Message {
    return mapStrings(message, (text) => redact(text, this.options.secrets)) as Anthropic.Message;
  }
}

function mapStrings(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((one) => mapStrings(one, change));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, mapStrings(one, change)]));
}

/** The agent cannot go on by itself: a person decides. Carries nothing that may not be shown. */
export class Blocked extends Error {
  constructor(
    readonly why: BlockCause,
    message: string,
    /** The limit that was reached; null where it is not about money. */
    readonly budget: BlockReport['budget'] = null,
  ) {
    super(message);
    this.name = 'Blocked';
  }
}
