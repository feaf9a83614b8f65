import { isResult, topicOf } from './document.js';
import { isSentence } from './sentence-cuts.js';
import { findEntity, meantEntity } from './draft.js';
import type { Draft } from './draft.js';
import { soundsLikeField } from './field-words.js';
import { readFieldItem } from './items.js';
import { splitItems } from './split-items.js';
import { kindOf } from './lexicon.js';
import { plainEnglish } from './plain-english.js';
import { isHappening, partsOf } from './noun-phrases.js';
import { nounPhrase, thingPhrase } from './sentences.js';
import { isPlural, singular, splitList } from './words.js';

/*
 * Lists under the name of what they describe: "Books: title, author", "Tool status: available / out".
 */

/** What `fieldSentence` found: the thing that is described, and its fields. */
export interface FieldSentence {
  /** Null where the words only say that something is recorded: "What I want: artist, title, year". */
  readonly noun: string | null;
  readonly list: string;
  /** False where the words add to what is known ("also", "add"). */
  readonly complete: boolean;
  /** The things that every record of it points at. */
  readonly ties?: readonly string[];
  /** True for what happens with the thing that was spoken of before. */
  readonly ofLast?: boolean;
}
export const VERB =
  '(?:keep(?:s|ing)? (?:an? )?(?:track|list|record|log|overview|inventory|note|eye)s? (?:of|on)|(?:track|writ|record|log|register|collect|monitor|maintain|administer|handle|plan|add|edit|enter|list|note|see|view|find|show|search|browse|delete|remember|document|keep|organi[sz]e?|manage|sav|stor|catalog(?:ue)?|creat|schedul|rat|review|assign|(?:want|need)(?!s? to\\b))(?:e|s|es|ing|ed)?)';
/** A verb of keeping records, with what is kept. */
export const RECORDS = new RegExp(`\\b${VERB}\\s+(?:(?:down|in|and ${VERB}|, ${VERB})\\s+)*(?:of\\s+)?(.+)$`, 'i');
export const STARTS_WITH_VERB = new RegExp(`^${VERB}\\b`, 'i');

/** "Books: title, author", "report a repair: what is wrong, how urgent", "Kind of plot: lawn, kerbed" and "What I want: artist, title". */
export function underHead(draft: Draft, text: string): FieldSentence | null {
  const inside = /^([^(),]{2,30}?)\s*\(([^()]*,[^()]*)\)$/.exec(text);
  const cuts = [...text.matchAll(/\s*:\s+|\s[-–—]\s+/g)].filter(
    (cut) => cut.index >= 2 && cut.index <= 90 && !text.slice(0, cut.index).includes('('),
  );
  for (const cut of cuts.slice(0, 2)) {
    const found = headed(draft, text.slice(0, cut.index).replace(/^.*?: /, ''), text.slice(cut.index + cut[0].length));
    if (found) return found;
  }
  const owned = (inside?.[1] ?? '').replace(
    /^(?:(?:we|i|they) (?:have|own|keep|sell|rent out|look after)|there are) (?:about |around |roughly |some |over )?(?:\d[\d,.]* )?/i,
    '',
  );
  return inside && !/(?:^|, )(?:~|about |around |roughly )?\d/.test(inside[2] ?? '') ? headed(draft, owned, inside[2] ?? '') : null;
}

/** What stands around the name of a thing in a heading: "a collection of", "once a year", "on a machine". */
const AROUND =
  /^(?:.*?\b)?(?:collection|list|inventory|catalog(?:ue)?|library|register|log|database|archive|stock) of (?=[a-z ]+$)|,? (?:once|twice|every|each|per) (?:an? |two |few )?(?:day|week|month|year|season|term)$| too$|^also /gi;
const HEAD_TIE = /^([a-z]+(?: [a-z]+)?) (?:of|on|for|to|by|in|at|per) (?:an? |each |every |the )?([a-z-]+(?: [a-z-]+)?)$/i;
const DOES =
  /^(?:people|members|users|we|i|they|everyone|customers|[a-z]+ers) (?:can |may |also )*(?:offer|sell|bring(?: in)?|suggest|propose|recommend|donate|register|add|post|list|share|own|make|submit|enter|record|rent|order|hold|organi[sz]e|run|teach|log)s? (?:their |our |the )?([a-z -]+s)$/i;

