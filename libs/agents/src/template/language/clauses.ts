import { tokensOf } from './tokens.js';
import type { Token } from './tokens.js';
import { figureOf } from './figures.js';

/*
 * The grammar of one statement: who does what to what, how it is bound, and under which condition. Nothing here knows what the
 * words mean for a model; the readers of states, rules and results give clauses their meaning.
 */

/** Some words of a text without the article: `the name of the book` -> `name of the book`, its telling word being `name`. */
export interface Phrase {
  readonly text: string;
  /** `no`, `each`, `only`, `same`, `any`, or the like; null for a plain article or none. */
  readonly quantifier: string | null;
  /** "at most 3 dogs": `at_most` and 3; null for no figure ("more than the budget"). */
  readonly bound: Bound | null;
}

export interface Bound {
  readonly way: 'at_most' | 'at_least' | 'above' | 'below' | 'exactly';
  readonly figure: number | null;
}

export interface Verb {
  /** Without its ending: `goes` -> `go`. */
  readonly lemma: string;
  /** As it stands, with its particle: `signed off`. */
  readonly text: string;
  /** `can`, `must` and so on; null for a plain statement. */
  readonly modal: string | null;
  /** True for "cannot be lent", "is never lent", "nobody lends". */
  readonly negated: boolean;
  /** "is lent", "gets lent". */
  readonly passive: boolean;
}

export interface Modifier {
  readonly preposition: string;
  readonly phrase: Phrase;
}

/** What a clause depends on: "if it is paid", "unless ...", "until ...", "without ...". */
export interface Subordinate {
  readonly marker: string;
  readonly text: string;
}

export interface Clause {
  /** The words of the clause itself, without what it depends on. */
  readonly text: string;
  readonly subject: Phrase | null;
  readonly verb: Verb | null;
  /** What directly follows the verb; in a clause without a verb, all that is named. */
  readonly object: Phrase | null;
  readonly modifiers: readonly Modifier[];
  readonly conditions: readonly Subordinate[];
}

const MARKERS =
  /^(?:if|when|whenever|once|unless|until|till|while|where|whose|without|because|before|after|who|that|which|provided|although|though)$/;
const QUANTIFIERS = /^(?:no|each|every|any|all|only|same|both|either|neither|several|many|most|such)$/;

/** The clauses of a statement; a coordinated verb takes over the subject and the modal before it ("can be lent but not sold"). */
export function parseClauses(text: string): Clause[] {
  const tokens = tokensOf(text);
  const clauses: Clause[] = [];
  for (const part of coordinated(tokens)) {
    const last = clauses.at(-1);
    const clause = parseClause(text, part);
    if (clause === null) continue;
    const shared = last?.verb && clause.verb && clause.subject === null && clause.verb.modal === null && isBareForm(part);
    clauses.push(
      clause.subject === null && clause.verb !== null && last?.subject
        ? {
            ...clause,
            subject: last.subject,
            verb: shared && last.verb ? { ...clause.verb, modal: last.verb.modal, negated: clause.verb.negated || last.verb.negated } : clause.verb,
          }
        : clause,
    );
  }
  return clauses;
}

const isBareForm = (part: readonly Token[]): boolean => part.find((one) => one.part === 'verb')?.form !== 'present';

