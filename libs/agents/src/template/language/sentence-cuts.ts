import type { Passage } from './document.js';
import { isNoThing } from './sentences.js';
import { isPlural, singular } from './words.js';

/*
 * Where one sentence holds two, and what "each one" means that stands in another.
 */

const NEW_SUBJECT =
  /,\s+(?:and |but )?(?=(?:anybody|anyone|nobody|no one|(?:an?|the|no|same) (?!day\b|date\b|time\b)[a-z]+(?: (?!it\b|they\b|we\b|he\b|she\b|you\b|that\b)[a-z]+)?) (?:can|can't|cannot|may|must|mustn't|goes|has to|should|shouldn't) |the [a-z]+(?: _+)?(?:(?:,| and) (?:the )?[a-z]+)? (?:gets?|is|are) (?:put|filled|entered|recorded|noted|added|written))/gi;

/** "name and rank, nobody can have two": what begins with another subject and its verb is a sentence of its own. */
function apart(line: string): string[] {
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

const VERB =
  /\b(?:must|may|might|can|can't|cannot|could|should|shall|will|won't|would|is|isn't|are|aren't|was|were|be|has|have|had|having|does|do|don't|doesn't|did|belongs?|goes|go|gets?|gives?|takes?|comes|(?:needs?|wants?|starts?|moves?|shows?|sends?|pays?) (?=(?:to|an?|the|as|for|us|me|at)\b)|becomes?|contains?|consists?|receives?|let's|i'd|we've|there's|it's|happened|agreed|pointed|said|prints?)\b/i;

/** True for words with a verb outside parentheses and questions of their own ("when it is due"): more than a list of fields. */
export const isSentence = (text: string): boolean => {
  const bare = text
    .replace(/\([^)]*\)/g, ' ')
    .replace(/["']/g, '')
    .replace(/,? (?:must|should|has to|have to) be (?:unique|filled in|given|different)\b/gi, '');
  if (
    /^(?:for (?:each|every)|when(?:ever)? (?:an?|the|some|we|i)|every time|if|we|i|they|he|she|it|you|there|this|nobody|everybody|everyone|no one|\w+ing (?:an?|the))\b/i.test(
      bare,
    )
  )
    return true;
  return bare
    .split(/[,;:]|\band\b/)
    .map((part) =>
      part
        .replace(/\b(?:if|when|where|which|that|who|whether|what|how)\b.*$/i, '')
        .replace(/^\s*(?:the |an? )?\w+ (?:it|they|he|she|we|i)\b.*$/i, ''),
    )
    .some((part) => VERB.test(part));
};

const ABBREVIATIONS = /\b(?:Dr|Mr|Mrs|Ms|St|Prof|Nr|approx|ca|vs|incl|tel|e\.g|i\.e)\.$/;

/** "Item: kind - loco or coach; maker; livery": one list, and not several statements. */
function listed(line: string): string {
  const [, head = '', tail = ''] = /^([^:;.()]{2,60}[:=] |[^:;.()]{2,40} [-–—] )([^.]*;.*)$/.exec(line) ?? [];
  const parts = tail.split(/;\s+/);
  if (head === '' || parts.length < 3 || parts.some((part) => isSentence(part.replace(/,.*$/, '')))) return line;
  return head + parts.map((part) => part.replace(/^([\w' ]{2,30}?)(?::| [-–—]) ([^()]+)$/, '$1 ($2)')).join(', ');
}

/** "applied; then screened", "Life of a case. Open; heard; closed": what follows one another is one statement. */
function inSequence(line: string): string {
  const told = line.replace(/;\s+(?=(?:and )?(?:then|next|finally|lastly)\b)/gi, ', ');
  if (!/\b(?:life|stages?|status(?:es)?|states|flow|progress|workflow|steps|course)\b/i.test(told)) return told;
  return told.replace(/(?<=^|[.:]\s)(?:[\w' -]{2,25};\s+){2,}[\w' -]{2,25}(?=$|[.,])/g, (list) => list.replace(/;\s+/g, ', then '));
}

/** The sentences of a line. */
export function sentencesOf(line: string): string[] {
  const pieces = apart(
    listed(inSequence(line)).replace(/ [-–—] (?=(?:the )?[a-z-]+ (?:is|are|may|can|must) )/g, (dash, at: number) =>
      line.slice(0, at).split(',').length > 2 ? '. ' : dash,
    ),
  ).flatMap((one) => one.split(/(?<=[.!?])\s+(?=["'(A-Z0-9a-z])|;\s+(?![^()]*\))|\s+->\s+(?=(?:no|must|cannot|can't|should|not|never)\b)/));
  const joined: string[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    const open = last !== undefined && (ABBREVIATIONS.test(last) || (last.split('(').length > last.split(')').length && last.length < 300));
    if (open) joined[joined.length - 1] = `${last} ${piece}`;
    else joined.push(piece);
  }
  return joined
    .map((one) =>
      one
        .replace(/[.!?;,\s]+$/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((one) => one !== '');
}
