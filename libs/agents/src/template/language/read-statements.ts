import { describedEntity } from './described-entity.js';
import { linkByClause } from './clause-links.js';
import { isAside, isIntroduction, tellsOfThemselves } from './asides.js';
import { readConstraint, shareChoices } from './constraints.js';
import { coursed } from './defining.js';
import { isMostlyUnlikely } from './frames/attributes.js';
import { nounsIn } from './frames/nouns.js';
import { senseOf } from './frames/senses.js';
import { isSentence } from './sentence-cuts.js';
import type { Passage } from './document.js';
import { ensureEntity, findEntity, meantEntity, putField, removeEntity } from './draft.js';
import type { Draft } from './draft.js';
import { fieldSentence } from './field-sentence.js';
import type { FieldSentence } from './heads.js';
import { soundsLikeField } from './field-words.js';
import { isState } from './items.js';
import { splitItems } from './split-items.js';
import { noteKinds, ofKind } from './kinds.js';
import { isPerson, kindOf } from './lexicon.js';
import type { Outline } from './outline.js';
import { isHappening } from './noun-phrases.js';
import { purposeOf } from './purpose.js';
import type { Purpose } from './purpose.js';
import { readChange } from './read-changes.js';
import { readFieldList } from './read-fields.js';
import { entityFor, isListOfItsOwn, noteOutline, readOutline, spokenOf, takeHints, takeOutline } from './read-outline.js';
import { readRelations, readThings } from './read-things.js';
import { applyCardinalities, cardinalitiesOf, readRelation, readWhose } from './relations.js';
import { isNoThing } from './sentences.js';
import { clausesIn } from './statement-clauses.js';
import { isPlural, plural, singular } from './words.js';

/*
 * Reading statements twice: first for the lists of records that they name, then, when all are known, for fields and links.
 */

/** A clause with what it turned out to be. */
interface Statement {
  readonly passage: Passage;
  readonly clause: string;
  readonly described: FieldSentence | null;
  readonly outline: Outline | null;
  /** Why it says nothing about what is recorded; null where it may. */
  readonly purpose: Purpose | null;
}

/** First reading: which lists of records the statements name. */
export function noteStatements(draft: Draft, passages: readonly Passage[]): Statement[] {
  let clauses = clausesIn(draft, passages);
  noteMutual(
    draft,
    clauses.map(({ clause }) => clause),
  );
  const kinds = new Map<string, string>();
  const describe = (): (FieldSentence | null)[] =>
    clauses.map(({ passage, clause, framed, focus }) => {
      if (framed !== null) return framed;
      const found = passage.section === null && purposeOf(clause) !== 'aside' ? fieldSentence(draft, clause) : null;
      if (found?.noun === null && passage.text === clause && purposeOf(clause) === 'result') return null;
      const under = found?.ofLast === true && passage.topic !== null && isHappening(singular(passage.topic)) && passage.text === clause;
      if (
        found &&
        typeof found.noun === 'string' &&
        found.noun !== 'it' &&
        nounsIn(found.noun).length === 0 &&
        !meantEntity(draft, found.noun) &&
        splitItems(found.list).length < 2
      )
        return null;
      if (found && (isMostlyUnlikely(found.list) || ((found.noun === null || found.noun === 'it') && tellsOfThemselves(clause)))) return null;
      if (under) return { ...found, noun: passage.topic };
      if (found && focus !== null && !found.ofLast && (found.noun === 'it' || (found.noun === null && notes(clause))))
        return { ...found, noun: focus };
      return found && ofKind(draft, kinds, found);
    });
  noteKinds(kinds, describe());
  const first = describe();
  const spoken = spokenOf(passages.filter((one) => one.section === null && purposeOf(one.text) === null).map((one) => one.text));
  for (const one of first) if (typeof one?.noun === 'string') spoken.add(keyOf(one.noun));
  const told = first.some((one) => one !== null) || draft.schema.entities.length > 0;
  for (const [at, one] of first.entries()) {
    draft.sentence = clauses[at]?.passage.said ?? '';
    if (one && (clauses[at]?.framed === one || isStrong(clauses[at]?.clause ?? '', one))) noteDescribed(draft, one);
  }
  for (const { clause } of told ? clauses : []) {
    const course = coursed(clause);
    if (course !== null && !meantEntity(draft, course)) draft.last = ensureEntity(draft, course);
  }
  clauses = clausesIn(draft, passages);
  const descriptions = describe();
  return clauses.flatMap(({ passage, clause, framed }, at) => {
    draft.sentence = passage.said;
    if (framed !== null) {
      noteDescribed(draft, framed);
      return { passage, clause, described: framed, outline: null, purpose: null };
    }
    return noteClause(draft, { passage, clause, described: descriptions[at] ?? null, spoken, told, first: passages[0] });
  });
}

