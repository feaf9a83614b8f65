import type { Operation } from './queries.js';

/*
 * How a question opens: what is worked out.
 */

export const OPENERS: readonly (readonly [Operation, RegExp])[] = [
  ['average', /\b(?:averages?|avarage|mean|on average|avg)\b(?: of)?/i],
  ['share', /(?:\b(?:percentage|percent|share|proportion|rate)\b|%)(?: of)?/i],
  ['count', /\bhow many times\b|\bhow often\b|\bnumber of times\b/i],
  ['count', /\b(?:how many|(?:the )?(?:total )?number of|(?:the )?count of|no\. of|(?:head ?)?counts?\b(?! me| on| it)|#(?= ?[a-z]))(?: of)?/i],
  [
    'sum',
    /\b(?:how much|(?:the )?(?:total|sum|sums|totals|overall|combined) (?:amount |sum )?(?:of )?|altogether|in total|added up|(?:a |the )?totals?(?= |$))/i,
  ],
];
const LEFT =
  /\b(?:(?:still )?(?:left|remaining|remains?|outstanding|unsold|rests?)|still (?:to (?:\w+)|owed?|owing|owes|open|available|free|has|have|due)|(?:has|have|is|are) (?:he |she |they |we |it )?still(?= |$)|remainder|(?:is|are) (?:still )?(?:left|free)|(?:places|spots|seats|spaces|slots|beds|room) (?:free|available|open)|(?:free|available|open|empty) (?:places|spots|seats|spaces|slots|beds)|balance(?: due)?)\b/i;

/** How the words open says what is worked out; "left" and "still owed" say that something is taken off. */
export function openerOf(rest: string): { operation: Operation | null; head: string } {
  const text = rest.replace(/\s+/g, ' ').trim();
  const found = OPENERS.find(([, pattern]) => pattern.test(text));
  const head = (found ? text.replace(found[1], ' ') : text)
    .replace(/^\s*(?:(?:a |the )?(?:list|lists|overview|chart|table|report) of|the|all|all the|any|a)\s+/i, '')
    .replace(/\s+/g, ' ')
    .trim();
  if (LEFT.test(text) && found?.[0] !== 'average') return { operation: 'left', head };
  if (found) return { operation: found[0], head };
  return {
    operation:
      /^(?:which|who|what(?:'s| is| are)?|whose|everything|anything|everyone|anyone|all|(?:an? |the )?list)\b/i.test(text) &&
      !/^what (?:each|every|\w+ (?:cost|spent|earned|took))/i.test(text)
        ? 'list'
        : null,
    head,
  };
}
