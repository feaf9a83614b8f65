import type { PipelineInput } from './pipeline-inputs.events.js';
import { evolveState, hasEnded, type PipelineState } from './pipeline-state.workflow.js';
import type { IntentOf, PipelineIntent } from './pipeline.events.js';

type Limits = NonNullable<NonNullable<PipelineState['run']>['limits']>;

const MINUTE_MS = 60_000;
const after = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString();

/** Agents may be at work: the time that counts. Queued, paused and waiting for a person it does not. */
const isWorking = ({ stage, status, paused }: PipelineState): boolean => !paused && !hasEnded(stage) && (status === 'running' || status === 'fixing');

/** Working time up to a moment, in ms. */
export const workedUntil = ({ clock }: PipelineState, at: string): number =>
  clock.worked_ms + (clock.since === null ? 0 : Math.max(0, Date.parse(at) - Date.parse(clock.since)));

/** When a gate that opens, is opened again or was reminded of is to be answered, and what then; null where it waits for ever. */
export function deadlineAt(at: string, { run }: PipelineState): Pick<IntentOf<'open_gate'>, 'deadline' | 'on_deadline'> {
  const policy = run?.limits?.gate_deadline;
  return policy ? { deadline: after(at, policy.seconds * 1_000), on_deadline: policy.then } : { deadline: null, on_deadline: null };
}

/** A timer has gone off; one that is not waited for any more means nothing. */
export function timerFired({ timer_id, at }: Extract<PipelineInput, { type: 'timer_fired' }>, state: PipelineState): PipelineIntent[] {
  const limits = state.run?.limits;
  if (!limits) return [];
  const noted: PipelineIntent = { intent: 'timer_fired', timer_id };
  if (state.clock.timer_id === timer_id)
    return isWorking(state) && workedUntil(state, at) >= limits.minutes * MINUTE_MS ? [noted, { intent: 'expire', cause: 'working_time' }] : [noted];
  return state.gate_timer?.timer_id === timer_id ? [noted, ...deadlinePassed(at, state, limits)] : [];
}

/** Nobody has answered in time. A standing rejection is given once at each kind of gate: an agent that fails to please would be sent back for ever. */
function deadlinePassed(at: string, { gate, reminders, rejected_unseen }: PipelineState, { gate_deadline }: Limits): PipelineIntent[] {
  if (!gate || !gate_deadline) return [];
  const { request_id } = gate;
  const { then, times, seconds } = gate_deadline;
  if (then === 'remind' || then === 'escalate') {
    const reminder = reminders + 1;
    const deadline = reminder < times ? after(at, seconds * 1_000) : null;
    return [{ intent: 'remind', request_id, reminder, escalate: then === 'escalate', deadline }];
  }
  const action = gate.on_deadline === 'expire' || (then === 'reject' && rejected_unseen.includes(gate.gate)) ? 'expire' : then;
  return [{ intent: 'lapse', request_id, gate: gate.gate, action }];
}

/**
 * Adds to a decision what it means for the timers. They follow from how the run stands: the clock of working time runs
 * while agents may be at work, and the timer that goes with it is set when they begin and looked at when it goes off; a gate
 * with a deadline has a timer, and none during a pause, after which its time begins anew.
 */
export function withTimers(input: PipelineInput, before: PipelineState, intents: readonly PipelineIntent[]): PipelineIntent[] {
  const all = [...intents];
  let state = all.reduce(evolveState, before);
  for (const follow of [moveDeadline, keepGateTimer, keepClock]) {
    const more = state.run?.limits ? follow(input, state, state.run.limits, before) : [];
    all.push(...more);
    state = more.reduce(evolveState, state);
  }
  return all;
}

type Follow = (input: PipelineInput, state: PipelineState, limits: Limits, before: PipelineState) => PipelineIntent[];

const moveDeadline: Follow = ({ at }, state, { gate_deadline }, before) => {
  const { gate, paused, reminders } = state;
  if (!gate || !gate_deadline) return [];
  const move = (deadline: string | null): PipelineIntent[] => [{ intent: 'set_deadline', request_id: gate.request_id, deadline }];
  if (paused) return gate.deadline === null ? [] : move(null);
  const more = gate_deadline.times === 0 || reminders < gate_deadline.times;
  return before.paused && gate.deadline === null && more ? move(deadlineAt(at, state).deadline) : [];
};

const keepGateTimer: Follow = ({ ids }, { gate, gate_timer }) => {
  const wanted = gate?.deadline ?? null;
  const stale = gate_timer !== null && (gate_timer.request_id !== gate?.request_id || gate_timer.due_at !== wanted);
  const intents: PipelineIntent[] = stale ? [{ intent: 'cancel_timer', timer_id: gate_timer.timer_id }] : [];
  if (wanted !== null && (stale || gate_timer === null)) intents.push({ intent: 'set_timer', timer_id: ids.gate, purpose: 'gate', due_at: wanted });
  return intents;
};

const keepClock: Follow = ({ at, ids }, state, { minutes }) => {
  const { clock, stage } = state;
  const working = isWorking(state);
  const worked_ms = workedUntil(state, at);
  const intents: PipelineIntent[] = [];
  if (working !== (clock.since !== null)) intents.push({ intent: 'clock', worked_ms, since: working ? at : null });
  if (working && clock.timer_id === null && !clock.used_up)
    intents.push({ intent: 'set_timer', timer_id: ids.task, purpose: 'run_limit', due_at: after(at, minutes * MINUTE_MS - worked_ms) });
  if (hasEnded(stage) && clock.timer_id !== null) intents.push({ intent: 'cancel_timer', timer_id: clock.timer_id });
  return intents;
};
