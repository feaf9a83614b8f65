import type { Entity, Field, RecordValue } from '#contracts';
import { NUMERIC_TYPES } from '#contracts';
import { putValue } from './behaviour.js';
import type { Draft } from './draft.js';
import { amountScore, conditionsSaid, linkedTo } from './measures.js';
import type { Query } from './queries.js';
import { conditionFor, linksBetween, mentionsOf } from './rule-words.js';
import { entityNamed } from './totals.js';
import { lowerWords, snake } from './words.js';

/*
 * What is left of something: "hours he still has", "bushels still to deliver on each contract", "balance due", "what each
 * customer still owes". Something is given, by a field of the record or by records that belong to it, and something is taken
 * off. And shares: "percentage of passed per instructor".
 */

type Amount = Field | RecordValue;

const GIVEN =
  /\b(?:promised|budget\w*|total|capacity|price|fee|cost|charge\w*|rent|target|limit|quota|allowance|amount|bought|ordered|agreed|quoted|value|size|places|seats|spots|hours|quantity|owed|due|weight|stock)\b/i;
const TAKEN = /\b(?:deposit|paid|payment|down payment|advance|received|used|spent|sold|given|delivered|taken|returned)\b/i;
const GIVING =
  /(?:packet|pack|package|purchase|top-up|intake|invoice|charge|bill|order|contract|allocation|grant|delivery in|harvest|batch|quota|booking|job|attendance|shift|hire)$/i;
const TAKING =
  /(?:payment|sale|exit|use|usage|dose|delivery|draw|withdrawal|claim|expense|lesson|session|issue|installment|instalment|disbursement|return|collection)$/i;

const numbersOf = (entity: Entity): Amount[] =>
  [...entity.values, ...entity.fields].filter((field) => NUMERIC_TYPES.includes(field.type) && field.type !== 'rating');
const money = (field: Amount): boolean => field.type === 'money';

/** Reads what is left; answers whether both sides of it are known. */
export function readBalance(draft: Draft, query: Query, topic: Entity | null): boolean {
  const words = `${query.head} ${query.text}`;
  const grouped = query.groups.flatMap((group) => entityNamed(draft, group) ?? []);
  const named = mentionsOf(draft, query.head).map((one) => one.entity);
  for (const owner of new Set([
    ...grouped,
    ...named,
    ...(topic ? [topic] : []),
    ...(grouped.length + named.length === 0 ? draft.schema.entities : []),
  ])) {
    const sides = ownSides(owner, words) ?? fieldAndRecords(draft, owner, words) ?? recordsAndRecords(draft, owner, words);
    if (!sides) continue;
    const label = labelOf(query);
    if (owner.values.some((one) => one.name === snake(label))) return true;
    const [left, right] = [sides[0](), sides[1]()];
    const both = [...owner.fields, ...owner.values];
    const type = both.some((one) => one.name === left && money(one))
      ? 'money'
      : both.some((one) => one.name === left && one.type === 'integer') && both.some((one) => one.name === right && one.type === 'integer')
        ? 'integer'
        : 'number';
    putValue(draft, owner, { kind: 'formula', label, type, left, operator: 'minus', right });
    return true;
  }
  return false;
}

