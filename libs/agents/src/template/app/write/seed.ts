import { linkedParts } from '#contracts';
import type { Condition, DatabaseSchema, Entity, Field, Rule } from '#contracts';
import { featuresOf } from '../features.js';
import { samplesJs } from '../runtime/samples-js.js';
import { withFeatures } from '../source.js';
import { array, importLine, indent, object, quote } from './code.js';
import { helpersIn } from './helpers.js';
import { fieldNamed } from './names.js';
import { emailAt, numberFor, sentence, textFor } from './seed-words.js';

/** A day by its distance from today. */
interface Day {
  readonly day: number;
  readonly time?: string;
}
/** A value of a sample; a link is the place of another sample. */
type Raw = string | number | boolean | null | Day | readonly number[];
/** The values of one sample, and those of all samples so far by their kind. */
type Values = Map<string, Raw>;
type Made = Map<string, Values[]>;

const FEW = 6;
const MANY = 12;

/** src/samples.js: made-up records to look around with. */
export function samplesOf(schema: DatabaseSchema): string {
  const ordered = inOrder(schema);
  const made: Made = new Map();
  const groups = ordered.map((entity) => Array.from({ length: countOf(entity) }, (_, index) => sampleOf(schema, entity, index, made)));
  const lines = groups.flat().map((sample) => `  ${indent(sample)},\n`);
  const features = featuresOf(schema);
  const rest = withFeatures(samplesJs, features);
  const helpers = helpersIn(lines.join(''));
  return `import { Problem } from './fields.js';
import { kindNamed, linksTo } from './records/index.js';
${helpers.length > 0 ? `${importLine(helpers, './values.js')}\n` : ''}
/** Made-up records to look around with. A link is the place of another sample in its kind, from 1. */
const samples = [
${lines.join('')}];
${rest}`;
}

/** What is linked to comes before what links there. */
function inOrder({ entities }: DatabaseSchema): Entity[] {
  const done: Entity[] = [];
  const visit = (entity: Entity, above: readonly string[]): void => {
    for (const field of entity.fields) {
      const target = entities.find((one) => one.name === field.target);
      if (target && !done.includes(target) && !above.includes(target.name)) visit(target, [...above, entity.name]);
    }
    if (!done.includes(entity)) done.push(entity);
  };
  for (const entity of entities) visit(entity, []);
  return done;
}

const countOf = (entity: Entity): number => (entity.fields.some((field) => field.type === 'reference') ? MANY : FEW);

function sampleOf(schema: DatabaseSchema, entity: Entity, index: number, made: Made): string {
  const steps = stepsOf(entity, index);
  const state = steps.at(-1);
  const values: Values = new Map();
  for (const field of entity.fields) if (field.name !== entity.lifecycle?.field) values.set(field.name, rawOf(schema, entity, field, index));
  if (entity.lifecycle && state !== undefined) values.set(entity.lifecycle.field, state);
  for (const rule of [...entity.rules, ...entity.rules]) keep(schema, entity, rule, values, index, made);
  made.set(entity.name, [...(made.get(entity.name) ?? []), new Map(values)]);
  if (entity.lifecycle) values.delete(entity.lifecycle.field);
  return object(
    [
      ['kind', quote(entity.name)],
      ...[...values]
        .filter(([, value]) => value !== null && !(Array.isArray(value) && value.length === 0))
        .map(([name, value]): [string, string] => [name, written(entity, name, value)]),
      ...(steps.length > 0 ? [['steps', array(steps.map(quote))] as const] : []),
    ],
    3,
    2,
  );
}

/** The way to one of the states, another one for each sample. */
function stepsOf(entity: Entity, index: number): string[] {
  const { lifecycle } = entity;
  if (!lifecycle) return [];
  const [first = ''] = entity.fields.find((field) => field.name === lifecycle.field)?.choices ?? [];
  const ways = new Map<string, string[]>([[first, []]]);
  for (const [state, way] of ways)
    for (const step of lifecycle.transitions) if (step.from === state && !ways.has(step.to)) ways.set(step.to, [...way, step.to]);
  return [...ways.values()][(index * 5 + 1) % ways.size] ?? [];
}

