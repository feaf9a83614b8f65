import type { Passage } from './document.js';
import type { Contradiction } from './draft.js';

/*
 * What a person leaves open: "not settled yet", "ask me about that", a rule with "Trevor can have two though" behind it. Whoever
 * builds on a guess here builds the wrong thing, so it is asked.
 */

const OPEN =
  /\b(?:(?:not|never) (?:yet )?(?:been )?(?:settled|decided|agreed|resolved)|undecided|unresolved|to be (?:decided|discussed|agreed)|t\.?b\.?[dc]\b|ask me(?: about| again)?|(?:i|we) (?:really )?(?:don't|do not) know(?: yet)?(?=[,.;]|$| whether| if)|(?:haven't|have not|couldn't|can't|could not|cannot) (?:yet )?(?:decided?|agreed?|made up)|still (?:being )?(?:open|argu\w+|discuss\w+|debat\w+)|not sure (?:yet )?(?:whether|if|about) (?!(?:it|this|that)(?:'s| is) possible)|in two minds)\b/i;
const UNIVERSAL =
  /\b(?:nothing|nobody|no one|none|never|no [a-z]+(?:ing|s)?|each [a-z' -]+ (?:gets?|has|have) (?:only )?one|only one|always|all|every|everyone|everybody|must|can't|cannot)\b/i;
const EXCEPTION =
  /\b(?:though|anyway|all the same|nevertheless|nonetheless|as an exception|goes? on|keeps? (?:on )?being|the exception|exempt|that does not apply|doesn't apply|different for)\b/i;
const ALLOWS = /\b(?:can|may|must|allowed|gets?|has|have|does|do|could)\b/i;
/** A single case, named: "big Trevor", "the Ursuline school". */
const NAMED =
  /(?:^(?:(?:but|only|except) )?(?:[Tt]he |[Oo]ld |[Bb]ig |[Ll]ittle |[Oo]ur |[Pp]oor )*[A-Z][a-z]+\b(?! (?:can't|cannot))|[a-z,] (?:(?:the|big|old|little) )?[A-Z][a-z]{2,}\b)/;

/** The matters that a text leaves open, each with the two sentences between which the person has to choose. */
export function openMatters(passages: readonly Passage[]): Contradiction[] {
  return passages.flatMap((passage, at): Contradiction[] => {
    const before = passages[at - 1];
    if (OPEN.test(passage.said)) return undecided(passages, at);
    const exception =
      before !== undefined && UNIVERSAL.test(before.text) && EXCEPTION.test(passage.said) && ALLOWS.test(passage.said) && NAMED.test(passage.said);
    if (!exception || !sharesWord(before.text, passage.text)) return [];
    return [
      matter(
        before.said,
        passage.said,
        `You wrote ${quoted(before.said)} and then ${quoted(passage.said)}. Does the rule hold for all, or not at all?`,
        'It does not hold.',
        [HOLDS, FALLS],
      ),
    ];
  });
}

const HOLDS = '\\b(?:for all|for everyone|always|holds|keep|strict|no exceptions?|just one|only one)\\b';
const FALLS = '\\b(?:not hold|not at all|allow|drop|leave|anything|anyone|exceptions?|tick|except)\\b';
const YES = '\\b(?:yes|include|allow|they may|they can|should|let them)\\b';
const NO = '\\b(?:no|none|not|nobody|no one|leave|without|only me|just me|never)\\b';

function undecided(passages: readonly Passage[], at: number): Contradiction[] {
  const here = passages[at];
  const bare = (here?.said ?? '').split(/\s+/).length <= 10;
  const last = bare ? passages[at - 1] : here;
  if (!here || !last || last.said.split(/\s+/).length < 4) return [];
  const earlier = bare ? passages[at - 2] : undefined;
  const disputed = earlier !== undefined && /\b(?:no|not|never|none)\b/i.test(last.text) && sharesWord(earlier.text, last.text);
  const first = disputed ? earlier : last;
  const second = disputed ? last : here;
  const quote = disputed ? `${quoted(first.said)} and ${quoted(last.said)}` : quoted(first.said);
  return [matter(first.said, second.said, `You left this open: ${quote}. Which shall it be?`, 'Leave it out for now.', [YES, NO])];
}

const matter = (first: string, second: string, question: string, proposal: string, sides: readonly [string, string]): Contradiction => ({
  about: `open ${first.slice(0, 60)}`,
  sentences: [first, second],
  question,
  proposal,
  sides,
  words: (first.toLowerCase().match(/[a-z]{5,}/g) ?? []).slice(0, 12),
});

const SMALL =
  /^(?:that|this|with|have|they|them|then|when|must|from|their|there|which|what|where|able|only|each|every|though|always|never|nothing|would|could|should)$/;
const stems = (text: string): string[] =>
  (text.toLowerCase().match(/[a-z]{4,}/g) ?? []).filter((one) => !SMALL.test(one)).map((one) => one.slice(0, Math.max(4, one.length - 2)));
const sharesWord = (one: string, other: string): boolean => {
  const has = new Set(stems(one));
  return stems(other).some((stem) => has.has(stem)) || /\b(?:one|two|it|so)\b/i.test(other);
};
const quoted = (said: string): string => `"${said.length > 250 ? `${said.slice(0, 250)}...` : said}"`;
