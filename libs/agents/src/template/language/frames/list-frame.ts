import type { Condition, Entity, Field } from '#contracts';
import { DATED_TYPES, NUMERIC_TYPES } from '#contracts';
import { putDefault, putValue } from '../behaviour.js';
import type { Draft } from '../draft.js';
import { isPerson } from '../lexicon.js';
import { on, putList } from '../lists.js';
import type { Order } from '../lists.js';
import { dayFor, fieldOf, isDue, linkedTo } from '../measures.js';
import { assumeField, happeningTo, linksBetween, mentionsOf, openConditions, personLink } from '../rule-words.js';
import { entityNamed } from '../totals.js';
import { countOf, heardOf } from './heard.js';
import type { Heard } from './heard.js';
import { rootsIn } from './word-forms.js';
import type { Wish } from './wishes.js';

/*
 * A list of records: which thing, under which conditions, of which days, in which order. Every list that may be meant is tried;
 * the one that explains most of the words is taken, and none where a "not", a bound or a stretch of days finds no place.
 */

interface Candidate {
  readonly entity: Entity;
  /** How surely the words mean this list: 4 where they name it first. */
  readonly named: number;
}

interface Trial extends Candidate {
  readonly heard: Heard;
  readonly days: (() => Condition[]) | null;
  readonly score: number;
}

/** Reads a wish as a list of records; answers whether one was added. */
export function readListWish(draft: Draft, wish: Wish, topic: Entity | null): boolean {
  const trials = candidatesFor(draft, wish, topic)
    .map((one) => trialOf(draft, wish, one))
    .filter((one) => one !== null)
    .sort((a, b) => b.score - a.score);
  const [best] = trials;
  if (!best) return false;
  const order = orderOf(draft, best.entity, wish);
  if (best.heard.count === 0 && best.days === null && (order === null || (wish.order === null && wish.limit === null))) return false;
  if (wish.order !== null && order === null && best.heard.count === 0 && best.days === null) return false;
  const days = best.days?.() ?? [];
  const conditions = [...days, ...best.heard.take().filter((one) => !days.some((each) => each.field === one.field))];
  const ahead = wish.window && /^(?:within_days|today_or_later)$/.test(wish.window.way) ? days[0]?.field : undefined;
  return putList(
    draft,
    best.entity,
    nameOf(wish, best.entity),
    conditions.slice(0, 10),
    order ?? (ahead === undefined ? null : { field: ahead, descending: false }),
    wish.limit,
  );
}

/** The lists that a wish may be about, those that it names first. */
const linksTo = (draft: Draft, entity: Entity, group: string): boolean => {
  const target = entityNamed(draft, group);
  return target !== undefined && linksBetween(entity, target).length > 0;
};

function candidatesFor(draft: Draft, { head, text, groups }: Wish, topic: Entity | null): Candidate[] {
  const mentions = mentionsOf(draft, head).map((one) => one.entity);
  const people = /^(?:who|whose|anyone|anybody|everyone|everybody|nobody|people)\b/i.test(head);
  const [first] = mentions;
  return draft.schema.entities.map((entity) => {
    const near = first !== undefined && first !== entity && linksBetween(entity, first).length > 0;
    const who = people && (isPerson(entity.label) || personLink(draft, entity) !== undefined);
    const named =
      entity === first && !people
        ? 4
        : mentions.includes(entity)
          ? 3
          : near
            ? 1.5
            : who
              ? isPerson(entity.label)
                ? 2
                : 1.5
              : mentions.length === 0 && !people
                ? entity === topic
                  ? 1
                  : 0.5
                : -1;
    const done = rootsIn(text).some((root) => root.length > 3 && rootsIn(entity.label).includes(root));
    const grouped = groups.some((group) => linksTo(draft, entity, group));
    return { entity, named: named + (done && named < 3 ? 0.5 : 0) + (grouped && named >= 0 && named < 3 ? 0.6 : 0) };
  });
}

