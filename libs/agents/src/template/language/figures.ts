/*
 * Figures in digits and words, and stretches of time in days.
 */

const FIGURES: Readonly<Record<string, number>> = {
  zero: 0,
  no: 0,
  a: 1,
  an: 1,
  one: 1,
  once: 1,
  two: 2,
  twice: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  dozen: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fifty: 50,
  sixty: 60,
  ninety: 90,
  hundred: 100,
};

/** A figure in digits or words. */
export const FIGURE =
  '(-?\\d+(?:[.,]\\d+)?|zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|a dozen|fifteen|twenty|thirty|forty|fifty|sixty|ninety|a hundred)';

export const figureOf = (words: string): number => {
  const said = words
    .toLowerCase()
    .replace(/^an? (?=\w)/, '')
    .trim();
  const digits = /^-?\d{1,3}(?:,\d{3})+$/.test(said) ? said.replace(/,/g, '') : said.replace(',', '.');
  return FIGURES[said] ?? Number(digits);
};

/** `three weeks` in days. */
export function daysOf(figure: string, unit: string): number {
  const days = { d: 1, w: 7, m: 30, y: 365 }[unit.charAt(0).toLowerCase()] ?? 1;
  const count = figureOf(figure);
  return unit.toLowerCase().startsWith('m') && count % 12 === 0 ? (count / 12) * 365 : count * days;
}
