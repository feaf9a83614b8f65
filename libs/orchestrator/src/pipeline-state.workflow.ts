import type { AgentEngine, AgentType, Autonomy, GateKind, HandoffType, RunKind } from '#contracts';
import type { KeptInput, RunLimits } from './pipeline-inputs.events.js';
import type { IntentOf, PipelineIntent } from './pipeline.events.js';

type Stage = 'none' | 'collecting' | 'queued' | 'working' | 'at_gate' | 'reopening' | 'failed' | 'completed' | 'cancelled' | 'expired';
export type Assign = IntentOf<'assign'>;
export type Purpose = Assign['purpose'];

export interface WorkItem {
  readonly task_id: string;
  readonly agent_type: AgentType;
  readonly purpose: Purpose;
  /** Set where a person had the failed task reissued before the run was taken up again. */
  readonly reissued_as: number | null;
}

export interface PipelineState {
  readonly run: {
    readonly project_id: string;
    readonly run_id: string;
    readonly owner_id: string;
    readonly kind: RunKind;
    readonly autonomy: Autonomy;
    readonly engine: AgentEngine | null;
    readonly fix_rounds: number;
    /** Null in a run that was begun before limits were noted here, until they are read from its project. */
    readonly limits: RunLimits | null;
  } | null;
  readonly stage: Stage;
  /** The task the pipeline waits for. */
  readonly work: WorkItem | null;
  /** The analyst's answer to chat during a build, beside the pipeline. */
  readonly talk: WorkItem | null;
  /** A person wrote while the analyst was busy with an earlier state of the chat. */
  readonly unheard: boolean;
  readonly finalized: boolean;
  readonly place: 'none' | 'requested' | 'granted';
  readonly gate: IntentOf<'open_gate'> | null;
  /** The gate that was closed because the run ended; opened anew when a person takes the run up again. */
  readonly closed_gate: IntentOf<'open_gate'> | null;
  /** Contents the run works with, by SHA-256. */
  readonly accepted: Readonly<Partial<Record<HandoffType, string>>>;
  readonly artifact_id: string | null;
  readonly warnings: readonly string[];
  readonly round: number;
  /** Rounds that had been used when a person last took the run up again. */
  readonly rounds_before: number;
  readonly paused: boolean;
  readonly deferred: readonly KeptInput[];
  /** What the run shows while it is neither paused nor over. */
  readonly status: IntentOf<'set_status'>['status'];
  readonly clock: {
    /** Working time up to `since`, in ms. */
    readonly worked_ms: number;
    /** When the present spell of work began, ISO 8601; null while nothing works. */
    readonly since: string | null;
    /** What looks at the clock when the time may be used up. */
    readonly timer_id: string | null;
    /** The run was told to expire. */
    readonly used_up: boolean;
  };
  /** The timer of the gate's deadline. */
  readonly gate_timer: { readonly timer_id: string; readonly request_id: string; readonly due_at: string } | null;
  /** How often a person was reminded of the gate. */
  readonly reminders: number;
  /** Kinds of gates at which the standing rejection was given. */
  readonly rejected_unseen: readonly GateKind[];
}

/** Whether the run is over, be it only until it is taken up again. */
export const hasEnded = (stage: Stage): boolean => ['failed', 'completed', 'cancelled', 'expired'].includes(stage);
/** What an agent may be working on; at a gate it waits, and a run that is to be taken up again has its task still before it. */
export const openTasks = ({ stage, work, talk }: PipelineState): WorkItem[] =>
  [stage === 'reopening' || stage === 'at_gate' ? null : work, talk].filter((item) => item !== null);

const RESTED: PipelineState['clock'] = { worked_ms: 0, since: null, timer_id: null, used_up: false };

export const initialState: PipelineState = {
  run: null,
  stage: 'none',
  work: null,
  talk: null,
  unheard: false,
  finalized: false,
  place: 'none',
  gate: null,
  closed_gate: null,
  accepted: {},
  artifact_id: null,
  warnings: [],
  round: 0,
  rounds_before: 0,
  paused: false,
  deferred: [],
  status: 'collecting',
  clock: RESTED,
  gate_timer: null,
  reminders: 0,
  rejected_unseen: [],
};

const atWork = ({ work }: PipelineState): Stage => (work?.purpose === 'converse' ? 'collecting' : 'working');

