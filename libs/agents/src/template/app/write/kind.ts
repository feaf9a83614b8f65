import type { DatabaseSchema, Entity, Field, Rule } from '#contracts';
import { NUMERIC_TYPES } from '#contracts';
import { article, capital } from '../../language/words.js';
import { WIDTH, array, docComment, importLine, indent, object, quote } from './code.js';
import { valueImports } from './conditions.js';
import { helpersIn } from './helpers.js';
import { entityNamed, fieldNamed, namesOf, pascal, pathOf } from './names.js';
import { ruleFunction, rulesOf } from './rules.js';
import { valueFunction } from './values.js';

/** src/records/<name>.js: one kind of record with its fields, states, rules and values. */
export function kindJs(schema: DatabaseSchema, entity: Entity): string {
  const names = namesOf(entity);
  const imports = new Set<string>();
  const functions = [
    ...entity.rules.map((rule) => ruleFunction(schema, entity, rule, imports)),
    ...entity.values.map((value) => valueFunction(schema, entity, value, imports)),
  ];
  const kind = kindObject(schema, entity);
  const helpers = helpersIn([kind, ...functions].join('\n'));
  const lines = [...(helpers.length === 0 ? [] : [importLine(helpers, '../values.js')]), ...valueImports(schema, imports, './')];
  return [
    ...(lines.length === 0 ? [] : [lines.join('\n')]),
    typedef(schema, entity),
    `/** @type {import('./index.js').Kind} */\nexport const ${names.kind} = ${kind};`,
    ...functions,
    '',
  ]
    .join('\n\n')
    .replace(/\n\n$/, '\n');
}

function kindObject(schema: DatabaseSchema, entity: Entity): string {
  const names = namesOf(entity);
  const list = (rules: readonly Rule[]): string =>
    array(
      rules.map((rule) => names.rules.get(rule.name) ?? rule.name),
      12,
    );
  const { checks, conflicts, changeLocks, deleteLocks } = rulesOf(entity);
  const named = titleFields(entity).some((name) => ['text', 'email'].includes(fieldNamed(entity, name)?.type ?? ''));
  const order = entity.order ?? (named ? null : { field: 'id', descending: true });
  const entries: string[] = [
    `name: ${quote(entity.name)}`,
    `label: ${quote(entity.label)}`,
    `plural: ${quote(entity.label_plural)}`,
    `path: ${quote(pathOf(entity))}`,
    `title: ${array(titleFields(entity).map(quote), 9)}`,
    ...(order ? [`order: ${orderObject(order)}`] : []),
    `fields: ${lines(entity.fields.map((field) => fieldObject(schema, field)))}`,
    ...(entity.defaults.length > 0 ? [`defaults: ${defaultsObject(entity)}`] : []),
    ...(entity.lifecycle ? [`states: ${statesObject(entity.lifecycle)}`] : []),
    ...(checks.length > 0 ? [`checks: ${list(checks)}`] : []),
    ...(conflicts.length > 0 ? [`conflicts: ${list(conflicts)}`] : []),
    ...(changeLocks.length + deleteLocks.length > 0
      ? [
          `locks: ${object(
            [
              ['change', list(changeLocks)],
              ['delete', list(deleteLocks)],
            ],
            9,
          )}`,
        ]
      : []),
    ...(entity.values.length > 0
      ? [
          `values: ${lines(
            entity.values.map((value) =>
              object(
                [
                  ['name', quote(value.name)],
                  ['label', quote(value.label)],
                  ['type', quote(value.type)],
                  ['workOut', names.values.get(value.name) ?? value.name],
                ],
                5,
                4,
              ),
            ),
          )}`,
        ]
      : []),
  ];
  return `{\n${entries.map((entry) => `  ${indent(entry)},\n`).join('')}}`;
}

/** One item per line; a single one that fits stays beside its brackets. */
const lines = (items: readonly string[], used = 12): string =>
  items.length === 1 && !items[0]?.includes('\n') && used + (items[0]?.length ?? 0) <= WIDTH
    ? `[${items.join('')}]`
    : `[\n${items.map((item) => `  ${indent(item)},\n`).join('')}]`;

const orderObject = ({ field, descending }: { field: string; descending: boolean }): string =>
  object([
    ['field', quote(field)],
    ['descending', String(descending)],
  ]);

function fieldObject(schema: DatabaseSchema, field: Field): string {
  const target = entityNamed(schema, field.target);
  return object(
    [
      ['name', quote(field.name)],
      ['label', quote(field.label)],
      ['type', quote(field.type)],
      ...(target ? [['target', quote(target.name)] as const] : []),
      ...(field.choices.length > 0 ? [['choices', array(field.choices.map(quote), 12)] as const] : []),
      ...(field.required ? [['required', 'true'] as const] : []),
      ...(field.unique ? [['unique', 'true'] as const] : []),
    ],
    5,
    4,
  );
}

