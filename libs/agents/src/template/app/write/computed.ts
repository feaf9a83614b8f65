import type { Computed, DatabaseSchema, Entity } from '#contracts';
import { addressOf } from '#contracts';
import { conjunction, docComment, importLine, indent, object, quote } from './code.js';
import { holds, read } from './conditions.js';
import type { Scope } from './conditions.js';
import { helpersIn } from './helpers.js';
import { camel, entityNamed, fieldNamed, namesOf } from './names.js';
import { computedSentence } from './words.js';

type List = Extract<Computed, { kind: 'list' }>;
type Total = Exclude<Computed, { kind: 'list' }>;

const moduleText = (parts: readonly string[]): string => {
  const helpers = helpersIn(parts.join('\n'));
  return `${[...(helpers.length === 0 ? [] : [importLine(helpers, './values.js')]), ...parts].join('\n\n')}\n`;
};

const functionName = (computed: Computed, ending: string): string => `${camel(computed.name)}${ending}`;

/** src/lists.js: lists that show the records that meet conditions. */
export function listsJs(schema: DatabaseSchema): string {
  const lists = schema.computed.filter((one): one is List => one.kind === 'list');
  const entries = lists.map((list) => {
    return object(
      [
        ['label', quote(list.label)],
        ['path', quote(addressOf(list.label))],
        ['kind', quote(list.entity)],
        ['about', quote(computedSentence(schema, list))],
        ['shows', functionName(list, 'Shows')],
        ...(list.order
          ? [
              [
                'order',
                object([
                  ['field', quote(list.order.field)],
                  ['descending', String(list.order.descending)],
                ]),
              ] as const,
            ]
          : []),
        ...(list.limit === null ? [] : [['limit', String(list.limit)] as const]),
      ],
      3,
      2,
    );
  });
  const predicates = lists.flatMap((list) => {
    const entity = entityNamed(schema, list.entity);
    return entity ? [predicate(schema, entity, list, functionName(list, 'Shows'))] : [];
  });
  return moduleText([
    `/**\n * @typedef {object} List A list that is worked out.\n * @property {string} label\n * @property {string} path its address is /lists/<path>\n * @property {string} kind whose records it shows\n * @property {string} about what it shows, in a sentence\n * @property {(record: object) => boolean} shows\n * @property {{ field: string, descending: boolean }} [order]\n * @property {number} [limit] how many records it shows at most\n */`,
    ...predicates,
    `/** @type {List[]} */\nexport const lists = [\n${entries.map((entry) => `  ${indent(entry)},\n`).join('')}];`,
  ]);
}

function predicate(schema: DatabaseSchema, entity: Entity, computed: List, name: string): string {
  const record = namesOf(entity).record;
  const terms = holds({ schema, entity, record, home: null, imports: new Set() }, computed.conditions);
  if (terms.length === 0) return `const ${name} = () => true;`;
  return `${docComment(computedSentence(schema, computed))}\n${conjunction(`const ${name} = (${record}) =>`, terms, 2)}`;
}

/** src/totals.js: counts, sums and averages. */
export function totalsJs(schema: DatabaseSchema): string {
  const totals = schema.computed.filter((one): one is Total => one.kind !== 'list');
  const entries = totals.map((total) => totalObject(schema, total));
  return moduleText([
    `/**\n * @typedef {object} Total A count, a sum or an average.\n * @property {string} label\n * @property {string} path its address is /totals/<path>\n * @property {string} kind over whose records it is\n * @property {string} about what it says, in a sentence\n * @property {string} [by] the field that the records are grouped by\n * @property {'day' | 'week' | 'month' | 'year'} [period] how days are put together\n * @property {string} type of the numbers\n * @property {(records: object) => { key: any, value: number | null }[]} rows the number of each group; the key of those without one is null\n */`,
    `/** @type {Total[]} */\nexport const totals = [\n${entries.map((entry) => `  ${indent(entry)},\n`).join('')}];`,
    ...totals.map((total) => totalFunction(schema, total)),
  ]);
}

function totalObject(schema: DatabaseSchema, total: Total): string {
  return object(
    [
      ['label', quote(total.label)],
      ['path', quote(addressOf(total.label))],
      ['kind', quote(total.entity)],
      ['about', quote(computedSentence(schema, total))],
      ...(total.by === null ? [] : [['by', quote(total.by)] as const]),
      ...(total.period === null ? [] : [['period', quote(total.period)] as const]),
      ['type', quote(typeOf(schema, total))],
      ['rows', functionName(total, 'Rows')],
    ],
    3,
    2,
  );
}

function typeOf(schema: DatabaseSchema, total: Total): string {
  if (total.kind === 'count') return 'integer';
  const entity = entityNamed(schema, total.entity);
  const type = fieldNamed(entity as Entity, total.field)?.type ?? entity?.values.find((one) => one.name === total.field)?.type ?? 'number';
  return type === 'money' ? 'money' : 'number';
}

function totalFunction(schema: DatabaseSchema, total: Total): string {
  const entity = entityNamed(schema, total.entity);
  if (!entity) return '';
  const record = namesOf(entity).record;
  const scope: Scope = { schema, entity, record, home: null, imports: new Set() };
  const terms = holds(scope, total.conditions);
  const lines: string[] = [];
  if (terms.length > 0) lines.push(conjunction(`  const counts = (${record}) =>`, terms, 4));
  const counted = `records.all(${quote(entity.name)})${terms.length > 0 ? '.filter(counts)' : ''}`;
  const numberOf = total.kind === 'count' ? '' : `(${record}) => ${read(scope, total.field)}`;
  const worth = (members: string): string => (total.kind === 'count' ? `${members}.length` : `${total.kind}(${members}.map(numberOf))`);
  if (total.kind !== 'count') lines.push(`  const numberOf = ${numberOf};`);
  const by = fieldNamed(entity, total.by);
  if (!by) lines.push(`  return [{ key: null, value: ${worth(counted)} }];`);
  else {
    const period = { day: 'dayOf', week: 'weekOf', month: 'monthOf', year: 'yearOf' }[total.period ?? 'day'];
    const key = total.period === null ? `${record}.${by.name}` : `${period}(${record}.${by.name})`;
    const known =
      by.type === 'reference'
        ? `records.all(${quote(by.target ?? '')}).map(({ id }) => id)`
        : by.type === 'choice'
          ? `[${by.choices.map(quote).join(', ')}]`
          : by.type === 'boolean'
            ? '[true, false]'
            : '';
    if (known !== '') lines.push(knownLine(known, by.choices));
    const groups = `groupBy(${counted}, (${record}) => ${key}${known === '' ? '' : ', known'})`;
    lines.push(`  const groups = ${known === '' ? `inOrder(${groups})` : groups};`);
    lines.push(`  return groups.map(([key, members]) => ({ key, value: ${worth('members')} }));`);
  }
  return `${docComment(computedSentence(schema, total))}\nfunction ${functionName(total, 'Rows')}(records) {\n${lines.join('\n')}\n}`;
}

function knownLine(known: string, choices: readonly string[]): string {
  const line = `  const known = ${known};`;
  return line.length <= 120 ? line : `  const known = [\n${choices.map((choice) => `    ${quote(choice)},\n`).join('')}  ];`;
}
