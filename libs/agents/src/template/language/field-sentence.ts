import { beforeColon, clauseFields, eachWith, inParentheses, underLead } from './clause-fields.js';
import { defining } from './defining.js';
import { findEntity } from './draft.js';
import type { Draft } from './draft.js';
import { isPerson, kindOf } from './lexicon.js';
import { VERB, underHead } from './heads.js';
import type { FieldSentence } from './heads.js';
import { isHappening, partsOf, readNounPhrase } from './noun-phrases.js';
import { guessType, soundsLikeField } from './field-words.js';
import { occasion } from './occasions.js';
import { nounPhrase, thingPhrase } from './sentences.js';
import { isPlural, singular, splitList } from './words.js';

/*
 * Sentences that describe one thing: whose fields they list, and which words list them.
 */

const MODAL =
  '(?:(?:can|may|should|must|will|would|could|also|always|usually|often|either|then|just|needs? to|has to|have to|want to|are able to|is able to|be able to)\\s+)*';
const HAS = new RegExp(
  `^(?:(?:each|every|an?|the|all|our|my|one|any)\\s+)?(.+?)\\s+${MODAL}(?:has|have|having|contains?|includes?|needs?|consists? of|stores?|records?|is described by|are described by|comes? with|keeps?|gets?|is given|carries|carry|holds?|concerns?)\\s+(.+)$`,
  'i',
);
const WRITERS = '(?:i|we|you|they|the app|users|people|the [a-z]+s)';
const KEEPING =
  '(?:record|log|note|write|put|type|enter|fill|keep|hold|store|save|need|know|track|register|want|collect|capture|see|show|remember|list|document|have|ask(?: for)?|take)(?:s|ing)?(?: (?:down|in|track of|to know|to record|to have|to see|to keep|to note))*';
const WISH =
  '(?:(?:want|need|would like|wants|needs|should|must|can|could|like|have|has|also|then|just|always|would|shall|try)\\s+)*(?:to\\s+)?(?:be able to\\s+)?';
const FOR_EACH = new RegExp(
  `^(?:.*?\\b)?(?:for|about|of) (?:each|every|all|any) (.+?)(?:,|:|\\s+(?=(?:the|an?|its|their|his|her|i|we|they|you|it|the app|users|people|record|note|store|track|save|keep)\\b))\\s*(?:${WRITERS}\\s+)?(?:also\\s+)?${WISH}(?:(?:${KEEPING}|there (?:is|are))\\s+)?(.+)$`,
  'i',
);
const HAS_VERB = new RegExp(`\\b${VERB}\\b`, 'i');
export const WITH = /^(.*?\b)(?:with|including|by|having|containing)\s+((?:an?|its|their|the|title|name|date|fields?|one|several)?\b.+)$/i;
const NOT_A_SUBJECT =
  /^(?:i|we|you|users?|everyone|everybody|anyone|nobody|who|there|this app|the app|app|it should|which|that|what|system|the system|they all|one|he|she)$/i;
/** "a tenant can have more than one plot" says how many, not what is noted. */
const HOW_MANY =
  /^(?:more than|at most|at least|up to|no more|only|lots of|plenty of|any number|many|several|multiple|one or more|\d+|two|three|four|five|too|no|not|none|to|been|got to|access|nothing|trouble)\b/i;

/** Reads "Each book has a title", "Books: title, author", "books with a title" and "for each book note the title". */
export function fieldSentence(draft: Draft, sentence: string): FieldSentence | null {
  const also = /\balso\b|\badd(itionally)?\b|\btoo\b|\bas well\b|\bmore\b/i.test(sentence);
  const text = sentence.replace(/^(?:also|and|additionally|furthermore|please|then|so|here)[, ]+/i, '').replace(/,? (?:too|as well)$/i, '');
  const found =
    beforeColon(draft, text) ??
    inParentheses(draft, text) ??
    eachWith(draft, text) ??
    occasion(draft, text) ??
    underLead(draft, text) ??
    defining(draft, text) ??
    forEachUnder(text) ??
    forEach(text) ??
    underHead(draft, text) ??
    keeping(text) ??
    listOf(draft, text) ??
    having(draft, text) ??
    noting(text) ??
    clauseFields(draft, text);
  return found && found.list.trim() !== '' && !/^(?:less|fewer|more|no|at least|at most) /i.test(found.list)
    ? { ...found, complete: found.complete && !also }
    : null;
}

