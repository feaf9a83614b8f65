import { z } from 'zod';
import { event, type EventOf } from '#platform/domain';

const projection = z.string();
const position = z.string().regex(/^\d+$/);

/** What operators decided about a projection, on its stream `projection-<name>`. */
export const operationsEvents = [
  /** Its fold passes this event as if it were not there, now and in every rebuild. */
  event('projection.event_skipped', 1, z.strictObject({ projection, position, event_id: z.uuid(), event_type: z.string(), reason: z.string() })),
  /** The event before which it stands is to be tried again. */
  event('projection.retry_requested', 1, z.strictObject({ projection, reason: z.string().nullable() })),
  event('projection.rebuild_requested', 1, z.strictObject({ projection, reason: z.string().nullable() })),
] as const;

export type OperationsEvent = EventOf<(typeof operationsEvents)[number]>;
