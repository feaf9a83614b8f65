import type { Entity } from '#contracts';
import { settleAccess } from './access.js';
import type { Passage } from './document.js';
import type { Draft } from './draft.js';
import { fieldSentence } from './field-sentence.js';
import { isPerson } from './lexicon.js';
import { dropStatesAsFields, readCourse, readCourses } from './frames/states.js';
import { cutImpossible } from './limits.js';
import { dropMisfits } from './misfits.js';
import { purposeOf } from './purpose.js';
import { readComputed, readStateLists } from './read-computed.js';
import { readFieldFigures } from './read-comparisons.js';
import { readQueries } from './read-queries.js';
import { readFeatures } from './read-features.js';
import { readLists } from './read-lists.js';
import { givesRights, noteRoles, readRoles } from './read-roles.js';
import { readRules } from './read-rules.js';
import { readStates, workOutStates } from './read-states.js';
import { readMost, readTotals } from './read-totals.js';
import { readValues } from './read-values.js';
import { entityOfWords, mentionsOf } from './rule-words.js';
import { askedIn } from './frames/asking.js';
import { readWishes } from './frames/wishes.js';
import { clausesOf as statementsIn } from './sentences.js';

/*
 * What records do beyond being kept: states, worked-out values, rules, rights, lists and totals. Read when all lists and
 * fields are known; what is asked for and not understood is said so.
 */

/** A statement with the list that it is about where it names none itself. */
export interface Matter {
  readonly said: string;
  readonly text: string;
  readonly clauses: readonly string[];
  readonly topic: Entity | null;
  /** The list that was described last: what a rule or a state without a subject is of. */
  readonly above: Entity | null;
  readonly section: Passage['section'];
  /** What the heading above it speaks of. */
  readonly heading: string | null;
  taken: boolean;
}

