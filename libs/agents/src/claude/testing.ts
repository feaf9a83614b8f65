import type { BrainContext, ModelContext } from '../brain.js';
import type { PriceTable } from './prices.js';
import type { RecordedTool, RecordedTurn, TurnLog } from './turn-log.js';

/** What a brain that asks no model is given. */
export const NO_MODEL: ModelContext = {
  log: {
    turn: () => undefined,
    tool: () => undefined,
    granted: 0,
    record: () => Promise.reject(new Error('nothing is recorded where no model is asked')),
  },
  purse: { reserve: () => Promise.reject(new Error('nothing is spent where no model is asked')) },
  onText: () => undefined,
  onToolCall: () => undefined,
  onWait: () => undefined,
};

/** A record in memory. */
export class MemoryLog implements TurnLog {
  readonly entries: (RecordedTurn | RecordedTool)[] = [];
  granted = 0;

  constructor(entries: readonly (RecordedTurn | RecordedTool)[] = []) {
    this.entries.push(...entries);
  }

  turn(loop: string, number: number): RecordedTurn | undefined {
    return this.entries.find((one): one is RecordedTurn => one.kind === 'turn' && one.loop === loop && one.number === number);
  }

  tool(loop: string, callId: string): RecordedTool | undefined {
    return this.entries.find((one): one is RecordedTool => one.kind === 'tool' && one.loop === loop && one.call_id === callId);
  }

  record(entry: RecordedTurn | RecordedTool): Promise<void> {
    this.entries.push(structuredClone(entry));
    return Promise.resolve();
  }

  get turns(): RecordedTurn[] {
    return this.entries.filter((one) => one.kind === 'turn');
  }
}

export const PRICES: PriceTable = {
  as_of: '2026-11-01',
  models: [
    { model: 'claude-sonnet', input: 3, cache_write: 3.75, cache_read: 0.3, output: 15 },
    { model: 'claude-haiku', input: 1, cache_write: 1.25, cache_read: 0.1, output: 5 },
  ],
};

export const contextWith = (log: TurnLog, change: Partial<BrainContext> = {}, model: Partial<ModelContext> = {}): BrainContext => ({
  signal: new AbortController().signal,
  progress: () => Promise.resolve(),
  readFile: (hash) => Promise.reject(new Error(`no file ${hash}`)),
  model: { ...NO_MODEL, log, purse: { reserve: () => Promise.resolve(() => Promise.resolve()) }, ...model },
  ...change,
});
