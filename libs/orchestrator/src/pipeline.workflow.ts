import type { Workflow } from '#platform/domain';
import { forked, waitsForPlace } from './pipeline-fork.workflow.js';
import { ask, blocked, gateAnswered, propose, type Completed } from './pipeline-gates.workflow.js';
import type { KeptInput, PipelineInput } from './pipeline-inputs.events.js';
import { evolveState, hasEnded, initialState, openTasks, type PipelineState, type WorkItem } from './pipeline-state.workflow.js';
import { assign, repair, STAGE_TEXT, status, statusAt } from './pipeline-steps.workflow.js';
import { deadlineAt, timerFired, withTimers } from './pipeline-timers.workflow.js';
import type { PipelineIntent } from './pipeline.events.js';

/**
 * The standard pipeline: requirements chat, specification, plan, code, verification with fix rounds, delivery. One task of
 * the pipeline is open at a time; between steps a person decides where the run's autonomy says so.
 */
export const pipelineWorkflow: Workflow<PipelineInput, PipelineIntent, PipelineState> = {
  initial: initialState,
  decide: (input, state) => withTimers(input, state, decide(input, state)),
  evolve: evolveState,
};

function decide(input: PipelineInput, state: PipelineState): PipelineIntent[] {
  if (input.type === 'run_requested') return state.run ? [] : begin(input);
  if (!state.run || state.stage === 'cancelled') return [];
  const ended = hasEnded(state.stage);

  switch (input.type) {
    case 'run_cancelled':
    case 'run_expired':
      return ended ? [] : end(state, input.type === 'run_cancelled' ? 'cancelled' : 'expired');
    case 'run_failed':
      // The run was failed from outside the pipeline; its own failures are behind it already.
      return ended ? [] : [{ intent: 'fail', cause: 'failed_elsewhere', stage: '', task_id: state.work?.task_id ?? null }, ...halt(state, 'failed')];
    case 'run_reopened':
      return reopen(state);
    case 'run_forked':
      return forked(input, state);
    case 'run_paused':
      return ended || state.paused
        ? []
        : [{ intent: 'hold' }, ...openTasks(state).map(({ task_id }): PipelineIntent => ({ intent: 'interrupt', task_id }))];
    case 'run_resumed':
      return state.paused ? resume(input, state) : [];
    case 'timer_fired':
      return timerFired(input, state);
    default:
  }
  if (state.paused) return [{ intent: 'defer', input: kept(input) }];
  if (waitsForPlace(input, state)) return [{ intent: 'defer', input: kept(input) }, { intent: 'await_place' }];

  switch (input.type) {
    case 'person_wrote':
      return personWrote(input, state);
    case 'chat_finalized':
      return state.stage === 'collecting' ? [{ intent: 'finalize' }, ...(state.work ? [] : enterQueue(input, { ...state, finalized: true }))] : [];
    case 'place_granted':
      return placeGranted(input, state);
    case 'task_completed':
      return taskCompleted(input, state);
    case 'task_failed':
      if (state.talk?.task_id === input.task_id) return [{ intent: 'settle', task_id: input.task_id }];
      if (state.work?.task_id !== input.task_id) return [];
      return [{ intent: 'fail', cause: 'task_failed', stage: STAGE_TEXT[state.work.purpose], task_id: input.task_id }, { intent: 'release_place' }];
    case 'task_blocked':
      return blocked(input, state);
    case 'task_retry_scheduled':
    case 'task_reissued':
      return tryAgain(input, state);
    case 'gate_answered':
      return gateAnswered(input, state);
    case 'gate_expired':
      if (state.gate?.request_id !== input.request_id) return [];
      return [
        { intent: 'close_gate', request_id: input.request_id, reason: 'nobody answered in time' },
        { intent: 'expire', cause: 'gate_deadline' },
      ];
  }
}

function kept(input: PipelineInput): KeptInput {
  const { at: _at, ...rest } = input;
  return rest;
}

function begin(input: Extract<PipelineInput, { type: 'run_requested' }>): PipelineIntent[] {
  const { project_id, run_id, owner_id, kind, autonomy, engine, fix_rounds, limits } = input;
  const begun: PipelineIntent = { intent: 'begin', project_id, run_id, owner_id, kind, autonomy, engine, fix_rounds, limits };
  if (kind === 'retry') return [begun, { intent: 'finalize' }, { intent: 'request_place' }, status('queued', 'waiting for a place')];
  return [
    begun,
    { intent: 'open_chat', message_id: input.ids.message },
    ...assign(input, 'converse', 0, { from: 'conversation', finalized: false, rejected: null }),
  ];
}

