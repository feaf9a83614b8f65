import type { Bound, Clause, Phrase } from './clauses.js';
import { parseClauses } from './clauses.js';

/*
 * What must, may not or need not be, brought to one form whatever words say it: "don't let us put more in", "it is not possible
 * that", "no doubling up", "never two alike", "we don't take anything over 20".
 */

/** A clause that sets a rule. */
export interface Norm extends Clause {
  /** `never`: it may not be; `always`: it has to be; `only`: it may be in this case alone. */
  readonly force: 'never' | 'always' | 'only';
}

type Rewriting = readonly [RegExp, string];

const PLAIN: readonly Rewriting[] = [
  [
    /\b(?:it|that) (?:is|should be|must be)(?:n't| not) (?:possible|allowed|permitted)(?: (?:that|to))? (?:for )?(?=(?:an?|the|one|two|any|no)\b)/gi,
    'never ',
  ],
  [/\b(?:it )?(?:is|are|should be|must be)(?:n't| not| never) (?:possible|allowed|permitted) (?:that|to)\b/gi, 'nobody can'],
  [
    /\b(?:please )?(?:don't|do not|never|must not|should not|shouldn't|mustn't|can't|won't|will not) (?:ever )?(?:let|allow|permit) (?:me|us|anyone|anybody|people|them|you|somebody|someone)(?: to)? /gi,
    'nobody can ',
  ],
  [/\b(?:don't|do not|never) (?:let|allow) ((?:an?|the|any|two) [a-z]+(?: [a-z]+)?) (?:to )?(?=[a-z]+ )/gi, '$1 cannot '],
  [/\b(?:stop|prevent|keep|warn) (?:me|us|anyone|anybody|people|them|you) (?:from )?(?=[a-z]+ing\b)/gi, 'nobody can be '],
  [/^(?:there )?(?:is|are|should be|must be|can be) no ([a-z]+ing)\b/gi, 'nobody can be $1'],
  [/^no ([a-z]+ing)(?: (?:up|out|off))?\b(?! (?:fee|cost|price|time|date))/gi, 'nobody can be $1'],
  [
    /\b(?:we|i|they|you) (?:don't|do not|never|won't|will not) (?:take|accept|have|do|give|allow|put|use|sell|lend|keep|send|book|buy)\b/gi,
    'nobody can take',
  ],
  [/\b(?:has|have) to be\b/gi, 'must be'],
  [/\banything (?=(?:over|above|under|below|more|less) )/gi, ''],
  [/\b(?:make sure|ensure|see to it|it must be (?:clear|certain)) (?:that )?/gi, ''],
  [/\b(?:i'm|we're|i am|we are) never to (?=[a-z]+ )/gi, 'nobody can '],
  [/\b(?:is|are) never to (?=[a-z]+ )/gi, 'can never '],
  [/\bhas got to\b|\bhave got to\b|'ve got to\b|\bis to be\b(?! (?:seen|found))/gi, 'must'],
  [/\b(?:never|not) ?<=? ?/gi, 'cannot be below '],
  [/\b(?:never|not) ?>=? ?/gi, 'cannot be above '],
  [/\b([a-z]+s?) = (?=(?:can't|cannot|not)\b)/gi, '$1 means it '],
];

/** A statement with what forbids something in the plainest words. */
export const plainNorm = (text: string): string => PLAIN.reduce((plain, [pattern, by]) => plain.replace(pattern, by), text);

/** The rules that a statement sets, in one form. */
export function normsIn(text: string): Norm[] {
  return parseClauses(plainNorm(text)).flatMap((clause): Norm[] => {
    const force = forceOf(clause);
    return force === null ? [] : [{ ...clause, force }];
  });
}

function forceOf({ verb, subject, object, modifiers, text }: Clause): Norm['force'] | null {
  if (subject?.quantifier === 'only' || /^only\b/i.test(text) || (verb?.modal === 'can' && /\bonly\b/i.test(text) && !verb.negated)) return 'only';
  if (verb === null) {
    if (/^(?:never|no|not)\b/i.test(text)) return 'never';
    return [object, ...modifiers.map((one) => one.phrase)].some((one) => isBound(one?.bound)) ? 'always' : null;
  }
  const commands = verb.modal !== null || /\b(?:never|nobody|no one|nothing|neither)\b/i.test(text) || subject?.quantifier === 'no';
  if (verb.negated) return commands || subject === null ? 'never' : /\bsame\b|\btwice\b/i.test(text) ? 'never' : null;
  if (/^(?:must|should|shall|need)$/.test(verb.modal ?? '')) return 'always';
  return [object, subject, ...modifiers.map((one) => one.phrase)].some((one) => /^at_/.test(one?.bound?.way ?? '') && one?.bound?.figure !== null)
    ? 'always'
    : null;
}

const isBound = (bound: Bound | null | undefined): boolean => bound !== null && bound !== undefined && bound.way !== 'exactly';

/** Every phrase of a clause with its place in it. */
export const phrasesOf = ({ subject, object, modifiers }: Clause): { readonly place: string; readonly phrase: Phrase }[] => [
  ...(subject ? [{ place: 'subject', phrase: subject }] : []),
  ...(object ? [{ place: 'object', phrase: object }] : []),
  ...modifiers.map(({ preposition, phrase }) => ({ place: preposition, phrase })),
];
