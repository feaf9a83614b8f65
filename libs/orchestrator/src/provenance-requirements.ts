import type { ImplementationPlan, SoftwareSpecification } from '#contracts';
import type { PlanItem, Provenance, Said, Wanted } from './provenance-types.js';

/** Words of a person with the words themselves. */
export interface SaidSomewhere extends Said {
  readonly text: string;
}

/** What the plan says of its tasks. */
export const planItems = ({ task_breakdown }: ImplementationPlan): PlanItem[] =>
  task_breakdown.map(({ id, title, requirements = null, criteria = null }) => ({ id, title, requirements, criteria }));

/** Requirements and criteria, each with the words of the person that it comes from, as far as they are on record. */
export function requirementsOf(
  specification: SoftwareSpecification | null,
  criteria: ImplementationPlan['acceptance_criteria'],
  said: readonly SaidSomewhere[],
): Pick<Provenance, 'requirements' | 'criteria'> {
  const sources = new Map(specification?.requirement_sources?.map(({ requirement, source }) => [requirement, source]));
  const wanted = (id: string, text: string, source: string | null): Wanted => ({ id, text, source, said_in: source && saidIn(said, source) });
  return {
    requirements: (specification?.requirements ?? []).map((text, index) => wanted(`R-${index + 1}`, text, sources.get(text) ?? null)),
    criteria: criteria.map(({ id, text, source }) => wanted(id, text, source)),
  };
}

/** Words alone: how they are spaced, written and punctuated does not matter. */
const words = (text: string): string =>
  ` ${text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `;

/** The first place where a person said these very words, one after the other. */
function saidIn(said: readonly SaidSomewhere[], source: string): string | null {
  const wanted = words(source);
  if (wanted.trim() === '') return null;
  return said.find(({ text }) => words(text).includes(wanted))?.event_id ?? null;
}
