import { linkedParts, operandKind } from '#contracts';
import type { Condition, DatabaseSchema, Entity, Field, RecordValue, Rule } from '#contracts';
import { MINUTES, Wanted, fieldOf, isFresh, monthsAfter, samePeriod } from './figures.js';
import type { Figure, Link, Sample } from './figures.js';

type ValueOf<K extends RecordValue['kind']> = Extract<RecordValue, { kind: K }>;
type RuleOf<K extends Rule['kind']> = Extract<Rule, { kind: K }>;

/** Days; from one day to the same day four years later. */
const FOUR_YEARS = 1_461;

/**
 * What an app does with records, worked out once more and apart from the app's own source, so that the figures in its
 * tests do not come from what they test. It holds the records that a test has added so far.
 */
export class World {
  readonly samples: Sample[] = [];
  constructor(readonly schema: DatabaseSchema) {}

  of(entity: Entity): Sample[] {
    return this.samples.filter((sample) => sample.entity.name === entity.name);
  }

  /** What holds once a record is there, in place of what it was before. */
  including<Answer>(subject: Sample, self: Sample | undefined, part: () => Answer): Answer {
    const before = [...this.samples];
    this.samples.splice(0, Infinity, ...before.filter((one) => one !== self), subject);
    try {
      return part();
    } finally {
      this.samples.splice(0, Infinity, ...before);
    }
  }

  /** A field, or a value that is worked out, of the record or of one that it links to. */
  figure(subject: Sample, name: string): Figure {
    const linked = linkedParts(name);
    if (linked) {
      const [link] = links(subject.values[linked.link]);
      const there = link instanceof Wanted ? link.as : link;
      return there ? this.figure(there, linked.name) : null;
    }
    const value = subject.entity.values.find((one) => one.name === name);
    return value ? this.workedOut(subject, value) : (subject.values[name] ?? null);
  }

  private number(subject: Sample, operand: number | string): number | null {
    if (typeof operand === 'number') return operand;
    const figure = this.figure(subject, operand);
    return typeof figure === 'number' ? figure : null;
  }

  private workedOut(subject: Sample, value: RecordValue): number | null {
    if (value.kind === 'formula') {
      const [left, right] = [this.number(subject, value.left), this.number(subject, value.right)];
      if (left === null || right === null || (value.operator === 'divided_by' && right === 0)) return null;
      const result = { plus: left + right, minus: left - right, times: left * right, divided_by: left / right }[value.operator];
      return round(result, value.type === 'integer' ? 0 : value.type === 'money' ? 2 : 6);
    }
    if (value.kind === 'between') return this.between(subject, value);
    return value.kind === 'shift' ? this.shifted(subject, value) : this.rolledUp(subject, value);
  }

  private shifted(subject: Sample, { from, operator, amount, unit }: ValueOf<'shift'>): number | null {
    const [start, count] = [this.dayOf(subject, from), this.number(subject, amount)];
    if (start === null || count === null) return null;
    const signed = operator === 'plus' ? count : -count;
    return unit === 'days' || unit === 'weeks'
      ? start + signed * (unit === 'weeks' ? 7 : 1)
      : monthsAfter(start, signed * (unit === 'years' ? 12 : 1));
  }

  /** The records that a value of this one is counted or worked out over. */
  membersOf(subject: Sample, { of, link, where }: ValueOf<'rollup'>): Sample[] {
    const leadsHere = (one: Sample): boolean => links(one.values[link]).some((each) => each === subject || each === subject.replaces);
    return this.samples.filter((one) => one.entity.name === of && leadsHere(one) && this.meetsAll(one, where));
  }

  private rolledUp(subject: Sample, value: ValueOf<'rollup'>): number | null {
    const members = this.membersOf(subject, value);
    const name = value.field ?? '';
    if (value.function === 'count') return members.length;
    const numbers = members.map((one) => (value.type === 'date' ? this.dayOf(one, name) : this.number(one, name))).filter((one) => one !== null);
    const sum = numbers.reduce((total, one) => total + one, 0);
    if (value.function === 'sum') return round(sum, 6);
    if (numbers.length === 0) return null;
    if (value.function === 'highest') return Math.max(...numbers);
    if (value.function === 'lowest') return Math.min(...numbers);
    return round(sum / numbers.length, value.type === 'integer' ? 0 : 2);
  }

