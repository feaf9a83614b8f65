import { actionsAtStart, roleNamed } from '../role-words.js';
import { agrees, baseOf, isVerb } from '../verbs.js';
import { isPlural } from '../words.js';
import { rolesIn, whoOpens } from './who.js';
import type { People } from './who.js';

/*
 * The rights that a statement gives, by what is in it: somebody, what they do, and words that keep others out or them in. "Clerks take
 * in the batches and can't see payouts" gives two: somebody is carried on to the next verb.
 */

/** What somebody may or may not do. */
export interface Right {
  readonly roles: readonly string[];
  /** The verb and what it is done to: "enter loans", "everything". */
  readonly deed: string;
  /** Nobody else may. */
  readonly alone: boolean;
  /** They may not. */
  readonly not: boolean;
  /** They may do nothing else. */
  readonly nothingElse: boolean;
  /** True where the words can only mean a right; else it is one among others of its kind. */
  readonly sure: boolean;
  /** True for "releasing is for the clerk": the deed stands in front, and is no verb with its object. */
  readonly passive: boolean;
}

type Open = { -readonly [Key in keyof Right]: Right[Key] };

const CUT =
  /(\s*;\s*|\s*,\s*(?:(?:and|but|or|while|whereas|although|though|so|plus|\+|&)\s+)?|\s+(?:and|but|while|whereas|although|though|\+|&)\s+|\s+[-–—]+\s+)/i;
const HEAD =
  /^(?:as (?:to|for|regards) )?(?:the )?(?:(?:people|persons|users?)(?: with (?:an? )?passwords?)?|access|who(?: does what| may do what| can do what)?|rights|roles?|log-?ins?|permissions|authority|security|(?:enter|log in|sign in|access) with (?:an? )?passwords?)\s*(?::|\.|=|[-–—])\s*(?=\S)/i;
const RELATIVE = /^((?:[\w-]+ ){0,2}[\w-]+),? who [^,]{3,40}?,? (?=(?:is|are) the (?:only |sole )?(?:ones?|person|people)\b)/i;
/** "Jean and I (the office)": the role of those who are named. */
const BY_NAME = /\b[\w'-]+(?: (?:and|&|\+) [\w'-]+)? \((?:the |our )?([a-z]+(?: [a-z]+)?)\)/gi;
const ENTERS = /\b(?:can )?(?:log|sign|get)s?[- ]?(?:in|on)(?: too)?(?:,? and|,? to)(?: they)? (?=(?!the\b|our\b|it\b)[a-z])/i;
const OTHERS =
  /^(?:and |but )?(?:(?:by |to )?(?:nobody|no one|no-one|none) else|(?:he|she|they|him|her|them) (?:only|alone)|only (?:he|she|they|him|her|them))\b/i;
