import { clausePartsOf } from './clause-parts.js';
import type { ClauseParts } from './clause-parts.js';
import { meantEntity } from './draft.js';
import type { Draft } from './draft.js';
import { soundsLikeField } from './field-words.js';
import { soundsLikeList } from './heads.js';
import type { FieldSentence } from './heads.js';
import { readFieldItem } from './items.js';
import { splitItems } from './split-items.js';
import { isPerson, kindOf } from './lexicon.js';
import { isHappening, readItem, readNounPhrase } from './noun-phrases.js';
import { isNoThing, nounPhrase, thingPhrase } from './sentences.js';
import { isPlural, singular } from './words.js';

/*
 * What a clause lists of a thing, by its grammar and not by its verb: "of each piano I want the make and the year",
 * "shearings are noted per alpaca with the date", "a vet visit concerns one alpaca and gives a date and a diagnosis".
 */

/** Verbs of looking and of handling records: their objects are what somebody sees or does, not what is noted. */
const LOOKS =
  /\b(?:see|sees|view|views|show|shows|search|searches|find|finds|count|counts|sum|print|prints|export|exports|sort|sorts|filter|filters|list|lists|edit|edits|change|changes|delete|deletes|remove|removes|approve|approves|send|sends|calculate|log in|sign in)\b/;
/** Verbs of keeping records: their subject is whoever keeps them, and has none of what is kept. */
const KEEPS = /^(?:also )?(?:keeps?|tracks?|manages?|records?|logs?|runs?|organi[sz]es?|administers?)$/;
const BE = /^(?:also )?(?:is|are|was|were|be)\b/;
const CONDITION = /^(?:when|whenever|if|once|after|before|every time|each time)\b/i;
const ITSELF = /^(?:it|they|them|this|these|those|each|each one|each of them|every one|one|all of them|all)$/i;
const ANYBODY = /^(?:i|we|you|they|he|she|people|everyone|everybody|somebody|someone|the app|it|)$/i;
/** "per alpaca", "for each show": of what a record is. */
const TIED =
  /\b(?:per|(?:for|of|about|on|by|to|from|at|in) (?:each|every|an?|one|the)) ([a-z][a-z-]*(?: (?!with\b|and\b|we\b|i\b|the\b|is\b|are\b)[a-z-]+)?)/gi;

/** "Each guest signs a release for each episode: signed, date": what the clause before a colon is about has what stands behind it. */
export function beforeColon(draft: Draft, text: string): FieldSentence | null {
  const [, head = '', list = ''] = /^([^:()]{8,90}):\s+(.+)$/.exec(text) ?? [];
  const [clause] = clausePartsOf(head);
  if (
    !clause ||
    (clause.lead && /^(?:for|of|about)$/.test(clause.lead.preposition)) ||
    CONDITION.test(head) ||
    BE.test(clause.verb) ||
    /^[a-z]+(?:ed|ld|ent|ung|ade|ought|en)$/.test(clause.verb)
  )
    return null;
  if (LOOKS.test(clause.verb) || soundsLikeList(list) || !listsFields(draft, list, 2)) return null;
  const object = readItem(clause.rest.replace(/^(?:with|of|by|for|in) /i, ''));
  const noun = object === null ? null : thingIn(draft, `${object.determiner} ${object.noun}`.trim());
  if (noun === null || object === null) return null;
  const subject = ANYBODY.test(clause.subject) ? null : thingIn(draft, clause.subject);
  const ends = [
    ...(subject === null || subject === noun ? [] : [subject]),
    ...object.ties.flatMap((tie) => thingIn(draft, `each ${tie.noun}`) ?? []),
  ];
  return { noun, list, ties: ends.filter((one) => one !== noun), complete: true };
}

const EACH_WITH =
  /^(?:.*?\b)??((?:[a-z]+ )?[a-z]+s)(?: (?:to|for|of|on|by|per) (?:an?|each|every|the) ([a-z]+(?: [a-z]+)?))?,? (?:each|all|every one)(?: one| of them)? (?:with|having|has|have) (.+)$/i;

