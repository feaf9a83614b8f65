import type { Entity } from '#contracts';
import { NUMERIC_TYPES } from '#contracts';
import { putValue } from './behaviour.js';
import { findEntity } from './draft.js';
import type { Draft } from './draft.js';
import { isPerson } from './lexicon.js';
import { daysIn, on, putList, targetLabel } from './lists.js';
import { readDatedLists } from './read-dated-lists.js';
import { FIGURE, figureOf } from './figures.js';
import { fieldIn, linksBetween, mentionsOf, openConditions } from './rule-words.js';
import { singular } from './words.js';

/*
 * Lists in plain words: "today's pick-ups", "what's due back today", "loans ending within sixty days", "open for more than 7
 * days", "not inspected in the last 12 months", "kids with no class", "fewer than 10 left", "top 10 games", "oldest first".
 */

/** Reads the lists that a clause asks for; answers whether there was one. `topic`: the list of records that it stands under. */
export function readLists(draft: Draft, said: string, topic: Entity | null): boolean {
  const clause = said.replace(/\s+/g, ' ').trim();
  const mentions = mentionsOf(draft, clause).map((one) => one.entity);
  return (
    readDatedLists(draft, clause, mentions, topic) ||
    readFew(draft, clause, mentions, topic) ||
    readWithout(draft, clause, mentions) ||
    readRanking(draft, clause, mentions, topic) ||
    readOut(draft, clause, mentions, topic)
  );
}

const FEW = new RegExp(
  `\\b(?:fewer than|less than|under|below|at most) ${FIGURE}\\b(?: (?:left|in stock|remaining|of them))?|\\bonly ${FIGURE} (?:left|in stock|remaining|of them)\\b`,
  'i',
);
const MANY = new RegExp(`\\b(?:more than|over|above|at least) ${FIGURE}\\b(?! (?:days?|weeks?|months?|years?|hours?))`, 'i');

