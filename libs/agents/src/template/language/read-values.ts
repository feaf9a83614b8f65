import type { Entity, Field, RecordValue } from '#contracts';
import { DATED_TYPES, NUMERIC_TYPES } from '#contracts';
import { putValue } from './behaviour.js';
import type { ValueWish } from './behaviour.js';
import { putField } from './draft.js';
import type { Draft } from './draft.js';
import { guessType } from './field-words.js';
import { entityOfWords, fieldIn, linksBetween, mentionsOf, openConditions } from './rule-words.js';
import { rangeOf } from './read-overlaps.js';
import { expectedType } from '../requirements/written-values.js';
import { nounPhrase } from './sentences.js';
import { lowerWords, singular, snake } from './words.js';

/*
 * What is worked out for each record: "stock value = quantity x price", "balance due = price minus deposit", "the age of each
 * member", "how many days it is overdue", "hours left (budget minus total)", "how many places are left".
 */

const SIGNS: readonly (readonly [RegExp, Extract<RecordValue, { kind: 'formula' }>['operator']])[] = [
  [/\s+(?:x|\*|×|times|multiplied by)\s+/i, 'times'],
  [/\s+(?:-|–|−|minus|less)\s+/i, 'minus'],
  [/\s+(?:\+|plus)\s+/i, 'plus'],
  [/\s+(?:\/|÷|divided by)\s+/i, 'divided_by'],
];
const EQUALS =
  /\s*(?:=|\b(?:is|are|equals|which is|that is|(?:should|must|will|can) be|is to be)?\s*\b(?:worked out|calculated|computed|determined|made up)\s+(?:as|from|by|of)|\b(?:is|are|equals|which is|that is|being)\b)\s*/i;

/** Reads the values that a clause says are worked out for each record; answers whether there was one. */
export function readValues(draft: Draft, clause: string, topic: Entity | null): boolean {
  return (
    readFormula(draft, clause, topic) ||
    readPlacesLeft(draft, clause, topic) ||
    readAge(draft, clause, topic) ||
    readDays(draft, clause, topic) ||
    readShownOn(draft, clause)
  );
}

interface Parts {
  readonly label: string;
  readonly left: string;
  readonly right: string;
  readonly operator: Extract<RecordValue, { kind: 'formula' }>['operator'];
}

/** `label = left operator right`, `label (left minus right)`, `label, which is left times right`. */
function partsOf(clause: string): Parts | null {
  const inside = /^(.*?)\(([^()]+)\)(.*)$/.exec(clause);
  for (const [sign, operator] of SIGNS) {
    if (inside && sign.test(inside[2] ?? '')) {
      const [left = '', right = '', more] = (inside[2] ?? '').split(sign);
      const label = labelOf(inside[1] ?? '');
      if (label !== null && more === undefined) return { label, left, right, operator };
    }
    const [before = '', behind = '', third] = clause.replace(/\([^)]*\)/g, ' ').split(sign);
    if (behind === '' || third !== undefined) continue;
    const cut = [...before.matchAll(new RegExp(EQUALS.source, 'gi'))].at(-1);
    if (!cut) continue;
    const label = labelOf(before.slice(0, cut.index));
    if (label !== null) return { label, left: before.slice(cut.index + cut[0].length), right: behind, operator };
  }
  return null;
}

