import type { Passage } from './document.js';
import type { Draft } from './draft.js';
import { fieldSentence } from './field-sentence.js';
import { focusOf } from './frames/focus.js';
import { isBetter, restated } from './frames/restate.js';
import type { FieldSentence } from './heads.js';
import { purposeOf } from './purpose.js';
import { readOutline } from './read-outline.js';
import { clausesOf } from './sentences.js';

/*
 * What of each statement is to be read, and what the text is about there.
 */

/** A clause to be read; `framed` where its ingredients say more than the shape of its sentence. */
export interface Clause {
  readonly passage: Passage;
  readonly clause: string;
  readonly framed: FieldSentence | null;
  /** What the text is about here. */
  readonly focus: string | null;
}

/** The clauses of the passages. Where the ingredients of a passage account for more than its clauses do, they are its statements. */
export function clausesIn(draft: Draft, passages: readonly Passage[]): Clause[] {
  let focus: string | null = null;
  let topic: string | null = null;
  let headed = false;
  const shaped = new Map<string, readonly FieldSentence[]>();
  return passages.flatMap((passage) => {
    if (passage.topic !== topic) focus = topic = passage.topic;
    const clauses = clausesOf(passage.text);
    const purpose = passage.section === null ? purposeOf(passage.text) : 'result';
    const asWritten = (about: string | null): Clause[] => clauses.map((clause) => ({ passage, clause, framed: null, focus: about }));
    if (draft.exact || (purpose !== null && purpose !== 'rule')) return asWritten(null);
    const known = shaped.get(passage.text) ?? clauses.flatMap((clause) => fieldSentence(draft, clause) ?? []);
    shaped.set(passage.text, known);
    const found = restated(draft, passage.text, focus, headed && focus !== null);
    headed = passage.text.split(' ').length <= 3;
    const enumerated =
      known.length === 0 &&
      found.length > 0 &&
      !passage.text.includes(':') &&
      clauses.some((clause) => readOutline(draft, clause, new Set()) !== null);
    const better = !enumerated && isBetter(found, known, focus);
    const about = focus;
    focus = focusOf(draft, passage, better ? found : known) ?? focus;
    return better ? found.map((framed) => ({ passage, clause: passage.text, framed, focus })) : asWritten(about);
  });
}
