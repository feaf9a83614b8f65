import type { Passage } from './document.js';
import { isNoThing } from './sentences.js';
import { isPlural, singular } from './words.js';

/*
 * Where one sentence holds two, and what "each one" means that stands in another.
 */

const NEW_SUBJECT =
  /,\s+(?:and |but )?(?=(?:anybody|anyone|nobody|no one|(?:an?|the|no|same) (?!day\b|date\b|time\b)[a-z]+(?: (?!it\b|they\b|we\b|he\b|she\b|you\b|that\b)[a-z]+)?) (?:can|can't|cannot|may|must|mustn't|goes|has to|should|shouldn't) |the [a-z]+(?: _+)?(?:(?:,| and) (?:the )?[a-z]+)? (?:gets?|is|are) (?:put|filled|entered|recorded|noted|added|written))/gi;

/** "name and rank, nobody can have two": what begins with another subject and its verb is a sentence of its own. */
export function apart(line: string): string[] {
  const outside = line.replace(/\([^)]*\)|"[^"]*"/g, (inside) => '_'.repeat(inside.length));
  const pieces: string[] = [];
  let from = 0;
  for (const cut of outside.matchAll(NEW_SUBJECT)) {
    const before =
      outside
        .slice(from, cut.index)
        .split(/[.;!?] /)
        .at(-1) ?? '';
    if (
      before.split(' ').length < 3 ||
      /\b(?:if|when|whenever|once|unless|until|after|before|because|although|while|as|since|that|which|who|where|so)\b[^,:]*$/i.test(before)
    )
      continue;
    pieces.push(line.slice(from, cut.index));
    from = cut.index + cut[0].length;
  }
  return [...pieces, line.slice(from)];
}

/** "We have 19 horses. For each one I want the name": each one is a horse. */
export const antecedents = (passages: readonly Passage[]): Passage[] =>
  passages.map((one, at) => {
    if (!EACH_ONE.test(one.text)) return one;
    const nouns = passages
      .slice(Math.max(0, at - 3), at)
      .reverse()
      .map(
        ({ text }) =>
          /\b(?:\d[\d,.]*|have|has|keep|own|run|sell|rent out|look after|several|many|some|all our|all my) (?:different |old |small |big |about |around )?(?!of\b)([a-z]+s)\b/i.exec(
            text,
          )?.[1],
      )
      .filter((noun) => noun !== undefined && isPlural(noun) && !isNoThing(noun));
    return nouns[0] === undefined ? one : { ...one, text: one.text.replace(EACH_ONE, `For each ${singular(nouns[0])},`) };
  });

const EACH_ONE = /^(?:for|of|about) (?:each|every)(?: single)?(?: one| of (?:them|these|those))(?: of (?:them|these|those))?,?/i;