function rawOf(schema: Pick<DatabaseSchema, 'entities'>, entity: Entity, field: Field, index: number): Raw {
  const optional = !field.required && !entity.fields.every((one) => !one.required);
  if (optional && field.type !== 'boolean' && !field.unique && (index + entity.fields.indexOf(field)) % 3 === 1) return null;
  const places = schema.entities.filter((one) => one.name === field.target).map(countOf)[0] ?? 1;
  switch (field.type) {
    case 'text':
      return textFor(entity, field, index);
    case 'long_text':
      return sentence(index);
    case 'number':
    case 'integer':
    case 'money':
      return field.unique ? index + 1 : numberFor(field, index);
    case 'rating':
      return [4, 5, 3, 5, 2, 4][index % 6] ?? 4;
    case 'date': {
      const day = dayFor(entity, field, index);
      return DONE.test(field.label) && day > 0 && !field.required ? null : { day };
    }
    case 'datetime':
      return { day: dayFor(entity, field, index), time: timeAt(field, index) };
    case 'time':
      return timeAt(field, index);
    case 'email':
      return emailAt(index);
    case 'phone':
      return `+44 20 7946 0${100 + index * 13}`;
    case 'url':
    case 'file_link':
      return `https://example.org/${field.name.replaceAll('_', '-')}/${index + 1}`;
    case 'boolean':
      return index % 3 === 1;
    case 'choice':
      return field.choices[index % field.choices.length] ?? null;
    case 'reference':
      return placeAt(entity, field, index, places);
    case 'references':
      return [...new Set([(index % places) + 1, ((index + 2) % places) + 1])];
  }
}

/** Different links of one record lead to different places, and no two records link to the same two. */
function placeAt(entity: Entity, field: Field, index: number, places: number): number {
  const position = entity.fields.filter((one) => one.type === 'reference').indexOf(field);
  const place = position === 0 ? index : position === 1 ? index * 5 + Math.floor(index / places) + 1 : index * 7 + position;
  return (place % places) + 1;
}

const PAST = /\b(?:lent|loan|borrowed|ordered|order|issued|invoice|purchased?|paid|visited|visit|entry|worked|spent|joined|watered|reported)\b/i;
const DONE = /return|complet|paid|finish|deliver|closed|resolved|cancel/i;

/** Days around today; what has happened lies back, birthdays for years, and what ends lies after what begins. */
function dayFor(entity: Entity, field: Field, index: number): number {
  if (/birth|born/i.test(field.label)) return -9_000 - index * 811;
  if (/acquired|purchased|bought|joined|since|founded|hired/i.test(field.label)) return -30 - index * 47;
  const around = [-24, 3, -9, 12, 0, -3, 6, -16, 1, 20, -45, 9][index % 12] ?? 0;
  const base = entity.fields.some((one) => one.type === 'date' && PAST.test(one.label)) ? -Math.abs(around) - 1 : around;
  if (DONE.test(field.label)) return base + 1 + ((index * 5) % 9);
  if (/due|deadline/i.test(field.label)) return base + 14;
  return base + (isEnd(field) && field.type === 'date' ? 1 + (index % 3) : 0);
}

const isEnd = ({ label }: Field): boolean => /end|until|\bto\b|check.?out/i.test(label);

function timeAt(field: Field, index: number): string {
  const hour = 9 + ((index * 3) % 8) + (isEnd(field) ? 1 : 0);
  return `${String(hour).padStart(2, '0')}:${index % 2 === 0 ? '00' : '30'}`;
}

/** Brings the values in line with a rule, as far as that can be told from the record and those that it links to. */
function keep(schema: DatabaseSchema, entity: Entity, rule: Rule, values: Values, index: number, made: Made): void {
  if (rule.kind === 'compare') {
    leaveOpen(entity, rule.value, values);
    compare(rule, values, otherSide(schema, entity, rule.value, values, made));
  }
  if (rule.kind === 'no_overlap') {
    const [from, to] = [values.get(rule.from), values.get(rule.to)];
    if (from !== undefined && to !== undefined && to !== null && amount(to) <= amount(from ?? 0)) values.set(rule.to, plus(from ?? null, 1));
  }
  if (rule.kind !== 'required_when') return;
  const field = entity.fields.find((one) => one.name === rule.field);
  if (!field || field.required) return;
  const needed = rule.where.every((condition) => mayMeet(condition, values));
  if (!needed) values.set(field.name, null);
  else if (values.get(field.name) === null) values.set(field.name, filledIn(entity, field, index));
}

