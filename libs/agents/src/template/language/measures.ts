import type { Condition, Entity, Field, RecordValue } from '#contracts';
import { DATED_TYPES, NUMERIC_TYPES } from '#contracts';
import type { Draft } from './draft.js';
import { isPerson } from './lexicon.js';
import { on } from './lists.js';
import { fieldIn, linksBetween, mentionsOf, nameScore, openConditions, stem } from './rule-words.js';
import type { Place } from './rule-words.js';
import { singular } from './words.js';

/*
 * Which numbers, days and states of the model some words mean, where they do not name them outright: "fees" for the hire fee,
 * "kilos" for a weight, "took" for an amount of money, "not back" for an empty day of return.
 */

/** Words for an amount, and the labels of fields that hold one. */
const AMOUNTS: readonly (readonly [RegExp, RegExp])[] = [
  [/\b(?:hours?|hrs|time spent|time)\b/i, /\bhours?\b|\bduration\b/i],
  [/\b(?:minutes?|mins|length)\b/i, /\bminutes?\b|\bduration\b|\blength\b/i],
  [/\b(?:kilos?|kg|grams?|pounds|lbs|tons?|tonnes?|weight|weigh\w*|heavy)\b/i, /\b(?:kilos?|kg|grams?|pounds|lbs|tons?|tonnes?|weight)\b/i],
  [/\b(?:lit(?:re|er)s?|gallons|volume|capacity|bushels|full)\b/i, /\b(?:lit(?:re|er)s?|gallons?|volume|amount|capacity|bushels|quantity)\b/i],
  [/\b(?:km|kilomet(?:re|er)s?|miles|mileage|distance|far)\b/i, /\b(?:km|kilomet(?:re|er)s?|miles|mileage|distance)\b/i],
  [/\b(?:met(?:re|er)s|length|long|area|size|width|height)\b/i, /\b(?:met(?:re|er)s|length|area|size|width|height)\b/i],
  [/\b(?:points|scores?|marks?)\b/i, /\b(?:points|score|marks?|rating)\b/i],
  [
    /\b(?:people|guests|heads|persons|places|seats|spots|passengers)\b/i,
    /\b(?:people|guests|heads|persons|party size|number of|places|seats|spots|capacity|passengers)\b/i,
  ],
  [
    /\b(?:quantity|stock|pieces|units|copies|items|many|sold|used|stock level)\b/i,
    /\b(?:quantity|stock|pieces|units|copies|amount|number|count|qty)\b/i,
  ],
];
const MONEY =
  /\b(?:revenue|turnover|earn\w*|takings?|took|taken|income|sp[ea]n[dt]\w*|sell|sold|sales|pa(?:y|id)|payments?|received|raised|collected|owe[ds]?|owing|costs?|money|worth|outstanding|how much|value|balance|charged?|due|bills?|fees?|prices?|cash|profit|rent|refund\w*|donat\w*|budget|debt|invoiced?)\b/i;

/** How well a number fits some words: 4 by its name, 3 by the last word of it, 2 by its unit, 1 for money spoken of as money. */
export function amountScore(field: Field | RecordValue, words: string): number {
  const named = nameScore(field.label, words);
  if (named >= 2) return 4 + named / 10;
  const label = field.label.toLowerCase();
  const own = label.split(' ').filter((word) => word.length > 2);
  const said = (words.toLowerCase().match(/[a-z]{3,}/g) ?? []).map(singular);
  const last = singular(own.at(-1) ?? '');
  if (last !== '' && !/^(?:number|date|time|amount|total)$/.test(last) && said.includes(last)) return 3;
  if (own.some((word) => word.length > 3 && said.some((one) => one.length > 3 && stem(one) === stem(singular(word))))) return 2.5;
  if (AMOUNTS.some(([spoken, labels]) => spoken.test(words) && labels.test(label))) return 2;
  return field.type === 'money' && MONEY.test(words) ? (fitsMoney(label, words) ? 1.6 : 1) : 0;
}

function fitsMoney(label: string, words: string): boolean {
  if (/deposit|rate\b|per |limit|credit/i.test(label)) return false;
  if (/\b(?:spen[dt]|costs?)\b/i.test(words)) return /paid|cost|price|spent|amount/i.test(label);
  if (/\bow(?:e[ds]?|ing)\b|due|balance|outstanding/i.test(words)) return /charge|amount|total|price|due|rent|fee|balance|owed/i.test(label);
  return /price|total|amount|charge|income|earn|margin|fee|rent|profit|paid/i.test(label);
}

/** The number that some words mean, of the lists in `near` before all others; `least`: how well it has to fit. */
export function amountIn(draft: Draft, words: string, near: readonly (Entity | null | undefined)[], least = 1): Place | undefined {
  const places = draft.schema.entities.flatMap((entity) =>
    [...entity.fields, ...entity.values]
      .filter((field) => NUMERIC_TYPES.includes(field.type) && !/^(?:year|year built|age|minimum|maximum|level)$/i.test(field.label))
      .map((field) => ({ entity, field, score: amountScore(field, words) }))
      .filter(({ score }) => score >= least)
      .map((one) => ({ ...one, score: one.score + (near.includes(entity) ? 2.2 : 0) })),
  );
  const [best, second] = places.sort((a, b) => b.score - a.score);
  return best && !(second && second.entity !== best.entity && second.score === best.score && !near.includes(best.entity)) ? best : undefined;
}

