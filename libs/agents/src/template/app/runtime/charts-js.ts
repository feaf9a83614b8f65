import { source } from '../source.js';

/** src/pages/charts.js: totals as charts that are tables, or have one. */
export const chartsJs = source`import { capital } from '../fields.js';
import { html } from '../html.js';
import { fieldOf, kindNamed } from '../records/index.js';
import { valueAsText } from '../show.js';
import { daysAfter, weekOf } from '../values.js';

const MOST_BARS = 8;
const MOST_COLUMNS = 24;
const FEW_COLUMNS = 6;
const MOST_STEPS = 2000;
const WIDTH = 600;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A total as a card: one large number, a bar per group, or a column per stretch of time. */
export function totalChart(total, records, { whole = false } = {}) {
  const rows = records
    .total(total)
    .map(({ key, value }) => ({ key, name: nameOf(total, key, records), value, text: numberText(total, value) }));
  const heading = whole ? '' : html\`<h2><a href="/totals/\${total.path}">\${total.label}</a></h2>\`;
  return html\`<section class="card total">\${heading}\${chartOf(total, rows, whole)}</section>\`;
}

function chartOf(total, rows, whole) {
  if (!total.by) return html\`<p class="figure">\${rows[0].text}</p>\`;
  if (rows.every(({ key }) => key === null) && (total.period || rows.length === 0))
    return html\`<p class="none">Nothing to count yet.</p>\`;
  if (total.period) return columns(total, rows, whole);
  return bars(total, rows, whole);
}

const numberText = ({ type }, value) => (value === null ? '–' : valueAsText({ type }, value));

/** The name of a group; a link where it is a record. */
function nameOf(total, key, records) {
  const field = fieldOf(kindNamed(total.kind), total.by);
  if (key === null) return html\`<span class="none">Not given</span>\`;
  if (total.period) return capital(periodText(key, total.period));
  if (field.type === 'boolean') return key ? 'Yes' : 'No';
  if (field.type !== 'reference') return capital(String(key));
  return html\`<a href="/\${kindNamed(field.target).path}/\${key}">\${records.text(field, key)}</a>\`;
}

/** \`2030-01\` as Jan 2030, \`2030-W05\` as week 5, 2030. */
function periodText(key, period) {
  const [year, month] = key.split('-');
  if (period === 'week') return \`week \${Number(month.slice(1))}, \${year}\`;
  if (period === 'month') return \`\${MONTHS[month - 1]} \${year}\`;
  return period === 'day' ? valueAsText({ type: 'date' }, key) : year;
}

/** A table with a bar in every line: choices in their own order, everything else the largest first. */
function bars(total, rows, whole) {
  const { choices } = fieldOf(kindNamed(total.kind), total.by);
  const sorted = choices ? rows : [...rows].sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity));
  const shown = whole ? sorted : sorted.slice(0, MOST_BARS);
  const most = Math.max(...rows.map(({ value }) => value ?? 0), 0);
  const bar = (value) => html\`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width="100" height="8"/><rect class="fill" width="\${most > 0 ? Math.max(0, ((value ?? 0) / most) * 100).toFixed(1) : 0}" height="8"/></svg>\`;
  const line = ({ name, value, text }) =>
    html\`<tr><th scope="row">\${name}</th><td>\${text}</td><td class="bars">\${bar(value)}</td></tr>\`;
  const more = sorted.length > shown.length && html\`<p><a href="/totals/\${total.path}">All \${sorted.length}</a></p>\`;
  return html\`<table class="chart"><caption class="visually-hidden">\${total.about}</caption><tbody>\${shown.map(line)}</tbody></table>\${more}\`;
}

/** Columns in the order of time, with the numbers as a table below. */
function columns(total, rows, whole) {
  const shown = withGaps(
    total,
    rows.filter(({ key }) => key !== null),
  ).slice(-MOST_COLUMNS);
  const most = Math.max(...shown.map(({ value }) => value ?? 0), 0);
  const height = ({ value }) => (most > 0 ? Math.max(0.5, ((value ?? 0) / most) * 100) : 0.5);
  const step = WIDTH / shown.length;
  const wide = Math.min(step * 0.7, 64);
  const column = (row, at) => html\`<rect class="fill" x="\${((at + 0.5) * step - wide / 2).toFixed(1)}"
    y="\${(110 - height(row)).toFixed(1)}" width="\${wide.toFixed(1)}" height="\${height(row).toFixed(1)}" rx="2"><title>\${row.name}: \${row.text}</title></rect>\`;
  const few = shown.length <= FEW_COLUMNS;
  const labels = few ? shown : [shown[0], shown.at(-1)];
  return html\`<svg class="columns" viewBox="0 0 \${WIDTH} 112" role="img" aria-label="\${total.about}">\${shown.map(column)}
      <line class="axis" x1="0" x2="\${WIDTH}" y1="111" y2="111"/></svg>
    <p class="ends \${!few && 'first-and-last'}">\${labels.map(({ name }) => html\`<span>\${name}</span>\`)}</p>
    <details \${whole && html\`open\`}><summary>As a table</summary><table class="chart"><tbody>
      \${[...rows].reverse().map(({ name, text }) => html\`<tr><th scope="row">\${name}</th><td>\${text}</td></tr>\`)}</tbody></table></details>\`;
}

/** The rows, and one for each stretch of time between them that has none. */
function withGaps({ period, type }, rows) {
  const known = new Map(rows.map((row) => [row.key, row]));
  const last = rows.at(-1)?.key;
  const all = [];
  for (let key = rows[0]?.key; key !== undefined && key <= last && all.length < MOST_STEPS; key = nextOf(key, period))
    all.push(
      known.get(key) ?? { key, name: capital(periodText(key, period)), value: null, text: numberText({ type }, null) },
    );
  return all.length < MOST_STEPS ? all : rows;
}

/** The day, week, month or year after one. */
function nextOf(key, period) {
  if (period === 'year') return String(Number(key) + 1).padStart(4, '0');
  if (period === 'week') return weekOf(daysAfter(mondayOf(key), 7));
  return period === 'day' ? daysAfter(key, 1) : daysAfter(\`\${key}-01\`, 31).slice(0, 7);
}

/** The Monday of a week such as 2030-W05: the fourth of January lies in the first week. */
function mondayOf(week) {
  const fourth = new Date(\`\${week.slice(0, 4)}-01-04T00:00:00Z\`);
  const firstMonday = daysAfter(fourth.toISOString(), -((fourth.getUTCDay() + 6) % 7));
  return daysAfter(firstMonday, (Number(week.slice(6)) - 1) * 7);
}
`;