/** "Every parcel that arrives must be logged", "the museum wants visitors' feedback collected". */
const LOGGED =
  /^(?:each|every|all|the|an?) ([a-z]+(?: (?!that\b|which\b|must\b|has\b|is\b)[a-z]+)?)(?: (?:that|which|who)\b.*)? (?:must|should|has to|have to|needs? to|is|are) (?:be )?(?:logged|recorded|noted|registered|written down|tracked)$|\b(?:wants?|needs?|would like) (?:[a-z]+s?'s? )?([a-z]+(?: [a-z]+)?) (?:collected|recorded|tracked|logged|stored)$/i;
/** "Parents pay": what is done, by the name of its record. */
const DEEDS: Readonly<Record<string, string>> = {
  pay: 'payment',
  order: 'order',
  borrow: 'loan',
  rent: 'rental',
  book: 'booking',
  reserve: 'booking',
  buy: 'purchase',
  donate: 'donation',
  visit: 'visit',
  review: 'review',
  apply: 'application',
  register: 'registration',
};
const DOER = new RegExp(`^(?:the |our )?[a-z]+s (${Object.keys(DEEDS).join('|')})$`, 'i');

/** "The guest makes a reservation". */
const MAKES = /^(?:the |an? |each |every )?[a-z]+ (?:can |may )?(?:makes?|does|do|places?|submits?) (?:an? |the |their )?([a-z -]+)$/i;

function headed(draft: Draft, written: string, tail: string): FieldSentence | null {
  const head = written.replace(AROUND, '').replace(/ (?:goes|moves|runs|go)$/i, '');
  if (
    head === '' ||
    /^(?:it|this|that|we|they)(?:'s|'re| is| are) /i.test(head) ||
    soundsLikeList(tail) ||
    isResult(head) ||
    /=.*(?:[-+*x×]|times|minus|plus)/i.test(tail) ||
    /\bat a time\b/i.test(tail) ||
    /^\d/.test(tail)
  )
    return null;
  if (/\b(?:columns?|headings|headers)\b/i.test(written)) return columns(draft, tail);
  const kinds = /^(?:we|they|there) (?:have|are|sell|rent|lend|offer) (.+)$/i.exec(tail)?.[1];
  const kindsOf = kinds === undefined ? null : thingPhrase(head);
  if (kinds !== undefined && kindsOf !== null && partsOf(kinds).length > 1)
    return {
      noun: kindsOf,
      list: `kind (${partsOf(kinds)
        .map((part) => singular(part.text))
        .join(', ')})`,
      complete: false,
    };
  const logged = LOGGED.exec(head);
  const doer = DOER.exec(head);
  const asks = ASKED_FOR.test(tail) ? /^((?:[a-z]+ )?[a-z]+s) (?:[a-z]+ )+/i.exec(`${head} `)?.[1] : undefined;
  const subject = logged?.[1] ?? logged?.[2] ?? (doer ? DEEDS[(doer[1] ?? '').toLowerCase()] : undefined) ?? asks;
  if (subject !== undefined && thingPhrase(subject) !== null && splitList(tail).length > 1)
    return { noun: thingPhrase(subject), list: tail.replace(ASKED_FOR, ''), complete: true };
  const tied = HEAD_TIE.exec(head);
  const object = DOES.exec(head)?.[1] ?? MAKES.exec(head)?.[1];
  const kept = /^([a-z ]+s(?:,? (?:and )?[a-z ]+s)*) with (.+)$/i.exec(tail);
  if (
    kept &&
    thingPhrase(head) !== null &&
    !kept[0].toLowerCase().startsWith(head.toLowerCase()) &&
    looksLikeFields(kept[2] ?? '') &&
    partsOf(kept[1] ?? '').length > 1
  )
    return {
      noun: thingPhrase(head),
      list: `kind (${partsOf(kept[1] ?? '')
        .map((part) => singular(part.text))
        .join(', ')}), ${kept[2] ?? ''}`,
      complete: true,
    };
  const [first, second] = [thingPhrase(tied?.[1] ?? ''), thingPhrase(tied?.[2] ?? '')];
  if (
    tied &&
    first !== null &&
    second !== null &&
    (isPlural(first) || isHappening(first)) &&
    !soundsLikeField(first) &&
    (kindOf(singular(second)) !== undefined || findEntity(draft, second))
  )
    return headed(draft, first, `${singular(second)}, ${tail}`);
  if (object !== undefined && looksLikeFields(tail)) return headed(draft, object, tail);
  return instancesUnder(head, tail) ?? choiceUnder(draft, head, tail) ?? named(draft, head, tail.replace(ASKED_FOR, ''));
}

const ROW =
  /\b(?:one|each|every|a) (?:row|line) (?:(?:is|per|for|equals|means) |= ?|(?:a|per) day (?:a|per) )(?:one |an? |each |every )?([a-z]+(?: (?!per\b|and\b|so\b|in\b|with\b|or\b)[a-z]+)?)/i;

/** The columns of a spreadsheet: fields of what a row of it is. */
function columns(draft: Draft, tail: string): FieldSentence | null {
  const list = tail.replace(/\s*\|\s*/g, ', ').replace(/\s*,\s*/g, ', ');
  if (splitList(list).length < 3) return null;
  const row = thingPhrase(ROW.exec(plainEnglish(draft.context))?.[1] ?? '');
  const own = row === null ? list : list.replace(new RegExp(`(^|, )${singular(row)}(?=,|$)`, 'i'), '$1name');
  return { noun: row, list: own, complete: true };
}

const ASKED_FOR =
  /^(?:we|i|you|they) (?:(?:must|have to|need to|should|want to|would like to) )?(?:write|note|record|enter|put|keep|log|need|know)(?: down| to know)? /i;

/** A list under the name of what it describes. */
function named(draft: Draft, head: string, tail: string): FieldSentence | null {
  const words = head.replace(/^(?:(?:for|the|an?|each|every|all|our|my|his|her|their|its|new|about|also) )+/i, '').trim();
  const used = /^([a-z]+s) (used|sold|found|lent|given|received|made|bought|donated|ordered|issued)$/i.exec(words);
  const noun = used ? `${used[2] ?? ''} ${used[1] ?? ''}` : thingPhrase(words);
  const several = splitList(tail).length > 1;
  const whole = noun !== null && noun.split(' ').length === words.split(' ').length;
  if (
    several &&
    /^(?:(?:please|just|then|we|i|they|you|to) )*(?:write|note|put|jot|fill|type|take|log|record|enter|register|keep|need|note)(?:s|ing)?(?: (?:down|in|up|out))?$/i.test(
      head,
    )
  )
    return { noun: null, list: tail, complete: true };
  if (
    /^there(?:'s| is| are)\b/i.test(tail) ||
    (!several && !looksLikeFields(tail) && (/^[A-Z]/.test(tail) || isSentence(tail) || tail.split(' ').length > 3))
  )
    return null;
  if (noun !== null && whole && (isPlural(noun) || kindOf(noun) || findEntity(draft, noun))) return { noun, list: tail, complete: true };
  if (noun !== null && whole && several && (looksLikeFields(tail) || isHappening(noun))) return { noun, list: tail, complete: true };
  const topic = several && !/\b(?:of|with|for)\b/i.test(head) ? topicOf(head) : null;
  if (topic !== null) return { noun: topic, list: tail, complete: true };
  if (
    /^(?:what|which|the (?:things|fields|information|data)|information|fields?)\b.*\b(?:want|need|record|note|keep|know|store|save)\b(?!.*\b(?:screen|page|see|show|look)\b)/i.test(
      head,
    ) &&
    several
  )
    return { noun: null, list: tail, complete: true };
  const object = several ? RECORDS.exec(head)?.[1] : undefined;
  const kept =
    object === undefined
      ? null
      : thingPhrase(object.replace(/\s+(?:collection|list|inventory|library|catalog(?:ue)?|records?|donated|sold|lent|bought)$/i, ''));
  if (kept !== null) return { noun: kept, list: tail, complete: true };
  const last = several
    ? (/ (?:[a-z]+ (?:up |in |out |down )?an? (?:new )?|(?:report|submit|make|place|request|hand in)s? (?:the |new |their )+)([a-z -]+)$/i.exec(
        head,
      )?.[1] ?? /\b(?:for|on|during|makes?|does|goes on|has) (?:an? )?([a-z]+)$/i.exec(head)?.[1])
    : undefined;
  const made = last === undefined ? null : thingPhrase(last);
  return made === null || !(isHappening(made) || kindOf(singular(made)) !== undefined || /\b(?:an?|the|new|their) /i.test(head))
    ? null
    : { noun: made, list: tail, complete: true };
}

const PER: Readonly<Record<string, string>> = {
  hour: 'hourly rate',
  day: 'day rate',
  night: 'nightly rate',
  week: 'weekly rate',
  month: 'monthly rate',
  year: 'yearly rate',
};

/** "Rooms: Main Hall (£18/hour), Kitchen (£6/hour)": examples with a price. */
function instancesUnder(head: string, tail: string): FieldSentence | null {
  const noun = thingPhrase(head);
  const items = partsOf(tail).map((part) => /^[A-Z][\w' -]*(?: \(([^)]*)\))?$/.exec(part.text));
  if (noun === null || !isPlural(noun) || items.length < 2 || items.some((item) => item === null)) return null;
  const priced = items.every((item) => /[€$£] ?\d|\d ?(?:€|eur|usd|gbp|dollars|pounds|euros)/i.test(item?.[1] ?? ''));
  const unit = /(?:\/|per |an? )(hour|day|night|week|month|year)/i.exec(items[0]?.[1] ?? '')?.[1]?.toLowerCase();
  const price = priced ? `, ${unit === undefined ? 'price' : (PER[unit] ?? 'rate')} (amount of money)` : '';
  return priced ? { noun, list: `name${price}`, complete: true } : null;
}

/** "Tool status: available / out", "Kind of plot: lawn, kerbed": the values of a field. */
function choiceUnder(draft: Draft, head: string, tail: string): FieldSentence | null {
  const [, label = '', thing = ''] = /^(?:the )?([a-z ]+?) of (?:an? |the |each |every )?([a-z -]+)$/i.exec(head) ?? [];
  const words = head.replace(/^(?:the|each|every|an?) /i, '').split(' ');
  const entity = label === '' ? (words.length > 1 ? findEntity(draft, words.slice(0, -1).join(' ')) : undefined) : meantEntity(draft, thing);
  const field = label === '' ? (words.at(-1) ?? '') : label;
  if (!entity || !soundsLikeField(singular(field)) || splitList(tail.replace(/\s*\/\s*/g, ', ')).length < 2 || /[()]/.test(tail)) return null;
  return { noun: entity.label, list: `${singular(field)} (${tail.replace(/\s+\/\s+|\s*->\s*/g, ', ')})`, complete: false };
}

/** True where most items of a list can only be fields. */
const looksLikeFields = (list: string): boolean => {
  const items = splitItems(list);
  const fields = items.filter(
    (item) => soundsLikeField(readFieldItem(item)?.label ?? '') || /[()]/.test(item) || /^(?:what|which|who|when|where|how|whether)\b/i.test(item),
  );
  return fields.length * 3 >= items.length && !isSentence(list);
};

/** True for `members, classes and trainers`: plural things rather than fields. */
export const soundsLikeList = (list: string): boolean => {
  const items = splitList(list)
    .filter((item) => !/^(who|which|when|whom)\b/i.test(item))
    .map((item) => nounPhrase(item) ?? '');
  return items.length > 1 && items.every((item) => item !== '' && isPlural(item) && kindOf(singular(item)) && !soundsLikeField(singular(item)));
};
