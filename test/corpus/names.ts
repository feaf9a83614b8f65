import nlp from 'compromise';

/** Names as they are compared: without regard to case, plural, hyphens, underscores and small words. */

const forms = new Map<string, string>();

export function plain(name: string): string {
  const known = forms.get(name);
  if (known !== undefined) return known;
  const words = name
    .toLowerCase()
    .replace(/['’]s?\b/g, '')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
    .split(' ')
    .filter((word, _, all) => all.length === 1 || !/^(the|a|an|of|its|their|is|was|on|at)$/.test(word));
  const form = words.map(singular).join(' ');
  forms.set(name, form);
  return form;
}

/** What compromise takes for the plural of a word that has none. */
const SAME = /^(series|species|equipment|gear|staff|stock)$/;

function singular(word: string): string {
  if (word.length < 4 || /(ss|us|is)$/.test(word) || SAME.test(word)) return word;
  const tagged = nlp(word);
  tagged.tag('Plural');
  return tagged.nouns().toSingular().text() || word;
}

export const same = (one: string, other: string): boolean => plain(one) === plain(other);

/** Something that was found, and by which of its names. */
export interface Named<T> {
  readonly item: T;
  readonly names: readonly string[];
}

/**
 * Gives each expected name at most one found thing and each found thing to at most one name: exact names first, then
 * aliases, then names of which one ends with the other ("due date" and "date").
 */
export function matchNames<E extends { name: string; aliases: readonly string[] }, T>(expected: readonly E[], found: readonly Named<T>[]): Map<E, T> {
  const matches = new Map<E, T>();
  const free = new Set(found);
  const passes: ((one: E, names: readonly string[]) => boolean)[] = [
    (one, names) => names.some((name) => same(name, one.name)),
    (one, names) => names.some((name) => one.aliases.some((alias) => same(name, alias))),
    (one, names) => names.some((name) => [one.name, ...one.aliases].some((alias) => endsAlike(plain(name), plain(alias)))),
  ];
  for (const pass of passes) {
    for (const one of expected) {
      if (matches.has(one)) continue;
      const match = [...free].find((candidate) => pass(one, candidate.names));
      if (!match) continue;
      matches.set(one, match.item);
      free.delete(match);
    }
  }
  return matches;
}

const endsAlike = (one: string, other: string): boolean => one.endsWith(` ${other}`) || other.endsWith(` ${one}`);
