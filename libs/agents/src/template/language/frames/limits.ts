import type { Condition, Entity, Field } from '#contracts';
import { putRule } from '../behaviour.js';
import type { RuleWish } from '../behaviour.js';
import { isPerson } from '../lexicon.js';
import { conditionsSaid, dayFor } from '../measures.js';
import { between, happeningTo, linksBetween, openConditions, personLink, stem, stillCounts } from '../rule-words.js';
import { countedWords, figuresSaid } from './figures-said.js';
import type { Figure } from './figures-said.js';
import { NUMBERS, fieldsNamed, ownersOf } from './ingredients.js';
import type { Clause } from './ingredients.js';

/*
 * A figure, something countable and what it is counted for make a limit: "at most 3 dogs a walk", "nobody gets more than two loans",
 * "a class takes 12 people", "3 things per visitor per event is the limit". A period ("in a week") is its window; the sum of an
 * amount ("no more than 24 hours a day") may be limited instead of a number of records.
 */

type Limit = Extract<RuleWish, { kind: 'limit' }>;
type Period = NonNullable<Limit['period']>;

const PERIOD =
  /\b(?:per|by|a|an|each|every|in|on|within|during|of)(?: (?:a|an|any|one|any one|the same|single|the|each|calendar|given))* (day|week|month|year|season|night|evening|morning)\b|\b(daily|weekly|monthly|yearly)\b/i;
