import { requiredCycle } from '#contracts';
import type { DatabaseSchema, Entity } from '#contracts';
import { tellsOfThemselves } from './asides.js';
import { completeFields, proposeEntry, proposeLists, proposeThings, titleOf } from './complete.js';
import { contradictionsIn } from './contradictions.js';
import { readDocument } from './document.js';
import type { Passage } from './document.js';
import { newDraft, removeEntity, removeField } from './draft.js';
import type { Draft } from './draft.js';
import { fieldSentence } from './field-sentence.js';
import { isUnlikelyName } from './frames/attributes.js';
import { linkLoose } from './frames/links.js';
import { senseOf } from './frames/senses.js';
import { cutImpossible } from './limits.js';
import { readBehaviour } from './read-behaviour.js';
import { readChange, readSignIn } from './read-changes.js';
import { noteImpossible } from './read-fields.js';
import { noteStatements, takeStatements } from './read-statements.js';
import { readKeeps, readRequirement, readSpecification } from '../requirements/requirements.js';
import { readRelation } from './relations.js';

/*
 * Plain language to a model, by rules alone: the same words always give the same model.
 */

/**
 * Reads an idea. The draft may have no entities where nothing was recognised. Of two sentences that contradict each other the
 * later one is read, or the one that `settled` gives for what they are about.
 */
export function understand(idea: string, settled: ReadonlyMap<string, 0 | 1> = new Map()): Draft {
  const passages = readDocument(idea);
  const draft = understandPassages(idea, passages);
  const contradictions = contradictionsIn(draft, passages);
  if (contradictions.length === 0) return draft;
  const dropped = new Set(contradictions.map(({ about, sentences }) => sentences[settled.get(about) === 0 ? 1 : 0]));
  const rest = understandPassages(
    idea,
    passages.filter((one) => !dropped.has(one.said)),
  );
  rest.contradictions.push(...contradictions);
  return rest;
}

function understandPassages(idea: string, passages: readonly Passage[]): Draft {
  const draft = newDraft();
  draft.context = idea;
  applyText(draft, passages);
  for (const entity of draft.schema.entities.filter((one) => isUnlikelyName(one.label) || isTheirOwn(draft, one))) removeEntity(draft, entity);
  proposeThings(draft, idea);
  settle(draft, idea);
  linkLoose(draft, passages);
  readBehaviour(draft, passages);
  settle(draft, idea);
  proposeLists(draft);
  return draft;
}

/** "I manage a small music school with 12 teachers": what the writer is or runs is no list of records. */
const isTheirOwn = (draft: Draft, { name, label, fields }: Entity): boolean =>
  draft.schema.entities.length > 1 &&
  fields.every((field) => field.target !== null) &&
  ['group', 'place'].includes(senseOf(label) ?? '') &&
  tellsOfThemselves(draft.sources.get(name) ?? '');

/** Reads what a person adds or corrects; answers whether anything was understood. */
export function amend(draft: Draft, text: string): boolean {
  const before = JSON.stringify([draft.schema, draft.signInSaid, draft.outOfScope]);
  const passages = readDocument(text);
  applyText(draft, passages);
  settle(draft, draft.context);
  readBehaviour(draft, passages);
  settle(draft, draft.context);
  return JSON.stringify([draft.schema, draft.signInSaid, draft.outOfScope]) !== before;
}

/**
 * Builds sentences of controlled English that a person agreed to, as the meaning of what they `said`; a list or total that was made of
 * the same words is not what they want.
 */
export function build(draft: Draft, sentences: readonly string[], said: string): void {
  const { computed } = draft.schema;
  computed.splice(0, Infinity, ...computed.filter(({ name }) => draft.sources.get(`computed.${name}`) !== said));
  draft.sentence = said;
  for (const sentence of sentences) readRequirement(draft, sentence);
  draft.understood.add(said);
  draft.unclear.splice(0, Infinity, ...draft.unclear.filter((one) => !said.includes(one) && !one.includes(said)));
  settle(draft, draft.context);
}

/** Makes sure that there is something to build. */
export function settleAnyway(draft: Draft, text: string): void {
  if (draft.schema.entities.length > 0) return;
  proposeEntry(draft, text);
  settle(draft, text);
}