/** "There are several payments to a job, each with a date and an amount". */
export function eachWith(draft: Draft, text: string): FieldSentence | null {
  if (!/\b(?:each|all|every one)\b.*\b(?:with|ha(?:s|ve|ving)) /i.test(text)) return null;
  const [, what = '', whose = '', list = ''] = EACH_WITH.exec(text) ?? [];
  const noun = what === '' ? null : thingPhrase(what);
  if (noun === null || !isPlural(noun) || !listsFields(draft, list, 2) || soundsLikeField(singular(noun))) return null;
  const owner = whose === '' ? null : thingIn(draft, `each ${whose}`);
  return { noun, list, ...(owner !== null && { ties: [owner] }), complete: true };
}

/** "I log the water tests for my tanks (date, temperature)": what is listed belongs to the noun before the tie. */
export function inParentheses(draft: Draft, text: string): FieldSentence | null {
  const [clause] = clausePartsOf(text);
  const [, before = '', list = ''] = /^([^():]+?) \(([^()]*,[^()]*)\)$/.exec(clause && !BE.test(clause.verb) ? clause.rest : text) ?? [];
  const object = before === '' ? null : readItem(before);
  if (!object || object.ties.length === 0 || object.fields !== null || !listsFields(draft, list, 2)) return null;
  const noun = thingIn(draft, `${object.determiner} ${object.noun}`.trim());
  const ends = object.ties.filter((tie) => isPlural(tie.noun) || meantEntity(draft, tie.noun)).flatMap((tie) => thingIn(draft, tie.noun) ?? []);
  return noun === null || ends.length === 0 ? null : { noun, list, ties: ends, complete: true };
}

/** Reads what a sentence lists of a thing; null where its grammar does not say so. */
export function clauseFields(draft: Draft, text: string): FieldSentence | null {
  const clauses = clausePartsOf(text).filter(says);
  const [first] = clauses;
  if (!first) return null;
  return (
    judged(draft, clauses) ??
    identified(draft, first) ??
    passively(draft, first) ??
    handedOver(draft, first) ??
    ofSubject(draft, clauses) ??
    byWriters(draft, first)
  );
}

/** True for a clause that says what is, and neither what may be nor what somebody looks at. */
export const says = ({ verb, modal }: ClauseParts): boolean => !LOOKS.test(verb) && (!modal || /\bha(?:s|ve)\b|\bto\b/.test(verb));

/** "Of each piano I want the make", "on a visit we check the weight and the teeth". */
export function underLead(draft: Draft, text: string): FieldSentence | null {
  const [first] = clausePartsOf(text).filter(says);
  if (!first) return null;
  const { lead, subject, verb, passive, rest } = first;
  if (!lead || !/^(?:for|of|about|on|with|per|from|at|to)$/.test(lead.preposition)) return null;
  const noun = ITSELF.test(lead.words) ? 'it' : thingIn(draft, lead.words);
  const writes = ANYBODY.test(subject) || isPerson(singular(nounPhrase(subject) ?? ''));
  const list = writes && !passive ? rest : passive || /^(?:there )?(?:is|are)\b/.test(verb) ? subject : null;
  const strict = !/^(?:for|of|about)$/.test(lead.preposition);
  return noun !== null && list !== null && listsFields(draft, list, strict ? 2 : 1, strict ? 0.5 : 0.3)
    ? { noun, list, complete: noun !== 'it' }
    : null;
}

const JUDGEMENT = /^(?:an? |their |the |one )?(score|rating|mark|grade|vote|review|opinion|verdict|points?)\b(.*)$/i;