  private between(subject: Sample, { from, to, unit }: ValueOf<'between'>): number | null {
    const minutes = (name: string): number | null => {
      if (name === 'today') return 0;
      const figure = this.figure(subject, name);
      if (typeof figure !== 'number') return null;
      return this.typeOf(subject, name) === 'date' ? figure * MINUTES : figure;
    };
    const [start, end] = [minutes(from), minutes(to)];
    if (start === null || end === null) return null;
    if (unit === 'hours') {
      const overnight = this.typeOf(subject, from) === 'time' && end < start;
      return round((end - start) / 60 + (overnight ? 24 : 0), 2);
    }
    const days = Math.floor(end / MINUTES) - Math.floor(start / MINUTES);
    return unit === 'days' ? days : Math.floor((days * 4) / FOUR_YEARS);
  }

  meetsAll(subject: Sample, conditions: readonly Condition[]): boolean {
    return conditions.every((condition) => this.meets(subject, condition));
  }

  /** Whether a record meets a condition; `off`: were its figure so much more. */
  meets(subject: Sample, { field, operator, value }: Condition, off = 0): boolean {
    const figure = this.figure(subject, field);
    const actual = typeof figure === 'number' ? figure + off : figure;
    const type = fieldOf(subject.entity, field)?.type;
    const day = typeof actual !== 'number' ? null : type === 'datetime' ? Math.floor(actual / MINUTES) : actual;
    switch (operator) {
      case 'is_empty':
        return isEmpty(actual);
      case 'is_not_empty':
        return !isEmpty(actual);
      case 'is':
        return text(actual) === value;
      case 'is_not':
        return text(actual) !== value;
      case 'before_today':
        return day !== null && day < 0;
      case 'today_or_later':
        return day !== null && day >= 0;
      case 'within_days':
        return day !== null && day >= 0 && day <= Number(value);
      case 'within_past_days':
        return day !== null && day <= 0 && day >= -Number(value);
      case 'older_than_days':
        return day !== null && day < -Number(value);
      default: {
        const limit = this.figureNamed(subject, value ?? '');
        if (typeof actual !== 'number' || limit === null) return false;
        return operator === 'below' ? actual < limit : actual > limit;
      }
    }
  }

  private figureNamed(subject: Sample, name: string): number | null {
    const known = [...subject.entity.fields, ...subject.entity.values].some((one) => one.name === name);
    return known ? this.number(subject, name) : Number(name);
  }

  /** Whether a record, as it would be after a change, meets a rule. `self`: the record as it is now, which it replaces. */
  obeys(subject: Sample, rule: Rule, self?: Sample): boolean {
    const others = (): Sample[] => this.of(subject.entity).filter((one) => one !== self && one !== subject);
    switch (rule.kind) {
      case 'compare':
        return this.compares(subject, rule);
      case 'required_when':
        return !this.meetsAll(subject, rule.where) || isFilledIn(subject.values[rule.field]);
      case 'linked_must':
        return links(subject.values[rule.link]).every((link) => link instanceof Wanted || this.meetsAll(link, rule.where));
      case 'unique_together':
        return (
          rule.fields.some((name) => isEmpty(subject.values[name] ?? null)) ||
          !others().some((one) => rule.fields.every((name) => same(one.values[name], subject.values[name])))
        );
      case 'no_overlap':
        return !this.meetsAll(subject, rule.where) || !others().some((one) => this.meetsAll(one, rule.where) && overlap(rule, one, subject));
      case 'limit':
        return this.withinLimit(subject, rule, others());
      case 'locked_when':
        return true;
    }
  }

  private compares(subject: Sample, rule: RuleOf<'compare'>): boolean {
    const margin = this.margin(subject, rule);
    return margin === null || { at_least: margin >= 0, at_most: margin <= 0, above: margin > 0, below: margin < 0 }[rule.operator];
  }

  /** How far what is compared lies above the other side; null where one of them is empty. */
  margin(subject: Sample, { field, value }: RuleOf<'compare'>): number | null {
    const comparable = (name: string): number | null => {
      const figure = this.figure(subject, name);
      if (Array.isArray(figure)) return figure.length;
      if (typeof figure !== 'number') return null;
      return this.typeOf(subject, name) === 'datetime' && this.byDay(subject, field, value) ? Math.floor(figure / MINUTES) : figure;
    };
    const left = comparable(field);
    const right = typeof value === 'number' ? value : value === 'today' ? 0 : comparable(value);
    return left === null || right === null ? null : left - right;
  }

  /** A date with a time is compared with a date by its day. */
  private byDay(subject: Sample, field: string, value: number | string): boolean {
    return [this.typeOf(subject, field), value === 'today' ? 'date' : this.typeOf(subject, String(value))].includes('date');
  }

  private typeOf({ entity }: Sample, operand: string): Field['type'] | undefined {
    return operandKind(this.schema, entity, operand);
  }

