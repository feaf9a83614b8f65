import type { Condition, Entity } from '#contracts';
import { putValue } from './behaviour.js';
import type { Draft } from './draft.js';
import { on, putList } from './lists.js';
import { conditionsSaid, dayFor, fieldOf, isDue, linkedTo, peopleMeant } from './measures.js';
import type { Query } from './queries.js';
import { FIGURE, figureOf } from './figures.js';
import { happeningTo, linksBetween, mentionsOf, openConditions, personLink, stem } from './rule-words.js';
import { entityNamed } from './totals.js';

/*
 * The lists that somebody asks to see: which records, of which days, in which state, in which order.
 */

const WITH = new RegExp(
  `\\b(?:with|have|has|had|of|been|is|are|below|under)? ?(fewer than|less than|under|below|more than|over|above|at least|only|no|without(?: an?| any)?) ?(?:${FIGURE}|once|twice)?\\s*(.*)$`,
  'i',
);

/** A list of records: which, of which days, in which state, in which order. */
export function readList(draft: Draft, query: Query, topic: Entity | null): boolean {
  const { head, window, order, limit, text } = query;
  const mention = mentionsOf(draft, head)[0];
  const asksPeople = /^(?:who|whose)\b/i.test(head);
  const entity = mention?.entity ?? (asksPeople ? undefined : datedFor(draft, query, topic));
  if (!entity) return asksPeople && readWho(draft, query);
  const rest = mention ? `${head.slice(0, mention.at)} ${head.slice(mention.end)}` : head;
  if (NOT_LATELY.test(text) && window && (window.way === 'older_than_days' || window.way === 'within_past_days'))
    return readNotDone(draft, query, entity);
  const conditions: Condition[] = [];
  if (window) {
    const day = dayFor(entity, `${rest} ${window.words}`, window.way !== 'older_than_days' && window.way !== 'within_past_days');
    if (!day) return false;
    conditions.push(on(day, window.way, window.days === null ? null : String(window.days)));
    const said = conditionsSaid(entity, rest).filter((one) => one.field !== day.name);
    conditions.push(
      ...said,
      ...(said.length === 0 && (window.way === 'before_today' || isDue(day)) ? openConditions(entity).filter((one) => one.field !== day.name) : []),
    );
  } else {
    const counted = readHaving(draft, entity, rest);
    if (counted) conditions.push(counted);
    else conditions.push(...conditionsSaid(entity, rest));
  }
  const ahead =
    window && (window.way === 'within_days' || window.way === 'today_or_later') ? { field: conditions[0]?.field ?? '', descending: false } : null;
  const sorted = order ? orderOf(entity, order) : (groupOrder(draft, entity, query) ?? ahead);
  if (conditions.length === 0 && !order && limit === null) return false;
  if (order && !sorted) return false;
  return putList(draft, entity, nameOf(query, entity), conditions, sorted, limit);
}

const NOT_LATELY = /\b(?:not|never|no|hasn't|haven't|isn't|aren't|without)\b/i;

