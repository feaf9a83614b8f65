import { soundsLikeField } from './field-words.js';
import { soundsLikeList } from './heads.js';
import type { FieldSentence } from './heads.js';
import { isPerson, kindOf } from './lexicon.js';
import { isHappening, partsOf } from './noun-phrases.js';
import { nounPhrase, thingPhrase } from './sentences.js';
import { gerund, isPlural, singular } from './words.js';

/*
 * What is done, and what is noted of it: "when we fill a barrel we register: barrel, date", "we do the topping up: barrel,
 * litres", "you put in what you bought: what, how much".
 */

const WE = '(?:i|we|you|they|people|everyone|the [a-z]+s?|[a-z]+s)';
export const NOTE =
  '(?:(?:also|just|then|always|simply|only|must|have to|need to|want to|should|can) )*(?:record|log|note|write|put|type|enter|fill|keep|store|save|need|track|register|want|collect|list|document)(?:s)?(?: (?:down|in|to know|to record|to have|to keep|to note))?';

/** "People fill out an application and we type it in: name, phone", "you put in what you bought: what, how much". */
export function putIn(text: string): FieldSentence | null {
  const [, thing = '', list = ''] =
    /\b(?:an?|the|their) ([a-z]+)(?: (?:on|in|by|with) [a-z]+)?,? (?:and|which|that) (?:we|i|they|you) (?:then )?(?:type|enter|write|put|copy|record|note|log|register|keep|store)s? ?(?:it|that|this|them)?(?: in| down| up)?: (.+)$/i.exec(
      text,
    ) ?? [];
  const [, verb = '', what = ''] =
    /\b(?:put|type|write|enter|record|note|log|say|register)s? ?(?:in|down)? (?:what|when|how much|how many|where) (?:i|we|you|they|he|she|people) (?:have |has |had )?([a-z]+)(?: [a-z]+)?: (.+)$/i.exec(
      text,
    ) ?? [];
  const stem = STEMS[verb.toLowerCase()] ?? verb.toLowerCase().replace(/(?<=[a-z]{3})ed$/, '');
  const noun = thing === '' ? (verb === '' ? null : (NAMES_OF_DEEDS[stem] ?? gerund(stem))) : thingPhrase(thing);
  const fields = thing === '' ? what : list;
  return noun !== null && partsOf(fields).length > 1 ? { noun, list: fields, complete: true } : null;
}

const STEMS: Readonly<Record<string, string>> = {
  bought: 'buy',
  sold: 'sell',
  paid: 'pay',
  payed: 'pay',
  spent: 'spend',
  lent: 'lend',
  caught: 'catch',
  ate: 'eat',
  ran: 'run',
  did: 'do',
  made: 'make',
  took: 'take',
  gave: 'give',
  saw: 'see',
  sent: 'send',
  found: 'find',
  read: 'read',
  swam: 'swim',
  rode: 'ride',
  drove: 'drive',
  planted: 'plant',
  picked: 'pick',
};

const DOING = new RegExp(
  `^(?:[a-z][a-z ,]*?,? )??(?:${WE}) (?:also |then |just )?(?:do|does|make|makes|take|takes|carry out|hold|holds|run|runs|log|logs|record|records|register|registers|note|write down|keep|keeps|have|get|put in|enter|enters|fill out|fill in) (?:the |an? |their |our |his |her )?([a-z][a-z -]{2,30}?)(?: (?:on|in|at|for|with|and) [a-z ]{2,30})?(?::| - |, (?=that is )) ?(.+)$`,
  'i',
);

/** "Every two weeks we do the topping up: barrel, date, litres", "students log their time: case, date, hours". */
export function doing(text: string): FieldSentence | null {
  const [, thing = '', list = ''] = DOING.exec(text) ?? [];
  const said = /^(?:(?:working )?(?:time|hours))$/i.test(thing)
    ? 'time entry'
    : /^[a-z]+ing (?:up|out|in|off|down|over)$/i.test(thing)
      ? thing
      : thingPhrase(thing);
  const noun = said === null || said.length !== (said === 'time entry' ? said : thing).length ? null : said;
  return noun !== null &&
    partsOf(list).length > 1 &&
    !soundsLikeList(list) &&
    (isPlural(noun) || isHappening(noun) || noun === 'time entry' || /ing (?:up|out|in|off|down|over)$/i.test(noun)) &&
    !soundsLikeField(noun) &&
    !/\b(?:what|which|how)\b/i.test(thing)
    ? { noun, list, complete: true }
    : null;
}

/** What is done, by the name of its record, where that is not the verb with -ing. */
const NAMES_OF_DEEDS: Readonly<Record<string, string>> = {
  sell: 'sale',
  buy: 'purchase',
  pay: 'payment',
  deliver: 'delivery',
  visit: 'visit',
  repair: 'repair',
  inspect: 'inspection',
  donate: 'donation',
  lend: 'loan',
  borrow: 'loan',
  rent: 'rental',
  hire: 'hire',
  book: 'booking',
  order: 'order',
  adopt: 'adoption',
  treat: 'treatment',
  measure: 'measurement',
  test: 'test',
  check: 'check',
  harvest: 'harvest',
  transfer: 'transfer',
  service: 'service',
  vaccinate: 'vaccination',
  examine: 'examination',
  spend: 'expense',
  call: 'call',
  weigh: 'weighing',
  return: 'return',
  collect: 'collection',
  install: 'installation',
  review: 'review',
};
const WHEN = new RegExp(
  `^(?:when(?:ever)?|once|every time|each time|if) ${WE} (?:actually |have |has )?([a-z]+)(?: (up|out|off|in))? (?:(?:an?|the|one|some|any|of|his|her|their|new|it) ?)*([a-z]+(?: [a-z]+)?)?,?(?: .*?)?:?,? ${WE} ${NOTE}:? (.+)$`,
  'i',
);

/** "When we fill a barrel we register: barrel, wine, litres": a filling. What only says more about the barrel is no record. */
export function deed(text: string): FieldSentence | null {
  const [, verb = '', particle = '', object = '', list = ''] = WHEN.exec(text) ?? [];
  const parts = partsOf(list);
  if (verb === '' || parts.length < 2) return null;
  const stem =
    STEMS[verb.toLowerCase()] ??
    verb
      .toLowerCase()
      .replace(/^(?:done|does)$/, 'do')
      .replace(/(?<=[^s])s$/, '');
  if (/^(?:have|has|had|want|need|get|got|is|are|be|see|know|like|open|look|log|sign)$/.test(stem)) return null;
  const nouns = parts.map((part) => singular((nounPhrase(part.text) ?? '').replace(/^(?:which|what) /i, '').toLowerCase()));
  const thing = singular(object.toLowerCase());
  const pronoun = /^(?:it|one|them|this|we|i|you|they|)$/.test(thing);
  const itself = nouns.includes(thing) || (pronoun && nouns.some((noun) => kindOf(noun) !== undefined && !soundsLikeField(noun)));
  if (!itself) return null;
  const light = /^(?:do|make|finish|complete)$/.test(stem);
  const kept = nouns.find((noun) => kindOf(noun) !== undefined && !isPerson(noun) && !soundsLikeField(noun));
  const name = light ? (pronoun ? kept && `${kept} done` : `${thing} done`) : (NAMES_OF_DEEDS[stem] ?? gerund(stem));
  return name === undefined ? null : { noun: particle === '' ? name : `${name} ${particle}`, list, complete: true };
}
