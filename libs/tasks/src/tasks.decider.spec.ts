import type { CheckResult } from '#contracts';
import { given } from '../../../test/support/given.js';
import { CancelTask, CompleteTask, FailTask, InterruptTask, RecordChecks, ReissueTask, StartTask } from './tasks.commands.js';
import { taskDecider } from './tasks.decider.js';
import type { HandoffRef, TaskEvent } from './tasks.events.js';

const task_id = '11111111-1111-4111-8111-111111111111';
const run_id = '22222222-2222-4222-8222-222222222222';
const holder = '33333333-3333-4333-8333-333333333333';
const other = '44444444-4444-4444-8444-444444444444';
const handoff = (handoff_type: HandoffRef['handoff_type']): HandoffRef => ({ handoff_type, sha256: 'a'.repeat(64), bytes: 10 });
const outcome = { ready: false, open_questions: 0, warnings: [] };

const assigned: TaskEvent = {
  type: 'task.assigned',
  data: {
    task_id,
    run_id,
    agent_type: 'architect',
    engine: null,
    purpose: 'plan',
    instructions: 'Plan it.',
    round: 0,
    handoff_in: handoff('planning_request'),
    attempt: 1,
  },
};
const started: TaskEvent = { type: 'task.started', data: { task_id, run_id, attempt: 1, brain: 'template', holder } };
const retry: TaskEvent = { type: 'task.retry_scheduled', data: { task_id, run_id, attempt: 2, delay_ms: 20, error: 'busy' } };
const completes = (attempt: number, by = holder, checks: readonly CheckResult[] = []) => ({
  type: CompleteTask,
  data: { task_id, attempt, holder: by, handoff_out: handoff('implementation_plan'), outcome, checks },
});
const check: CheckResult = { check: 'lint', command: null, status: 'skipped', exit_code: null, duration_ms: 0, log: null };
const fails = (attempt: number, lasting = false) => ({
  type: FailTask,
  data: { task_id, attempt, holder, error: 'busy', lasting, retry_delays_ms: [20, 60] },
});

const { when } = given.decider(taskDecider);

describe('a task', () => {
  it('counts a result only with the current attempt', () => {
    when([assigned, started], completes(1)).then([expect.objectContaining({ type: 'task.completed' })]);
    when([assigned, started, retry], completes(1)).thenRefused('stale_attempt');
  });

  it('counts a result only from whoever took the attempt up last: a worker that seemed dead may not be', () => {
    const takenOver: TaskEvent = { ...started, data: { ...started.data, holder: other } };
    when([assigned, started], { type: StartTask, data: { task_id, attempt: 1, brain: 'template', holder: other } }).then([takenOver]);
    when([assigned, started, takenOver], completes(1)).thenRefused('stale_attempt');
    when([assigned, started, takenOver], fails(1)).thenRefused('stale_attempt');
    when([assigned, started, takenOver], completes(1, other)).then([expect.objectContaining({ type: 'task.completed' })]);
  });

  it('records checks in order, also together with the result that follows from them', () => {
    const recorded = (name: CheckResult['check']) => ({ type: 'task.check_recorded', data: { ...check, check: name, task_id, run_id, attempt: 1 } });
    const checks = [check, { ...check, check: 'test' as const }];
    when([assigned, started], { type: RecordChecks, data: { task_id, attempt: 1, holder, checks } }).then([recorded('lint'), recorded('test')]);
    when([assigned, started], completes(1, holder, checks)).then([
      recorded('lint'),
      recorded('test'),
      expect.objectContaining({ type: 'task.completed' }),
    ]);
    when([assigned, started, retry], { type: RecordChecks, data: { task_id, attempt: 1, holder, checks } }).thenRefused('stale_attempt');
  });

  it('counts a result once', () => {
    const done: TaskEvent = { type: 'task.completed', data: { task_id, run_id, attempt: 1, handoff_out: handoff('implementation_plan'), outcome } };
    when([assigned, started, done], completes(1)).thenRefused('task_closed');
  });

  it('is tried again after each pause of the schedule, then fails', () => {
    when([assigned, started], fails(1)).then([{ type: 'task.retry_scheduled', data: { task_id, run_id, attempt: 2, delay_ms: 20, error: 'busy' } }]);
    when([assigned, started, retry], fails(2)).then([
      { type: 'task.retry_scheduled', data: { task_id, run_id, attempt: 3, delay_ms: 60, error: 'busy' } },
    ]);
    when([assigned, started, retry, { ...retry, data: { ...retry.data, attempt: 3 } }], fails(3)).then([
      { type: 'task.failed', data: { task_id, run_id, attempt: 3, error: 'busy' } },
    ]);
  });

  it('fails at once where trying again cannot help', () => {
    when([assigned, started], fails(1, true)).then([expect.objectContaining({ type: 'task.failed' })]);
  });

  it('takes nothing more from an attempt that was interrupted, and goes on with a new one', () => {
    const interrupted: TaskEvent = { type: 'task.interrupted', data: { task_id, run_id, attempt: 1 } };
    when([assigned, started], { type: InterruptTask, data: { task_id } }).then([interrupted]);
    when([assigned, started, interrupted], completes(1)).thenRefused('task_closed');
    when([assigned, started, interrupted], { type: ReissueTask, data: { task_id } }).then([
      { type: 'task.reissued', data: { task_id, run_id, attempt: 2 } },
    ]);
  });

  it('that was cancelled stays so', () => {
    const cancelled: TaskEvent = { type: 'task.cancelled', data: { task_id, run_id, attempt: 1 } };
    when([assigned, cancelled], { type: StartTask, data: { task_id, attempt: 1, brain: 'template', holder } }).thenRefused('task_closed');
    when([assigned, cancelled], { type: CancelTask, data: { task_id } }).then([]);
  });
});