/** "Plants with less than 5 left", "products that are running low (fewer than 10)". */
function readFew(draft: Draft, clause: string, mentions: readonly Entity[], topic: Entity | null): boolean {
  const few = FEW.exec(clause);
  const many = few ? null : MANY.exec(clause);
  const figure = figureOf(few?.[1] ?? few?.[2] ?? many?.[1] ?? '');
  if ((!few && !many) || Number.isNaN(figure) || /\b(?:must|can (?:have|be|only)|cannot|can't|may|should not|never|has to)\b/i.test(clause))
    return false;
  const stock = /\b(?:left|stock|low|remaining|reorder|run(?:ning)? out|quantity)\b/i.test(clause);
  const counted = readCounted(draft, clause, few?.[0] ?? many?.[0] ?? '', { below: few !== null, figure });
  if (counted) return true;
  const owners = [...mentions, topic, ...draft.schema.entities].filter((one) => one !== null);
  for (const entity of new Set(owners)) {
    const alone = { ...draft, schema: { ...draft.schema, entities: [entity] } };
    const field =
      fieldIn(alone, clause.replace(few?.[0] ?? many?.[0] ?? '', ' '), [entity], NUMERIC_TYPES)?.field ??
      (stock
        ? entity.fields.find(
            (one) =>
              NUMERIC_TYPES.includes(one.type) &&
              /quantity|stock|count|copies|how many/i.test(one.label) &&
              !/level|minimum|reorder/i.test(one.label),
          )
        : undefined);
    if (!field) continue;
    const shown =
      stock && few ? `${entity.label_plural} running low` : `${entity.label_plural} with ${field.label} ${few ? 'below' : 'above'} ${figure}`;
    return putList(draft, entity, shown, [on(field, few ? 'below' : 'above', String(figure))]);
  }
  return false;
}

/** "Varieties with less than 2 lots", "members with more than five visits": how many records belong to each. */
function readCounted(draft: Draft, clause: string, words: string, { below, figure }: { below: boolean; figure: number }): boolean {
  const at = clause.indexOf(words);
  const [owner] = mentionsOf(draft, clause.slice(0, at)).slice(-1);
  const behind = clause.slice(at + words.length);
  const [other] = mentionsOf(draft, behind);
  if (!owner || !other || other.at > 15 || /^(?:at most|only)/i.test(words)) return false;
  const [link] = linksBetween(other.entity, owner.entity);
  const shown = `${owner.entity.label_plural} with ${below ? 'fewer' : 'more'} than ${figure} ${other.entity.label_plural}`;
  if (!link) return false;
  const value = putValue(draft, owner.entity, {
    kind: 'rollup',
    label: `number of ${other.entity.label_plural}`,
    type: 'integer',
    of: other.entity.name,
    link: link.name,
    function: 'count',
    field: null,
    where: [],
  });
  return putList(draft, owner.entity, shown, [on(value, below ? 'below' : 'above', String(figure))]);
}

const WITHOUT =
  /\b([a-z]+s|people|children) (?:with no|without(?: an?| any)?|who have no|that have no|which have no|not in an?|not in any|with no) ([a-z][a-z ]*?)(?=$|,|;| and\b|\.)/i;

/** "Kids with no class": nothing links to them, or their own link is empty. */
function readWithout(draft: Draft, clause: string, mentions: readonly Entity[]): boolean {
  const [, noun = '', what = ''] = WITHOUT.exec(clause) ?? [];
  const entity = noun === '' ? undefined : (findEntity(draft, singular(noun)) ?? mentions[0]);
  if (!entity) return false;
  const own = fieldIn({ ...draft, schema: { ...draft.schema, entities: [entity] } }, what, [entity])?.field;
  if (own)
    return putList(draft, entity, `${entity.label_plural} without ${own.label}`, [
      own.type === 'boolean' ? on(own, 'is', 'no') : on(own, 'is_empty'),
    ]);
  const other = findEntity(draft, singular(what)) ?? mentionsOf(draft, what)[0]?.entity;
  const [link] = other ? linksBetween(entity, other) : [];
  if (other && link) return putList(draft, entity, `${entity.label_plural} without ${other.label}`, [on(link, 'is_empty')]);
  const [back] = other ? linksBetween(other, entity) : [];
  if (!other || !back) return false;
  const value = putValue(draft, entity, {
    kind: 'rollup',
    label: `number of ${other.label_plural}`,
    type: 'integer',
    of: other.name,
    link: back.name,
    function: 'count',
    field: null,
    where: [],
  });
  return putList(draft, entity, `${entity.label_plural} without ${other.label}`, [on(value, 'below', '1')]);
}

const TOP = new RegExp(
  `\\b(?:top|best|first|latest|newest|last|most recent|oldest|highest|biggest|cheapest|lowest) ${FIGURE}\\b|\\b${FIGURE} (?:best|latest|newest|most recent|oldest|highest|top|biggest|cheapest)\\b`,
  'i',
);
const FIRST =
  /\b(oldest|newest|latest|earliest|most recent|best|highest|lowest|longest|biggest|cheapest|smallest)(?: \w+)?? first\b|\b(rank(?:ing|ed)?)\b/i;

/** "Top 10 games", "waiting list, oldest first", "ranking, best first". */
function readRanking(draft: Draft, clause: string, mentions: readonly Entity[], topic: Entity | null): boolean {
  const top = TOP.exec(clause);
  const first = FIRST.exec(clause);
  if (!top && !first) return false;
  const limit = top ? figureOf(top[1] ?? top[2] ?? '') : null;
  const word = (top?.[0] ?? first?.[1] ?? first?.[2] ?? '').toLowerCase();
  const byDay = /oldest|newest|latest|earliest|recent|\blast\b/.test(word);
  const owner = mentions[0] ?? topic ?? draft.last;
  const field = owner && (byDay ? daysIn(owner).find((one) => !/birth|due|until/i.test(one.label)) : rankField(draft, owner, clause));
  if (!owner || !field) return false;
  const descending = !/oldest|earliest|lowest|cheapest|smallest/.test(word);
  const order = { field: field.name, descending };
  if (limit === null && byDay && !/\blist\b|\bshow\b|\bsee\b/i.test(clause)) {
    owner.order = order;
    return true;
  }
  const shown =
    limit === null
      ? `${owner.label_plural}, ${word.replace(/ranking|ranked/, 'best')} first`
      : `${byDay ? 'latest' : 'top'} ${limit} ${owner.label_plural}`;
  return putList(draft, owner, shown, [], order, limit);
}

/** What "best" goes by: a field that is named, a rating, or the average of the ratings that link to it. */
function rankField(draft: Draft, owner: Entity, clause: string): { readonly name: string } | undefined {
  const alone = { ...draft, schema: { ...draft.schema, entities: [owner] } };
  const named = fieldIn(alone, clause, [owner], NUMERIC_TYPES)?.field;
  const own =
    named ?? owner.fields.find((field) => field.type === 'rating') ?? owner.values.find((one) => /average|rating|total|number/i.test(one.label));
  if (own) return own;
  const rated = draft.schema.entities.flatMap((other) =>
    linksBetween(other, owner).flatMap((link) =>
      other.fields
        .filter((field) => field.type === 'rating' || /points|score|rating|stars|marks/i.test(field.label))
        .map((field) => ({ other, link, field })),
    ),
  )[0];
  if (!rated || !NUMERIC_TYPES.includes(rated.field.type)) return undefined;
  return putValue(draft, owner, {
    kind: 'rollup',
    label: `average ${rated.field.label}`,
    type: 'number',
    of: rated.other.name,
    link: rated.link.name,
    function: 'average',
    field: rated.field.name,
    where: [],
  });
}

const OUT =
  /\b(?:what(?:'s| is)|who|which|everything that is|all that is|copies|things|items)\b.*\b(?:out(?: now| at the moment| currently)?|on loan|lent out|(?:is|are|currently|still) (?:borrowed|lent)|still ha(?:s|ve)|has what|has which|not (?:yet )?(?:back|returned)|not come back)\b/i;

/** "What's out now", "who has what", "who still has copies out". */
function readOut(draft: Draft, clause: string, mentions: readonly Entity[], topic: Entity | null): boolean {
  if (!OUT.test(clause) || /\b(?:must|cannot|can't|may not|never|write down|run out|out of date|running)\b/i.test(clause)) return false;
  const open = (entity: Entity | null): entity is Entity =>
    entity !== null && openConditions(entity).length > 0 && entity.fields.filter((field) => field.target !== null).length > 0;
  const entity = [
    ...mentions,
    ...draft.schema.entities.filter((one) => mentions.some((each) => linksBetween(one, each).length > 0)),
    topic,
    ...draft.schema.entities,
  ].find(open);
  if (!entity) return false;
  const person = entity.fields.find((field) => isPerson(targetLabel(draft, field)));
  return putList(
    draft,
    entity,
    `${entity.label_plural} out now`,
    openConditions(entity),
    person && /\bwho\b/i.test(clause) ? { field: person.name, descending: false } : null,
  );
}