/** The name of a value from the words before the equals sign: `it should show me the stock value` -> `stock value`. */
function labelOf(words: string): string | null {
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

function readFormula(draft: Draft, clause: string, topic: Entity | null): boolean {
  const parts = partsOf(clause);
  if (!parts) return false;
  const mentioned = mentionsOf(draft, clause).map((one) => one.entity);
  const owners = [...new Set([topic, ...mentioned, draft.last, ...draft.schema.entities].filter((one) => one !== null))];
  for (const reach of ['own', 'near', 'far'] as const) {
    for (const owner of owners) {
      const found = [parts.left, parts.right].map((words) => operandOf(draft, owner, words, reach));
      const [first, second] = found;
      if (!first || !second) continue;
      const [left, right] = [first(), second()];
      if ((typeof left === 'number' && typeof right === 'number') || left === right) continue;
      put(draft, owner, { kind: 'formula', label: parts.label, type: 'number', left, operator: parts.operator, right });
      return true;
    }
  }
  return false;
}

type Operand = () => number | string;

/** A number, or a field or value of the list, made when it is asked for; `near`: also what belongs to it; `far`: also a copy of a field of what it links to. */
function operandOf(draft: Draft, owner: Entity, words: string, reach: 'own' | 'near' | 'far'): Operand | undefined {
  const said = words
    .replace(/[.,;!?].*$/, '')
    .replace(/\b(?:for|of|per) (?:each|every|an?|all) .*$/i, '')
    .trim();
  const figure = /^(?:the )?(-?\d+(?:\.\d+)?)(?: ?(%|percent))?(?: .*)?$/i.exec(said);
  if (figure) return () => Number(figure[1]) / (figure[2] ? 100 : 1);
  const own = numberNamed(draft, owner, said);
  if (own !== undefined) return () => own;
  if (reach === 'own') return undefined;
  const rolled = rollupFor(draft, owner, said);
  if (rolled !== undefined) return rolled;
  if (/^(?:the )?(?:number of )?(?:hours|days|duration|length|time|nights)\b/i.test(said))
    return lengthOf(draft, owner, /day|night/i.test(said) ? 'days' : 'hours');
  if (reach !== 'far' || draft.exact) return undefined;
  const linked = owner.fields.flatMap((field) => draft.schema.entities.find((one) => one.name === field.target) ?? []);
  const far = linked.map((entity) => ({ entity, name: numberNamed(draft, entity, said) })).find((one) => one.name !== undefined);
  const field = far?.entity.fields.find((one) => one.name === far.name);
  if (!far || !field) return undefined;
  return () => {
    draft.assumptions.push(
      `The ${field.label} is recorded with each ${owner.label} as well, as the one of the ${far.entity.label} may change later.`,
    );
    return putField(draft, owner, { label: field.label, type: field.type }).name;
  };
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
      put(draft, owner, { kind: 'rollup', label, type: 'number', of: other.name, link: link.name, function: 'sum', field: field.name }).name;
  }
  return undefined;
}

function lengthOf(draft: Draft, owner: Entity, unit: 'hours' | 'days'): Operand | undefined {
  const dated = owner.fields.some((field) => ['time', 'datetime', 'date'].includes(field.type));
  const range = dated ? rangeOf(draft, owner) : null;
  if (!range || range.from === range.to || (unit === 'hours' && range.from.type === 'date')) return undefined;
  const known = owner.values.find((one) => one.kind === 'between' && one.unit === unit && one.from === range.from.name && one.to === range.to.name);
  return () => (known ?? put(draft, owner, { kind: 'between', label: unit, type: 'number', unit, from: range.from.name, to: range.to.name })).name;
}

function put(draft: Draft, owner: Entity, wish: ValueWish): RecordValue {
  const guessed = guessType(wish.label).type;
  const type = expectedType(draft.schema.entities, owner, wish) ?? (guessed === 'money' || guessed === 'integer' ? guessed : 'number');
  return putValue(draft, owner, { ...wish, type: guessed === 'money' && wish.kind === 'formula' && type !== 'integer' ? 'money' : type });
}

const LEFT =
  /\b(?:how many )?(?:free |open |empty |available )?(places|spots|seats|spaces|slots|tickets|desks|beds)(?: \w+){0,3}? (?:are |is )?(?:still )?(?:left|free|available|remaining|open)\b|\b(?:free|remaining|available|open) (places|spots|seats|spaces|slots)\b/i;

/** "How many spots are left": the most there may be, minus how many there are. */
function readPlacesLeft(draft: Draft, clause: string, topic: Entity | null): boolean {
  const hit = LEFT.exec(clause);
  const noun = hit?.[1] ?? hit?.[2];
  if (noun === undefined) return false;
  const near = [...mentionsOf(draft, clause).map((one) => one.entity), topic, ...draft.schema.entities].filter((one) => one !== null);
  for (const owner of new Set(near)) {
    const capacity = owner.fields.find((field) => NUMERIC_TYPES.includes(field.type) && /capacity|seats|places|spots|max|fit/i.test(field.label));
    const limit = draft.schema.entities.flatMap((other) =>
      other.rules.flatMap((rule) =>
        rule.kind === 'limit' && rule.field === null && linksBetween(other, owner).some((link) => link.name === rule.by) ? [{ other, rule }] : [],
      ),
    )[0];
    const other = limit?.other ?? (capacity ? draft.schema.entities.find((one) => linksBetween(one, owner).length === 1) : undefined);
    const link = other && linksBetween(other, owner)[0];
    const most = capacity?.name ?? (typeof limit?.rule.maximum === 'number' ? limit.rule.maximum : undefined);
    if (!other || !link || most === undefined) continue;
    const taken = put(draft, owner, {
      kind: 'rollup',
      label: `number of ${other.label_plural}`,
      type: 'integer',
      of: other.name,
      link: link.name,
      function: 'count',
      field: null,
    });
    put(draft, owner, { kind: 'formula', label: `${noun.toLowerCase()} left`, type: 'integer', left: most, operator: 'minus', right: taken.name });
    return true;
  }
  return false;
}

