import type { Entity, RecordValue } from '#contracts';
import type { Draft } from '../draft.js';
import { labelBefore, operandOf, putWorkedOut } from './operands.js';
import type { Operand } from './operands.js';
import { operandWords } from '../../requirements/names.js';
import { entityOfWords, mentionsOf } from '../rule-words.js';

/*
 * An amount worked out of others: a name, and behind it two or more amounts, figures or stretches of time with "times", "plus",
 * "less" and the like between them, in one of the usual orders: "price = nights x rate", "pay (hours x rate, plus tips)", "the
 * rest is fee and taxes less the advance", "deposit is 30 % of that".
 */

type Operator = Extract<RecordValue, { kind: 'formula' }>['operator'];

/** One member of a chain: how it is joined to what stands before it. */
interface Member {
  readonly operator: Operator;
  readonly words: string;
}

const SIGNS: readonly (readonly [Operator, string])[] = [
  ['times', '(?:multiplied (?:by|with)|times|x(?= )|\\*|×)'],
  ['divided_by', '(?:divided by|÷|/(?= ?\\w))'],
  ['minus', '(?:minus|less|without|[-–−](?= )|take away|off which)'],
  ['plus', '(?:plus|\\+|added to|as well as|together with)'],
];
const SIGN = new RegExp(`\\s*,?\\s*(?:\\band )?(?<![a-z])(${SIGNS.map(([, pattern]) => pattern).join('|')})(?![a-z])\\s*`, 'i');
const PERCENT = /^(?:an? |the )?(\d+(?:\.\d+)?) ?(?:%|percent|per cent) (?:of|off) (.+)$/i;
const EQUALS =
  /\s*(?:=|\b(?:(?:is|are|should be|must be|will be|gets) )?(?:worked out|calculated|computed|made up|determined)\s+(?:as|from|by|of|with)|\b(?:is|are|equals|being|comes to|amounts to|makes)\b)\s*/gi;
const NO_FORMULA =
  /\b(?:must|cannot|can't|may|never|at most|at least|more than|less than|fewer than|after|before|earlier|later|days?|weeks?|months?)\b.*\b(?:than|after|before)\b|\bless than\b/i;

/** The members of an expression, null where it has no sign in it. */
function chainOf(words: string): Member[] | null {
  const percent = PERCENT.exec(words.trim());
  if (percent) {
    const whole = chainOf(percent[2] ?? '') ?? [{ operator: 'plus' as const, words: percent[2] ?? '' }];
    return whole.length > 1
      ? null
      : [
          { operator: 'plus', words: percent[2] ?? '' },
          { operator: 'times', words: `${percent[1] ?? ''} %` },
        ];
  }
  const members: Member[] = [];
  let rest = words;
  let operator: Operator = 'plus';
  for (let hit = SIGN.exec(rest); hit; hit = SIGN.exec(rest)) {
    members.push({ operator, words: rest.slice(0, hit.index) });
    const sign = (hit[1] ?? '').toLowerCase();
    operator =
      SIGNS.find(([, pattern]) => new RegExp(`^${pattern}$`, 'i').test(sign.trim()) || new RegExp(`^${pattern}`, 'i').test(`${sign} a`))?.[0] ??
      'plus';
    rest = rest.slice(hit.index + hit[0].length);
  }
  if (members.length === 0) return null;
  members.push({ operator, words: rest });
  return members.flatMap((one, at) => joined(one, at).map(discounted)).filter((one) => one.words.trim() !== '');
}

/** "fee and taxes": two amounts that are added. */
const joined = ({ operator, words }: Member, at: number): Member[] => {
  const [first = '', second, more] = words.split(/\s+and\s+/i);
  const sum = at === 0 && second !== undefined && more === undefined && first.split(' ').length <= 3 && second.split(' ').length <= 3;
  return sum
    ? [
        { operator, words: first },
        { operator: 'plus', words: second },
      ]
    : [{ operator, words }];
};

/** "Less 10 %": nine tenths of it. */
const discounted = (one: Member): Member => {
  const [, figure] = /^(?:an? )?(\d+(?:\.\d+)?) ?(?:%|percent\b|per cent\b)/i.exec(one.words.trim()) ?? [];
  if (figure === undefined || (one.operator !== 'minus' && one.operator !== 'plus')) return one;
  return { operator: 'times', words: String((100 + (one.operator === 'plus' ? 1 : -1) * Number(figure)) / 100) };
};

interface Assignment {
  readonly label: string;
  readonly chain: readonly Member[];
}

function assignmentOf(clause: string): Assignment | null {
  const [, before = '', inside = ''] = /^(.*?)\(([^()]+)\)/.exec(clause) ?? [];
  const glossed = inside === '' ? null : chainOf(tidy(inside));
  const head = labelBefore(before);
  if (glossed && glossed.length > 1 && head !== null) return { label: head, chain: glossed };
  const bare = clause.replace(/\([^)]*\)/g, ' ').replace(/\s+/g, ' ');
  for (const cut of [...bare.matchAll(EQUALS)]) {
    const chain = chainOf(tidy(bare.slice(cut.index + cut[0].length)));
    const label = chain && chain.length > 1 ? labelBefore(bare.slice(0, cut.index)) : null;
    if (label !== null && chain) return { label, chain };
  }
  return null;
}

