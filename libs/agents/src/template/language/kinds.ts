import { findEntity } from './draft.js';
import type { Draft } from './draft.js';
import type { FieldSentence } from './heads.js';
import { splitItems } from './split-items.js';
import { snake, singular } from './words.js';

/*
 * Things that are kinds of another one: a loco, of "Items: name, kind (loco, coach)", is an item.
 */

const keyOf = (noun: string): string => snake(singular(noun));

/** Remembers which values are kinds of what: `loco`, of "Items: name, kind (loco, coach)", is an item. */
export function noteKinds(kinds: Map<string, string>, described: readonly (FieldSentence | null)[]): void {
  for (const one of described) {
    if (typeof one?.noun !== 'string' || one.noun === 'it') continue;
    const values = [...one.list.matchAll(/\b(?:kind|type|category|class|sort) \(([^()]+)\)/gi)].flatMap((match) =>
      splitItems((match[1] ?? '').replace(/\s+or\s+|\//g, ', ')),
    );
    for (const value of values) if (/^[a-z]+$/i.test(value)) kinds.set(keyOf(value), one.noun);
  }
}

/** "Locos also have an address", where a loco is a kind of item: what only some items have. */
export function ofKind(draft: Draft, kinds: ReadonlyMap<string, string>, found: FieldSentence): FieldSentence {
  const whole = typeof found.noun === 'string' && !findEntity(draft, found.noun) ? kinds.get(keyOf(found.noun)) : undefined;
  if (whole === undefined) return found;
  const list = splitItems(found.list).map((item) => `${item}, optional`);
  return { ...found, noun: whole, list: list.join(', '), complete: false };
}