const NEGATION =
  /\b(?:not|never|no|without|hasn't|haven't|isn't|aren't|wasn't|weren't|didn't|don't|doesn't|yet to be|still to be|to be|still need\w* to be)\b[^,]{0,22}$/i;
const telling = (label: string): string =>
  label
    .toLowerCase()
    .replace(/\b(?:date|time|day|the|of|on|at|is|was|when|it|they)\b/g, ' ')
    .trim()
    .replace(/\s+/g, ' ');

/** The conditions that words set for the records of a list: states, yes-or-no fields, days that are filled in or not. */
export function conditionsSaid(entity: Entity, words: string): Condition[] {
  const text = ` ${words.toLowerCase()} `;
  const found: Condition[] = [];
  const heard = (name: string): { at: number; negated: boolean } | undefined => {
    const pattern = new RegExp(`(?<![\\w-])(un|in|non-?)?${name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/[- ]+/g, '[- ]')}s?(?![\\w-])`, 'i');
    const hit = pattern.exec(text);
    return hit ? { at: hit.index, negated: (hit[1] !== undefined) !== NEGATION.test(text.slice(0, hit.index)) } : undefined;
  };
  for (const field of entity.fields) {
    if (field.type === 'choice') {
      const hits = field.choices.flatMap((choice) => {
        const hit = choice.length > 1 ? heard(choice.toLowerCase()) : undefined;
        return hit ? [{ choice, ...hit }] : [];
      });
      const best = hits.sort((a, b) => b.choice.length - a.choice.length)[0];
      if (best) found.push(on(field, best.negated ? 'is_not' : 'is', best.choice));
    } else if (field.type === 'boolean') {
      const hit = heard(telling(field.label));
      if (hit) found.push(on(field, 'is', hit.negated ? 'no' : 'yes'));
    } else if (DATED_TYPES.includes(field.type) && /(?:ed|en|ght|id|ld|back|out|in)$/.test(telling(field.label))) {
      const hit = heard(telling(field.label));
      if (hit && (hit.negated || !/\b(?:date|day|when)\b/.test(text))) found.push(on(field, hit.negated ? 'is_empty' : 'is_not_empty'));
    }
  }
  if (found.length > 0) return found.slice(0, 3);
  return UNDONE.test(text) ? openConditions(entity) : DONE.test(text) ? openConditions(entity, true) : [];
}

const UNDONE =
  /\b(?:unpaid|owed|owing|owes?|outstanding|unfinished|unreturned|undelivered|unsent|unsolved|unresolved|incomplete|open|pending|active|current(?:ly)?|still (?:out|open|on loan|away|with)|not (?:yet )?(?:been )?(?:back|paid|returned|done|finished|closed|settled|collected|solved|come back)|(?:has|have)n't (?:yet )?(?:been )?(?:paid|returned|brought|come back|settled|done)|on loan|lent out|out (?:now|at the moment|there))\b/i;
const DONE = /\b(?:paid|returned|finished|completed|closed|settled|done)\b/i;

const DUE = /due|deadline|expir|until|best before|end|return|valid|next|by\b|run/i;
const BIRTH = /birth|born|dob/i;
const ENDED =
  /^(?:return|closed|done|paid|finish|complet|repaired|fixed|left|back|died)|(?:fixed|closed|returned|paid|repaired|completed|back|left)$/i;

/** The day that a stretch of time is about; `ahead`: what is still to come or over. */
export function dayFor(entity: Entity, words: string, ahead: boolean): Field | undefined {
  const text = words.toLowerCase();
  const ends =
    /\b(?:due|deadline|expir\w*|runs? out|running out|run out|ends?|ending|out of date|best before|overdue|late|valid|back|until|lapse\w*)\b/i.test(
      text,
    );
  const scored = entity.fields
    .filter((field) => DATED_TYPES.includes(field.type))
    .map((field, at) => {
      const own = telling(field.label)
        .split(' ')
        .filter((word) => word.length > 2);
      const named = own.length > 0 && own.some((word) => text.includes(stem(word)));
      return {
        field,
        score:
          (named ? 4 : 0) +
          (DUE.test(field.label) ? (ends ? 3 : ahead ? 0 : -1) : ends ? -1 : 0.5) -
          (BIRTH.test(field.label) && !named ? 6 : 0) -
          (ENDED.test(field.label) && !named ? 2 : 0) -
          at / 10,
      };
    })
    .sort((a, b) => b.score - a.score);
  return scored[0] && scored[0].score > -3 ? scored[0].field : undefined;
}

export const isDue = (field: Field): boolean => DUE.test(field.label);

/** The lists that records of which some words speak are linked to or from, the nearest first. */
export const linkedTo = (draft: Draft, to: Entity): Entity[] => draft.schema.entities.filter((one) => one !== to && linksBetween(one, to).length > 0);

/** What "who" and "everyone" can mean: the only list of people, or the people that the words name. */
export function peopleMeant(draft: Draft, words: string): Entity | undefined {
  const named = mentionsOf(draft, words).find((one) => isPerson(one.entity.label))?.entity;
  const people = draft.schema.entities.filter((one) => isPerson(one.label));
  return named ?? (people.length === 1 ? people[0] : undefined);
}

export const fieldOf = (draft: Draft, entity: Entity, words: string, types?: readonly string[]): Field | RecordValue | undefined =>
  fieldIn({ ...draft, schema: { ...draft.schema, entities: [entity] } }, words, [entity], types)?.field;
