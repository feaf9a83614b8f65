import type { Entity } from '#contracts';
import { ensureEntity, findEntity, peopleOf, putField, removeField } from './draft.js';
import type { Draft, FieldWish } from './draft.js';
import { guessType } from './field-words.js';
import { isPerson } from './lexicon.js';
import { IMPOSSIBLE } from './limits.js';
import { readTypeWords } from '../requirements/requirements.js';
import { nounPhrase } from './sentences.js';
import { isPlural, lowerWords, plural, singular, snake, splitList } from './words.js';

/*
 * Field lists in plain words: "a title, the author (required), whether it was read, status (open or done) and tasks".
 */

const ASKED: readonly (readonly [RegExp, string, FieldWish['type']?])[] = [
  [/^who (?:\w+ ){0,2}?owns?\b/i, 'owner'],
  [/^(?:an? |the )?(\w+) (?:flag|check ?box|tick ?box)$/i, '$1', 'boolean'],
  [/^who (?:\w+ ){0,2}?wrote\b/i, 'author'],
  [/^who (?:(?:has|have|had|last) )*(\w+ed|made|built|gave|sold|sent|took|found|led) (?:it|them|the \w+)$/i, '$1 by', 'text'],
  [/^(?:the |an? )?((?:last |first |next )?\w+(?:ed|ght|ent|ken|ade|old|ven|paid|ound|lost|left|kept|een|met)) on(?= \(|$)/i, '$1 on', 'date'],
  [/^(?:the |an? )?((?:last |first |next )?\w+(?:ed|ght|ent|ken|ade|old|ven|paid|ound|lost|left|kept|een|met)) by(?= \(|$)/i, '$1 by', 'text'],
  [/^when (?:\w+ ){1,3}?last (\w+ed|bought|sold|read|seen|saw|made|sent|paid|met|fed|cut)\b/i, 'last $1 on', 'date'],
  [/^(?:when|on which day|what day) (?:it|they|he|she|this|the \w+)? ?(?:is|are|was|were)? ?due/i, 'due date', 'date'],
  [
    /^(?:when) (?:it|they|he|she|this|the \w+|i|we) (?:is|are|was|were|has been|have been)? ?(?:last )?(\w+ed|bought|sold|read|seen|made|sent|paid|lent|built|written|given|taken)\b/i,
    '$1 on',
    'date',
  ],
  [/^when\b.*\b(?:starts?|begins?)/i, 'start', 'date'],
  [/^when\b.*\bends?\b/i, 'end', 'date'],
  [/^when\b/i, 'date', 'date'],
  [/^where\b/i, 'place', 'text'],
  [/^how much\b.*\b(?:costs?|paid|price|spent|pay)\b/i, 'cost', 'money'],
  [/^how (?:long|much time)\b/i, 'duration', 'number'],
  [/^how (?:good|well|much (?:i|we) like\w*)\b/i, 'rating', 'rating'],
  [/^(how (?:i|we|they|it|he|she) \w+)/i, '$1', 'text'],
  [/^how many (\w+)/i, '$1', 'integer'],
  [
    /^(?:whether|if) (?:it|they|he|she|this|the \w+|i|we) (?:is|are|was|were|has been|have been|has|have|had)? ?(?:already |still |currently |fully |been )?([\w-]+)/i,
    '$1',
    'boolean',
  ],
  [/^(?:who is|who's) (?:responsible|in charge)\b/i, 'responsible person', undefined],
  [/^(what (?:was|is|has been) \w+)/i, '$1', 'text'],
  [/^what (?:it|they) (?:costs?|cost)\b/i, 'cost', 'money'],
];

const ROLES = /^(owner|assignee|borrower|responsible person|person responsible|responsible|organi[sz]er|host|leader|manager|instructor|lead)$/i;

/** Reads a list of fields into an entity; answers how many were taken. */
export function readFieldList(draft: Draft, entity: Entity, list: string, replace: boolean): number {
  const items = splitChoices(list);
  const before = entity.fields.length;
  const taken = items.filter((item) => readField(draft, entity, item)).length;
  if (taken > 0) {
    if (replace && !draft.described.has(entity.name) && before > 0) dropAssumed(draft, entity, items);
    draft.described.add(entity.name);
    draft.last = entity;
  }
  return taken;
}

/** What was only proposed gives way to what the person names. */
function dropAssumed(draft: Draft, entity: Entity, items: readonly string[]): void {
  const said = new Set(items.map((item) => snake(fieldLabel(item) ?? '')));
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

/** Splits a list and keeps `status (open, done)` and `a status: open, done or lost` together. */
function splitChoices(written: string): string[] {
  const list = written
    .replace(/\b([\w-]+(?: [\w-]+)?):\s*([\w -]+(?:,\s*(?!and )[\w -]+)*,?\s+or\s+[\w -]+?)(?=,|;|$|\s+and an? )/gi, '$1 ($2)')
    .replace(/\b([\w-]+):\s*([\w -]+(?:\/[\w -]+)+)/gi, '$1 ($2)');
  const colon = /^(.*?)\b([\w -]+?)\s*(?::|=|, (?:which|that) (?:is|can be|may be)|\b(?:is )?(?:one of|either)\b:?)\s*([^():]+)$/i.exec(list);
  const values = colon?.[3];
  if (values !== undefined && / or |\/|,/.test(values) && !/[()]/.test(values)) {
    const [first, ...rest] = [...splitList(colon?.[1] ?? ''), ''];
    return [first, ...rest, `${colon?.[2] ?? ''} (${values})`].filter((one): one is string => one !== undefined && one.trim() !== '');
  }
  return splitList(list);
}

const fieldLabel = (item: string): string | null => {
  for (const [pattern, label] of ASKED) {
    const match = pattern.exec(item.trim());
    if (match) return lowerWords(label.replace('$1', match[1] ?? '').trim());
  }
  const bare = item.replace(/\([^)]*\)/g, '').replace(/\b(from )?1 (to|-) ?5\b.*$/i, '');
  const of = /^(?:an? |the )?(date|number|day|time|year|place|amount|name|size|type|kind|cost|price|duration) of (?:the |an? )?([a-z -]+)$/i.exec(
    bare.trim(),
  );
  const per = /^(?:an? |the |its |their )?((?:[a-z]+ )?(?:price|cost|fee|rate|wage|pay|rent) per [a-z]+)$/i.exec(bare.trim())?.[1];
  if (per !== undefined) return lowerWords(per);
  const unit = /^(?:an? |the |its |their )?([a-z ]+ in (?:square |cubic )?[a-z]+)$/i.exec(bare.trim());
  const phrase = unit && !/^number|^integer/.test(guessType(unit[1] ?? '').type) ? null : (unit?.[1] ?? null);
  return usualLabel(phrase === null ? ofPhrase(of, bare) : lowerWords(phrase));
};

/** One name for what people write in many ways. */
const usualLabel = (label: string | null): string | null =>
  label === null
    ? null
    : singleField(label)
        .replace(/^(\w+) (?:flag|checkbox|check box|tick box)$/, '$1')
        .replace(/^(e-?mails?|mail address|email address)$/, 'e-mail address')
        .replace(/^(phone|telephone|telephone number|tel)$/, 'phone number');

/** `categories` of a thing are a field that holds one of them; what counts or describes stays plural. */
const singleField = (label: string): string => {
  const one = singular(label);
  const counted = ['text', 'date', 'time', 'money', 'email', 'url', 'choice', 'rating'].includes(guessType(one).type);
  return one !== label && soundsLikeField(one) && counted && guessType(label).type !== 'integer' ? one : label;
};

const ofPhrase = (of: RegExpExecArray | null, bare: string): string | null => {
  const phrase = of ? `${of[1] ?? ''} of ${of[2] ?? ''}` : nounPhrase(bare, 4);
  return phrase === null ? null : lowerWords(phrase);
};

function readField(draft: Draft, entity: Entity, item: string): boolean {
  const text = item.trim().replace(/^(?:is |was |has been )?(\w+) or not$/i, 'whether it is $1');
  const belongs = /^(?:belongs?|is assigned|is linked|are assigned|assigned|linked) to (an?|one|several|many|multiple|one or more)? ?(.+)$/i.exec(
    text,
  );
  if (belongs) return readLink(draft, entity, belongs[2] ?? '', /several|many|multiple|more/i.test(belongs[1] ?? ''));
  const which = /^(?:which|what|whose) ([a-z-]+)\b/i.exec(text);
  if (which && (findEntity(draft, which[1] ?? '') ?? isPerson(which[1] ?? '')))
    return readLink(draft, entity, which[1] ?? '', isPlural(which[1] ?? ''), false);
  const impossible = IMPOSSIBLE.find(({ pattern }) => pattern.test(text.replace(/\([^)]*\)/g, '')));
  if (impossible) {
    noteImpossible(draft, impossible);
    return false;
  }
  const words = /\(([^)]*)\)/.exec(text)?.[1];
  const type = ASKED.find(([pattern]) => pattern.test(text))?.[2];
  const label = fieldLabel(text);
  if (label === null || label === entity.label || /^(so on|more|others?|etc|the like|yes|no|not)$/i.test(label)) return false;
  const wish: { -readonly [key in keyof FieldWish]: FieldWish[key] } = { label, ...(type && { type }) };
  if (/\boptional(ly)?\b/i.test(text.replace(/\([^)]*\)/, ''))) wish.required = false;
  if (/\b(required|mandatory)\b/i.test(text)) wish.required = true;
  if (/\bunique\b/i.test(text)) wish.unique = true;
  if (/\b(1|one) (to|-) ?(5|five)\b/i.test(text)) wish.type = 'rating';
  if (words !== undefined) readParentheses(draft, words, wish);
  if (wish.type === undefined && !wish.choices && readAsLink(draft, entity, label, text, wish)) return true;
  putField(draft, entity, wish);
  return true;
}

type Wish = { -readonly [key in keyof FieldWish]: FieldWish[key] };

function readParentheses(draft: Draft, words: string, wish: Wish): void {
  const typed = readTypeWords(draft, words);
  if (typed) Object.assign(wish, typed);
  else {
    const values = words
      .replace(/^(?:for example|such as|like|either|one of:?|that is|can be)\s+/i, '')
      .split(/\s*(?:,|\/|;|\bor\b|\band\b)\s*/)
      .map((one) => one.trim().replace(/^["']|["']$/g, ''));
    const choices = values.filter(
      (one) => one !== '' && one.length <= 60 && one.split(' ').length <= 4 && !/^(required|mandatory|optional|unique)$/i.test(one),
    );
    const examples =
      /^(?:for example|such as|like|in (?!progress|use|stock|review|transit|repair|service|storage|work|house|person|full)|if |when |as )/i.test(
        words,
      );
    if (choices.length >= 2 && !examples && !choices.some((one) => /^(the|an?|if|when|yes|no)\b/i.test(one)))
      Object.assign(wish, { type: 'choice', choices: [...new Set(choices)] });
  }
}

/** Takes a field that names another list of records as a link to it. */
function readAsLink(draft: Draft, entity: Entity, label: string, text: string, wish: Wish): boolean {
  const target = findEntity(draft, label) ?? roleTarget(draft, label);
  if (!target || target === entity) return false;
  const many = isPlural(label) && singular(label) !== label;
  if (many && target.fields.some((field) => field.type === 'references' && field.target === entity.name)) return true;
  if (many && !/\b(one or more|several)\b/i.test(text) && !isMutual(draft, entity, target)) {
    if (!target.fields.some((field) => field.target === entity.name))
      putField(draft, target, { label: entity.label, type: 'reference', target: entity.name, required: true });
    return true;
  }
  const ownName = findEntity(draft, label) !== undefined && !many ? target.label : label;
  putField(draft, entity, { ...wish, label: ownName, type: many ? 'references' : 'reference', target: target.name });
  return true;
}

/** True where the target already points back with many: both sides name each other. */
const isMutual = (draft: Draft, entity: Entity, target: Entity): boolean =>
  draft.mutual.has(`${entity.name}:${target.name}`) || target.fields.some((field) => field.type === 'references' && field.target === entity.name);

const roleTarget = (draft: Draft, label: string): Entity | undefined =>
  ROLES.test(label) && peopleOf(draft).length === 1 ? peopleOf(draft)[0] : undefined;

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

export function noteImpossible(draft: Draft, { what, why }: { what: string; why: string }): void {
  const line = `${what}: ${why}.`;
  if (!draft.outOfScope.includes(line)) draft.outOfScope.push(line);
}

/** True where the words read like a field rather than a list of records: a typed word such as price or date. */
export const soundsLikeField = (label: string): boolean =>
  guessType(label).type !== 'text' ||
  /^(name|title|author|publisher|category|colou?r|genre|species|location|phone( number)?|isbn|sku|brand|size|place)$/i.test(label);
