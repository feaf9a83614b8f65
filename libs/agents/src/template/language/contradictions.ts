import type { Passage } from './document.js';
import type { Contradiction, Draft } from './draft.js';
import { newDraft } from './draft.js';
import { FIGURE } from './figures.js';
import { openMatters } from './open-matters.js';
import { readRules } from './read-rules.js';
import { cardinalitiesOf } from './relations.js';
import { writeRule } from '../requirements/written-rules.js';
import { article, plural, singular } from './words.js';

/*
 * Two sentences that cannot both hold. The later one stands until the person says which is right; the other is not read.
 */

/** Finds the contradictions among the statements of a text, given the things that were found in it. */
export function contradictionsIn(draft: Draft, passages: readonly Passage[]): Contradiction[] {
  const found = [
    ...howMany(draft, passages),
    ...whoSees(passages),
    ...withoutException(passages),
    ...howManyAtMost(draft, passages),
    ...openMatters(passages),
  ];
  return found.filter((one, at) => found.findIndex((other) => other.about === one.about) === at);
}

/** "Every book has one author" and "a book may have several authors". */
function howMany(draft: Draft, passages: readonly Passage[]): Contradiction[] {
  const facts = cardinalitiesOf(draft, passages);
  return facts.flatMap((one) => {
    const other = facts.find((each) => each.from === one.from && each.to === one.to && each.many && !one.many && each.said !== one.said);
    if (!other) return [];
    const [first, second] = inOrder(passages, one.said, other.said);
    const thing = article(one.from.label);
    return [
      {
        about: `${one.from.name} ${one.to}`,
        sentences: [first, second] as const,
        question: `You wrote ${quoted(first)} and ${quoted(second)}. Can ${thing} have several ${plural(one.to)}, or exactly one ${one.to}?`,
        proposal:
          second === other.said ? `${capitalized(thing)} can have several ${plural(one.to)}.` : `${capitalized(thing)} has exactly one ${one.to}.`,
        sides: first === one.said ? [ONE, SEVERAL] : [SEVERAL, ONE],
        words: [one.from.label, one.to],
      },
    ];
  });
}

const ONE = '\\b(?:one|single|just the one)\\b';
const SEVERAL = '\\b(?:several|many|multiple|more than one|both|two or|any number|a few)\\b';
const OWN = '\\b(?:own|only theirs|theirs only|just theirs)\\b';
const ALL = '\\b(?:all|every|each|everyone|everything|everybody)\\b';