/** Without what stands behind the expression: "weight x $0.06, charged per piece". */
const tidy = (words: string): string =>
  words
    .replace(/[£$€₦]\s?(?=\d)/g, '')
    .replace(/(\d)(?:\.-|,-)/g, '$1')
    .replace(/(\d) (?:euros?|dollars?|pounds?|cents?|pence|francs?)\b/gi, '$1')
    .replace(/,\s+(?!(?:and |plus|minus|less|times|x )).*$/i, '')
    .trim();

/** "The cost of a time entry is ...": whose amount it is. */
const SUBJECT = /\b(?:of|for) (?:an?|each|every|the) ([a-z][a-z ]*?) (?:=|(?:is|are|equals|should|must|will)\b)/i;

/** Reads an amount that a clause says is worked out of others; answers whether there was one. */
export function readFormula(draft: Draft, clause: string, topic: Entity | null): boolean {
  if (NO_FORMULA.test(clause)) return false;
  const found = assignmentOf(clause);
  if (!found) return false;
  const mentioned = mentionsOf(draft, clause).map((one) => one.entity);
  const owners = [...new Set([topic, ...mentioned, draft.last, ...draft.schema.entities].filter((one) => one !== null))];
  const subject = entityOfWords(draft, SUBJECT.exec(clause)?.[1]);
  const reaches = ['own', 'near', 'far'] as const;
  const told = subject ? reaches.map((reach) => ({ reach, owner: subject })) : [];
  for (const { reach, owner } of [...told, ...reaches.flatMap((each) => owners.map((one) => ({ reach: each, owner: one })))]) {
    const operands = found.chain.map(({ words }) => lastWorth(owner, words) ?? operandOf(draft, owner, words, reach));
    if (operands.some((one) => one === undefined)) continue;
    const members = operands.flatMap((operand, at) => (operand ? [{ operator: found.chain[at]?.operator ?? 'plus', operand }] : []));
    if (putChain(draft, owner, found.label, members)) return true;
  }
  return false;
}

/** "That", "the total": the money that was worked out last. */
function lastWorth(owner: Entity, words: string): Operand | undefined {
  const last = /^(?:that|this|it|the (?:total|whole|price|sum|amount|bill))\b/i.test(words.trim())
    ? owner.values.findLast((one) => one.kind === 'formula')
    : undefined;
  return last && (() => last.name);
}

interface Taken {
  readonly operator: Operator;
  readonly operand: Operand;
}

/** Puts a chain as values of two operands each: products first, then sums. */
function putChain(draft: Draft, owner: Entity, label: string, members: readonly Taken[]): boolean {
  const made = members.map(({ operator, operand }) => ({ operator, value: operand() }));
  if (made.every(({ value }) => typeof value === 'number') || new Set(made.map(({ value }) => String(value))).size < made.length) return false;
  const terms: { operator: Operator; value: number | string }[] = [];
  const steps: { left: number | string; operator: Operator; right: number | string; at: number }[] = [];
  for (const one of made) {
    const last = terms.at(-1);
    if (last && (one.operator === 'times' || one.operator === 'divided_by'))
      steps.push({ left: last.value, operator: one.operator, right: one.value, at: terms.length - 1 });
    else terms.push({ ...one });
    const step = steps.at(-1);
    if (last && step && step.right === one.value && (one.operator === 'times' || one.operator === 'divided_by')) {
      const final = one === made.at(-1) && terms.length === 1;
      last.value = putStep(draft, owner, final ? label : nameOf(draft, owner, step), step);
    }
  }
  for (let left = terms.shift(), right = terms.shift(); left && right; right = terms.shift()) {
    const step = { left: left.value, operator: right.operator, right: right.value };
    left = { operator: 'plus', value: putStep(draft, owner, terms.length === 0 ? label : nameOf(draft, owner, step), step) };
  }
  return true;
}

interface Step {
  readonly left: number | string;
  readonly operator: Operator;
  readonly right: number | string;
}

const putStep = (draft: Draft, owner: Entity, label: string, { left, operator, right }: Step): string =>
  putWorkedOut(draft, owner, { kind: 'formula', label, type: 'number', left, operator, right }).name;

/** What a step on the way is called: `nights times rate`. */
function nameOf({ schema }: Draft, owner: Entity, { left, operator, right }: Step): string {
  const said = (one: number | string): string => (typeof one === 'number' ? String(one) : operandWords(schema, owner, one));
  return `${said(left)} ${operator.replace('_', ' ')} ${said(right)}`.slice(0, 60);
}
