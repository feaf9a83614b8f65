import nlp from 'compromise';
import { remembered } from './remembered.js';

/*
 * The parts of a clause by its parts of speech, whatever its words: what stands before it ("of each piano"), who or what it
 * is about, the verb, and the rest.
 */

/** A clause as its grammar has it. Words are as written, `verb` in lower case with what belongs to it ("are noted"). */
export interface ClauseParts {
  /** The preposition and the words of what stands before the subject: "of", "each piano"; null where nothing does. */
  readonly lead: { readonly preposition: string; readonly words: string } | null;
  readonly subject: string;
  readonly verb: string;
  /** True for "is noted", "are given out". */
  readonly passive: boolean;
  /** True for "can", "must", "want to" and what is denied: it says what may be, not what is. */
  readonly modal: boolean;
  readonly rest: string;
}

interface Term {
  readonly tags?: readonly string[];
  readonly normal: string;
  readonly implicit?: string;
  readonly offset: { readonly start: number; readonly length: number };
}

interface Word {
  readonly text: string;
  readonly low: string;
  readonly start: number;
  readonly end: number;
  /** Tags of the library, for the first of the terms that it makes of the word. */
  readonly tags: ReadonlySet<string>;
}

const PREPOSITION =
  /^(?:for|of|about|on|in|at|with|to|per|from|by|under|over|between|during|after|before|into|onto|without|until|since|within|against|through|beside|besides|behind)$/;
const AUXILIARY = /^(?:is|are|was|were|be|been|being|am|has|have|had|do|does|did|gets?|got)$/;
const BE = /^(?:is|are|was|were|be|been|being|gets?)$/;
const MODAL = /^(?:can|can't|cannot|could|may|might|must|mustn't|should|shouldn't|shall|will|won't|would|don't|doesn't|isn't|aren't|not|never|only)$/;
const PRONOUN = /^(?:i|we|you|they|he|she|it|everyone|everybody|somebody|someone|people|anyone|anybody|nobody|who)$/;
/** Words that stand for a thing where a verb follows, and before its name otherwise. */
const EITHER = /^(?:each|one|this|that|these|those|all|both)$/;
const ADVERB = /^(?:also|then|always|usually|often|just|simply|afterwards?|later|sometimes|now|still|normally|generally|basically|really|at|once)$/;
const RELATIVE = /^(?:that|which|who|whom|whose|where|when)$/;
const PARTICLE = /^(?:up|down|out|off|away|back|together|along)$/;
const DETERMINER = /^(?:an?|the|each|every|all|any|some|our|my|your|his|her|its|their|one|this|these|those|both|no|several|many|most)$/;

/** The words of a text; what stands in parentheses or quotation marks is no word. */
function wordsOf(text: string): Word[] {
  const outside = text.replace(/\([^)]*\)|"[^"]*"/g, (inside) => ' '.repeat(inside.length));
  const sentences = nlp(outside).json({ offset: true }) as { terms: Term[] }[];
  const terms = sentences.flatMap((one) => one.terms);
  return [...outside.matchAll(/[^\s,;:]+/g)].map((match) => {
    const end = match.index + match[0].length;
    const term = terms.find(({ offset }) => offset.start >= match.index && offset.start < end);
    return { text: match[0], low: match[0].toLowerCase(), start: match.index, end, tags: new Set(term?.tags ?? []) };
  });
}

/** Longer ones are taken for lists, and not for sentences. */
const LONGEST = 500;

/** Takes a sentence apart: its first clause, and those that "and" ties to the same subject. Empty where it has no verb. */
export const clausePartsOf = remembered(2_000, (text: string): readonly ClauseParts[] => (text.length > LONGEST ? [] : new Reader(text).read()));

class Reader {
  private readonly words: readonly Word[];

  constructor(private readonly text: string) {
    this.words = wordsOf(text);
  }

  read(): ClauseParts[] {
    let at = this.skipAdverbs(0);
    const first = this.words[at];
    let lead: ClauseParts['lead'] = null;
    if (first && PREPOSITION.test(first.low)) {
      const end = this.endOfLead(at + 1);
      if (end <= at + 1) return [];
      lead = { preposition: first.low, words: this.between(at + 1, end) };
      at = this.skipAdverbs(end);
    }
    const verb = this.isOrder(at) ? at : this.verbAfter(at);
    if (verb < at || (verb === at && !this.isOrder(at))) return [];
    let end = verb;
    while (end > at + 1 && ADVERB.test(this.words[end - 1]?.low ?? '')) end -= 1;
    const subject = this.between(at, end);
    const verbs = [verb, ...this.furtherVerbs(this.verbGroup(verb))];
    return verbs.map((one, index) => this.clauseFrom(lead, subject, one, verbs[index + 1] ?? this.words.length));
  }