const NO_SCHEMA: Pick<DatabaseSchema, 'entities'> = { entities: [] };

/** The value of a field that may otherwise be left empty. */
const filledIn = (entity: Entity, field: Field, index: number): Raw =>
  field.type === 'long_text' ? sentence(index) : rawOf(NO_SCHEMA, { ...entity, fields: [] }, { ...field, required: true }, index);

const mayMeet = ({ field, operator, value }: Condition, values: Values): boolean => {
  const actual = values.get(field);
  if (operator === 'is') return actual === value || actual === (value === 'yes');
  return operator === 'is_not' ? actual !== value : true;
};

/** Which sample of its own kind one will link to is not known beforehand: where a rule looks into that one, it links to none. */
function leaveOpen(entity: Entity, value: number | string, values: Values): void {
  const field = typeof value === 'string' ? fieldNamed(entity, linkedParts(value)?.link ?? null) : undefined;
  if (field?.target === entity.name && !field.required) values.set(field.name, null);
}

/** What a field is compared with; undefined where it is not known before the app works it out. */
function otherSide(schema: DatabaseSchema, entity: Entity, value: number | string, values: Values, made: Made): Raw | undefined {
  if (typeof value === 'number') return value;
  if (value === 'today') return { day: 0 };
  const linked = linkedParts(value);
  if (!linked) return known(entity, value, values);
  const target = schema.entities.find((one) => one.name === fieldNamed(entity, linked.link)?.target);
  const there = made.get(target?.name ?? '')?.[Number(values.get(linked.link)) - 1];
  return target && there && known(target, linked.name, there);
}

const DAYS = { days: 1, weeks: 7, months: 30, years: 365 } as const;

/** A field of a sample, or a day that lies so many others after one of its fields. */
function known(entity: Entity, name: string, values: Values): Raw | undefined {
  const value = entity.values.find((one) => one.name === name);
  if (!value) return values.get(name);
  const from = value.kind === 'shift' ? (values.get(value.from) ?? null) : null;
  if (value.kind !== 'shift' || typeof value.amount !== 'number' || !isDay(from)) return undefined;
  return { day: from.day + (value.operator === 'plus' ? 1 : -1) * value.amount * DAYS[value.unit] };
}

function compare(rule: Extract<Rule, { kind: 'compare' }>, values: Values, other: Raw | undefined): void {
  const mine = values.get(rule.field);
  if (mine === null || mine === undefined || Array.isArray(mine)) return;
  if (other === null || other === undefined) return;
  const more = rule.operator === 'above' || rule.operator === 'at_least';
  const strict = rule.operator === 'above' || rule.operator === 'below';
  const distance = (amount(mine) - amount(other)) * (more ? 1 : -1);
  if (distance > 0 || (distance === 0 && !strict)) return;
  values.set(
    rule.field,
    rule.value === 'today' && isDay(mine) ? { ...mine, day: (Math.abs(mine.day) + 1) * (more ? 1 : -1) } : plus(other, more ? 1 : -1),
  );
}

const isDay = (value: Raw): value is Day => typeof value === 'object' && value !== null && 'day' in value;
const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
function amount(value: Raw): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string') return minutes(value);
  return isDay(value) ? value.day * 1_440 + (value.time === undefined ? 0 : minutes(value.time)) : 0;
}

/** A little later or more: a day, an hour, one. */
function plus(value: Raw, count: number): Raw {
  if (typeof value === 'number') return value + count;
  if (typeof value === 'string') return later(value, count);
  if (!isDay(value)) return value;
  return value.time === undefined ? { day: value.day + count } : { ...value, time: later(value.time, count) };
}
const later = (time: string, hours: number): string =>
  `${String(Math.min(23, Math.max(0, Number(time.slice(0, 2)) + hours))).padStart(2, '0')}${time.slice(2)}`;

function written(entity: Entity, name: string, value: Raw): string {
  const type = entity.fields.find((field) => field.name === name)?.type ?? 'text';
  if (Array.isArray(value)) return `[${value.join(', ')}]`;
  if (isDay(value)) {
    const day = `today(${value.day === 0 ? '' : value.day})`;
    return type === 'datetime' ? `\`\${${day}}T${value.time ?? '10:00'}\`` : day;
  }
  return typeof value === 'string' ? quote(value) : String(value);
}
