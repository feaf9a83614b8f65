import { z } from 'zod';
import { GATE_KINDS, HANDOFF_TYPES, HITL_ACTIONS, sha256Hex } from '#contracts';
import { event, personal, type EventOf } from '#platform/domain';

/** A gate: what a person is to review, bound to the content's hash. New content is a new gate. */
export const hitlEvents = [
  event(
    'hitl.requested',
    1,
    z.strictObject({
      request_id: z.uuid(),
      run_id: z.uuid(),
      task_id: z.uuid(),
      gate: z.enum(GATE_KINDS),
      question: z.string(),
      handoff_type: z.enum(HANDOFF_TYPES),
      content_hash: sha256Hex,
      allowed_actions: z.array(z.enum(HITL_ACTIONS)),
    }),
  ),
  event(
    'hitl.responded',
    1,
    z.strictObject({
      request_id: z.uuid(),
      run_id: z.uuid(),
      action: z.enum(HITL_ACTIONS),
      /** What was reviewed. */
      content_hash: sha256Hex,
      /** The corrected content of an amendment. */
      amended_hash: sha256Hex.nullable(),
      comment: personal(z.string().nullable()),
    }),
  ),
  event('hitl.closed', 1, z.strictObject({ request_id: z.uuid(), run_id: z.uuid(), reason: z.string() })),
] as const;

export type HitlEvent = EventOf<(typeof hitlEvents)[number]>;
