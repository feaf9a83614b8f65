import { source } from './source.js';

/** src/computed.js: lists and totals. */
export const computedJs = source`import { entityNamed, fieldOf } from './schema.js';

/** Today as year-month-day, in the local time of the computer that runs the app. */
export function today(offsetDays = 0) {
  const date = new Date();
  date.setDate(date.getDate() + offsetDays);
  const two = (number) => String(number).padStart(2, '0');
  return \`\${date.getFullYear()}-\${two(date.getMonth() + 1)}-\${two(date.getDate())}\`;
}

/** The records of a computed list: those for which every condition holds. */
export function listRecords(list, records) {
  const entity = entityNamed(list.entity);
  return records.all(entity).filter((record) => list.conditions.every((condition) => holds(condition, entity, record)));
}

function holds({ field: name, operator, value }, entity, record) {
  const actual = record[name] ?? null;
  const day = typeof actual === 'string' ? actual.slice(0, 10) : null;
  switch (operator) {
    case 'is_empty':
      return isEmpty(actual);
    case 'is_not_empty':
      return !isEmpty(actual);
    case 'is':
      return asText(actual) === value;
    case 'is_not':
      return asText(actual) !== value;
    case 'before_today':
      return day !== null && day < today();
    case 'today_or_later':
      return day !== null && day >= today();
    case 'within_days':
      return day !== null && day >= today() && day <= today(Number(value));
    case 'below':
    case 'above': {
      const limit = fieldOf(entity, value) ? record[value] : Number(value);
      if (actual === null || limit === null) return false;
      return operator === 'below' ? actual < limit : actual > limit;
    }
    default:
      throw new Error(\`app.schema.json: "\${operator}" is not an operator that this app knows.\`);
  }
}

const isEmpty = (value) => value === null || (Array.isArray(value) && value.length === 0);
const asText = (value) => (value === true ? 'yes' : value === false ? 'no' : value === null ? '' : String(value));

/**
 * A total: one row \`{ key, value }\` for all records, or one per value of the field it is grouped by.
 * The key is a record's id where that field is a link, and null for records that leave it empty.
 */
export function totalRows(total, records) {
  const entity = entityNamed(total.entity);
  const by = total.by === null ? null : fieldOf(entity, total.by);
  const groups = new Map();
  if (by === null) groups.set(null, []);
  else if (by.type === 'reference')
    for (const target of records.options(entityNamed(by.target))) groups.set(target.id, []);
  else for (const choice of by.choices) groups.set(choice, []);
  for (const record of records.all(entity)) {
    const key = by === null ? null : record[by.name];
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(record);
  }
  return [...groups].map(([key, members]) => ({ key, value: totalOf(total, members) }));
}

function totalOf(total, members) {
  if (total.kind === 'count') return members.length;
  const numbers = members
    .map((record) => record[total.field])
    .filter((number) => number !== null && number !== undefined);
  const sum = round(numbers.reduce((result, number) => result + number, 0));
  if (total.kind === 'sum') return sum;
  return numbers.length === 0 ? null : round(sum / numbers.length, 2);
}

/** Keeps 0.1 + 0.2 at 0.3. */
const round = (number, digits = 6) => Math.round(number * 10 ** digits) / 10 ** digits;

/** A total's value as people read it. */
export function showTotal(total, value) {
  if (value === null) return '–';
  const field = total.kind === 'count' ? null : fieldOf(entityNamed(total.entity), total.field);
  return field?.type === 'money' ? value.toFixed(2) : String(value);
}
`;
