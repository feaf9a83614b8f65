import { z } from 'zod';
import type { EventDefinition, Schema } from './domain.js';
import { referencesOf, type References } from './references.js';
import type { Projection } from './projection.js';

/** What the contexts bring along: each registers its event types and projections when its module is made. */
export class Catalog {
  private readonly events = new Map<string, EventDefinition>();
  private readonly personal = new Map<string, readonly string[]>();
  private readonly sealed = new Map<string, Schema<unknown>>();
  private readonly references = new Map<string, References>();
  readonly projections: Projection[] = [];

  register(context: { events: readonly EventDefinition[]; projections?: readonly Projection[] }): void {
    for (const definition of context.events) {
      if (this.events.has(definition.type)) throw new Error(`event type ${definition.type} is defined twice`);
      this.events.set(definition.type, definition);
      const personal = personalFieldsOf(definition);
      this.personal.set(definition.type, personal);
      this.sealed.set(definition.type, sealedSchemaOf(definition, personal));
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

  /** What the data of an event type look like where what a person wrote is still sealed. */
  sealedSchema(type: string): Schema<unknown> {
    return this.sealed.get(type)!;
  }

  /** Which fields of an event type refer to something of its project. */
  referencesIn(type: string): References {
    let found = this.references.get(type);
    if (!found) this.references.set(type, (found = referencesOf(this.events.get(type)?.schema)));
    return found;
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

function sealedSchemaOf({ schema }: EventDefinition, personal: readonly string[]): Schema<unknown> {
  if (personal.length === 0) return schema;
  return (schema as unknown as z.ZodObject).extend(Object.fromEntries(personal.map((field) => [field, z.unknown()])));
}
