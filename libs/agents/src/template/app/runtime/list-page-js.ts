import { source } from '../source.js';

/** src/pages/list.js: the list of a kind of record. */
export const listPageJs = source`import { capital } from '../fields.js';
import { html } from '../html.js';
import { readQuery } from '../query.js';
import { article, emptyState, pager, recordTable } from './parts.js';
import { kindNamed } from '../records/index.js';

const PAGE_SIZE = 20;
const DONE = { deleted: 'Deleted.', imported: 'Imported.' };
const MOST_FILTER_LINKS = 200;

/** The list, as search, filters and order in the address ask for it. */
export function index(kind, { records, search }) {
  records.demand('view', kind); //@access
  const query = readQuery(kind, search, PAGE_SIZE);
  const result = records.search(kind, query);
  const filtered = query.words.length > 0 || query.filters.length > 0;
  const mayAdd = records.allows('add', kind); //@access
  const mayAdd = true; //@!access
  const add = mayAdd && html\`<a class="button" href="/\${kind.path}/new">Add \${article(kind.label)}</a>\`;
  const sortLink = (column, label) => sortHeading(column, label, kind, query, search);
  const content = html\`<div class="heading"><h1>\${capital(kind.plural)} <span class="count">\${result.total}</span></h1>\${add}</div>
    \${filterForm(kind, records, search, query)}
    \${result.total > 0 ? recordTable(kind, result.items, records, { sortLink }) : nothing(kind, filtered, search, add)}
    \${pager(result, (page) => addressWith(search, { page }))}
    \${tools(kind, search, mayAdd)}\`;
  return { title: capital(kind.plural), content, notice: DONE[search.get('_done')] };
}

/** The address of this list with some of its query replaced. */
function addressWith(search, changes) {
  const next = new URLSearchParams(search);
  next.delete('_done');
  next.delete('page');
  for (const [name, value] of Object.entries(changes)) next.set(name, value);
  return \`?\${next}\`;
}

/** A heading that sorts by its column, and the other way round where that is the order already. */
function sortHeading(column, label, kind, { sort }, search) {
  if (!column) return html\`<th scope="col">\${label}</th>\`;
  const now = sort ?? kind.order ?? { field: kind.title[0], descending: false };
  const active = now.field === column.name;
  const next = active && !now.descending ? \`-\${column.name}\` : column.name;
  const state = active && html\`aria-sort="\${now.descending ? 'descending' : 'ascending'}"\`;
  return html\`<th scope="col" class="\${column.type}" \${state}><a href="\${addressWith(search, { sort: next })}">\${label}</a></th>\`;
}

function nothing(kind, filtered, search, add) {
  if (!filtered)
    return emptyState(
      \`There are no \${kind.plural} yet.\`,
      add && html\`\${add} <a class="button quiet" href="/\${kind.path}/import">Import a file</a>\`,
    );
  const words = search.get('q');
  return emptyState(
    words ? \`Nothing found for “\${words}”.\` : \`No \${kind.plural} match these filters.\`,
    html\`<a class="button quiet" href="/\${kind.path}">Show all \${kind.plural}</a>\`,
  );
}

/** Search, and filters by choices, links, yes or no, and days. */
function filterForm(kind, records, search, { filters, sort }) {
  const fields = kind.fields.filter(({ type }) =>
    ['choice', 'boolean', 'reference', 'date', 'datetime'].includes(type),
  );
  const controls = fields.map((field) => filterControl(field, records, search)).filter(Boolean);
  return html\`<form class="filter" role="search" action="/\${kind.path}" data-live>
    \${sort && html\`<input type="hidden" name="sort" value="\${search.get('sort')}">\`}
    <div class="searchbar"><label class="visually-hidden" for="search">Search \${kind.plural}</label>
      <input type="search" id="search" name="q" value="\${search.get('q') ?? ''}" placeholder="Search \${kind.plural}">
      <button type="submit" class="quiet">Search</button></div>
    \${
      controls.length > 0 &&
      html\`<details \${filters.length > 0 && html\`open\`}><summary>Filter\${filters.length > 0 && html\` <span class="count">\${filters.length}</span>\`}</summary>
        <div class="filters">\${controls}
          <p class="actions"><button type="submit">Apply</button> <a class="button quiet" href="/\${kind.path}">Clear</a></p></div></details>\`
    }
  </form>\`;
}

function filterControl(field, records, search) {
  const id = \`filter-\${field.name}\`;
  const dated = field.type === 'date' || field.type === 'datetime';
  if (dated) {
    const input = (end, label) => html\`<label for="\${id}-\${end}">\${capital(field.label)} \${label}</label>
      <input type="date" id="\${id}-\${end}" name="\${field.name}_\${end}" value="\${search.get(\`\${field.name}_\${end}\`) ?? ''}">\`;
    return html\`<div>\${input('from', 'from')}</div><div>\${input('to', 'until')}</div>\`;
  }
  const options = filterOptions(field, records);
  if (options.length === 0 || options.length > MOST_FILTER_LINKS) return null;
  const chosen = search.get(field.name) ?? '';
  const option = ([value, label]) =>
    html\`<option value="\${value}" \${String(value) === chosen && html\`selected\`}>\${label}</option>\`;
  return html\`<div><label for="\${id}">\${capital(field.label)}</label>
    <select id="\${id}" name="\${field.name}"><option value="">All</option>\${options.map(option)}</select></div>\`;
}

function filterOptions(field, records) {
  if (field.type === 'boolean')
    return [
      ['yes', 'Yes'],
      ['no', 'No'],
    ];
  if (field.type === 'choice') return field.choices.map((choice) => [choice, capital(choice)]);
  const target = kindNamed(field.target);
  return records.options(target).map((record) => [record.id, records.title(target, record)]);
}

/** What can be done with the whole list. */
function tools(kind, search, mayAdd) {
  const query = addressWith(search, {});
  return html\`<p class="tools">
    <a href="/api/\${kind.path}.csv\${query}" download>Download as CSV</a>
    <a href="/api/\${kind.path}.json\${query}" download>Download as JSON</a>
    \${mayAdd && html\`<a href="/\${kind.path}/import">Import a CSV file</a>\`}
  </p>\`;
}
`;