  /** "and gives a date", "and are given to singers": verbs that go on with the subject. */
  private furtherVerbs(from: number): number[] {
    return this.words.flatMap((word, at) => {
      const [before, next] = [this.words[at - 1], this.words[at + 1]];
      if (at < from || before?.low !== 'and' || !next) return [];
      const opens =
        DETERMINER.test(next.low) || PREPOSITION.test(next.low) || next.tags.has('Value') || /\(/.test(this.text.slice(word.end, next.start));
      return AUXILIARY.test(word.low) || (word.tags.has('PresentTense') && !word.tags.has('Noun') && opens) || /^belongs?$/.test(word.low)
        ? [at]
        : [];
    });
  }

  private clauseFrom(lead: ClauseParts['lead'], subject: string, verb: number, end: number): ClauseParts {
    const group = this.verbGroup(verb);
    const until = this.words[end]?.start ?? this.text.length;
    const words = this.words.slice(verb, group);
    return {
      lead,
      subject,
      verb: words.map(({ low }) => low).join(' '),
      passive: words.some(({ low }) => BE.test(low)) && this.isParticiple(words.filter(({ low }) => !PARTICLE.test(low)).at(-1)),
      modal: words.some(({ low }) => MODAL.test(low)) || /\b(?:want|need|like|able|have|has) to\b/.test(words.map(({ low }) => low).join(' ')),
      rest: this.text
        .slice(this.words[group - 1]?.end ?? 0, until)
        .replace(/^[\s,:]+|[\s,]+$/g, '')
        .replace(/[\s,]+and$/, ''),
    };
  }

  /** "Note the date", "tick off each of them": a verb that opens the clause. */
  private isOrder(at: number): boolean {
    const [word, next] = [this.words[at], this.words[at + 1]];
    if (!word?.tags.has('Infinitive') || !next || this.comma(at)) return false;
    return DETERMINER.test(next.low) || PARTICLE.test(next.low) || next.low === 'which' || next.low === 'who';
  }

  private isPronoun(at: number): boolean {
    const [word, next] = [this.words[at], this.words[at + 1]];
    if (!word || !next) return false;
    return PRONOUN.test(word.low) || (EITHER.test(word.low) && (AUXILIARY.test(next.low) || MODAL.test(next.low)));
  }

  private isParticiple(word: Word | undefined): boolean {
    return (
      word !== undefined && !BE.test(word.low) && (word.tags.has('PastTense') || word.tags.has('Participle') || /(?:ed|en|wn|pt|nt)$/.test(word.low))
    );
  }

  private skipAdverbs(at: number): number {
    let next = at;
    while (ADVERB.test(this.words[next]?.low ?? '') || /^(?:and|but|so)$/.test(this.words[next]?.low ?? '')) next += 1;
    return next;
  }

  private between(from: number, to: number): string {
    const [first, last] = [this.words[from], this.words[to - 1]];
    return first && last ? this.text.slice(first.start, last.end).trim() : '';
  }

  private comma(at: number): boolean {
    const [here, next] = [this.words[at], this.words[at + 1]];
    return here !== undefined && next !== undefined && /[,;:]/.test(this.text.slice(here.end, next.start));
  }

  /** Where the noun phrase of a lead ends: at a comma, or where a pronoun or another determiner begins the clause. */
  private endOfLead(from: number): number {
    for (let at = from; at < Math.min(this.words.length, from + 6); at += 1) {
      const word = this.words[at];
      if (!word) break;
      if (/^(?:it|them)$/.test(word.low) && this.isPronoun(at + 1)) continue;
      if (at > from && (this.isPronoun(at) || DETERMINER.test(word.low)) && !PREPOSITION.test(this.words[at - 1]?.low ?? '')) return at;
      if (this.comma(at)) return at + 1;
    }
    return from;
  }

  /** The verb of the clause that begins here; -1 where there is none. */
  private verbAfter(from: number): number {
    const pronoun = this.isPronoun(from);
    let bare = -1;
    for (let at = from + 1; at < Math.min(this.words.length, from + 12); at += 1) {
      const word = this.words[at];
      if (!word) break;
      if (RELATIVE.test(word.low)) {
        at = this.endOfRelative(at);
        continue;
      }
      if (pronoun && (ADVERB.test(word.low) || word.tags.has('Adverb'))) continue;
      if (AUXILIARY.test(word.low) || MODAL.test(word.low)) return at;
      if (pronoun) return word.tags.has('Verb') || at === from + 1 ? at : -1;
      if (this.comma(at - 1)) return bare;
      if (!this.canBeVerb(at, from)) continue;
      if (!word.tags.has('PastTense')) return at;
      bare = bare < 0 ? at : bare;
    }
    return bare;
  }

  private canBeVerb(at: number, from: number): boolean {
    const [before, word] = [this.words[at - 1], this.words[at]];
    if (!before || !word?.tags.has('Verb') || word.tags.has('Gerund') || PREPOSITION.test(before.low) || DETERMINER.test(before.low)) return false;
    if (before.tags.has('Adjective') && at - 1 === from) return false;
    return !(word.tags.has('Noun') && !word.tags.has('PresentTense'));
  }

  /** "that arrives", "who we know": the last word of a relative clause. */
  private endOfRelative(from: number): number {
    for (let at = from + 1; at < Math.min(this.words.length, from + 5); at += 1) {
      const next = this.words[at + 1];
      if (this.words[at]?.tags.has('Verb') && !AUXILIARY.test(this.words[at]?.low ?? '') && !(next && PARTICLE.test(next.low))) return at;
      if (this.comma(at)) return at;
    }
    return from + 1;
  }

  /** The end of the words that make up the verb. */
  private verbGroup(from: number): number {
    let at = from + 1;
    let open = AUXILIARY.test(this.words[from]?.low ?? '') || MODAL.test(this.words[from]?.low ?? '');
    for (; at < this.words.length && !this.comma(at - 1); at += 1) {
      const word = this.words[at];
      if (!word) break;
      if (
        word.low === 'to' &&
        (open || this.words[at + 1]?.tags.has('Verb')) &&
        /^(?:ha[sd]|have|wants?|needs?|like|love|able|got|going)$/.test(this.words[at - 1]?.low ?? '')
      ) {
        at += 1;
        open = BE.test(this.words[at]?.low ?? '');
        continue;
      }
      if (ADVERB.test(word.low) || MODAL.test(word.low) || PARTICLE.test(word.low)) continue;
      if (open && AUXILIARY.test(word.low)) continue;
      if (open && (word.tags.has('Verb') || this.isParticiple(word)) && !DETERMINER.test(word.low)) {
        open = false;
        continue;
      }
      break;
    }
    return at;
  }
}