function trialOf(draft: Draft, wish: Wish, candidate: Candidate): Trial | null {
  const { entity, named } = candidate;
  const { window, head, gloss } = wish;
  if (named < 0) return null;
  const words = `${head}${gloss === '' ? '' : `, ${gloss}`}`;
  const heard = heardOf(draft, entity, words);
  if (window) {
    const days = daysOf(draft, wish, entity, heard, named);
    if (!days) return null;
    return heard.missed > 0 && !days.denied ? null : { ...candidate, heard, days: days.take, score: named + heard.sure + days.sure };
  }
  if (heard.missed > 0) return null;
  if (heard.count === 0 && named < 1) return null;
  return { ...candidate, heard, days: null, score: named + heard.sure };
}

const NOT_LATELY = /\b(?:not|never|no|nobody|hasn't|haven't|isn't|aren't|wasn't|without|didn't|havent|hasnt)\b/i;

/** The day that the stretch of time is about, with what it asks of the records besides. */
function daysOf(
  draft: Draft,
  { head, window, text }: Wish,
  entity: Entity,
  heard: Heard,
  named: number,
): { readonly take: () => Condition[]; readonly sure: number; readonly denied: boolean } | null {
  if (!window) return null;
  const value = window.days === null ? null : String(window.days);
  const back = window.way === 'older_than_days' || window.way === 'within_past_days';
  if (back && NOT_LATELY.test(text) && heard.count === 0) {
    const lately = notLately(draft, entity, text, String(window.days ?? 30));
    if (lately) return { ...lately, denied: true };
  }
  const words = `${head.replace(new RegExp(`\\b(?:${entity.label_plural}|${entity.label})\\b`, 'gi'), ' ')} ${window.words}`;
  const day = dayFor(entity, words, !back);
  if (window.way === 'before_today' && /overdue|late|expired|run out|lapsed/i.test(window.words) && day && !isDue(day)) return null;
  if (!day) {
    if (named < 3 || draft.exact || !back) return null;
    return {
      sure: 1,
      denied: false,
      take: () => {
        const since = assumeField(draft, entity, 'date added', 'date');
        putDefault(draft, entity, since.name, 'today');
        return [on(since, window.way, value)];
      },
    };
  }
  const still =
    heard.count === 0 && (window.way === 'before_today' || (isDue(day) && !back))
      ? openConditions(entity).filter((one) => one.field !== day.name)
      : [];
  const owed = /\b(?:overdue|late)\b/i.test(window.words) && /due|back|return|deadline|promised/i.test(day.label) ? 1 : 0;
  const telling = rootsIn(day.label).some((root) => rootsIn(words).includes(root));
  return {
    sure: (telling ? 2.5 : 1) + owed + (isDue(day) && window.way === 'before_today' ? 1.5 : 0),
    denied: false,
    take: () => [on(day, window.way, value), ...still],
  };
}

