import type { DatabaseSchema, Entity, Field } from '#contracts';
import { addressOf } from '#contracts';
import { capital } from '../../language/words.js';

/*
 * The values that generated tests work with. A day is a number of days from today, a date with a time the minutes since
 * the beginning of today, a time of day the minutes since midnight. Days from `FIXED` on are dates of a calendar that is
 * far off, for what depends on weeks, months or years: their tests mean the same on every day on which they run.
 */

/** A record of a test: `name` is the variable that holds it. */
export interface Sample {
  readonly entity: Entity;
  readonly values: Record<string, Figure>;
  name: string;
  /** The id as an expression, where the samples file added it with the record that links to it. */
  readonly implied?: string;
  /** The record as it is now, where this is what it would become: others link to that one. */
  readonly replaces?: Sample;
}

/** A linked record that is still to be added: any that may be linked to, or one that is like `as` in what was `given` to it. */
export class Wanted {
  constructor(
    readonly target: string,
    readonly as: Sample | null = null,
    readonly given: Readonly<Record<string, Figure>> = {},
  ) {}

  /** Whether two of them stand for records that need not differ. */
  isLike(other: Link | undefined): boolean {
    return other instanceof Wanted && this.target === other.target && this.as === other.as;
  }
}

export type Link = Sample | Wanted;
export type Figure = null | boolean | number | string | Link | readonly Link[];

const FRESH = '\u0001';
let lastFresh = 0;
/** A value that no other record has. */
export const fresh = (): string => `${FRESH}${(lastFresh += 1)}`;
export const isFresh = (value: Figure | undefined): boolean => typeof value === 'string' && value.startsWith(FRESH);

export const FIXED = 50_000;
/** 3 January 2095, a Monday. */
const CALENDAR = Date.UTC(2095, 0, 3);
const DAY_MS = 86_400_000;
export const MINUTES = 1_440;

/** The day of a calendar as a number; months from 1. */
export const fixedDay = (year: number, month: number, dayOfMonth: number): number =>
  FIXED + Math.round((Date.UTC(year, month - 1, dayOfMonth) - CALENDAR) / DAY_MS);
const isoDay = (days: number): string => new Date(CALENDAR + (days - FIXED) * DAY_MS).toISOString().slice(0, 10);

/**
 * The day so many months after another, of a calendar or, to within `SLACK` days, counted from today; of a month that is too
 * short its last one.
 */
export function monthsAfter(days: number, months: number): number {
  if (days < FIXED / 2) return days + Math.round(months * 30.4375);
  const date = new Date(CALENDAR + (days - FIXED) * DAY_MS);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)).getUTCDate();
  return fixedDay(date.getUTCFullYear(), date.getUTCMonth() + 1 + months, Math.min(date.getUTCDate(), last));
}
/** By how many days `monthsAfter` may be wrong. */
export const SLACK = 4;

export type Period = 'day' | 'week' | 'month' | 'year';

/** Whether two days lie in the same day, week, month or year; null where that depends on what day today is. */
export function samePeriod(first: number, second: number, period: Period): boolean | null {
  if (first === second) return true;
  if (period === 'day') return false;
  if (first < FIXED / 2 || second < FIXED / 2) {
    return Math.abs(first - second) >= { week: 7, month: 31, year: 366 }[period] ? false : null;
  }
  return periodKey(first, period) === periodKey(second, period);
}

/** `2095-01-03`, `2095-W01`, `2095-01` or `2095`. */
export function periodKey(days: number, period: Period): string {
  const iso = isoDay(days);
  if (period === 'day') return iso;
  if (period === 'month') return iso.slice(0, 7);
  if (period === 'year') return iso.slice(0, 4);
  const date = new Date(CALENDAR + (days - FIXED) * DAY_MS);
  date.setUTCDate(date.getUTCDate() + 3 - ((date.getUTCDay() + 6) % 7));
  const year = date.getUTCFullYear();
  const week =
    1 + Math.round((date.getTime() - Date.UTC(year, 0, 4) + ((new Date(Date.UTC(year, 0, 4)).getUTCDay() + 6) % 7) * DAY_MS) / DAY_MS / 7 - 3 / 7);
  return `${year}-W${String(week).padStart(2, '0')}`;
}

export const quote = (text: string): string => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n').replace(/\r/g, '\\r')}'`;

const clock = (minutes: number): string => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** `day(3)`, or a date where it is one of a calendar. */
export const printDay = (days: number): string => (days >= FIXED / 2 ? quote(isoDay(days)) : `day(${days})`);

/** A value as an expression of the test; links have to be samples. */
export function printFigure(field: Pick<Field, 'name' | 'type' | 'label'>, value: Figure): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${(value as readonly Link[]).map((one) => printFigure(field, one)).join(', ')}]`;
  if (typeof value === 'object') return value instanceof Wanted ? 'null' : ((value as Sample).implied ?? `${(value as Sample).name}.id`);
  if (isFresh(value)) return freshText(field);
  if (typeof value === 'number' && field.type === 'date') return printDay(value);
  if (typeof value === 'number' && field.type === 'time') return quote(clock(value));
  if (typeof value === 'number' && field.type === 'datetime') {
    const days = Math.floor(value / MINUTES);
    const time = clock(value - days * MINUTES);
    return days >= FIXED / 2 ? quote(`${isoDay(days)}T${time}`) : `\`\${${printDay(days)}}T${time}\``;
  }
  return typeof value === 'string' ? quote(value) : String(value);
}

/** An expression whose value is another one every time. */
function freshText({ type, label }: Pick<Field, 'type' | 'label'>): string {
  switch (type) {
    case 'long_text':
      return `\`${plain(label)} \${next()}, line one\``;
    case 'number':
      return 'next() + 0.5';
    case 'integer':
      return 'next()';
    case 'money':
      return 'next() + 0.25';
    case 'date':
      return 'day(next())';
    case 'time':
      return "`${String(6 + (next() % 12)).padStart(2, '0')}:${String(next() % 60).padStart(2, '0')}`";
    case 'datetime':
      return '`${day(next())}T14:30`';
    case 'email':
      return '`person${next()}@example.org`';
    case 'phone':
      return '`020 7946 ${String(1000 + next())}`';
    case 'url':
    case 'file_link':
      return '`https://example.org/${next()}`';
    default:
      return `\`${plain(label)} \${next()}\``;
  }
}

const plain = (label: string): string =>
  capital(label)
    .slice(0, 60)
    .replace(/[`$\\]/g, '');

/** `time_entry` -> `timeEntry`. */
export const camel = (name: string): string => name.replace(/_+(\w)/g, (_, letter: string) => letter.toUpperCase());
const pascal = (name: string): string => capital(camel(name));

/** Names of the two functions that the samples file has per entity: valid values, and a record added with them. */
export const valuesFn = (entity: Entity): string => `${camel(entity.name)}Values`;
export const addFn = (entity: Entity): string => `add${pascal(entity.name)}`;

export const pagePath = (entity: Entity): string => `/${addressOf(entity.label_plural)}`;
export const apiPath = (entity: Entity): string => `/api${pagePath(entity)}`;

export const fieldOf = (entity: Entity, name: string): Field | undefined => entity.fields.find((field) => field.name === name);
export const entityOf = (schema: DatabaseSchema, name: string | null): Entity | undefined => schema.entities.find((entity) => entity.name === name);
export const targetOf = (schema: DatabaseSchema, entity: Entity, link: string): Entity | undefined =>
  entityOf(schema, fieldOf(entity, link)?.target ?? null);
