import type { Entity, Field, RecordValue } from '#contracts';
import { putRule } from '../behaviour.js';
import { amountScore } from '../measures.js';
import { linksBetween } from '../rule-words.js';
import { figuresSaid, rangeSaid, saysNegative } from './figures-said.js';
import { NUMBERS, fieldsNamed, ownersOf } from './ingredients.js';
import type { Clause } from './ingredients.js';

/*
 * A number of a list and a figure that bounds it: "weight must be over 0", "the drawer can't go below nought", "score 1-10",
 * "hours: at least 0.25". The number is the one that the words name or measure, or the only one of the list.
 */

interface Amount {
  readonly entity: Entity;
  readonly field: Field | RecordValue;
}

/** Reads the bounds of a number; answers whether the clause sets one. */
export function readBounds(clause: Clause): boolean {
  const { draft, text, force } = clause;
  const put = ({ entity, field }: Amount, operator: 'at_least' | 'at_most' | 'above' | 'below', value: number): void => {
    putRule(draft, entity, { kind: 'compare', field: field.name, operator, value });
  };
  if (saysNegative(text) && force === 'never') {
    const all =
      /\bnone of (?:these|them|those|the amounts)\b|\bamounts?\b/i.test(text) && clause.topic
        ? clause.topic.fields.filter((field) => field.type === 'money')
        : [];
    if (all.length > 1 && clause.topic) {
      for (const field of all) put({ entity: clause.topic, field }, 'at_least', 0);
      return true;
    }
    const amount = amountOf(clause, text, true);
    if (amount) put(amount, 'at_least', 0);
    return amount !== undefined;
  }
  if (/\b(?:must|has to|have to|should|always) (?:be|stay) positive\b/i.test(text)) {
    const amount = amountOf(clause, text, true);
    if (amount) put(amount, 'above', 0);
    return amount !== undefined;
  }
  const range = rangeSaid(text);
  if (range) {
    const amount = amountOf(
      clause,
      text
        .slice(0, range.at)
        .split(' ')
        .slice(force === null ? -8 : 0)
        .join(' '),
      false,
    );
    if (!amount) return false;
    put(amount, 'at_least', range.from);
    put(amount, 'at_most', range.to);
    return true;
  }
  const bounded = figuresSaid(text, force).filter((one) => one.way !== null);
  if (bounded.length === 0 || (force === null && text.split(' ').length > 8) || PER.test(text)) return false;
  const amount = amountOf(clause, text, false);
  if (!amount) return false;
  const fitting = bounded.filter(({ end }) => !TIME.test(text.slice(end)) || LASTS.test(amount.field.label));
  for (const { way, value } of fitting) if (way) put(amount, way, value);
  return fitting.length > 0;
}

/** A figure in days bounds no price, and no number of things. */
const TIME = /^[ -](?:calendar |working |full )?(?:minutes?|hours?|days?|nights?|weeks?|months?|years?)\b/i;
const LASTS = /minute|hour|day|night|week|month|year|age|long|length|duration|term|time|period|stay|notice|interval|gap/i;

/** A limit of a sum or a number of records is no bound of one number. */
const PER =
  /\b(?:per|a|each|every|in (?:a|one|any)|on (?:a|one|any)) (?:day|week|month|year)\b|\b(?:in total|altogether|at (?:once|a time)|one time)\b/i;

/** The number that a clause bounds; `only`: also the only number of a list that it names. */
function amountOf(clause: Clause, text: string, only: boolean): Amount | undefined {
  const near = [...clause.mentions.map((one) => one.entity), ...(clause.topic ? [clause.topic] : [])];
  for (const entity of ownersOf(clause)) {
    const close = near.includes(entity) || near.some((one) => linksBetween(one, entity).length > 0 || linksBetween(entity, one).length > 0);
    const [named] = fieldsNamed(entity, text, NUMBERS).filter(({ score }) => score >= (near.includes(entity) ? 0.5 : close ? 0.9 : 1.5));
    if (named) return named;
    const [measured] = near.includes(entity)
      ? entity.fields
          .filter((field) => NUMBERS.includes(field.type))
          .map((field) => ({ field, score: amountScore(field, text) }))
          .filter(({ score }) => score >= 1.6)
          .sort((a, b) => b.score - a.score)
      : [];
    if (measured) return { entity, field: measured.field };
    const numbers = entity.fields.filter(
      (field) => NUMBERS.includes(field.type) && !/^(?:year|age|number)\b|capacity|max|size|limit/i.test(field.label),
    );
    if (only && near.includes(entity) && numbers.length === 1 && numbers[0]) return { entity, field: numbers[0] };
  }
  return undefined;
}
