import type { DatabaseSchema, Entity, Field } from '#contracts';
import { article } from '../language/words.js';
import { Wanted, addFn, apiPath, printFigure, quote, targetOf, valuesFn } from './proof/figures.js';
import type { Figure, Sample } from './proof/figures.js';
import { DEEPEST } from './proof/scenario.js';
import { Plain, linkedSolution } from './proof/solver.js';
import { isEmpty, links } from './proof/world.js';

/** test-support/samples.js: valid values for each kind of record, whatever rules it has. */
export function samplesFile(schema: DatabaseSchema): string {
  const plain = new Plain(schema);
  const functions = schema.entities.map((entity) => sampleFunctions(schema, plain, entity)).join('');
  return `${/\bday\(/.test(functions) ? "import { day } from './app.js';\n\n" : ''}let last = 0;

/** A number that was not given before. */
export const next = () => (last += 1);

/** The values that were sent, as the app saved them. */
export const saved = (record, values) => Object.fromEntries(Object.keys(values).map((name) => [name, record[name]]));
${functions}`;
}

function sampleFunctions(schema: DatabaseSchema, plain: Plain, entity: Entity): string {
  const values = plain.of(entity)?.values ?? {};
  const sample: Sample = { entity, values, name: '' };
  const lines = entity.fields
    .filter((field) => field.name !== entity.lifecycle?.field && !isEmpty(values[field.name] ?? null))
    .map((field) => `    ${field.name}: ${expression(schema, plain, sample, field, values[field.name] ?? null)},`);
  const values_ = `
/** Valid values of ${article(entity.label)}; \`changes\` replaces some of them. */
export async function ${valuesFn(entity)}(app, changes = {}) {
  return {
${lines.map((line) => `${line}\n`).join('')}    ...changes,
  };
}
`;
  const path = quote(apiPath(entity));
  if (!entity.lifecycle)
    return `${values_}
export const ${addFn(entity)} = async (app, changes) => app.add(${path}, await ${valuesFn(entity)}(app, changes));
`;
  return `${values_}
/** Adds ${article(entity.label)} and takes it through the states in \`steps\`. */
export async function ${addFn(entity)}(app, changes, ...steps) {
  let record = await app.add(${path}, await ${valuesFn(entity)}(app, changes));
  for (const state of steps) record = await app.change(\`${apiPath(entity)}/\${record.id}\`, { ${entity.lifecycle.field}: state });
  return record;
}
`;
}

function expression(schema: DatabaseSchema, plain: Plain, sample: Sample, field: Field, value: Figure): string {
  if (field.target === null) return printFigure(field, value);
  const one = linked(schema, plain, sample, field);
  const all = links(value).map(() => one);
  return `changes.${field.name} ?? ${Array.isArray(value) ? `[${all.join(', ')}]` : (all[0] ?? 'null')}`;
}

/** A call that adds the plainest record that the link may point at. */
function linked(schema: DatabaseSchema, plain: Plain, sample: Sample, field: Field, depth = 0): string {
  const target = targetOf(schema, sample.entity, field.name);
  const solution = linkedSolution(schema, sample, field);
  if (!target || !solution || depth > DEEPEST) return 'null';
  const usual = plain.of(target)?.values ?? {};
  const there: Sample = { entity: target, values: solution.values, name: '' };
  const changes = target.fields
    .filter((one) => one.name !== target.lifecycle?.field)
    .filter((one) => !alike(solution.values[one.name] ?? null, usual[one.name] ?? null))
    .map((one) => {
      const value = solution.values[one.name] ?? null;
      if (one.target === null) return `${one.name}: ${printFigure(one, value)}`;
      const inner = links(value).map(() => linked(schema, plain, there, one, depth + 1));
      return `${one.name}: ${Array.isArray(value) ? `[${inner.join(', ')}]` : (inner[0] ?? 'null')}`;
    });
  const given = changes.length > 0 ? [`{ ${changes.join(', ')} }`] : solution.steps.length > 0 ? ['{}'] : [];
  return `(await ${addFn(target)}(${['app', ...given, ...solution.steps.map(quote)].join(', ')})).id`;
}

function alike(first: Figure, second: Figure): boolean {
  if (isEmpty(first) && isEmpty(second)) return true;
  if (typeof first === 'string' && typeof second === 'string' && first.charCodeAt(0) === 1 && second.charCodeAt(0) === 1) return true;
  const [ours, theirs] = [links(first), links(second)];
  if (ours.length > 0 || theirs.length > 0)
    return ours.length === theirs.length && ours.every((one, at) => one instanceof Wanted && one.isLike(theirs[at]));
  return first === second;
}
