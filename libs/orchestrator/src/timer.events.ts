import { z } from 'zod';
import { event, type EventOf } from '#platform/domain';

const timer_id = z.uuid();
const run_id = z.uuid();

/** What a timer is for: the working time of a run, or the deadline of a gate. */
export const timerPurpose = z.enum(['run_limit', 'gate']);

/** One timer: set once, and then either fired or cancelled. */
export const timerEvents = [
  event('timer.set', 1, z.strictObject({ timer_id, run_id, purpose: timerPurpose, due_at: z.iso.datetime() })),
  event('timer.cancelled', 1, z.strictObject({ timer_id, run_id })),
  event('timer.fired', 1, z.strictObject({ timer_id, run_id })),
] as const;

export type TimerEvent = EventOf<(typeof timerEvents)[number]>;
