import type { RecordedTool, RecordedTurn, TurnLog } from './turn-log.js';

/** Something was asked that is not on the cassette: the prompt, the model, or what it was told has changed. */
export class NotOnCassette extends Error {
  constructor() {
    super('An answer that is asked for is not on the cassette: prompts, models or what was told to them are not as they were recorded.');
    this.name = 'NotOnCassette';
  }
}

/** A record that begins with what is on a cassette and keeps what comes on top. */
export class CassetteLog implements TurnLog {
  readonly granted = 0;
  readonly added: (RecordedTurn | RecordedTool)[] = [];

  constructor(private readonly entries: readonly (RecordedTurn | RecordedTool)[]) {}

  turn(loop: string, number: number): RecordedTurn | undefined {
    return this.all().find((one): one is RecordedTurn => one.kind === 'turn' && one.loop === loop && one.number === number);
  }

  tool(loop: string, callId: string): RecordedTool | undefined {
    return this.all().find((one): one is RecordedTool => one.kind === 'tool' && one.loop === loop && one.call_id === callId);
  }

  record(entry: RecordedTurn | RecordedTool): Promise<void> {
    this.added.push(entry);
    return Promise.resolve();
  }

  /** Everything, what was added over what was recorded. */
  all(): readonly (RecordedTurn | RecordedTool)[] {
    return [...this.added, ...this.entries];
  }
}