/** True where the words say what is noted, and not what somebody would like to see. */
const notes = (clause: string): boolean =>
  !/\b(?:i|we|they|you)\b/i.test(clause) ||
  (/^(?:i|we) (?:also |then |just )*(?:need|note|record|write|keep|take|put|ask)\b/i.test(clause) && purposeOf(clause) !== 'result');

const keyOf = (noun: string): string => singular(noun.trim().toLowerCase()).replace(/[^a-z0-9]+/g, '_');

interface Noting {
  /** The first statement of the text. */
  readonly first: Passage | undefined;
  readonly passage: Passage;
  readonly clause: string;
  readonly described: FieldSentence | null;
  readonly spoken: ReadonlySet<string>;
  /** True where the text describes things: what it only mentions is then no thing of its own. */
  readonly told: boolean;
}

function noteClause(draft: Draft, { passage, clause, described, spoken, told, first }: Noting): Statement[] {
  const purpose = passage.section === null ? purposeOf(clause) : 'result';
  const made = (outline: Outline | null, kept: FieldSentence | null): Statement[] => [{ passage, clause, described: kept, outline, purpose }];
  const strong = described !== null && isStrong(clause, described);
  if (!strong) {
    const plain = /^(?:each|every|an?|one) [a-z -]+ belongs? to (?:exactly |only )?(?:one|an?) [a-z-]+$/i.test(clause);
    const title =
      told &&
      clause === passage.text &&
      !clause.includes(',') &&
      passage === first &&
      !isSentence(clause) &&
      /\b(?:for|of|at|in) (?:an?|the|our|my)\b/i.test(clause);
    const outline = !plain && !title && (purpose === null || (purpose === 'result' && !told)) ? readOutline(draft, clause, spoken) : null;
    if (outline && (!told || isLikely(draft, outline, spoken))) {
      noteOutline(draft, outline);
      return made(outline, null);
    }
  }
  if (described !== null) {
    noteDescribed(draft, described);
    return made(null, described);
  }
  if (purpose === null || (purpose === 'result' && !told)) readThings(draft, clause, told);
  return made(null, null);
}

/** What is said of one thing by "has", "for each" or a heading needs no taking apart. */
const isStrong = (clause: string, { noun, list }: FieldSentence): boolean =>
  noun === null || noun === 'it' || !(/\bwith\b/i.test(clause) || isEnumeration(list));

/** "members with a name, and loans of a tool": things, not fields. */
const isEnumeration = (list: string): boolean => /(?:,| and) [a-z ]+s (?:with|of an?|by|from|at) /i.test(list);

/** "visit notes" are a field of visits, "our book club" is whoever uses the app. */
const isPartOf = (draft: Draft, noun: string, known: (noun: string) => boolean): boolean => {
  const [first = '', ...rest] = noun.split(' ');
  const last = rest.join(' ');
  return (
    last !== '' &&
    known(first) &&
    (soundsLikeField(singular(last)) || (findEntity(draft, first)?.fields.some((field) => field.label === last) ?? false))
  );
};

