import type { PipelineInput } from './pipeline-inputs.events.js';
import { hasEnded, openTasks, type PipelineState } from './pipeline-state.workflow.js';
import { deadlineAt, workedUntil } from './pipeline-timers.workflow.js';
import type { PipelineIntent } from './pipeline.events.js';

/**
 * The run is a copy of another project's, and goes on by itself from here. It stands as that one stood, but what that one had
 * in the world it has not: its place is requested anew, its clock stands at what had been worked, its open tasks are begun
 * anew, and a gate's deadline begins anew, as after a pause. A run that was paused stays so; one that had ended has ended.
 */
export function forked({ as_of, at }: Extract<PipelineInput, { type: 'run_forked' }>, state: PipelineState): PipelineIntent[] {
  const { stage, work, talk, paused, gate, clock } = state;
  const ended = hasEnded(stage);
  const waits = stage === 'working' && work !== null;
  const needsPlace = waits || stage === 'queued' || stage === 'reopening' || stage === 'at_gate';
  const open = ended ? [talk].filter((item) => item !== null) : openTasks(state);
  // The chat needs no place.
  const atOnce = open.filter((item) => !paused && !(waits && item === work));
  return [
    ...(clock.timer_id === null ? [] : [{ intent: 'cancel_timer' as const, timer_id: clock.timer_id }]),
    { intent: 'forked', worked_ms: workedUntil(state, as_of), waits },
    ...(needsPlace ? [{ intent: 'request_place' as const }] : []),
    ...(waits ? [{ intent: 'await_place' as const }] : []),
    ...open.map(({ task_id }): PipelineIntent => ({ intent: 'interrupt', task_id })),
    ...atOnce.map(({ task_id }): PipelineIntent => ({ intent: 'reissue', task_id })),
    ...(gate?.deadline && !paused
      ? [{ intent: 'set_deadline' as const, request_id: gate.request_id, deadline: deadlineAt(at, state).deadline }]
      : []),
  ];
}

/** Whether it has to be kept until the run has its place: a gate that was open when its run was forked may be answered before. */
export const waitsForPlace = ({ type }: PipelineInput, { stage, place }: PipelineState): boolean =>
  stage === 'at_gate' && place === 'requested' && (type === 'gate_answered' || type === 'task_reissued' || type === 'task_retry_scheduled');

/** Whether a copied decision, or one about a copied input, still does it: what was open is begun anew, and what was paid is paid. */
export const isStillToDo = ({ intent }: PipelineIntent): boolean => !['enqueue', 'reissue', 'go_on'].includes(intent);
