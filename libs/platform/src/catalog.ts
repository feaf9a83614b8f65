import type { EventDefinition } from './domain.js';
import type { Projection } from './projection.js';

/** What the contexts bring along: each registers its event types and projections when its module is made. */
export class Catalog {
  private readonly events = new Map<string, EventDefinition>();
  private readonly personal = new Map<string, readonly string[]>();
  readonly projections: Projection[] = [];

  register(context: { events: readonly EventDefinition[]; projections?: readonly Projection[] }): void {
    for (const definition of context.events) {
      if (this.events.has(definition.type)) throw new Error(`event type ${definition.type} is defined twice`);
      this.events.set(definition.type, definition);
      this.personal.set(definition.type, personalFieldsOf(definition));
    }
    this.projections.push(...(context.projections ?? []));
  }

  event(type: string): EventDefinition | undefined {
    return this.events.get(type);
  }

  /** Names of the fields of an event type that a person wrote. */
  personalFields(type: string): readonly string[] {
    return this.personal.get(type) ?? [];
  }

  definitions(): EventDefinition[] {
    return [...this.events.values()];
  }
}

function personalFieldsOf(definition: EventDefinition): string[] {
  const shape = (definition.schema as { shape?: Record<string, { meta?: () => { personal?: boolean } | undefined }> }).shape ?? {};
  return Object.entries(shape)
    .filter(([, field]) => field.meta?.()?.personal === true)
    .map(([name]) => name);
}
