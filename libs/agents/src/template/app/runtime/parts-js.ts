import { source } from '../source.js';

/** src/pages/parts.js: what several pages show. */
export const partsJs = source`import { capital } from '../fields.js';
import { html } from '../html.js';
import { fieldOf, kindNamed } from '../records/index.js';

const MAX_COLUMNS = 5;
/** Colours by what the words of a choice say; other words stay grey. */
const TONES = {
  bad: /cancel|reject|refus|lost|fail|declin|broken|overdue|urgent|high|late|missing|block|no.?show/i,
  busy: /progress|pending|wait|review|medium|plan|draft|partial|hold|doing|started|sent|lent|order/i,
  good: /done|approv|accept|paid|won|complet|activ|return|availab|held|deliver|resolv|confirm|ready|finish|shipp/i,
  new: /new|open|request|to.?do|lead|low|schedul|book|submit/i,
};
/** Whether a choice reads as good, bad, busy or new. */
export const toneOf = (choice) => Object.keys(TONES).find((tone) => TONES[tone].test(choice));

export const article = (label) => \`\${/^[aeiou]/i.test(label) ? 'an' : 'a'} \${label}\`;

/** A value on a page: links lead to their record, addresses can be followed. */
export function valueOf(field, value, records) {
  if (value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0))
    return html\`<span class="none">–</span>\`;
  switch (field.type) {
    case 'reference':
      return linkTo(field, value, records);
    case 'references':
      return html\`<ul class="links">\${value.map((id) => html\`<li>\${linkTo(field, id, records)}</li>\`)}</ul>\`;
    case 'email':
      return html\`<a href="mailto:\${value}">\${value}</a>\`;
    case 'phone':
      return html\`<a href="tel:\${value.replace(/[^\d+]/g, '')}">\${value}</a>\`;
    case 'url':
    case 'file_link':
      return html\`<a href="\${value}" rel="noreferrer">\${shortAddress(value)}</a>\`;
    case 'choice':
      return html\`<span class="tag \${toneOf(value)}">\${capital(value)}</span>\`;
    case 'boolean':
      return html\`<span class="yesno \${value ? 'yes' : 'no'}">\${value ? 'Yes' : 'No'}</span>\`;
    case 'long_text':
      return html\`<span class="long">\${value}</span>\`;
    case 'rating':
      return html\`<span class="stars" role="img" aria-label="\${value} of 5">\${'★'.repeat(value)}\${'☆'.repeat(5 - value)}</span>\`;
    case 'date':
    case 'datetime':
      return html\`<time datetime="\${value}">\${records.text(field, value)}</time>\`;
    default:
      return records.text(field, value);
  }
}

function linkTo(field, id, records) {
  const kind = kindNamed(field.target);
  const title = records.text({ ...field, type: 'reference' }, id);
  if (!records.allows('view', kind, records.store.get(kind.name, id))) return title; //@access
  return html\`<a href="/\${kind.path}/\${id}">\${title}</a>\`;
}

const shortAddress = (address) => {
  const { host, pathname } = new URL(address);
  const text = \`\${host}\${pathname === '/' ? '' : pathname}\`;
  return text.length > 48 ? \`\${text.slice(0, 47)}…\` : text;
};

/** The columns of a table after the title: the state, what was entered first, what is worked out. */ //@states
/** The columns of a table after the title: what was entered first, what is worked out. */ //@!states
function columnsOf(kind, without) {
  const shown = kind.fields.filter(
    ({ name, type }) => type !== 'long_text' && name !== without && !kind.title.includes(name),
  );
  const state = ({ name }) => name === kind.states?.field; //@states
  const entered = [...shown.filter(state), ...shown.filter((field) => !state(field))]; //@states
  const entered = shown; //@!states
  const values = kind.values ?? [];
  return [...entered.slice(0, Math.max(3, MAX_COLUMNS - values.length)), ...values].slice(0, MAX_COLUMNS);
}

/**
 * A table of records, each row with a link to its record; on a narrow screen each row becomes a card.
 * \`sortLink\`, where it is given, answers the heading of a column that sorts by it; \`linked\` is false for records that
 * were not saved.
 */
export function recordTable(kind, rows, records, { without = null, linked = true, sortLink = plainHeading } = {}) {
  const columns = columnsOf(kind, without);
  const [titled, ...more] = kind.title.map((name) => fieldOf(kind, name));
  const heading = more.length === 0 && titled ? capital(titled.label) : capital(kind.label);
  const cell = (column, record) =>
    html\`<td data-label="\${capital(column.label)}" class="\${column.type}">\${valueOf(column, record[column.name], records)}</td>\`;
  const title = (record) => records.title(kind, record, without);
  const row = (record) => html\`<tr>
    <th scope="row">\${linked ? html\`<a href="/\${kind.path}/\${record.id}">\${title(record)}</a>\` : title(record)}</th>
    \${columns.map((column) => cell(column, record))}</tr>\`;
  return html\`<div class="scroll"><table class="records">
    <thead><tr>\${sortLink(more.length === 0 ? titled : null, heading)}\${columns.map((column) => sortLink(column, capital(column.label)))}</tr></thead>
    <tbody>\${rows.map(row)}</tbody>
  </table></div>\`;
}

const plainHeading = (column, label) => html\`<th scope="col" class="\${column?.type}">\${label}</th>\`;

/** What is shown where there is nothing to show, and what to do about it. */
export const emptyState = (text, action = null) =>
  html\`<div class="empty"><p>\${text}</p>\${action && html\`<p class="actions">\${action}</p>\`}</div>\`;

/** Links to the pages before and after this one. */
export function pager({ page, pages }, link) {
  if (pages === 1) return '';
  return html\`<nav class="pager" aria-label="Pages">
    \${page > 1 ? html\`<a rel="prev" href="\${link(page - 1)}">← Previous</a>\` : html\`<span></span>\`}
    <span>Page \${page} of \${pages}</span>
    \${page < pages ? html\`<a rel="next" href="\${link(page + 1)}">Next →</a>\` : html\`<span></span>\`}
  </nav>\`;
}

/** What a form was refused for; each field's message leads to the field. */
export function problems(fields, errors, message) {
  if (!message) return '';
  const broken = fields.filter((field) => errors[field.name]);
  const others = Object.keys(errors).some((name) => !fields.some((field) => field.name === name));
  const onlyOne = broken.length === 1 && !others && errors[broken[0].name] === message;
  return html\`<div class="problems" role="alert">
    \${!onlyOne && html\`<p>\${message}</p>\`}
    \${broken.length > 0 && html\`<ul>\${broken.map((field) => html\`<li><a href="#field-\${field.name}">\${errors[field.name]}</a></li>\`)}</ul>\`}
  </div>\`;
}
`;
