import { source } from '../source.js';

/** src/pages/home.js: the overview. */
export const homeJs = source`import { capital } from '../fields.js';
import { html } from '../html.js';
import { lists } from '../lists.js'; //@lists
import { kindNamed, kinds } from '../records/index.js'; //@lists|totals
import { kinds } from '../records/index.js'; //@!lists|totals
import { addSamples, hasSamples, removeSamples } from '../samples.js';
import { dayAsText } from '../show.js';
import { totals } from '../totals.js'; //@totals
import { today } from '../values.js';
import { totalChart } from './charts.js'; //@totals
import { APP_TITLE } from './layout.js';
import { article } from './parts.js';
import { recordTable } from './parts.js'; //@lists

const NEWEST = 3;
const FIRST_OF_LIST = 5; //@lists
const DONE = { samples: 'Sample records were added.', removed: 'The sample records were removed.' };

/** What there is, what is worked out from it, and where to begin. */
export function home({ records, search, hidden }) {
  const shown = kinds.filter((kind) => records.allows('view', kind)); //@access
  const shown = kinds; //@!access
  const empty = shown.every((kind) => records.all(kind).length === 0);
//#if lists
  const shownLists = lists.filter((list) => shown.includes(kindNamed(list.kind)));
  const found = new Map(shownLists.map((list) => [list, records.list(list)]));
//#endif
//#if totals
  const shownTotals = empty ? [] : totals.filter((total) => shown.includes(kindNamed(total.kind)));
//#endif
  const content = html\`<div class="heading"><h1>\${APP_TITLE}</h1><p class="today">\${dayAsText(today())}</p></div>
    \${empty && welcome(shown, records, hidden)}
    \${!empty && tiles(shownLists, found)} //@lists
    <div class="cards">\${shown.map((kind) => kindCard(kind, records))}</div>
    \${shownLists.map((list) => listSection(list, found.get(list), records))} //@lists
    \${shownTotals.length > 0 && html\`<div class="cards wide">\${shownTotals.map((total) => totalChart(total, records))}</div>\`} //@totals
    \${!empty && hasSamples(records) && samplesNote(hidden)}\`;
  return { title: APP_TITLE, content, notice: DONE[search.get('_done')] };
}

function welcome(shown, records, hidden) {
  const [first] = shown.filter((kind) => kind.fields.every((field) => !(field.target && field.required)));
  return html\`<section class="welcome"><h2>Nothing here yet</h2>
    <p>Begin with your own records, or look around with made-up ones first. You can remove them again with one click.</p>
    <form class="actions" method="post" action="/">\${hidden}
      <a class="button" href="/\${(first ?? shown[0]).path}/new">Add \${article((first ?? shown[0]).label)}</a>
      <button type="submit" name="samples" value="add" class="quiet">Add sample records</button></form></section>\`;
}

const samplesNote = (hidden) => html\`<form class="note actions" method="post" action="/">\${hidden}
  <span>There are sample records among these.</span>
  <button type="submit" name="samples" value="remove" class="quiet small">Remove the sample records</button></form>\`;

/** Adds the sample records or removes them, as the button says. */
export function samples({ records, form }) {
  if (form.samples === 'add') {
    addSamples(records);
    return { redirect: '/?_done=samples' };
  }
  if (form.samples !== 'remove') return null;
  removeSamples(records);
  return { redirect: '/?_done=removed' };
}

function kindCard(kind, records) {
  const all = records.all(kind);
  const newest = all.sort((a, b) => b.id - a.id).slice(0, NEWEST);
  const mayAdd = records.allows('add', kind); //@access
  const mayAdd = true; //@!access
  return html\`<section class="card">
    <h2><a href="/\${kind.path}">\${capital(kind.plural)}</a> <span class="figure">\${all.length}</span></h2>
    \${
      newest.length > 0
        ? html\`<ul class="newest">\${newest.map((record) => html\`<li><a href="/\${kind.path}/\${record.id}">\${records.title(kind, record)}</a></li>\`)}</ul>\`
        : html\`<p class="none">None yet.</p>\`
    }
    \${mayAdd && html\`<p class="foot"><a class="button quiet small" href="/\${kind.path}/new">Add \${article(kind.label)}</a></p>\`}
  </section>\`;
}
//#if lists

/** How many records are on each list; not of those that always show the first few. */
function tiles(shown, found) {
  const tile = (list) => html\`<a class="tile \${found.get(list).length > 0 && 'some'}" href="/lists/\${list.path}">
    <span class="figure">\${found.get(list).length}</span> \${list.label}</a>\`;
  const counted = shown.filter((list) => !list.limit);
  return counted.length > 0 && html\`<div class="tiles">\${counted.map(tile)}</div>\`;
}

function listSection(list, found, records) {
  if (found.length === 0) return '';
  const more = found.length > FIRST_OF_LIST && html\`<p><a href="/lists/\${list.path}">All \${found.length}</a></p>\`;
  return html\`<section><h2><a href="/lists/\${list.path}">\${list.label}</a> <span class="count">\${found.length}</span></h2>
    \${recordTable(kindNamed(list.kind), found.slice(0, FIRST_OF_LIST), records)}\${more}</section>\`;
}
//#endif
`;
