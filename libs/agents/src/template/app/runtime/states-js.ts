import { source } from '../source.js';

/** src/states.js: the states of records and the steps between them. */
export const statesJs = source`import { fieldOf } from './records/index.js';

/** The state in which a new record begins. */
export const firstState = (kind) => fieldOf(kind, kind.states.field).choices[0];

/** The steps that lead on from a record's present state. */
export const stepsFrom = (kind, record) =>
  (kind.states?.steps ?? []).filter((step) => step.from === record[kind.states.field]);

/** Input with the state that goes without saying: the present one, or the first. */
export function withState(kind, input, before) {
  if (!kind.states || (input[kind.states.field] ?? '') !== '') return input;
  return { ...input, [kind.states.field]: before ? before[kind.states.field] : firstState(kind) };
}

/** A complaint where a new record does not begin at the beginning, or where no step leads to the state. */
export function stepRefusal(kind, record, before) {
  if (!kind.states) return undefined;
  const { field } = kind.states;
  if (!before) {
    if (record[field] === firstState(kind)) return undefined;
    return { [field]: \`A new \${kind.label} begins as “\${firstState(kind)}”.\` };
  }
  if (record[field] === before[field]) return undefined;
  const next = stepsFrom(kind, before).map((step) => step.to);
  if (next.includes(record[field])) return undefined;
  const possible =
    next.length > 0 ? \`only become \${next.map((state) => \`“\${state}”\`).join(' or ')}\` : 'not become anything else';
  return { [field]: \`A \${kind.label} that is “\${before[field]}” can \${possible}.\` };
}

/** The step that a change takes; \`alone\` says that it changes nothing else. Undefined where it is none. */
export function stepOf(kind, before, input) {
  const to = input[kind.states?.field];
  const step = stepsFrom(kind, before).find((one) => one.to === to);
  if (!step) return undefined;
  const same = ({ name }) => input[name] === undefined || JSON.stringify(input[name]) === JSON.stringify(before[name]);
  return { ...step, alone: kind.fields.every((field) => field.name === kind.states.field || same(field)) };
}
`;
