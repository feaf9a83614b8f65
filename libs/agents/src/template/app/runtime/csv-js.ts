import { source } from '../source.js';

/** src/csv.js: records to and from spreadsheets. */
export const csvJs = source`import { Problem } from './fields.js';
import { fieldOf, kindNamed } from './records/index.js';

const MOST_LINES = 5000;

/** Records as a CSV file with a line of labels; links are written as the title of what they lead to. */
export function csvOf(kind, found, records) {
  const columns = [...kind.fields, ...(kind.values ?? [])];
  const head = ['id', ...columns.map((column) => headingOf(kind, column))];
  const lines = found.map((record) => [
    record.id,
    ...columns.map((column) => cellOf(column, record[column.name], records)),
  ]);
  return [head, ...lines].map((cells) => \`\${cells.map(quoted).join(',')}\r\n\`).join('');
}

/** A column's label; its name where another one has the same label. */
const headingOf = (kind, column) =>
  kind.fields.filter(({ label }) => label === column.label).length > 1 ? column.name : column.label;

function cellOf(field, value, records) {
  if (value === null || value === undefined) return '';
  if (field.type === 'boolean') return value ? 'yes' : 'no';
  if (field.target)
    return [value]
      .flat()
      .map((id) => nameOfLink(field, id, records))
      .join('; ');
  // A spreadsheet must not take a text for a formula.
  return typeof value === 'string' && /^[=+@\t-]/.test(value) ? \`'\${value}\` : value;
}

function nameOfLink(field, id, records) {
  const title = records.text({ ...field, type: 'reference' }, id);
  return idsNamed(field, title, records).length === 1 && !title.includes(';') ? title : id;
}

const quoted = (cell) => (/[",\r\n]/.test(cell) ? \`"\${String(cell).replaceAll('"', '""')}"\` : cell);

/**
 * Adds a record per line of a CSV file whose first line names the fields, by label or name: all of them or none.
 * Answers what was added and what is wrong with which line. With \`preview\` nothing is saved in any case.
 */
export function importCsv(kind, text, records, { preview = false } = {}) {
  const [head, ...lines] = readCsv(text);
  if (!head || lines.length === 0)
    throw new Problem(400, 'The file needs a line with the names of the fields, and lines with values.');
  if (lines.length > MOST_LINES) throw new Problem(400, \`Import at most \${MOST_LINES} lines at once.\`);
  const columns = head.cells.map((name) => columnNamed(kind, name));
  const unknown = head.cells.filter((_, at) => columns[at] === undefined);
  if (unknown.length > 0) throw new Problem(400, \`These columns are not known: \${unknown.join(', ')}.\`);
  const added = [];
  const problems = [];
  try {
    records.store.transaction(() => {
      for (const { line, cells } of lines) {
        try {
          added.push(records.add(kind, valuesOf(columns, cells, records)));
        } catch (error) {
          if (!(error instanceof Problem) || error.status === 403) throw error;
          problems.push({ line, message: error.message, errors: error.errors });
        }
      }
      if (preview || problems.length > 0) throw UNDONE;
    });
  } catch (error) {
    if (error !== UNDONE) throw error;
  }
  return { count: added.length, added, problems };
}

/** Thrown inside a transaction to save nothing of it. */
const UNDONE = Symbol('undone');

/** The field of a column; null for columns that the app fills in itself, undefined for unknown ones. */
function columnNamed(kind, heading) {
  const wanted = heading.trim().toLowerCase();
  const is = ({ name, label }) => name === wanted || label.toLowerCase() === wanted;
  if (wanted === 'id' || (kind.values ?? []).some(is)) return null;
  return fieldOf(kind, wanted) ?? kind.fields.find(is);
}

function valuesOf(columns, cells, records) {
  const values = {};
  columns.forEach((field, at) => {
    const cell = (cells[at] ?? '').trim().replace(/^'(?=[=+@\t-])/, '');
    if (field === null || cell === '') return;
    if (field.type === 'references')
      values[field.name] = cell.split(';').map((part) => idOf(field, part.trim(), records));
    else values[field.name] = field.type === 'reference' ? idOf(field, cell, records) : cell;
  });
  return values;
}

/** The number of the record with this title; a number stands for itself. */
function idOf(field, text, records) {
  const ids = idsNamed(field, text, records);
  return ids.length === 1 ? ids[0] : text;
}

function idsNamed(field, title, records) {
  const kind = kindNamed(field.target);
  const same = (record) => records.title(kind, record).toLowerCase() === title.toLowerCase();
  return records
    .all(kind)
    .filter(same)
    .map(({ id }) => id);
}

/** The lines of a CSV file with their numbers; commas or semicolons, quotation marks around what holds them. */
export function readCsv(text) {
  const separator = /^[^\n"]*;/.test(text) && !/^[^\n;"]*,/.test(text) ? ';' : ',';
  const rows = [];
  let row = { line: 1, cells: [''] };
  let line = 1;
  let inQuotes = false;
  for (const character of text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n')) {
    const last = row.cells.length - 1;
    if (character === '"') inQuotes = !inQuotes;
    if (character === '\n') line += 1;
    if (inQuotes || ![separator, '\n'].includes(character)) row.cells[last] += character;
    else if (character === separator) row.cells.push('');
    else {
      rows.push(row);
      row = { line, cells: [''] };
    }
  }
  rows.push(row);
  return rows
    .map((one) => ({ ...one, cells: one.cells.map(unquoted) }))
    .filter(({ cells }) => cells.some((cell) => cell !== ''));
}

const unquoted = (cell) => (/^\s*".*"\s*$/s.test(cell) ? cell.trim().slice(1, -1).replaceAll('""', '"') : cell);
`;
