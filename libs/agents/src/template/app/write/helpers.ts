import { source } from '../source.js';

/*
 * src/values.js of an app: the small functions that its rules, values, lists and totals are written with. Each app gets
 * those it uses.
 */

const HELPERS: Readonly<Record<string, string>> = {
  today: source`/** Today as year-month-day, in the local time of the computer that runs the app. */
export function today(offsetDays = 0) {
  const date = new Date();
  date.setDate(date.getDate() + offsetDays);
  const two = (number) => String(number).padStart(2, '0');
  return \`\${date.getFullYear()}-\${two(date.getMonth() + 1)}-\${two(date.getDate())}\`;
}`,
  dayOf: source`/** The day of a date, with or without a time; null where there is none. */
export const dayOf = (value) => (typeof value === 'string' ? value.slice(0, 10) : null);`,
  isEmpty: source`/** Whether a field was left empty. */
export const isEmpty = (value) => value === undefined || value === null || (Array.isArray(value) && value.length === 0);`,
  isPast: source`/** Whether a day is before today; an empty one is not. */
export const isPast = (value) => !isEmpty(value) && dayOf(value) < today();`,
  isTodayOrLater: source`/** Whether a day is today or later; an empty one is not. */
export const isTodayOrLater = (value) => !isEmpty(value) && dayOf(value) >= today();`,
  isWithinDays: source`/** Whether a day is today or within the days that follow; an empty one is not. */
export const isWithinDays = (value, days) => isTodayOrLater(value) && dayOf(value) <= today(days);`,
  isWithinPastDays: source`/** Whether a day is today or within the days before; an empty one is not. */
export const isWithinPastDays = (value, days) =>
  !isEmpty(value) && dayOf(value) <= today() && dayOf(value) >= today(-days);`,
  isOlderThanDays: source`/** Whether a day lies more than so many days back; an empty one does not. */
export const isOlderThanDays = (value, days) => !isEmpty(value) && dayOf(value) < today(-days);`,
  daysAfter: source`/** The day so many days after another; undefined where that one is none. */
export function daysAfter(day, count) {
  const date = new Date(\`\${dayOf(day)}T00:00:00Z\`);
  if (Number.isNaN(date.getTime())) return undefined;
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}`,
  later: source`/**
 * The day so many days, weeks, months or years after another; of a month that is too short, its last day. Empty where one
 * of them is, and after the year 9999.
 */
export function later(day, count, unit) {
  if (isEmpty(day) || isEmpty(count)) return null;
  const date = new Date(\`\${dayOf(day)}T00:00:00Z\`);
  const dayOfMonth = date.getUTCDate();
  if (unit === 'days') date.setUTCDate(dayOfMonth + count);
  else if (unit === 'weeks') date.setUTCDate(dayOfMonth + 7 * count);
  else date.setUTCMonth(date.getUTCMonth() + (unit === 'years' ? 12 * count : count));
  if ((unit === 'months' || unit === 'years') && date.getUTCDate() < dayOfMonth) date.setUTCDate(0);
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999 ? date.toISOString().slice(0, 10) : null;
}`,
  earlier: source`/** The day so many days, weeks, months or years before another. */
export const earlier = (day, count, unit) => later(day, isEmpty(count) ? null : -count, unit);`,
  now: source`/** Now as a date with a time, in the local time of the computer that runs the app. */
export const now = (offsetDays = 0) => \`\${today(offsetDays)}T\${new Date().toTimeString().slice(0, 5)}\`;`,
  isBelow: source`/** Whether one number is less than another; where one of them is empty, it is not. */
export const isBelow = (value, limit) => !isEmpty(value) && !isEmpty(limit) && value < limit;`,
  isAbove: source`/** Whether one number is more than another; where one of them is empty, it is not. */
export const isAbove = (value, limit) => !isEmpty(value) && !isEmpty(limit) && value > limit;`,
  isSame: source`/** Whether two values are the same; capital letters make no difference. */
export const isSame = (one, other) => comparable(one) === comparable(other);

const comparable = (value) =>
  Array.isArray(value) ? JSON.stringify([...value].sort()) : typeof value === 'string' ? value.toLowerCase() : value;`,
  haveCommon: source`/** Whether two lists of links have one in common. */
export const haveCommon = (one, other) => one.some((id) => other.includes(id));`,
  overlap: source`/** Whether two stretches of time overlap. One may begin when the other ends; an end that is empty lies open. */
export function overlap(from, to, otherFrom, otherTo) {
  if (isEmpty(from) || isEmpty(otherFrom)) return false;
  return (isEmpty(otherTo) || from < otherTo) && (isEmpty(to) || otherFrom < to);
}`,
  shareDay: source`/** Whether two stretches of days have a day in common. An end that is empty lies open. */
export function shareDay(from, to, otherFrom, otherTo) {
  if (isEmpty(from) || isEmpty(otherFrom)) return false;
  return (isEmpty(otherTo) || from <= otherTo) && (isEmpty(to) || otherFrom <= to);
}`,
  daysBetween: source`/** Whole days from one day to another; empty where one of them is. */
export function daysBetween(from, to) {
  if (isEmpty(from) || isEmpty(to)) return null;
  return Math.round((Date.parse(dayOf(to)) - Date.parse(dayOf(from))) / 86_400_000);
}`,
  yearsBetween: source`/** Whole years from one day to another, as an age is counted; empty where one of them is. */
export function yearsBetween(from, to) {
  if (isEmpty(from) || isEmpty(to)) return null;
  const years = Number(to.slice(0, 4)) - Number(from.slice(0, 4));
  return dayOf(to).slice(5) < dayOf(from).slice(5) ? years - 1 : years;
}`,
  hoursBetween: source`/** Hours from one time to another; of two times of day the second may be on the next day. */
export function hoursBetween(from, to) {
  if (isEmpty(from) || isEmpty(to)) return null;
  const minutes = (minutesOf(to) - minutesOf(from)) / 60_000;
  return round((from.length === 5 && minutes < 0 ? minutes + 1440 : minutes) / 60, 2);
}

const minutesOf = (value) => Date.parse(value.length === 5 ? \`2000-01-01T\${value}Z\` : \`\${value.padEnd(16, 'T00:00')}Z\`);`,
  round: source`/** Keeps 0.1 + 0.2 at 0.3. */
export const round = (number, digits = 6) => Math.round(number * 10 ** digits) / 10 ** digits;`,
  sum: source`/** The numbers added up; those that are empty do not count. */
export const sum = (numbers) => round(numbers.reduce((total, number) => total + (number ?? 0), 0));`,
  average: source`/** The average of the numbers that are not empty; empty where there are none. */
export function average(numbers) {
  const given = numbers.filter((number) => !isEmpty(number));
  return given.length === 0 ? null : round(sum(given) / given.length, 2);
}`,
  highest: source`/** The highest number, or the latest day, of those that are not empty; empty where there are none. */
export function highest(values) {
  const given = values.filter((value) => !isEmpty(value));
  return given.length === 0 ? null : given.reduce((most, value) => (value > most ? value : most));
}`,
  lowest: source`/** The lowest number, or the earliest day, of those that are not empty; empty where there are none. */
export function lowest(values) {
  const given = values.filter((value) => !isEmpty(value));
  return given.length === 0 ? null : given.reduce((least, value) => (value < least ? value : least));
}`,
  groupBy: source`/** Records by what a function answers for each, as \`[key, records]\`; the keys given are there even without records. */
export function groupBy(records, keyOf, keys = []) {
  const groups = new Map(keys.map((key) => [key, []]));
  for (const record of records) {
    const key = keyOf(record) ?? null;
    if (!groups.has(key)) groups.set(key, []);
    groups.get(key).push(record);
  }
  return [...groups];
}`,
  inOrder: source`/** Groups by their key, what has none last. */
export const inOrder = (groups) =>
  groups.sort(([a], [b]) => (a === null) - (b === null) || (a < b ? -1 : a > b ? 1 : 0));`,
  weekOf: source`/** The week of a day, such as 2030-W05; weeks begin on Monday, the first one holds the year's first Thursday. */
export function weekOf(value) {
  if (isEmpty(value)) return null;
  const date = new Date(\`\${dayOf(value)}T00:00:00Z\`);
  date.setUTCDate(date.getUTCDate() + 4 - (date.getUTCDay() || 7));
  const week = Math.ceil(((date - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86_400_000 + 1) / 7);
  return \`\${date.getUTCFullYear()}-W\${String(week).padStart(2, '0')}\`;
}`,
  monthOf: source`/** The month of a day, such as 2030-01. */
export const monthOf = (value) => (isEmpty(value) ? null : value.slice(0, 7));`,
  yearOf: source`/** The year of a day. */
export const yearOf = (value) => (isEmpty(value) ? null : value.slice(0, 4));`,
};

export const HELPER_NAMES: readonly string[] = Object.keys(HELPERS);

const calls = (text: string, name: string): boolean => new RegExp(`(?<![\\w.])${name}\\(`).test(text) || new RegExp(`[(,] ?${name}[,)]`).test(text);

/** The helpers that a text calls, in the order of their names. */
export const helpersIn = (text: string): string[] => HELPER_NAMES.filter((name) => calls(text, name)).sort();

/** src/values.js with the helpers that these texts call, and what those need themselves. */
export function valuesJs(texts: readonly string[]): string {
  const needed = new Set(texts.flatMap(helpersIn));
  for (const name of needed) for (const other of helpersIn(HELPERS[name] ?? '')) needed.add(other);
  const chosen = HELPER_NAMES.filter((name) => needed.has(name));
  return `/* Small questions about values, for the rules of records, lists and totals. */\n\n${chosen.map((name) => HELPERS[name] ?? '').join('\n\n')}\n`;
}
