import { soundsLikeField } from './field-words.js';
import { soundsLikeList } from './heads.js';
import type { FieldSentence } from './heads.js';
import { isHappening, partsOf } from './noun-phrases.js';
import { thingPhrase } from './sentences.js';
import { gerund, isPlural } from './words.js';

/*
 * What is done, and what is noted of it: "when we fill a barrel we register: barrel, date", "we do the topping up: barrel,
 * litres", "you put in what you bought: what, how much".
 */

const WE = '(?:i|we|you|they|people|everyone|the [a-z]+s?|[a-z]+s)';

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
/** The record of what a verb says is done: `sell` -> `sale`, `fill` -> `filling`. */
export const nameOfDeed = (verb: string): string => NAMES_OF_DEEDS[verb] ?? gerund(verb);
