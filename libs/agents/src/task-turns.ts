import type { BlockCause } from '#contracts';
import type { TaskEvent } from '#tasks';
import type { ContentRef } from '#platform';
import type { RecordedTool, RecordedTurn, TurnLog } from './claude/turn-log.js';

/** How a task's record is reached: its events, and the contents that they name. */
export interface TaskRecord {
  readonly history: readonly TaskEvent[];
  read(sha256: string): Promise<unknown>;
  store(content: unknown): Promise<ContentRef>;
  recordTurn(entry: RecordedTurn, sha256: string): Promise<void>;
  recordTool(entry: RecordedTool, sha256: string): Promise<void>;
}

/**
 * The turns of a task, on record in the task's own stream. Whatever attempt recorded them, they are there for the next:
 * after a crash, a pause or a failure in passing the work goes on from the last one.
 */
export class TaskTurns implements TurnLog {
  private readonly turns = new Map<string, RecordedTurn>();
  private readonly tools = new Map<string, RecordedTool>();
  granted = 0;

  private constructor(private readonly onRecord: TaskRecord) {}

  static async load(record: TaskRecord): Promise<TaskTurns> {
    const log = new TaskTurns(record);
    for (const { type, data } of record.history) {
      if (type === 'task.turn_recorded' || type === 'task.tool_recorded') log.keep((await record.read(data.entry)) as RecordedTurn | RecordedTool);
      if (type === 'task.blocked') log.forget(data.cause);
    }
    return log;
  }

  turn(loop: string, number: number): RecordedTurn | undefined {
    return this.turns.get(`${loop} ${number}`);
  }

  tool(loop: string, callId: string): RecordedTool | undefined {
    return this.tools.get(`${loop} ${callId}`);
  }

  /** Resolves once the entry is durable. */
  async record(entry: RecordedTurn | RecordedTool): Promise<void> {
    const { sha256 } = await this.onRecord.store(entry);
    await (entry.kind === 'turn' ? this.onRecord.recordTurn(entry, sha256) : this.onRecord.recordTool(entry, sha256));
    this.keep(entry);
  }

  /** A person has let the agent go on: what it could not go on from is asked for anew. */
  private forget(cause: BlockCause): void {
    if (cause === 'out_of_turns') this.granted += 1;
    const last = [...this.turns.values()].at(-1);
    for (const [key, turn] of this.turns) {
      const refused = cause === 'refusal' && turn.message.stop_reason === 'refusal';
      if (refused || (cause === 'invalid_answer' && turn.loop === last?.loop)) this.turns.delete(key);
    }
  }

  private keep(entry: RecordedTurn | RecordedTool): void {
    if (entry.kind === 'turn') this.turns.set(`${entry.loop} ${entry.number}`, entry);
    else this.tools.set(`${entry.loop} ${entry.call_id}`, entry);
  }
}
