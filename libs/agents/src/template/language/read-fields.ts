import type { Entity } from '#contracts';
import { ensureEntity, findEntity, meantEntity, peopleOf, putField, removeField } from './draft.js';
import type { Draft, FieldWish } from './draft.js';
import { isUnlikely } from './frames/attributes.js';
import { UNIQUE } from './item-rules.js';
import { readFieldItem } from './items.js';
import { splitItems } from './split-items.js';
import type { Item } from './items.js';
import { isEvent, isPerson, kindOf } from './lexicon.js';
import { isHappening } from './noun-phrases.js';
import { readTypeWords } from '../requirements/requirements.js';
import { nounPhrase, thingPhrase } from './sentences.js';
import { isPlural, plural, singular, snake } from './words.js';

/*
 * Taking a list of fields into the model: "a title, the author (required), whether it was read, status (open or done) and tasks".
 */

const ROLES =
  /^(owner|assignee|borrower|responsible person|person responsible|responsible|organi[sz]er|host|leader|manager|instructor|lead|person|reporter|keeper)$/i;
/** Roles that only people in general have: the leader of a tour is no customer. */
const OFFICES = /^(organi[sz]er|host|leader|manager|instructor|lead)$/i;
const ANYBODY = /\b(person|employee|member|colleague|volunteer|user|player|staff|friend|worker|participant)$/i;

/** What stands in a list and names no field: an aside, or somebody who does something. */
const NO_ITEM =
  /^(?:(?:anybody|anyone|nobody|no one|everybody|everyone|because|but|so|no|only|then|at once|at the same time|in advance|sorry|not all|not every|one of us) ?\b(?!two\b|duplicates?\b|show\b|shows\b))|^(?:for|of|with|by|in|to|on|at)$/i;

/** Reads a list of fields into an entity; answers how many were taken. */
export function readFieldList(draft: Draft, entity: Entity, list: string, replace: boolean): number {
  const all = splitItems(list).filter((item) => !NO_ITEM.test(item));
  const person = personIn(draft, entity, all);
  const items = person ? all.filter((_, at) => !person.at.includes(at)) : all;
  const before = entity.fields.length;
  if (person) {
    const somebody = ensureEntity(draft, person.noun);
    putField(draft, entity, { label: somebody.label, type: 'reference', target: somebody.name, required: true });
    readFieldList(
      draft,
      somebody,
      person.at.map((at) => (all[at] ?? '').replace(new RegExp(`^(?:the )?${person.noun}(?:'s)? `, 'i'), '')).join(', '),
      false,
    );
  }
  const lined = linesIn(draft, entity, items);
  const taken = items.filter((item, at) => lined.has(at) || takeItem(draft, entity, item, items[at + 1] ?? '')).length;
  if (taken > 0) {
    if (replace && !draft.described.has(entity.name) && before > 0) dropAssumed(draft, entity, items);
    draft.described.add(entity.name);
    draft.last = entity;
  }
  return taken;
}

/** What was only proposed gives way to what the person names. */
function dropAssumed(draft: Draft, entity: Entity, items: readonly string[]): void {
  const said = new Set(items.map((item) => snake(readFieldItem(item)?.label ?? '')));
  for (const field of [...entity.fields]) {
    if (draft.assumedFields.has(`${entity.name}.${field.name}`) && !said.has(field.name)) {
      removeField(draft, entity, field);
      draft.refused.delete(`${entity.name}.${field.name}`);
    }
  }
  const order = [...said];
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  entity.fields.sort((a, b) => Number(a.target === null) - Number(b.target === null) || place(a.name) - place(b.name));
}

