import type { DatabaseSchema, Entity, Field } from '#contracts';
import { addressOf } from '#contracts';
import { article, capital } from '../language/words.js';

/** `time_entry` -> `timeEntry`. */
export const camel = (name: string): string => name.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
const pascal = (name: string): string => capital(camel(name));

/** Names of the two functions that the samples file has per entity: valid values, and a record added with them. */
export const valuesFn = (entity: Entity): string => `${camel(entity.name)}Values`;
export const addFn = (entity: Entity): string => `add${pascal(entity.name)}`;

export const quote = (text: string): string => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n').replace(/\r/g, '\\r')}'`;

export const apiPath = (entity: Entity): string => `/api/${addressOf(entity.label_plural)}`;
export const pagePath = (entity: Entity): string => `/${addressOf(entity.label_plural)}`;

/** A valid value of a field as an expression; unique fields get another one each time. */
export function sampleValue(schema: DatabaseSchema, field: Field): string {
  const label = capital(field.label).slice(0, 60);
  const target = schema.entities.find((entity) => entity.name === field.target);
  switch (field.type) {
    case 'text':
      return `\`${label.replace(/[`$\\]/g, '')} \${next()}\``;
    case 'long_text':
      return quote(`${label}, line one`);
    case 'number':
      return field.unique ? 'next() + 0.5' : '2.5';
    case 'integer':
      return field.unique ? 'next()' : '7';
    case 'money':
      return field.unique ? 'next() + 0.25' : '12.5';
    case 'date':
      return field.unique ? 'day(next())' : 'day(3)';
    case 'time':
      return field.unique ? '`14:${String(next() % 60).padStart(2, "0")}`'.replaceAll('"', "'") : "'14:30'";
    case 'datetime':
      return field.unique ? '`${day(next())}T14:30`' : '`${day(3)}T14:30`';
    case 'email':
      return '`person${next()}@example.org`';
    case 'phone':
      return '`020 7946 ${String(1000 + next())}`';
    case 'url':
    case 'file_link':
      return '`https://example.org/${next()}`';
    case 'boolean':
      return 'false';
    case 'choice':
      return field.unique ? `[${field.choices.map(quote).join(', ')}][next() % ${field.choices.length}]` : quote(field.choices[0] ?? '');
    case 'rating':
      return field.unique ? '(next() % 5) + 1' : '4';
    case 'reference':
      return target ? `(await ${addFn(target)}(app)).id` : 'null';
    case 'references':
      return target ? `[(await ${addFn(target)}(app)).id]` : '[]';
  }
}

/** test-support/samples.js: valid values for each list of records. */
export function samplesFile(schema: DatabaseSchema): string {
  const dated = schema.entities.some((entity) => entity.fields.some((field) => field.type === 'date' || field.type === 'datetime'));
  return `${dated ? "import { day } from './app.js';\n\n" : ''}let last = 0;

/** A number that was not given before. */
export const next = () => (last += 1);

/** The values that were sent, as the app saved them. */
export const saved = (record, values) => Object.fromEntries(Object.keys(values).map((name) => [name, record[name]]));
${schema.entities.map((entity) => sampleFunctions(schema, entity)).join('')}`;
}

function sampleFunctions(schema: DatabaseSchema, entity: Entity): string {
  const shown = entity.fields.filter((field) => field.target === null || field.required);
  const lines = shown.map((field) => `    ${field.name}: ${sampleValue(schema, field)},`);
  return `
/** Valid values of ${article(entity.label)}; \`changes\` replaces some of them. */
export async function ${valuesFn(entity)}(app, changes = {}) {
  return {
${lines.join('\n')}
    ...changes,
  };
}

export const ${addFn(entity)} = async (app, changes) => app.add(${quote(apiPath(entity))}, await ${valuesFn(entity)}(app, changes));
`;
}
