import type { Condition, Entity } from '#contracts';
import { DATED_TYPES } from '#contracts';
import { putValue } from './behaviour.js';
import type { Draft } from './draft.js';
import { isPerson } from './lexicon.js';
import { daysIn, on, putList, targetLabel } from './lists.js';
import { FIGURE, daysOf } from './figures.js';
import { conditionFor, fieldIn, happeningTo, linksBetween, openConditions } from './rule-words.js';

/*
 * Lists by days in plain words: "today's pick-ups", "what's late", "loans ending within sixty days", "open for more than 7
 * days", "not inspected in the last 12 months", "after the deadline and not sent".
 */

/** Reads the lists by days that a clause asks for; answers whether there was one. */
export const readDatedLists = (draft: Draft, clause: string, mentions: readonly Entity[], topic: Entity | null): boolean =>
  readLate(draft, clause) ||
  readNotLately(draft, clause, mentions) ||
  readDays(draft, clause, mentions, topic) ||
  readAfter(draft, clause, mentions, topic);

const SINCE = new RegExp(
  `\\b(?:not|no|never|n't)\\b(?: been| had)*(?: an?)? ?(?:recently )?([a-z]+)\\b.*\\b(?:in|for|within|during) (?:the )?(?:last|past|more than|over)? ?${FIGURE} (days?|weeks?|months?|years?)\\b`,
  'i',
);
const AFTER_LAST = new RegExp(`\\bafter ${FIGURE} (days?|weeks?|months?|years?) (?:from|since|after) (?:the |its |their )?last\\b`, 'i');

/** "Which have not been inspected in the last 12 months", "after 1 year from the last service it must go again". */
function readNotLately(draft: Draft, clause: string, mentions: readonly Entity[]): boolean {
  const hit = SINCE.exec(clause);
  const after = hit ? null : AFTER_LAST.exec(clause);
  if (!hit && !after) return false;
  const days = hit ? daysOf(hit[2] ?? '', hit[3] ?? '') : daysOf(after?.[1] ?? '', after?.[2] ?? '');
  const verb = (hit?.[1] ?? '').toLowerCase().replace(/(?:ed|en)$/, '');
  const owners = [...mentions, ...draft.schema.entities];
  const own = owners
    .map((entity) => ({ entity, field: daysIn(entity).find((field) => /\blast\b/i.test(field.label)) }))
    .find((one) => one.field !== undefined);
  if (own?.field) return putList(draft, own.entity, `${own.entity.label_plural} due again`, [on(own.field, 'older_than_days', String(days))]);
  if (verb.length < 3) return false;
  const doing =
    mentions.map((one) => happeningTo(draft, [one], verb, true)).find((one) => one !== undefined) ??
    draft.schema.entities.find((entity) => entity.label.toLowerCase().startsWith(verb.slice(0, 5)) && daysIn(entity).length > 0);
  const link =
    doing?.fields.find(
      (field) =>
        field.type === 'reference' &&
        !isPerson(targetLabel(draft, field)) &&
        (mentions.length < 2 || mentions.some((one) => one.name === field.target)),
    ) ?? doing?.fields.find((field) => field.type === 'reference');
  const owner = draft.schema.entities.find((one) => one.name === link?.target);
  const day = doing && daysIn(doing)[0];
  if (!doing || !link || !owner || !day) return false;
  const value = putValue(draft, owner, {
    kind: 'rollup',
    label: `${doing.label_plural} in the last ${days} days`,
    type: 'integer',
    of: doing.name,
    link: link.name,
    function: 'count',
    field: null,
    where: [on(day, 'within_past_days', String(days))],
  });
  return putList(draft, owner, `${owner.label_plural} not ${hit?.[1] ?? ''} in the last ${days} days`, [on(value, 'below', '1')]);
}

