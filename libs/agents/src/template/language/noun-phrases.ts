import { typeOfWord } from './field-words.js';
import { isEvent, isPerson, kindOf } from './lexicon.js';
import { isNoThing } from './sentences.js';
import { isPlural, singular } from './words.js';

/*
 * The parts of one item of an enumeration: "loans of a tool to a member with a due date" is a thing, two things it has to
 * do with, and a list of fields.
 */

/** A noun with the word before it (`a`, `each`, `their`) and what is said about it (`they work in`). */
export interface NounPhrase {
  readonly determiner: string;
  readonly noun: string;
  readonly relative: string;
}

/** An item: its noun, the things that prepositions tie to it, and the words that list its fields. */
export interface Item extends NounPhrase {
  readonly ties: readonly (NounPhrase & { readonly preposition: string })[];
  readonly fields: string | null;
  readonly written: string;
}

/** An item with the words that stand between it and the one before. */
export interface Part {
  readonly separator: string;
  readonly text: string;
}

const DETERMINER =
  /^((?:an?|the|each|every|all|any|some|our|my|your|his|her|its|their|those|these|this|that|both|many|several|various|different|multiple|two|one|three|four|five|six|seven|eight|nine|ten|a few|dozens of|other|new|also|existing|about|around|roughly|~?\d[\d,.]*) )+/i;
const RELATIVE =
  /[ ,]+((?:that |which |whom? )?(?:they|we|i|he|she|it|you|our|my|people|everyone|everybody|someone|the [a-z]+ (?!of\b))\b.*|(?:that|which|who|whom|whose|where|when)\b.*)$/i;
const NOT_IN_A_NOUN =
  /\b(can|may|might|should|must|will|would|could|shall|is|are|was|were|be|been|am|has|have|had|having|do|does|did|need|needs|want|wants|like|show|shows|see|sees|get|gets|make|makes|use|uses|remove|delete|rename|drop|add|call|change|no|not|never|without|with|and|or|but|if|then|so|because|there|here|it|they|we|i|you|them|us|me|per|than|as|who|which|that|when|where|how|what|whether|to|of|by|for|at|in|from|on|between|among|about|into|onto|please|also|only|keep|track|belongs?|let|lets|allow|allows|help|helps)\b/i;
const FIELDS_FOLLOW =
  /^(.+?),?\s+(?:(?:that|which|who|each|all|every one|each of them|each one)\s+)?(?:with|having|including|containing|(?<!\b(?:i|we|they|you|he|she|it) )(?:has|have)|(?<=(?:that|which|who) )contains?)\s+(?:their |its |the following (?:fields|details|data):? |at least )?(.+)$/i;
const PREPOSITION = /\s+(of|to|by|for|at|in|from|on|between|among|about)\s+/i;

/** Reads `all our old books that we sold` as a noun phrase; null where the words are none. */
export function readNounPhrase(words: string): NounPhrase | null {
  const relative = RELATIVE.exec(words)?.[1] ?? '';
  const bare = words
    .replace(RELATIVE, '')
    .replace(/\([^)]*\)/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const determiner = DETERMINER.exec(bare)?.[0].trim().toLowerCase() ?? '';
  const noun = bare.replace(DETERMINER, '').trim();
  const fits = /^[a-z][\w&'/-]*(?: [a-z0-9][\w&'/-]*){0,3}$/i.test(noun) && !NOT_IN_A_NOUN.test(noun);
  return fits && !hidesDeed(noun) ? { determiner, noun, relative } : null;
}

/** "families request sitters" is no noun: somebody does something. */
const hidesDeed = (words: string): boolean => {
  const [first = '', ...rest] = words.split(' ');
  const plurals = isPerson(singular(first)) && isPlural(rest.at(-1) ?? '');
  return (
    (rest.length > 1 || (rest.length === 1 && plurals)) &&
    isPlural(first) &&
    kindOf(singular(first)) !== undefined &&
    !/^(sales|goods|sports)$/i.test(first)
  );
};

