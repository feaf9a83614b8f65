import type { DatabaseSchema, Entity, Field, RecordValue } from '#contracts';
import { addressOf } from '#contracts';
import { HELPER_NAMES } from './helpers.js';

/** `time_entry` -> `timeEntry`. */
export const camel = (name: string): string => name.replace(/_+(\w?)/g, (_, letter: string) => letter.toUpperCase());
export const pascal = (name: string): string => camel(name).replace(/^./, (letter) => letter.toUpperCase());
const words = (label: string): string => camel(addressOf(label).replaceAll('-', '_'));

const KEYWORDS =
  'arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof undefined var void while with yield Number String Math Date Object Array Set Map';
/** Names that generated modules use themselves. */
const OURS =
  'other others before records linked clashes counts taken together lists totals groups days members limit id one isFull fits added rows worked';
const TAKEN = new Set([...KEYWORDS.split(' '), ...OURS.split(' '), ...HELPER_NAMES]);

/** A name that is neither a word of the language nor in use already; it is in use from then on. */
function free(wanted: string, suffix: string, used: Set<string>): string {
  const begun = /^[a-z_$]/i.test(wanted) ? wanted : `the${wanted}`;
  let name = TAKEN.has(begun) ? `${begun}${suffix}` : begun;
  for (let count = 2; used.has(name); count += 1) name = `${begun}${suffix}${count}`;
  used.add(name);
  return name;
}

/** The names that the module of one kind of record uses. */
export interface ModuleNames {
  /** What is exported: all records of this kind, such as `loans`. */
  readonly kind: string;
  /** One record, such as `loan`. */
  readonly record: string;
  readonly rules: ReadonlyMap<string, string>;
  readonly values: ReadonlyMap<string, string>;
}

export function namesOf(entity: Entity): ModuleNames {
  const used = new Set<string>();
  const record = free(camel(entity.name), 'Record', used);
  const kind = free(words(entity.label_plural) || `${camel(entity.name)}s`, 'Kind', used);
  const values = entity.values.map((value) => [value.name, free(camel(value.name), 'Value', used)] as const);
  const rules = entity.rules.map((rule) => [rule.name, free(camel(rule.name), 'Rule', used)] as const);
  return { kind, record, rules: new Map(rules), values: new Map(values) };
}

/** A name for a variable inside the functions of a module, as near to the wish as can be. */
export function localName(entity: Entity, wish: string): string {
  const { kind, record, rules, values } = namesOf(entity);
  return free(wish, 'Linked', new Set([kind, record, ...rules.values(), ...values.values()]));
}

/** The name under which another module imports the function of a value: `lineTotal`. */
export const importedValue = (entity: Entity, value: RecordValue): string => `${camel(entity.name)}${pascal(value.name)}`;

export const fileOf = (entity: Entity): string => `src/records/${entity.name.replaceAll('_', '-')}.js`;
export const pathOf = (entity: Entity): string => addressOf(entity.label_plural);

export const entityNamed = (schema: DatabaseSchema, name: string | null): Entity | undefined => schema.entities.find((one) => one.name === name);
export const fieldNamed = (entity: Entity, name: string | null): Field | undefined => entity.fields.find((one) => one.name === name);
/** The words for a field or a value. */
export const labelOf = (entity: Entity | undefined, name: string | null): string =>
  [...(entity?.fields ?? []), ...(entity?.values ?? [])].find((one) => one.name === name)?.label ?? String(name);
