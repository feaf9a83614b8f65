import { source } from '../source.js';

/** src/fields.js: values of forms, JSON bodies and CSV files. */
export const fieldsJs = source`import { kindNamed } from './records/index.js';

const MAX_TEXT = 200;
const MAX_LONG_TEXT = 10_000;

export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Raised where a request cannot be carried out; \`errors\` holds one message per field. */
export class Problem extends Error {
  constructor(status, message, errors = {}) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/**
 * Turns what was sent into the values of a record: strings from a form or a CSV file, anything from a JSON body.
 * Answers the values and, per field, what is wrong with it. \`isLinkable(field, id)\` says which records may be linked to.
 */
export function readValues(kind, input, isLinkable) {
  const values = {};
  const errors = {};
  for (const field of kind.fields) {
    const { value, error } = readValue(field, input[field.name], isLinkable);
    values[field.name] = value;
    const empty = value === null || (Array.isArray(value) && value.length === 0);
    if (error) errors[field.name] = error;
    else if (field.required && empty) errors[field.name] = \`\${capital(field.label)} is required.\`;
  }
  return { values, errors };
}

function readValue(field, raw, isLinkable) {
  if (field.type === 'boolean') return readBoolean(raw);
  if (field.type === 'references') return readLinks(field, raw, isLinkable);
  if (raw === undefined || raw === null) return { value: null };
  if (typeof raw !== 'string' && typeof raw !== 'number') return wrong('This must be a single value.');
  const text = String(raw).trim();
  if (text === '') return { value: null };
  return readers[field.type](text, field, isLinkable);
}

//#if defaults
/** Input together with what a record of this kind begins with where nothing was given. */
export function withDefaults(kind, input) {
  const values = { ...input };
  for (const [name, first] of Object.entries(kind.defaults ?? {}))
    if ((values[name] ?? '') === '') values[name] = typeof first === 'function' ? first(values) : first;
  return values;
}

//#endif
const wrong = (error) => ({ value: null, error });
const limited = (max) => (text) => (text.length > max ? wrong(\`Use at most \${max} characters.\`) : { value: text });
const webAddress = (text) =>
  isWebAddress(text) ? { value: text } : wrong('Enter a web address that begins with https:// or http://.');

const readers = {
  text: limited(MAX_TEXT),
  long_text: limited(MAX_LONG_TEXT),
  number: (text) => (isNumber(text) ? { value: Number(text) } : wrong('Enter a number, such as 2.5.')),
  integer: (text) =>
    /^[+-]?\d{1,15}$/.test(text) ? { value: Number(text) } : wrong('Enter a whole number, such as 12.'),
  money: (text) =>
    /^[+-]?\d{1,12}([.]\d{1,2})?$/.test(text) ? { value: Number(text) } : wrong('Enter an amount, such as 12.50.'),
  date: (text) => (isDate(text) ? { value: text } : wrong('Enter a date as year-month-day, such as 2030-01-31.')),
  time: (text) => (isTime(text) ? { value: text } : wrong('Enter a time, such as 14:30.')),
  datetime: (text) => {
    const [date, time, ...rest] = text.split('T');
    const good = rest.length === 0 && isDate(date) && isTime(time ?? '');
    return good ? { value: text } : wrong('Enter a date and a time, such as 2030-01-31T14:30.');
  },
  email: (text) =>
    /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/.test(text) && text.length <= MAX_TEXT
      ? { value: text }
      : wrong('Enter an e-mail address, such as name@example.org.'),
  phone: (text) =>
    /^\+?[\d\s()./-]{3,30}$/.test(text) && /\d{3}/.test(text.replace(/\D/g, ''))
      ? { value: text }
      : wrong('Enter a phone number, such as +44 20 7946 0123.'),
  url: webAddress,
  file_link: webAddress,
  choice: (text, field) =>
    field.choices.includes(text) ? { value: text } : wrong(\`Choose one of: \${field.choices.join(', ')}.\`),
  rating: (text) => (/^[1-5]$/.test(text) ? { value: Number(text) } : wrong('Choose a rating from 1 to 5.')),
  reference: (text, field, isLinkable) =>
    /^\d{1,15}$/.test(text) && isLinkable(field, Number(text))
      ? { value: Number(text) }
      : wrong(\`Choose one of the \${kindNamed(field.target).plural}.\`),
};

/** Of a form that says no and, where the box is ticked, yes, the last word counts. */ //@defaults
function readBoolean(given) { //@defaults
  const raw = Array.isArray(given) ? given.at(-1) : given; //@defaults
function readBoolean(raw) { //@!defaults
  if (raw === undefined || raw === null || raw === false || raw === '') return { value: false };
  const text = String(raw).trim().toLowerCase();
  if (['true', 'yes', 'on', '1'].includes(text)) return { value: true };
  return ['false', 'no', 'off', '0'].includes(text) ? { value: false } : wrong('This must be yes or no.');
}

function readLinks(field, raw, isLinkable) {
  const ids = raw === undefined || raw === null || raw === '' ? [] : [raw].flat();
  const values = [...new Set(ids.map(Number))];
  if (values.every((id) => isLinkable(field, id))) return { value: values };
  return wrong(\`Choose among the \${kindNamed(field.target).plural}.\`);
}

const isNumber = (text) => /^[+-]?\d{1,15}([.]\d{1,9})?$/.test(text);
const isTime = (text) => /^([01]\d|2[0-3]):[0-5]\d$/.test(text);

function isDate(text) {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(\`\${text}T00:00:00Z\`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

function isWebAddress(text) {
  if (text.length > 2000 || !URL.canParse(text)) return false;
  return ['http:', 'https:'].includes(new URL(text).protocol);
}
`;