/** "For every piece I keep the title and the composer". */
function forEach(text: string): FieldSentence | null {
  const [, thing = '', list = ''] = FOR_EACH.exec(text) ?? [];
  const noun = thing === '' ? null : thingPhrase(thing);
  const before = text.slice(0, text.search(/\b(?:for|about|of) (?:each|every|all|any) /i));
  return noun !== null && !/\b(?:show|see|total|sum|count|average|number|how|value|display|list|chart)\b/i.test(before)
    ? { noun, list, complete: true }
    : null;
}

/** "Attendance: for each class and date, which children came": all of them are fields of the attendance. */
function forEachUnder(text: string): FieldSentence | null {
  const [, head = '', each = '', list = ''] =
    /^([a-z][a-z ]{2,30}?)(?::| -) for (?:each|every) ([a-z]+(?: and (?:each |every )?[a-z]+)?),? (.+)$/i.exec(text) ?? [];
  const noun = head === '' ? null : thingPhrase(head);
  return noun === null
    ? null
    : {
        noun,
        list: `${each.replace(/ and (?:each |every )?/i, ', ')}, ${list.replace(/^(?:i|we|you|they) [a-z]+(?: down)? /i, '')}`,
        complete: true,
      };
}

const KEPT = new RegExp(`\\b${KEEPING} (?:each|every|all|the|an?) ([a-z -]+?),? with (.+)$`, 'i');

/** "I want to type in each plant with the common name and the price". */
function keeping(text: string): FieldSentence | null {
  const [, thing = '', list = ''] = KEPT.exec(text) ?? [];
  const noun = thing === '' || /\bof\b/.test(thing) ? null : thingPhrase(thing);
  return noun === null || splitList(list).length < 2 ? null : { noun, list, complete: true };
}

/** "books with a title and an author". */
function listOf(draft: Draft, text: string): FieldSentence | null {
  const bare = text.replace(
    /^(?:(?:we|i|they) (?:have|own|run|keep|sell|rent out|lend|look after) (?:about |around |roughly |some |over )?[\d,.]+ |(?:every|each) [a-z]+ (?:is|there is) an? )/i,
    '',
  );
  if (/\bwith (?:less|fewer|more|no|at least|at most|the (?:most|least))\b/i.test(bare)) return null;
  const [, thing = '', list = ''] =
    /^([a-z][a-z -]*?),? (?:each |every [a-z]+ |all )?(?:with|including) (?:their |its )?((?!my|our|each other|login|a login).+)$/i.exec(bare) ?? [];
  const noun = thing === '' || HAS_VERB.test(thing) ? null : thingPhrase(thing);
  const whole = noun?.length === thing.replace(/^(?:the|all|our|my) /i, '').length;
  return noun !== null && whole && (isPlural(noun) || kindOf(noun) !== undefined || bare !== text || findEntity(draft, noun) !== undefined)
    ? { noun, list, complete: true }
    : null;
}

