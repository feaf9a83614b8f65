import { pause } from '#platform';
import { ModelFailure } from './model-failure.js';

export interface Patience {
  /** Requests in all for one answer. */
  readonly attempts: number;
  /** Pause before the second request, in ms; it doubles. */
  readonly firstMs: number;
  /** Longest pause, whatever the service asks for, in ms. */
  readonly longestMs: number;
}

export const PATIENCE: Patience = { attempts: 6, firstMs: 1_000, longestMs: 60_000 };

/** Requests that a busy model gets before the fallback is asked. */
const BEFORE_FALLBACK = 3;

export interface Waiting {
  readonly signal: AbortSignal;
  /** A request failed in passing; the next follows after so many ms. */
  readonly onWait?: (failure: ModelFailure, ms: number) => void | Promise<void>;
}

/**
 * Asks until there is a whole answer, within bounds: what may pass is tried again after a growing pause; a service that
 * asks for more than the longest pause is taken at its word, and the failure says so; a model that stays busy is
 * replaced by the fallback.
 *
 * @param ask one request, of the model named
 * @throws ModelFailure when patience has run out, or at once where waiting does not help; the signal's reason
 */
export async function patiently<T>(
  ask: (model: string) => Promise<T>,
  { model, fallback }: { readonly model: string; readonly fallback: string | null },
  { signal, onWait }: Waiting,
  patience: Patience = PATIENCE,
): Promise<T> {
  let current = model;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask(current);
    } catch (error) {
      if (!(error instanceof ModelFailure)) throw error;
      const asked = error.retry_after_ms ?? 0;
      if (!error.passing || attempt >= patience.attempts || asked > patience.longestMs) throw error;
      if (error.kind === 'busy' && attempt >= BEFORE_FALLBACK && fallback !== null) current = fallback;
      const ms = Math.max(asked, Math.min(patience.longestMs, patience.firstMs * 2 ** (attempt - 1)));
      await onWait?.(error, ms);
      await pause(ms, signal);
      signal.throwIfAborted();
    }
  }
}