/** "customer name, phone, room, date" of a booking: the customer is somebody with a name and a phone. */
function personIn(draft: Draft, entity: Entity, items: readonly string[]): { noun: string; at: number[] } | null {
  const first = items.findIndex((item) => isPerson(/^(?:the )?([a-z]+)(?:'s)? name$/i.exec(item.trim())?.[1] ?? ''));
  const noun = /^(?:the )?([a-z]+)/i.exec(items[first]?.trim() ?? '')?.[1]?.toLowerCase();
  if (noun === undefined || noun === 'contact' || isPerson(entity.label) || !isHappening(entity.label)) return null;
  const own = new RegExp(
    `^(?:the )?${noun}(?:'s)? |^(?:an? |the |their )?(?:phone|e-?mail|telephone|address|mobile)\\b|\\b(?:licen[cs]e|passport|id|identity card)(?: number)?$`,
    'i',
  );
  const at = items.flatMap((item, index) => (index === first || (index > first && own.test(item.trim())) ? [index] : []));
  return at.length > 1 || findEntity(draft, noun) ? { noun, at } : null;
}

const BELONGS =
  /^(?:belongs? to|is (?:assigned|linked) to|are assigned to|assigned to|linked to|is part of|comes? from|is for) (an?|one|exactly one|several|many|multiple|one or more)? ?(.+)$/i;
/** "how many of each", after several things: each of them is a line of its own. */
const OF_EACH = /^(?:the )?(?:how many|how much|quantit(?:y|ies)|amounts?|number)(?: of (?:each|them|it))?(?: each)?$/i;

function takeItem(draft: Draft, entity: Entity, written: string, next: string): boolean {
  const text = written.trim().replace(/^(?:what|which) [^:]{2,30}: /i, '');
  const belongs = BELONGS.exec(text);
  if (belongs) return readLink(draft, entity, belongs[2] ?? '', /several|many|multiple|more/i.test(belongs[1] ?? ''));
  const pair = /^which ([a-z]+) (?:[a-z]+ ){0,3}which ([a-z]+)$/i.exec(text);
  const ends = [pair?.[1], pair?.[2]].flatMap((noun) => (noun === undefined ? [] : (findEntity(draft, noun) ?? [])));
  if (ends.length === 2 && !ends.includes(entity))
    return ends.every((one) => putField(draft, entity, { label: one.label, type: 'reference', target: one.name, required: true }));
  const both = /^who (?:[a-z]+ ){1,3}which ([a-z -]+)$/i.exec(text)?.[1];
  const thing = both === undefined ? undefined : findEntity(draft, both);
  const somebody = thing && peopleOf(draft)[0];
  if (thing && somebody && thing !== entity)
    return [thing, somebody].every((one) => putField(draft, entity, { label: one.label, type: 'reference', target: one.name, required: true }));
  const item = readFieldItem(
    text.replace(
      new RegExp(`^(?:the )?(name|number|code|title|type|kind|date|size) of (?:the |an? )?(?:${entity.label}|${entity.label_plural})$`, 'i'),
      '$1',
    ),
  );
  if (!item || (item.label === entity.label && item.inside === null) || item.label === entity.label_plural) return false;
  if (!draft.exact && isUnlikely(item.label)) return false;
  const target = targetOf(draft, entity, item);
  if (target && isPlural(item.label) && OF_EACH.test(next) && / each|of them/i.test(next)) return takeLines(draft, entity, target);
  if (OF_EACH.test(text) && draft.schema.entities.some((one) => one.name === linesOf(entity))) return false;
  const wish = wishOf(draft, item);
  if (target && wish.type === undefined && !wish.choices?.length) return takeLink(draft, entity, target, item, text);
  if (item.many && kindOf(singular(item.label)) && thingPhrase(item.label)) return readLink(draft, entity, item.label, true);
  putField(draft, entity, wish);
  return true;
}

type Wish = { -readonly [key in keyof FieldWish]: FieldWish[key] };

function wishOf(draft: Draft, item: Item): Wish {
  const { label, type, required, unique, choices } = item;
  const wish: Wish = {
    label,
    ...(type && { type }),
    ...(required !== undefined && { required }),
    ...(unique !== undefined && { unique }),
    ...(choices && { choices }),
  };
  if (item.inside !== null) readParentheses(draft, item.inside, wish);
  return wish;
}

const CONTINUOUS =
  /^(?:for example|such as|like|in (?!progress|use|stock|review|transit|repair|service|storage|work|house|person|full)|if |when |as |where |only |not |no |usually|mostly|about |up to |max\b|min\b|so )/i;

/** What stands in parentheses after a field: rules, values, a unit, or an aside. */
function readParentheses(draft: Draft, words: string, wish: Wish): void {
  const typed = readTypeWords(draft, words);
  if (typed) return void Object.assign(wish, typed);
  if (/^(?:yes ?(?:\/|or) ?no|y\/n|true ?(?:\/|or) ?false)$/i.test(words)) return void (wish.type = 'boolean');
  if (/\b(?:1|one) ?(?:to|-|–) ?(?:5|five)\b|\bstars?\b/i.test(words)) return void (wish.type = 'rating');
  if (UNIQUE.test(words) || /\bunique\b|no duplicates|different for (?:every|each|all)|no two/i.test(words)) wish.unique = true;
  if (/\boptional(?:ly)?\b|\bif (?:any|known|they|it|we|there|available)\b|not always|may be (?:empty|blank|missing)|if not\b/i.test(words))
    wish.required = false;
  else if (/\brequired\b|\bmandatory\b/i.test(words)) wish.required = true;
  if (/^(?:in )?(?:€|\$|£|dollars|euros|pounds|usd|eur|gbp)$|[€$£] ?\d/i.test(words)) wish.type = 'money';
  const values = words
    .replace(/^(?:for example|such as|like|either|one of:?|that is|can be|choose from:?|options?:?)\s+/i, '')
    .split(/\s*,\s*(?:or |and )?|\s*\/\s*|\s*;\s*|\s+or\s+|\s+and\s+|\s*->\s*|\s*\|\s*/)
    .map((one) => one.trim().replace(/^["'](?=.*["']$)|(?<=^["'].*)["']$/g, ''));
  const choices = values.filter(
    (one) => one !== '' && one.length <= 60 && one.split(' ').length <= 4 && !/^(required|mandatory|optional|unique|other\.{3}|\.{3})$/i.test(one),
  );
  if (choices.length >= 2 && !CONTINUOUS.test(words) && !choices.some((one) => /^(?:the|an?|if|when|yes|no|they|it|we|our)(?: |$)/i.test(one)))
    Object.assign(wish, { type: 'choice', choices: [...new Set(choices)] });
}

/** The list of records that an item means, if it means one. */
function targetOf(draft: Draft, entity: Entity, { label, type, choices, link, many }: Item): Entity | undefined {
  if (type !== undefined || choices !== undefined) return undefined;
  const parent = /^(?:parent|previous|main|original|next|super) (.+)$/i.exec(label)?.[1];
  if (parent !== undefined && findEntity(draft, parent) === entity) return entity;
  const second = /^(?:co-|(?:second|deputy|assistant|other|former|backup) )([a-z ]+)$/i.exec(label)?.[1];
  if (second !== undefined && findEntity(draft, second)) return findEntity(draft, second);
  const qualified = type === undefined ? /^(?!date |number |name )[a-z]+ ([a-z]+)$/i.exec(label)?.[1] : undefined;
  if (!draft.exact && qualified !== undefined && !isPlural(qualified) && findEntity(draft, qualified) && findEntity(draft, qualified) !== entity)
    return findEntity(draft, qualified);
  const people = ROLES.test(label) ? peopleOf(draft) : [];
  const only = people.length === 1 && people[0] !== entity ? people[0] : undefined;
  const role = only && ROLES.test(label) && (!OFFICES.test(label) || ANYBODY.test(only.label)) ? only : undefined;
  const target =
    findEntity(draft, label.replace(/ (?:present|involved|attending)$/i, '')) ??
    (link === true || many === true ? meantEntity(draft, label) : undefined) ??
    doing(draft, label) ??
    role;
  return target === entity ? undefined : target;
}

/** The borrower is the "borrowing institution". */
const doing = (draft: Draft, label: string): Entity | undefined => {
  const stem = /^([a-z]{3,})(?:er|or)s?$/i.exec(label)?.[1]?.toLowerCase();
  return stem === undefined ? undefined : draft.schema.entities.find((one) => one.label.split(' ')[0] === `${stem}ing` && one.label.includes(' '));
};

/** Several of another thing: `tasks` of a project point at it, the `students` of a course are linked from it. */
function takeLink(draft: Draft, entity: Entity, target: Entity, item: Item, text: string): boolean {
  const noun = item.label.replace(/ (?:present|involved|attending)$/i, '');
  const many = item.many ?? (isPlural(noun) && singular(noun) !== noun);
  const back = target.fields.find((field) => field.target === entity.name);
  if (many && back?.type === 'references') return true;
  const shared =
    item.many === true ||
    isMutual(draft, entity, target) ||
    meets(entity.label) ||
    /\b(one or more|several|who (?:came|attended|were|are|took|joined)|that came|present|involved|taking part|on it)\b/i.test(text) ||
    (isPerson(target.label) && entity.fields.some((field) => /^(?:date|day)$/.test(field.label)));
  if (many && !shared) {
    if (!back) putField(draft, target, { label: entity.label, type: 'reference', target: entity.name, required: true });
    return true;
  }
  const own = findEntity(draft, noun) === target ? (many ? target.label_plural : target.label) : item.label;
  const { required, unique } = item;
  const needed = required ?? (!many && isHappening(entity.label) && target !== entity ? true : undefined);
  const wish = { ...(needed !== undefined && { required: needed }), ...(unique !== undefined && { unique }) };
  putField(draft, entity, { ...wish, label: target === entity ? item.label : own, type: many ? 'references' : 'reference', target: target.name });
  return true;
}

/** True for what several people or things come together in: a course, a shift, a concert. */
const meets = (label: string): boolean =>
  isEvent(label) ||
  isHappening(label) ||
  /\b(?:event|meeting|class|session|match|trip|concert|workshop|course|party|rehearsal|shift|game|tour|camp|lesson|playlist|menu|programme|program|exhibition|collection|kit|bundle)$/i.test(
    label,
  );

/** True where the target already points back with many: both sides name each other. */
const isMutual = (draft: Draft, entity: Entity, target: Entity): boolean =>
  draft.mutual.has(`${entity.name}:${target.name}`) || target.fields.some((field) => field.type === 'references' && field.target === entity.name);

/** "Lines of linen type, quantity": what follows the lines is counted for each of them. */
function linesIn(draft: Draft, entity: Entity, items: readonly string[]): ReadonlySet<number> {
  const at = items.findIndex((item) => LINES.test(item.trim()));
  const target = meantEntity(draft, nounPhrase(LINES.exec(items[at]?.trim() ?? '')?.[1] ?? '') ?? '');
  if (!target || target === entity) return new Set();
  const own = items.slice(at + 1).filter((item) => /^(?:quantity|number|amount|how many|count|price|pieces)\b/i.test(item.trim()));
  const lines = ensureEntity(draft, `${entity.label} line`);
  for (const one of [entity, target]) putField(draft, lines, { label: one.label, type: 'reference', target: one.name, required: true });
  for (const item of own) {
    const label = readFieldItem(item.trim())?.label ?? 'quantity';
    putField(draft, lines, { label, ...(/price/.test(label) ? {} : { type: 'integer', required: label === 'quantity' }) });
  }
  draft.described.add(lines.name);
  return new Set([at, ...own.map((item) => items.indexOf(item))]);
}

const LINES = /^(?:the |a list of )?(?:lines?|rows?|positions?) (?:of|with|for) (?:an? |the )?(.+)$/i;

const linesOf = (entity: Entity): string => `${entity.name}_item`;

/** "products and how many of each": every line of a parcel has a product and a quantity. */
function takeLines(draft: Draft, entity: Entity, target: Entity): boolean {
  const lines = ensureEntity(draft, `${entity.label} item`);
  for (const one of [entity, target]) putField(draft, lines, { label: one.label, type: 'reference', target: one.name, required: true });
  putField(draft, lines, { label: 'quantity', type: 'integer', required: true });
  draft.described.add(lines.name);
  return true;
}

/** Links an entity to what the noun names, making that list where there is none. */
export function readLink(draft: Draft, entity: Entity, noun: string, many: boolean, required = true): boolean {
  const phrase = nounPhrase(noun);
  if (phrase === null) return false;
  const target = findEntity(draft, phrase) ?? ensureEntity(draft, phrase);
  if (many) putField(draft, entity, { label: plural(target.label), type: 'references', target: target.name });
  else
    putField(draft, entity, {
      label: target === entity ? `parent ${target.label}` : target.label,
      type: 'reference',
      target: target.name,
      ...(target !== entity && { required }),
    });
  return true;
}

/** Notes what cannot be built, with the reason and, where they are known, the words that ask for it. */
export function noteImpossible(draft: Draft, { what, why, words }: { what: string; why: string; words?: string }): void {
  const asked = words === undefined ? '' : ` ("${words.length > 300 ? `${words.slice(0, 300)}...` : words}")`;
  const line = `${what}${asked}: ${why}.`;
  if (!draft.outOfScope.includes(line)) draft.outOfScope.push(line);
}