/** In a text that describes its things, an enumeration or a deed counts where it is about what is known or commonly recorded. */
function isLikely(draft: Draft, { segments, loose }: Outline, spoken: ReadonlySet<string>): boolean {
  const known = (noun: string): boolean => spoken.has(keyOf(noun)) || meantEntity(draft, noun) !== undefined;
  const plausible = (noun: string): boolean => known(noun) || (kindOf(singular(noun)) !== undefined && !isPartOf(draft, noun, known));
  return (
    segments.every((one) => {
      const ends = one.ties.filter((tie) => plausible(tie.noun));
      if (ends.length < one.ties.length) return false;
      const happens = isHappening(singular(one.noun)) && one.fields !== '' && ends.length > 0;
      return known(one.noun) || happens || (plausible(one.noun) && (one.fields !== '' || ends.length > 0 || segments.length > 1)) || ends.length >= 2;
    }) &&
    loose.every(
      (one) => (plausible(one.from) || isPlural(one.from)) && (plausible(one.to) || isPlural(one.to)) && (plausible(one.from) || plausible(one.to)),
    )
  );
}

function noteDescribed(draft: Draft, { noun, list, ties = [] }: FieldSentence): void {
  for (const tie of ties) entityFor(draft, tie);
  const entity =
    noun === null || noun === 'it' ? null : (meantEntity(draft, noun) ?? (isNoThing(noun) && noun !== 'person' ? null : ensureEntity(draft, noun)));
  if (entity) draft.last = entity;
  for (const item of splitItems(list)) if (isListOfItsOwn(item)) entityFor(draft, item);
}

/** Second reading: the fields and links, and what limits them. */
export function takeStatements(draft: Draft, statements: readonly Statement[]): void {
  const opening = draft.described.size === 0;
  for (const [at, statement] of statements.entries()) {
    draft.sentence = statement.passage.said;
    const before = statements[at - 1];
    const taken = takeStatement(draft, statement, typeof before?.described?.noun === 'string');
    if (
      !taken &&
      statement.purpose === null &&
      !(opening && (at === 0 ? isIntroduction : tellsOfThemselves)(statement.clause)) &&
      !isAside(draft, statement.clause)
    )
      draft.unclear.push(statement.clause);
  }
  const passages = [...new Map(statements.map((one) => [one.passage.said, one.passage])).values()];
  for (const { passage, outline } of statements) {
    draft.sentence = passage.said;
    if (outline) takeHints(draft, outline);
  }
  const facts = cardinalitiesOf(draft, passages);
  applyCardinalities(draft, facts);
  const used = new Set(facts.flatMap(({ said }) => statements.filter((one) => one.passage.said === said).map((one) => one.clause)));
  draft.unclear.splice(0, Infinity, ...draft.unclear.filter((one) => !used.has(one)));
  if (!draft.exact) promotePeople(draft);
  if (!draft.exact) shareChoices(draft);
  for (const passage of passages) {
    draft.sentence = passage.said;
    readConstraint(draft, passage);
    readWhose(draft, passage.text);
    if (!draft.exact && passage.section === null) linkByClause(draft, passage.text);
  }
  if (!draft.exact) dropUnlikely(draft);
}

/** What was taken for a list by a slip of the tagger, and of which nothing was said: "everybody's", "since". */
function dropUnlikely(draft: Draft): void {
  for (const entity of [...draft.schema.entities]) {
    const said = draft.described.has(entity.name) && entity.fields.length > 0;
    if (
      !said &&
      !/^(?!attribute)./.test(senseOf(entity.label) ?? '') &&
      nounsIn(entity.label)[0]?.noun.split(' ').at(-1) !== entity.label.toLowerCase().split(' ').at(-1)
    )
      removeEntity(draft, entity);
  }
}

