import type { EventDefinition } from '#platform/domain';

/** Every event type of the product, context by context. */
export const EVENT_DEFINITIONS: readonly EventDefinition[] = [];
