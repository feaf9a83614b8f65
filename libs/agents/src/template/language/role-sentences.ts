import nlp from 'compromise';
import { isPerson } from './lexicon.js';
import { roleNamed } from './role-words.js';
import { singular } from './words.js';

/*
 * The many ways in which English gives somebody a right, brought to one: "only the manager can delete books".
 */

const WHO = String.raw`((?:the |our |an? )?[\w'-]+(?: [\w'-]+){0,3}?)`;
const NOBODY_BUT = /\b(?:nobody|no one|no-one|none)(?: else)?,? (?:(?:but|except|besides|beyond|other than|apart from|save|bar)(?: for)?|than) /gi;
const ACCESS_HEAD =
  /^(?:[\w' -]*\b(?:passwords?|log-?ins?|accounts?|access|users?|roles?|rights?|permissions?|who (?:can|may|uses|does|gets|has)\b[\w' -]*))\s*(?::|[-–—] | = )\s*/i;

type Rewriting = readonly [RegExp, string | ((...groups: string[]) => string)];

/** Each says the same as before, with `can`, `cannot` or `only ... can`. */
const REWRITINGS: readonly Rewriting[] = [
  [/\*\*|__/g, ''],
  [/\bDON'?T\b/gi, "don't"],
  [/,? (?:not even|and certainly not|certainly not|least of all) [\w' -]+$/i, ''],
  [NOBODY_BUT, 'only '],
  [/\b(?:also|then|usually|normally|naturally|themselves|himself|herself|myself|please|of course)\b(?= )(?! (?:the|their|his|her|an?) )/gi, ''],
  [/(?<=[a-z)])(?<!\b(?:the|is|are)) only (?=(?:one|ones|person|people) (?:who|that|to|allowed|with)\b)/gi, ' is the only '],
  [/\b(is|are) is\b/gi, '$1'],
  [/\bthe only (?:person|people|ones?) (?:allowed|permitted|entitled|able) to\b/gi, 'the only one who can'],
  [/\b(?:is|are|be|gets?|being) (?:allowed|permitted|entitled|authori[sz]ed|able|free|supposed|expected) to\b/gi, 'can'],
  [/\b(?:isn't|aren't|is not|are not|never) (?:allowed|permitted|entitled|authori[sz]ed|supposed) to\b/gi, 'cannot'],
  [/\b(?:has|have|had) (?:the )?(?:right|rights|permission|authority|power) to\b/gi, 'can'],
  [
    /\b(?:has|have) (?:the )?(?:full|complete|unlimited|unrestricted|total|all) (?:access|control|rights|permissions)(?: (?:to|over|on) (?:everything|it all|all of it|the (?:whole )?(?:app|system)))?\b/gi,
    'can do everything',
  ],
  [/\b(?:is|are) (?:the |an? )?(?:admin|administrator|superuser)s?\b(?! (?:who|that))/gi, 'can do everything'],
  [
    /\b(?:makes?|does|do|handles?|runs?|manages?) (?:all|everything|it all|the lot|all of it|whatever (?:else )?there is)( else)?(?=[,.;]| and |$)/gi,
    (_, other: string | undefined) => `can do everything${other ?? ''}`,
  ],
  [/\bdo(?:es)? (?:everything|all|anything) else\b/gi, 'can do everything else'],
  [/\b(?:has|have) (?:read[- ]only|view[- ]only|reading|viewing) (?:access|rights) (?:to|on|for|of)\b/gi, 'can only view'],
  [
    /\b(?:has|have) (?:read[- ]only|view[- ]only|reading|viewing) (?:access|rights)\b|\b(?:is|are) (?:read|view)[- ]only\b/gi,
    'can only view everything',
  ],
  [/\b(?:has|have|gets?) access to\b/gi, 'can see'],
  [
    /\b(?:has|have|gets?) no (?:access to|sight of|view of|business (?:seeing|in|with))\b|\b(?:don't|doesn't|do not|does not|never|must not|mustn't) (?:get to )?(?:see|view|have access to|look at)\b/gi,
    'cannot see',
  ],
  [/\b(?:but|and) (?:can)?not (?=(?:see|view|change|edit|alter|delete|remove|add|enter|touch|amend|read)\b)/gi, 'but cannot '],
  [/\b(?:without|but never) (?:being able to )?(chang|edit|alter|delet|remov|amend|touch)ing\b/gi, 'but cannot $1e'],
  [/\bcannot (?:alter|remov|amend|touch)e\b/gi, 'cannot change'],
  [/\b(?:is|are) (?:responsible for|in charge of|the ones? (?:for|doing)) (\w+)ing\b/gi, (_, stem) => `can ${baseOf(`${stem}ing`)}`],
  [/\b(?:is|are) (?:responsible for|in charge of)|\b(?:looks?|takes?) (?:after|care of)\b/gi, 'can manage'],
  [
    new RegExp(
      String.raw`^(\w+ing) (?:the |an? |our )?([\w' -]+?) (?:is|are|should be|must be|stays?|remains?) (?:(?:only )?(?:for|reserved (?:for|to)|restricted to|limited to|up to|left to|a matter for|down to|the (?:job|task|privilege) of)) ${WHO}(?: only| alone)?$`,
      'i',
    ),
    (_, verb, what, who) => `only ${who} can ${baseOf(verb)} ${what}`,
  ],
  [
    new RegExp(
      String.raw`^(\w+ing) (?:the |an? |our )?([\w' -]+?) (?:is|are) (?:only )?${WHO}'s? (?:job|task|business|privilege)(?: only| alone)?$`,
      'i',
    ),
    (_, verb, what, who) => `only ${who} can ${baseOf(verb)} ${what}`,
  ],
  [
    new RegExp(
      String.raw`^(?:but |and )?((?:the |an? |our |its |their )?[\w' -]{3,40}?),? only ${WHO} (can|may|must|should)(?: also)? (\w+)(?: it| them| that| those)?$`,
      'i',
    ),
    (_, what, who, may, verb) => `only ${who} ${may} ${verb} ${what}`,
  ],
  [
    new RegExp(
      String.raw`^(?:but |and )?(?:the |an? )?([\w' -]{3,40}?) (?:is|are|should be|must be|stays?) (?:hidden|kept|secret|invisible)(?: away)? (?:from|to|for) ${WHO}$`,
      'i',
    ),
    (_, what, who) => `${who} cannot see ${what}`,
  ],
  [
    new RegExp(
      String.raw`^(?:but |and )?(?:the |an? )?([\w' -]{3,40}?) (?:is|are|should be|must be) (?:only )?visible (?:only )?(?:to|for) ${WHO}(?: only| alone)?$`,
      'i',
    ),
    (_, what, who) => `only ${who} can see ${what}`,
  ],
  [/^(?:it's |it is )(?:only )?((?:the |our )?[\w'-]+(?: [\w'-]+)?) (?:alone )?(?:who|that) (?:can |may )?/i, 'only $1 can '],
  [/^((?:the |our )?[\w'-]+(?: [\w'-]+)?) alone (?=(?:can|may|must)\b)/i, 'only $1 '],
  [/\b(?:can|may|must|should|could) (can(?:not)?)\b/gi, '$1'],
  [/\s+/g, ' '],
];

/** A sentence about rights in plain forms; `self` is whom "I" means. */
export function plainRights(said: string, self: string): string {
  return said
    .replace(ACCESS_HEAD, '')
    .split(/(?<=[,;] )(?=(?:but|and|while|whereas) )/)
    .map((part) => {
      let text = part;
      for (const [pattern, by] of REWRITINGS) text = typeof by === 'string' ? text.replace(pattern, by) : text.replace(pattern, by);
      return text.trim();
    })
    .join(' ')
    .split(/(?<=[,;] )/)
    .map((part) => withModal(part.replace(/^(but |and )?(only |just )(?:I|me|myself|we)(?= \w)/i, `$1$2the ${self}`)))
    .join('');
}

/** "Only the clerk enters loans and closes them" has its modal: "only the clerk can enter loans and can close them". */
function withModal(clause: string): string {
  const [, opening = '', rest = ''] = /^((?:but |and |so |then )*(?:only|just) (?:the |our |an? )?)(.+)$/i.exec(clause) ?? [];
  const words = rest.split(' ');
  for (const count of [1, 2, 3, 4]) {
    const verb = words[count] ?? '';
    const who = words.slice(0, count).join(' ');
    if (verb === '' || /^(?:can|may|must|should|could|will|is|are|has|have|to|and|or|of|in|at|who|that|own)$/i.test(verb)) continue;
    if (!isVerb(verb) || roleNamed(who) === null) continue;
    if (/^(?:their|his|her|its|one|two|once|if|when|the|for|on|by|with|after|before|from)$/i.test(who)) return clause;
    const behind = words
      .slice(count + 1)
      .join(' ')
      .replace(/\band ([a-z]+s)\b(?= (?:the |an? |their )?[a-z]+)/gi, (whole, next: string) => (isFinite(next) ? `and can ${baseOf(next)}` : whole));
    return `${opening}${who} can ${baseOf(verb)} ${behind}`;
  }
  return clause;
}

/** Whether a word can be what somebody does to something. */
export const isVerb = (word: string): boolean =>
  /^[a-z]+$/i.test(word) && baseOf(word) !== '' && nlp(`they ${baseOf(word)} it`).has('#Pronoun #Verb #Pronoun');

/** `closes` is a verb here, `loans` hardly. */
const isFinite = (word: string): boolean => nlp(`he ${word} them`).has('#Pronoun #PresentTense') && !isPerson(singular(word));

/** `closes`, `closing`, `allocates` -> `close`, `allocate`. */
export function baseOf(verb: string): string {
  const low = verb.toLowerCase();
  const known = bases.get(low);
  if (known !== undefined) return known;
  const form =
    nlp(/ing$/.test(low) ? `they are ${low}` : `he ${low}`)
      .verbs()
      .toInfinitive()
      .text()
      .split(' ')
      .at(-1) ?? '';
  const base = form === '' || form === low ? low.replace(/(?:(?<=(?:ch|sh|ss|x|z))es|(?<=[a-z]{2})s)$/, '') : form;
  if (bases.size > 2_000) bases.clear();
  bases.set(low, base);
  return base;
}
const bases = new Map<string, string>();

/** Whom "I" means in a text: what the person says they are, or else the owner. */
export function selfOf(text: string): string {
  const said =
    /\bI(?:'m| am) (?:the |an? |your |our )?((?:[a-z]+ ){0,2}[a-z]+)\b/i.exec(text)?.[1] ??
    /\b([a-z]+(?: [a-z]+)?) \((?:that's|that is|which is) me\)/i.exec(text)?.[1];
  const words = (said ?? '').replace(/ (?:in|at|of|for|and|with|from|on|who|to|here)\b.*$/i, '');
  return words !== '' && roleNamed(words) !== null && isPerson(singular(words)) ? words.toLowerCase() : 'owner';
}

/** `release` -> `released`, `withdraw` -> `withdrawn`. */
export const participlesOf = (base: string): string[] => {
  const { PastTense, Participle } = (nlp(`he ${base}`).verbs().conjugate() as { PastTense?: string; Participle?: string }[])[0] ?? {};
  return [PastTense, Participle].flatMap((one) => (one === undefined || one === '' ? [] : [one.replace(/^he /, '')]));
};
