import type { Entity, Field, RecordValue, Rule } from '#contracts';
import { DATED_TYPES } from '#contracts';
import { putRule } from '../behaviour.js';
import { amountScore } from '../measures.js';
import { mentionsOf } from '../rule-words.js';
import { DAYS, NUMBERS, fieldsNamed, ownersOf } from './ingredients.js';
import type { Clause } from './ingredients.js';
import { sidesOf, states } from './order.js';
import type { Sides } from './order.js';

/*
 * A field of a list, and one of what it links to, with a word that orders them: "a boat may be no longer than its berth", "guests
 * can't exceed the capacity of the room", "the permit must be valid on the day of the outing".
 */

type Operator = Extract<Rule, { kind: 'compare' }>['operator'];
type Member = Field | RecordValue;

interface Link {
  readonly owner: Entity;
  readonly field: Field;
  readonly target: Entity;
}

/** Reads an order of a field and of a linked one; answers whether the clause sets one. */
export const readLinkedOrder = (clause: Clause): boolean => readSides(clause) || readValid(clause);

/** The links of the lists that a clause is about, to other lists. */
function linksOf(clause: Clause): Link[] {
  const named = new Set([...clause.mentions.map((one) => one.entity), ...(clause.topic ? [clause.topic] : [])]);
  return ownersOf(clause).flatMap((owner) =>
    owner.fields.flatMap((field): Link[] => {
      const target = field.type === 'reference' ? clause.draft.schema.entities.find((one) => one.name === field.target) : undefined;
      return target && target !== owner && (named.has(owner) || named.has(target)) ? [{ owner, field, target }] : [];
    }),
  );
}

const TURNED: Readonly<Record<Operator, Operator>> = { above: 'below', below: 'above', at_least: 'at_most', at_most: 'at_least' };

/** "More guests than" is said of guests, "may be no longer than" says how it is to be. */
const MORE = /\b(more|fewer|less) ((?!than\b)[a-z]+(?: (?!than\b)[a-z]+)?) than\b/gi;
const MAY_BE = /\b(?:may|can|should|must|has to|have to) (?:only )?be\s*$/i;

function readSides(said: Clause): boolean {
  const clause = { ...said, text: said.text.replace(MORE, '$2 $1 than') };
  for (const sides of sidesOf(clause)) {
    if (!states(clause, sides) && !MAY_BE.test(sides.left)) continue;
    for (const link of linksOf(clause)) {
      const turned = { ...sides, left: sides.right, right: sides.left, operator: TURNED[sides.operator] };
      if (putOver(clause, link, sides) || putOver(clause, link, turned)) return true;
    }
  }
  return false;
}

/** Puts the rule where the left side is about the record and the right one about what it links to. */
function putOver(clause: Clause, { owner, field, target }: Link, { left, right, operator, types }: Sides): boolean {
  const speaksOf = (words: string, entity: Entity): boolean => mentionsOf(clause.draft, words).some((one) => one.entity === entity);
  if (!speaksOf(right, target) && !new RegExp(`\\b${field.label.toLowerCase()}\\b`, 'i').test(right)) return false;
  for (const some of types) {
    const pair = pairOver(owner, target, left, right, some, clause.text, speaksOf(left, owner));
    if (!pair) continue;
    putRule(clause.draft, owner, { kind: 'compare', field: pair[0].name, operator, value: `${field.name}.${pair[1].name}` });
    return true;
  }
  return false;
}

/** A field of each side; where the words name one of them, or none but how it is measured, the one of the same name. */
function pairOver(
  owner: Entity,
  target: Entity,
  left: string,
  right: string,
  types: readonly string[],
  text: string,
  isOwner: boolean,
): [Member, Member] | undefined {
  const [mine, far] = [fieldsNamed(owner, left, types)[0]?.field, fieldsNamed(target, right, types)[0]?.field];
  if (mine && far) return alike(mine, far) ? [mine, far] : undefined;
  const common = members(owner, types).flatMap((one): [Member, Member][] =>
    members(target, types).flatMap((other) => (one.label === other.label && alike(one, other) ? [[one, other]] : [])),
  );
  if (mine || far) return common.find(([one, other]) => one === mine || other === far);
  if (!isOwner || types !== NUMBERS) return undefined;
  return common.find(([one]) => amountScore(one, text) >= 1.6) ?? (common.length === 1 ? common[0] : undefined);
}

const members = (entity: Entity, types: readonly string[]): Member[] =>
  [...entity.fields, ...entity.values].filter((one) => types.includes(one.type));

const alike = (one: Member, other: Member): boolean =>
  (DATED_TYPES.includes(one.type) && DATED_TYPES.includes(other.type)) ||
  one.type === other.type ||
  (NUMBERS.includes(one.type) && NUMBERS.includes(other.type) && (one.type === 'money') === (other.type === 'money'));

const VALID =
  /\b(?:valid|in date|up to date|current|unexpired|not (?:be )?(?:expired|out of date)) (?:on|at|by|through|for|until|up to) (?:the )?(?:(?:day|date|time) of )?(?:the |an? |each |every |its |that )?(.+)$/i;
const ENDS = /\b(?:valid|expir\w*|until|ends?|runs? out|renewal)\b/i;

/** "The permit has to be valid on the day of the outing": the day of one, and the last day of the other. */
function readValid({ draft, text, ...clause }: Clause): boolean {
  const [, when = ''] = VALID.exec(text) ?? [];
  if (when === '') return false;
  const about = mentionsOf(draft, when).map((one) => one.entity);
  for (const { owner, field, target } of linksOf({ draft, text, ...clause })) {
    if (!about.includes(owner) || !mentionsOf(draft, text).some((one) => one.entity === target)) continue;
    const ends = target.fields.find((one) => DATED_TYPES.includes(one.type) && ENDS.test(one.label));
    const days = owner.fields.filter((one) => DATED_TYPES.includes(one.type));
    const day = fieldsNamed(owner, when, DAYS)[0]?.field ?? days.find((one) => one.required) ?? days[0];
    if (!ends || !day || !DATED_TYPES.includes(day.type)) continue;
    putRule(draft, owner, { kind: 'compare', field: day.name, operator: 'at_most', value: `${field.name}.${ends.name}` });
    return true;
  }
  return false;
}