/** A figure that measures counts nothing. */
const MEASURED =
  /^[ -]?(?:%|percent|per cent|(?:calendar |working |full )?(?:days?|nights?|weeks?|months?|years?|hours?|hrs?|minutes?|mins?|seconds?|kilos?|kg|grams?|tonnes?|met(?:re|er)s?|km|miles|lit(?:re|er)s?|euros?|pounds?|dollars?|cents?|p|am|pm|o'clock)\b)/i;
const AT_ONCE =
  /\b(?:at (?:a|one|the same|any|any one|any given) (?:time|moment)|at once|simultaneously|open|out|current(?:ly)?|outstanding|active|going|running|unreturned|on loan)\b/i;
const HOLDS =
  /\b(?:take|takes|hold|holds|seat|seats|fit|fits|carry|carries|sleeps?|accommodates?|has (?:room|space|places|spots|seats) for|have (?:room|space|places) for|room for|full (?:at|with)|capacity)\b/i;
const PEOPLE = /\b(?:heads?|people|persons?|participants?|attendees|places|spots|heads|seats|guests|kids|children|of (?:us|them))\b/i;
const ANYBODY =
  /\b(?:nobody|no one|no-one|everybody|everyone|anyone|anybody|each person|a person|per person|people|they|you|each of (?:us|them)|per head)\b/i;

/** Reads a limit; answers whether the clause sets one. */
export function readLimit(clause: Clause): boolean {
  return figuresOf(clause)
    .map((figure) => readSum(clause, figure) || readCount(clause, figure))
    .includes(true);
}

/** The figures that bound something: by a word for it, by "one ... per", or by a verb for what has room. */
function figuresOf({ text, force }: Clause): Figure[] {
  return figuresSaid(text, force).flatMap((figure): Figure[] => {
    if (figure.way === 'at_most' || figure.way === 'at_least') return [figure];
    if (figure.way === 'below' && force === null) return [];
    if (figure.way === 'below') return [{ ...figure, way: 'at_most', value: figure.value - 1 }];
    if (figure.way === 'above') return [{ ...figure, way: 'at_least', value: figure.value + 1 }];
    const [before, behind] = [text.slice(0, figure.at), text.slice(figure.end)];
    const room = HOLDS.test(before.slice(-30)) && figure.value > 1 && force !== 'never';
    if (
      force === 'never' &&
      figure.value > 1 &&
      /\w/.test(before) &&
      !/\bno\s*$/i.test(before) &&
      !/\b(?:same|different|overlap\w*|at once|time)\b/i.test(text) &&
      countedWords(text, figure) !== ''
    )
      return [{ ...figure, way: 'at_most', value: figure.value - 1 }];
    const each =
      figure.value === 1
        ? /^(?: [\w'-]+){1,3} (?:per|by|for each|for every|for any one|a|each|at a time|at once)\b/i.test(behind)
        : /^(?: [\w'-]+){1,3} (?:per|at a time|at once)\b/i.test(behind);
    const allowed = force !== null && force !== 'never';
    return room || (each && (allowed || !/\b(?:is|are|has|have|was|were)\b/i.test(before))) ? [{ ...figure, way: 'at_most' }] : [];
  });
}

const periodOf = (text: string): Period | undefined => {
  const hit = PERIOD.exec(text);
  const word = (hit?.[1] ?? hit?.[2]?.replace(/ly$/i, '').replace('dai', 'day'))?.toLowerCase();
  if (word === undefined) return undefined;
  return /night|evening|morning/.test(word) ? 'day' : ((word === 'season' ? 'year' : word) as Period);
};

/** The window of a limit; null where the records have no day to count by. */
function windowOf(entity: Entity, text: string): Pick<Limit, 'day' | 'period'> | null {
  const period = periodOf(text);
  if (period === undefined) return {};
  const day = dayFor(entity, text, false);
  return day ? { day: day.name, period } : null;
}

/** "No more than 24 hours in total on one day": the sum of an amount. */
function readSum(clause: Clause, figure: Figure): boolean {
  const { draft, text } = clause;
  const summed = /\b(?:in total|altogether|together|all in all|sum|adds? up|combined|total)\b/i.test(text);
  if (figure.way !== 'at_most' || (!summed && periodOf(text) === undefined)) return false;
  const words = countedWords(text, figure);
  for (const entity of ownersOf(clause)) {
    const near = clause.topic === entity || clause.mentions.some((one) => one.entity === entity || linksBetween(entity, one.entity).length > 0);
    const numbers = entity.fields.filter((field) => NUMBERS.includes(field.type));
    const [named] = fieldsNamed(entity, words, NUMBERS);
    const only = words === '' && entity === clause.topic && numbers.length === 1 && numbers[0] ? { field: numbers[0], score: 1 } : undefined;
    const amount = named ?? only;
    if (!amount || (!near && amount.score < 2) || clause.mentions.some((one) => one.words.toLowerCase() === words.toLowerCase())) continue;
    const group = clause.mentions.map((one) => linksBetween(entity, one.entity)[0]).find((one) => one !== undefined);
    const by = group ?? (ANYBODY.test(text) || periodOf(text) !== undefined ? personLink(draft, entity) : undefined);
    const window = windowOf(entity, text);
    if (window === null) continue;
    putRule(draft, entity, {
      kind: 'limit',
      by: by?.name ?? null,
      field: amount.field.name,
      maximum: figure.value,
      ...window,
      where: stillCounts(entity),
    });
    return true;
  }
  return false;
}

interface Counted {
  readonly entity: Entity;
  readonly by: Field | null;
}

/** "At most 3 loans per member", "a walk has no more than 4 dogs". */
function readCount(clause: Clause, figure: Figure): boolean {
  const { draft, text } = clause;
  if (!Number.isInteger(figure.value) || figure.value < 1 || MEASURED.test(text.slice(figure.end)) || /[£$€]\s*$/.test(text.slice(0, figure.at)))
    return false;
  const counted = countedIn(clause, figure);
  const measured = clause.mentions.some(({ entity }) => fieldsNamed(entity, text.slice(0, figure.at), NUMBERS).some(({ score }) => score >= 0.9));
  if (!counted && measured) return false;
  const groups = groupsIn(clause, figure, counted);
  for (const group of groups) {
    const several = counted && linksBetween(group, counted).find((field) => field.type === 'references');
    if (several && periodOf(text) === undefined) {
      putRule(draft, group, {
        kind: 'compare',
        field: several.name,
        operator: figure.way === 'at_least' ? 'at_least' : 'at_most',
        value: figure.value,
      });
      return true;
    }
  }
  if (figure.way !== 'at_most') return false;
  for (const group of groups) {
    const found = recordsOf(clause, counted, group);
    const window = found && windowOf(found.entity, text);
    if (!found || !window) continue;
    if (figure.value === 1 && putOnce(clause, found, groups)) return true;
    putRule(draft, found.entity, { kind: 'limit', by: found.by?.name ?? null, maximum: figure.value, ...window, where: whereOf(found.entity, text) });
    return true;
  }
  return putPerDay(clause, figure, counted);
}

/** "No more than 20 visits a day": for all of them together. */
function putPerDay({ draft, text }: Clause, figure: Figure, counted: Entity | undefined): boolean {
  const window = counted && periodOf(text) !== undefined ? windowOf(counted, text) : null;
  if (!counted || !window) return false;
  putRule(draft, counted, { kind: 'limit', by: null, maximum: figure.value, ...window, where: whereOf(counted, text) });
  return true;
}

/** One review per film per reviewer: both together are had once. */
function putOnce({ draft, text }: Clause, { entity, by }: Counted, groups: readonly Entity[]): boolean {
  if (AT_ONCE.test(text)) return false;
  const links = groups.flatMap((one) =>
    linksBetween(entity, one)
      .filter((field) => field.type === 'reference')
      .slice(0, 1),
  );
  const fields = [...new Set([...(by ? [by] : []), ...links])];
  if (fields.length < 2) return false;
  putRule(draft, entity, { kind: 'unique_together', fields: fields.map((one) => one.name) });
  return true;
}

function whereOf(entity: Entity, text: string): Condition[] {
  const said = conditionsSaid(entity, text).filter((one) => one.operator === 'is' || one.operator === 'is_empty');
  if (said.length > 0) return said.slice(0, 1);
  const open = AT_ONCE.test(text) ? openConditions(entity) : [];
  return open.length > 0 ? open : stillCounts(entity);
}

/** The list that the figure counts: named right behind it, or in front of it where nothing is. */
function countedIn({ draft, mentions, text }: Clause, figure: Figure): Entity | undefined {
  const behind = mentions.find(
    (one) =>
      one.at >= figure.end &&
      /^(?:\s+(?!per\b|a\b|an\b|each\b|every\b|to\b|in\b|at\b|on\b|for\b|is\b)[\w'-]+){0,2}\s+$/i.test(text.slice(figure.end, one.at)),
  );
  if (behind) return behind.entity;
  const word = /^\s+([a-z]{5,})/i.exec(text.slice(figure.end))?.[1];
  const meant = word === undefined ? undefined : draft.schema.entities.find((one) => stem(one.label).startsWith(stem(word)));
  if (meant) return meant;
  const bare =
    /^\s*(?:$|[,;]|at (?:a|one|once|any)|per\b|each\b|every\b|is the\b|max|out\b|in\b|on\b|to\b|a (?:day|week|month|year)\b|of (?:them|these|those)\b)/i.test(
      text.slice(figure.end),
    );
  const before = mentions.filter((one) => one.end <= figure.at);
  return bare && before.length > 1 ? before.at(-1)?.entity : undefined;
}

/** What the limit is for each of: what "per" stands before, the others named, the list above, whoever "nobody" is. */
function groupsIn(clause: Clause, figure: Figure, counted: Entity | undefined): Entity[] {
  const { draft, mentions, text, topic } = clause;
  const others = mentions.filter((one) => one.entity !== counted);
  const per = others.filter(
    (one) =>
      /\b(?:per|each|every|any one|for one|to (?:one|a|an|each|the same)|in (?:one|a|an|each|the same)|for (?:a|an|the same)|on (?:one|a|an|each)|a|an)(?: (?:single|given|same))? $/i.test(
        text.slice(0, one.at),
      ) && one.at > figure.end,
  );
  const people = draft.schema.entities.filter((one) => isPerson(one.label));
  const anybody = ANYBODY.test(text) ? (counted ? people.filter((one) => related(clause, counted, one)) : people) : [];
  return [
    ...new Set([...per, ...others].map((one) => one.entity).concat(topic && topic !== counted ? [topic] : [], anybody.length === 1 ? anybody : [])),
  ];
}

const related = ({ draft }: Clause, one: Entity, other: Entity): boolean =>
  linksBetween(one, other).length > 0 || linksBetween(other, one).length > 0 || between(draft, one, other) !== undefined;

/** The records that are counted and their link to the group: themselves, or those between both. */
function recordsOf(clause: Clause, counted: Entity | undefined, group: Entity): Counted | undefined {
  const { draft, text } = clause;
  if (counted) {
    const direct = linksBetween(counted, group).find((field) => field.type === 'reference');
    if (direct) return { entity: counted, by: direct };
    const middle = happeningTo(draft, [counted, group], text, true) ?? between(draft, counted, group);
    const by = middle && linksBetween(middle, group).find((field) => field.type === 'reference');
    return middle && by ? { entity: middle, by } : undefined;
  }
  if (BOUNDED.test(text) && PEOPLE.test(text)) return recordsTo(clause, group);
  if (!PEOPLE.test(text) && !/\bat (?:a|one|once|any|the same)\b/i.test(text) && clause.force === null) return undefined;
  return recordsTo(clause, group);
}

const BOUNDED = /\b(?:max\w*|most|more than|limit|up to|is all|tops)\b/i;

/** The records of what happens to the group. */
function recordsTo({ draft, text }: Clause, group: Entity): Counted | undefined {
  const middle = happeningTo(draft, [group], text, false);
  const by = middle && linksBetween(middle, group).find((field) => field.type === 'reference');
  return middle && by ? { entity: middle, by } : undefined;
}
