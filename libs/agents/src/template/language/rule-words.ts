import type { Condition, Entity, Field, RecordValue } from '#contracts';
import { DATED_TYPES } from '#contracts';
import { findEntity, meantEntity, putField } from './draft.js';
import type { Draft } from './draft.js';
import { sameState } from './behaviour.js';
import { isEvent, isPerson } from './lexicon.js';
import { isHappening } from './noun-phrases.js';
import { escaped, plural, singular, snake } from './words.js';

/*
 * Finding the lists, fields, states and figures that the words of a rule speak of.
 */

/** Where a text speaks of a list of records. */
export interface Mention {
  readonly entity: Entity;
  readonly at: number;
  readonly end: number;
  readonly words: string;
}

const spelled = (words: string): string => escaped(words).replace(/[- ]/g, '[- ]');

/** Patterns built before: the same few names are looked for again and again. */
const patterns = new Map<string, RegExp>();

function asWord(forms: readonly string[], flags = 'i'): RegExp {
  const key = `${flags} ${forms.join('|')}`;
  const known = patterns.get(key);
  if (known) return known;
  if (patterns.size > 10_000) patterns.clear();
  const pattern = new RegExp(`(?<![\\w-])(?:${forms.map(spelled).join('|')})(?![\\w-])`, flags);
  patterns.set(key, pattern);
  return pattern;
}

/** Every list that a text names, in the order of the words; of names inside names the longest. */
export function mentionsOf(draft: Draft, text: string): Mention[] {
  const found = draft.schema.entities.flatMap((entity): Mention[] => {
    const last = entity.label.slice(entity.label.lastIndexOf(' ') + 1);
    const short = last !== entity.label && meantEntity(draft, last) === entity ? [plural(last), last] : [];
    const forms = [entity.label_plural, entity.label, ...short].sort((a, b) => b.length - a.length);
    return [...text.matchAll(asWord(forms, 'gi'))].map((hit) => ({ entity, at: hit.index, end: hit.index + hit[0].length, words: hit[0] }));
  });
  return found
    .filter((one) => !found.some((other) => other !== one && other.at <= one.at && other.end >= one.end && other.words.length > one.words.length))
    .sort((a, b) => a.at - b.at);
}

/** The list that a topic or a noun means. */
export const entityOfWords = (draft: Draft, words: string | null | undefined): Entity | undefined =>
  words ? (meantEntity(draft, singular(words.trim())) ?? findEntity(draft, words.trim()) ?? mentionsOf(draft, words).at(-1)?.entity) : undefined;

/** A field or worked-out value, and where. */
export interface Place {
  readonly entity: Entity;
  readonly field: Field | RecordValue;
}

/** Words that mean the same end of a stretch of time, or the same amount. */
const LIKE: readonly (readonly string[])[] = [
  ['start', 'begin', 'beginning', 'from', 'starting', 'out', 'pick-up', 'pickup', 'check-in', 'arrival', 'start date', 'start time'],
  ['end', 'finish', 'until', 'to', 'till', 'ending', 'return', 'back', 'check-out', 'departure', 'end date', 'end time', 'in'],
  ['quantity', 'stock', 'how many', 'number in stock', 'amount in stock', 'how many we have'],
  ['birth date', 'date of birth', 'birthday', 'birthdate', 'born on', 'born'],
  ['email', 'e-mail', 'e-mail address', 'email address'],
  ['phone', 'phone number', 'telephone', 'telephone number'],
];
const DULL = /\b(?:date|time|day|the|of|on|at|in|number|timestamp)\b/g;

const bare = (words: string): string => words.toLowerCase().replace(DULL, ' ').replace(/\s+/g, ' ').trim();

/** How surely some words name a field: 3 by its whole name, 2 by the telling part of it, 1 by a word that means the same. */
export function nameScore(label: string, text: string): number {
  const whole = label.toLowerCase();
  if (asWord([whole, plural(whole), singular(whole)]).test(text)) return 3 + whole.length / 100;
  const telling = bare(whole);
  if (telling.length > 2 && asWord([telling, singular(telling)]).test(text)) return 2 + telling.length / 100;
  const words = telling.split(' ').filter((word) => word.length > 2);
  if (words.length > 1 && words.every((word) => asWord([word]).test(text))) return 1.8;
  const said = bare(text).split(' ');
  if (said.length <= 3 && words.length > 0 && said.every((word) => word.length > 2 && whole.split(' ').includes(word))) return 2;
  const group = LIKE.find((one) => one.includes(whole) || one.includes(telling));
  return group && asWord(group.filter((one) => one.length > 2)).test(text) ? 1 : 0;
}

