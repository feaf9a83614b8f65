import { baseOf } from './verbs.js';

/*
 * The many ways in which English gives somebody a right, brought to one: "only the manager can delete books".
 */

const WHO = String.raw`((?:the |our |an? )?[\w'-]+(?: [\w'-]+){0,3}?)`;
const NOBODY_BUT = /\b(?:nobody|no one|no-one|none)(?: else)?,? (?:(?:but|except|besides|beyond|other than|apart from|save|bar)(?: for)?|than) /gi;
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

/** A sentence about rights in plain forms. */
export const plainRights = (said: string): string =>
  said
    .split(/(?<=[,;] )(?=(?:but|and|while|whereas) )/)
    .map((part) =>
      REWRITINGS.reduce((text, [pattern, by]) => (typeof by === 'string' ? text.replace(pattern, by) : text.replace(pattern, by)), part).trim(),
    )
    .join(' ');
