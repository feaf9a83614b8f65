import { z } from 'zod';
import { event, type EventOf } from '#platform/domain';

const reservation_id = z.uuid();
const micro_usd = z.int().min(0);

export const SPENDING_SCOPES = ['run', 'project', 'day'] as const;
export type SpendingScope = (typeof SPENDING_SCOPES)[number];

/** One person's money for models: what was set aside, what was used up, and what a person added to a limit. Millionths of a dollar. */
export const spendingEvents = [
  event(
    'spending.reserved',
    1,
    z.strictObject({ reservation_id, project_id: z.uuid(), run_id: z.uuid(), task_id: z.uuid(), micro_usd, day: z.iso.date() }),
  ),
  event('spending.settled', 1, z.strictObject({ reservation_id, micro_usd })),
  /** `id`: the run, the project, or the day (UTC). */
  event('spending.limit_raised', 1, z.strictObject({ scope: z.enum(SPENDING_SCOPES), id: z.string(), micro_usd })),
] as const;

export type SpendingEvent = EventOf<(typeof spendingEvents)[number]>;