/** The field that the text speaks of, of one of these types; a list in `near` comes before the others. */
export function fieldIn(draft: Draft, text: string, near: readonly (Entity | null | undefined)[], types?: readonly string[]): Place | undefined {
  const places = draft.schema.entities.flatMap((entity) =>
    [...entity.fields, ...entity.values]
      .filter((field) => types === undefined || types.includes(field.type))
      .map((field) => ({ entity, field, sure: nameScore(field.label, text), close: near.includes(entity) ? 1 : 0 })),
  );
  const best = places.filter(({ sure, close }) => sure >= 2 || (sure > 0 && close > 0)).sort((a, b) => b.close - a.close || b.sure - a.sure)[0];
  if (!best) return undefined;
  const rivals = places.filter(
    (one) => one !== best && one.close === best.close && Math.floor(one.sure) === Math.floor(best.sure) && one.entity !== best.entity,
  );
  return best.close === 0 && rivals.length > 0 ? undefined : best;
}

/** Links from one list to another. */
export const linksBetween = (from: Entity, to: Entity): Field[] => from.fields.filter((field) => field.target === to.name);

/** The list that links to both: loans between books and members. */
export const between = (draft: Draft, one: Entity, other: Entity): Entity | undefined =>
  draft.schema.entities.find((middle) => middle !== one && middle !== other && [one, other].every((end) => linksBetween(middle, end).length > 0));

export const stem = (word: string): string =>
  word
    .toLowerCase()
    .replace(/(?:ings?|ed|s)$/, '')
    .replace(/(.)\1$/, '$1')
    .replace(/e$/, '');

const DOINGS: readonly (readonly [RegExp, RegExp])[] = [
  [/\b(?:book|reserv)(?:s|ed|ing|e|es)?\b/i, /^(?:.* )?(?:booking|reservation|appointment)$/],
  [
    /\b(?:borrow|lent|lend|loan|out|check(?:ed)? out|given|hand(?:ed)? out|taken out|promised|issued?|checkout)\w*\b/i,
    /^(?:.* )?(?:loan|lending|checkout|borrowing|issue)$/,
  ],
  [/\b(?:rent|hir)(?:s|ed|ing|e|es)?(?: out)?\b/i, /^(?:.* )?(?:rental|hire|booking)$/],
  [
    /\b(?:enrol|regist|sign(?:ed|s)? up|join|enter|attend|put down|participat)\w*\b/i,
    /^(?:.* )?(?:enrolment|enrollment|registration|participation|attendance|sign-up|entry|membership|course|shift)$/,
  ],
  [/\b(?:rat|review|scor|judg)(?:e|es|ed|ing|s)?\b/i, /^(?:.* )?(?:rating|review|score)$/],
  [/\b(?:log|record)(?:s|ged|ging|ed)?\b/i, /^(?:.* )?(?:time entry|entry|log|hour)$/],
  [/\b(?:sell|sold|sale)\b/i, /^(?:.* )?(?:sale|order)$/],
  [/\b(?:order)(?:s|ed|ing)?\b/i, /^(?:.* )?order$/],
];

/** The list of what happens to a thing (`to`), as the words say it: "rented" means the rentals that link to bikes. `sure`: only by its verb. */
export function happeningTo(draft: Draft, to: readonly Entity[], text: string, sure = false): Entity | undefined {
  const linked = draft.schema.entities.filter((entity) => to.every((end) => end !== entity && linksBetween(entity, end).length > 0));
  const words = text.toLowerCase().match(/[a-z]+/g) ?? [];
  const byStem = linked.find((entity) => words.some((word) => word.length > 3 && stem(word).length > 3 && stem(entity.label).startsWith(stem(word))));
  const byVerb = linked.find((entity) => DOINGS.some(([verb, noun]) => verb.test(text) && noun.test(entity.label)));
  if (sure) return byStem ?? byVerb;
  const happenings = linked.filter((entity) => isEvent(entity.label) || isHappening(entity.label));
  return byStem ?? byVerb ?? (happenings.length === 1 ? happenings[0] : linked.length === 1 ? linked[0] : undefined);
}

/** A field that a rule needs and nobody spoke of; noted as an assumption. */
export function assumeField(draft: Draft, entity: Entity, label: string, type: Field['type'], choices: readonly string[] = []): Field {
  const known = entity.fields.find((field) => field.name === snake(label));
  if (known) return known;
  const field = putField(draft, entity, { label, type, ...(choices.length > 0 && { choices }) });
  draft.assumptions.push(`A rule needs the ${label} of ${plural(entity.label)}, so it is recorded.`);
  return field;
}

