import type { AgentType, RunStatus, StreamEventType, StreamMessage } from '#contracts';
import type { ArtifactEvent } from '#artifacts';
import type { HitlEvent } from '#hitl';
import type { RecordedEvent } from '#platform';
import type { ProjectEvent } from '#projects';
import type { ChatEvent } from '#requirements-chat';
import type { TaskEvent } from '#tasks';

type ToldEvent = ProjectEvent | TaskEvent | HitlEvent | ArtifactEvent | ChatEvent;

/** What a message says and its event does not. */
export interface MessageFacts {
  /** Who works on the task that the event is about. */
  readonly agent_type: AgentType | null;
  /** How the run stood before the event, the pause left aside. */
  readonly standing: { readonly status: RunStatus; readonly stage: string } | null;
}

interface Told {
  readonly event_type: StreamEventType;
  readonly payload: StreamMessage['payload'];
}

const ANSWERED = { approve: 'approved', reject: 'rejected', amend: 'amended' } as const;

/** The live stream's message about an event; null for events that clients are not told of. The same event always gives the same message. */
export function toStreamMessage(recorded: RecordedEvent, facts: MessageFacts): StreamMessage | null {
  const { position, metadata } = recorded;
  const told = tell({ type: recorded.type, data: recorded.data } as ToldEvent, facts);
  return told && { event_type: told.event_type, position, project_id: metadata.project_id!, timestamp: metadata.timestamp, payload: told.payload };
}

function tell({ type, data }: ToldEvent, { agent_type, standing }: MessageFacts): Told | null {
  const status = (run_id: string, now: { status: RunStatus; stage: string }): Told => ({ event_type: 'status', payload: { run_id, ...now } });
  const complete = (run_id: string, now: RunStatus, reason: string | null, warnings: string[] = []): Told => ({
    event_type: 'complete',
    payload: { run_id, status: now, warnings, reason },
  });
  const agent = (now: string, more: Told['payload'] = {}): Told => {
    const { task_id, attempt } = data as { task_id: string; attempt: number };
    return { event_type: 'agent_status_update', payload: { agent_type, status: now, task_id, attempt, ...more } };
  };
  switch (type) {
    case 'run.requested':
      return status(data.run_id, { status: 'collecting', stage: 'requirements chat' });
    case 'run.status_changed':
      return status(data.run_id, { status: data.status, stage: data.stage });
    case 'run.paused':
      return status(data.run_id, { status: 'paused', stage: standing?.stage ?? '' });
    case 'run.resumed':
      return status(data.run_id, standing ?? { status: 'running', stage: '' });
    case 'run.reopened':
      return status(data.run_id, { status: 'queued', stage: standing?.stage ?? '' });
    case 'run.completed':
      return complete(data.run_id, data.status, null, data.warnings);
    case 'run.failed':
      return complete(data.run_id, 'failed', data.reason);
    case 'run.cancelled':
      return complete(data.run_id, 'cancelled', null);
    case 'run.expired':
      return complete(
        data.run_id,
        'expired',
        data.cause === 'gate_deadline' ? 'Nobody answered in time what the run asked.' : 'The run used up its working time.',
      );
    case 'task.assigned':
    case 'task.reissued':
      return agent('pending');
    case 'task.started':
      return agent('working');
    case 'task.interrupted':
      return agent('pending', { stage: 'paused' });
    case 'task.retry_scheduled':
      return agent('pending', { stage: 'waiting to try again', delay_ms: data.delay_ms, error: data.error });
    case 'task.completed':
      return agent('completed');
    case 'task.cancelled':
      return agent('cancelled');
    case 'task.failed':
      return { event_type: 'error', payload: { task_id: data.task_id, agent_type, status: 'failed', attempt: data.attempt, message: data.error } };
    case 'task.progressed':
      return { event_type: 'task_progress', payload: { task_id: data.task_id, agent_type, progress: data.progress, stage: data.stage } };
    case 'task.check_recorded':
      return {
        event_type: 'test',
        payload: { task_id: data.task_id, check: data.check, status: data.status, exit_code: data.exit_code, duration_ms: data.duration_ms },
      };
    case 'task.blocked':
      return agent('waiting_for_hitl', { cause: data.cause });
    case 'task.tool_called':
      return {
        event_type: 'tool_call',
        payload: { task_id: data.task_id, agent_type, conversation: data.loop, call_id: data.call_id, tool: data.name, subject: data.subject },
      };
    case 'task.tool_recorded':
      return {
        event_type: 'tool_result',
        payload: {
          task_id: data.task_id,
          agent_type,
          conversation: data.loop,
          call_id: data.call_id,
          tool: data.name,
          ok: !data.is_error,
          result: data.summary,
        },
      };
    case 'chat.message_posted':
      return {
        event_type: 'new_message',
        payload: { message_id: data.message_id, agent_type: data.author, message: data.content, questions: data.questions ?? [] },
      };
    case 'hitl.requested':
      return {
        event_type: 'hitl_request',
        payload: { request_id: data.request_id, task_id: data.task_id, question: data.question, gate: data.gate, deadline: data.deadline },
      };
    case 'hitl.reminded':
      return {
        event_type: 'hitl_request',
        payload: {
          ...{ request_id: data.request_id, task_id: data.task_id, question: data.question, gate: data.gate, deadline: data.deadline },
          ...{ reminder: data.reminder, escalated: data.escalated },
        },
      };
    case 'hitl.expired':
      return { event_type: 'hitl_response', payload: { request_id: data.request_id, status: 'expired', reason: 'nobody answered in time' } };
    case 'hitl.responded':
      return { event_type: 'hitl_response', payload: { request_id: data.request_id, status: ANSWERED[data.action], action: data.action } };
    case 'hitl.closed':
      return { event_type: 'hitl_response', payload: { request_id: data.request_id, status: 'expired', reason: data.reason } };
    case 'artifact.published': {
      const { artifact_id, run_id, task_id, type: kind, version, form, file_count, bytes } = data;
      return { event_type: 'artifact', payload: { artifact_id, run_id, task_id, type: kind, version, form, file_count, bytes, delivered: false } };
    }
    case 'artifact.delivered': {
      const { artifact_id, run_id, file_count, bytes } = data;
      return { event_type: 'artifact', payload: { artifact_id, run_id, file_count, bytes, delivered: true } };
    }
    default:
      return null;
  }
}
