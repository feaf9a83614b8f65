import type { Entity, Field } from '#contracts';
import { NUMERIC_TYPES } from '#contracts';
import type { Draft } from './draft.js';
import { readExtreme, readNext } from './frames/days-frame.js';
import { readFormula } from './frames/formula-frame.js';
import { putWorkedOut } from './frames/operands.js';
import { readSpan } from './frames/span-frame.js';
import { entityOfWords, fieldIn, linksBetween, mentionsOf, openConditions } from './rule-words.js';
import { lowerWords } from './words.js';

/*
 * What is worked out for each record: "stock value = quantity x price", "balance due = price minus deposit", "the age of each
 * member", "how many days it is overdue", "hours left (budget minus total)", "how many places are left".
 */

/** Reads the values that a clause says are worked out for each record; answers whether there was one. */
export function readValues(draft: Draft, clause: string, topic: Entity | null): boolean {
  return (
    readNext(draft, clause, topic) ||
    readFormula(draft, clause, topic) ||
    readPlacesLeft(draft, clause, topic) ||
    readAge(draft, clause, topic) ||
    readSpan(draft, clause, topic) !== null ||
    readExtreme(draft, clause) ||
    readShownOn(draft, clause)
  );
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
    const taken = putWorkedOut(draft, owner, {
      kind: 'rollup',
      label: `number of ${other.label_plural}`,
      type: 'integer',
      of: other.name,
      link: link.name,
      function: 'count',
      field: null,
    });
    putWorkedOut(draft, owner, {
      kind: 'formula',
      label: `${noun.toLowerCase()} left`,
      type: 'integer',
      left: most,
      operator: 'minus',
      right: taken.name,
    });
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
  putWorkedOut(draft, owner, { kind: 'between', label: 'age', type: 'integer', unit: 'years', from: from.name, to: 'today' });
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
  putWorkedOut(draft, owner, {
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