/** "age" is worked out where there is a day of birth. */
function readAge(draft: Draft, clause: string, topic: Entity | null): boolean {
  if (
    !/\bages?\b|\bhow old\b/i.test(clause) ||
    !/\b(?:show|see|work\w* out|calculat\w*|comput\w*|automatic\w*|display|know|from (?:the|their) (?:birth|date))\b/i.test(clause)
  )
    return false;
  const born = (entity: Entity): Field | undefined => entity.fields.find((field) => field.type === 'date' && /\bb(?:irth|orn)/i.test(field.label));
  const owner = [...mentionsOf(draft, clause).map((one) => one.entity), topic, ...draft.schema.entities].find(
    (one) => one !== null && born(one) !== undefined,
  );
  const from = owner && born(owner);
  if (!owner || !from) return false;
  put(draft, owner, { kind: 'between', label: 'age', type: 'integer', unit: 'years', from: from.name, to: 'today' });
  return true;
}

const DAYS =
  /\b(?:how many|number of|the) days (?:it is |they are |it's )?(overdue|late|open|since|until|till|left|to go|remaining)\b|\bdays (overdue|late|open|left|until|since)\b|\bhow (?:long|many days) .*\b(overdue|late|open|waiting)\b/i;

/** "How many days it is overdue", "days until the deadline". */
function readDays(draft: Draft, clause: string, topic: Entity | null): boolean {
  const hit = DAYS.exec(clause);
  const word = (hit?.[1] ?? hit?.[2] ?? hit?.[3] ?? '').toLowerCase();
  if (word === '' || /\b(?:more|less|fewer|over|longer) than \d/i.test(clause)) return false;
  const owner = mentionsOf(draft, clause)[0]?.entity ?? topic ?? draft.last;
  const days = owner?.fields.filter((field) => DATED_TYPES.includes(field.type)) ?? [];
  const due = days.find((field) => /due|deadline|until|expir|end/i.test(field.label));
  const start = days.find((field) => field !== due && !/return|back|closed|done|paid/i.test(field.label)) ?? days[0];
  const ahead = /until|till|left|to go|remaining/.test(word);
  const day = /open|since|waiting/.test(word) ? start : due;
  if (!owner || !day) return false;
  const label = /^(?:overdue|late|left|open)$/.test(word) ? `days ${word}` : ahead ? `days until ${day.label}` : `days since ${day.label}`;
  put(draft, owner, { kind: 'between', label, type: 'integer', unit: 'days', from: ahead ? 'today' : day.name, to: ahead ? day.name : 'today' });
  return true;
}

const SHOWN =
  /\b(?:the )?(number|count|total|sum|average)(?: of)?(?: the)? ([a-z][a-z ]*?) (?:is |are |should be |to be )?(?:shown|displayed|visible|listed) (?:on|at|with|next to|beside|for) (?:the |each |every )?([a-z][a-z ]*)$/i;

/** "The number of open loans shown on the member". */
function readShownOn(draft: Draft, clause: string): boolean {
  const [, word = '', what = '', where] = SHOWN.exec(clause) ?? [];
  const owner = entityOfWords(draft, where);
  const counts = /^(?:number|count)$/i.test(word);
  if (!owner) return false;
  const other = mentionsOf(draft, what).find((one) => linksBetween(one.entity, owner).length > 0)?.entity;
  const field = counts
    ? null
    : fieldIn(
        draft,
        what,
        draft.schema.entities.filter((one) => linksBetween(one, owner).length > 0),
        NUMERIC_TYPES,
      );
  const of = other ?? field?.entity;
  const link = of && linksBetween(of, owner)[0];
  if (!of || !link || (!counts && !field)) return false;
  const where_ = /\b(?:open|unreturned|outstanding|current)\b/i.test(what) ? openConditions(of) : [];
  const operation = counts ? 'count' : /average/i.test(word) ? 'average' : 'sum';
  put(draft, owner, {
    kind: 'rollup',
    label: counts ? lowerWords(what.trim()) : `${word.toLowerCase()} ${field?.field.label ?? ''}`,
    type: 'integer',
    of: of.name,
    link: link.name,
    function: operation,
    field: field?.field.name ?? null,
    where: where_,
  });
  return true;
}