const GONE = /^(?:cancel|refus|reject|declin|void|withdrawn|no[- ]show)/i;

/** Leaves out what was cancelled or refused. */
export function stillCounts(entity: Entity): Condition[] {
  return entity.fields.flatMap((field) =>
    field.choices.filter((choice) => GONE.test(choice)).map((value) => ({ field: field.name, operator: 'is_not' as const, value })),
  );
}

export const CLOSING =
  /^(?:(?:date|time|day|hour)(?: (?:of|it|they|it was|was))? (?:came |brought |given |really )?(?:back|returned?|repaired?|fixed|emptied|emptying|closed|closing|solved|settled|finished|cleared|ended)|(?:repaired|fixed|emptied|solved|settled|answered|cleared|ended|mended|resolved|finished)(?: (?:on|date|at|time))?|return(?:ed)?(?: date| on| time)?|done|paid(?: on)?|completed(?: on)?|finished(?: on)?|closed(?: on)?|delivered|resolved|(?:date )?(?:came |brought |given )?back(?: on)?|(?:when it )?came back|in(?: timestamp| time)?|time in|checked in(?: on)?|handed back(?: on)?)$/i;

/** The conditions under which a record is still open: not returned, not paid, not done. */
export function openConditions(entity: Entity, done = false): Condition[] {
  const status = entity.fields.find((one) => one.type === 'choice' && one.choices.some((choice) => CLOSING.test(choice)));
  const open = status?.choices.find((choice) => /^(?:open|out|active|borrowed|lent)$/i.test(choice));
  if (status && open !== undefined) return [{ field: status.name, operator: done ? 'is_not' : 'is', value: open }];
  const field = entity.fields.find((one) => CLOSING.test(one.label) && ['boolean', ...DATED_TYPES].includes(one.type));
  if (field?.type === 'boolean') return [{ field: field.name, operator: 'is', value: done ? 'yes' : 'no' }];
  if (field) return [{ field: field.name, operator: done ? 'is_not_empty' : 'is_empty', value: null }];
  const value = status?.choices.find((choice) => CLOSING.test(choice));
  return status && value ? [{ field: status.name, operator: done ? 'is' : 'is_not', value }] : [];
}

/** `in the shop for repair` is what `in repair` means. */
const holdsWords = (choice: string, said: string): boolean => {
  const telling = (words: string): string[] =>
    words
      .toLowerCase()
      .split(/\W+/)
      .filter((word) => word.length > 3)
      .map(stem);
  return telling(said).length > 0 && telling(said).every((word) => telling(choice).includes(word));
};

/** The condition that a word sets for the records of a list: a state, or a yes-or-no field ("paid", "in repair", "available"). */
export function conditionFor(entity: Entity, words: string, not = false): Condition | undefined {
  const said = words
    .toLowerCase()
    .replace(/^(?:(?:still|already|currently|is|are|been|being|marked|set|has|have|the|an?|not yet|not) )+/, '')
    .trim();
  const negated = not !== /\bnot\b|n't\b/i.test(words);
  for (const field of entity.fields) {
    const value =
      field.choices.find((choice) => sameState(choice, said)) ??
      field.choices.find((choice) => said.length > 3 && (stem(choice) === stem(said) || holdsWords(choice, said)));
    if (value !== undefined) return { field: field.name, operator: negated ? 'is_not' : 'is', value };
    const label = field.label.toLowerCase();
    if (field.type !== 'boolean') continue;
    if (label === said || stem(label) === stem(said) || label === `is ${said}`)
      return { field: field.name, operator: 'is', value: negated ? 'no' : 'yes' };
    if (`un${label}` === said || `in${label}` === said || `not ${label}` === said)
      return { field: field.name, operator: 'is', value: negated ? 'yes' : 'no' };
  }
  const day = entity.fields.find(
    (field) => DATED_TYPES.includes(field.type) && said.length > 3 && bare(field.label) === said && / (?:on|date|at)$/.test(field.label),
  );
  return day && { field: day.name, operator: negated ? 'is_empty' : 'is_not_empty', value: null };
}

/** A link of the list to a person, where there is only one. */
export const personLink = (draft: Draft, entity: Entity): Field | undefined => {
  const links = entity.fields.filter((field) => isPerson(draft.schema.entities.find((one) => one.name === field.target)?.label ?? ''));
  if (links.length > 0) return links.length === 1 ? links[0] : undefined;
  return entity.fields.find((field) => field.type === 'text' && (isPerson(field.label) || /^(?:person|who|by whom|employee)$/i.test(field.label)));
};