const AHEAD = new RegExp(
  `\\b(?:(?:in|within|over|for|during) (?:the )?(?:next |coming )?|in under |less than |next |coming )${FIGURE} (days?|weeks?|months?)\\b`,
  'i',
);
const OLD = new RegExp(`\\b(?:for )?(?:more than|over|longer than|older than) ${FIGURE} (days?|weeks?|months?|years?)\\b`, 'i');
const NAMED = /\b(today|tonight|tomorrow|this week|next week|this month|next month|upcoming|coming up)\b/i;
const AT_WHICH =
  /\b(due|deadline|expir\w*|run(?:s|ning)? out|end(?:s|ing)?|out of date|best before|return|back|pick[- ]?ups?|start(?:s|ing)?|service|arriv\w*|leav\w*|depart\w*)\b/i;

/** Records of today, of the next days, or older than so many days. */
function readDays(draft: Draft, clause: string, mentions: readonly Entity[], topic: Entity | null): boolean {
  const ahead = AHEAD.exec(clause);
  const old = OLD.exec(clause);
  const named = NAMED.exec(clause)?.[1]?.toLowerCase();
  if ((!ahead && !old && named === undefined) || /\b(?:last|past) (?:\d+ )?(?:day|week|month|year)/i.test(clause)) return false;
  if (/\b(?:total|how much|how many|number of|average|sum|per|count)\b/i.test(clause) && !old) return false;
  if (named === 'this month' && !/\b(?:due|list|which|what|upcoming|coming|expir\w*)\b/i.test(clause)) return false;
  const word = AT_WHICH.exec(clause)?.[1]?.toLowerCase() ?? '';
  const entity = datedEntity(draft, word, mentions, topic);
  if (!entity) return false;
  const all = daysIn(entity);
  const named_ = fieldIn({ ...draft, schema: { ...draft.schema, entities: [entity] } }, clause, [entity], DATED_TYPES)?.field;
  const telling = named_ && !/^(?:date|day)$/i.test(named_.label) ? named_ : undefined;
  const due = all.find((field) => /due|deadline|expir|until|best before|end|return/i.test(field.label));
  const first = all.find((field) => !/due|deadline|expir|until|return|end|back|birth/i.test(field.label)) ?? all[0];
  const day = old
    ? first
    : (telling ??
      (/due|deadline|expir|run|end|out of|best|return|back/.test(word)
        ? (due ?? first)
        : /pick|start|arriv|leav|depart/.test(word)
          ? (all.find((field) => field.label.includes(word.slice(0, 4))) ?? first)
          : (first ?? due)));
  if (!day) return false;
  const still = /due|deadline|expir|until|return|back/i.test(day.label) || old ? openConditions(entity).filter((one) => one.field !== day.name) : [];
  if (old && !/\b(?:open|old|older|waiting|outstanding|unpaid|not|without|since|overdue)\b/i.test(clause)) return false;
  const state = old ? stateIn(entity, clause) : undefined;
  const span =
    named === 'today' || named === 'tonight'
      ? 0
      : named === 'tomorrow'
        ? 1
        : named?.endsWith('week')
          ? 7
          : named?.endsWith('month')
            ? 30
            : ahead
              ? daysOf(ahead[1] ?? '', ahead[2] ?? '')
              : null;
  const what = /due|deadline|expir|run|end|out of|best|return|back/.test(word) ? ` ${shownWord(word)}` : '';
  const order = { field: day.name, descending: false };
  if (old)
    return putList(draft, entity, `${entity.label_plural} open more than ${daysOf(old[1] ?? '', old[2] ?? '')} days`, [
      on(day, 'older_than_days', String(daysOf(old[1] ?? '', old[2] ?? ''))),
      ...(state ? [state] : still),
    ]);
  if (span === null) return putList(draft, entity, `Upcoming ${entity.label_plural}`, [on(day, 'today_or_later')], order);
  const shown = named ?? `in the next ${span} days`;
  return putList(draft, entity, `${entity.label_plural}${what} ${shown}`, [on(day, 'within_days', String(span)), ...still], order);
}

