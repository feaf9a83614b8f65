import type { AcceptanceCriterion, DatabaseSchema, ImplementationPlan, SoftwareSpecification } from '#contracts';
import { newDraft } from '../language/draft.js';
import { parseRequirements } from '../language/understand.js';
import { fileOf } from '../app/write/names.js';
import { testFileOf } from '../app/manifest.js';
import { checkOf, sourceKeys } from './criteria.js';
import { readKeeps } from './requirements.js';

type PlanTask = ImplementationPlan['task_breakdown'][number];

/** By the key of a part of the model (`book`, `book.title`, `computed.overdue`), the requirement that asks for it. */
function requirementsByPart(requirements: readonly string[]): Map<string, string> {
  const lists = newDraft();
  for (const line of requirements) {
    lists.sentence = line;
    readKeeps(lists, line.trim());
  }
  return new Map([...parseRequirements(requirements).draft.sources, ...lists.sources]);
}

/**
 * The sentences of the conversation that requirements come from.
 * @param said by the key of a part of the model, the sentence of the person
 */
export function sourcesOfRequirements(
  requirements: readonly string[],
  said: ReadonlyMap<string, string>,
): NonNullable<SoftwareSpecification['requirement_sources']> {
  const found = new Map<string, string>();
  for (const [part, requirement] of requirementsByPart(requirements)) {
    const source = said.get(part);
    if (source !== undefined && source.trim() !== '' && requirements.includes(requirement) && !found.has(requirement)) found.set(requirement, source);
  }
  return requirements.flatMap((requirement) => {
    const source = found.get(requirement);
    return source === undefined ? [] : [{ requirement, source }];
  });
}

/** The list that a part of the model belongs to; undefined for lists that are worked out, and for who may sign in. */
function listOf({ entities }: DatabaseSchema, part: string): string | undefined {
  const [first, second] = part.split('.').map((word) => entities.find(({ name }) => name === word)?.name);
  return part.startsWith('computed.') ? undefined : (first ?? second);
}

/** Files whose tasks serve one promise that every app keeps. */
const PROMISES: Readonly<Record<string, readonly string[]>> = {
  'src/store.js': ['app.durable'],
  'src/html.js': ['app.escaped', 'app.paged'],
  'src/api.js': ['app.described'],
};

/** Which parts of the model a task is about, told by the files that it writes; null for what serves them all alike. */
function subjectOf(schema: DatabaseSchema, { files }: PlanTask): ((part: string) => boolean) | null {
  const entity = schema.entities.find((one) => files.includes(fileOf(one)) || files.includes(testFileOf(one.label_plural)));
  if (entity) return (part) => listOf(schema, part) === entity.name;
  if (files.includes('src/pages/computed.js') || files.includes('test/lists-and-totals.test.js')) return (part) => part.startsWith('computed.');
  if (files.includes('src/accounts.js')) return (part) => part === 'sign_in' || part.startsWith('permission.');
  const promised = files.flatMap((path) => PROMISES[path] ?? []);
  return promised.length === 0 ? null : (part) => promised.includes(part);
}

/** The tasks of a plan, each with the requirements and the criteria that it serves, where it does not serve them all alike. */
export function withOrigins(
  tasks: readonly PlanTask[],
  schema: DatabaseSchema,
  requirements: readonly string[],
  criteria: readonly AcceptanceCriterion[],
): PlanTask[] {
  const parts = [...requirementsByPart(requirements)];
  const asked = criteria.flatMap(({ id, text }) => {
    const check = checkOf(schema, text);
    return check ? [{ id, part: sourceKeys(check)[0] ?? `app.${check.kind}` }] : [];
  });
  return tasks.map((task) => {
    const isAbout = subjectOf(schema, task);
    if (!isAbout) return task;
    const served = new Set(parts.flatMap(([part, requirement]) => (isAbout(part) ? [requirements.indexOf(requirement) + 1] : [])));
    served.delete(0);
    return {
      ...task,
      requirements: [...served].sort((a, b) => a - b).map((place) => `R-${place}`),
      criteria: asked.flatMap(({ id, part }) => (isAbout(part) ? [id] : [])),
    };
  });
}
