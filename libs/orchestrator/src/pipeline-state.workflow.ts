import type { AgentType, Autonomy, HandoffType, RunKind } from '#contracts';
import type { PipelineInput } from './pipeline-inputs.events.js';
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
    readonly fix_rounds: number;
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
  readonly deferred: readonly PipelineInput[];
}

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
};

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
      return intent.status === 'collecting' ? { ...state, stage: 'collecting' } : intent.status === 'queued' ? { ...state, stage: 'queued' } : state;
    case 'request_place':
      return { ...state, place: 'requested' };
    case 'place_granted':
      return { ...state, place: 'granted', stage: 'working' };
    case 'release_place':
      return { ...state, place: 'none' };
    case 'open_gate':
      return { ...state, gate: intent, closed_gate: null, stage: 'at_gate' };
    case 'close_gate':
      return { ...state, gate: null, closed_gate: state.gate };
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
      return { ...state, stage: 'reopening', rounds_before: state.round };
    case 'note_reissue':
      return { ...state, work: state.work?.task_id === intent.task_id ? { ...state.work, reissued_as: intent.attempt } : state.work };
    case 'enqueue':
      return { ...state, work: state.work?.task_id === intent.task_id ? { ...state.work, reissued_as: null } : state.work };
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
