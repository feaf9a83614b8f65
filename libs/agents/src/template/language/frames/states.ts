import type { Entity, Field } from '#contracts';
import { putStates, putStep, sameState, stateField } from '../behaviour.js';
import { removeField } from '../draft.js';
import type { Draft } from '../draft.js';
import { isPerson } from '../lexicon.js';
import { mentionsOf, stem } from '../rule-words.js';
import { courseIn, statesListed } from './course.js';
import { readSteps } from './steps.js';

/*
 * The states of records: a course or a list of states, and the list of records that goes through them. That is what the words
 * before the first state name, and what the rest of the text says to be in these states ("accepted films").
 */

/** Reads what a clause says about states; answers whether it did. `topic`: the list that it stands under. */
export function readCourses(draft: Draft, text: string, topic: Entity | null): boolean {
  if (readCourse(draft, text, topic)) return true;
  const known = statesKnown(draft);
  const list = RESULT.test(text) ? null : statesListed(text, known);
  const entity = list && subjectOf(draft, list.head, list.states, topic);
  if (list && entity && isAbout(draft, list.head, entity)) {
    const before = /\b(?:can|may|could|might) (?:also |then |either |only )*be\b/i.test(text) ? endsOf(entity, list.states) : [];
    if (before.length > 0) putCourse(draft, entity, [before, list.states]);
    else putStates(draft, entity, list.states);
    return true;
  }
  return readSteps(draft, text, topic);
}

const statesKnown = (draft: Draft): string[] => draft.schema.entities.flatMap((one) => (one.lifecycle ? (stateField(one)?.choices ?? []) : []));

/** Where records are that nothing follows yet, and that may then become one of `next`. */
function endsOf(entity: Entity, next: readonly string[]): string[] {
  const field = stateField(entity);
  if (!field || field.choices.some((one) => next.some((state) => sameState(one, state)))) return [];
  return field.choices.filter((one) => !entity.lifecycle?.transitions.some((step) => step.from === one)).slice(-1);
}

/** What somebody wants to see is no course: "total paid, total owing, then the members". */
const RESULT = /\b(?:totals?|lists?|reports?|averages?|sum|number of|how (?:many|much)|want to (?:see|know)|show)\b/i;

/** Reads a course of states that is told or drawn; answers whether the text does. */
export function readCourse(draft: Draft, text: string, topic: Entity | null): boolean {
  const known = statesKnown(draft);
  if (RESULT.test(text)) return false;
  const course = courseIn(text, known);
  if (!course) return false;
  const entity = subjectOf(draft, course.head, course.groups.flat(), topic);
  if (!entity) return false;
  const before = stateField(entity)?.choices.find((one) =>
    new RegExp(`\\b${one.replace(/[^\w ]/g, '.')} (?:${entity.label}|${entity.label_plural}|ones?)\\b`, 'i').test(course.head),
  );
  const told = before !== undefined && !course.groups[0]?.includes(before);
  const start = told ? [before] : course.groups.length === 1 ? endsOf(entity, course.groups.flat()) : [];
  putCourse(draft, entity, start.length > 0 ? [start, ...course.groups] : course.groups);
  return true;
}

/** A list of states is of what stands before it, and of nothing else: "our members are kids, parents or teachers" is no status. */
const isAbout = (draft: Draft, head: string, entity: Entity): boolean => {
  const words = head.replace(/^.*:/, '').trim();
  return (
    words === '' ||
    /\b(?:it|they|status(?:es)?|states?|stages?|this|that)\b/i.test(words) ||
    (mentionsOf(draft, words).some((one) => one.entity === entity) && words.split(' ').length <= 5)
  );
};

/** Puts groups of states one after the other: every state of a group leads to every state of the next. */
function putCourse(draft: Draft, entity: Entity, groups: readonly (readonly string[])[]): void {
  const states = [...new Set(groups.flat())];
  const name = putStates(draft, entity, states, statusLabel(entity, states));
  const choices = entity.fields.find((one) => one.name === name)?.choices ?? [];
  const spelled = (state: string): string => choices.find((one) => sameState(one, state)) ?? state;
  const first = choices.find((one) => sameState(one, groups[0]?.[0] ?? ''));
  if (first !== undefined && !entity.lifecycle) choices.splice(0, Infinity, first, ...choices.filter((one) => one !== first));
  for (const [at, group] of groups.entries())
    for (const from of group) for (const to of groups[at + 1] ?? []) putStep(draft, entity, name, spelled(from), spelled(to));
}

