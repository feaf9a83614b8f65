import { z } from 'zod';

/** What may happen to a request that nobody has answered in time. */
export const DEADLINE_ACTIONS = ['remind', 'escalate', 'approve', 'reject', 'expire'] as const;
export type DeadlineAction = (typeof DEADLINE_ACTIONS)[number];

/** How long the gates of a run wait for an answer, and what then. */
export const gateDeadline = z.strictObject({
  /** From the moment the gate opens, the run is resumed, or the person was last reminded. */
  seconds: z.int().min(1),
  then: z.enum(DEADLINE_ACTIONS),
  /** How often a person is reminded; 0 where something else happens. */
  times: z.int().min(0),
});
export type GateDeadline = z.infer<typeof gateDeadline>;
