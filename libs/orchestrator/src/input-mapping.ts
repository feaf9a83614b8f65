import type { AllowanceEvent, ProjectEvent } from '#projects';
import type { ChatEvent } from '#requirements-chat';
import type { HitlEvent } from '#hitl';
import type { TaskEvent } from '#tasks';
import { stableId, type RecordedEvent } from '#platform';
import type { KeptInput, PipelineInput, RunLimits } from './pipeline-inputs.events.js';
import type { TimerEvent } from './timer.events.js';

const HEARD_TYPES = [
  'run.requested',
  'chat.message_posted',
  'chat.finalized',
  'allowance.place_granted',
  'task.completed',
  'task.retry_scheduled',
  'task.reissued',
  'task.blocked',
  'task.failed',
  'hitl.responded',
  'hitl.expired',
  'timer.fired',
  'run.paused',
  'run.resumed',
  'run.cancelled',
  'run.expired',
  'run.failed',
  'run.reopened',
  'run.forked',
] as const;
/** The event types that can matter to the pipeline. */
export const HEARD: ReadonlySet<string> = new Set(HEARD_TYPES);

type Heard = Extract<ProjectEvent | AllowanceEvent | ChatEvent | HitlEvent | TaskEvent | TimerEvent, { type: (typeof HEARD_TYPES)[number] }>;
type Facts = KeptInput extends infer I ? (I extends KeptInput ? Omit<I, 'run_id' | 'event_id' | 'ids'> : never) : never;

/** What the pipeline makes of an event of the log; null for one that cannot matter to it. */
export function toPipelineInput(event: RecordedEvent): PipelineInput | null {
  if (!HEARD.has(event.type)) return null;
  const heard = { type: event.type, data: event.data } as Heard;
  const facts = factsOf(heard, event);
  if (!facts) return null;
  const { event_id } = event;
  const ids = {
    task: stableId(event_id, 'task'),
    gate: stableId(event_id, 'gate'),
    message: stableId(event_id, 'message'),
    artifact: stableId(event_id, 'artifact'),
  };
  return { ...facts, run_id: heard.data.run_id, event_id, ids, at: event.metadata.timestamp };
}

/** What the pipeline itself keeps of a run's limits. */
export const limitsOf = ({ limits: { minutes, gate_deadline } }: Extract<ProjectEvent, { type: 'run.requested' }>['data']): RunLimits => ({
  minutes,
  gate_deadline,
});

function factsOf({ type, data }: Heard, event: RecordedEvent): Facts | null {
  switch (type) {
    case 'run.requested':
      return {
        type: 'run_requested',
        project_id: event.metadata.project_id!,
        owner_id: event.metadata.owner_id,
        kind: data.kind,
        autonomy: data.autonomy,
        engine: data.engine,
        fix_rounds: data.limits.fix_rounds,
        limits: limitsOf(data),
      };
    case 'chat.message_posted':
      // The idea and the instructions that open a chat are posted by the pipeline itself.
      return data.author === 'person' && !event.metadata.actor.startsWith('orchestrator') ? { type: 'person_wrote' } : null;
    case 'chat.finalized':
      return { type: 'chat_finalized' };
    case 'allowance.place_granted':
      return { type: 'place_granted' };
    case 'task.completed': {
      const { task_id, handoff_out, outcome } = data;
      return { type: 'task_completed', task_id, handoff_type: handoff_out.handoff_type, sha256: handoff_out.sha256, ...outcome };
    }
    case 'task.retry_scheduled':
      return { type: 'task_retry_scheduled', task_id: data.task_id, attempt: data.attempt, delay_ms: data.delay_ms };
    case 'task.reissued':
      return { type: 'task_reissued', task_id: data.task_id, attempt: data.attempt };
    case 'task.blocked':
      return { type: 'task_blocked', task_id: data.task_id, sha256: data.report.sha256 };
    case 'task.failed':
      return { type: 'task_failed', task_id: data.task_id };
    case 'hitl.responded': {
      const { request_id, action, content_hash, amended_hash } = data;
      return { type: 'gate_answered', request_id, action, content_hash, amended_hash };
    }
    case 'hitl.expired':
      return { type: 'gate_expired', request_id: data.request_id };
    case 'timer.fired':
      return { type: 'timer_fired', timer_id: data.timer_id };
    case 'run.paused':
      return { type: 'run_paused' };
    case 'run.resumed':
      return { type: 'run_resumed' };
    case 'run.cancelled':
      return { type: 'run_cancelled' };
    case 'run.expired':
      return { type: 'run_expired' };
    case 'run.failed':
      return { type: 'run_failed' };
    case 'run.reopened':
      return { type: 'run_reopened' };
    case 'run.forked':
      return { type: 'run_forked', as_of: data.as_of };
  }
}