/** What goes on with the course of states that the statement before began. */
const GOES_ON = /^(?:and |or |but )?(?:then|next|after(?:wards?| that)|finally|later|in the end|from there)\b/i;
const CHANGE = /^(?:remove|drop|no|without|rename|delete|don't|forget|leave out)\b/i;
const CONTROLLED = /^(?:The (?:list|total|average|number) "|An? [\w -]+ has [^,()]+ \([^()]*\)$|The app (?:keeps|is called))/i;

/** Reads all statements for what records do. */
export function readBehaviour(draft: Draft, passages: readonly Passage[]): void {
  const matters = mattersOf(draft, passages);
  const each = (read: (matter: Matter) => boolean): void => {
    for (const matter of matters) {
      draft.sentence = matter.said;
      matter.taken = read(matter) || matter.taken;
    }
  };
  const clauses = (matter: Matter, read: (clause: string) => boolean): boolean => matter.clauses.map(read).includes(true);
  each(({ text }) => {
    if (!draft.exact) noteRoles(draft, text);
    return false;
  });
  let before = '';
  each((matter) => {
    const joined = before !== '' && GOES_ON.test(matter.text) ? `${before}, ${matter.text}` : null;
    before = joined ?? matter.text;
    if (matter.section === 'access') return false;
    if (readCourse(draft, joined ?? matter.text, matter.above)) return true;
    const arrows = /->|→|=>/.test(matter.said) && !/->|→|=>/.test(matter.text) && readStatesOf(draft, matter.said, matter.above);
    const apart = matter.clauses.length > 1 && clauses(matter, (one) => readStatesOf(draft, one, matter.above));
    return apart || readStatesOf(draft, matter.text, matter.above) || arrows;
  });
  workOutStates(draft);
  if (!draft.exact) dropStatesAsFields(draft);
  const ruled = (clause: string): boolean => !['result', 'feature', 'aside'].includes(purposeOf(clause) ?? '');
  each((matter) => matter.section === null && clauses(matter, (one) => ruled(one) && readRules(draft, one, matter.above)));
  each((matter) => readFieldFigures(draft, matter.text));
  each((matter) => clauses(matter, (one) => readValues(draft, one, matter.topic)));
  readRights(draft, matters);
  settleAccess(draft);
  each((matter) => !CHANGE.test(matter.text) && readResults(draft, matter));
  each((matter) => readFeatures(draft, matter.text));
  if (!draft.exact) dropMisfits(draft);
  account(draft, matters);
  draft.sentence = '';
}

/** Rights stand together: what can be one beside what can only be one is one as well, and so is what roles do that are known by then. */
function readRights(draft: Draft, matters: readonly Matter[]): void {
  const refused = !draft.schema.auth.sign_in && matters.some(({ said }) => said === draft.sources.get('sign_in'));
  if (refused) return;
  const about = matters.filter(({ section }) => section !== 'results');
  const sure = about.map(({ text, section }) => section === 'access' || givesRights(draft, text));
  const beside = about.map((_, at) => [-2, -1, 1, 2].some((near) => sure[at + near]));
  const read = (matter: Matter, known: boolean): boolean => {
    draft.sentence = matter.said;
    return readRoles(draft, matter.text, matter.topic, known, matter.section === 'access');
  };
  for (const [at, matter] of about.entries()) matter.taken = read(matter, beside[at] ?? false) || matter.taken;
  if (draft.schema.auth.roles.length > 0) for (const matter of about) if (!matter.taken) matter.taken = read(matter, true);
}

const readStatesOf = (draft: Draft, text: string, topic: Entity | null): boolean => readCourses(draft, text, topic) || readStates(draft, text, topic);

/** The statements that can be read, without what cannot be built. */
export function mattersOf(draft: Draft, passages: readonly Passage[]): Matter[] {
  let last: Entity | null = null;
  let thing: Entity | null = null;
  let described: Entity | null = null;
  return passages.flatMap((passage): Matter[] => {
    const { rest } = cutImpossible(passage.text);
    if (rest === null || CONTROLLED.test(passage.said)) return [];
    const own: Entity | null = entityOfWords(draft, passage.topic) ?? null;
    const first: Entity | undefined = mentionsOf(draft, rest)[0]?.entity;
    const itself = /^(?:it|its|it's)\b/i.test(rest);
    const topic: Entity | null = own ?? (itself ? (thing ?? last) : last);
    const above: Entity | null = own ?? described ?? topic;
    if (first) last = first;
    if (first && !isPerson(first.label)) thing = first;
    if (first && opens(rest, first)) described = first;
    return [
      { said: passage.said, text: rest, clauses: clausesOf(rest), topic, above, section: passage.section, heading: passage.topic, taken: false },
    ];
  });
}

/** "Stays: pet, run, arrival", "job = customer, date", a heading of its own: what the next statements go on with. */
const opens = (text: string, { label, label_plural: many }: Entity): boolean =>
  new RegExp(
    `^(?:(?:the|an?|each|every|our) )?(?:${[many, label].map((one) => one.replace(/[^\w ]/g, '.')).join('|')})(?:$|\\s*[:=(]|\\s+[-–—]\\s|\\s(?:(?:has|have)(?! to )|is|are|will have|will be having|should have|needs|gets|carries) [^.]*,)`,
    'i',
  ).test(text);

const NEXT =
  /;\s+|\s+[-–—]\s+|,?\s+(?:and|but|so|while|although|because)\s+(?=(?:an?|the|no|each|every|it|they|nobody|no one|only|its|their|one|two|max|min)\s[^,;]{2,70}?\b(?:can(?:'t|not)?|must(?:n't)?|may|has to|have to|should|never|cannot|at most)\b)|,\s+(?=(?:an?|the|no|each|every|nobody|no one)\s[^,;]{2,60}?\b(?:can't|cannot|must(?:n't)?|may not|has to|should|never)\b)|,?\s+(?:and|but)\s+(?=(?:how many|the number of|the total|hours left|can't|cannot|must not|never)\b)/i;

/** The clauses of a statement of which each can set a rule of its own. */
const clausesOf = (text: string): string[] =>
  text
    .replace(/\((?:e\.g\.|for example|such as)[^)]*\)/gi, ' ')
    .split(NEXT)
    .map((one) => one.trim())
    .filter((one) => one !== '');

const RESULTS =
  /;\s+|,\s+(?:and\s+)?(?=(?:to (?:see|know|look)|what|how|which|who|whos|the list|the [a-z]+s (?:not|older|with|without|that|which|in|due|of)\b|[a-z-]+(?: [a-z-]+){0,2} (?:per|for each|for every|in the next|this week)\b|the (?:total|number|average)|total|number|revenue|average|a list|list|as (?:is|are) a|shifts|loans?|hours|also|today|most|top|kids|people|kilos|(?:the )?[a-z]+ (?:due|expiring|out of|ending|running out))\b)|\s+(?:and|\+|&|plus|as well as)\s+(?=(?:to (?:see|know)|[a-z-]+(?: [a-z-]+){0,2} (?:per|for each|for every)\b|what|how|which|who|an? (?:total|list)|the (?:total|number|average)|total|number|revenue|average|list|top|spent|hours|most|count|(?:the )?[a-z]+ (?:due|expiring|ending|running out|overdue))\b)/i;

const VERB = /\b(?:is|are|has|have|must|can|should|will|was|were|do|does|did|may|cannot|gets?|goes|comes?|belongs?|we|i|they)\b|:/i;

const OPENING =
  /^(?:(?:i|we|she|he|they) (?:must|want to|need to|would like to|should|have to) (?:be able to )?(?:see|have|know|find out)|views?|reports?|wanted|lists?(?: wanted)?|i want|we need|needed|results?|figures|statistics|(?:monthly|weekly|yearly) figures[\w ]*|[^:,]*\b(?:see|show|shows|reports?|lists?|dashboard|overview|views?|know|figures)\b[\w ,']{0,30}):\s*/i;

/** Lists and totals, statement by statement and clause by clause. */
const readResults = (draft: Draft, { text, topic, section }: Matter): boolean => {
  const alone = statementsIn(text);
  return (alone.length > 0 ? alone : [text]).map((one) => readResult(draft, one, topic, section)).includes(true);
};

/** "One hire per van at a time" sets a limit and asks for no figure. */
const LIMIT = /^(?:(?:only|just|max\w*) )?(?:one|two|three|a single|\d+) [a-z ]+ (?:per|for each|each) /i;

/** "The price per person" is what one costs, and no figure for each person. */
const UNIT_PRICE =
  /\b(price|rate|fee|charge|fare|wage|cost|pay)s? (?:per|an?|for (?:one|each|every)) (?:one )?(?:person|head|player|guest|adult|child|night|hour|day|kilo|kg|litre|liter|unit|piece|mile|km)\b/gi;

/** What a statement asks to see: what is surely read first, then by its ingredients, and what is left by the names of states. */
function readResult(draft: Draft, said: string, topic: Entity | null, section: Passage['section']): boolean {
  if (section !== 'results' && LIMIT.test(said)) return false;
  const purpose = purposeOf(said);
  const text = section === null && purpose !== 'result' ? said.replace(UNIT_PRICE, '$1') : said;
  const free = section !== null || fieldSentence(draft, text) === null;
  const plain = section === null && purpose === null && !free;
  const words = /\b(?:show|see|list|view|know|want to|wanna|figures|report|chart|display|dashboard|views?|wanted|reports?)\b/i.test(text);
  const likely = section === 'results' || purpose === 'result' || (!plain && (words || !VERB.test(text)));
  if (purpose === 'rule' && section !== 'results' && !likely && askedIn(text, section, purpose, free) === null) return readComputed(draft, text);
  const first = readQueries(draft, text, topic, section === 'results' || purpose === 'result');
  if (first.rest.length === 0) return first.taken;
  const asked = askedIn(first.taken ? first.rest.join(', ') : text, section, purpose, free);
  const second = asked ? readWishes(draft, asked, topic) : { taken: false, rest: first.taken ? first.rest : [text] };
  const taken = first.taken || second.taken;
  if (second.rest.length === 0) return taken;
  const parts = second.rest.flatMap((one) =>
    one
      .replace(OPENING, '')
      .split(RESULTS)
      .filter((part) => part.trim() !== ''),
  );
  const read = parts.map((part) => {
    const list = readMost(draft, part) || (likely && readLists(draft, part, topic));
    const total = !list && readTotals(draft, part, topic, likely);
    return list || (total && (readStateLists(draft, part) || total));
  });
  const rest = parts.filter((_, at) => read[at] !== true).join(', ');
  return (rest !== '' && readComputed(draft, rest)) || read.includes(true) || taken;
}

/** What was read is no longer open; what asks for something and was not read is said to be not understood. */
function account(draft: Draft, matters: readonly Matter[]): void {
  for (const { said, text, taken } of matters) {
    if (taken) draft.understood.add(said);
    if (taken) draft.unclear.splice(0, Infinity, ...draft.unclear.filter((one) => !text.includes(one)));
    else if (asks(text) && !draft.unclear.some((one) => text.includes(one) || one.includes(text))) draft.unclear.push(text);
  }
}

/** True for a statement that wants something of the app beyond recording. */
const asks = (text: string): boolean => ['rule', 'result', 'access', 'feature'].includes(purposeOf(text) ?? '');
