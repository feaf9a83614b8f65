import { z } from 'zod';
import { DEADLINE_ACTIONS, GATE_KINDS, HANDOFF_TYPES, HITL_ACTIONS, sha256Hex } from '#contracts';
import { event, personal, type EventOf } from '#platform/domain';

const request_id = z.uuid();
const run_id = z.uuid();
/** When an answer is due; null where the request waits for ever, for the moment or for good. */
const deadline = z.iso.datetime().nullable();

/** A gate: what a person is to review, bound to the content's hash. New content is a new gate. */
export const hitlEvents = [
  event(
    'hitl.requested',
    2,
    z.strictObject({
      request_id,
      run_id,
      task_id: z.uuid(),
      gate: z.enum(GATE_KINDS),
      question: z.string(),
      handoff_type: z.enum(HANDOFF_TYPES),
      content_hash: sha256Hex,
      allowed_actions: z.array(z.enum(HITL_ACTIONS)),
      deadline,
      on_deadline: z.enum(DEADLINE_ACTIONS).nullable(),
    }),
    { 1: (data) => ({ ...(data as object), deadline: null, on_deadline: null }) },
  ),
  event('hitl.deadline_set', 1, z.strictObject({ request_id, run_id, deadline })),
  /** The deadline has passed: the person is reminded, and again at the next one. */
  event(
    'hitl.reminded',
    1,
    z.strictObject({
      request_id,
      run_id,
      task_id: z.uuid(),
      gate: z.enum(GATE_KINDS),
      question: z.string(),
      reminder: z.int().min(1),
      escalated: z.boolean(),
      deadline,
    }),
  ),
  /** The deadline has passed, and so has the chance to answer. */
  event('hitl.expired', 1, z.strictObject({ request_id, run_id })),
  event(
    'hitl.responded',
    1,
    z.strictObject({
      request_id,
      run_id,
      action: z.enum(HITL_ACTIONS),
      /** What was reviewed. */
      content_hash: sha256Hex,
      /** The corrected content of an amendment. */
      amended_hash: sha256Hex.nullable(),
      comment: personal(z.string().nullable()),
    }),
  ),
  event('hitl.closed', 1, z.strictObject({ request_id, run_id, reason: z.string() })),
] as const;

export type HitlEvent = EventOf<(typeof hitlEvents)[number]>;
