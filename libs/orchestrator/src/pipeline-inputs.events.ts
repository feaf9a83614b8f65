import { z } from 'zod';
import { AGENT_ENGINES, AUTONOMY_LEVELS, gateDeadline, HANDOFF_TYPES, HITL_ACTIONS, RUN_KINDS, sha256Hex } from '#contracts';
import { account } from '#platform/domain';

/** Limits that the pipeline itself keeps. */
export const pipelineLimits = z.strictObject({
  /** Working time; queued, paused and waiting time does not count. */
  minutes: z.int().min(1),
  gate_deadline: gateDeadline.nullable(),
});
export type RunLimits = z.infer<typeof pipelineLimits>;

/**
 * What the pipeline hears of the world: the facts that can change what happens next, without anything a person wrote.
 * `ids` are for whatever an input makes begin: made from the input's event, so that deciding twice gives the same ids.
 */
const common = {
  run_id: z.uuid(),
  event_id: z.uuid(),
  ids: z.strictObject({ task: z.uuid(), gate: z.uuid(), message: z.uuid(), artifact: z.uuid() }),
};
const task_id = z.uuid();
const attempt = z.int().min(1);

export const keptInput = z.discriminatedUnion('type', [
  z.strictObject({
    ...common,
    type: z.literal('run_requested'),
    project_id: z.uuid(),
    owner_id: account(z.uuid()),
    kind: z.enum(RUN_KINDS),
    autonomy: z.enum(AUTONOMY_LEVELS),
    engine: z.enum(AGENT_ENGINES).nullable(),
    fix_rounds: z.int().min(0),
    limits: pipelineLimits.nullable(),
  }),
  z.strictObject({ ...common, type: z.literal('person_wrote') }),
  z.strictObject({ ...common, type: z.literal('chat_finalized') }),
  z.strictObject({ ...common, type: z.literal('place_granted') }),
  z.strictObject({
    ...common,
    type: z.literal('task_completed'),
    task_id,
    handoff_type: z.enum(HANDOFF_TYPES),
    sha256: sha256Hex,
    ready: z.boolean(),
    open_questions: z.int().min(0),
    warnings: z.array(z.string()),
  }),
  z.strictObject({ ...common, type: z.literal('task_retry_scheduled'), task_id, attempt, delay_ms: z.int().min(0) }),
  z.strictObject({ ...common, type: z.literal('task_reissued'), task_id, attempt }),
  z.strictObject({ ...common, type: z.literal('task_failed'), task_id }),
  /** The agent cannot go on by itself; `sha256` is its report. */
  z.strictObject({ ...common, type: z.literal('task_blocked'), task_id, sha256: sha256Hex }),
  z.strictObject({
    ...common,
    type: z.literal('gate_answered'),
    request_id: z.uuid(),
    action: z.enum(HITL_ACTIONS),
    content_hash: sha256Hex,
    amended_hash: sha256Hex.nullable(),
  }),
  z.strictObject({ ...common, type: z.literal('gate_expired'), request_id: z.uuid() }),
  z.strictObject({ ...common, type: z.literal('timer_fired'), timer_id: z.uuid() }),
  z.strictObject({ ...common, type: z.literal('run_paused') }),
  z.strictObject({ ...common, type: z.literal('run_resumed') }),
  z.strictObject({ ...common, type: z.literal('run_cancelled') }),
  z.strictObject({ ...common, type: z.literal('run_expired') }),
  z.strictObject({ ...common, type: z.literal('run_failed') }),
  z.strictObject({ ...common, type: z.literal('run_reopened') }),
  z.strictObject({ ...common, type: z.literal('run_forked'), as_of: z.iso.datetime() }),
]);
/** An input as it is kept during a pause. When it is taken up, what follows from it follows at that time. */
export type KeptInput = z.infer<typeof keptInput>;
/** An input with its time (ISO 8601): the workflow has no clock but this. */
export type PipelineInput = KeptInput & { readonly at: string };