/** The customer of a sale is a record of its own where the text speaks of each of them ("what each customer owes"), or of how many there are. */
function promotePeople(draft: Draft): void {
  for (const entity of [...draft.schema.entities]) {
    for (const field of entity.fields.filter((one) => one.type === 'text' && !one.unique)) {
      const { label, required } = field;
      const each = isPerson(label) && new RegExp(`\\b(?:each|every|per|all (?:the |our )?|by)\\s*${label}(?:s|'s)?\\b`, 'i').test(draft.context);
      if (!each && !isCounted(draft, label)) continue;
      if (new RegExp(`\\b${label}s? (?:(?:can|should|must|may|all|both|also|have to|need to) )*(?:log|sign) in\\b`, 'i').test(draft.context))
        continue;
      const at = entity.fields.indexOf(field);
      entity.fields.splice(at, 1);
      const target = ensureEntity(draft, label);
      if (target === entity) continue;
      putField(draft, entity, { label, type: 'reference', target: target.name, required });
      entity.fields.splice(at, 0, ...entity.fields.splice(-1));
    }
  }
}

/** "six therapists and three rooms": there are so many of them, each a record. */
const isCounted = (draft: Draft, label: string): boolean =>
  /^[a-z]+$/.test(label) &&
  /^(?:person|place|thing)$/.test(senseOf(label) ?? '') &&
  new RegExp(`\\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\\d+|our|some) (?:[a-z]+ )?${plural(label)}\\b`, 'i').test(
    draft.context,
  );

/** `goesOn`: the statement before said what a thing has. */
function takeStatement(draft: Draft, { clause, described, outline, purpose }: Statement, goesOn: boolean): boolean {
  const course = coursed(clause);
  if (course !== null) draft.last = meantEntity(draft, course) ?? draft.last;
  const more = /\balso\b|\badd\b/i.test(clause);
  if (outline) {
    takeOutline(draft, outline, more);
    return true;
  }
  if (described) {
    const before = draft.last;
    const entity = described.noun === null && goesOn && before ? before : describedEntity(draft, described);
    const tied =
      described.ofLast === true &&
      entity &&
      before &&
      entity !== before &&
      !isPerson(before.label) &&
      !entity.fields.some((field) => field.target === before.name);
    if (tied && !(described.ties === undefined && entity.fields.some((field) => field.target !== null)))
      putField(draft, entity, { label: before.label, type: 'reference', target: before.name, required: true });
    for (const tie of entity ? (described.ties ?? []) : []) {
      const target = entityFor(draft, tie);
      if (entity && target && target !== entity)
        putField(draft, entity, { label: target.label, type: 'reference', target: target.name, required: true });
    }
    return (entity !== null && readFieldList(draft, entity, listed(described.list), described.complete) > 0) || readRelations(draft, clause);
  }
  if (readRelation(draft, clause)) return true;
  return purpose === null ? readChange(draft, clause) || readRelations(draft, clause) : false;
}

/** "provisional, confirmed, cancelled" are the values of a status. */
const listed = (list: string): string =>
  /^[a-z -]+(?:, (?:or )?[a-z -]+){2,}$/i.test(list) && splitItems(list).every(isState) ? `status (${list})` : list;

/** Remembers which two things each have many of the other, before either list is read. */
function noteMutual(draft: Draft, sentences: readonly string[]): void {
  const pairs = sentences.flatMap((sentence) => {
    const match =
      /^(?:each |every |an? )?([\w -]+?) (?:can |may )?(?:has|have|belongs? to|attends?|includes?) (?:many|several|multiple|one or more|1 or 2|one or two|more than one) ([\w -]+)/i.exec(
        sentence,
      );
    return match ? [[match[1] ?? '', match[2] ?? ''] as const] : [];
  });
  for (const [a, b] of pairs) if (pairs.some(([c, d]) => keyOf(c) === keyOf(b) && keyOf(d) === keyOf(a))) draft.mutual.add(`${keyOf(a)}:${keyOf(b)}`);
}
