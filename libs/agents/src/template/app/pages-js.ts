import { source } from './source.js';

/** src/pages.js: the pages. */
export const pagesJs = source`import { listRecords, showTotal, totalRows } from './computed.js';
import { recordForm } from './forms.js';
import { html } from './html.js';
import { capital, entities, entityNamed, fieldOf, lists, totals } from './schema.js';
import { Problem } from './validation.js';
import { pager, recordTable, totalCard, valueOf } from './views.js';

const NOTICES = { added: 'Added.', saved: 'Saved.', deleted: 'Deleted.' };
const HOME_ROWS = 5;

/** The pages, as functions from a request to \`{ status?, title, content }\` or \`{ redirect }\`. */
export function createPages(records) {
  function home() {
    const card = (entity) => html\`<section class="card">
      <h2><a href="/\${entity.path}">\${capital(entity.label_plural)}</a></h2>
      <p class="figure">\${records.all(entity).length}</p>
      <p><a class="button" href="/\${entity.path}/new">Add \${article(entity.label)}</a></p>
    </section>\`;
    const content = html\`<h1 class="visually-hidden">Overview</h1>
      <div class="cards">\${entities.map(card)}</div>
      \${lists.map((list) => listSection(list))}
      \${totals.length > 0 && html\`<div class="cards wide">\${totals.map((total) => totalCard(total, totalRows(total, records), records))}</div>\`}\`;
    return { title: 'Overview', content };
  }

  function listSection(list) {
    const entity = entityNamed(list.entity);
    const found = listRecords(list, records);
    const more = found.length > HOME_ROWS && html\`<p><a href="/lists/\${list.path}">All \${found.length}</a></p>\`;
    return html\`<section><h2><a href="/lists/\${list.path}">\${list.label}</a> <span class="count">\${found.length}</span></h2>
      \${found.length === 0 ? html\`<p class="none">None at the moment.</p>\` : recordTable(entity, found.slice(0, HOME_ROWS), records)}\${more}</section>\`;
  }

  function computedList(list) {
    const found = listRecords(list, records);
    const table =
      found.length === 0
        ? html\`<p class="none">None at the moment.</p>\`
        : recordTable(entityNamed(list.entity), found, records);
    return {
      title: list.label,
      content: html\`<h1>\${list.label} <span class="count">\${found.length}</span></h1>\${table}\`,
    };
  }

  function index(entity, search) {
    const query = (search.get('q') ?? '').slice(0, 200);
    const found = records.list(entity, { query, page: Number.parseInt(search.get('page') ?? '1', 10) || 1 });
    const link = (page) => \`/\${entity.path}?\${new URLSearchParams(query ? { q: query, page } : { page })}\`;
    const none = query ? \`Nothing found for “\${query}”.\` : \`There are no \${entity.label_plural} yet.\`;
    const content = html\`<div class="heading"><h1>\${capital(entity.label_plural)} <span class="count">\${found.total}</span></h1>
        <a class="button" href="/\${entity.path}/new">Add \${article(entity.label)}</a></div>
      <form class="search" role="search" action="/\${entity.path}">
        <label class="visually-hidden" for="search">Search \${entity.label_plural}</label>
        <input type="search" id="search" name="q" value="\${query}" placeholder="Search \${entity.label_plural}">
        <button type="submit" class="quiet">Search</button>
      </form>
      \${found.total === 0 ? html\`<p class="none">\${none}</p>\` : recordTable(entity, found.items, records)}
      \${pager(found, link)}\`;
    return { title: capital(entity.label_plural), content, notice: NOTICES[search.get('done')] };
  }

  function show(entity, id, search) {
    const record = records.find(entity, id);
    const title = records.titleOf(entity, record);
    const facts = entity.fields.map(
      (field) => html\`<div><dt>\${capital(field.label)}</dt><dd>\${valueOf(field, record, records)}</dd></div>\`,
    );
    const content = html\`<p class="trail"><a href="/\${entity.path}">\${capital(entity.label_plural)}</a></p>
      <div class="heading"><h1>\${title}</h1>
        <p class="actions"><a class="button" href="/\${entity.path}/\${id}/edit">Edit</a>
        <a class="button quiet" href="/\${entity.path}/\${id}/delete">Delete</a></p></div>
      <dl class="facts">\${facts}\${ownTotals(entity, record)}</dl>
      \${records.related(entity, record).map((group) => relatedSection(group, record))}\`;
    return { title, content, notice: NOTICES[search.get('done')] };
  }

  function ownTotals(entity, record) {
    const own = totals.filter(
      (total) => total.by !== null && fieldOf(entityNamed(total.entity), total.by).target === entity.name,
    );
    return own.map((total) => {
      const row = totalRows(total, records).find(({ key }) => key === record.id);
      return html\`<div><dt>\${total.label}</dt><dd>\${showTotal(total, row.value)}</dd></div>\`;
    });
  }

  function relatedSection({ from, field, records: found }, record) {
    const title = capital(from.label_plural);
    const table =
      found.length === 0
        ? html\`<p class="none">None yet.</p>\`
        : recordTable(from, found, records, { without: field.name });
    return html\`<section><h2>\${title} <span class="count">\${found.length}</span></h2>\${table}
      <p><a class="button quiet" href="/\${from.path}/new?\${field.name}=\${record.id}">Add \${article(from.label)}</a></p></section>\`;
  }

  function addForm(entity, { values = {}, problem = null, hidden = '' } = {}) {
    const title = \`Add \${article(entity.label)}\`;
    const action = \`/\${entity.path}\`;
    const form = { entity, values, action, cancel: action, submit: 'Add', records, hidden };
    const content = html\`<h1>\${title}</h1>\${recordForm({ ...form, errors: problem?.errors ?? {}, message: problem?.message })}\`;
    return { title, content, status: problem?.status };
  }

  function editForm(entity, id, { values = null, problem = null, hidden = '' } = {}) {
    const record = records.find(entity, id);
    const title = \`Edit \${records.titleOf(entity, record)}\`;
    const action = \`/\${entity.path}/\${record.id}\`;
    const version = html\`<input type="hidden" name="version" value="\${values?.version ?? record.version}">\${hidden}\`;
    const form = { entity, values: values ?? record, action, cancel: action, submit: 'Save', records, hidden: version };
    const content = html\`<h1>\${title}</h1>\${recordForm({ ...form, errors: problem?.errors ?? {}, message: problem?.message })}\`;
    return { title, content, status: problem?.status };
  }

  function deleteForm(entity, id, { problem = null, hidden = '' } = {}) {
    const record = records.find(entity, id);
    const title = \`Delete \${records.titleOf(entity, record)}?\`;
    const refused = problem && html\`<div class="problems" role="alert"><p>\${problem.message}</p></div>\`;
    const content = html\`<h1>\${title}</h1>\${refused}<p>This cannot be undone.</p>
      <form method="post" action="/\${entity.path}/\${record.id}/delete">\${hidden}
        <p class="actions"><button type="submit" class="danger">Delete</button>
        <a class="button quiet" href="/\${entity.path}/\${record.id}">Cancel</a></p>
      </form>\`;
    return { title, content, status: problem?.status };
  }

  /** Runs a change; where it is refused, shows the form again with what was entered. */
  function attempt(run, again) {
    try {
      return { redirect: run() };
    } catch (error) {
      if (!(error instanceof Problem) || error.status === 404) throw error;
      return again(error);
    }
  }

  const add = (entity, values, hidden) =>
    attempt(
      () => \`/\${entity.path}/\${records.add(entity, values).id}?done=added\`,
      (problem) => addForm(entity, { values, problem, hidden }),
    );
  const change = (entity, id, values, hidden) =>
    attempt(
      () => \`/\${entity.path}/\${records.change(entity, id, values).id}?done=saved\`,
      (problem) => editForm(entity, id, { values, problem, hidden }),
    );
  const remove = (entity, id, hidden) =>
    attempt(
      () => {
        records.remove(entity, id);
        return \`/\${entity.path}?done=deleted\`;
      },
      (problem) => deleteForm(entity, id, { problem, hidden }),
    );

  return { home, computedList, index, show, addForm, editForm, deleteForm, add, change, remove };
}

const article = (label) => \`\${/^[aeiou]/i.test(label) ? 'an' : 'a'} \${label}\`;
`;
