import { requiredCycle } from '#contracts';
import type { DatabaseSchema } from '#contracts';
import { IMPOSSIBLE } from './limits.js';
import { completeFields, proposeEntry, proposeLists, proposeThings, titleOf } from './complete.js';
import { newDraft, removeEntity, removeField } from './draft.js';
import type { Draft } from './draft.js';
import { readChange, readSignIn } from './read-changes.js';
import { readComputed } from './read-computed.js';
import { noteImpossible } from './read-fields.js';
import { fieldSentence } from './field-sentence.js';
import type { Outline } from './outline.js';
import { noteOutline, readOutline, spokenOf, takeHints, takeOutline } from './read-outline.js';
import { readRelations, readThings } from './read-things.js';
import { readKeeps, readRequirement } from '../requirements/requirements.js';
import { clausesOf, splitSentences } from './sentences.js';
import { spelled } from './spelling.js';
import { singular, snake } from './words.js';

/*
 * Plain language to a model, by rules alone: the same words always give the same model.
 */

/** Reads an idea. The draft may have no entities where nothing was recognised. */
export function understand(idea: string): Draft {
  const draft = newDraft();
  draft.context = idea;
  applyText(draft, idea);
  proposeThings(draft, idea);
  settle(draft, idea);
  for (const sentence of splitSentences(idea)) readComputedFrom(draft, sentence);
  settle(draft, idea);
  proposeLists(draft);
  return draft;
}

