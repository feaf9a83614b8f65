import { source } from '../source.js';

/** src/show.js: values and records as people read them. */
export const showJs = source`import { capital } from './fields.js';
import { fieldOf, kindNamed } from './records/index.js';

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const AMOUNT = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const NUMBER = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 6, useGrouping: false });

/** A value as text; \`records\` is asked for the records that it links to. */
export function valueAsText(field, value, records) {
  if (value === null || value === undefined) return '';
  if (field.type === 'reference') return linkTitle(field, value, records);
  if (field.type === 'references') return value.map((id) => linkTitle(field, id, records)).join(', ');
  if (field.type === 'boolean') return value ? 'Yes' : 'No';
  if (field.type === 'money') return AMOUNT.format(value);
  if (field.type === 'number' || field.type === 'integer') return NUMBER.format(value);
  if (field.type === 'rating') return \`\${value} of 5\`;
  if (field.type === 'date') return dayAsText(value);
  if (field.type === 'datetime') return \`\${dayAsText(value)}, \${value.slice(11, 16)}\`;
  return String(value);
}

/** A day such as 2030-01-31 as 31 Jan 2030. */
export const dayAsText = (day) => DAY.format(new Date(\`\${day.slice(0, 10)}T00:00:00Z\`));

/** A record's short name; \`without\` is a field that goes without saying. */
export function titleOf(kind, record, records, { without = null, depth = 0 } = {}) {
  const parts = kind.title
    .filter((name) => name !== without)
    .map((name) => fieldOf(kind, name))
    .filter((field) => !field.target || depth < 3)
    .map((field) =>
      field.target ? linkTitle(field, record[field.name], records, depth + 1) : valueAsText(field, record[field.name]),
    )
    .filter((part) => part !== '');
  const separator = kind.title.every((name) => fieldOf(kind, name).type === 'text') ? ' ' : ' · ';
  return parts.join(separator) || \`\${capital(kind.label)} \${record.id}\`;
}

function linkTitle(field, id, records, depth = 0) {
  const kind = kindNamed(field.target);
  const record = records.get(kind.name, id);
  return record ? titleOf(kind, record, records, { depth }) : '';
}
`;
