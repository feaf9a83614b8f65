import { z } from 'zod';
import { AGENT_ENGINES, AGENT_TYPES, BLOCK_CAUSES, CHECK_NAMES, HANDOFF_TYPES, sha256Hex } from '#contracts';
import { event, personal, type EventOf } from '#platform/domain';

export const TASK_PURPOSES = ['converse', 'answer', 'specify', 'plan', 'write', 'repair', 'verify'] as const;
export type TaskPurpose = (typeof TASK_PURPOSES)[number];

/** A handoff in the content store. */
export const handoffRef = z.strictObject({ handoff_type: z.enum(HANDOFF_TYPES), sha256: sha256Hex, bytes: z.int().min(0) });
export type HandoffRef = z.infer<typeof handoffRef>;

/** What of an agent's answer decides how the run goes on. */
export const taskOutcome = z.strictObject({
  /** Analyst: nothing essential is unclear any more. */
  ready: z.boolean(),
  /** Analyst: how many questions the specification leaves open. */
  open_questions: z.int().min(0),
  /** QA: what went less than well without being a defect. */
  warnings: z.array(z.string()),
});
export type TaskOutcome = z.infer<typeof taskOutcome>;

const task_id = z.uuid();
const run_id = z.uuid();
/** Fencing token: a result counts only with the attempt that is current, and from whoever began it last. */
const attempt = z.int().min(1);

export const taskEvents = [
  event(
    'task.assigned',
    2,
    z.strictObject({
      task_id,
      run_id,
      agent_type: z.enum(AGENT_TYPES),
      /** Who is to think; null: whatever the worker's configuration says. */
      engine: z.enum(AGENT_ENGINES).nullable(),
      purpose: z.enum(TASK_PURPOSES),
      instructions: z.string(),
      round: z.int().min(0),
      handoff_in: handoffRef,
      attempt,
    }),
    { 1: (data) => ({ ...(data as object), engine: null }) },
  ),
  event('task.started', 2, z.strictObject({ task_id, run_id, attempt, brain: z.string(), holder: z.uuid().nullable() }), {
    1: (data) => ({ ...(data as object), holder: null }),
  }),
  /** `stage` names a step in words of the program, and quotes neither people nor models: it is not sealed. */
  event('task.progressed', 1, z.strictObject({ task_id, run_id, attempt, progress: z.int().min(0).max(100), stage: z.string() })),
  event(
    'task.check_recorded',
    2,
    z.strictObject({
      task_id,
      run_id,
      attempt,
      check: z.enum(CHECK_NAMES),
      command: personal(z.string().nullable()),
      status: z.enum(['passed', 'failed', 'warning', 'skipped']),
      exit_code: z.int().nullable(),
      duration_ms: z.int().min(0),
      log: sha256Hex.nullable(),
    }),
    { 1: (data) => data },
  ),
  /** The model answered. The answer itself is in the content store; usage is in tokens and millionths of a dollar. */
  event(
    'task.turn_recorded',
    1,
    z.strictObject({
      task_id,
      run_id,
      attempt,
      loop: z.string().max(200),
      number: z.int().min(0),
      request_hash: sha256Hex,
      prompt: z.string(),
      prompt_hash: sha256Hex,
      request_id: z.string().nullable(),
      stop_reason: z.string().nullable(),
      usage: z.strictObject({
        model: z.string(),
        input_tokens: z.int().min(0),
        cache_write_tokens: z.int().min(0),
        cache_read_tokens: z.int().min(0),
        output_tokens: z.int().min(0),
        cost_micro_usd: z.int().min(0),
      }),
      entry: sha256Hex,
    }),
  ),
  /** A tool is about to be carried out for the model. */
  event(
    'task.tool_called',
    1,
    z.strictObject({ task_id, run_id, attempt, loop: z.string().max(200), call_id: z.string(), name: z.string(), subject: personal(z.string()) }),
  ),
  /** What a tool answered; the answer itself is in the content store, `summary` is its beginning. */
  event(
    'task.tool_recorded',
    1,
    z.strictObject({
      task_id,
      run_id,
      attempt,
      loop: z.string().max(200),
      call_id: z.string(),
      name: z.string(),
      is_error: z.boolean(),
      summary: personal(z.string()),
      entry: sha256Hex,
    }),
  ),
  /** The agent cannot go on by itself; a person decides, and the task is reissued or cancelled. */
  event('task.blocked', 1, z.strictObject({ task_id, run_id, attempt, cause: z.enum(BLOCK_CAUSES), report: handoffRef })),
  event('task.completed', 1, z.strictObject({ task_id, run_id, attempt, handoff_out: handoffRef, outcome: taskOutcome })),
  event('task.retry_scheduled', 1, z.strictObject({ task_id, run_id, attempt, delay_ms: z.int().min(0), error: personal(z.string()) })),
  event('task.failed', 1, z.strictObject({ task_id, run_id, attempt, error: personal(z.string()) })),
  /** The run was paused: what the current attempt brings no longer counts. */
  event('task.interrupted', 1, z.strictObject({ task_id, run_id, attempt })),
  /** A new attempt, by a person's wish or after a pause. */
  event('task.reissued', 1, z.strictObject({ task_id, run_id, attempt })),
  event('task.cancelled', 1, z.strictObject({ task_id, run_id, attempt })),
] as const;

export type TaskEvent = EventOf<(typeof taskEvents)[number]>;
