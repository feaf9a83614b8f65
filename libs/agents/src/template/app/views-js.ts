import { source } from './source.js';

/** src/views.js: tables, values and totals. */
export const viewsJs = source`import { showTotal } from './computed.js';
import { html } from './html.js';
import { capital, entityNamed, fieldOf } from './schema.js';

const MAX_COLUMNS = 6;

/** A table of records, each row with a link to its record; on a narrow screen each row becomes a card. */
export function recordTable(entity, rows, records, { without = null } = {}) {
  const fields = entity.fields
    .filter((field) => field.type !== 'long_text' && field.name !== without)
    .slice(0, MAX_COLUMNS);
  const titled = fields.find((field) => ['text', 'email'].includes(field.type));
  const open = (record, text) => html\`<a href="/\${entity.path}/\${record.id}">\${text}</a>\`;
  const columns = titled ? fields : [null, ...fields];
  const cell = (field, record) => {
    if (field === null) return html\`<th scope="row">\${open(record, \`No. \${record.id}\`)}</th>\`;
    if (field === titled) return html\`<th scope="row">\${open(record, records.titleOf(entity, record))}</th>\`;
    return html\`<td data-label="\${capital(field.label)}" class="\${field.type}">\${valueOf(field, record, records)}</td>\`;
  };
  return html\`<table class="records">
    <thead><tr>\${columns.map((field) => html\`<th scope="col" class="\${field?.type ?? ''}">\${field ? capital(field.label) : 'Record'}</th>\`)}</tr></thead>
    <tbody>\${rows.map((record) => html\`<tr>\${columns.map((field) => cell(field, record))}</tr>\`)}</tbody>
  </table>\`;
}

/** A value on a page: links lead to their record, addresses can be followed. */
export function valueOf(field, record, records) {
  const value = record[field.name] ?? null;
  if (value === null || (Array.isArray(value) && value.length === 0)) return html\`<span class="none">–</span>\`;
  if (field.type === 'reference' || field.type === 'references') {
    const target = entityNamed(field.target);
    const links = [value]
      .flat()
      .map((id) => html\`<a href="/\${target.path}/\${id}">\${records.show({ ...field, type: 'reference' }, id)}</a>\`);
    return links.flatMap((link, index) => (index === 0 ? [link] : [', ', link]));
  }
  if (field.type === 'url') return html\`<a href="\${value}" rel="noreferrer noopener">\${value}</a>\`;
  if (field.type === 'email') return html\`<a href="mailto:\${value}">\${value}</a>\`;
  if (field.type === 'choice') return html\`<span class="tag">\${capital(value)}</span>\`;
  if (field.type === 'long_text') return html\`<span class="long">\${value}</span>\`;
  if (field.type === 'rating') {
    return html\`<span class="stars" role="img" aria-label="\${value} of 5">\${'★'.repeat(value)}\${'☆'.repeat(5 - value)}</span>\`;
  }
  return records.show(field, value);
}

/** A total as a card: one large number, or a line per group. */
export function totalCard(total, rows, records) {
  const by = total.by === null ? null : fieldOf(entityNamed(total.entity), total.by);
  if (by === null) {
    return html\`<section class="card"><h2>\${total.label}</h2><p class="figure">\${showTotal(total, rows[0].value)}</p></section>\`;
  }
  const name = (key) => {
    if (key === null) return html\`<span class="none">Not given</span>\`;
    if (by.type !== 'reference') return capital(key);
    return html\`<a href="/\${entityNamed(by.target).path}/\${key}">\${records.show(by, key)}</a>\`;
  };
  const line = ({ key, value }) => html\`<div><dt>\${name(key)}</dt><dd>\${showTotal(total, value)}</dd></div>\`;
  const body =
    rows.length === 0
      ? html\`<p class="none">Nothing to count yet.</p>\`
      : html\`<dl class="totals">\${rows.map(line)}</dl>\`;
  return html\`<section class="card"><h2>\${total.label}</h2>\${body}</section>\`;
}

/** Links to the pages before and after this one. */
export function pager({ page, pages }, link) {
  if (pages === 1) return '';
  return html\`<nav class="pager" aria-label="Pages">
    \${page > 1 ? html\`<a rel="prev" href="\${link(page - 1)}">← Previous</a>\` : html\`<span></span>\`}
    <span>Page \${page} of \${pages}</span>
    \${page < pages ? html\`<a rel="next" href="\${link(page + 1)}">Next →</a>\` : html\`<span></span>\`}
  </nav>\`;
}
`;
