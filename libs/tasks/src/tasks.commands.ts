import type { AgentEngine, AgentType, BlockCause, CheckResult } from '#contracts';
import { DomainCommand } from '#platform';
import type { HandoffRef, TaskEvent, TaskOutcome, TaskPurpose } from './tasks.events.js';

export const taskStream = (taskId: string): string => `task-${taskId}`;

abstract class TaskCommand<Data extends { task_id: string }> extends DomainCommand<Data> {
  get stream(): string {
    return taskStream(this.data.task_id);
  }
}

interface Attempt {
  readonly task_id: string;
  readonly attempt: number;
  /** Made by the worker when it takes the attempt up: another one that does so later, because this one seemed dead, fences it off. */
  readonly holder: string;
}

export class AssignTask extends TaskCommand<{
  task_id: string;
  run_id: string;
  agent_type: AgentType;
  engine: AgentEngine | null;
  purpose: TaskPurpose;
  instructions: string;
  round: number;
  handoff_in: HandoffRef;
}> {
  readonly type = 'assign_task';
}
/** An agent takes the attempt up; refused for one that is not current. */
export class StartTask extends TaskCommand<Attempt & { brain: string }> {
  readonly type = 'start_task';
}
export class ReportProgress extends TaskCommand<Attempt & { progress: number; stage: string }> {
  readonly type = 'report_progress';
}
/** Checks that have ended, in order. */
export class RecordChecks extends TaskCommand<Attempt & { checks: readonly CheckResult[] }> {
  readonly type = 'record_checks';
}
type RecordedAs<T extends TaskEvent['type']> = Attempt & Omit<Extract<TaskEvent, { type: T }>['data'], 'run_id'>;

/** What the model answered, before anything follows from it. */
export class RecordTurn extends TaskCommand<RecordedAs<'task.turn_recorded'>> {
  readonly type = 'record_turn';
}
export class RecordToolCall extends TaskCommand<RecordedAs<'task.tool_called'>> {
  readonly type = 'record_tool_call';
}
export class RecordToolResult extends TaskCommand<RecordedAs<'task.tool_recorded'>> {
  readonly type = 'record_tool_result';
}
/** `checks` are those that are not on record yet. */
export class CompleteTask extends TaskCommand<Attempt & { handoff_out: HandoffRef; outcome: TaskOutcome; checks: readonly CheckResult[] }> {
  readonly type = 'complete_task';
}
/** The attempt failed. `retry_delays_ms[n]` is the pause before attempt n + 2; none left, or a lasting failure, ends the task. */
export class FailTask extends TaskCommand<Attempt & { error: string; lasting: boolean; retry_delays_ms: readonly number[] }> {
  readonly type = 'fail_task';
}
/** The agent cannot go on without a person. */
export class BlockTask extends TaskCommand<Attempt & { cause: BlockCause; report: HandoffRef }> {
  readonly type = 'block_task';
}
export class InterruptTask extends TaskCommand<{ task_id: string }> {
  readonly type = 'interrupt_task';
}
export class ReissueTask extends TaskCommand<{ task_id: string }> {
  readonly type = 'reissue_task';
}
export class CancelTask extends TaskCommand<{ task_id: string }> {
  readonly type = 'cancel_task';
}

export const TASK_COMMANDS = [
  AssignTask,
  StartTask,
  ReportProgress,
  RecordChecks,
  RecordTurn,
  RecordToolCall,
  RecordToolResult,
  CompleteTask,
  FailTask,
  BlockTask,
  InterruptTask,
  ReissueTask,
  CancelTask,
] as const;
export type TaskCommandUnion = InstanceType<(typeof TASK_COMMANDS)[number]>;
