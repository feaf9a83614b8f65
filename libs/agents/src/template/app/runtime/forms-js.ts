import { source } from '../source.js';

/** src/pages/forms.js: the controls of a form, by type of field. */
export const formsJs = source`import { capital } from '../fields.js';
import { html } from '../html.js';
import { kindNamed } from '../records/index.js';
import { problems } from './parts.js';

const INPUT_TYPES = {
  date: 'date',
  time: 'time',
  datetime: 'datetime-local',
  email: 'email',
  phone: 'tel',
  url: 'url',
  file_link: 'url',
};
const STEPS = { number: 'any', integer: '1', money: '0.01' };
const HINTS = {
  phone: 'With the area code, such as +44 20 7946 0123.',
  url: 'A web address that begins with https://',
  file_link: 'The address of the file, beginning with https://',
};

/** The form of a record: one labelled control per field, with what is wrong next to it. */
export function recordForm({ kind, fields, values, problem, action, submit, cancel, records, hidden }) {
  const errors = problem?.errors ?? {};
  return html\`<form class="card form" method="post" action="\${action}" novalidate>
    \${problems(fields, errors, problem?.message)}
    \${hidden}
    \${fields.map((field) => control(field, values[field.name], errors[field.name], records))}
    <p class="actions"><button type="submit">\${submit}</button> <a class="button quiet" href="\${cancel}">Cancel</a></p>
  </form>\`;
}
//#if states

/** What is missing for a step: the fields that it was refused for. */
export function stepForm({ kind, fields, values, problem, to, record, records, hidden }) {
  const path = \`/\${kind.path}/\${record.id}\`;
  return html\`<form class="card form" method="post" action="\${path}/step" novalidate>
    \${problems(fields, problem.errors, problem.message)}
    \${hidden}<input type="hidden" name="version" value="\${record.version}">
    \${fields.map((field) => control(field, values[field.name], problem.errors[field.name], records))}
    <p class="actions">\${fields.length > 0 && html\`<button type="submit" name="to" value="\${to}">Mark as \${to}</button>\`}
      <a class="button quiet" href="\${path}">Back</a></p>
  </form>\`;
}
//#endif

function control(field, value, error, records) {
  const id = \`field-\${field.name}\`;
  const hint = HINTS[field.type];
  const described = [hint && \`\${id}-hint\`, error && \`\${id}-error\`].filter(Boolean).join(' ');
  const marks = html\`id="\${id}" name="\${field.name}" \${error && html\`aria-invalid="true"\`} \${described && html\`aria-describedby="\${described}"\`}\`;
  const notes = html\`\${hint && html\`<p class="hint" id="\${id}-hint">\${hint}</p>\`}\${error && html\`<p class="error" id="\${id}-error">\${error}</p>\`}\`;
  const label = html\`\${capital(field.label)}\${!field.required && field.type !== 'boolean' && html\` <small>optional</small>\`}\`;
  if (field.type === 'boolean') {
    const checked = [true, 'true', 'on', 'yes'].includes([value].flat().at(-1));
    return html\`<div class="field check">
      <input type="hidden" name="\${field.name}" value="false"> //@defaults
      <input type="checkbox" value="true" \${marks} \${checked && html\`checked\`}><label for="\${id}">\${label}</label>\${notes}</div>\`;
  }
  if (field.type === 'references') {
    return html\`<fieldset class="field" id="\${id}"><legend>\${label}</legend>\${notes}<div class="options">\${checkboxes(field, value, records)}</div></fieldset>\`;
  }
  return html\`<div class="field \${field.type}"><label for="\${id}">\${label}</label>\${notes}\${input(field, value, marks, records)}</div>\`;
}

function input(field, value, marks, records) {
  const needed = field.required && html\`required\`;
  if (field.type === 'long_text') return html\`<textarea rows="5" \${marks} \${needed}>\${value ?? ''}</textarea>\`;
  if (field.type === 'choice')
    return select(
      field.choices.map((choice) => [choice, capital(choice)]),
      value,
      marks,
      needed,
    );
  if (field.type === 'rating')
    return select(
      [1, 2, 3, 4, 5].map((stars) => [stars, \`\${stars} of 5\`]),
      value,
      marks,
      needed,
    );
  if (field.type === 'reference') {
    const target = kindNamed(field.target);
    const options = records.options(target).map((record) => [record.id, records.title(target, record)]);
    return html\`\${select(options, value, marks, needed)}\${options.length === 0 && addFirst(target)}\`;
  }
  const step = STEPS[field.type];
  if (step) {
    const mode = field.type === 'integer' ? 'numeric' : 'decimal';
    return html\`<input type="number" inputmode="\${mode}" step="\${step}" value="\${value ?? ''}" \${marks} \${needed}>\`;
  }
  return html\`<input type="\${INPUT_TYPES[field.type] ?? 'text'}" value="\${value ?? ''}" autocomplete="off" \${marks} \${needed}>\`;
}

function select(options, value, marks, needed) {
  const chosen = String(value ?? '');
  const option = ([key, label]) =>
    html\`<option value="\${key}" \${String(key) === chosen && html\`selected\`}>\${label}</option>\`;
  return html\`<select \${marks} \${needed}><option value="">Choose…</option>\${options.map(option)}</select>\`;
}

function checkboxes(field, value, records) {
  const target = kindNamed(field.target);
  const chosen = [value ?? []].flat().map(String);
  const options = records.options(target);
  if (options.length === 0) return addFirst(target);
  return options.map(
    (record) => html\`<label class="option"><input type="checkbox" name="\${field.name}" value="\${record.id}"
      \${chosen.includes(String(record.id)) && html\`checked\`}> \${records.title(target, record)}</label>\`,
  );
}

const addFirst = (target) =>
  html\`<p class="hint">There are no \${target.plural} yet. <a href="/\${target.path}/new">Add one first.</a></p>\`;
`;