/** "Tanks not tested for a week": the day of the last time is older, or nothing of that sort happened since. */
function notLately(draft: Draft, entity: Entity, text: string, days: string): { take: () => Condition[]; sure: number } | null {
  const roots = rootsIn(text);
  const own = entity.fields.find(
    (field) =>
      DATED_TYPES.includes(field.type) &&
      (/\blast\b/i.test(field.label) || rootsIn(field.label).some((root) => root.length > 2 && roots.includes(root))),
  );
  if (own) return { sure: 3, take: () => [on(own, 'older_than_days', days)] };
  const doing = happeningTo(draft, [entity], text.replace(/n't\b/g, ' not '));
  const day = doing && dayFor(doing, text, false);
  if (!doing || !day) return null;
  const link = linksBetween(doing, entity)[0];
  return {
    sure: 3,
    take: () => [
      on(
        putValue(draft, entity, {
          kind: 'rollup',
          label: `${doing.label_plural} in the last ${days} days`,
          type: 'integer',
          of: doing.name,
          link: link?.name ?? '',
          function: 'count',
          field: null,
          where: [on(day, 'within_past_days', days)],
        }),
        'below',
        '1',
      ),
    ],
  };
}

/** The order that is asked for: by a day, a number, whom the records belong to, or how many belong to each. */
function orderOf(draft: Draft, entity: Entity, { order, groups, head }: Wish): Order | null {
  if (order) {
    const { words, descending } = order;
    if (/oldest|newest|latest|earliest|recent|soonest|nearest|\blast\b|^date$|^time$|longest/.test(words)) {
      const day = dayFor(entity, words, /soonest|nearest/.test(words));
      if (day) return { field: day.name, descending: /newest|latest|recent|\blast\b/.test(words) };
    }
    const named = words.length > 2 ? fieldOf(draft, entity, words) : undefined;
    const ranked = named ?? rankField(entity, `${words} ${head}`) ?? countedField(draft, entity, words);
    return ranked ? { field: ranked.name, descending: descending && !/position|rank/i.test(ranked.label) } : null;
  }
  for (const group of groups) {
    const target = entityNamed(draft, group);
    const field = (target && linksBetween(entity, target)[0]) ?? fieldOf(draft, entity, group);
    if (field) return { field: field.name, descending: false };
  }
  const person = /^who\b/i.test(head) && !isPerson(entity.label) ? personLink(draft, entity) : undefined;
  return person ? { field: person.name, descending: false } : null;
}

type Ranked = Pick<Field, 'name' | 'label'>;

/** What "best" or "longest" goes by. */
function rankField(entity: Entity, words: string): Ranked | undefined {
  const numeric = [...entity.values, ...entity.fields].filter((one) => NUMERIC_TYPES.includes(one.type));
  const timed = /fast|slow|short|long/.test(words)
    ? [...numeric, ...entity.fields.filter((one) => one.type === 'time')].find((one) => /time|duration|minutes|length|finish/i.test(one.label))
    : undefined;
  return (
    timed ??
    numeric.find((one) => rootsIn(one.label).some((root) => rootsIn(words).includes(root))) ??
    numeric.find((one) => /rating|score|points|average|position|rank/i.test(one.label)) ??
    (numeric.length === 1 ? numeric[0] : undefined)
  );
}

/** "Most active", "busiest": by how many records belong to each. */
function countedField(draft: Draft, entity: Entity, words: string): Ranked | undefined {
  const doing = /most|busiest|popular|best|least|top/.test(words) ? (happeningTo(draft, [entity], words) ?? linkedTo(draft, entity)[0]) : undefined;
  return doing ? { label: 'number', ...countOf(draft, entity, doing, []) } : undefined;
}

/** The list as it was asked for, without what opens a question. */
function nameOf({ text, window, head }: Wish, entity: Entity): string {
  if (window?.way === 'before_today' && /^(?:overdue|late)$/i.test(window.words) && head.split(' ').length <= 2)
    return `Overdue ${entity.label_plural}`;
  const words = text
    .replace(
      /^(?:and |also |plus )*(?:which|what(?:'s| is| are)?|who(?:'s| is| are)?|whose|the|all|any|a list of|list of|lists? (?:for|of)|everything|anything)\s+/i,
      '',
    )
    .replace(/^(?:the|all|any|our|my|of)\s+/i, '')
    .replace(/[,;:].*$/, '')
    .replace(/ (?:and|or) to .*$/i, '')
    .trim();
  const named = new RegExp(`\\b(?:${entity.label}|${entity.label_plural})\\b`, 'i').test(words);
  const speaks = named || /^[a-z]+s? (?:who|that|which|whose|not|with|without|in|on|at|due|from|still)\b/i.test(words);
  return (speaks ? words : `${entity.label_plural} ${words}`)
    .split(' ')
    .slice(0, 11)
    .join(' ')
    .replace(/ (?:for|in|of|by|with|the|an?|to|at|on|and|or|than|us for) ?(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten)?$/i, '');
}