/** "Jurors watch them and give a score 0-10 plus a comment": a record of what somebody thinks of something. */
function judged(draft: Draft, clauses: readonly ClauseParts[]): FieldSentence | null {
  for (const { subject, verb, passive, rest } of clauses) {
    const who = ANYBODY.test(subject) ? null : thingIn(draft, /^(?:an?|the|each|every|our) /i.test(subject) ? subject : `each ${subject}`);
    const [, word = '', more = ''] = JUDGEMENT.exec(rest) ?? [];
    const somebody = who !== null && (isPerson(singular(who)) || /\b(?:gives?|leaves?|awards?)$/.test(verb));
    if (who === null || !somebody || word === '' || passive || /\bha(?:s|ve)\b/.test(verb)) continue;
    const noun = /^points?$/i.test(word) ? 'rating' : word.toLowerCase();
    const figure = /^\s*(?:\(?(?:from |of )?\d+ ?(?:to|until|-|–) ?\d+\)?)/.exec(more)?.[0] ?? '';
    const list = `${noun === 'review' ? 'rating' : noun}${noun === 'review' || noun === 'opinion' ? '' : ' (number)'}${more.slice(figure.length)}`;
    return { noun, list, ties: [who], complete: true, ofLast: true };
  }
  return null;
}

/** "A bird is identified by the number on its ring": no two have the same. */
function identified(draft: Draft, { subject, verb, passive, rest }: ClauseParts): FieldSentence | null {
  const label = /^by (?:the |its |their |an? )?([a-z]+(?: (?!on\b|of\b|in\b|which\b|that\b)[a-z]+)?)/i.exec(rest)?.[1];
  if (!passive || label === undefined || !/\b(?:identified|known|recogni[sz]ed|distinguished|told apart|referred to|called)$/.test(verb)) return null;
  const noun = thingIn(draft, subject);
  const worn = /^(?:number|code|name|id)$/i.test(label) ? /\bon (?:its|their|the) ([a-z]+)\b/i.exec(rest)?.[1] : undefined;
  return noun === null ? null : { noun, list: `${worn === undefined ? '' : `${worn} `}${label} (required, unique)`, complete: false };
}

/** "Students buy a packet of 10 hours, with the price and the date": it has what is listed, and is somebody's. */
function handedOver(draft: Draft, { lead, subject, passive, rest }: ClauseParts): FieldSentence | null {
  const [, what = '', list = ''] = /^([^,()]+?)(?:,? or [^,]+|, [^,]+ or [^,]+)?,? with (?:the |their |its |an? )?(.+)$/i.exec(rest) ?? [];
  const object = what === '' || lead || passive ? null : readItem(what.replace(/^(?:for|in|on) /i, ''));
  if (!object || object.fields !== null || !listsFields(draft, list, 1)) return null;
  const noun = thingPhrase(object.noun);
  const who = ANYBODY.test(subject) ? null : thingIn(draft, /^(?:an?|the|each|every|our) /i.test(subject) ? subject : `each ${subject}`);
  if (noun === null || isNoThing(noun) || soundsLikeField(singular(noun)) || noun.length !== object.noun.length || who === noun) return null;
  return { noun, list: [...(who !== null && isPerson(singular(who)) ? [`the ${singular(who)}`] : []), list].join(', '), complete: true };
}

/** "Shearings are noted per alpaca with the date and the weight". */
function passively(draft: Draft, { subject, passive, rest, lead }: ClauseParts): FieldSentence | null {
  if (!passive || lead) return null;
  const [, before = '', list = ''] = /^(.*?)\bwith (?:the |their |its )?(.+)$/i.exec(rest) ?? [];
  const noun = thingIn(draft, subject);
  if (noun === null || list === '' || !listsFields(draft, list, 1)) return null;
  return { noun, list: [...tiesIn(draft, before), list].join(', '), complete: true };
}