/** The words that ask for it, as its name: "balance due", "bushels still to deliver". */
const labelOf = ({ head }: Query): string => {
  const words = lowerWords(
    head
      .replace(/\b(?:is|are|he|she|they|we|i|it|each|of us|has|have|right now|me|us|what|how much|how many|much|see)\b/gi, ' ')
      .replace(/[^\w -]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  )
    .split(' ')
    .slice(0, 4)
    .join(' ');
  return /^[a-z]/i.test(words) && words.length > 3 ? words : 'balance';
};

type Sides = readonly [() => string, () => string];

/** Price minus deposit: both stand on the record itself. */
function ownSides(owner: Entity, words: string): Sides | undefined {
  const taken = owner.fields.find((field) => NUMERIC_TYPES.includes(field.type) && TAKEN.test(field.label));
  const given =
    taken &&
    owner.fields.find(
      (field) =>
        field !== taken && NUMERIC_TYPES.includes(field.type) && money(field) === money(taken) && GIVEN.test(field.label) && !TAKEN.test(field.label),
    );
  return taken && given && (amountScore(given, words) > 0 || amountScore(taken, words) > 0) ? [() => given.name, () => taken.name] : undefined;
}

const rollup = (draft: Draft, owner: Entity, of: Entity, field: Amount | null): (() => string) => {
  const link = linksBetween(of, owner).find((one) => one.type === 'reference');
  return () =>
    putValue(draft, owner, {
      kind: 'rollup',
      label: field === null ? `number of ${of.label_plural}` : `total ${field.label.replace(/^total /, '')} of ${of.label_plural}`,
      type: field === null ? 'integer' : field.type === 'money' ? 'money' : field.type === 'integer' ? 'integer' : 'number',
      of: of.name,
      link: link?.name ?? '',
      function: field === null ? 'count' : 'sum',
      field: field?.name ?? null,
      where: field === null || !money(field) ? counted(of) : [],
    }).name;
};

/** What was cancelled takes nothing. */
const counted = (entity: Entity): { field: string; operator: 'is_not'; value: string }[] =>
  entity.fields.flatMap((field) =>
    field.choices
      .filter((choice) => /^(?:cancel|refus|reject|declin|void|withdrawn)/i.test(choice))
      .map((value) => ({ field: field.name, operator: 'is_not' as const, value })),
  );

/** The bushels of a contract minus those of its loads; the places of a course minus its enrolments. */
function fieldAndRecords(draft: Draft, owner: Entity, words: string): Sides | undefined {
  const [given] = numbersOf(owner)
    .map((field) => ({ field, score: amountScore(field, words) + (GIVEN.test(field.label) ? 1 : 0) }))
    .filter(({ field, score }) => score >= 2 && 'required' in field)
    .sort((a, b) => b.score - a.score);
  if (!given) return undefined;
  const children = linkedTo(draft, owner).filter((one) => linksBetween(one, owner).some((link) => link.type === 'reference'));
  const scored = children
    .flatMap((child) =>
      numbersOf(child).map((field) => ({ child, field, score: likeness(field, given.field) + (TAKING.test(child.label) ? 0.5 : 0) })),
    )
    .filter(({ score }) => score >= 1)
    .sort((a, b) => b.score - a.score);
  if (scored[0]) return [() => given.field.name, rollup(draft, owner, scored[0].child, scored[0].field)];
  const places = /\b(?:capacity|places|seats|spots|max\w*|slots|beds)\b/i.test(given.field.label);
  return places && children.length === 1 && children[0] ? [() => given.field.name, rollup(draft, owner, children[0], null)] : undefined;
}

/** How much two numbers are of the same kind: by a word they share, or as money. */
function likeness(one: Amount, other: Amount): number {
  if (money(one) !== money(other)) return 0;
  const [a, b] = [one, other].map((field) =>
    field.label
      .toLowerCase()
      .split(' ')
      .filter((word) => word.length > 2),
  );
  if (a?.some((word) => b?.includes(word))) return 3;
  return money(one) ? 2 : amountScore(one, other.label) >= 2 ? 2 : 0;
}

/** Hours bought minus hours given, charges minus payments: records of two sorts belong to the same one. */
function recordsAndRecords(draft: Draft, owner: Entity, words: string): Sides | undefined {
  const children = linkedTo(draft, owner).filter((one) => linksBetween(one, owner).some((link) => link.type === 'reference'));
  const amounts = children.flatMap((child) =>
    numbersOf(child)
      .filter((field) => amountScore(field, words) >= 1)
      .map((field) => ({ child, field })),
  );
  const taking = amounts.find(({ child, field }) => TAKING.test(child.label) || TAKEN.test(field.label));
  const giving = amounts.find(
    ({ child, field }) =>
      child !== taking?.child && money(field) === (taking ? money(taking.field) : false) && (GIVING.test(child.label) || GIVEN.test(field.label)),
  );
  return taking && giving ? [rollup(draft, owner, giving.child, giving.field), rollup(draft, owner, taking.child, taking.field)] : undefined;
}

/** "percentage of passed for each instructor": how many of a hundred. */
export function readShare(draft: Draft, query: Query, topic: Entity | null): boolean {
  const [owner] = query.groups.flatMap((group) => entityNamed(draft, group) ?? []);
  const words = query.head.replace(/\b(?:of|the)\b/gi, ' ').trim();
  if (!owner) return false;
  for (const of of [...linkedTo(draft, owner), ...(topic ? [topic] : [])]) {
    const link = linksBetween(of, owner).find((one) => one.type === 'reference');
    const where = conditionFor(of, words) ?? conditionsSaid(of, words)[0];
    if (!link || !where) continue;
    const base = { kind: 'rollup' as const, type: 'integer' as const, of: of.name, link: link.name, function: 'count' as const, field: null };
    const all = putValue(draft, owner, { ...base, label: `number of ${of.label_plural}` });
    const some = putValue(draft, owner, { ...base, label: `number of ${of.label_plural} ${words}`.slice(0, 60), where: [where] });
    const share = putValue(draft, owner, {
      kind: 'formula',
      label: `share of ${words}`.slice(0, 60),
      type: 'number',
      left: some.name,
      operator: 'divided_by',
      right: all.name,
    });
    putValue(draft, owner, {
      kind: 'formula',
      label: `percentage of ${words}`.slice(0, 60),
      type: 'number',
      left: share.name,
      operator: 'times',
      right: 100,
    });
    return true;
  }
  return false;
}
