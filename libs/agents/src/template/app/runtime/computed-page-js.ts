import { source } from '../source.js';

/** src/pages/computed.js: the pages of lists and totals. */
export const computedPageJs = source`import { Problem } from '../fields.js';
import { html } from '../html.js';
import { lists } from '../lists.js'; //@lists
import { kindNamed } from '../records/index.js'; //@lists
import { totals } from '../totals.js'; //@totals
import { totalChart } from './charts.js'; //@totals
import { emptyState, recordTable } from './parts.js'; //@lists

//#if lists
/** A list that is worked out, with all its records. */
export function showList(path, { records }) {
  const list = named(lists, path);
  const found = records.list(list);
  const table =
    found.length > 0 ? recordTable(kindNamed(list.kind), found, records) : emptyState('None at the moment.');
  const content = html\`<h1>\${list.label} <span class="count">\${found.length}</span></h1><p class="about">\${list.about}</p>\${table}\`;
  return { title: list.label, content };
}

//#endif
//#if totals
/** A total with all its groups. */
export function showTotal(path, { records }) {
  const total = named(totals, path);
  const content = html\`<h1>\${total.label}</h1><p class="about">\${total.about}</p>\${totalChart(total, records, { whole: true })}\`;
  return { title: total.label, content };
}

//#endif
function named(items, path) {
  const item = items.find((one) => one.path === path);
  if (!item) throw new Problem(404, 'There is no page at this address.');
  return item;
}
`;
