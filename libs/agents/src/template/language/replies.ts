/*
 * What a person answers to several questions at once: "yes", "yes to the first, no to 2", "1 yes, 2: no, it is per week", or a line
 * for each.
 */

/** What is said to one question: agreed, declined, left, or other words. */
export interface Verdict {
  readonly question: number;
  readonly kind: 'yes' | 'no' | 'skip' | 'words';
  readonly words: string;
}

export interface Reply {
  readonly verdicts: readonly Verdict[];
  /** What is said to no question in particular. */
  readonly rest: string;
}

const YES =
  /^(?:yes|yep|yeah|ok|okay|sure|fine|good|great|perfect|right|correct|agreed|exactly|sounds good|looks good|that's (?:right|fine|it|all|good)|go ahead|do it|build (?:it|that|them)|as you (?:propose|suggest|say)|take (?:it|them|your proposals?)|i agree|all good|please do|both|all of them|as proposed|true)(?: (?:please|thanks|thank you|to (?:all|both|everything|it)|with (?:all|that|everything)))?[.! ]*$/i;
const SKIP =
  /^(?:skip(?: (?:it|that|this|them))?|none|nothing|nothing (?:else|more)|don't (?:know|care|mind)|i don't (?:know|care|mind)|whatever|you (?:decide|choose)|up to you|any|not needed|pass|no more|that is all|leave (?:it|them|that) out(?: for now)?|forget (?:it|that)|not now|n\/a|-)[.! ]*$/i;
const NO = /^(?:no|nope|no thanks?(?: you)?|not really|wrong|incorrect|not (?:right|correct|that)|don't|leave it|no to (?:all|both))[.! ]*$/i;

/** How a whole message or a line of it is meant; null where it says something of its own. */
export const moodOf = (said: string): 'yes' | 'no' | 'skip' | null => {
  const text = said.trim();
  return YES.test(text) ? 'yes' : NO.test(text) ? 'no' : SKIP.test(text) ? 'skip' : null;
};

const ORDINALS = ['first', 'second', 'third'];
const PLACE = String.raw`(?:the )?(?:(?:question|number|no\.?|point) )?#?(first|second|third|last|[1-3])(?: one| question)?(?![a-z\d])`;
const PLACES = String.raw`${PLACE}(?:(?:\s*,\s*|\s*(?:and|&|\+)\s*)${PLACE})*`;
const NUMBERED = new RegExp(String.raw`^\s*(?:to |on |for )?${PLACE}(?:\s*[:.)=-]|(?<=[a-z]),?|,)\s+(?=\S)(.+)$`, 'i');
const TOWARDS = new RegExp(
  String.raw`\b(yes|ok(?:ay)?|right|agreed|correct|no|not|nope|skip|wrong|leave out|drop)\b(?:,)?(?: (?:to|for|on|with|is))?\s+(${PLACES})(?=\s*(?:[,.;!]|$|\band\b|\bbut\b|\bno\b|\byes\b|\bskip\b|\bplease\b))`,
  'gi',
);
const BEHIND = new RegExp(
  String.raw`(?:^|[,;.]\s*|\band\s+|\bbut\s+)(${PLACES})\s*(?:[:=-]|\bis\b|\bare\b)?\s*(yes|ok(?:ay)?|right|fine|agreed|correct|no|wrong|skip|not)\b(?!,? (?:it|that|they|we|but|make|should|must|rather|only|more|less)\b)`,
  'gi',
);
const STARTS_WITH_PLACE = new RegExp(String.raw`^${PLACE}(?![a-z])`, 'i');
const ALL_BUT = new RegExp(
  String.raw`^(?:yes(?: to)?,? )?(?:all|everything|yes)(?: of them)? (?:but|except(?: for)?|apart from|other than) (${PLACES})[.! ]*$`,
  'i',
);
const ONLY = new RegExp(String.raw`^(?:yes,? )?(?:only|just) (${PLACES})[.! ]*$`, 'i');

/** The questions that some words name, from 0. */
const placesIn = (words: string, count: number): number[] =>
  [...words.matchAll(new RegExp(PLACE, 'gi'))].flatMap(([, place = '']) => {
    const low = place.toLowerCase();
    const question = low === 'last' ? count - 1 : ORDINALS.includes(low) ? ORDINALS.indexOf(low) : Number(low) - 1;
    return question >= 0 && question < count ? [question] : [];
  });

/** Reads a reply to so many questions; `null` where it speaks of none of them in particular. */
export function readReply(said: string, count: number): Reply | null {
  if (count === 0) return null;
  const mood = moodOf(said);
  const every = [...Array(count).keys()];
  if (mood !== null) return { verdicts: every.map((question) => ({ question, kind: mood, words: '' })), rest: '' };
  const but = ALL_BUT.exec(said.trim());
  const only = but ? null : ONLY.exec(said.trim());
  if (but ?? only) {
    const named = placesIn((but ?? only)?.[1] ?? '', count);
    return {
      verdicts: every.map((question) => ({ question, kind: named.includes(question) === (but === null) ? 'yes' : 'no', words: '' })),
      rest: '',
    };
  }
  return byLine(said, count);
}

function byLine(said: string, count: number): Reply | null {
  const lines = said
    .split('\n')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  const verdicts: Verdict[] = [];
  const rest: string[] = [];
  for (const [at, line] of lines.entries()) {
    const numbered = NUMBERED.exec(line);
    const [place] = numbered ? placesIn(line.slice(0, line.length - (numbered[2] ?? '').length), count) : [];
    const words = (numbered?.[2] ?? '').trim();
    const listed: Verdict[] = STARTS_WITH_PLACE.test(line) ? behind(line, count) : [...towards(line, count), ...behind(line, count)];
    if (listed.length > 0 && (listed.length > 1 || place === undefined || moodOf(words) !== null)) verdicts.push(...listed);
    else if (place !== undefined) verdicts.push({ question: place, kind: moodOf(words) ?? 'words', words });
    else if (lines.length === count && count > 1 && moodOf(line) !== null) verdicts.push({ question: at, kind: moodOf(line) ?? 'skip', words: '' });
    else rest.push(line);
  }
  return verdicts.length === 0 ? null : { verdicts, rest: rest.join('\n') };
}

const moodOfWord = (word: string): 'yes' | 'no' | 'skip' =>
  /^(?:no|not|nope|wrong|leave out|drop)$/i.test(word) ? 'no' : /^skip$/i.test(word) ? 'skip' : 'yes';

const towards = (line: string, count: number): Verdict[] =>
  [...line.matchAll(TOWARDS)].flatMap((hit) =>
    placesIn(hit[2] ?? '', count).map((question) => ({ question, kind: moodOfWord(hit[1] ?? ''), words: '' })),
  );

const behind = (line: string, count: number): Verdict[] =>
  [...line.matchAll(BEHIND)].flatMap((hit) =>
    placesIn(hit[1] ?? '', count).map((question) => ({ question, kind: moodOfWord(hit.at(-1) ?? ''), words: '' })),
  );
