import type { CountersignClient } from '#client';
import type { Server } from './server.js';
import type { Terminal } from './terminal.js';

/** What all steps of a command work with. */
export interface Work {
  readonly client: CountersignClient;
  readonly server: Server;
  readonly token: string;
  readonly terminal: Terminal;
  /** Takes the usual proposals, leaves guesses that nobody has seen, and approves at every gate. */
  readonly yes: boolean;
  readonly out: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the command is interrupted. */
  readonly signal: AbortSignal;
  readonly timing: Timing;
}

export interface Timing {
  /** How often at most, however much the stream says. */
  readonly lookMs: number;
  /** How often the server is asked where the stream says nothing. */
  readonly pollMs: number;
  /** How long an analyst's message without a question may be followed by the end of the chat. */
  readonly graceMs: number;
  /** How long the server may be away. */
  readonly awayMs: number;
}

export const TIMING: Timing = { lookMs: 200, pollMs: 5_000, graceMs: 3_000, awayMs: 300_000 };

/** The way a person starts this command. */
export const COMMAND = 'npm run countersign --';

/** A bell that may ring before anybody listens. */
export class Bell {
  private rung = false;
  private wake: (() => void) | undefined;

  ring(): void {
    this.rung = true;
    this.wake?.();
  }

  /** Until it rings, at most so long. */
  async heard(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!this.rung)
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', done);
          this.wake = undefined;
          resolve();
        };
        const timer = setTimeout(done, ms);
        signal.addEventListener('abort', done, { once: true });
        this.wake = done;
      });
    this.rung = false;
    signal.throwIfAborted();
  }
}

/** Thrown inside a question that is no longer wanted. */
class Withdrawn extends Error {}

/**
 * Asks a person, as long as it is of any use: undefined where the answer came from elsewhere meanwhile.
 * @param wanted whether the answer is still needed; asked whenever the bell rings and at every poll
 */
export async function askWhile<T>(
  work: Work,
  bell: Bell,
  wanted: () => Promise<boolean>,
  ask: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const withdrawn = new AbortController();
  const settled = new AbortController();
  const watch = async (): Promise<void> => {
    for (;;) {
      await bell.heard(work.timing.pollMs, AbortSignal.any([settled.signal, work.signal]));
      if (!(await wanted().catch(() => true))) withdrawn.abort(new Withdrawn());
    }
  };
  void watch().catch(() => undefined);
  try {
    return await ask(AbortSignal.any([withdrawn.signal, work.signal]));
  } catch (error) {
    if (error instanceof Withdrawn) return undefined;
    throw error;
  } finally {
    settled.abort();
  }
}
