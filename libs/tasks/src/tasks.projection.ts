import type { AgentType, TaskStatus } from '#contracts';
import { table, type Projection, type RecordedEvent, type Row } from '#platform';
import type { HandoffRef, TaskEvent } from './tasks.events.js';

export interface TaskRow extends Row {
  task_id: string;
  project_id: string;
  owner_id: string;
  run_id: string;
  agent_type: AgentType;
  purpose: string;
  instructions: string;
  status: TaskStatus;
  attempt: number;
  round: number;
  progress: number;
  stage: string;
  handoff_in: HandoffRef;
  handoff_out: HandoffRef | null;
  error: string | null;
  started_at: string | null;
  /** Time agents have worked on it, over all attempts, in ms. */
  worked_ms: number;
  /** When the attempt may begin; null for at once. */
  not_before: string | null;
  /** It stands as it was copied from another project: nobody is to work on it before it is taken up here. */
  copied: boolean;
  created_at: string;
  updated_at: string;
}

export interface CheckRow extends Row {
  log_id: string;
  task_id: string;
  project_id: string;
  owner_id: string;
  run_id: string;
  attempt: number;
  check_name: string;
  command: string | null;
  status: string;
  exit_code: number | null;
  duration_ms: number;
  log: string | null;
  created_at: string;
}

const taskOf = (event: { data: { task_id: string } }): string => event.data.task_id;
const isCopy = ({ metadata }: RecordedEvent<TaskEvent>): boolean => metadata.forked_from !== undefined;
const changed = (row: TaskRow | null, event: RecordedEvent<TaskEvent>, change: Partial<TaskRow>): TaskRow | null =>
  row && { ...row, ...change, copied: isCopy(event), updated_at: event.metadata.timestamp };
/** Ends the present spell of work. */
const rested = (row: TaskRow | null, event: RecordedEvent<TaskEvent>, change: Partial<TaskRow>): TaskRow | null =>
  row &&
  changed(row, event, {
    worked_ms: row.worked_ms + (row.started_at === null ? 0 : Math.max(0, Date.parse(event.metadata.timestamp) - new Date(row.started_at).getTime())),
    started_at: null,
    ...change,
  });

const tasks = table<TaskRow, TaskEvent>('tasks', 'task_id', {
  'task.assigned': {
    id: taskOf,
    evolve: (_, { data, metadata }) => ({
      task_id: data.task_id,
      project_id: metadata.project_id!,
      owner_id: metadata.owner_id,
      run_id: data.run_id,
      copied: metadata.forked_from !== undefined,
      agent_type: data.agent_type,
      purpose: data.purpose,
      instructions: data.instructions,
      status: 'pending',
      attempt: data.attempt,
      round: data.round,
      progress: 0,
      stage: 'waiting for an agent',
      handoff_in: data.handoff_in,
      handoff_out: null,
      error: null,
      started_at: null,
      worked_ms: 0,
      not_before: null,
      created_at: metadata.timestamp,
      updated_at: metadata.timestamp,
    }),
  },
  'task.started': {
    id: taskOf,
    evolve: (row, event) =>
      rested(row, event, {
        status: 'working',
        stage: 'working',
        // What was worked in the origin is the origin's.
        started_at: isCopy(event) ? null : event.metadata.timestamp,
        not_before: null,
      }),
  },
  'task.progressed': { id: taskOf, evolve: (row, event) => changed(row, event, { progress: event.data.progress, stage: event.data.stage }) },
  'task.completed': {
    id: taskOf,
    evolve: (row, event) =>
      rested(row, event, { status: 'completed', progress: 100, stage: 'done', handoff_out: event.data.handoff_out, error: null }),
  },
  'task.retry_scheduled': {
    id: taskOf,
    evolve: (row, event) =>
      rested(row, event, {
        status: 'pending',
        stage: 'waiting to try again',
        attempt: event.data.attempt,
        error: event.data.error,
        not_before: new Date(Date.parse(event.metadata.timestamp) + event.data.delay_ms).toISOString(),
      }),
  },
  'task.failed': { id: taskOf, evolve: (row, event) => rested(row, event, { status: 'failed', stage: 'failed', error: event.data.error }) },
  'task.blocked': {
    id: taskOf,
    evolve: (row, event) => rested(row, event, { status: 'waiting_for_hitl', stage: 'waiting for a decision', error: null }),
  },
  'task.interrupted': { id: taskOf, evolve: (row, event) => rested(row, event, { status: 'pending', stage: 'paused' }) },
  'task.reissued': {
    id: taskOf,
    evolve: (row, event) =>
      rested(row, event, { status: 'pending', stage: 'waiting for an agent', attempt: event.data.attempt, error: null, not_before: null }),
  },
  'task.cancelled': { id: taskOf, evolve: (row, event) => rested(row, event, { status: 'cancelled', stage: 'cancelled' }) },
});

const checks = table<CheckRow, TaskEvent>('task_logs', 'log_id', {
  'task.check_recorded': {
    id: (event) => event.event_id,
    evolve: (_, { event_id, data, metadata }) => ({
      log_id: event_id,
      task_id: data.task_id,
      project_id: metadata.project_id!,
      owner_id: metadata.owner_id,
      run_id: data.run_id,
      attempt: data.attempt,
      check_name: data.check,
      command: data.command,
      status: data.status,
      exit_code: data.exit_code,
      duration_ms: data.duration_ms,
      log: data.log,
      created_at: metadata.timestamp,
    }),
  },
});

/** What one task used up with one model; turns that were copied were paid for by another project. 64-bit integers come back as text. */
export interface UsageRow extends Row {
  usage_id: string;
  task_id: string;
  project_id: string;
  owner_id: string;
  run_id: string;
  /** Role of the agent: the part of the prompt's name before the slash. */
  role: string;
  model: string;
  requests: number;
  input_tokens: number | string;
  cache_write_tokens: number | string;
  cache_read_tokens: number | string;
  output_tokens: number | string;
  cost_micro_usd: number | string;
}

const usage = table<UsageRow, TaskEvent>('task_usage', 'usage_id', {
  'task.turn_recorded': {
    id: ({ data }) => `${data.task_id} ${data.usage.model}`,
    evolve: (row, { data, metadata }) =>
      metadata.forked_from
        ? row
        : {
            usage_id: `${data.task_id} ${data.usage.model}`,
            task_id: data.task_id,
            project_id: metadata.project_id!,
            owner_id: metadata.owner_id,
            run_id: data.run_id,
            role: data.prompt.slice(0, data.prompt.indexOf('/')),
            model: data.usage.model,
            requests: (row?.requests ?? 0) + 1,
            input_tokens: Number(row?.input_tokens ?? 0) + data.usage.input_tokens,
            cache_write_tokens: Number(row?.cache_write_tokens ?? 0) + data.usage.cache_write_tokens,
            cache_read_tokens: Number(row?.cache_read_tokens ?? 0) + data.usage.cache_read_tokens,
            output_tokens: Number(row?.output_tokens ?? 0) + data.usage.output_tokens,
            cost_micro_usd: Number(row?.cost_micro_usd ?? 0) + data.usage.cost_micro_usd,
          },
  },
});

export const tasksProjection: Projection = { name: 'read:tasks', version: 2, tables: [tasks, checks, usage] };
