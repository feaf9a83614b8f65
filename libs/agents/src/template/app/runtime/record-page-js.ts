import { source } from '../source.js';

/** src/pages/record.js: a record, its forms and what they do. */
export const recordPageJs = source`import { Problem, capital, withDefaults } from '../fields.js'; //@defaults
import { Problem, capital } from '../fields.js'; //@!defaults
import { html } from '../html.js';
import { dayAsText } from '../show.js';
import { fieldOf } from '../records/index.js'; //@states
import { recordForm, stepForm } from './forms.js'; //@states
import { recordForm } from './forms.js'; //@!states
import { article, emptyState, problems, recordTable, toneOf, valueOf } from './parts.js'; //@states
import { article, emptyState, problems, recordTable, valueOf } from './parts.js'; //@!states

const DONE = { added: 'Added.', saved: 'Saved.' };
const MOST_RELATED = 20;

/** A record with what is worked out for it and what links to it. */
export function show(kind, id, visit) {
  const { records, search } = visit;
  const record = records.find(kind, id);
  const fact = (column) =>
    html\`<div><dt>\${capital(column.label)}</dt><dd>\${valueOf(column, record[column.name], records)}</dd></div>\`;
  const content = html\`\${trail(kind)}
    <div class="heading"><h1>\${records.title(kind, record)}\${stateTag(kind, record, records)}</h1>\${actions(kind, record, visit)}</div> //@states
    <div class="heading"><h1>\${records.title(kind, record)}</h1>\${actions(kind, record, visit)}</div> //@!states
    \${lockNote(kind, record, records)} //@locks
    \${kind.values && html\`<dl class="values">\${kind.values.map(fact)}</dl>\`} //@values
    <dl class="facts">\${kind.fields.map(fact)}</dl>
    \${records.related(kind, record).map((group) => relatedSection(group, kind, record, visit))}
    \${history(record)}\`;
  return { title: records.title(kind, record), content, notice: DONE[search.get('_done')] };
}

const trail = (kind, record, records) => html\`<p class="trail"><a href="/\${kind.path}">\${capital(kind.plural)}</a>
  \${record && html\` / <a href="/\${kind.path}/\${record.id}">\${records.title(kind, record)}</a>\`}</p>\`;

function actions(kind, record, { records, hidden }) {
  const path = \`/\${kind.path}/\${record.id}\`;
  const mayChange = records.allows('change', kind, record); //@access
  const mayDelete = records.allows('delete', kind, record); //@access
//#if locks
  const canChange = !records.lockedBecause('change', kind, record);
  const canDelete = !records.lockedBecause('delete', kind, record);
//#endif
  const edit = html\`<a class="button quiet" href="\${path}/edit">Edit</a>\`;
  const remove = html\`<a class="button quiet" href="\${path}/delete">Delete</a>\`;
  return html\`<div class="actions">
    \${steps(kind, record, records, hidden)} //@states
    \${mayChange && canChange && edit}\${mayDelete && canDelete && remove} //@access&locks
    \${mayChange && edit}\${mayDelete && remove} //@access&!locks
    \${canChange && edit}\${canDelete && remove} //@!access&locks
    \${edit}\${remove} //@!access&!locks
  </div>\`;
}
//#if states

const stateTag = (kind, record, records) =>
  kind.states && html\` \${valueOf(fieldOf(kind, kind.states.field), record[kind.states.field], records)}\`;

/** A button for each step that may be taken. */
function steps(kind, record, records, hidden) {
  const button = ({ to }) =>
    html\`<button type="submit" name="to" value="\${to}" class="\${toneOf(to) === 'bad' && 'quiet'}">Mark as \${to}</button>\`;
  const next = records.steps(kind, record);
  if (next.length === 0) return '';
  return html\`<form method="post" action="/\${kind.path}/\${record.id}/step">\${hidden}
    <input type="hidden" name="version" value="\${record.version}">\${next.map(button)}</form>\`;
}
//#endif
//#if locks

function lockNote(kind, record, records) {
  const reason = records.lockedBecause('change', kind, record) ?? records.lockedBecause('delete', kind, record);
  return reason && html\`<p class="note">\${reason}</p>\`;
}
//#endif

function relatedSection({ from, field, records: found }, kind, record, { records }) {
  const many = from.fields.filter((one) => one.target === kind.name).length > 1;
  const heading = html\`\${capital(from.plural)}\${many && html\` <small>as \${field.label}</small>\`} <span class="count">\${found.length}</span>\`;
  const mayAdd = records.allows('add', from); //@access
  const mayAdd = true; //@!access
  const add =
    mayAdd &&
    html\`<a class="button quiet small" href="/\${from.path}/new?\${field.name}=\${record.id}">Add \${article(from.label)}</a>\`;
  const more =
    found.length > MOST_RELATED &&
    html\`<p><a href="/\${from.path}?\${field.name}=\${record.id}">All \${found.length} \${from.plural}</a></p>\`;
  return html\`<section class="related"><div class="heading"><h2>\${heading}</h2>\${found.length > 0 && add}</div>
    \${found.length === 0 ? emptyState(\`No \${from.plural} yet.\`, add) : recordTable(from, found.slice(0, MOST_RELATED), records, { without: field.name })}\${more}</section>\`;
}

function history(record) {
  const at = (time) => html\`<time datetime="\${time}">\${dayAsText(time)}, \${time.slice(11, 16)} UTC</time>\`;
  const added = html\`Added \${at(record.created_at)} by \${record.created_by}\`; //@sign_in
  const changed = html\`changed \${at(record.updated_at)} by \${record.updated_by}\`; //@sign_in
  const added = html\`Added \${at(record.created_at)}\`; //@!sign_in
  const changed = html\`changed \${at(record.updated_at)}\`; //@!sign_in
  return html\`<p class="history">\${added}\${record.version > 1 && html\` · \${changed}\`}</p>\`;
}

/** The form for a new record; the address may name values to begin with. */
export function addForm(kind, { records, search, hidden }, { values = null, problem = null } = {}) {
  records.demand('add', kind); //@access
  const first = withDefaults(kind, Object.fromEntries(search)); //@defaults
  const first = Object.fromEntries(search); //@!defaults
  const title = \`Add \${article(kind.label)}\`;
  const form = { kind, fields: enterable(kind), values: values ?? first, problem, records, hidden };
  const content = html\`\${trail(kind)}<h1>\${title}</h1>
    \${recordForm({ ...form, action: \`/\${kind.path}\`, cancel: \`/\${kind.path}\`, submit: 'Add' })}\`;
  return { title, content, status: problem?.status };
}

/** The form for a change. */
export function editForm(kind, id, { records, hidden }, { values = null, problem = null } = {}) {
  const record = records.find(kind, id);
  records.demand('change', kind, record); //@access
  const title = \`Edit \${records.title(kind, record)}\`;
  const path = \`/\${kind.path}/\${record.id}\`;
  const version = html\`<input type="hidden" name="version" value="\${values?.version ?? record.version}">\${hidden}\`;
  const form = { kind, fields: enterable(kind), values: values ?? record, problem, records, hidden: version };
  const content = html\`\${trail(kind, record, records)}<h1>\${title}</h1>\${recordForm({ ...form, action: path, cancel: path, submit: 'Save' })}\`;
  return { title, content, status: problem?.status };
}

/** The fields that a form asks for: all but the state, which changes step by step. */ //@states
const enterable = (kind) => kind.fields.filter((field) => field.name !== kind.states?.field); //@states
const enterable = (kind) => kind.fields; //@!states

/** The question before a record is deleted. */
export function deleteForm(kind, id, { records, hidden }, { problem = null } = {}) {
  const record = records.find(kind, id);
  records.demand('delete', kind, record); //@access
  const title = \`Delete \${records.title(kind, record)}?\`;
  const path = \`/\${kind.path}/\${record.id}\`;
  const content = html\`\${trail(kind, record, records)}<h1>\${title}</h1>\${problem && problems([], {}, problem.message)}
    <p>This cannot be undone.</p>
    <form method="post" action="\${path}/delete">\${hidden}
      <p class="actions"><button type="submit" class="danger">Delete</button>
      <a class="button quiet" href="\${path}">Cancel</a></p>
    </form>\`;
  return { title, content, status: problem?.status };
}

export const add = (kind, visit) =>
  attempt(
    () => \`/\${kind.path}/\${visit.records.add(kind, visit.form).id}?_done=added\`,
    (problem) => addForm(kind, visit, { values: visit.form, problem }),
  );

export const change = (kind, id, visit) =>
  attempt(
    () => \`/\${kind.path}/\${visit.records.change(kind, id, visit.form).id}?_done=saved\`,
    (problem) => editForm(kind, id, visit, { values: visit.form, problem }),
  );
//#if states

/** Takes a step; where fields stand in its way, asks for them. */
export function takeStep(kind, id, visit) {
  const { to, ...entered } = visit.form;
  const record = visit.records.find(kind, id);
  const next = { ...record, ...entered, [kind.states?.field]: to };
  return attempt(
    () => \`/\${kind.path}/\${visit.records.change(kind, id, next).id}?_done=saved\`,
    (problem) => {
      const fields = Object.keys(problem.errors)
        .map((name) => fieldOf(kind, name))
        .filter((field) => field && field.name !== kind.states?.field);
      const title = \`Mark as \${to}\`;
      const form = { kind, fields, values: next, problem, to, record, records: visit.records, hidden: visit.hidden };
      const content = html\`\${trail(kind, record, visit.records)}<h1>\${title}</h1>\${stepForm(form)}\`;
      return { title, content, status: problem.status };
    },
  );
}
//#endif

export const remove = (kind, id, visit) =>
  attempt(
    () => {
      visit.records.remove(kind, id);
      return \`/\${kind.path}?_done=deleted\`;
    },
    (problem) => deleteForm(kind, id, visit, { problem }),
  );

/** Runs a change; where it is refused, shows the form again with what was entered. */
function attempt(run, again) {
  try {
    return { redirect: run() };
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 403 || error.status === 404) throw error;
    return again(error);
  }
}
`;
