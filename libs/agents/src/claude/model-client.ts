import Anthropic from '@anthropic-ai/sdk';
import { ModelFailure, failureOf } from './model-failure.js';

export type ModelRequest = Omit<Anthropic.MessageCreateParamsNonStreaming, 'stream'>;

/** A model's whole answer to one request. */
export interface ModelAnswer {
  readonly message: Anthropic.Message;
  /** The service's name for the request, for its support. */
  readonly request_id: string | null;
}

export interface ModelSettings {
  readonly apiKey: string;
  /** undefined: the service itself. */
  readonly baseUrl: string | undefined;
  /** Longest pause between two events of an answer, and before its first, in ms. */
  readonly idleMs: number;
}

export interface Listening {
  readonly signal: AbortSignal;
  /** Gets every piece of text as it comes. */
  readonly onText?: (text: string) => void;
}

/**
 * One request to the Messages API (https://platform.claude.com/docs/en/api/messages, version 2026-10-21), streamed. The
 * library's own timeout ends with the headers and its retries are neither bounded nor visible, so both are done here and
 * in the caller. An answer counts only when its last event has come: what was cut off is a failure, never half an answer.
 */
export class ModelClient {
  private readonly sdk: Anthropic;

  constructor(private readonly settings: ModelSettings) {
    // Nothing is taken from the environment or from files in the home folder: the configuration decides alone.
    this.sdk = new Anthropic({
      apiKey: settings.apiKey,
      authToken: null,
      baseURL: settings.baseUrl ?? 'https://api.anthropic.com',
      maxRetries: 0,
      timeout: settings.idleMs,
      logLevel: 'off',
    });
  }

  /**
   * @throws ModelFailure where there is no whole answer
   * @throws the signal's reason where it was aborted
   */
  async ask(request: ModelRequest, { signal, onText }: Listening): Promise<ModelAnswer> {
    signal.throwIfAborted();
    const watchdog = new Watchdog(this.settings.idleMs);
    try {
      const { data, response, request_id } = await this.sdk.messages
        .create({ ...request, stream: true }, { signal: AbortSignal.any([signal, watchdog.signal]) })
        .withResponse();
      if (!/text\/event-stream/.test(response.headers.get('content-type') ?? ''))
        throw new ModelFailure('address', 'What answers at ANTHROPIC_BASE_URL does not speak the Messages API: it sends no event stream.');
      const reading = new Reading(onText);
      for await (const event of data) {
        watchdog.reset();
        reading.take(event);
      }
      return { message: reading.whole(request_id ?? null), request_id: request_id ?? null };
    } catch (error) {
      signal.throwIfAborted();
      if (watchdog.signal.aborted)
        throw new ModelFailure('stalled', `The model service sent nothing for ${Math.round(this.settings.idleMs / 1_000)} seconds.`);
      throw failureOf(error, String(request.model));
    } finally {
      watchdog.stop();
    }
  }
}

/** Aborts when nothing has come for a while. */
class Watchdog {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout;

  constructor(private readonly ms: number) {
    this.timer = this.start();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  reset(): void {
    clearTimeout(this.timer);
    this.timer = this.start();
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private start(): NodeJS.Timeout {
    return setTimeout(() => this.controller.abort(), this.ms);
  }
}

type OpenBlock = Anthropic.ContentBlock & { json?: string };

/** Puts a message together from the events of its stream. */
class Reading {
  private message: Anthropic.Message | null = null;
  private readonly blocks: OpenBlock[] = [];
  private ended = false;

  constructor(private readonly onText: ((text: string) => void) | undefined) {}

  take(event: Anthropic.RawMessageStreamEvent): void {
    switch (event.type) {
      case 'message_start':
        this.message = event.message;
        return;
      case 'content_block_start':
        this.blocks[event.index] = { ...event.content_block };
        return;
      case 'content_block_delta':
        return this.grow(event);
      case 'message_delta':
        if (this.message) Object.assign(this.message, event.delta, { usage: { ...this.message.usage, ...withoutNulls(event.usage) } });
        return;
      case 'message_stop':
        this.ended = true;
        return;
      case 'content_block_stop':
        return;
    }
  }

  private grow({ index, delta }: Anthropic.RawContentBlockDeltaEvent): void {
    const block = this.blocks[index];
    if (!block) return;
    if (delta.type === 'text_delta' && block.type === 'text') {
      block.text += delta.text;
      this.onText?.(delta.text);
    } else if (delta.type === 'input_json_delta') block.json = (block.json ?? '') + delta.partial_json;
    else if (delta.type === 'thinking_delta' && block.type === 'thinking') block.thinking += delta.thinking;
    else if (delta.type === 'signature_delta' && block.type === 'thinking') block.signature = delta.signature;
  }

  /** @throws ModelFailure where the stream ended before the message did, or a finished tool call cannot be read */
  whole(requestId: string | null): Anthropic.Message {
    const { message } = this;
    if (!message || !this.ended || message.stop_reason === null)
      throw new ModelFailure('broken', 'The answer of the model service broke off before its end.', requestId);
    return { ...message, content: this.blocks.flatMap((block) => this.finished(block, message, requestId)) };
  }

  /** A tool call that was cut off by the limit of tokens is left out: it must never be carried out. */
  private finished({ json, ...block }: OpenBlock, { stop_reason }: Anthropic.Message, requestId: string | null): Anthropic.ContentBlock[] {
    if (block.type !== 'tool_use') return [block];
    if (stop_reason !== 'tool_use') return [];
    try {
      return [{ ...block, input: json === undefined || json === '' ? {} : (JSON.parse(json) as unknown) }];
    } catch {
      throw new ModelFailure('broken', 'The model service sent a tool call that is not JSON.', requestId);
    }
  }
}

const withoutNulls = (usage: object): object => Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null));