const NOTHING_ELSE = /^(?:and |but )?(?:(?:nothing|not|no) (?:else|more|other|beyond|further)\b.*|that's (?:it|all)|no more)$/i;
const NEGATED = /^(?:[a-z]+ )?(?:\S*n['’]t|not|never|cannot|neither)\b/i;
const HELP =
  /^(?:(?:can(?:not|'t)?|could|may|might|must(?:n't| not)?|should(?:n't)?|shall|will|won't|would|do(?:es)?(?:n't| not)|never|not|also|only|just|always|then|usually|normally|even|be able to|is able to|(?:is|are) (?:allowed|permitted|entitled|free) to|(?:needs?|ha(?:s|ve)|gets?|ought|wants?) to|(?:can )?(?:log|sign)s?[- ]?(?:in|on)(?:,? and| to)|gets? in(?: too)?,? to|themselves|himself|herself|please)\s+)+/i;
const RESTRICTED =
  /\b(?:their|his|her|its|your) own\b|\bown ones?\b|\b(?:assigned|given|belonging) to (?:them|him|her)\b|\bonly\b|\balone\b|\b(?:read|view|look)[- ]only\b|\beverything\b|\banything\b|\bthe (?:lot|rest)\b|\b(?:sees?|reads?|views?) all\b|\ball of it\b|\bnothing\b|\blog(?:s)?[- ]?(?:in|on)s?\b|\bsign(?:s)?[- ]?in\b|\bpasswords?\b|\bin charge\b|\b(?:is|are) (?:allowed|permitted|entitled)\b|\baccess\b/i;
const VIEW =
  /\b(?:see|sees|view|views|read|reads|look|looks|change|changes|edit|edits|alter|alters|delete|deletes|touch|touches|add|adds|enter|enters)\b/i;

/** All of it, or nothing: "everything", "do the rest", "alters none of it". */
export const EVERYTHING =
  /^(?:(?:can|may|do(?:es)?|manages?|handles?|runs?|sees?|views?|reads?|enters?|changes?|edits?|alters?|adds?|deletes?|removes?|maintains?|looks? after|puts? in|keys? in|access|has|have) )*(?:(?:in|at) )?(?:everything|anything|whatever|all|it all|(?:any|all|none) of (?:it|them|this)|the (?:whole )?(?:lot|rest|show|place)|nothing|things|stuff|records)(?: else)?\b(?! (?:the |of |our |their )*(?!else|at|in|but|and|wants|needs)[a-z])/i;

/** The rights that a statement gives. `open`: it stands where rights are given, so that any noun may be a role. */
export function rightsIn(people: People, said: string, open: boolean): Right[] {
  const headed = open || HEAD.test(said);
  const text = said
    .replace(HEAD, '')
    .replace(BY_NAME, (whole, role: string) => (roleNamed(role) === null ? whole : role))
    .replace(/\((?!or |and )[^()]*\)/g, ' ')
    .replace(/["“”]/g, '')
    .replace(/\s+/g, ' ')
    .replace(RELATIVE, '$1 ')
    .replace(ENTERS, 'can ')
    .trim();
  const entered = headed || ENTERS.test(said);
  const pieces = text.split(CUT);
  const rights: Open[] = [];
  let waiting: string[] = [];
  for (let at = 0; at < pieces.length; at += 2) {
    const piece = (pieces[at] ?? '').trim();
    const cut = pieces[at - 1] ?? '';
    const last = rights.at(-1);
    if (piece === '') continue;
    if (last && OTHERS.test(piece)) {
      last.alone = true;
      last.sure = true;
      continue;
    }
    if (last && NOTHING_ELSE.test(piece)) {
      for (const one of rights.filter((each) => each.roles === last.roles)) Object.assign(one, { nothingElse: true, sure: true });
      continue;
    }
    const known = { ...people, before: last?.roles ?? people.before };
    const together = waiting.length > 0 && /\band\b|[&+]/i.test(cut) ? whoOpens(known, `${waiting.join(' and ')} and ${piece}`, headed) : null;
    const who = together ?? whoOpens(known, piece, headed || waiting.length > 0);
    if (
      who &&
      /^(?:(?:can(?:not|'t)?|don't|doesn't|do not|never|may not|must not|will|be) )*(?:(?:log|sign|get|come)s?[- ]?(?:in|on)\b(?= |$)(?<=(?:not|n't|never) .*)|us(?:es?|ing) it)/i.test(
        who.rest,
      )
    )
      continue;
    if (who?.self && !who.alone && !EVERYTHING.test(who.rest)) continue;
    if (who) {
      const roles = [...new Set([...waiting, ...who.roles])];
      rights.push(rightOf(roles, who.rest, who.alone, null));
      waiting = [];
      continue;
    }
    const behind = who === null ? reserved(people, piece, headed) : null;
    if (behind) {
      rights.push(behind);
      continue;
    }
    const dashed = /^\s+[-–—]+\s+$/.test(pieces[at + 1] ?? '');
    const bare = dashed && whoOpens(people, pieces[at + 2] ?? '', false) !== null ? [] : rolesIn(people, piece, headed && dashed);
    if (bare.length > 0 && (last === undefined || dashed || whoOpens(people, pieces[at + 2] ?? '', headed) !== null)) {
      waiting = [...waiting, ...bare];
      if (!dashed) continue;
      rights.push(rightOf(waiting, `: ${pieces[at + 2] ?? ''}`, false, null));
      waiting = [];
      at += 2;
      continue;
    }
    if (!last || last.passive || /^(?:we|i|it|he|she|this|that)\b/i.test(piece)) continue;
    const goesOn = opensDeed(piece, last);
    if (goesOn && !last.deed.includes(' ') && actionsAtStart(last.deed) !== null) last.deed += ` and ${piece.replace(/^(?:can|may) /i, '')}`;
    else if (goesOn) rights.push(rightOf(last.roles, piece, last.alone && !/but|while|whereas/.test(cut) && !NEGATED.test(piece), last));
    else last.deed += `${cut}${piece}`;
  }
  if (waiting.length > 0 && headed) rights.push(rightOf(waiting, 'log in', false, null));
  const deeds = rights.filter(({ deed }) => EVERYTHING.test(deed) || ACCOUNT.test(deed) || !STATE.test(baseOf(/^[a-z]+/i.exec(deed)?.[0] ?? '')));
  return deeds.map((one) => ({ ...one, sure: entered || one.sure || one.alone || RESTRICTED.test(one.deed) || (one.not && VIEW.test(one.deed)) }));
}

/** What somebody is or has, and does not do. */
const ACCOUNT = /\b(?:log-?ins?|accounts?|passwords?|access|rights?)\b/i;
const STATE = /^(?:be|have|need|want|belong|like|know|earn|cost)$/;

/** Whether a piece goes on with another verb of the one before: "and close them", "but not the money", "cannot delete". */
function opensDeed(piece: string, last: Right): boolean {
  if (/^(?:also |only |just )*(?:can|may|must|should|cannot|do|does|never|not|no|will)(?:n't|'t)?\b/i.test(piece)) return true;
  if (SOLE.test(piece)) return true;
  const verb = /^(?:also |only |then |just )*([a-z]+)/i.exec(piece)?.[1] ?? '';
  if (actionsAtStart(piece.replace(/^(?:also |only |then |just )+/i, '')) === null && !isVerb(verb)) return false;
  const before = /^[a-z]+/i.exec(last.deed)?.[0] ?? '';
  if (verb === piece && last.deed.includes(' ') && isPlural(verb) && actionsAtStart(verb) === null) return false;
  return /s$/.test(before) === /s$/.test(verb) && agrees('they', before) === agrees('they', verb);
}

const SOLE = /^(?:is|are) the (?:only|sole) (?:ones?|person|people)?(?: ?(?:who|that|to|allowed to|can|may))+ /i;

function rightOf(roles: readonly string[], words: string, alone: boolean, before: Right | null): Open {
  const sole = SOLE.test(words);
  const told = words
    .replace(/^[:=] ?/, '')
    .replace(SOLE, '')
    .trim();
  const help = HELP.exec(told)?.[0] ?? '';
  const rest = told
    .slice(help.length)
    .replace(/^(?:is|are) ([a-z]+ing)\b/i, (_, gerund: string) => baseOf(gerund))
    .trim();
  const noun = before !== null && /^(?:not|no|never)\b/i.test(told) && actionsAtStart(rest) === null && !isVerb(/^[a-z]+/i.exec(rest)?.[0] ?? '');
  const negated = /\b(?:not|never|cannot)\b|n['’]t\b/i.test(help) || /^(?:no|nothing|none of)\b/i.test(rest) || noun;
  return {
    roles,
    deed: noun ? `see ${rest.replace(/^no /i, '')}` : rest,
    alone: alone || sole || /,? (?:alone|(?:and )?(?:nobody|no one) else)$/i.test(rest),
    not: negated,
    nothingElse: /\b(?:only|just)\b/i.test(help) || /^[a-z]+ only\b/i.test(rest) || /\bonly$/i.test(rest),
    passive: false,
    sure:
      sole ||
      /\b(?:only|just|cannot|can't|may not|must not|mustn't)\b|\b(?:log|sign|get)s?[- ]?(?:in|on)\b/i.test(help) ||
      /^(?:is|are) (?:allowed|permitted|entitled)/i.test(told) ||
      (/\b(?:can|may)\b/i.test(help) && /^(?:see|view|look at|read)\b/i.test(rest)),
  };
}

const KEPT =
  /\b(?:only|just|alone|sole(?:ly)?|exclusively|strictly|reserved|restricted|limited|job|task|business|privilege|discretion|matter|thing|left|up|has to|have to|had to|must|hidden|kept|invisible|visible)\b/i;

/** "Release is reserved to the microbiologist", "prices are only set by managers", "discount is me alone". */
function reserved(people: People, text: string, open: boolean): Right | null {
  const bare = text.replace(/ (?:b4|before|when|if|until|once|after) .*$/i, '');
  const preps = [...bare.matchAll(/\b(?:by|for|to|of|with|from|is|are|it's)\b (?:only |just |solely )?/gi)].reverse();
  for (const prep of preps) {
    const tail = bare.slice(prep.index + prep[0].length).replace(/ (?:to [a-z]+(?: [a-z]+)?)$/i, '');
    const head = bare.slice(0, prep.index).trim();
    const roles = tail.split(' ').length <= 5 ? rolesIn(people, tail, open && /reserved|only/i.test(head)) : [];
    if (roles.length === 0 || head === '' || whoOpens(people, head, false) !== null) continue;
    const word = prep[0].trim().split(' ')[0] ?? '';
    const alone = /^it's$/i.test(word) || / (?:only|alone|just)\b/i.test(` ${tail} ${prep[0]}`) || KEPT.test(head.split(' ').slice(-6).join(' '));
    const linked = /^(?:is|are|it's)$/i.test(word);
    if (!alone || (linked && !/(?:only|just|alone|it's)/i.test(bare.slice(prep.index)))) return null;
    const hidden = /\b(?:hidden|kept|invisible|secret)\b/i.test(head);
    return { roles, deed: head, alone: !hidden, not: hidden, nothingElse: false, sure: true, passive: true };
  }
  return null;
}
