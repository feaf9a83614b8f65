import { source } from './source.js';

/** src/forms.js: the form of a record. */
export const formsJs = source`import { html } from './html.js';
import { capital, entityNamed } from './schema.js';

const INPUT_TYPES = { date: 'date', time: 'time', datetime: 'datetime-local', email: 'email', url: 'url' };
const NUMERIC = { number: 'any', integer: '1', money: '0.01' };

/** The form of a record: one labelled control per field, with what is wrong next to it. */
export function recordForm({ entity, values, errors, message, action, submit, cancel, records, hidden }) {
  return html\`<form method="post" action="\${action}" novalidate>
    \${problems(entity.fields, errors, message)}
    \${hidden}
    \${entity.fields.map((field) => control(field, values[field.name], errors[field.name], records))}
    <p class="actions">
      <button type="submit">\${submit}</button>
      <a class="button quiet" href="\${cancel}">Cancel</a>
    </p>
  </form>\`;
}

/** The summary above a form that was refused. */
export function problems(fields, errors, message) {
  if (!message) return '';
  const broken = fields.filter((field) => errors[field.name]);
  return html\`<div class="problems" role="alert">
    <p>\${message}</p>
    <ul>\${broken.map((field) => html\`<li><a href="#field-\${field.name}">\${errors[field.name]}</a></li>\`)}</ul>
  </div>\`;
}

function control(field, value, error, records) {
  const id = \`field-\${field.name}\`;
  const marks = html\`id="\${id}" name="\${field.name}" \${error && html\`aria-invalid="true" aria-describedby="\${id}-error"\`}\`;
  const note = error && html\`<p class="error" id="\${id}-error">\${error}</p>\`;
  const label = html\`\${capital(field.label)}\${!field.required && field.type !== 'boolean' && html\` <small>optional</small>\`}\`;
  if (field.type === 'boolean') {
    const checked = value === true || value === 'true' || value === 'on' || value === 'yes';
    return html\`<div class="field check">
      <input type="checkbox" value="true" \${marks} \${checked && html\`checked\`}><label for="\${id}">\${label}</label>\${note}
    </div>\`;
  }
  if (field.type === 'references') {
    return html\`<fieldset class="field" id="\${id}"><legend>\${label}</legend>\${note}\${checkboxes(field, value, records)}</fieldset>\`;
  }
  return html\`<div class="field"><label for="\${id}">\${label}</label>\${input(field, value, marks, records)}\${note}</div>\`;
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
    const target = entityNamed(field.target);
    const options = records.options(target).map((record) => [record.id, records.titleOf(target, record)]);
    return html\`\${select(options, value, marks, needed)}\${options.length === 0 && addFirst(target)}\`;
  }
  const step = NUMERIC[field.type];
  if (step)
    return html\`<input type="number" inputmode="decimal" step="\${step}" value="\${value ?? ''}" \${marks} \${needed}>\`;
  return html\`<input type="\${INPUT_TYPES[field.type] ?? 'text'}" value="\${value ?? ''}" \${marks} \${needed}>\`;
}

function select(options, value, marks, needed) {
  const chosen = String(value ?? '');
  const option = ([key, label]) =>
    html\`<option value="\${key}" \${String(key) === chosen && html\`selected\`}>\${label}</option>\`;
  return html\`<select \${marks} \${needed}><option value="">Choose…</option>\${options.map(option)}</select>\`;
}

function checkboxes(field, value, records) {
  const target = entityNamed(field.target);
  const chosen = [value ?? []].flat().map(String);
  const options = records.options(target);
  if (options.length === 0) return addFirst(target);
  return options.map(
    (record) => html\`<label class="option"><input type="checkbox" name="\${field.name}" value="\${record.id}"
      \${chosen.includes(String(record.id)) && html\`checked\`}> \${records.titleOf(target, record)}</label>\`,
  );
}

const addFirst = (target) =>
  html\`<p class="hint">There are no \${target.label_plural} yet. <a href="/\${target.path}/new">Add one first.</a></p>\`;
`;
