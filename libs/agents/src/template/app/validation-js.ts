import { source } from './source.js';

/** src/validation.js: values of forms and JSON bodies. */
export const validationJs = source`import { capital, entityNamed } from './schema.js';

const MAX_TEXT = 200;
const MAX_LONG_TEXT = 10_000;

/** Raised where a request cannot be carried out; \`errors\` holds one message per field. */
export class Problem extends Error {
  constructor(status, message, errors = {}) {
    super(message);
    this.status = status;
    this.errors = errors;
  }
}

/**
 * Turns what a form or a JSON body holds into the values of a record.
 * Answers the values and, per field, what is wrong with it.
 */
export function readValues(entity, input, exists) {
  const values = {};
  const errors = {};
  for (const field of entity.fields) {
    const { value, error } = readValue(field, input[field.name], exists);
    values[field.name] = value;
    const empty = value === null || (Array.isArray(value) && value.length === 0);
    if (error) errors[field.name] = error;
    else if (field.required && empty) errors[field.name] = \`\${capital(field.label)} is required.\`;
  }
  return { values, errors };
}

function readValue(field, raw, exists) {
  if (field.type === 'boolean') return readBoolean(raw);
  if (field.type === 'references') return readLinks(field, raw, exists);
  if (raw === undefined || raw === null) return { value: null };
  if (typeof raw !== 'string' && typeof raw !== 'number') return wrong('This must be a single value.');
  const text = String(raw).trim();
  if (text === '') return { value: null };
  return readers[field.type](text, field, exists);
}

const wrong = (error) => ({ value: null, error });
const limited = (max) => (text) => (text.length > max ? wrong(\`Use at most \${max} characters.\`) : { value: text });

const readers = {
  text: limited(MAX_TEXT),
  long_text: limited(MAX_LONG_TEXT),
  number: (text) => (isNumber(text) ? { value: Number(text) } : wrong('Enter a number, such as 2.5.')),
  integer: (text) =>
    /^[+-]?\d{1,15}$/.test(text) ? { value: Number(text) } : wrong('Enter a whole number, such as 12.'),
  money: (text) =>
    /^[+-]?\d{1,12}([.]\d{1,2})?$/.test(text) ? { value: Number(text) } : wrong('Enter an amount, such as 12.50.'),
  date: (text) => (isDate(text) ? { value: text } : wrong('Enter a date as year-month-day, such as 2030-01-31.')),
  time: (text) => (/^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? { value: text } : wrong('Enter a time, such as 14:30.')),
  datetime: (text) => {
    const [date, time, ...rest] = text.split('T');
    const good = rest.length === 0 && isDate(date) && /^([01]\d|2[0-3]):[0-5]\d$/.test(time ?? '');
    return good ? { value: text } : wrong('Enter a date and a time, such as 2030-01-31T14:30.');
  },
  email: (text) =>
    /^[^\s@<>"]+@[^\s@<>"]+\.[^\s@<>".]+$/.test(text) && text.length <= MAX_TEXT
      ? { value: text }
      : wrong('Enter an e-mail address, such as name@example.org.'),
  url: (text) =>
    isWebAddress(text) ? { value: text } : wrong('Enter a web address that begins with https:// or http://.'),
  choice: (text, field) =>
    field.choices.includes(text) ? { value: text } : wrong(\`Choose one of: \${field.choices.join(', ')}.\`),
  rating: (text) => (/^[1-5]$/.test(text) ? { value: Number(text) } : wrong('Choose a rating from 1 to 5.')),
  reference: (text, field, exists) =>
    exists(field.target, Number(text))
      ? { value: Number(text) }
      : wrong(\`Choose one of the \${entityNamed(field.target).label_plural}.\`),
};

function readBoolean(raw) {
  if (raw === undefined || raw === null || raw === false || raw === '' || raw === 'false') return { value: false };
  if (raw === true || raw === 'true' || raw === 'yes' || raw === 'on') return { value: true };
  return wrong('This must be yes or no.');
}

function readLinks(field, raw, exists) {
  const ids = raw === undefined || raw === null || raw === '' ? [] : [raw].flat();
  const values = [...new Set(ids.map(Number))];
  if (values.every((id) => exists(field.target, id))) return { value: values };
  return wrong(\`Choose among the \${entityNamed(field.target).label_plural}.\`);
}

const isNumber = (text) => /^[+-]?\d{1,15}([.]\d{1,9})?$/.test(text);

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
