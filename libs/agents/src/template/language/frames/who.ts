import nlp from 'compromise';
import type { Draft } from '../draft.js';
import { findEntity } from '../draft.js';
import { isPerson } from '../lexicon.js';
import { NO_DEED } from '../role-deeds.js';
import { actionsAtStart, isNobody, isOffice, roleNamed } from '../role-words.js';
import { agrees, baseOf, isVerb } from '../verbs.js';
import { isPlural, lowerWords, singular, snake } from '../words.js';
import { senseOf } from './senses.js';

/*
 * Who does something in a clause about rights: a role, several, whoever writes the text ("I"), or somebody by name.
 */

/** The people of a text. */
export interface People {
  /** Whom "I" means: what the person says they are, or else the owner. */
  readonly self: string;
  /** Names and short forms with the role that the text gives them: "SM (exams officer)", "the treasurer (me)". */
  readonly called: ReadonlyMap<string, string>;
  /** Of whom the sentence before spoke: what "they" means. */
  readonly before: readonly string[];
  readonly isRole: (name: string) => boolean;
  /** True for words that name a list of things. */
  readonly isThing: (words: string) => boolean;
}

/** Somebody at the beginning of a clause, and what follows. */
export interface Who {
  readonly roles: readonly string[];
  /** "only the clerk", "it is the clerk who", "the clerk alone": nobody else. */
  readonly alone: boolean;
  /** What they do, from the verb on. */
  readonly rest: string;
  /** Whoever writes the text. */
  readonly self: boolean;
}

const ME = /^(?:i|me|myself)$/i;
const ROLE = String.raw`((?:[a-z]+[ -]){0,2}[a-z]+)`;
const SELF: readonly RegExp[] = [
  new RegExp(String.raw`\b(?:I(?:'m| am)|am) (?:the |an? |your |our )?${ROLE} (?:of|at|in|on|for|to|and|here)\b`, 'i'),
  new RegExp(String.raw`\bI(?:'m| am) (?:the |an? |your |our )?${ROLE}\b`, 'i'),
  new RegExp(String.raw`\b${ROLE} \((?:(?:that's|that is|which is|i\.e\.?) )?me\)`, 'i'),
  new RegExp(String.raw`\b(?:I|me|myself) \((?:the |an? )?${ROLE}\)`, 'i'),
];

/** Whom "I" means in a text. */
function selfOf(text: string): string {
  for (const pattern of SELF) {
    const words = (pattern.exec(text)?.[1] ?? '').replace(/ (?:in|at|of|for|and|with|from|on|who|to|here)\b.*$/i, '').split(' ');
    for (let from = 0; from < words.length; from += 1) {
      const role = words.slice(from).join(' ');
      if (role !== '' && roleNamed(role) !== null && isPerson(singular(role.toLowerCase()))) return role.toLowerCase();
    }
  }
  return 'owner';
}

