import { source } from '../source.js';

/** src/query.js: search, filters, order and pages. */
export const queryJs = source`import { Problem } from './fields.js';
import { fieldOf } from './records/index.js';

const RANGED = ['number', 'integer', 'money', 'rating', 'date', 'datetime', 'time'];
const KNOWN = ['q', 'sort', 'page', 'page_size', '_done'];
const MAX_PAGE_SIZE = 200;
const ALWAYS = ['id', 'created_at', 'updated_at'];

/**
 * What an address asks of a list: \`?q=words&status=open&due_date_from=2030-01-01&sort=-due_date&page=2\`.
 * A name in front of \`_from\` and \`_to\` is a field with an order. Unknown names are refused.
 */
export function readQuery(kind, search, pageSize) {
  const filters = [];
  const errors = {};
  for (const [name, value] of search) {
    if (value === '' || KNOWN.includes(name)) continue;
    const field = fieldOf(kind, name);
    const [, base, end] = /^(.+)_(from|to)$/.exec(name) ?? [];
    const ranged = field ? undefined : fieldOf(kind, base);
    if (field) filters.push({ field, value });
    else if (ranged && RANGED.includes(ranged.type)) filters.push({ field: ranged, value, end });
    else errors[name] = \`There is nothing called \${name} to filter \${kind.plural} by.\`;
  }
  const sort = readSort(kind, search.get('sort'));
  if (sort === undefined)
    errors.sort = \`Sort by one of: \${sortable(kind).join(', ')}; with a minus sign for the other way round.\`;
  if (Object.keys(errors).length > 0) throw new Problem(400, Object.values(errors)[0], errors);
  const words = (search.get('q') ?? '').slice(0, 200).toLowerCase().split(/\s+/).filter(Boolean);
  const size = Math.min(wholeNumber(search, 'page_size', pageSize), MAX_PAGE_SIZE);
  return { words, filters, sort, page: wholeNumber(search, 'page', 1), size };
}

const sortable = (kind) => [...kind.fields, ...(kind.values ?? [])].map(({ name }) => name).concat(ALWAYS);

/** The order that was asked for; null for the usual one, undefined where there is no such field. */
function readSort(kind, text) {
  if (text === null || text === '') return null;
  const sort = { field: text.replace(/^-/, ''), descending: text.startsWith('-') };
  return sortable(kind).includes(sort.field) ? sort : undefined;
}

function wholeNumber(search, name, otherwise) {
  const text = search.get(name);
  if (text === null) return otherwise;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Problem(400, \`\${name} must be a whole number from 1.\`);
  return Number(text);
}

/** Whether a record meets every filter and holds every word; \`text\` shows a field's value. */
export function matches(kind, record, { words, filters }, text) {
  if (!filters.every((filter) => meets(record, filter))) return false;
  if (words.length === 0) return true;
  const content = kind.fields
    .map((field) => \`\${text(field, record[field.name])} \${field.target ? '' : record[field.name]}\`)
    .join(' ')
    .toLowerCase();
  return words.every((word) => content.includes(word));
}

function meets(record, { field, value, end }) {
  const actual = record[field.name] ?? null;
  if (field.type === 'boolean') return actual === ['true', 'yes', '1'].includes(value);
  if (field.type === 'references') return actual.map(String).includes(value);
  if (actual === null) return false;
  const comparable = typeof actual === 'number' ? Number(value) : value;
  if (end === 'from') return actual >= comparable;
  if (end === 'to') return typeof actual === 'number' ? actual <= comparable : actual.slice(0, value.length) <= value;
  return typeof actual === 'number' ? actual === comparable : actual.toLowerCase() === value.toLowerCase();
}

/** Records in the order of a field, the empty ones last; by the kind's own order, otherwise by title, where none is given. */
export function orderBy(kind, records, sort, { title, text }) {
  const { field: name, descending } = sort ?? kind.order ?? {};
  const field = fieldOf(kind, name);
  const keyOf = (record) => {
    if (!name) return title(kind, record);
    return field?.target ? text(field, record[name]) || null : (record[name] ?? null);
  };
  const sign = descending ? -1 : 1;
  return records
    .map((record) => ({ record, key: keyOf(record) }))
    .sort((a, b) => {
      if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.record.id - b.record.id;
      return sign * compare(a.key, b.key) || sign * (a.record.id - b.record.id);
    })
    .map(({ record }) => record);
}

function compare(a, b) {
  if (typeof a === 'string' && typeof b === 'string') return a.localeCompare(b, 'en', { numeric: true });
  return a - b;
}

/** One page of what was found; a page that is too high is the last one. */
export function pageOf(found, { page, size }) {
  const pages = Math.max(1, Math.ceil(found.length / size));
  const shown = Math.min(page, pages);
  return { items: found.slice((shown - 1) * size, shown * size), total: found.length, page: shown, pages, found };
}
`;