/** What the model would be called and hold, once everything that was said is in it. */
function settle(draft: Draft, idea: string): void {
  draft.sentence = '';
  completeFields(draft);
  breakCycles(draft.schema);
  keepWithinLimits(draft);
  if (!draft.titleSaid) draft.schema.title = titleOf(draft, idea);
}

const MAX_LISTS = 30;
const MAX_FIELDS = 300;
const MAX_FIELDS_OF_ONE = 40;

/** Leaves out what goes beyond an app that a person can oversee, and says so. */
function keepWithinLimits(draft: Draft): void {
  const { entities, computed } = draft.schema;
  const leaveOut = (what: string): void =>
    noteImpossible(draft, { what, why: `an app has at most ${MAX_LISTS} lists, ${MAX_FIELDS_OF_ONE} fields each and ${MAX_FIELDS} fields in all` });
  for (const entity of entities) {
    for (const field of entity.fields.slice(MAX_FIELDS_OF_ONE)) removeField(draft, entity, field);
    for (const field of entity.fields) field.choices.splice(60);
  }
  while (entities.length > MAX_LISTS || entities.reduce((sum, entity) => sum + entity.fields.length, 0) > MAX_FIELDS) {
    const last = entities.at(-1);
    if (!last) break;
    if (draft.outOfScope.length < 50) leaveOut(`Records of ${last.label_plural}`);
    removeEntity(draft, last);
  }
  computed.splice(40);
}

/** A record that needs a record that needs it could never be added. */
function breakCycles(schema: DatabaseSchema): void {
  for (let cycle = requiredCycle(schema); cycle; cycle = requiredCycle(schema)) cycle.required = false;
}

/** Reads statements one by one: controlled English first, then sign-in and what cannot be built, then what is recorded. */
function applyText(draft: Draft, passages: readonly Passage[]): void {
  for (const { text } of passages) readKeeps(draft, text);
  const rest: Passage[] = [];
  for (const passage of passages) {
    draft.sentence = passage.said;
    if (readRequirement(draft, `${passage.text}.`) || readRequirement(draft, `${passage.said}.`)) continue;
    const described = fieldSentence(draft, passage.text) !== null;
    const possible = described ? withoutWish(draft, passage.text) : withoutImpossible(draft, passage.text);
    const besides = possible === null ? null : readSignIn(draft, possible);
    const open = described && possible?.includes(':') ? possible : besides;
    if (open !== null && (draft.schema.entities.length === 0 || !isChange(draft, open))) rest.push({ ...passage, text: open });
  }
  takeStatements(draft, noteStatements(draft, rest));
}

const isChange = (draft: Draft, sentence: string): boolean =>
  fieldSentence(draft, sentence) === null && !readRelation(draft, sentence, false) && readChange(draft, sentence);

/** What a thing has, without what somebody wants besides: "name and phone, and it should text them". */
function withoutWish(draft: Draft, sentence: string): string {
  const { found, rest } = cutImpossible(sentence);
  const wished = found.filter(({ words }) => words !== sentence && WISH.test(words));
  if (rest === null || wished.length === 0 || wished.length < found.length || fieldSentence(draft, rest) === null) return sentence;
  for (const impossible of wished) noteImpossible(draft, impossible);
  return rest;
}

const WISH = /\b(?:should|could|would|can|must|please|automatic\w*|want|possible)\b/i;

/** Notes what cannot be built and answers the rest of the sentence, null where nothing is left. */
function withoutImpossible(draft: Draft, sentence: string): string | null {
  const { found, rest } = cutImpossible(sentence);
  for (const impossible of found) noteImpossible(draft, impossible);
  return rest;
}

/** Reads the requirements of a specification: exactly what is written, with plain words where a sentence is not controlled English. */
export function parseRequirements(lines: readonly string[]): { schema: DatabaseSchema; notUnderstood: string[]; draft: Draft } {
  const draft = newDraft();
  Object.assign(draft, { titleSaid: true, signInSaid: true, exact: true });
  const loose = readSpecification(draft, lines);
  const notUnderstood: string[] = [];
  for (const line of loose) if (!amend(draft, line)) notUnderstood.push(line);
  draft.sentence = '';
  completeFields(draft);
  return { schema: draft.schema, notUnderstood, draft };
}
