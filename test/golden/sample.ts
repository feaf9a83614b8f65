import { z } from 'zod';

interface JsonSchema {
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly prefixItems?: readonly JsonSchema[];
}

const FORMATS: Readonly<Record<string, string>> = {
  uuid: '0b6f9c1e-4d52-4c8a-9f3b-2a7d5e8c1f60',
  'date-time': '2026-03-04T05:06:07.008Z',
  date: '2026-03-04',
  uri: 'https://example.org/',
  email: 'person@example.org',
};
const TEXTS = [
  'a sample',
  'sample',
  'AC-1',
  'T-1',
  '42',
  '/sample',
  'src/app.js',
  'c0ffee00'.repeat(8),
  'A'.repeat(43),
  FORMATS['uuid']!,
  FORMATS['date-time']!,
];

/**
 * Data that fits an event's schema: a first golden sample, for a person to look at.
 * @throws z.ZodError where the schema asks for more than can be guessed; write that sample by hand
 */
export function sampleOf(schema: z.ZodType): unknown {
  const data = sample(z.toJSONSchema(schema, { unrepresentable: 'any' }) as JsonSchema);
  schema.parse(data);
  return data;
}

/** The fullest simple value of a JSON Schema: no null where there is a choice, one element of each kind in a list. */
function sample(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
  if (choices) return sample(choices.find(({ type }) => type !== 'null') ?? choices[0]!);
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, property]) => [name, sample(property)]));
    case 'array':
      return schema.prefixItems?.map(sample) ?? (schema.items?.anyOf ?? schema.items?.oneOf ?? [schema.items ?? {}]).map(sample);
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 0, 1);
    case 'boolean':
      return true;
    case 'string':
      return FORMATS[schema.format ?? ''] ?? TEXTS.find((text) => new RegExp(schema.pattern ?? '').test(text));
    default:
      return null;
  }
}
