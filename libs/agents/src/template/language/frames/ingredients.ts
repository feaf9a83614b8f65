import type { Entity, Field, RecordValue } from '#contracts';
import { DATED_TYPES, NUMERIC_TYPES } from '#contracts';
import type { Draft } from '../draft.js';
import { linksBetween, mentionsOf } from '../rule-words.js';
import type { Mention } from '../rule-words.js';
import { singular } from '../words.js';
import { rootsOf } from './roots.js';

/*
 * What is in a clause, whatever its order: the lists and fields that it names, and whether it forbids or demands something.
 * The frames ask which of these are there, and make rules of them.
 */

/** A clause with what it is about. */
export interface Clause {
  readonly draft: Draft;
  readonly text: string;
  /** The list of the heading, or of the sentences before. */
  readonly topic: Entity | null;
  readonly mentions: readonly Mention[];
  readonly force: Force | null;
}

/** `never`: it may not be; `always`: it has to be; `only`: it may be in this case alone. */
export type Force = 'never' | 'always' | 'only';

/** A field that some words name: where, and how surely (1: by all its telling words). */
export interface Named {
  readonly entity: Entity;
  readonly field: Field | RecordValue;
  readonly at: number;
  readonly end: number;
  readonly score: number;
}

const BOUNDED =
  /\b(?:no|not|never)(?: any)? (?:more|less|fewer|later|earlier|older|younger|longer|shorter|higher|lower|greater|larger|bigger|smaller|heavier|sooner) than\b/gi;
const NEVER =
  /\b(?:no|not|never|cannot|nobody|nothing|none|neither|nor|without|forbid\w*|refuse[sd]?|reject(?! )|stop|prevent\w*|block|avoid|impossible|illegal|nonsense|wrong|mistake|disallow\w*|against the rules|makes no sense)\b|\b(?:ca|is|are|was|were|do|does|did|has|have|must|should|could|would|wo|need)n['’]?t\b/i;
const ONLY = /\b(?:only|just|unless|exclusively|solely|except)\b/i;
const ALWAYS = /\b(?:must|has to|have to|had to|should|needs? to|shall|always|ought to|required?|mandatory|make sure|ensure|is to be|got to)\b/i;

/** What a clause demands; null where it only tells something. */
export function forceOf(text: string): Force | null {
  const plain = text.replace(BOUNDED, ' at most ').replace(/\bno (?:exceptions?|questions?|matter|problem|idea|doubt)\b/gi, ' ');
  if (NEVER.test(plain)) return 'never';
  return ONLY.test(plain) ? 'only' : ALWAYS.test(plain) ? 'always' : null;
}

/** What is in a clause. */
export const clauseOf = (draft: Draft, text: string, topic: Entity | null): Clause => ({
  draft,
  text,
  topic,
  mentions: mentionsOf(draft, text),
  force: forceOf(text),
});

/** The lists a clause may be about, the nearest first: those it names, that of its heading, those that are linked to these, the others. */
export function ownersOf({ draft, mentions, topic }: Clause): Entity[] {
  const named = [...mentions.map((one) => one.entity), ...(topic ? [topic] : []), ...(draft.last ? [draft.last] : [])];
  const linked = draft.schema.entities.filter((one) =>
    named.some((each) => linksBetween(one, each).length > 0 || linksBetween(each, one).length > 0),
  );
  return [...new Set([...named, ...linked, ...draft.schema.entities])];
}

const DULL =
  /^(?:date|time|day|days|the|of|on|at|is|was|when|it|they|number|timestamp|an?|in|how|what|which|for|this|that|i|we|has|have|been|did|per|each|and|or|to|by|nr|no)$/;

/** The words by which a field is known: without those that every field of its kind has, and those of its list. */
function tellingWords(entity: Entity, label: string): string[] {
  const words = label.toLowerCase().match(/[a-z]+/g) ?? [];
  const own = entity.label.split(' ');
  const telling = words.filter((word) => !DULL.test(word));
  const without = telling.filter((word) => !own.includes(singular(word)));
  if (without.length > 0) return without;
  return telling.length > 0 ? telling : words.slice(-1);
}

/** The fields and worked-out values of a list that a text names, the surest first; of the same sureness the first named. */
export function fieldsNamed(entity: Entity, text: string, types: readonly string[]): Named[] {
  const roots = rootsOf(text);
  const low = text.toLowerCase();
  return [...entity.fields, ...entity.values]
    .filter((field) => types.includes(field.type))
    .flatMap((field): Named[] => {
      const words = tellingWords(entity, field.label);
      const hits = words.flatMap((word) => {
        const own = rootsOf(word === 'to' ? 'until' : word);
        const hit = roots.find((one) => own.some((each) => each.root === one.root));
        return hit ? [hit] : [];
      });
      const whole = new RegExp(`(?<![\\w-])${field.label.toLowerCase().replace(/[^\w ]/g, '.')}(?![\\w-])`).exec(low);
      const spans = whole ? [{ at: whole.index, end: whole.index + whole[0].length }] : hits;
      if (spans.length === 0) return [];
      const score = (whole ? 1.2 : 0) + hits.length / words.length + words.length / 100;
      return [{ entity, field, at: Math.min(...spans.map((one) => one.at)), end: Math.max(...spans.map((one) => one.end)), score }];
    })
    .filter(({ score }) => score >= 0.5)
    .sort((a, b) => b.score - a.score || a.at - b.at);
}

export const NUMBERS: readonly string[] = NUMERIC_TYPES.filter((one) => one !== 'rating');
export const DAYS: readonly string[] = [...DATED_TYPES, 'time'];