/** As it was asked for, without what opens a question. */
const nameOf = ({ text, window, head }: Query, entity: Entity): string => {
  if (window?.way === 'before_today' && /^(?:overdue|late)$/i.test(window.words) && head.split(' ').length <= 2)
    return `Overdue ${entity.label_plural}`;
  const words = text
    .replace(/^(?:which|what(?:'s| is| are)?|who|whose|the|all|a list of|list of|everything|anything)\s+/i, '')
    .replace(/[,;].*$/, '')
    .trim();
  const label = mentionsLabel(words, entity) ? words : `${entity.label_plural} ${words}`;
  return label.split(' ').slice(0, 10).join(' ');
};
const mentionsLabel = (words: string, entity: Entity): boolean => new RegExp(`\\b(?:${entity.label}|${entity.label_plural})\\b`, 'i').test(words);

function orderOf(entity: Entity, { words, descending }: NonNullable<Query['order']>): { field: string; descending: boolean } | undefined {
  if (/oldest|newest|latest|earliest|recent|soonest|nearest|\blast\b|^date$|^time$/.test(words)) {
    const day = dayFor(entity, words, /soonest|nearest/.test(words));
    return day && { field: day.name, descending };
  }
  const numeric = [...entity.values, ...entity.fields].filter((one) => ['number', 'integer', 'money', 'rating'].includes(one.type));
  const timed = entity.fields.find((one) => /fast|slow|short|long/.test(words) && /time|duration|minutes|length/i.test(one.label));
  const named = [...entity.fields, ...entity.values].find((one) => words.length > 2 && one.label.toLowerCase() === words);
  const field =
    named ??
    timed ??
    numeric.find((one) => /rating|score|points|average|position|rank/i.test(one.label)) ??
    (numeric.length === 1 ? numeric[0] : undefined);
  return field && { field: field.name, descending: descending && !/position|rank/i.test(field.label) };
}

/** "today's appointments by artist": in the order of whom they belong to. */
function groupOrder(draft: Draft, entity: Entity, { groups }: Query): { field: string; descending: boolean } | undefined {
  for (const group of groups) {
    const target = entityNamed(draft, group);
    const field = (target && linksBetween(entity, target)[0]) ?? fieldOf(draft, entity, group);
    if (field) return { field: field.name, descending: false };
  }
  return undefined;
}

/** The list that has a day such as is asked for: "what is due back", "what's publishing this week". */
function datedFor(draft: Draft, { text, window }: Query, topic: Entity | null): Entity | undefined {
  const words = (text.toLowerCase().match(/[a-z]{4,}/g) ?? []).map(stem).filter((one) => one.length > 3);
  const named = draft.schema.entities.find((entity) =>
    entity.fields.some(
      (field) =>
        ['date', 'datetime'].includes(field.type) &&
        words.some((word) =>
          field.label
            .toLowerCase()
            .split(' ')
            .some((own) => own.length > 3 && stem(own) === word),
        ),
    ),
  );
  const due =
    window?.way === 'before_today' || /\b(?:due|overdue|late)\b/i.test(text)
      ? draft.schema.entities.find((entity) =>
          entity.fields.some((field) => field.type !== 'boolean' && isDue(field) && ['date', 'datetime'].includes(field.type)),
        )
      : undefined;
  return named ?? due ?? (window && topic && dayFor(topic, text, true) ? topic : undefined);
}

/** "with fewer than 5 lots", "who have been on more than once", "without a class", "with no phone". */
function readHaving(draft: Draft, entity: Entity, rest: string): Condition | undefined {
  const hit = WITH.exec(rest);
  if (!hit) return undefined;
  const bound = (hit[1] ?? '').toLowerCase();
  const none = /^(?:no|without)/.test(bound);
  const figure = none ? 1 : /\bonce\b/i.test(hit[0]) ? 1 : /\btwice\b/i.test(hit[0]) ? 2 : figureOf(hit[2] ?? '');
  const what = hit[3] ?? '';
  const below = none || /fewer|less|under|below/.test(bound);
  if (Number.isNaN(figure) || bound === 'only' || (bound === 'no' && /^\s*(?:longer|more)\b/.test(what))) return undefined;
  const own = fieldOf(draft, entity, what);
  if (own && none) return 'required' in own && own.type === 'boolean' ? on(own, 'is', 'no') : on(own, 'is_empty');
  if (own && ['number', 'integer', 'money', 'rating'].includes(own.type))
    return on(own, below ? 'below' : 'above', String(bound === 'at least' ? figure - 1 : figure));
  const others = mentionsOf(draft, what).map((one) => one.entity);
  const happening =
    others.find((one) => linksBetween(one, entity).length > 0) ??
    (/\bonce|twice|times\b/i.test(hit[0])
      ? (happeningTo(draft, [entity], rest) ?? linkedTo(draft, entity).find((one) => linksBetween(one, entity)[0]?.type === 'references'))
      : undefined);
  const link = happening && linksBetween(happening, entity)[0];
  if (!happening || !link) return undefined;
  const where = conditionsSaid(happening, what);
  const value = putValue(draft, entity, {
    kind: 'rollup',
    label: `number of ${where.length > 0 ? `${(where[0]?.value ?? 'such').toLowerCase()} ` : ''}${happening.label_plural}`,
    type: 'integer',
    of: happening.name,
    link: link.name,
    function: 'count',
    field: null,
    where,
  });
  return on(value, below ? 'below' : 'above', String(bound === 'at least' ? figure - 1 : figure));
}

/** "who hasn't paid", "whose insurance runs out in the next month": the people, or what happens to them. */
function readWho(draft: Draft, query: Query): boolean {
  const { head, window, text } = query;
  const people = peopleMeant(draft, head);
  const rest = head.replace(/^(?:who|whose)(?:'s)?\b/i, '');
  if (window) {
    const owner = [people, ...draft.schema.entities.filter((one) => people && linksBetween(one, people).length > 0)].find(
      (one): one is Entity => one !== undefined && dayFor(one, `${rest} ${window.words}`, true) !== undefined,
    );
    const day = owner && dayFor(owner, `${rest} ${window.words}`, window.way !== 'older_than_days');
    return (
      owner !== undefined &&
      day !== undefined &&
      putList(draft, owner, nameOf(query, owner), [on(day, window.way, window.days === null ? null : String(window.days))])
    );
  }
  const candidates = [
    ...(people
      ? [people, ...draft.schema.entities.filter((one) => linksBetween(one, people).length > 0)]
      : draft.schema.entities.filter((one) => personLink(draft, one))),
  ];
  for (const entity of candidates) {
    const where = conditionsSaid(entity, rest);
    const order = entity === people ? undefined : personLink(draft, entity);
    if (where.length > 0)
      return putList(
        draft,
        entity,
        text.replace(/^who(?:'s)?\s+/i, `${entity.label_plural} of those who `),
        where,
        order ? { field: order.name, descending: false } : null,
      );
  }
  return false;
}

/** "tanks I haven't tested for more than a week": nothing of that sort happened to them lately. */
function readNotDone(draft: Draft, query: Query, entity: Entity): boolean {
  const days = String(query.window?.days ?? 30);
  const own = entity.fields.find((field) => ['date', 'datetime'].includes(field.type) && /\blast\b/i.test(field.label));
  if (own) return putList(draft, entity, nameOf(query, entity), [on(own, 'older_than_days', days)]);
  const doing = happeningTo(draft, [entity], query.text.replace(/n't\b/g, ' not '));
  const link = doing && linksBetween(doing, entity)[0];
  const day = doing && dayFor(doing, query.text, false);
  if (!doing || !link || !day) return false;
  const value = putValue(draft, entity, {
    kind: 'rollup',
    label: `${doing.label_plural} in the last ${days} days`,
    type: 'integer',
    of: doing.name,
    link: link.name,
    function: 'count',
    field: null,
    where: [on(day, 'within_past_days', days)],
  });
  return putList(draft, entity, nameOf(query, entity), [on(value, 'below', '1')]);
}
