import type { DatabaseSchema } from '#contracts';
import { namesOf } from './names.js';

/** src/records/index.js: all kinds of records, in the order in which the pages show them. */
export function recordsIndexJs(schema: DatabaseSchema): string {
  const names = schema.entities.map((entity) => namesOf(entity).kind);
  const imports = schema.entities.map((entity, at) => `import { ${names[at] ?? ''} } from './${entity.name.replaceAll('_', '-')}.js';`);
  const states = schema.entities.some((entity) => entity.lifecycle !== null);
  const values = schema.entities.some((entity) => entity.values.length > 0);
  const worked = schema.entities.some((entity) => entity.values.some((value) => value.type === 'date')) ? 'number | string | null' : 'number | null';
  const has = (kind: string): boolean => schema.entities.some((entity) => entity.rules.some((rule) => rule.kind === kind));
  const line = `export const kinds = [${names.join(', ')}];`;
  return `${imports.sort().join('\n')}

/**
 * @typedef {object} Field
 * @property {string} name as in the JSON API
 * @property {string} label
 * @property {'text' | 'long_text' | 'number' | 'integer' | 'money' | 'date' | 'time' | 'datetime' | 'email' | 'phone' | 'url' |
 *   'file_link' | 'boolean' | 'choice' | 'rating' | 'reference' | 'references'} type
 * @property {string[]} [choices] the values of a choice
 * @property {string} [target] the kind of record that a link leads to
 * @property {boolean} [required]
 * @property {boolean} [unique]
 *
 * @typedef {Record<string, string> | undefined} Refusal what is wrong with a field, or nothing
 *
 * @typedef {object} Kind A kind of record.
 * @property {string} name
 * @property {string} label one of them
 * @property {string} plural
 * @property {string} path the address of their list is /<path>
 * @property {string[]} title the fields that tell one record from another
 * @property {{ field: string, descending: boolean }} [order] how their list is sorted at first
 * @property {Field[]} fields
${schema.entities.some((entity) => entity.defaults.length > 0) ? ' * @property {Record<string, any>} [defaults] what a record begins with: a value, or a function of those given\n' : ''}${states ? ' * @property {{ field: string, steps: { from: string, to: string, roles?: string[] }[] }} [states] which state follows which\n' : ''}${has('compare') || has('required_when') ? ' * @property {((record: any, look: any) => Refusal)[]} [checks] what a record must meet by itself\n' : ''}${['no_overlap', 'unique_together', 'limit', 'linked_must'].some(has) ? ' * @property {((record: any, look: any) => Refusal)[]} [conflicts] what it must meet among other records\n' : ''}${has('locked_when') ? ' * @property {Record<string, ((record: any, look: any) => Refusal)[]>} [locks] what stops it from being changed or deleted\n' : ''}${values ? ` * @property {{ name: string, label: string, type: string, workOut: (record: any, records: any) => ${worked} }[]} [values]\n` : ''} */

/** @type {Kind[]} */
${line.length <= 120 ? line : `export const kinds = [\n${names.map((name) => `  ${name},\n`).join('')}];`}

export const kindNamed = (name) => kinds.find((kind) => kind.name === name);
export const kindAt = (path) => kinds.find((kind) => kind.path === path);
export const fieldOf = (kind, name) => kind.fields.find((field) => field.name === name);

/** Every field, of any kind of record, that links to this kind. */
export const linksTo = (kind) =>
  kinds.flatMap((from) => from.fields.filter((field) => field.target === kind.name).map((field) => ({ from, field })));
`;
}