const shownWord = (word: string): string =>
  /expir|run|out of|best/.test(word) ? 'running out' : /end/.test(word) ? 'ending' : /back|return/.test(word) ? 'due back' : 'due';

const stateIn = (entity: Entity, clause: string): Condition | undefined => {
  const words = clause.toLowerCase().match(/[a-z]+/g) ?? [];
  return words.map((word) => (word.length > 3 ? conditionFor(entity, word) : undefined)).find((one) => one !== undefined);
};

/** The list that has the day in question: of what is named, or of what is known about it. */
function datedEntity(draft: Draft, word: string, mentions: readonly Entity[], topic: Entity | null): Entity | undefined {
  const telling = (entity: Entity): boolean => {
    const labels = daysIn(entity)
      .map((field) => field.label)
      .join(' ');
    if (/due|deadline|expir|run|out of|best/.test(word)) return /due|deadline|expir|until|best before|next/i.test(labels);
    if (/back|return/.test(word)) return /due|return|back/i.test(labels);
    return word === '' || labels.includes(word.slice(0, 4));
  };
  const near = mentions.flatMap((one) => [one, ...draft.schema.entities.filter((other) => linksBetween(other, one).length > 0)]);
  const candidates = [...near, ...(topic ? [topic] : []), ...draft.schema.entities];
  return (
    candidates.find((one) => daysIn(one).length > 0 && telling(one)) ??
    [...mentions, topic].find((one): one is Entity => one !== null && daysIn(one).length > 0) ??
    (mentions.length === 0 ? draft.schema.entities.find((one) => daysIn(one).length > 0 && !isPerson(one.label)) : undefined)
  );
}

/** "What's late". */
function readLate(draft: Draft, clause: string): boolean {
  if (!/\b(?:what|who|which|anything|everything|all)(?:'s| is| are|'re)? (?:that is |that are )?(?:late|overdue)\b/i.test(clause)) return false;
  const entity = draft.schema.entities.find((one) => daysIn(one).some((field) => DUE.test(field.label)));
  const day = entity && daysIn(entity).find((field) => DUE.test(field.label));
  return (
    entity !== undefined &&
    day !== undefined &&
    putList(draft, entity, `Overdue ${entity.label_plural}`, [
      on(day, 'before_today'),
      ...openConditions(entity).filter((one) => one.field !== day.name),
    ])
  );
}

const DUE = /due|deadline|until|expir|end|return/i;

/** "Jobs which are after deadline and not sent". */
function readAfter(draft: Draft, clause: string, mentions: readonly Entity[], topic: Entity | null): boolean {
  const hit =
    /\b(?:after|past|beyond|over) (?:the |its |their )?(deadline|due date|due|end date|expiry)\b(?:.*?\b(?:and|but) (?:are |is |still )?not (?:yet )?([a-z ]+))?/i.exec(
      clause,
    );
  const entity = [...mentions, topic, ...draft.schema.entities].find(
    (one): one is Entity => one !== null && daysIn(one).some((field) => /due|deadline|end|expir/i.test(field.label)),
  );
  const day = entity && daysIn(entity).find((field) => /due|deadline|end|expir/i.test(field.label));
  if (!hit || !entity || !day || /\b(?:must|cannot|can't|may not|never)\b/i.test(clause)) return false;
  const said = hit[2] === undefined ? undefined : (conditionFor(entity, hit[2], true) ?? stateStarting(entity, hit[2]));
  return putList(draft, entity, `Overdue ${entity.label_plural}`, [on(day, 'before_today'), ...(said ? [said] : openConditions(entity))]);
}

function stateStarting(entity: Entity, words: string): Condition | undefined {
  const first = words.trim().split(' ')[0]?.toLowerCase() ?? '';
  const field = entity.fields.find((one) => one.choices.some((choice) => choice.toLowerCase().startsWith(first)));
  const value = field?.choices.find((choice) => choice.toLowerCase().startsWith(first));
  return field && value !== undefined ? on(field, 'is_not', value) : undefined;
}