/** "Every product has a name and a quantity". */
function having(draft: Draft, text: string): FieldSentence | null {
  const has = HAS.exec(
    text
      .replace(/\b(has|have|contains?|includes?|needs|fields|following|details)( the following[a-z ]*)?:\s*/i, '$1 ')
      .replace(/\bfollowing( (fields?|details|information|data))?\s*/i, ''),
  );
  const subject = (has?.[1] ?? '').trim().replace(/^(?:item|piece|bit|set|copy|pair) of (?=[a-z]+$)/i, '');
  const list = (has?.[2] ?? '').replace(/,? (?:or|but) (?:it|they|he|she) (?:is|are|has|have|may|can)\b.*$/i, '');
  if (isPerfect(text)) return null;
  const several =
    /^(?:several|many|multiple|one or more) /i.test(list) && !/\b(?:can|may|could|might) (?:also )?(?:have|contain|include|need)/i.test(text);
  if (
    !has ||
    /,/.test(subject) ||
    (HOW_MANY.test(list) && !several) ||
    (/\b(?:gets?|needs?|keeps?|holds?|carry|carries|records?|stores?)\s/i.test(text.slice(subject_(has), text.length - (has[2] ?? '').length)) &&
      !/^(?:an?|its|their|one|several|the following)\b/i.test(list))
  )
    return null;
  if (
    /^(?:our|my) (?:[a-z]+ )?(?:company|club|society|association|school|shop|office|library|church|team|studio|clinic|practice|firm|business|community|charity|museum|farm|garden|group|family|organi[sz]ation|department)\b/i.test(
      text,
    )
  )
    return null;
  if (/^(?:(?:each|every)(?: one| of (?:them|these))?|all of (?:them|these)|they all|one|of them)$/i.test(subject))
    return { noun: 'it', list, complete: false };
  if (/^(?:the )?[a-z-]+ ones?$/i.test(subject)) return { noun: 'it', list: `${list.replace(/,.*$/, '')} (optional)`, complete: false };
  if (/^(it|they|these|those|he|she)$/i.test(subject)) return { noun: 'it', list, complete: false };
  if (/^people$/i.test(subject) && splitList(list).every((item) => soundsLikeField(nounPhrase(item) ?? '')))
    return { noun: 'person', list, complete: true };
  const attribute = /\b(?:can|may|might|could) (?:also )?have (?:an? )([a-z]+(?: [a-z]+)?)(?: nearby| too)?$/i.exec(text)?.[1];
  const owner = thingPhrase(subject);
  if (
    attribute !== undefined &&
    owner !== null &&
    !isPerson(singular(owner)) &&
    !findEntity(draft, attribute.split(' ').at(-1) ?? '') &&
    guessType(attribute).type === 'text' &&
    !soundsLikeField(attribute)
  )
    return { noun: owner, list: `${attribute} (yes or no)`, complete: false };
  const noun = NOT_A_SUBJECT.test(subject) || subject.split(' ').length > 4 || HAS_VERB.test(subject) ? null : thingPhrase(subject);
  const app = /^(?:an? |the )?(?:\S+ ){0,3}(?:list|app|system|tool|website|site|way|place|database|program)$/i.test(list);
  return noun !== null && readNounPhrase(subject) !== null && !app ? { noun, list, complete: true } : null;
}

/** "I have never used", "whose permit has expired": what was done, and nothing that is had. */
const isPerfect = (text: string): boolean =>
  /\b(?:has|have|had) (?:(?:also|never|not|already|just|always|only) )*(?!red\b|bed\b|seed\b|feed\b)(?:been|bought|sold|lost|made|done|gone|given|taken|come|sent|paid|[a-z]{2,}ed)(?: (?!and\b|or\b)|$)/i.test(
    text.replace(/,.*$/, ''),
  ) && !/\b(?:has|have) (?:an?|the|its|their)\b/i.test(text);

const PICKING = /^(?:then )?(?:pick|choose|enter|select|give|fill in|provide|type in) (.+?)(?:,? and that's (?:it|all))?$/i;
const NOTING = new RegExp(
  `^(?:(.*?)(?:, | )?)??(?:${WRITERS}|so|please) ${WISH}(?:walk round and |go round and |sit down and )?(?:${KEEPING}) (.+)$`,
  'i',
);

/** "Inspections, twice a year, we note down the plot, the date and comments"; "we log what it is and a description". */
function noting(text: string): FieldSentence | null {
  const picked = PICKING.exec(text)?.[1];
  if (picked !== undefined && partsOf(picked).length > 2) return { noun: null, list: picked, complete: true };
  const [, before = '', list = ''] = NOTING.exec(text) ?? [];
  const parts = partsOf(list);
  if (list === '' || parts.length < 3 || /^(?:want|need|would like|have) to\b/i.test(list)) return null;
  const fields = parts.filter(
    (part) => /^(?:what|which|who|when|where|how|whether|if|is it)\b/i.test(part.text) || soundsLikeField(nounPhrase(part.text) ?? ''),
  );
  const opening = readNounPhrase(parts[0]?.text ?? '');
  if (opening && /^(?:my|our|all my|all our)$/.test(opening.determiner) && isPlural(opening.noun) && !soundsLikeField(singular(opening.noun)))
    return {
      noun: opening.noun,
      list: parts
        .slice(1)
        .map((part) => part.text)
        .join(', '),
      complete: false,
    };
  const thing = thingPhrase(/^((?:[a-z]+ )?[a-z]+s) [a-z]+ /i.exec(before)?.[1] ?? before.split(',')[0] ?? '');
  if (fields.length * 2 < parts.length) return null;
  return { noun: thing !== null && (isPlural(thing) || isHappening(thing)) && readNounPhrase(thing) !== null ? thing : null, list, complete: true };
}

const subject_ = (has: RegExpExecArray): number => has[0].indexOf(has[1] ?? '') + (has[1] ?? '').length;
