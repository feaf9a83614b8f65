import type { CheckResult } from '#contracts';
import { ensure, type Decider } from '#platform/domain';
import type { TaskCommandUnion } from './tasks.commands.js';
import type { TaskEvent } from './tasks.events.js';

export interface TaskState {
  readonly status: 'none' | 'pending' | 'working' | 'interrupted' | 'blocked' | 'completed' | 'failed' | 'cancelled';
  readonly run_id: string;
  readonly attempt: number;
  /** Who works on the attempt; null before anybody does. */
  readonly holder: string | null;
  /** Automatic retries since a person last asked for the task. */
  readonly retries: number;
  readonly progress: number;
}

const OPEN: readonly TaskState['status'][] = ['pending', 'working', 'interrupted', 'blocked'];

const recorded = (checks: readonly CheckResult[], of: { task_id: string; run_id: string; attempt: number }): TaskEvent[] =>
  checks.map((check) => ({ type: 'task.check_recorded', data: { ...check, ...of } }));

export const taskDecider: Decider<TaskCommandUnion, TaskEvent, TaskState> = {
  initial: { status: 'none', run_id: '', attempt: 0, holder: null, retries: 0, progress: 0 },

  decide(command, state) {
    if (command.type === 'assign_task') return state.status === 'none' ? [{ type: 'task.assigned', data: { ...command.data, attempt: 1 } }] : [];
    ensure(state.status !== 'none', 'not_found', 'There is no such task.');
    const { task_id } = command.data;
    const { run_id, attempt } = state;
    const open = OPEN.includes(state.status);
    switch (command.type) {
      case 'interrupt_task':
        return open && state.status !== 'interrupted' && state.status !== 'blocked'
          ? [{ type: 'task.interrupted', data: { task_id, run_id, attempt } }]
          : [];
      case 'reissue_task':
        ensure(
          state.status === 'interrupted' || state.status === 'blocked' || state.status === 'failed',
          'task_not_failed',
          'Only a failed task can be tried again.',
        );
        return [{ type: 'task.reissued', data: { task_id, run_id, attempt: attempt + 1 } }];
      case 'cancel_task':
        return open ? [{ type: 'task.cancelled', data: { task_id, run_id, attempt } }] : [];
    }
    // What follows comes from an agent at work on one attempt.
    ensure(open && state.status !== 'interrupted' && state.status !== 'blocked', 'task_closed', 'This task is not being worked on any more.');
    ensure(
      command.data.attempt === attempt,
      'stale_attempt',
      `Attempt ${command.data.attempt} of this task has been superseded by attempt ${attempt}.`,
    );
    const { holder } = command.data;
    if (command.type === 'start_task') return [{ type: 'task.started', data: { task_id, run_id, attempt, brain: command.data.brain, holder } }];
    ensure(state.holder === null || holder === state.holder, 'stale_attempt', `Another worker has taken attempt ${attempt} of this task over.`);
    switch (command.type) {
      case 'report_progress':
        return [{ type: 'task.progressed', data: { task_id, run_id, attempt, progress: command.data.progress, stage: command.data.stage } }];
      case 'record_checks':
        return recorded(command.data.checks, { task_id, run_id, attempt });
      case 'record_turn': {
        const { holder: _holder, ...turn } = command.data;
        return [{ type: 'task.turn_recorded', data: { ...turn, run_id } }];
      }
      case 'record_tool_call': {
        const { holder: _holder, ...call } = command.data;
        return [{ type: 'task.tool_called', data: { ...call, run_id } }];
      }
      case 'record_tool_result': {
        const { holder: _holder, ...result } = command.data;
        return [{ type: 'task.tool_recorded', data: { ...result, run_id } }];
      }
      case 'complete_task':
        return [
          ...recorded(command.data.checks, { task_id, run_id, attempt }),
          { type: 'task.completed', data: { task_id, run_id, attempt, handoff_out: command.data.handoff_out, outcome: command.data.outcome } },
        ];
      case 'block_task':
        return [{ type: 'task.blocked', data: { task_id, run_id, attempt, cause: command.data.cause, report: command.data.report } }];
      case 'fail_task': {
        const { error, lasting, retry_delays_ms } = command.data;
        const delay_ms = retry_delays_ms[state.retries];
        return lasting || delay_ms === undefined
          ? [{ type: 'task.failed', data: { task_id, run_id, attempt, error } }]
          : [{ type: 'task.retry_scheduled', data: { task_id, run_id, attempt: attempt + 1, delay_ms, error } }];
      }
    }
  },

  evolve(state, { type, data }) {
    switch (type) {
      case 'task.assigned':
        return { status: 'pending', run_id: data.run_id, attempt: data.attempt, holder: null, retries: 0, progress: 0 };
      case 'task.started':
        return { ...state, status: 'working', holder: data.holder };
      case 'task.progressed':
        return { ...state, progress: data.progress };
      case 'task.check_recorded':
      case 'task.turn_recorded':
      case 'task.tool_called':
      case 'task.tool_recorded':
        return state;
      case 'task.completed':
        return { ...state, status: 'completed' };
      case 'task.retry_scheduled':
        return { ...state, status: 'pending', attempt: data.attempt, holder: null, retries: state.retries + 1 };
      case 'task.failed':
        return { ...state, status: 'failed' };
      case 'task.interrupted':
        return { ...state, status: 'interrupted' };
      case 'task.blocked':
        return { ...state, status: 'blocked' };
      case 'task.reissued':
        return { ...state, status: 'pending', attempt: data.attempt, holder: null, retries: 0 };
      case 'task.cancelled':
        return { ...state, status: 'cancelled' };
    }
  },
};
