import { doing, putIn } from './doings.js';
import { findEntity, meantEntity } from './draft.js';
import type { Draft } from './draft.js';
import { soundsLikeField } from './field-words.js';
import type { FieldSentence } from './heads.js';
import { isPerson, kindOf } from './lexicon.js';
import { isHappening, partsOf, readNounPhrase } from './noun-phrases.js';
import { isNoThing, nounPhrase, thingPhrase } from './sentences.js';
import { isPlural, singular } from './words.js';

/*
 * Sentences that say what a thing is, and so what is noted of it: "a lesson is one rider on one horse, with a date", "one
 * score per judge per dish", "when we fill a barrel we register: barrel, date", "there is a waiting list, name and phone".
 */

/** Reads a sentence that defines a thing; null where it is none. */
export function defining(draft: Draft, sentence: string): FieldSentence | null {
  const text = sentence
    .replace(/^(?:(?:and|also|then|so) )+/i, '')
    .replace(/^what (?:i|we) (?:really |also )?(?:need|want) (?:is|are) (?:the |our |my )?/i, '');
  return (
    putLater(text) ??
    numbered(text) ??
    definition(draft, text) ??
    onePer(draft, text) ??
    doing(text) ??
    thereIs(draft, text) ??
    offered(text) ??
    putIn(text) ??
    headOf(draft, text, sentence)
  );
}

/** "Vats are numbered 1 to 4 and each holds so many litres"; "the customers are companies: name, tax number". */
function numbered(text: string): FieldSentence | null {
  const [, thing = '', rest = ''] = /^(?:the |our |all )?([a-z]+s) are (?:all )?numbered\b(.*)$/i.exec(text) ?? [];
  const holds = /\b(?:holds?|takes?|seats?|fits?|sleeps?) (?:so many|up to|a (?:certain )?number of|different numbers of|at most)\b/i.test(rest);
  const [, called = '', list = ''] = /^(?:the |our |all )?([a-z]+s) are [a-z]+s: (.+)$/i.exec(text) ?? [];
  const noun = thingPhrase(thing === '' ? called : thing);
  if (noun === null || (thing === '' && called === '') || (list === '' && !holds && !/\d/.test(rest))) return null;
  return { noun, list: list === '' ? `number (unique)${holds ? ', capacity (whole number)' : ''}` : list, complete: true };
}

/** "A challenge goes from open to played": what has a course of its own is a record. */
export function coursed(clause: string): string | null {
  const noun =
    /^(?:an?|each|every|the) ([a-z]+(?: (?!has\b|is\b|always\b)[a-z]+)?) (?:always )?(?:goes from|moves from|starts (?:off |out )?(?:as|in)|begins as|goes through) [a-z]/i.exec(
      clause,
    )?.[1];
  const phrase = noun === undefined ? null : thingPhrase(noun);
  return phrase !== null && phrase.length === noun?.length && !soundsLikeField(phrase) ? phrase : null;
}

/** "The result and date get put in once it's played": fields of what was spoken of last. */
function putLater(text: string): FieldSentence | null {
  const [, list = ''] =
    /^((?:the |an? )[^:]+?(?:,| and )[^:]+?) (?:is|are|gets?|must be|will be|should be|has to be|have to be) (?:put in|filled in|entered|recorded|noted|written down|added|logged|typed in)(?: (?:once|when|after|later|afterwards|as soon as|then)\b.*)?$/i.exec(
      text,
    ) ?? [];
  return partsOf(list).length > 1 && partsOf(list).length < 6 ? { noun: 'it', list, complete: false } : null;
}

const known = (draft: Draft, noun: string): boolean => meantEntity(draft, noun) !== undefined || kindOf(singular(noun)) !== undefined;

const IS =
  /^(?:(?:an?|each|every|one|the|our) )?([a-z][a-z-]*(?: [a-z-]+){0,2}?)(?: (?:is|are)(?: (?:simply|just|always|basically))?(?: about| for| of| made of)?|:|\s*=| -)(:?) (.+)$/i;
const CHAIN = /\s*,\s*(?:and |with |for |on |at |plus )?|\s+(?:on|with|for|at|by|per|from|and|plus|in|to|between)\s+/i;

/** "A booking is a stallholder on a pitch for a market", "the sailing is: ship, port, date". */
function definition(draft: Draft, text: string): FieldSentence | null {
  const [, thing = '', colon = '', list = ''] = IS.exec(text) ?? [];
  const noun = thing === '' ? null : thingPhrase(thing);
  if (
    noun === null ||
    noun.length !== thing.length ||
    /^(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|day|week|month|evening|morning|year)$/i.test(noun) ||
    /\b(?:or|not|never|only|when|if|unless|than|allowed|who|which)\b/i.test(list.split(',')[0] ?? '')
  )
    return null;
  if (colon !== '') return partsOf(list).length > 1 && (isThing(draft, noun) || partsOf(list).length > 2) ? { noun, list, complete: true } : null;
  const told = /\s(?:is|are) /i.test(text.slice(0, text.length - list.length));
  const outside = list.replace(/\([^)]*\)/g, '');
  const pieces = outside
    .split(CHAIN)
    .map((one) => one.trim())
    .filter((one) => one !== '' && !/^one of us\b/i.test(one));
  const first = pieces[0] ?? '';
  if (!/^(?:one|an?|exactly one) /i.test(first) || pieces.length < 2 || (!told && !/^one /i.test(first))) return null;
  const fits = (one: string): boolean => {
    const phrase = nounPhrase(one, 4);
    return phrase !== null && (known(draft, phrase) || soundsLikeField(phrase) || isHappening(phrase));
  };
  const nouns = pieces.map((one) => nounPhrase(one.replace(/ (?:who|that|which) .*$/i, ''), 3));
  const ends = nouns.filter((one) => one !== null && one !== noun && known(draft, one) && !soundsLikeField(one));
  if (ends.length === 0 || !(fits(first) || findEntity(draft, nounPhrase(first) ?? '')) || !pieces.slice(0, 2).every(fits)) return null;
  const joined = list
    .replace(/^one of us\b[^,]*/i, '')
    .replace(/\s+(?:on|with|for|at|by|per|from|between)\s+(?=(?:one|an?|the|several|many|\d+) )/gi, ', ');
  return { noun, list: joined, complete: true };
}

