import { z } from 'zod';
import { UUID } from './ids.js';

/** Names of fields, wherever in an event's data they stand, whose values refer to something of the event's project. */
export interface References {
  /** Declared as a UUID, and not marked as an account's. */
  readonly ids: ReadonlySet<string>;
  /** Marked as positions of the log. */
  readonly positions: ReadonlySet<string>;
}

interface JsonSchema {
  readonly format?: string;
  readonly account?: boolean;
  readonly log_position?: boolean;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
}

/** What an event's schema declares as references. */
export function referencesOf(schema: unknown): References {
  const ids = new Set<string>();
  const positions = new Set<string>();
  if (schema instanceof z.ZodType) collect(z.toJSONSchema(schema, { unrepresentable: 'any' }), undefined, { ids, positions });
  return { ids, positions };
}

function collect(node: unknown, name: string | undefined, found: { readonly ids: Set<string>; readonly positions: Set<string> }): void {
  if (Array.isArray(node)) for (const one of node) collect(one, name, found);
  if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
  const { format, account, log_position, properties, ...parts } = node as JsonSchema;
  if (name !== undefined && format === 'uuid' && !account) found.ids.add(name);
  if (name !== undefined && log_position) found.positions.add(name);
  for (const [property, schema] of Object.entries(properties ?? {})) collect(schema, property, found);
  // Choices and elements stand where the field stands that holds them.
  for (const part of Object.values(parts)) collect(part, name, found);
}

/** How references are carried over. */
export interface Carry {
  readonly id: (id: string) => string;
  readonly position: (position: string) => string;
}

/** The same data with its references carried over; everything else, above all what people wrote, stays as it is. */
export function carryReferences(data: unknown, { ids, positions }: References, carry: Carry, name?: string): unknown {
  if (typeof data === 'string') {
    if (name !== undefined && ids.has(name) && UUID.test(data)) return carry.id(data);
    return name !== undefined && positions.has(name) ? carry.position(data) : data;
  }
  if (Array.isArray(data)) return data.map((one) => carryReferences(one, { ids, positions }, carry, name));
  if (typeof data !== 'object' || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([field, one]) => [field, carryReferences(one, { ids, positions }, carry, field)]));
}