/** The state is a fold over the pipeline's own intents, never over its inputs. */
export function evolveState(state: PipelineState, intent: PipelineIntent): PipelineState {
  switch (intent.intent) {
    case 'begin': {
      const { intent: _intent, ...run } = intent;
      return { ...state, run, stage: 'collecting' };
    }
    case 'assign': {
      const item: WorkItem = { task_id: intent.task_id, agent_type: intent.agent_type, purpose: intent.purpose, reissued_as: null };
      if (intent.purpose === 'answer') return { ...state, talk: item, unheard: false };
      const round = Math.max(state.round, intent.round);
      if (intent.purpose === 'converse') return { ...state, work: item, unheard: false, stage: 'collecting' };
      return { ...state, work: item, round, gate: null, closed_gate: null, stage: 'working' };
    }
    case 'settle':
      return {
        ...state,
        work: state.work?.task_id === intent.task_id ? null : state.work,
        talk: state.talk?.task_id === intent.task_id ? null : state.talk,
      };
    case 'hear':
      return { ...state, unheard: true };
    case 'finalize':
      return { ...state, finalized: true };
    case 'set_status':
      return { ...state, status: intent.status, stage: intent.status === 'collecting' || intent.status === 'queued' ? intent.status : state.stage };
    case 'request_place':
      return { ...state, place: 'requested' };
    case 'place_granted':
      return { ...state, place: 'granted', stage: state.stage === 'at_gate' ? 'at_gate' : 'working' };
    case 'forked':
      return {
        ...state,
        place: 'none',
        stage: intent.waits ? 'reopening' : state.stage,
        clock: { ...state.clock, worked_ms: intent.worked_ms, since: null },
      };
    case 'await_place':
      return { ...state, status: 'queued' };
    case 'release_place':
      return { ...state, place: 'none' };
    case 'open_gate':
      return { ...state, gate: intent, closed_gate: null, stage: 'at_gate', reminders: 0 };
    case 'go_on':
      return { ...state, gate: null, stage: atWork(state) };
    case 'close_gate':
      // Whoever was blocked is at work again; what else a gate waited for was done before it opened.
      return {
        ...state,
        gate: null,
        closed_gate: state.gate,
        stage: state.gate?.gate === 'block' && state.stage === 'at_gate' ? atWork(state) : state.stage,
      };
    case 'accept':
      return { ...state, gate: null, accepted: { ...state.accepted, [intent.handoff_type]: intent.sha256 } };
    case 'publish':
      return intent.artifact_type === 'code' ? { ...state, artifact_id: intent.artifact_id } : state;
    case 'warn':
      return { ...state, warnings: intent.warnings };
    case 'complete':
      return { ...state, stage: 'completed', paused: false };
    case 'fail':
      return { ...state, stage: 'failed', paused: false, deferred: [], work: intent.cause === 'fix_rounds_used_up' ? null : state.work };
    case 'end':
      return { ...state, stage: intent.how, paused: false, deferred: [], talk: null };
    case 'hold':
      return { ...state, paused: true };
    case 'unhold':
      return { ...state, paused: false, deferred: [] };
    case 'defer':
      return { ...state, deferred: [...state.deferred, intent.input] };
    case 'reopen':
      return { ...state, stage: 'reopening', status: 'queued', rounds_before: state.round, clock: RESTED };
    case 'note_reissue':
      return { ...state, work: state.work?.task_id === intent.task_id ? { ...state.work, reissued_as: intent.attempt } : state.work };
    case 'enqueue':
      return { ...state, work: state.work?.task_id === intent.task_id ? { ...state.work, reissued_as: null } : state.work };
    case 'clock':
      return { ...state, clock: { ...state.clock, worked_ms: intent.worked_ms, since: intent.since } };
    case 'set_timer': {
      const { timer_id, due_at } = intent;
      if (intent.purpose === 'run_limit') return { ...state, clock: { ...state.clock, timer_id } };
      return { ...state, gate_timer: state.gate && { timer_id, request_id: state.gate.request_id, due_at } };
    }
    case 'cancel_timer':
    case 'timer_fired':
      if (state.clock.timer_id === intent.timer_id) return { ...state, clock: { ...state.clock, timer_id: null } };
      return { ...state, gate_timer: state.gate_timer?.timer_id === intent.timer_id ? null : state.gate_timer };
    case 'expire':
      return { ...state, clock: { ...state.clock, used_up: true } };
    case 'set_deadline':
      return { ...state, gate: state.gate && { ...state.gate, deadline: intent.deadline } };
    case 'remind':
      return { ...state, reminders: intent.reminder, gate: state.gate && { ...state.gate, deadline: intent.deadline } };
    case 'lapse':
      return {
        ...state,
        gate: state.gate && { ...state.gate, deadline: null },
        rejected_unseen: intent.action === 'reject' ? [...state.rejected_unseen, intent.gate] : state.rejected_unseen,
      };
    case 'open_chat':
    case 'interrupt':
    case 'reissue':
    case 'cancel_task':
    case 'post_reply':
    case 'deliver':
    case 'reopen_run':
      return state;
  }
}