/** What the field is called: a choice that says something else than a state is left alone. */
function statusLabel(entity: Entity, states: readonly string[]): string {
  const known = stateField(entity);
  const shares = known?.choices.some((one) => states.some((state) => sameState(one, state))) ?? false;
  return known && (shares || /^(?:status|state|stage|progress)$/.test(known.name)) ? known.label : 'status';
}

/** The list of records that is in these states. */
function subjectOf(draft: Draft, head: string, states: readonly string[], topic: Entity | null): Entity | undefined {
  const named = mentionsOf(draft, head);
  const before = mentionsOf(draft, head).at(-1)?.entity;
  const scored = draft.schema.entities
    .filter(({ label }) => !/^(?:status|state|stage|step)$/.test(label))
    .map((entity, at) => ({
      entity,
      score:
        (before === entity ? 6 : named.some((one) => one.entity === entity) ? 3 : 0) +
        (topic === entity ? (/\b(?:it|they|them)\b/i.test(head) ? 4 : 2) : 0) +
        (draft.last === entity ? 0.5 : 0) +
        Math.min(6, evidence(draft, entity, states)) +
        likelihood(draft, entity) +
        (states.some((state) => state.length > 4 && stem(entity.label).slice(0, 6) === stem(state).slice(0, 6)) ? 3 : 0) +
        (stateField(entity)?.choices.some((one) => states.some((state) => sameState(one, state))) ? 4 : 0) -
        (isPerson(entity.label) && before !== entity ? 2 : 0) -
        at / 100,
    }));
  const [best] = scored.sort((a, b) => b.score - a.score);
  return best && best.score >= 2 ? best.entity : undefined;
}

/** States are of what happens to things, rather than of the things: of what has a day, links to others, and is linked to. */
function likelihood({ schema }: Draft, entity: Entity): number {
  const links = entity.fields.some((field) => field.target !== null && field.target !== entity.name);
  const dated = entity.fields.some((field) => ['date', 'datetime'].includes(field.type));
  const linked = schema.entities.some((one) => one !== entity && one.fields.some((field) => field.target === entity.name));
  return (links ? 1.5 : 0) + (dated ? 1 : 0) + (linked ? 1 : 0);
}

/** How surely the text says the states of the records: "accepted films", "a film can be accepted", "a sheep that went to sold". */
function evidence(draft: Draft, entity: Entity, states: readonly string[]): number {
  const forms = [entity.label_plural, entity.label].map((one) => one.replace(/[^\w ]/g, '.')).join('|');
  return states.reduce((sum, state) => {
    const words = state.replace(/[^\w ]/g, '.');
    const close = `\\b${words} (?:${forms})\\b|\\b(?:${forms})(?: (?:that|which|who))?(?: (?:is|are|was|were|has been|have been|can(?: also| only)? be|can't be|cannot be|may be|must be|gets?|becomes?|being|as|still|not|yet)){0,3} ${words}\\b`;
    if (new RegExp(close, 'i').test(draft.context)) return sum + 2;
    return new RegExp(`\\b(?:${forms})\\b[^.,;:!?\\n]{1,40}\\b${words}\\b`, 'i').test(draft.context) ? sum + 0.7 : sum;
  }, 0);
}

/** "A device sits ready, on loan or retired" names states, and no fields besides: such fields out of the same sentence go. */
export function dropStatesAsFields(draft: Draft): void {
  const { schema, sources } = draft;
  const isState = (entity: Entity, { label, name }: Field): boolean =>
    schema.entities.some((of) => {
      const states = stateField(of);
      const told = [`lifecycle.${of.name}`, `${of.name}.${states?.name ?? ''}`].map((key) => sources.get(key));
      const sentence = sources.get(`${entity.name}.${name}`);
      return sentence !== undefined && told.includes(sentence) && (states?.choices.some((choice) => sameState(choice, label)) ?? false);
    });
  for (const entity of schema.entities)
    for (const field of entity.fields.filter((one) => ['text', 'boolean', 'date'].includes(one.type) && isState(entity, one)))
      removeField(draft, entity, field);
}