  private withinLimit(subject: Sample, rule: RuleOf<'limit'>, others: readonly Sample[]): boolean {
    if (!this.meetsAll(subject, rule.where)) return true;
    const groups =
      rule.by === null ? [null] : fieldOf(subject.entity, rule.by)?.target ? links(subject.values[rule.by]) : [subject.values[rule.by] ?? null];
    const own = this.dayOf(subject, rule.day);
    if (rule.by !== null && groups.every((one) => one === null)) return true;
    if (rule.day !== null && own === null) return true;
    if (rule.field !== null && this.number(subject, rule.field) === null) return true;
    return groups.every((group) => {
      const maximum = this.maximumOf(group, rule);
      if (maximum === null) return true;
      const members = others.filter((one) => {
        const day = this.dayOf(one, rule.day);
        const there = rule.by === null || (isLink(group) ? links(one.values[rule.by]).includes(group) : same(one.values[rule.by], group));
        const then = rule.period === null || (day !== null && own !== null && samePeriod(day, own, rule.period) !== false);
        return there && then && this.meetsAll(one, rule.where);
      });
      const amount = (one: Sample): number => (rule.field === null ? 1 : (this.number(one, rule.field) ?? 0));
      return members.reduce((sum, one) => sum + amount(one), amount(subject)) <= maximum;
    });
  }

  private maximumOf(group: Figure, rule: RuleOf<'limit'>): number | null {
    if (typeof rule.maximum === 'number') return rule.maximum;
    return isLink(group) && !(group instanceof Wanted) ? this.number(group, rule.maximum) : null;
  }

  /** The day of a figure; null where there is none. */
  dayOf(subject: Sample, name: string | null): number | null {
    const figure = name === null ? null : this.figure(subject, name);
    if (typeof figure !== 'number') return null;
    return this.typeOf(subject, name ?? '') === 'datetime' ? Math.floor(figure / MINUTES) : figure;
  }

  /** Whether no other record has the value of a field that is unique. */
  isUnique(subject: Sample, name: string, self?: Sample): boolean {
    const value = subject.values[name] ?? null;
    return isEmpty(value) || !this.of(subject.entity).some((one) => one !== self && one !== subject && same(one.values[name], value));
  }
}

function overlap({ same: alike, from, to, day }: RuleOf<'no_overlap'>, first: Sample, second: Sample): boolean {
  if (
    ![...alike, ...(day === null ? [] : [day])].every((name) => !isEmpty(first.values[name] ?? null) && meet(first.values[name], second.values[name]))
  )
    return false;
  const at = ({ values }: Sample, name: string): number | null => (typeof values[name] === 'number' ? values[name] : null);
  const [a, c] = [at(first, from), at(second, from)];
  if (a === null || c === null) return false;
  const [b, d] = [at(first, to) ?? Infinity, at(second, to) ?? Infinity];
  return fieldOf(first.entity, from)?.type === 'date' ? a <= d && c <= b : a < d && c < b;
}

/** Links to several records meet where they share one. */
const meet = (first: Figure | undefined, second: Figure | undefined): boolean =>
  Array.isArray(first) && Array.isArray(second) ? links(first).some((one) => links(second).includes(one)) : same(first, second);

export const isLink = (value: Figure | undefined): value is Link => typeof value === 'object' && value !== null && !Array.isArray(value);
export const links = (value: Figure | undefined): readonly Link[] =>
  Array.isArray(value) ? (value as readonly Link[]) : isLink(value) ? [value] : [];
/** A yes-or-no field is filled in where it is yes. */
export const isFilledIn = (value: Figure | undefined): boolean => !isEmpty(value) && value !== false;
export const isEmpty = (value: Figure | undefined): boolean => value === undefined || value === null || (Array.isArray(value) && value.length === 0);

function same(first: Figure | undefined, second: Figure | undefined): boolean {
  if (first instanceof Wanted || second instanceof Wanted) return false;
  if (Array.isArray(first) && Array.isArray(second)) {
    const ours = links(first);
    const theirs = links(second);
    return ours.length === theirs.length && ours.every((one) => !(one instanceof Wanted) && theirs.includes(one));
  }
  return typeof first === 'string' && typeof second === 'string'
    ? first.toLowerCase() === second.toLowerCase()
    : (first ?? null) === (second ?? null);
}

function text(value: Figure): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return (typeof value === 'string' && !isFresh(value)) || typeof value === 'number' ? String(value) : '';
}

/** Keeps 0.1 + 0.2 at 0.3. */
export const round = (number: number, digits: number): number => Math.round(number * 10 ** digits) / 10 ** digits;