/** "A vet visit concerns one alpaca and gives a date, a diagnosis and the bill". */
function ofSubject(draft: Draft, clauses: readonly ClauseParts[]): FieldSentence | null {
  const [first] = clauses;
  if (!first || first.lead || ANYBODY.test(first.subject)) return null;
  const noun = ITSELF.test(first.subject) ? 'it' : thingIn(draft, first.subject);
  const active = clauses.filter(
    ({ verb, passive, rest }) =>
      !passive &&
      !BE.test(verb) &&
      !KEEPS.test(verb) &&
      (/^belongs?$/.test(verb) || !/^(?:that|whether|if|when|to|in|on|at|as|into|from|by|for)\b/i.test(rest)),
  );
  const list = active.map(({ verb, rest }) => (/^belongs?$/.test(verb) ? `${verb} ` : '') + rest.replace(/^(?:with|of) /i, '')).join(', ');
  if (noun === null || list === '' || isPerson(singular(noun))) return null;
  return listsFields(draft, list, 2) ? { noun, list, complete: true } : null;
}

/** "Afterwards we enter whether they got out and their time": of what was spoken of last, or of what the end names. */
function byWriters(draft: Draft, { lead, subject, passive, rest }: ClauseParts): FieldSentence | null {
  if (lead || passive || !(ANYBODY.test(subject) || isPerson(singular(nounPhrase(subject) ?? '')))) return null;
  const [tie] = [...rest.matchAll(TIED)].filter(([words]) => /^per |(?:each|every) /i.test(words)).slice(-1);
  const owner = tie && tie.index + tie[0].length >= rest.length ? thingIn(draft, `each ${tie[1] ?? ''}`) : null;
  const list = owner !== null && tie ? rest.slice(0, tie.index).trim() : rest;
  if (owner !== null && listsFields(draft, list, 1)) return { noun: owner, list, complete: true };
  const owned = /^(?:its|their) [a-z]/i.test(rest) && !/^(?:its|their) own /i.test(rest);
  return (owned ? listsFields(draft, rest, 1, 0) : listsFields(draft, rest, 2, 1)) ? { noun: 'it', list: rest, complete: false } : null;
}

const tiesIn = (draft: Draft, words: string): string[] =>
  [...words.matchAll(TIED)].flatMap((tie) => (thingIn(draft, `each ${tie[1] ?? ''}`) === null ? [] : [`the ${tie[1] ?? ''}`]));

/** The thing that some words name: known, several of a kind, each of them, or something that happens. */
export function thingIn(draft: Draft, words: string): string | null {
  const phrase = readNounPhrase(words.replace(/,$/, ''));
  const noun = phrase === null ? null : thingPhrase(phrase.noun);
  if (!phrase || noun === null || noun.length !== phrase.noun.length || isNoThing(noun) || noun.split(' ').length > 3) return null;
  const one = singular(noun);
  if (meantEntity(draft, noun) || kindOf(one) || isHappening(one)) return noun;
  if (soundsLikeField(one)) return null;
  return isPlural(noun) || /\b(?:each|every|an?)\b/.test(phrase.determiner) ? noun : null;
}

/** True for at least `least` noun phrases and questions, of which a part (0 to 1) can only be fields. */
export function listsFields(draft: Draft, list: string, least: number, part = 0.3): boolean {
  const items = splitItems(list);
  if (items.some((item) => /^(?:people|everyone|everybody|somebody|we|they|i|you|he|she) /i.test(item))) return false;
  const sure = items.filter((item) => {
    const label = readFieldItem(item)?.label;
    if (label === undefined) return false;
    return (
      soundsLikeField(label) ||
      /[()]/.test(item) ||
      /^(?:what|which|who|when|where|how|whether)\b/i.test(item) ||
      meantEntity(draft, label) !== undefined
    );
  });
  const fit = items.filter((item) => {
    const label = readFieldItem(item)?.label;
    return label !== undefined && (sure.includes(item) || (nounPhrase(item, 4) !== null && item.split(' ').length <= 7));
  });
  return items.length >= least && fit.length * 3 >= items.length * 2 && (sure.length > 0 || part === 0) && sure.length >= items.length * part;
}