/** "One score from 1 to 5 per judge per dish, with a comment", "one playlist per show per date". */
function onePer(draft: Draft, text: string): FieldSentence | null {
  const [, head = '', one = '', range = '', pers = '', rest = ''] =
    /^(?:([a-z][a-z -]*?)(?::| =| -|,| are| is) )?(?:just |exactly |only )?(?:one|an?) ([a-z -]*?) ?((?:from )?\d+ (?:to|-) \d+ )?((?:(?:,? and )?(?:per|for each|for every) [a-z]+(?: (?!per\b|and\b|for\b)[a-z]+)?(?= |,|$) ?){2,})(?:,? (?:with|and) (.+))?$/i.exec(
      text,
    ) ?? [];
  if (pers === '') return null;
  const noun = thingPhrase(head === '' ? one : head) ?? thingPhrase(one);
  const ends = pers
    .split(/(?:,? and )?\b(?:per|for each|for every) /i)
    .map((part) => part.trim().replace(/,$/, ''))
    .filter((part) => part !== '');
  if (noun === null || isNoThing(noun) || !ends.some((end) => known(draft, end))) return null;
  const value = range === '' ? [] : [`${singular(noun)} (whole number)`];
  return { noun, list: [...ends, ...value, ...(rest === '' ? [] : [rest])].join(', '), complete: true };
}

const isThing = (draft: Draft, noun: string): boolean => isPlural(noun) || known(draft, noun) || isHappening(singular(noun));

/** "There's a waiting list too, name, phone and when they asked". */
function thereIs(draft: Draft, text: string): FieldSentence | null {
  const [, thing = '', list = ''] =
    /^there (?:is|are)(?: also)? (?:an? |the |our |(?:about |around )?\d[\d,.]* |two |three |four |five |some |several )?([a-z]+(?: [a-z]+)?)(?: too| as well)?(?:,|:| with| -) (.+)$/i.exec(
      text.replace(/^there's/i, 'there is'),
    ) ?? [];
  const waiting = /^([a-z]+ing list)$/i.exec(thing)?.[1];
  const noun = waiting === undefined ? (thing === '' ? null : thingPhrase(thing)) : `${waiting} entry`;
  const parts = partsOf(list);
  const fields = parts.filter(
    (part) => soundsLikeField(nounPhrase(part.text) ?? '') || /^(?:who|what|when|where|how|which|whether)\b/i.test(part.text),
  );
  return noun !== null && parts.length > 1 && fields.length * 2 >= parts.length && (waiting !== undefined || isThing(draft, noun))
    ? { noun, list, complete: true }
    : null;
}

/** "What we do: cut, full head, roots and so on, each with a price and how many minutes it takes". */
function offered(text: string): FieldSentence | null {
  const [, verb = '', list = ''] =
    /^(?:then )?what (?:we|i) (do|offer|sell|make|rent out|lend|stock|bake)(?: is| are)?(?::| -) .+?,? each (?:one )?(?:with|has|have|having) (.+)$/i.exec(
      text,
    ) ?? [];
  if (verb === '') return null;
  return {
    noun: /^(?:do|offer)$/i.test(verb) ? 'service' : /^(?:sell|make|bake|stock)$/i.test(verb) ? 'product' : 'item',
    list: `name, ${list}`,
    complete: true,
  };
}

const TIED =
  /^((?:[a-z]+ )?[a-z]+s)((?: (?!and\b|or\b)[a-z]+(?:ed|en|ld|t|nt|nd))?)((?: (?:for|from|of|to|by|on|in|at|with) (?:(?:an?|the|each|every|our) )?[a-z]+)*)(?: ?:| -) (.+)$/i;

/** "Medicines held for a pupil: name, dose": what stands between says to what each belongs. */
function headOf(draft: Draft, text: string, whole: string): FieldSentence | null {
  const [, thing = '', done = '', ties = '', list = ''] = TIED.exec(text) ?? [];
  if (thing === '' || (done === '' && ties === '' && text === whole) || partsOf(list).length < 2) return null;
  const noun = thingPhrase(thing);
  if (noun === null || noun.length !== thing.length || soundsLikeField(singular(noun)) || !isPlural(noun)) return null;
  const ends = [...ties.matchAll(/ (?:for|from|of|to|by|on|in|at|with) ((?:an?|the|each|every|our) )?([a-z]+)/gi)].flatMap((tie) => {
    const end = singular((tie[2] ?? '').toLowerCase());
    return findEntity(draft, end) || (tie[1] !== undefined && isPerson(end)) ? [end] : [];
  });
  if (readNounPhrase(noun) === null) return null;
  return { noun, list: [...ends, list].join(', '), complete: true };
}
