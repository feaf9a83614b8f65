import type { Condition, DatabaseSchema, Entity, RecordValue, Rule } from '#contracts';
import { MINUTES, Wanted, fieldOf, isFresh, samePeriod } from './figures.js';
import type { Figure, Link, Sample } from './figures.js';

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

  /** A field, or a value that is worked out. */
  figure(subject: Sample, name: string): Figure {
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
    const members = this.samples.filter(
      (one) => one.entity.name === value.of && links(one.values[value.link]).includes(subject) && this.meetsAll(one, value.where),
    );
    if (value.function === 'count') return members.length;
    const numbers = members.map((one) => this.number(one, value.field ?? '')).filter((one) => one !== null);
    if (value.function === 'average' && numbers.length === 0) return null;
    const sum = numbers.reduce((total, one) => total + one, 0);
    return value.function === 'sum' ? round(sum, 6) : round(sum / numbers.length, value.type === 'integer' ? 0 : 2);
  }

  private between(subject: Sample, { from, to, unit }: Extract<RecordValue, { kind: 'between' }>): number | null {
    const minutes = (name: string): number | null => {
      if (name === 'today') return 0;
      const figure = subject.values[name] ?? null;
      if (typeof figure !== 'number') return null;
      return fieldOf(subject.entity, name)?.type === 'date' ? figure * MINUTES : figure;
    };
    const [start, end] = [minutes(from), minutes(to)];
    if (start === null || end === null) return null;
    if (unit === 'hours') {
      const overnight = fieldOf(subject.entity, from)?.type === 'time' && end < start;
      return round((end - start) / 60 + (overnight ? 24 : 0), 2);
    }
    const days = Math.floor(end / MINUTES) - Math.floor(start / MINUTES);
    return unit === 'days' ? days : Math.floor((days * 4) / FOUR_YEARS);
  }

  meetsAll(subject: Sample, conditions: readonly Condition[]): boolean {
    return conditions.every((condition) => this.meets(subject, condition));
  }

  meets(subject: Sample, { field, operator, value }: Condition): boolean {
    const actual = this.figure(subject, field);
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
      return fieldOf(subject.entity, name)?.type === 'datetime' && this.byDay(subject.entity, field, value) ? Math.floor(figure / MINUTES) : figure;
    };
    const left = comparable(field);
    const right = typeof value === 'number' ? value : value === 'today' ? 0 : comparable(value);
    return left === null || right === null ? null : left - right;
  }

  /** A date with a time is compared with a date by its day. */
  private byDay(entity: Entity, field: string, value: number | string): boolean {
    const types = [fieldOf(entity, field)?.type, value === 'today' ? 'date' : fieldOf(entity, String(value))?.type];
    return types.includes('date');
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

  private dayOf(subject: Sample, name: string | null): number | null {
    const figure = name === null ? null : (subject.values[name] ?? null);
    if (typeof figure !== 'number') return null;
    return fieldOf(subject.entity, name ?? '')?.type === 'datetime' ? Math.floor(figure / MINUTES) : figure;
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