const NAMED: readonly RegExp[] = [
  /\b(?<name>[A-Z][\w]*(?: (?:and|&|\+) (?:I|[A-Z]\w*))?),? \((?:(?:our|the|an?|that's our|who is the) )?(?<role>[a-z]+(?: [a-z]+){0,2})\)/g,
  /\b(?<role>[a-z]+(?: [a-z]+)?) \((?:(?:that|which)(?: i|')s |i\.e\.? )?(?<name>[A-Z]\w+)\b/gi,
  /\b(?<name>[A-Z][a-z]+),? (?:is|who's|who is|she's|he's|our) (?:our |the )?(?<role>[a-z]+(?: [a-z]+)?)(?=[,.;]| and | who )/g,
];

/** What a text says of its people, found once. */
const told = new Map<string, Pick<People, 'self' | 'called'>>();

function namedIn(context: string): Pick<People, 'self' | 'called'> {
  const known = told.get(context);
  if (known) return known;
  if (told.size > 50) told.clear();
  const called = new Map<string, string>();
  for (const pattern of NAMED)
    for (const { groups = {} } of context.matchAll(pattern)) {
      const role = roleNamed(groups['role'] ?? '');
      const name = (groups['name'] ?? '').toLowerCase();
      if (role !== null && name !== role && !called.has(name) && roleNamed(name) === null) called.set(name, role);
    }
  const found = { self: selfOf(context), called };
  told.set(context, found);
  return found;
}

/** The people that a draft's text speaks of. */
export function peopleOf(draft: Draft): People {
  return {
    ...namedIn(draft.context),
    before: draft.duties.filter((one) => one.sentence === draft.duties.at(-1)?.sentence).map((one) => one.role.replace(/_/g, ' ')),
    isRole: (name) => draft.schema.auth.roles.some((one) => one.name === snake(name)),
    isThing: (words) => {
      const entity = findEntity(draft, words);
      return entity !== undefined && !isPerson(entity.label);
    },
  };
}

/** The roles that some words name: "clerks and the manager"; empty where one of them is none. `open`: any noun may be one. */
export function rolesIn(people: People, words: string, open: boolean): string[] {
  const bare = words
    .replace(/\b(?:only|alone|(?:him|her|them)sel(?:f|ves)|both|all)\b/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const whole = people.called.get(bare.toLowerCase());
  if (whole !== undefined) return [whole];
  const parts = bare.split(/\s*,\s*(?:and |or )?|\s+(?:and|or)\s+|\s*[&+/]\s*/).filter((one) => one !== '');
  const roles = parts.map((one) => roleOf(people, one, open));
  return roles.some((one) => one === null) ? [] : [...new Set(roles.filter((one) => one !== null))];
}

function roleOf(people: People, words: string, open: boolean): string | null {
  if (ME.test(words)) return people.self;
  const called = people.called.get(words.toLowerCase());
  if (called !== undefined) return called;
  const own = words.replace(/^(?:me|i|myself),? (?=(?:the|our) )/i, '').replace(/['’]s (?:people|staff|team|lot)$/i, '');
  if (NO_ROLE.test(own) || own.split(' ').some(isDone)) return null;
  const role = roleNamed(own);
  if (role !== null && (isOffice(role) || !people.isThing(role))) return role;
  const bare = singular(lowerWords(own.replace(/^(?:the|our|an?|each|every|all) /i, '')));
  if (people.isRole(bare)) return bare;
  if (NOBODY.test(bare) || isNobody(bare.slice(bare.lastIndexOf(' ') + 1)) || people.isThing(bare)) return null;
  if (senseOf(bare) === 'person' && bare.split(' ').length <= 3 && (open || isPlural(own) || /^(?:the|our|an?|each|every|all) /i.test(own)))
    return bare;
  return open && NOUN.test(bare) ? bare : null;
}

/** True for what is done rather than who does it: "enter", "released". */
const isDone = (word: string): boolean => /^[a-z]+ed$/i.test(word) || (actionsAtStart(word) !== null && !isOffice(singular(word.toLowerCase())));

const NO_ROLE =
  /(?<=. )(?:the|an?|my|his|her|their|its|per|me|it|them)\b|^(?:my|same|such|that|this|those|most|many|some|unless|if|as|than|per|whose|her|his|their|its|bigger|other|another|any|both|or|and|last|next|two)\b/i;

const NOUN = /^[a-z][a-z-]+(?: [a-z-]+){0,2}$/;
const NOBODY =
  /\b(?:the|an?|it|they|he|she|you|that|this|these|those|there|what|who|which|how|when|where|if|nobody|everybody|everyone|anyone|people|users?|app|system|no|one|of|in|at|on|for|to|by|with|from|list|day|days|week|month|year|today|nothing|anything|something|everything|never|always|please|also|other|others|else|rest|only|can|may|must|is|are|nor|neither)\b|'/i;

const MODAL =
  /^(?:can(?:not|'t)?|could|may|might|must(?:n't)?|should(?:n't)?|shall|will|won't|would|do(?:es)?(?:n't)?|never|not|need(?:s)? to|ha(?:s|ve) to|gets? to|ought(?:n't)? to|gets? (?:in|on)(?: too)?,? to)\b/i;
const BE =
  /^(?:is|are|'s|'re) (?:not )?(?:allowed|permitted|able|entitled|authori[sz]ed|supposed|free|responsible|in charge|read|view|look|the|[a-z]+ing)\b|^(?:has|have|gets?) (?:(?:an? |their )?(?:log-?ins?|accounts?|passwords?)|(?:no |full |read[- ]only )?access|the (?:right|last word))\b/i;
const LOGIN = /^(?:log|sign)s?[- ]?(?:in|on)\b/i;
const WHOLE = /^(?:everything|anything|the (?:lot|rest|whole lot)|all(?: of (?:it|them))?|nothing|(?:read|view|look)(?:ing)?[- ]only)\b/i;
const BETWEEN = /^(?:(?:only|just|alone|also|always|then|all|both|each|usually|normally|themselves|himself|herself|solely)\s+)+/i;

/** True for what can follow somebody who does something. */
export function isPredicate(who: string, words: string): boolean {
  const rest = words.replace(BETWEEN, '');
  if (/^[:=] ?\S/.test(rest) || LOGIN.test(rest) || MODAL.test(rest) || BE.test(rest) || WHOLE.test(rest)) return true;
  const verb = /^[a-z]+/i.exec(rest)?.[0] ?? '';
  if (verb === '' || /^(?:of|for|to|in|on|at|by|with|from|and|or|is|are|was|were|has|have|had|the|an?|who|that|which)$|..ed$/i.test(verb))
    return false;
  return (
    (actionsAtStart(rest) !== null || (isVerb(verb) && (!NO_DEED.test(baseOf(verb)) || /^signs? (?:for|off|out)\b/i.test(rest)))) &&
    agreesWith(who, rest)
  );
}

const agreesWith = (who: string, rest: string): boolean =>
  /\b(?:i|we|they|you|me)$/i.test(who) ? baseOf(/^[a-z]+/i.exec(rest)?.[0] ?? '') === /^[a-z]+/i.exec(rest)?.[0]?.toLowerCase() : agrees(who, rest);

/** Behind a colon: what somebody does, and no list of fields. */
const isTold = (words: string): boolean => WHOLE.test(words) || actionsAtStart(words.split(/,| and /)[0] ?? '') !== null;

/** "Ann everything", "Pete: look only": somebody by name, where nothing but a right can follow. */
function nameOpens({ called }: People, [name = '', ...words]: readonly string[], alone: boolean): Who | null {
  const plain = name.replace(/:$/, '');
  const rest = words.join(' ').replace(/^(?:can|may) (?:do )?/i, '');
  if (
    !/^[A-Z][a-z]+$/.test(plain) ||
    called.has(plain.toLowerCase()) ||
    !(WHOLE.test(rest) || (alone && isPredicate(plain, rest))) ||
    roleNamed(plain) !== null
  )
    return null;
  return nlp(plain).has('#Person') ? { roles: [plain.toLowerCase()], alone: false, rest, self: false } : null;
}

const FRONT = /^(?:(?:and|but|so|also|then|while|whereas|although|though|oh|well|plus|finally|of course)[, ]+)+/i;
const ONLY = /^(?:only(?: ever)?|just|solely|exclusively|(?:nobody|no one|no-one|none)(?: else)? (?:but|except|other than|besides|apart from)) /i;
const IT_IS = /^it(?:'?s| is) (?:only |just )?(.+?)(?:,? and (?:only|just) [^,]+?)?( alone| only)? (?:who|that|which) /i;
const SOLE =
  /^(.{2,40}?) (?:is|are|'s|being) the (?:(?:only|sole) )?(?:ones?|person|people|sole|only)?(?: (?:who|that|which|to|allowed to|can|may))+ /i;

/** Who does something at the beginning of a clause; null where nobody does. `open`: the text gives rights here, so any noun may be a role. */
export function whoOpens(people: People, clause: string, open: boolean): Who | null {
  const plain = clause.replace(FRONT, '').replace(IT_IS, 'only $1 ').replace(SOLE, 'only $1 can ');
  const alone = ONLY.test(plain);
  const words = plain.replace(ONLY, '').split(' ');
  const [they = '', ...behind] = words;
  if (
    /^(?:they|these|he|she|her|him|them)$/i.test(they) &&
    people.before.length > 0 &&
    isPredicate('they', behind.join(' ').replace(/^[a-z]+/i, baseOf))
  )
    return { roles: people.before, alone, rest: behind.join(' '), self: false };
  const named = nameOpens(people, words, alone);
  if (named) return { ...named, alone: alone || named.alone };
  for (const sure of open || alone ? [true, false] : [true]) {
    const counts = Array.from({ length: Math.min(sure ? 7 : 3, words.length - 1) }, (_, at) => at + 1);
    for (const count of sure ? counts.reverse() : counts) {
      const who = words
        .slice(0, count)
        .join(' ')
        .replace(/ ?[:=]$/, '');
      const marked = /[:=]$/.test(words[count - 1] ?? '') ? ': ' : '';
      const rest = `${marked}${words.slice(count).join(' ')}`;
      if (
        /[,;]$/.test(who) ||
        !isPredicate(who, rest) ||
        (marked !== '' && !open && !isTold(rest.slice(2))) ||
        (!sure && !open && actionsAtStart(rest.replace(MODAL, '').trim()) === null && (MODAL.test(rest) || count > 2))
      )
        continue;
      const roles = rolesIn(people, who, !sure);
      if (roles.length === 0) continue;
      const only = alone || /^alone\b/i.test(rest) || / alone$/i.test(who);
      return { roles, alone: only, rest: rest.replace(/^alone /i, ''), self: ME.test(who) };
    }
  }
  return null;
}
