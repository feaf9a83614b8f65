import { source } from '../source.js';

/** src/pages/import.js: adding many records from a file. */
export const importPageJs = source`import { importCsv } from '../csv.js';
import { Problem, capital } from '../fields.js';
import { html } from '../html.js';
import { fieldOf, kindNamed } from '../records/index.js';
import { problems, recordTable } from './parts.js';

const MOST_SHOWN = 10;

/** The form for a file, or for text that is pasted in. */
export function importForm(kind, { records, hidden }, { text = '', problem = null } = {}) {
  records.demand('add', kind); //@access
  const title = \`Import \${kind.plural}\`;
  const head = kind.fields.map((field) => field.label).join(',');
  const content = html\`<p class="trail"><a href="/\${kind.path}">\${capital(kind.plural)}</a></p><h1>\${title}</h1>
    <form class="card form" method="post" action="/\${kind.path}/import" enctype="multipart/form-data">
      \${problem && problems([], {}, problem.message)}\${hidden}
      <p>Choose a CSV file, as every spreadsheet can save one. Its first line names the fields: <code>\${head}</code>.
        Leave out what you do not have. \${kind.fields.filter((field) => field.target).map(linkHint)}</p>
      <div class="field"><label for="file">File</label><input type="file" id="file" name="file" accept=".csv,text/csv"></div>
      <div class="field"><label for="text">Or paste the lines here</label><textarea id="text" name="text" rows="6" spellcheck="false">\${text}</textarea></div>
      <p class="actions"><button type="submit">See what would happen</button> <a class="button quiet" href="/\${kind.path}">Cancel</a></p>
    </form>\`;
  return { title, content, status: problem?.status };
}

const linkHint = (field) =>
  html\`A \${field.label} is given by the title of one of the \${kindNamed(field.target).plural}. \`;

/** Shows what a file would add, or, once that was confirmed, adds all of it. */
export function runImport(kind, visit) {
  const { form, records } = visit;
  const text = String(form.file || form.text || '');
  try {
    const { count, added, problems: wrong } = importCsv(kind, text, records, { preview: form.confirmed !== 'yes' });
    if (form.confirmed === 'yes' && wrong.length === 0) return { redirect: \`/\${kind.path}?_done=imported\` };
    return wrong.length > 0 ? refused(kind, wrong, text, visit) : preview(kind, count, added, text, visit);
  } catch (error) {
    if (!(error instanceof Problem) || error.status === 403) throw error;
    return importForm(kind, visit, { text, problem: error });
  }
}

function preview(kind, count, added, text, { records, hidden }) {
  const title = \`Import \${count} \${count === 1 ? kind.label : kind.plural}?\`;
  const more = count > MOST_SHOWN && html\`<p>And \${count - MOST_SHOWN} more.</p>\`;
  const content = html\`<h1>\${title}</h1><p>Nothing was saved yet. These are the first lines:</p>
    \${recordTable(kind, added.slice(0, MOST_SHOWN), records, { linked: false })}\${more}
    <form method="post" action="/\${kind.path}/import">\${hidden}
      <input type="hidden" name="confirmed" value="yes"><input type="hidden" name="text" value="\${text}">
      <p class="actions"><button type="submit">Import all</button> <a class="button quiet" href="/\${kind.path}/import">Cancel</a></p>
    </form>\`;
  return { title, content };
}

function refused(kind, wrong, text, visit) {
  const title = 'Nothing was imported';
  const named = ([name, message]) => \`\${capital(fieldOf(kind, name)?.label ?? name)}: \${message}\`;
  const reasons = ({ errors, message }) => Object.entries(errors).map(named).join(' ') || message;
  const content = html\`<h1>\${title}</h1>
    <div class="problems" role="alert"><p>\${wrong.length === 1 ? 'One line needs' : \`\${wrong.length} lines need\`} another look:</p>
      <ul>\${wrong.slice(0, 50).map((one) => html\`<li>Line \${one.line}: \${reasons(one)}</li>\`)}</ul></div>
    \${importForm(kind, visit, { text }).content}\`;
  return { title, content, status: 400 };
}
`;