const SEES_OWN =
  /\b(?:the |all )?([a-z]+) (?:can |may |should |must )?(?:(?:only|just) (?:gets? to )?(?:see|view|read)s?|(?:see|view|read)s? (?:only|just)) (?:the )?(?:(?:their|his|her|its|your|my) own ([a-z]+)|([a-z]+)(?= (?:(?:that |which )?(?:you|they|he|she|we)(?:'re| are| is)|assigned to|of (?:their|your) own|(?:that |which )?concern|(?:that |which )?belong)))/i;
const SEES_ALL =
  /\b(?:(?:all|every|each|the|any) ([a-z]+)|(everyone|everybody|anyone|we all)) (?:can |may |should |must |could |to )?(?:also )?(?:see|view|read)s? (?:all|every|each|everyone's|everybody's|any)(?: of)?(?: the| other)? ([a-z]+)/i;

/** "Tenants only see their own repairs" and "all tenants can see every repair". */
function whoSees(passages: readonly Passage[]): Contradiction[] {
  const own = passages.flatMap(({ text, said }) => matchOf(SEES_OWN, text, said));
  const all = passages.flatMap(({ text, said }) => matchOf(SEES_ALL, text, said));
  return own.flatMap((one) => {
    const other = all.find(
      (each) => (each.who === one.who || ANYBODY.test(each.who) || ANYBODY.test(one.who)) && each.what === one.what && each.said !== one.said,
    );
    if (!other) return [];
    const [first, second] = inOrder(passages, one.said, other.said);
    return [
      {
        about: `${one.who} see ${one.what}`,
        sentences: [first, second] as const,
        question: `You wrote ${quoted(first)} and ${quoted(second)}. Should ${plural(one.who)} see only their own ${plural(one.what)}, or every ${one.what}?`,
        proposal:
          second === other.said
            ? `${capitalized(plural(one.who))} can see every ${one.what}.`
            : `${capitalized(plural(one.who))} can see only their own ${plural(one.what)}.`,
        sides: first === one.said ? [OWN, ALL] : [ALL, OWN],
        words: [one.who, one.what, 'see'],
      },
    ];
  });
}

const ANYBODY = /^(?:everyone|everybody|anyone|anybody|we all|you|they|people|person|user|one|we)$/i;

const matchOf = (pattern: RegExp, text: string, said: string): { who: string; what: string; said: string }[] => {
  const [who, what] = (pattern.exec(text) ?? []).slice(1).filter((one) => one);
  return who && what ? [{ who: singular(who.toLowerCase()), what: singular(what.toLowerCase()), said }] : [];
};

/** "A member may have at most 3 books" and "max 4 books per member". */
function howManyAtMost(draft: Draft, passages: readonly Passage[]): Contradiction[] {
  const likely = passages.filter(({ text, section }) => section !== 'results' && AT_MOST.test(text));
  const limits = (likely.length > 1 ? likely : []).flatMap(({ text, said }) =>
    limitsIn(draft, text).map((limit) => ({ ...limit, said, thing: thingCounted(text) })),
  );
  return limits.flatMap((one, at) => {
    const other = limits.slice(at + 1).find((each) => each.about === one.about && each.thing === one.thing && each.figure !== one.figure);
    if (!other) return [];
    return [
      {
        about: one.about,
        sentences: [one.said, other.said] as const,
        question: `You wrote ${quoted(one.said)} and ${quoted(other.said)}. How many ${one.about} may there be: ${one.figure} or ${other.figure}?`,
        proposal: `${capitalized(other.said)}.`,
        sides: [`\\b(?:${one.figure}|${inWords(one.figure)})\\b`, `\\b(?:${other.figure}|${inWords(other.figure)})\\b`] as const,
        words: one.about.toLowerCase().match(/[a-z]{4,}/g) ?? [],
      },
    ];
  });
}

const AT_MOST = /\b(?:most|max\w*|limit\w*|(?:more|over) than|up to|only|just)\b/i;

/** What stands behind the first figure: "at most 3 tools" counts tools. */
const thingCounted = (text: string): string => singular(COUNTED.exec(text)?.[2]?.toLowerCase() ?? '');
const COUNTED = new RegExp(`\\b${FIGURE} (?:open |different |new )?([a-z-]+)`, 'i');

/** The limits that a statement sets by itself: how many of what ("loans per member"), whatever state they have to be in. */
function limitsIn({ schema }: Draft, text: string): { figure: string; about: string }[] {
  const bare = { ...schema, entities: schema.entities.map((entity) => ({ ...entity, rules: [] })) };
  const trial: Draft = { ...newDraft(bare), exact: false };
  if (!readRules(trial, text, null)) return [];
  return trial.schema.entities.flatMap((entity) =>
    entity.rules.flatMap((rule) => {
      const written = rule.kind === 'limit' ? writeRule(trial.schema, entity, { ...rule, where: [] }) : '';
      const [, figure, about] = /^There may be at most (\d+) (.+)\.$/.exec(written) ?? [];
      return figure === undefined || about === undefined ? [] : [{ figure, about }];
    }),
  );
}

const inWords = (figure: string): string =>
  ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'][Number(figure)] ?? figure;

const ALWAYS =
  /\b(?:all|every|each|everyone|everybody|always)\b.*\b(?:without (?:any )?exceptions?|always|no exceptions?|in every case|at all times|must|have to|has to)\b|\bwithout (?:any )?exceptions?\b/i;
const EXCEPT =
  /\b(?:free of|free from|exempt from|except|do not|don't|doesn't|does not|need not|needn't|not|no) (?:(?:have to|need to|be|any|to) )*([a-z]{4,})/gi;

/** "Regular hirers get the hall free of charge" and "All bookings are charged without exception". */
function withoutException(passages: readonly Passage[]): Contradiction[] {
  return passages.flatMap(({ text, said }) => {
    if (!ALWAYS.test(text)) return [];
    const stems = (text.toLowerCase().match(/[a-z]{4,}/g) ?? []).map(stemOf);
    const other = passages.find(
      (each) =>
        each.said !== said && !ALWAYS.test(each.text) && [...each.text.matchAll(EXCEPT)].some((match) => stems.includes(stemOf(match[1] ?? ''))),
    );
    if (!other) return [];
    const [first, second] = inOrder(passages, said, other.said);
    const shared = [...other.text.matchAll(EXCEPT)].map((match) => match[1] ?? '').find((word) => stems.includes(stemOf(word))) ?? '';
    const sides: [string, string] = [`${ALL}|\\balways\\b|\\bno exceptions?\\b`, '\\b(?:free|not|exempt|except|stays?|exception)\\b'];
    return [
      {
        about: `always ${stemOf(shared)}`,
        sentences: [first, second] as const,
        question: `You wrote ${quoted(first)} and ${quoted(second)}. These cannot both hold: which is right?`,
        proposal: `${capitalized(second)}.`,
        sides: first === said ? sides : ([sides[1], sides[0]] as [string, string]),
        words: [shared, stemOf(shared)],
      },
    ];
  });
}

const stemOf = (word: string): string => word.toLowerCase().replace(/(?:ing|ed|es|e|s)$/, '');

const inOrder = (passages: readonly Passage[], one: string, other: string): [string, string] => {
  const at = (said: string): number => passages.findIndex((passage) => passage.said === said);
  return at(one) <= at(other) ? [one, other] : [other, one];
};

const quoted = (said: string): string => `"${said.length > 200 ? `${said.slice(0, 200)}...` : said}"`;
const capitalized = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Which of the two sentences an answer chooses: 0 or 1; null where it says neither. */
export function sideOf({ sides, sentences, proposal }: Contradiction, answer: string): 0 | 1 | null {
  const text = answer.toLowerCase();
  if (text.includes(proposal.toLowerCase().replace(/\.$/, ''))) return 1;
  for (const side of [0, 1] as const) if (text.includes(sentences[side].toLowerCase())) return side;
  if (/^(?:the )?(?:first|former|one before)\b/.test(text)) return 0;
  if (/^(?:the )?(?:second|latter|last|later)\b/.test(text)) return 1;
  const [first, second] = sides.map((side) => text.search(new RegExp(side, 'i'))) as [number, number];
  if (first < 0 && second < 0) return null;
  if (first < 0) return 1;
  return second < 0 || first < second ? 0 : 1;
}
