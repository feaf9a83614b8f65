import type { Entity, Field } from '#contracts';
import { NEVER_UNIQUE } from '#contracts';
import { putRule } from '../behaviour.js';
import { putField } from '../draft.js';
import { isPerson } from '../lexicon.js';
import { rangeOf } from '../read-overlaps.js';
import { between, happeningTo, linksBetween, openConditions, personLink, stillCounts } from '../rule-words.js';
import { singular } from '../words.js';
import { fieldsNamed, ownersOf } from './ingredients.js';
import type { Clause, Named } from './ingredients.js';

/*
 * What may not be the same twice. With a word for time, two records of one thing never overlap ("a room can't be booked twice at
 * once", "the same horse is never on two rides at the same time"); with two fields, they are unique together ("one review per film
 * and reviewer", "the same bird isn't ringed twice on a day"); with one, the field is unique ("no two keys share a code").
 */

const TIME =
  /\b(?:overlap\w*|double[- ]?book\w*|clash\w*|simultaneous\w*|at once|at (?:a|any) (?:one )?time|(?:two|different|several) places|(?:the )?same (?:time|moment|hour|slot|period|days?|dates?|nights?|evening|morning|afternoon|week(?:end)?)|at (?:the )?(?:same|one) time|already (?:booked|taken|reserved|occupied|out|in use|rented|hired|gone)|while (?:it|they|he|she)(?:'s| is| are) (?:still )?(?:out|booked|taken|on|in use|away|rented|lent)|twice (?:for|on|in) the same|still out|once it(?:'s| is) (?:taken|booked|gone)|is (?:taken|booked) (?:then|that))\b/i;
const TWO =
  /\b(?:two|2|twice|both|another|others?|anyone else|someone else|somebody else|more than (?:one|once)|double\w*|overlap\w*|clash\w*|again|several|one|same|already|while)\b/i;
const SAME =
  /\b(?:same|twice|again|once|more than once|duplicates?|duplicated|unique\w*|pair|combination|together|one|identical|alike|two|share[sd]?|repeat\w*|reused?|second)\b/i;
const UNIQUE = /\b(?:pair|combination|together|identif\w+)\b|\bunique (?:per|by|within|for (?:each|every))\b/i;

/** Reads what may not occur twice; answers whether the clause says so. */
export function readSame(clause: Clause): boolean {
  const { text, force } = clause;
  if (TIME.test(text) && TWO.test(text) && (force === 'never' || force === 'only' || /\b(?:only )?(?:one|a single)\b/i.test(text)))
    if (readOverlap(clause)) return true;
  const said =
    (force === 'never' && SAME.test(text)) ||
    UNIQUE.test(text) ||
    (force === 'only' && /\b(?:once only|only once|just once|only (?:be )?\w+ once|only one|one only)\b/i.test(text)) ||
    ONE_PER.test(text);
  if (said && !/^(?:if|when)\b/i.test(text) && readUnique(clause)) return true;
  return force === 'never' && /\b(?:twice|doubl[ey]|two places)\b/i.test(text) && readOverlap(clause);
}

/** "One review per film", "one pitch each". */
const ONE_PER =
  /(?<!\b(?:every|each|any|no|which|this|that|the) )\b(?:one|1|a single) (?:(?!has|have|is|are|can|must|may|needs|gets|of|with|and|or)[\w-]+ ){1,3}(?:per|by|for each|for every|for any one|each|a|an) [a-z]/i;

const TIMED = ['date', 'datetime', 'time'];
const timed = (entity: Entity): boolean => entity.fields.some((field) => TIMED.includes(field.type));

/** The records of what happens, and what is had once at a time. */
function readOverlap(clause: Clause): boolean {
  const { draft, mentions, text, topic } = clause;
  if (/\b(?:provided|unless|except)\b/i.test(text) || sameFields(clause) >= 2) return false;
  const named = [...new Set(mentions.map((one) => one.entity))];
  const near = [...named, ...(topic ? [topic] : [])];
  const things = near.filter((one) => !near.some((each) => each !== one && linksBetween(one, each).length > 0 && timed(one)));
  const candidates = [
    ...near.filter((one) => timed(one) && one.fields.some((field) => field.type === 'reference') && !isPerson(one.label)),
    ...things.flatMap((one) => happeningTo(draft, [one], text) ?? []),
    ...things.flatMap((one) => things.flatMap((other) => (one === other ? [] : (between(draft, one, other) ?? [])))),
  ];
  for (const happening of new Set(candidates)) {
    const resources = resourcesOf(clause, happening);
    if (resources.length === 0) continue;
    const open = openConditions(happening);
    const range = rangeOf(draft, happening);
    if (range && range.from === range.to && MOMENT.test(text)) continue;
    if (range && /birth|born|expir|valid|due\b/i.test(`${range.from.label} ${range.to.label}`)) continue;
    const planned = range !== null && range.from !== range.to && range.to.required;
    for (const resource of resources) {
      if (open.length > 0 && !planned && /\b(?:out|lent|lend|borrow\w*|loan\w*|issued?|back|returned|taken|at (?:a|one) time)\b/i.test(text))
        putRule(draft, happening, { kind: 'limit', by: resource.name, maximum: 1, where: open });
      else if (range)
        putRule(draft, happening, {
          kind: 'no_overlap',
          same: [resource.name],
          from: range.from.name,
          to: range.to.name,
          day: range.day?.name ?? null,
          where: stillCounts(happening),
        });
      else return false;
    }
    return true;
  }
  return false;
}

