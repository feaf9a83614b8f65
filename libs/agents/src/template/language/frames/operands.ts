import type { Entity, Field, RecordValue } from '#contracts';
import { NUMERIC_TYPES } from '#contracts';
import { putValue, typed } from '../behaviour.js';
import type { ValueWish } from '../behaviour.js';
import type { Draft } from '../draft.js';
import { guessType } from '../field-words.js';
import { isPerson } from '../lexicon.js';
import { fieldIn, linksBetween } from '../rule-words.js';
import { rangeOf } from '../read-overlaps.js';
import { expectedType } from '../../requirements/written-values.js';
import { nounPhrase } from '../sentences.js';
import { lowerWords, singular, snake } from '../words.js';

/*
 * What the words of a formula mean: a figure, a number of the record or of what it links to, a stretch of time, what the records
 * that belong to it add up to.
 */

/** The name of a value from the words before the equals sign: `it should show me the stock value` -> `stock value`. */
export function labelBefore(words: string): string | null {
  const last =
    words
      .split(/[,:;]|\b(?:and|with|show|shows|see|display|have|has|want|also|then|the|that|which|our|their|its)\b/i)
      .filter((one) => one.trim() !== '')
      .at(-1) ?? '';
  const phrase = nounPhrase(
    last
      .replace(/\b(?:of|for|on) (?:an?|each|every|the|all) .*$/i, '')
      .replace(/\b(?:is|are|be)\b/gi, '')
      .trim(),
    4,
  );
  return phrase === null || phrase.length < 3 || /^(?:it|this|that|there|one|price is|i|we)$/i.test(phrase) ? null : lowerWords(phrase);
}

export type Operand = () => number | string;

/** A number, or a field or value of the list, made when it is asked for; `near`: also what belongs to it; `far`: also a number of what it links to. */
export function operandOf(draft: Draft, owner: Entity, words: string, reach: 'own' | 'near' | 'far'): Operand | undefined {
  const said = words
    .replace(/[.,;!?](?!\d).*$/, '')
    .replace(/\b(?:for|of|per) (?:each|every|an?|all) .*$/i, '')
    .trim();
  const figure = /^(?:the )?(-?\d+(?:\.\d+)?)(?: ?(%|percent))?(?: .*)?$/i.exec(said);
  if (figure) return () => Number(figure[1]) / (figure[2] ? 100 : 1);
  const own = numberNamed(draft, owner, said);
  if (own !== undefined) return () => own;
  const [, far = '', of] = /^(.+) of (?:the|its|their|his|her) ([a-z ]+)$/i.exec(said) ?? [];
  const [, theirs] = /^(?:their|his|her) (.+)$/i.exec(said) ?? [];
  const told =
    of !== undefined
      ? linkedFor(draft, owner, far, (target, link) => [link.label, target.label].includes(lowerWords(of)))
      : theirs !== undefined
        ? linkedFor(draft, owner, theirs, (target) => isPerson(target.label))
        : undefined;
  if (told !== undefined || reach === 'own') return told;
  const rolled = rollupFor(draft, owner, said);
  if (rolled !== undefined) return rolled;
  if (/^(?:the )?(?:number of )?(?:hours|days|duration|length|time|nights)\b/i.test(said))
    return lengthOf(draft, owner, /day|night/i.test(said) ? 'days' : 'hours');
  return reach === 'far' ? linkedFor(draft, owner, said) : undefined;
}

/** A number of a record that this one links to: "hours times the rate of the employee", "hours times their rate". */
function linkedFor(draft: Draft, owner: Entity, said: string, isMeant: (target: Entity, link: Field) => boolean = () => true): Operand | undefined {
  for (const link of owner.fields.filter((field) => field.type === 'reference')) {
    const target = draft.schema.entities.find((one) => one.name === link.target);
    const name = target && target !== owner && isMeant(target, link) ? numberNamed(draft, target, said) : undefined;
    if (name !== undefined) return () => `${link.name}.${name}`;
  }
  return undefined;
}

function numberNamed(draft: Draft, owner: Entity, words: string): string | undefined {
  const alone = { ...draft, schema: { ...draft.schema, entities: [owner] } };
  const said = words.replace(new RegExp(`^(?:the )?${owner.label}(?:'s)? `, 'i'), '').replace(/^(?:the|its|their|his|her) /i, '');
  return fieldIn(alone, said, [owner], NUMERIC_TYPES)?.field.name;
}

/** "total", "total hours", "invoiced": what the records that belong to this one add up to. */
function rollupFor(draft: Draft, owner: Entity, words: string): Operand | undefined {
  const said = words.replace(/^(?:the|all|its|their) /i, '').toLowerCase();
  const total = /^(?:total|sum|sum of|total of|all)?\s*([a-z ]*)$/.exec(said)?.[1]?.trim() ?? '';
  const kinds = owner.fields.filter((field) => NUMERIC_TYPES.includes(field.type));
  for (const other of draft.schema.entities.filter((one) => one !== owner)) {
    const link = linksBetween(other, owner).find((field) => field.type === 'reference');
    const numbers = other.fields.filter((field) => NUMERIC_TYPES.includes(field.type));
    const named = link && numbers.find((field) => total !== '' && (snake(field.label) === snake(total) || singular(field.label) === singular(total)));
    const doing =
      link && total !== '' && (singular(other.label) === singular(total) || total.startsWith(other.label.slice(0, 4))) ? numbers[0] : undefined;
    const only =
      link && /^(?:total|sum|the total)$/.test(said)
        ? numbers.find(
            (field) => kinds.some((kind) => kind.label.includes(singular(field.label)) || kind.label.includes(field.label)) || numbers.length === 1,
          )
        : undefined;
    const field = named ?? doing ?? only;
    if (!link || !field) continue;
    const label = `total ${field.label}`;
    return () =>
      putWorkedOut(draft, owner, { kind: 'rollup', label, type: 'number', of: other.name, link: link.name, function: 'sum', field: field.name }).name;
  }
  return undefined;
}

function lengthOf(draft: Draft, owner: Entity, unit: 'hours' | 'days'): Operand | undefined {
  const dated = owner.fields.some((field) => ['time', 'datetime', 'date'].includes(field.type));
  const range = dated ? rangeOf(draft, owner) : null;
  if (!range || range.from === range.to || (unit === 'hours' && range.from.type === 'date')) return undefined;
  const known = owner.values.find((one) => one.kind === 'between' && one.unit === unit && one.from === range.from.name && one.to === range.to.name);
  return () =>
    (known ?? putWorkedOut(draft, owner, { kind: 'between', label: unit, type: 'number', unit, from: range.from.name, to: range.to.name })).name;
}

/** Puts a value with the type that its name and its parts ask for. */
export function putWorkedOut(draft: Draft, owner: Entity, wish: ValueWish): RecordValue {
  const guessed = guessType(wish.label).type;
  const type = expectedType(draft.schema.entities, owner, wish) ?? (guessed === 'money' || guessed === 'integer' ? guessed : 'number');
  return putValue(draft, owner, typed(wish, guessed === 'money' && wish.kind === 'formula' && type !== 'integer' ? 'money' : type));
}