/** Cuts a statement where a conjunction or a comma opens another verb with or without a subject of its own. */
function coordinated(tokens: readonly Token[]): Token[][] {
  const parts: Token[][] = [[]];
  for (const [at, token] of tokens.entries()) {
    const cut =
      token.low === ';' ||
      (/^(?:and|but)$/.test(token.low) && tokens[at + 1]?.low === 'only' && parts.at(-1)?.some(isVerbal) === true) ||
      ((/^(?:and|but|so|or|nor|yet)$/.test(token.low) || token.low === ',') && parts.at(-1)?.some(isVerbal) === true && opensVerb(tokens, at + 1));
    if (cut) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.filter((part) => part.some((one) => one.part !== 'mark'));
}

const isVerbal = (token: Token): boolean => token.part === 'verb' || token.part === 'modal' || token.part === 'auxiliary';

/** Whether a verb follows directly, or behind a subject of at most four words. */
function opensVerb(tokens: readonly Token[], at: number): boolean {
  let next = at;
  while (/^(?:and|but|so|or|then|also|only)$/.test(tokens[next]?.low ?? '')) next += 1;
  const first = tokens[next];
  if (!first) return false;
  if (first.part === 'modal' || first.low === "don't" || first.low === 'never') return true;
  if (first.part === 'auxiliary' || (first.part === 'negation' && tokens[next + 1]?.part === 'verb')) return true;
  for (let ahead = next; ahead < Math.min(next + 6, tokens.length); ahead += 1) {
    const token = tokens[ahead];
    if (!token || token.part === 'mark' || token.part === 'conjunction' || MARKERS.test(token.low)) return false;
    if (token.part === 'modal' || token.part === 'auxiliary') return ahead > next;
    if (token.part === 'verb' && token.form === 'present' && ahead > next && tokens[at - 1]?.low !== ',' && tokens[ahead - 1]?.part === 'noun')
      return true;
    if (token.part === 'preposition' && ahead === next) return false;
  }
  return false;
}

/** One clause: what it depends on is cut off first, from either end. */
function parseClause(text: string, part: readonly Token[]): Clause | null {
  const { main, conditions } = withoutConditions(text, part);
  const words = main.filter((one) => one.part !== 'mark' || one.low === ':');
  if (words.length === 0) return null;
  const group = verbGroup(words);
  const before = group ? words.slice(0, group.from) : [];
  const after = group ? words.slice(group.to) : words;
  const { phrase, modifiers } = complements(text, after);
  const subject = phraseOf(text, before);
  const generic =
    /^(?:nobody|no one|nothing|none|neither)\b/i.test(subject?.text ?? '') || subject?.quantifier === 'no' || subject?.quantifier === 'neither';
  return {
    text: spanOf(text, words),
    subject,
    verb: group ? { ...group.verb, negated: group.verb.negated !== generic || (generic && group.verb.negated) } : null,
    object: phrase,
    modifiers,
    conditions,
  };
}

const spanOf = (text: string, tokens: readonly Token[]): string => {
  const [first, last] = [tokens[0], tokens.at(-1)];
  return first && last ? text.slice(first.at, last.end) : '';
};

function withoutConditions(text: string, part: readonly Token[]): { main: Token[]; conditions: Subordinate[] } {
  const conditions: Subordinate[] = [];
  let main = [...part];
  for (let at = main.findIndex((token, index) => opensCondition(main, index, token)); at >= 0;) {
    const marker = main[at]?.low ?? '';
    const rest = main.slice(at + 1);
    const comma = rest.findIndex((one) => one.low === ',' || one.low === 'then');
    const front = main.slice(0, at).every((one) => one.part === 'mark' || one.part === 'conjunction');
    const end = front ? (comma >= 0 ? comma : subjectAgain(rest)) : rest.length;
    conditions.push({ marker, text: spanOf(text, rest.slice(0, end)) });
    main = [...main.slice(0, at), ...rest.slice(front && comma >= 0 ? end + 1 : end)];
    at = front ? main.findIndex((token, index) => opensCondition(main, index, token)) : -1;
    if (end <= 0) break;
  }
  return { main, conditions };
}

/** "When", "before" and so on open a condition where words with a verb or a state follow, not where a thing does ("after the start"). */
function opensCondition(tokens: readonly Token[], at: number, token: Token): boolean {
  if (/^(?:if|when|whenever|unless|until|till|while|provided|because)$/.test(token.low))
    return !/^(?:what|how|since)$/.test(tokens[at - 1]?.low ?? '');
  if (token.low === 'once')
    return at === 0 || tokens[at - 1]?.low === ',' || tokens.slice(at + 1, at + 7).some((one) => isVerbal(one) || one.form === 'past');
  if (token.low === 'without') return true;
  if (token.low === 'where') return at > 0 && tokens.slice(at + 1, at + 6).some(isVerbal);
  if (/^(?:before|after)$/.test(token.low))
    return tokens.slice(at + 1, at + 7).some((one, ahead, all) => isVerbal(one) && !all.slice(0, ahead).some((each) => each.low === ','));
  return false;
}

/** Where a clause begins again behind a condition without a comma: "if it is rejected the clerk must say why". */
function subjectAgain(rest: readonly Token[]): number {
  const verbs = rest.flatMap((one, at) => (isVerbal(one) ? [at] : []));
  const second = verbs.find((at, index) => index > 0 && at - (verbs[index - 1] ?? 0) > 1);
  if (second === undefined) return rest.length;
  let start = second;
  while (start > 0 && /^(?:noun|adjective|determiner|pronoun|figure)$/.test(rest[start - 1]?.part ?? '')) start -= 1;
  return start > 0 ? start : rest.length;
}

interface VerbGroup {
  readonly from: number;
  readonly to: number;
  readonly verb: Verb;
}

/** The first run of modals, auxiliaries, "not" and a verb. */
function verbGroup(words: readonly Token[]): VerbGroup | null {
  const modals = words.findIndex((one) => one.part === 'modal');
  const helped =
    modals > 0 &&
    !words.slice(0, modals).some((one) => one.part === 'auxiliary' || one.part === 'question' || one.low === 'who' || one.low === 'that');
  const from = helped ? modals : words.findIndex((one, at) => isVerbal(one) && !inNoun(words, at));
  if (from < 0) return null;
  let to = from;
  let lemma = '';
  let text = '';
  let modal: string | null = null;
  let negated = words.slice(Math.max(0, from - 2), from).some((one) => one.part === 'negation');
  let be = false;
  for (; to < words.length; to += 1) {
    const token = words[to];
    if (!token) break;
    if (token.part === 'modal') [modal, negated] = [token.lemma, negated || token.low.endsWith("n't") || token.low === 'cannot'];
    else if (token.part === 'negation') negated = true;
    else if (token.part === 'auxiliary') {
      [be, negated] = [be || /^(?:be|get)$/.test(token.lemma), negated || token.low.endsWith("n't")];
      if (lemma === '') [lemma, text] = [token.lemma, token.text];
    } else if (token.part === 'verb' && (lemma === '' || /^(?:be|have|do|get)$/.test(lemma)) && !(be && token.form === 'present'))
      [lemma, text] = [token.lemma, token.text];
    else if (token.part === 'adverb' && words.slice(to + 1, to + 3).some((one) => one.part === 'verb' || one.part === 'auxiliary')) continue;
    else if (token.low === 'to' && /^(?:have|be|need|allow|ought|able)$/.test(words[to - 1]?.lemma ?? '')) [modal, lemma] = [modal ?? 'must', ''];
    else break;
  }
  const particle = words[to];
  if (
    particle &&
    /^(?:up|off|out|back|in|down|over|away)$/.test(particle.low) &&
    particle.part !== 'noun' &&
    !/^(?:determiner|noun|figure)$/.test(words[to + 1]?.part ?? '')
  ) {
    text = `${text} ${particle.text}`;
    to += 1;
  }
  const past = words.slice(from, to).findLast((one) => one.part === 'verb')?.form === 'past';
  return { from, to, verb: { lemma, text, modal, negated, passive: be && past && lemma !== 'be' } };
}

/** A participle before its noun ("signed forms") and a verb between an article and a noun are no predicate. */
const inNoun = (words: readonly Token[], at: number): boolean => {
  const [before, token, behind] = [words[at - 1], words[at], words[at + 1]];
  if (token?.part !== 'verb') return false;
  return (
    before?.part === 'determiner' ||
    (before?.part === 'preposition' && before.low !== 'to') ||
    (token.form === 'past' && behind?.part === 'noun' && before?.part !== 'noun')
  );
};

function phraseOf(text: string, tokens: readonly Token[]): Phrase | null {
  let words = tokens.filter((one) => one.part !== 'mark' && one.part !== 'conjunction' && one.part !== 'negation');
  let quantifier: string | null = null;
  let way: Bound['way'] | null = null;
  let figure: number | null = null;
  for (let first = words[0]; first && (/^(?:determiner|adverb|bound|figure)$/.test(first.part) || QUANTIFIERS.test(first.low)); first = words[0]) {
    if (QUANTIFIERS.test(first.low)) quantifier = first.low;
    if (first.part === 'bound') way = first.lemma as Bound['way'];
    if (first.part === 'figure') figure = figureOf(first.low);
    words = words.slice(1);
  }
  const last = words.at(-1);
  const behind = last?.part === 'bound' && /^(?:at_most|at_least)$/.test(last.lemma) ? last : undefined;
  if (behind) [way, words] = [behind.lemma as Bound['way'], words.slice(0, -1)];
  const bound = way === null && figure === null ? null : { way: way ?? 'exactly', figure };
  return words.length === 0 && bound === null ? null : { text: spanOf(text, words), quantifier, bound };
}

/** What follows the verb: the object first, then each preposition with its phrase. */
function complements(text: string, tokens: readonly Token[]): { phrase: Phrase | null; modifiers: Modifier[] } {
  const starts = tokens.flatMap((one, at) => (isPreposition(tokens, one, at) ? [at] : []));
  const modifiers = starts.flatMap((start, index): Modifier[] => {
    const phrase = phraseOf(text, tokens.slice(start + 1, starts[index + 1] ?? tokens.length));
    const preposition = tokens[start];
    return phrase ? [{ preposition: preposition?.part === 'preposition' ? preposition.low : 'per', phrase }] : [];
  });
  return { phrase: phraseOf(text, tokens.slice(0, starts[0] ?? tokens.length)), modifiers };
}

/** "3 lessons a day", "two entries each exhibitor": an article between two nouns is a `per`. */
const isPer = (tokens: readonly Token[], token: Token, at: number): boolean =>
  /^(?:an?|each|every)$/.test(token.low) && /^(?:noun|figure)$/.test(tokens[at - 1]?.part ?? '') && tokens[at + 1]?.part === 'noun';

const isPreposition = (tokens: readonly Token[], token: Token, at: number): boolean =>
  isPer(tokens, token, at) ||
  (token.part === 'preposition' &&
    token.low !== 'than' &&
    !(token.low === 'of' && /^(?:number|sum|total|count|kind|out)$/.test(tokens[at - 1]?.low ?? '')));