/** Reads what a person adds or corrects; answers whether anything was understood. */
export function amend(draft: Draft, text: string): boolean {
  const before = JSON.stringify([draft.schema, draft.signInSaid, draft.outOfScope]);
  applyText(draft, text);
  settle(draft, draft.context);
  for (const sentence of splitSentences(text)) readComputedFrom(draft, sentence);
  settle(draft, draft.context);
  return JSON.stringify([draft.schema, draft.signInSaid, draft.outOfScope]) !== before;
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

/** A statement as it was written, the part of it that is read, and what it lists. */
interface Statement {
  readonly said: string;
  readonly clause: string;
  readonly outline: Outline | null;
}

function applyText(draft: Draft, text: string): void {
  const sentences = splitSentences(text);
  const opening = draft.schema.entities.length === 0;
  for (const sentence of sentences) readKeeps(draft, sentence);
  const rest: string[] = [];
  for (const sentence of sentences) {
    draft.sentence = sentence;
    if (readRequirement(draft, `${sentence}.`)) continue;
    const possible = withoutImpossible(draft, spelled(sentence));
    const open = possible === null ? null : readSignIn(draft, possible);
    if (open !== null && (draft.schema.entities.length === 0 || !isChange(draft, open))) rest.push(open);
  }
  noteMutual(draft, rest.flatMap(clausesOf));
  const spoken = spokenOf(rest);
  const statements = rest.flatMap((sentence) => {
    draft.sentence = sentence;
    return noteThings(draft, sentence, spoken);
  });
  for (const [at, statement] of statements.entries()) {
    draft.sentence = statement.said;
    if (!takeStatement(draft, statement) && !(opening && at === 0 && isIntroduction(statement.clause))) draft.unclear.push(statement.clause);
  }
  for (const { said, outline } of statements) {
    draft.sentence = said;
    if (outline) takeHints(draft, outline);
  }
}

/** First reading of a sentence: which lists of records it names, as a whole or clause by clause. */
function noteThings(draft: Draft, sentence: string, spoken: ReadonlySet<string>): Statement[] {
  const apart = clausesOf(sentence);
  const whole = apart.length > 1 && !/\bwith\b/i.test(sentence) ? null : readOutline(draft, sentence, spoken);
  const clauses = whole ? [sentence] : apart;
  return clauses.map((clause) => {
    const outline = whole ?? (clauses.length > 1 ? readOutline(draft, clause, spoken) : null);
    if (outline) noteOutline(draft, outline);
    else readThings(draft, clause);
    return { said: outline ? sentence : clause, clause, outline };
  });
}

/** Second reading: the fields and links; answers whether anything was taken. */
function takeStatement(draft: Draft, { clause, outline }: Statement): boolean {
  if (outline) {
    takeOutline(draft, outline, /\balso\b|\badd\b/i.test(clause));
    return true;
  }
  const described = fieldSentence(draft, clause) !== null;
  return (described && readRelations(draft, clause)) || readChange(draft, clause) || readRelations(draft, clause);
}

/** The opening of an idea that only says what kind of app is wanted, or by whom. */
const isIntroduction = (sentence: string): boolean =>
  /^(?:we|i) (?:run|are|am|have|own|work|organi[sz]e)\b/i.test(sentence) ||
  (!/^(show|list|see|count)\b|\b(must|should|when|if|can)\b/i.test(sentence) && sentence.split(' ').length <= 9) ||
  /\b(app|tool|system|application|website|software|something)\b(?! (?:must|should|has|shows|can))/i.test(sentence);

const isChange = (draft: Draft, sentence: string): boolean => fieldSentence(draft, sentence) === null && readChange(draft, sentence);

function readComputedFrom(draft: Draft, sentence: string): void {
  draft.sentence = sentence;
  if (/^(?:remove|drop|no|without|rename|delete|don't)\b/i.test(sentence) || readRequirementKind(sentence)) return;
  if (readComputed(draft, withoutImpossible(draft, spelled(sentence)) ?? ''))
    draft.unclear.splice(0, Infinity, ...draft.unclear.filter((one) => !spelled(sentence).includes(one)));
}

const readRequirementKind = (sentence: string): boolean =>
  /^(?:The (?:list|total|average|number) "|An? .+ has .+\(|The app (?:keeps|is))/i.test(sentence);

/** Notes what cannot be built and answers the rest of the sentence, null where nothing is left. */
function withoutImpossible(draft: Draft, sentence: string): string | null {
  let rest = sentence;
  for (const impossible of IMPOSSIBLE) {
    if (!impossible.pattern.test(rest)) continue;
    noteImpossible(draft, impossible);
    if (impossible.clause)
      rest = rest
        .split(
          /(?<=[,;])\s+|\s+(?=and (?:it|we|i|they|also|send|email|then|should|must|to|get|let|show|accept|take|print|export|import|sync|remind|notify)\b)/i,
        )
        .filter((clause) => !impossible.pattern.test(clause))
        .join(' ');
    else
      rest = rest
        .replace(impossible.pattern, ' ')
        .replace(/,\s*(?=,|$)/g, '')
        .replace(/\b(?:an?|and|or)\s*(?=,|$)/gi, '')
        .replace(/\s+/g, ' ');
  }
  rest = rest.replace(/[,\s]+(?:and)?$/i, '').trim();
  return /^(?:(?:we|i|it|there|also|and|should|must|need|needs|want|have|has|be|is|with|would|like|to|an?|the|as|for) ?)*$/i.test(rest) ? null : rest;
}

/** Remembers which two things each have many of the other, before either list is read. */
function noteMutual(draft: Draft, sentences: readonly string[]): void {
  const pairs = sentences.flatMap((sentence) => {
    const match =
      /^(?:each |every |an? )?([\w -]+?) (?:can |may )?(?:has|have|belongs? to|attends?|includes?) (?:many|several|multiple|one or more) ([\w -]+)/i.exec(
        sentence,
      );
    return match ? [[match[1] ?? '', match[2] ?? ''] as const] : [];
  });
  const key = (word: string): string => snake(singular(word.trim()));
  for (const [a, b] of pairs) if (pairs.some(([c, d]) => key(c) === key(b) && key(d) === key(a))) draft.mutual.add(`${key(a)}:${key(b)}`);
}

/** Reads the requirements of a specification: exactly what is written, with plain words where a sentence is not controlled English. */
export function parseRequirements(lines: readonly string[]): { schema: DatabaseSchema; notUnderstood: string[]; draft: Draft } {
  const draft = newDraft();
  Object.assign(draft, { titleSaid: true, signInSaid: true, exact: true });
  for (const line of lines) readKeeps(draft, line.trim());
  const loose: string[] = [];
  for (const line of lines) {
    draft.sentence = line;
    if (!readRequirement(draft, line.trim())) loose.push(line);
  }
  const notUnderstood: string[] = [];
  for (const line of loose) if (!amend(draft, line)) notUnderstood.push(line);
  draft.sentence = '';
  completeFields(draft);
  return { schema: draft.schema, notUnderstood, draft };
}