const end = (state: PipelineState, how: 'cancelled' | 'expired'): PipelineIntent[] => [
  { intent: 'end', how },
  ...(state.talk ? [{ intent: 'cancel_task' as const, task_id: state.talk.task_id }] : []),
  ...halt(state, how),
];

/** What a run leaves behind when it ends: one that was not cancelled can be taken up again with the very task that was open. */
const halt = (state: PipelineState, how: 'cancelled' | 'expired' | 'failed'): PipelineIntent[] => [
  ...(state.work ? [{ intent: how === 'cancelled' ? ('cancel_task' as const) : ('interrupt' as const), task_id: state.work.task_id }] : []),
  ...(state.gate ? [{ intent: 'close_gate' as const, request_id: state.gate.request_id, reason: `the run was ${how}` }] : []),
  { intent: 'release_place' },
];

function reopen(state: PipelineState): PipelineIntent[] {
  // All was delivered when the run's time ran out: there is nothing left to do but to say so.
  if (state.stage === 'completed') return [{ intent: 'complete', warnings: [...state.warnings] }];
  if (state.stage !== 'failed' && state.stage !== 'expired') return [];
  // The chat needs no place.
  if (state.work?.purpose === 'converse') return [{ intent: 'reopen' }, ...takeUp(state.work, state.round)];
  return [{ intent: 'reopen' }, { intent: 'request_place' }];
}

function takeUp(work: WorkItem, round: number): PipelineIntent[] {
  const { task_id, agent_type, purpose, reissued_as } = work;
  const again: PipelineIntent =
    reissued_as === null ? { intent: 'reissue', task_id } : { intent: 'enqueue', task_id, agent_type, attempt: reissued_as, delay_ms: 0 };
  return [statusAt(purpose, round), again];
}

/** Takes up what was interrupted, then what came in meanwhile, in order. */
function resume({ at }: PipelineInput, state: PipelineState): PipelineIntent[] {
  const intents: PipelineIntent[] = [{ intent: 'unhold' }];
  const done = state.deferred.flatMap((input) =>
    input.type === 'task_completed' || input.type === 'task_failed' || input.type === 'task_blocked' ? [input.task_id] : [],
  );
  for (const { task_id } of openTasks(state)) if (!done.includes(task_id)) intents.push({ intent: 'reissue', task_id });
  return [...intents, ...hearDeferred(at, state.deferred, intents.reduce(evolveState, state))];
}

/** What was kept, in order, as if it came now. */
function hearDeferred(at: string, deferred: PipelineState['deferred'], state: PipelineState): PipelineIntent[] {
  const intents: PipelineIntent[] = [];
  let current = state;
  for (const input of deferred) {
    const next = decide({ ...input, at }, current);
    intents.push(...next);
    current = next.reduce(evolveState, current);
  }
  return intents;
}

function personWrote(input: PipelineInput, state: PipelineState): PipelineIntent[] {
  if (state.stage === 'collecting')
    return state.work ? [{ intent: 'hear' }] : assign(input, 'converse', 0, { from: 'conversation', finalized: false, rejected: null });
  return state.talk ? [{ intent: 'hear' }] : assign(input, 'answer', 0, { from: 'conversation', finalized: true, rejected: null });
}

/** The chat is over: to the specification at once where the run has its place, else by way of the queue. */
function enterQueue(input: PipelineInput, state: PipelineState): PipelineIntent[] {
  if (state.place === 'granted') return specify(input, state);
  return [{ intent: 'request_place' }, status('queued', 'waiting for a place')];
}

const specify = (input: PipelineInput, state: PipelineState): PipelineIntent[] => [
  status('running', STAGE_TEXT.specify),
  ...assign(input, 'specify', 0, { from: 'conversation', finalized: state.finalized, rejected: null }),
];

