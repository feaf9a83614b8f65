import type { Computed, Condition, DatabaseSchema, Entity, Field } from '#contracts';
import { addressOf } from '#contracts';
import { addFn, quote, sampleValue } from './samples.js';

/** The body of the test of a computed list or total; null where no example can be made. */
export function computedTestBody(schema: DatabaseSchema, computed: Computed): string[] | null {
  const entity = schema.entities.find((one) => one.name === computed.entity);
  if (!entity) return null;
  return computed.kind === 'list' ? listBody(schema, entity, computed) : totalBody(schema, entity, computed);
}

/** One record that meets every condition, and per condition one that misses only that. */
function listBody(schema: DatabaseSchema, entity: Entity, list: Extract<Computed, { kind: 'list' }>): string[] | null {
  const cases = list.conditions.map((condition) => examples(schema, entity, condition));
  const names = list.conditions
    .flatMap((condition) => [condition.field, condition.value ?? ''])
    .filter((name) => entity.fields.some((field) => field.name === name));
  if (cases.some((one) => one === null) || new Set(names).size < names.length) return null;
  if (names.length > 1 && entity.fields.some((field) => field.unique && names.includes(field.name))) return null;
  const known = cases.filter((one) => one !== null);
  const meets = known.flatMap((one) => one.meets);
  const misses = known.map((one, index) => known.flatMap((other, at) => (at === index ? one.misses : other.meets)));
  return [
    `const shown = await ${addFn(entity)}(app, ${record(meets)});`,
    ...misses.map((values) => `await ${addFn(entity)}(app, ${record(values)});`),
    `const { items } = (await app.api('GET', ${quote(`/api/lists/${addressOf(list.label)}`)})).json;`,
    'assert.deepEqual(items.map(({ id }) => id), [shown.id]);',
    `assert.equal((await app.page(${quote(`/lists/${addressOf(list.label)}`)})).status, 200);`,
  ];
}

const record = (values: readonly string[]): string => `{ ${values.join(', ')} }`;

interface Examples {
  readonly meets: readonly string[];
  readonly misses: readonly string[];
}

function examples(schema: DatabaseSchema, entity: Entity, { field: name, operator, value }: Condition): Examples | null {
  const field = entity.fields.find((one) => one.name === name);
  if (!field) return null;
  const make = (meets: string | null, misses: string | null): Examples | null =>
    meets === null || misses === null ? null : { meets: [`${name}: ${meets}`], misses: [`${name}: ${misses}`] };
  const empty = field.required || field.type === 'boolean' ? null : field.type === 'references' ? '[]' : 'null';
  const on = (offset: number): string => (field.type === 'datetime' ? `\`\${day(${offset})}T12:00\`` : `day(${offset})`);
  switch (operator) {
    case 'is_empty':
      return make(empty, sampleValue(schema, field));
    case 'is_not_empty':
      return make(sampleValue(schema, field), empty);
    case 'is':
      return make(literal(field, value), other(field, value));
    case 'is_not':
      return make(other(field, value), literal(field, value));
    case 'before_today':
      return make(on(-1), on(0));
    case 'today_or_later':
      return make(on(0), on(-1));
    case 'within_days':
      return make(on(Number(value)), on(Number(value) + 1));
    default:
      return comparison(entity, field, operator, value ?? '', make);
  }
}

function comparison(
  entity: Entity,
  field: Field,
  operator: 'below' | 'above',
  value: string,
  make: (meets: string, misses: string) => Examples | null,
): Examples | null {
  const limit = entity.fields.find((one) => one.name === value);
  if (limit) {
    const meets = operator === 'below' ? 2 : 4;
    return { meets: [`${field.name}: ${meets}`, `${limit.name}: 3`], misses: [`${field.name}: 3`, `${limit.name}: 3`] };
  }
  const number = Number(value);
  const meets = operator === 'below' ? number - 1 : number + 1;
  const whole = Number.isInteger(number) || !['integer', 'rating'].includes(field.type);
  const inRange = field.type !== 'rating' || [meets, number].every((one) => one >= 1 && one <= 5);
  return whole && inRange ? make(String(meets), String(number)) : null;
}

function literal(field: Field, value: string | null): string | null {
  if (value === null) return null;
  if (field.type === 'boolean') return value === 'yes' ? 'true' : 'false';
  if (field.type === 'choice' || field.type === 'text') return quote(value);
  return ['number', 'integer', 'money', 'rating'].includes(field.type) && value !== '' && Number.isFinite(Number(value)) ? value : null;
}

function other(field: Field, value: string | null): string | null {
  if (field.type === 'boolean') return value === 'yes' ? 'false' : 'true';
  if (field.type === 'choice') {
    const another = field.choices.find((choice) => choice !== value);
    return another !== undefined ? quote(another) : field.required ? null : 'null';
  }
  if (field.type === 'text') return quote(`not ${value ?? ''}`);
  return field.type === 'rating' ? (value === '1' ? '2' : '1') : String(Number(value) + 1);
}

/** Two records in one group and none in another, with totals that were worked out by hand. */
function totalBody(schema: DatabaseSchema, entity: Entity, total: Exclude<Computed, { kind: 'list' }>): string[] | null {
  const by = total.by === null ? null : entity.fields.find((field) => field.name === total.by);
  const number = total.kind === 'count' ? null : total.field;
  const [expected, none] = { count: ['2', '0'], sum: ['6', '0'], average: ['3', 'null'] }[total.kind] as [string, string];
  const target = by ? schema.entities.find((one) => one.name === by.target) : undefined;
  const values = (amount: number): string => {
    const parts = [...(number ? [`${number}: ${amount}`] : []), ...(by ? [`${by.name}: ${by.type === 'reference' ? 'first.id' : 'first'}`] : [])];
    return parts.length > 0 ? `, ${record(parts)}` : '';
  };
  const rows = `const { items } = (await app.api('GET', ${quote(`/api/totals/${addressOf(total.label)}`)})).json;`;
  const added = [`await ${addFn(entity)}(app${values(2)});`, `await ${addFn(entity)}(app${values(4)});`];
  const shown = `assert.ok((await app.page('/')).text.includes(${quote(htmlText(total.label))}));`;
  if (!by) return [...added, rows, `assert.deepEqual(items, [{ key: null, value: ${expected} }]);`, shown];
  if (by.unique) return null;
  const value = 'const value = (key) => items.find((row) => row.key === key)?.value;';
  if (by.type === 'reference' && target) {
    const groups = [`const first = await ${addFn(target)}(app);`, `const second = await ${addFn(target)}(app);`];
    return [...groups, ...added, rows, value, `assert.equal(value(first.id), ${expected});`, `assert.equal(value(second.id), ${none});`, shown];
  }
  if (by.type === 'choice') {
    const second = by.choices[1] === undefined ? [] : [`assert.equal(value(${quote(by.choices[1])}), ${none});`];
    return [`const first = ${quote(by.choices[0] ?? '')};`, ...added, rows, value, `assert.equal(value(first), ${expected});`, ...second, shown];
  }
  const another = `await ${addFn(entity)}(app, { ${by.name}: 'Second'${number ? `, ${number}: 5` : ''} });`;
  return [
    "const first = 'First';",
    ...added,
    another,
    rows,
    value,
    `assert.equal(value(first), ${expected});`,
    `assert.equal(value('Second'), ${number ? '5' : '1'});`,
    shown,
  ];
}

const htmlText = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;').replace(/'/g, '&#39;');
