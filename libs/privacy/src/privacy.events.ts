import { z } from 'zod';
import { event, type EventOf } from '#platform/domain';

const person_id = z.uuid();

/** What became of a person's account, on the stream `person-<id>`: ids alone, so that the record stays when they are gone. */
export const privacyEvents = [
  event('person.erasure_requested', 1, z.strictObject({ person_id })),
  /** Nothing that they wrote can be read any more; the last event about them. */
  event('person.erased', 1, z.strictObject({ person_id })),
] as const;

export type PrivacyEvent = EventOf<(typeof privacyEvents)[number]>;