function placeGranted(input: PipelineInput, state: PipelineState): PipelineIntent[] {
  if (state.place !== 'requested') return [];
  const granted: PipelineIntent = { intent: 'place_granted' };
  if (state.stage === 'at_gate') {
    const open: PipelineIntent[] = state.deferred.length > 0 ? [granted, { intent: 'unhold' }] : [granted];
    return [...open, ...hearDeferred(input.at, state.deferred, open.reduce(evolveState, state))];
  }
  if (state.stage === 'queued') return [granted, ...specify(input, state)];
  if (state.stage !== 'reopening') return [granted];
  if (state.work) return [granted, ...takeUp(state.work, state.round)];
  if (state.closed_gate) return [granted, ...ask({ ...state.closed_gate, request_id: input.ids.gate, ...deadlineAt(input.at, state) })];
  const sha256 = state.accepted.defect_report;
  return [granted, ...(sha256 ? repair(input, state.round + 1, { from: 'handoff', handoff_type: 'defect_report', sha256 }) : specify(input, state))];
}

function tryAgain(input: Extract<PipelineInput, { type: 'task_retry_scheduled' | 'task_reissued' }>, state: PipelineState): PipelineIntent[] {
  const item = [state.work, state.talk].find((one) => one?.task_id === input.task_id);
  if (!item) return [];
  const { task_id, attempt } = input;
  if (state.stage === 'failed' || state.stage === 'expired') return [{ intent: 'note_reissue', task_id, attempt }, { intent: 'reopen_run' }];
  const delay_ms = input.type === 'task_retry_scheduled' ? input.delay_ms : 0;
  // A person had the blocked task tried again without answering its gate.
  const answered: PipelineIntent[] =
    state.gate?.gate === 'block' && state.gate.task_id === task_id
      ? [{ intent: 'close_gate', request_id: state.gate.request_id, reason: 'the task is tried again' }, statusAt(item.purpose, state.round)]
      : [];
  return [...answered, { intent: 'enqueue', task_id, agent_type: item.agent_type, attempt, delay_ms }];
}

function taskCompleted(input: Completed, state: PipelineState): PipelineIntent[] {
  const settle: PipelineIntent = { intent: 'settle', task_id: input.task_id };
  const reply = (handoff_type: 'analyst_turn' | 'software_specification'): PipelineIntent => ({
    intent: 'post_reply',
    message_id: input.ids.message,
    handoff_type,
    sha256: input.sha256,
  });
  if (state.talk?.task_id === input.task_id)
    return [settle, reply('analyst_turn'), ...(state.unheard ? personWrote(input, { ...state, talk: null }) : [])];
  if (state.work?.task_id !== input.task_id) return [];
  const { purpose } = state.work;
  const round = state.round;
  switch (purpose) {
    case 'answer':
      return [settle];
    case 'converse':
      if (state.unheard && !state.finalized) return [settle, reply('analyst_turn'), ...personWrote(input, { ...state, work: null })];
      return [settle, reply('analyst_turn'), ...(input.ready || state.finalized ? enterQueue(input, state) : [])];
    case 'specify':
      if (input.open_questions > 0 && !state.finalized) return [settle, reply('software_specification'), status('collecting', STAGE_TEXT.converse)];
      return [settle, ...propose(input, state, 'specification')];
    case 'plan':
      return [settle, ...propose(input, state, 'plan')];
    case 'write':
    case 'repair':
      return [
        settle,
        { intent: 'accept', handoff_type: 'code_bundle', sha256: input.sha256, request_id: null },
        statusAt('verify', round),
        ...assign(input, 'verify', round, { from: 'handoff', handoff_type: 'code_bundle', sha256: input.sha256 }),
      ];
    case 'verify':
      return [settle, ...verified(input, state)];
  }
}

function verified(input: Completed, state: PipelineState): PipelineIntent[] {
  if (input.handoff_type === 'defect_report') {
    const noted: PipelineIntent = { intent: 'accept', handoff_type: 'defect_report', sha256: input.sha256, request_id: null };
    if (state.round - state.rounds_before >= state.run!.fix_rounds)
      return [noted, { intent: 'fail', cause: 'fix_rounds_used_up', stage: STAGE_TEXT.verify, task_id: input.task_id }, { intent: 'release_place' }];
    return [noted, ...repair(input, state.round + 1, { from: 'handoff', handoff_type: 'defect_report', sha256: input.sha256 })];
  }
  return [{ intent: 'warn', warnings: input.warnings }, ...propose(input, state, 'delivery')];
}