function statesObject(lifecycle: NonNullable<Entity['lifecycle']>): string {
  const steps = lifecycle.transitions.map((step) =>
    object(
      [['from', quote(step.from)], ['to', quote(step.to)], ...(step.roles.length > 0 ? [['roles', array(step.roles.map(quote))] as const] : [])],
      7,
    ),
  );
  return `{\n  field: ${quote(lifecycle.field)},\n  steps: ${indent(lines(steps))},\n}`;
}

/** What a record begins with: a value, or a function of the values that were given. What is built on comes first. */
function defaultsObject(entity: Entity): string {
  const record = namesOf(entity).record;
  const depth = (name: string, seen: readonly string[] = []): number => {
    const base = entity.defaults.find((one) => one.field === name)?.value ?? '';
    return fieldNamed(entity, base) && !seen.includes(base) ? 1 + depth(base, [...seen, base]) : 0;
  };
  const sorted = [...entity.defaults].sort((a, b) => depth(a.field) - depth(b.field));
  const entries = sorted.map(({ field: name, value, days }): [string, string] => {
    const type = fieldNamed(entity, name)?.type ?? 'text';
    if (type === 'date' || type === 'datetime') return [name, dayDefault(record, type, value, days)];
    if (type === 'boolean') return [name, String(value === 'yes' || value === 'true')];
    return [name, NUMERIC_TYPES.includes(type) ? String(Number(value)) : quote(value)];
  });
  return object(entries, 12);
}

function dayDefault(record: string, type: 'date' | 'datetime', value: string, days: number): string {
  if (value === 'today') return `() => ${type === 'date' ? 'today' : 'now'}(${days === 0 ? '' : days})`;
  return type === 'date'
    ? `(${record}) => daysAfter(${record}.${value}, ${days})`
    : `(${record}) => \`\${daysAfter(${record}.${value}, ${days})}T\${${record}.${value}.slice(11) || '09:00'}\``;
}

/** The fields that tell one record from another: its names, otherwise what it links to and when. */
export function titleFields(entity: Entity): string[] {
  const linked = entity.fields.filter((field) => ['reference', 'date', 'datetime'].includes(field.type));
  const named = entity.fields.filter((field) => field.type === 'text' && (field.required || !linked.some((one) => one.type === 'reference')));
  const parts = ['first', 'last'].map((part) => named.find((field) => new RegExp(`^${part}[ _]?name$`, 'i').test(field.label)));
  if (parts.every(Boolean)) return parts.map((field) => field?.name ?? '');
  const [best] = [...named.filter((field) => /^(?:full )?(?:name|title)$/i.test(field.label)), ...named];
  if (best) return [best.name];
  const email = entity.fields.find((field) => field.type === 'email' && field.required);
  if (email) return [email.name];
  return [...linked.filter((one) => one.type === 'reference'), ...linked.filter((one) => one.type !== 'reference')]
    .slice(0, 2)
    .map((field) => field.name);
}

const JS_TYPES: Partial<Record<Field['type'], string>> = {
  number: 'number',
  integer: 'number',
  money: 'number',
  rating: 'number',
  boolean: 'boolean',
  reference: 'number',
  references: 'number[]',
};

function typedef(schema: DatabaseSchema, entity: Entity): string {
  const type = (field: Field): string => {
    const known = JS_TYPES[field.type] ?? 'string';
    return field.required || field.type === 'boolean' || field.type === 'references' ? known : `${known} | null`;
  };
  const hint = (field: Field): string => {
    const target = entityNamed(schema, field.target);
    if (target) return `, the number of ${field.type === 'reference' ? article(target.label) : target.label_plural}`;
    const format = { date: 'year-month-day', time: 'hours:minutes', datetime: 'year-month-dayThours:minutes' }[field.type as 'date'];
    return field.choices.length > 0 ? `: ${field.choices.join(', ')}` : format ? `, ${format}` : '';
  };
  const rows = entity.fields.map((field) =>
    ` * @property {${type(field)}} ${field.name} ${`${field.label}${hint(field)}`.replace(/\*\//g, '* /')}`.slice(0, 160),
  );
  return `/**\n * @typedef {object} ${pascal(entity.name)} ${docComment(capital(article(entity.label))).slice(4, -3)}\n * @property {number} id\n${rows.join('\n')}\n */`;
}
