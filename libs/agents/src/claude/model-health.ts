import type { ComponentStatus } from '#contracts';
import { ModelFailure } from './model-failure.js';

/** What is known of the model from real requests; nothing is asked only to find out. */
export interface ModelState {
  readonly status: ComponentStatus;
  /** One sentence where it is not `ok`; empty where it is. */
  readonly reason: string;
}

/** Hears how every request to the model ended. */
export class ModelHealth {
  private last: ModelState;
  private changed: () => void = () => undefined;

  constructor(configured: boolean) {
    this.last = configured ? { status: 'ok', reason: '' } : { status: 'not_configured', reason: '' };
  }

  get state(): ModelState {
    return this.last;
  }

  /** The listener is called when the status has changed. */
  onChange(listener: () => void): void {
    this.changed = listener;
  }

  async watch<T>(asked: Promise<T>): Promise<T> {
    try {
      const answer = await asked;
      this.note({ status: 'ok', reason: '' });
      return answer;
    } catch (error) {
      if (error instanceof ModelFailure && error.kind !== 'request')
        this.note({ status: error.passing ? 'degraded' : 'down', reason: error.message });
      throw error;
    }
  }

  private note(state: ModelState): void {
    const before = this.last;
    this.last = state;
    if (before.status !== state.status) this.changed();
  }
}
