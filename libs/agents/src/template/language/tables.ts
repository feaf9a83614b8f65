/*
 * Tables that people paste, in Markdown: a table with a row for each field becomes one list of fields, one with a column for each
 * field the list of its headings. Rows of examples are left out.
 */

const ROW = /^\s*\|(.*)\|\s*$/;
const RULE = /^[\s|:-]+$/;
/** Headings of a table that describes fields, rather than being their names. */
const DESCRIBES = /^(?:fields?|columns?|names?|attributes?|property|what|)$/i;
const NOTES = /^(?:notes?|types?|kind|description|remarks?|comments?|rules?|details?|meaning|example|values?|)$/i;

const cellsOf = (line: string): string[] => (ROW.exec(line)?.[1] ?? '').split('|').map((cell) => cell.replace(/[`*_]/g, '').trim());

/** The text with each table written as one line of fields: "hostname (unique), environment (live, test, dev)". */
export function withoutTables(text: string): string {
  if (!text.includes('|')) return text;
  const lines: string[] = [];
  let table: string[] = [];
  for (const line of [...text.split('\n'), '']) {
    if (ROW.test(line)) {
      table.push(line);
      continue;
    }
    lines.push(...listed(table), line);
    table = [];
  }
  return lines.slice(0, -1).join('\n');
}

function listed(table: readonly string[]): string[] {
  const rows = table.filter((line) => !RULE.test(line) || /^\s*\|(?:\s*\|)+\s*$/.test(line)).map(cellsOf);
  const ruled = table.some((line) => RULE.test(line) && line.includes('-'));
  const [head, ...body] = rows;
  if (head === undefined || rows.length < 2) return [...table];
  const [first = '', ...others] = head;
  const described = head.length === 2 || (DESCRIBES.test(first) && others.some((cell) => NOTES.test(cell)));
  if (!described) return [head.filter((cell) => cell !== '').join(', ')];
  const isHead = ruled && DESCRIBES.test(first) && others.every((cell) => NOTES.test(cell));
  const fields = (isHead ? body : rows).map(([name = '', ...notes]) => {
    const note = notes.filter((cell) => cell !== '').join(', ');
    return note === '' ? name : `${name} (${note.replace(/[()]/g, '')})`;
  });
  return [fields.filter((field) => field !== '').join(', ')];
}
