import type { Entity } from '#contracts';
import type { Passage } from '../document.js';
import { putField } from '../draft.js';
import type { Draft } from '../draft.js';
import { escaped, plural } from '../words.js';
import { senseOf } from './senses.js';

/*
 * Lists that nothing ties to the others: in a model of one trade every list has to do with another one. Which one, is said by the
 * sentences that speak of both, and by the senses: what happens, happens to somebody or something; things belong to people and places.
 */

/** Ties what stands apart to the rest, by the two lists that the text most speaks of together. */
export function linkLoose(draft: Draft, passages: readonly Passage[]): void {
  const { entities } = draft.schema;
  for (let parts = partsOf(entities), tries = entities.length; parts.length > 1 && tries > 0; parts = partsOf(entities), tries -= 1) {
    const pairs = parts
      .slice(1)
      .flatMap((part) =>
        part.flatMap((one) =>
          entities.filter((other) => !part.includes(other)).map((other) => ({ one, other, weight: togetherness(draft, one, other, passages) })),
        ),
      );
    const best = pairs.sort((a, b) => b.weight - a.weight)[0];
    if (!best || best.weight < 1) return;
    const [from, to] = owns(best.one, best.other) ? [best.other, best.one] : [best.one, best.other];
    draft.sentence = passages.find(({ text }) => speaksOf(text, from) && speaksOf(text, to))?.said ?? '';
    putField(draft, from, { label: to.label, type: 'reference', target: to.name });
  }
}

/** The lists in groups that links hold together, the largest first. */
function partsOf(entities: readonly Entity[]): Entity[][] {
  const parts: Entity[][] = [];
  for (const entity of entities) {
    const joined = parts.filter((part) => part.some((one) => pointsAt(one, entity) || pointsAt(entity, one)));
    for (const part of joined) parts.splice(parts.indexOf(part), 1);
    parts.push([...joined.flat(), entity]);
  }
  return parts.sort((a, b) => b.length - a.length);
}

const pointsAt = (one: Entity, other: Entity): boolean => one.fields.some((field) => field.target === other.name);

const forms = (entity: Entity): RegExp =>
  new RegExp(
    `\\b(?:${escaped(entity.label)}|${escaped(entity.label_plural)}|${escaped(plural(entity.label.split(' ').at(-1) ?? entity.label))})\\b`,
    'i',
  );

/** "books and members" says that there are both, and no more. */
const areListed = (text: string, one: Entity, other: Entity): boolean =>
  [
    [one, other],
    [other, one],
  ].some(([first, second]) =>
    first && second ? new RegExp(`${forms(first).source}(?:[\\s,;&+]|\\band\\b|\\bor\\b|\\bplus\\b)+${forms(second).source}`, 'i').test(text) : false,
  );

const speaksOf = (text: string, entity: Entity): boolean => forms(entity).test(text);

/** How much the sentences tie two lists: one that speaks of both, the more the closer ("books and members" only lists them); and what the senses make likely. */
function togetherness(draft: Draft, one: Entity, other: Entity, passages: readonly Passage[]): number {
  let weight = 0;
  for (const { text, topic } of passages) {
    if (!speaksOf(text, one) && !(topic !== null && forms(one).test(topic))) continue;
    if (!speaksOf(text, other)) continue;
    if (areListed(text, one, other)) continue;
    const gap = Math.abs(text.search(forms(one)) - text.search(forms(other)));
    weight += gap < 40 ? 1.2 : gap < 120 ? 0.8 : 0.4;
  }
  if (weight < 1) return 0;
  const happens = senseOf(one.label) === 'happening';
  const linked = draft.schema.entities.some((middle) => middle !== other && middle.fields.some((field) => field.target === other.name));
  return weight + (happens && senseOf(other.label) !== 'happening' ? 0.5 : 0) + (linked ? 0.2 : 0);
}

const RANK: Readonly<Partial<Record<string, number>>> = { happening: 0, words: 1, substance: 1, thing: 2, person: 3, group: 4, place: 4 };

/** Which of two is pointed at: the one that stays when the other comes and goes. */
const owns = (one: Entity, other: Entity): boolean => (RANK[senseOf(one.label) ?? 'thing'] ?? 2) > (RANK[senseOf(other.label) ?? 'thing'] ?? 2);
