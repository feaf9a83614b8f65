import type { AcceptanceCriterion, DatabaseSchema, ImplementationPlan, PlanningRequest, SoftwareSpecification } from '#contracts';
import { schemaProblems } from '#contracts';
import { checkKey, checkOf, checksOf, completeCriteria } from './requirements/criteria.js';
import { diagramUrl } from './diagram.js';
import { newDraft } from './language/draft.js';
import { planTasks } from './app/manifest.js';
import { withOrigins } from './requirements/origins.js';
import { readChange } from './language/read-changes.js';
import { amend, parseRequirements } from './language/understand.js';

const STACK = [
  'Node.js 20.19 or newer, ES modules, no npm packages',
  'Pages rendered on the server, HTML and CSS, usable without JavaScript',
  'JSON API over HTTP',
  'Append-only journal file with fsync, kept in memory while running',
  'node:test for the tests',
  'Dockerfile and a GitHub Actions workflow',
];

/** The plan for a specification, or for a rejected plan and the reason. */
export function plan({ specification, revision }: PlanningRequest): ImplementationPlan {
  if (revision) return revisePlan(revision.previous, revision.reason, specification.requirements);
  const { schema, notUnderstood } = parseRequirements(specification.requirements);
  for (const criterion of specification.acceptance_criteria) applyCriterion(schema, criterion);
  schema.not_included = [
    ...specification.out_of_scope,
    ...notUnderstood.map((line) => `Requirement that was not understood: "${line}"`),
    ...untestable(schema, specification),
  ]
    .map((line) => line.slice(0, 2_000))
    .slice(0, 100);
  return assemble(
    specification.core_idea,
    schema,
    completeCriteria(schema, specification.acceptance_criteria, () => null),
    specification.requirements,
  );
}

/** A criterion that a person wrote is a rule as well: "A book without a shelf is refused." */
function applyCriterion(schema: DatabaseSchema, criterion: AcceptanceCriterion): void {
  if (checkOf(schema, criterion.text)) return;
  const draft = newDraft(schema);
  if (readChange(draft, criterion.text.replace(/[.!]+$/, ''))) Object.assign(schema, draft.schema);
}

const untestable = (schema: DatabaseSchema, specification: SoftwareSpecification): string[] =>
  specification.acceptance_criteria
    .filter((criterion) => checkOf(schema, criterion.text) === null)
    .map((criterion) => `No test can be written for ${criterion.id}, as nothing in the requirements matches it: "${criterion.text}"`);

function revisePlan(previous: ImplementationPlan, reason: string, requirements: readonly string[]): ImplementationPlan {
  const draft = newDraft(previous.database_schema);
  const before = new Map(checksOf(previous.database_schema).map((check) => [checkKey(check), check]));
  if (!amend(draft, reason) && draft.unclear.length === 0) draft.unclear.push(reason.trim());
  const { schema } = draft;
  schema.not_included = [
    ...new Set([...schema.not_included, ...draft.outOfScope, ...draft.unclear.map((one) => `Not understood, therefore not included: "${one}"`)]),
  ].slice(0, 100);
  const after = new Set(checksOf(schema).map(checkKey));
  const kept = previous.acceptance_criteria.filter((criterion) => {
    const check = checkOf(previous.database_schema, criterion.text);
    return check === null || !before.has(checkKey(check)) || (after.has(checkKey(check)) && checkOf(schema, criterion.text) !== null);
  });
  return assemble(
    previous.core_idea,
    schema,
    completeCriteria(schema, kept, () => null),
    requirements,
  );
}

function assemble(idea: string, schema: DatabaseSchema, criteria: AcceptanceCriterion[], requirements: readonly string[]): ImplementationPlan {
  const problems = schemaProblems(schema);
  if (schema.entities.length === 0)
    throw new Error('The requirements name no list of records. Add a sentence such as: The app keeps a list of books.');
  if (problems.length > 0) throw new Error(`The requirements contradict each other: ${problems.map((problem) => problem.message).join('; ')}.`);
  return {
    core_idea: idea,
    architecture_diagram_url: diagramUrl(schema),
    database_schema: schema,
    tech_stack: STACK,
    task_breakdown: withOrigins(planTasks(schema), schema, requirements, criteria),
    acceptance_criteria: criteria,
  };
}