/** What may not be twice at a moment may well be twice on a day: a day alone does not tell. */
const MOMENT = /\b(?:moment|hours?|minute|at once|doubl[ey]|(?:at|in) (?:the )?(?:same|one|a|any) time)\b/i;

/** How many fields are said to be the same: "same hall, same date, same slot". */
const sameFields = ({ text }: Clause): number => [...text.matchAll(/\bsame (?!time|moment|hour|period|thing|goes|for)[a-z]+/gi)].length;

/** What is had once at a time: the links to what is named, a field that is ("the same room"), or the only thing linked to. */
function resourcesOf({ draft, mentions, text }: Clause, happening: Entity): Field[] {
  const person = /\b(?:nobody|no one|no-one|anyone|anybody|you|they|everyone)\b.*\b(?:two|both|2|more than one|several)\b/i.test(text)
    ? personLink(draft, happening)
    : undefined;
  if (person?.type === 'reference') return [person];
  const two = (at: number): boolean => /\b(?:two|different|several|more than one|2|another|many)\s+(?:\w+\s+)?$/i.test(text.slice(0, at));
  const links = mentions
    .filter((one) => one.entity !== happening)
    .flatMap((one) =>
      linksBetween(happening, one.entity)
        .slice(0, 1)
        .map((field) => ({ field, several: two(one.at) })),
    );
  const once = links.filter((one) => !one.several);
  if (links.length > 0)
    return [...new Set((once.length > 0 ? once : links).map((one) => one.field))].slice(0, /\b(?:or|nor|neither|and)\b/i.test(text) ? 4 : 1);
  const own = fieldsNamed(happening, text, ['text', 'choice', 'reference', 'integer']).filter(
    ({ score, field }) => score >= 0.9 && 'required' in field,
  );
  const [named] = own;
  if (named) return [named.field as Field];
  const all = happening.fields.filter((field) => field.type === 'reference');
  const things = all.filter((field) => !isPerson(draft.schema.entities.find((one) => one.name === field.target)?.label ?? ''));
  return things.length > 0 ? things.slice(0, 1) : all.length === 1 ? all : [];
}

/** Without such a word "one department and a name" may be the fields of a record: then only links and days are had once together. */
const SAME_SAID = /\b(?:same|twice|unique\w*|pair|combination|together|identif\w+|duplicat\w+)\b/i;
const PAIRED: readonly string[] = ['reference', 'date'];

const PLAIN = ['text', 'integer', 'number', 'date', 'datetime', 'choice', 'reference', 'email', 'phone', 'time'];

/** Two fields and more of one list are unique together; one alone is unique. */
function readUnique(clause: Clause): boolean {
  const { draft, text, mentions, topic } = clause;
  for (const entity of ownersOf(clause)) {
    const near = entity === topic || mentions.some((one) => one.entity === entity || linksBetween(entity, one.entity).length > 0);
    if (!near) continue;
    const fields = togetherIn(clause, entity);
    if (fields.length < 2 || (clause.force === null && !SAME_SAID.test(text) && fields.some((one) => !PAIRED.includes(one.type)))) continue;
    putRule(draft, entity, { kind: 'unique_together', fields: fields.slice(0, 5).map((one) => one.name) });
    return true;
  }
  for (const entity of ownersOf(clause)) {
    const [named] = fieldsNamed(entity, text, ['text', 'integer', 'number', 'email', 'phone', 'date']).filter(
      ({ score }) => score >= (clause.topic === entity || mentions.some((each) => each.entity === entity) ? 0.9 : 2.1),
    );
    if (!named || !isField(named) || NEVER_UNIQUE.includes(named.field.type) || /\b(?:only|one|once|same time)\b/i.test(text)) continue;
    putField(draft, entity, { label: named.field.label, unique: true });
    return true;
  }
  return false;
}

const isField = (named: Named): named is Named & { field: Field } => 'required' in named.field;

/** The links and fields of a list that the words name as being the same together. */
function togetherIn({ draft, text, mentions }: Clause, entity: Entity): Field[] {
  const links = mentions
    .filter((one) => one.entity !== entity)
    .flatMap((one) =>
      linksBetween(entity, one.entity)
        .filter((field) => field.type === 'reference')
        .slice(0, 1),
    );
  const own = fieldsNamed(entity, text, PLAIN).filter(
    (one): one is Named & { field: Field } => isField(one) && one.score >= 0.9 && one.field.type !== 'reference',
  );
  const listed = own.filter(
    ({ at }) => UNIQUE.test(text) || /\b(?:same|per|a|each|one|every|and|or|the|for)\s+(?:[\w-]+\s+)?$/i.test(text.slice(0, at)),
  );
  const day = /\b(?:per|a|the same|one|any|each|every|that) day\b/i.test(text)
    ? entity.fields.filter((field) => field.type === 'date').slice(0, 1)
    : [];
  const anybody =
    links.length === 1 && /\b(?:everyone|everybody|nobody|no one|anyone|people|they|you|each person|a person)\b/i.test(text)
      ? personOf(draft.schema.entities, entity)
      : [];
  return [...new Set([...links, ...listed.map((one) => one.field), ...day, ...anybody])].filter((field) => singular(field.label) !== entity.label);
}

const personOf = (entities: readonly Entity[], entity: Entity): Field[] => {
  const people = entity.fields.filter((field) => isPerson(entities.find((one) => one.name === field.target)?.label ?? ''));
  return people.length === 1 ? people : [];
};