/** Reads one item of an enumeration; null where its words do not begin with a noun phrase. */
export function readItem(text: string): Item | null {
  const outside = text.replace(/\([^)]*\)/g, (inside) => '_'.repeat(inside.length));
  const follow = FIELDS_FOLLOW.exec(outside);
  const listed = /^([^()]+?)\s*\(([^()]+)\)$/.exec(text);
  const cut = follow ? text.length - (follow[2] ?? '').length : -1;
  const head = follow ? text.slice(0, (follow[1] ?? '').length) : listed ? (listed[1] ?? '') : text;
  const fields = follow ? text.slice(cut) : listed && areFields(listed[1] ?? '', listed[2] ?? '') ? (listed[2] ?? '') : null;
  const [first = '', ...rest] = head.split(PREPOSITION);
  const own = readNounPhrase(first);
  if (!own) return null;
  const ties: (NounPhrase & { preposition: string })[] = [];
  for (let at = 0; at + 1 < rest.length; at += 2) {
    const tie = readNounPhrase(rest[at + 1] ?? '');
    if (tie) ties.push({ ...tie, preposition: (rest[at] ?? '').toLowerCase() });
  }
  return { ...own, ties, fields, written: text };
}

/** True where parentheses after a noun list fields of a thing, not the values or rules of a field. */
const areFields = (head: string, inside: string): boolean => {
  const noun = readNounPhrase(head)?.noun ?? '';
  const first = inside.split(/[,;]/)[0] ?? '';
  const rules =
    typeOfWord(first) !== undefined || /^(?:required|mandatory|optional|unique|one of|either|links? to|for example|such as|like|e\.g)\b/i.test(first);
  return isPlural(noun) && !rules && (kindOf(singular(noun)) !== undefined || inside.includes(','));
};

/** Splits an enumeration at commas and `and` outside parentheses, keeping the words that stood between. */
export function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  const outside = text.replace(/\([^)]*\)|"[^"]*"/g, (inside) => '_'.repeat(inside.length));
  let from = 0;
  let separator = '';
  for (const match of outside.matchAll(
    /\s*[,;]\s*(?:and |plus |as well as |along with |& )?|\s+(?:and|plus|as well as|along with|together with|&)\s+/gi,
  )) {
    parts.push({ separator, text: text.slice(from, match.index).trim() });
    separator = match[0];
    from = match.index + match[0].length;
  }
  parts.push({ separator, text: text.slice(from).trim() });
  return parts.filter((part) => part.text !== '');
}

const NAMED_BY_FORM = /(?:ment|tion|sion|ing|[rvsw]al|visit|stay|check-?up)s?$/i;
/** Things and qualities that only look like the names of doings. */
const NO_DOING =
  /(?:rating|building|painting|drawing|clothing|string|\bring|king|wing|spring|thing|heading|setting|saving|earning|holding|festival|carnival|condition|location|description|position|station|section|question|edition|version|region|profession|occupation|collection|organi[sz]ation|institution|\bnation|direction|instruction|ingredient|document|equipment|apartment|department|instrument|comment|element|segment|compartment|garment|monument|medication|generation|quotation|session|mission|permission|commission|dimension|extension|pension)s?$/i;

/** True for a noun that says that something happens: a booking, a payment, a visit, a tasting. */
export const isHappening = (noun: string): boolean =>
  isEvent(noun) || (NAMED_BY_FORM.test(noun) && !NO_DOING.test(noun)) || /appointment|sale|purchase|order|lesson/i.test(noun);

/** True for a noun phrase that can only mean records: several of a kind, or each of them. */
export const meansRecords = ({ determiner, noun }: NounPhrase): boolean =>
  !isNoThing(noun) && (isPlural(noun) || /\b(each|every|all|any)\b/.test(determiner));
