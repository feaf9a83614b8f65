import { z } from 'zod';
import { event, type EventOf } from '#platform/domain';

const run_id = z.uuid();

/** One person's allowance: how many runs they may start in a day, and how many work at a time. */
export const allowanceEvents = [
  event('allowance.run_reserved', 1, z.strictObject({ run_id, at: z.iso.datetime() })),
  event('allowance.place_requested', 1, z.strictObject({ run_id, project_id: z.uuid() })),
  event('allowance.place_granted', 1, z.strictObject({ run_id, project_id: z.uuid() })),
  event('allowance.place_released', 1, z.strictObject({ run_id })),
] as const;

export type AllowanceEvent = EventOf<(typeof allowanceEvents)[number]>;
