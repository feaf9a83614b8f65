import { readDocument } from './document.js';
import type { Draft } from './draft.js';
import { guessRights } from './guess-rights.js';
import { purposeOf } from './purpose.js';
import { mattersOf } from './read-behaviour.js';
import type { Matter } from './read-behaviour.js';

/*
 * What is open in a text: statements that were not read and have a likely meaning, in controlled English, for a person to confirm;
 * and those that ask for something and have none.
 */

/** A statement as it was written, and as it was read: spelled out, and without what cannot be built. */
export interface Statement {
  readonly said: string;
  readonly text: string;
}

export interface Proposal extends Statement {
  readonly sentences: readonly string[];
}

export interface Open {
  readonly proposals: readonly Proposal[];
  /** Statements that ask for something and have no reading at all. */
  readonly unread: readonly Statement[];
}

/** What was proposed already, and the statements that are left. */
export interface Dealt {
  readonly proposed: readonly Proposal[];
  readonly left: ReadonlySet<string>;
}

/** What is open in these texts; what a person has dealt with is not proposed again. */
export function openIn(draft: Draft, texts: readonly string[], dealt: Dealt): Open {
  const dropped = new Set(draft.contradictions.flatMap((one) => one.sentences));
  const passages = texts.flatMap((text) => readDocument(text)).filter((one) => !dropped.has(one.said));
  const built = new Set([...draft.sources].filter(([key]) => !key.startsWith('computed.')).map(([, said]) => said));
  const proposals: Proposal[] = [];
  const unread: Statement[] = [];
  for (const matter of mattersOf(draft, passages)) {
    const { said, text } = matter;
    if (built.has(said) || dealt.left.has(said) || dealt.proposed.some((one) => one.said === said)) continue;
    const known = [...dealt.proposed, ...proposals].map((one) => one.sentences.join(' '));
    const sentences = guessFor(draft, matter);
    if (sentences && !known.includes(sentences.join(' '))) proposals.push({ said, text, sentences });
    else if (asks(matter) && isUnclear(draft, matter) && !unread.some((one) => one.said === said)) unread.push({ said, text });
  }
  return { proposals, unread };
}

function guessFor(draft: Draft, { clauses, topic, section }: Matter): readonly string[] | null {
  if (section === 'results') return null;
  for (const clause of clauses.filter((one) => one.includes(' ') && !['result', 'aside'].includes(purposeOf(one) ?? ''))) {
    const sentences = guessRights(draft, clause, topic);
    if (sentences) return sentences;
  }
  return null;
}

/** True for a statement that wants something, and is long enough to say what. */
const asks = ({ text }: Pick<Matter, 'text'>): boolean => text.split(' ').length >= 4 && !['aside', null].includes(purposeOf(text));

const isUnclear = (draft: Draft, { text, said }: Pick<Matter, 'text' | 'said'>): boolean =>
  draft.unclear.some((one) => text.includes(one) || one.includes(text) || said.includes(one));
