import type { Condition, Entity, Field } from '#contracts';
import { DATED_TYPES, NUMERIC_TYPES } from '#contracts';
import { putRule } from './behaviour.js';
import type { Draft } from './draft.js';
import { isPerson } from './lexicon.js';
import { FIGURE, figureOf } from './figures.js';
import { between, conditionFor, fieldIn, happeningTo, linksBetween, mentionsOf, openConditions, personLink } from './rule-words.js';
import type { Mention } from './rule-words.js';
import { rangeOf } from './read-overlaps.js';

/*
 * How many there may be: "at most 12 people a class", "no more participants than the capacity of the class", "a member can
 * borrow at most five books at a time", "only one open loan per item", "three parcels in a calendar month", "no one may log
 * more than 24 hours on one day".
 */

const MOST = `(?:at most|no more than|not more than|(?:a )?max(?:\\.|imum)?(?: of| number of| is)?|up to|only|never more than|(?:can(?:'t|not)|may not|must not|mustn't|nobody (?:can|may)|no one (?:can|may)|not|don't)(?: \\w+){0,6}? more than|limited to|limit(?:ed)?(?: of| is)?|(?:only|just) ever|exactly)`;
const MOST_FIRST = new RegExp(`\\b${MOST} ${FIGURE}\\b(?! ?%)`, 'i');
const MOST_LAST = new RegExp(`\\b${FIGURE}(?: [\\w-]+){1,6}? (?:at most|max(?:\\.|imum)?|at maximum|or fewer|tops|at the most)\\b`, 'i');
const LEAST = new RegExp(`\\b(?:at least|minimum(?: of)?|min\\.?|no fewer than|not fewer than|not less than) ${FIGURE}\\b`, 'i');
const PERIOD = /\b(?:in|per|by|a|each|every|within|on)(?: (?:a|one|any|the same|any one|single|calendar))* (day|week|month|year)\b/i;
const AT_ONCE = /\b(?:at (?:a|one|the same|any one|any) time|at once|simultaneously|out|open|currently|outstanding|unreturned|active)\b/i;

/** Reads a greatest or least number of records; answers whether the clause sets one. */
export function readMaximum(draft: Draft, clause: string, topic: Entity | null): boolean {
  if (readCapacity(draft, clause, topic)) return true;
  let taken = false;
  for (const said of clause.split(/,\s+(?=(?:and )?(?:max|min|at most|at least|no more)\b)/i)) {
    const part = /^(?:and )?(?:max|min|at)\w*\.? (?:most |least )?\w+$/i.test(said) ? `${said} ${countedBefore(draft, clause)}` : said;
    const most = MOST_FIRST.exec(part) ?? MOST_LAST.exec(part);
    const least = LEAST.exec(part);
    const whole = clause.includes(part) ? clause : `${clause.replace(said, '')} ${part}`;
    if (most) taken = setLimit(draft, whole, part, figureOf(most[1] ?? ''), 'at_most', topic) || taken;
    else if (least) taken = setLimit(draft, whole, part, figureOf(least[1] ?? ''), 'at_least', topic) || taken;
  }
  return taken;
}

/** What "minimum two volunteers, max five" counts: the first thing that is named. */
const countedBefore = (draft: Draft, clause: string): string => mentionsOf(draft, clause)[0]?.words ?? '';

function setLimit(draft: Draft, clause: string, part: string, figure: number, way: 'at_most' | 'at_least', topic: Entity | null): boolean {
  if (Number.isNaN(figure)) return false;
  const mentions = mentionsOf(draft, clause);
  if (way === 'at_most' && readSum(draft, clause, part, figure, mentions, topic)) return true;
  const pair = countedAndPer(draft, clause, part, mentions, topic);
  if (!pair) return false;
  const { counted, per } = pair;
  const several = linksBetween(per, counted).find((field) => field.type === 'references');
  if (several) {
    putRule(draft, per, { kind: 'compare', field: several.name, operator: way, value: figure });
    return true;
  }
  if (way === 'at_least') return false;
  const found = limited(draft, counted, per, clause);
  if (!found) return false;
  const period = periodOf(found.entity, clause);
  if (period === null) return false;
  putRule(draft, found.entity, { kind: 'limit', by: found.by.name, maximum: figure, ...period, where: found.where });
  return true;
}

/** The records that are counted, and the link that says per what. */
function limited(draft: Draft, counted: Entity, per: Entity, clause: string): { entity: Entity; by: Field; where: Condition[] } | undefined {
  const [direct] = linksBetween(counted, per);
  const middle = direct ? undefined : (happeningTo(draft, [counted, per], clause) ?? between(draft, counted, per));
  const entity = direct ? counted : middle;
  const by = entity && linksBetween(entity, per)[0];
  if (!entity || !by) return undefined;
  const states = entity.fields
    .flatMap((field) => field.choices)
    .filter((state) => new RegExp(`\\b${state.replace(/[^\w ]/g, '.')} `, 'i').test(clause));
  const named = states.map((state) => conditionFor(entity, state)).find((one) => one !== undefined);
  const where = named ? [named] : AT_ONCE.test(clause) ? openConditions(entity) : [];
  return { entity, by, where };
}

/** The period of "in a calendar month"; undefined fields where there is none, null where there is no date to count by. */
function periodOf(entity: Entity, clause: string): { day?: string; period?: 'day' | 'week' | 'month' | 'year' } | null {
  const period = PERIOD.exec(clause)?.[1]?.toLowerCase() as 'day' | 'week' | 'month' | 'year' | undefined;
  if (period === undefined) return {};
  const day = entity.fields.find((field) => DATED_TYPES.includes(field.type));
  return day ? { day: day.name, period } : null;
}

/** Which records are counted, and for each of what: "at most 5 books" of "a member". */
function countedAndPer(
  draft: Draft,
  clause: string,
  part: string,
  mentions: readonly Mention[],
  topic: Entity | null,
): { counted: Entity; per: Entity } | undefined {
  const figure = (MOST_FIRST.exec(part) ?? MOST_LAST.exec(part) ?? LEAST.exec(part))?.[0] ?? '';
  const at = clause.indexOf(figure) + (figure === '' ? 0 : figure.search(/\S+$/));
  const inFigure = mentions.find((one) => one.at >= clause.indexOf(figure) && one.end <= clause.indexOf(figure) + figure.length);
  const after = mentions.find(
    (one) => one.at >= at && /^(?:\s*[\w-]+){0,3}\s*$/.test(clause.slice(Math.min(at, one.at), one.at).replace(/^\S*/, '')),
  );
  const counted = inFigure ?? after;
  const people = /\b(?:people|persons|participants|attendees|places|spots|heads)\b/i.test(clause);
  const others = mentions.map((one) => one.entity).filter((one) => one !== counted?.entity);
  if (counted) {
    const per = others.find((one) => related(draft, counted.entity, one)) ?? (topic && topic !== counted.entity ? topic : undefined);
    return per && related(draft, counted.entity, per) ? { counted: counted.entity, per } : perPerson(draft, counted.entity, clause);
  }
  const per = others[0] ?? topic;
  if (!people || !per) return undefined;
  const person = draft.schema.entities.find(
    (one) => isPerson(one.label) && (linksBetween(per, one).some((field) => field.type === 'references') || limited(draft, one, per, clause)),
  );
  return person && { counted: person, per };
}

const related = (draft: Draft, counted: Entity, per: Entity): boolean =>
  linksBetween(counted, per).length > 0 ||
  linksBetween(per, counted).some((field) => field.type === 'references') ||
  between(draft, counted, per) !== undefined;

/** "Nobody may have more than 3 loans": per person. */
function perPerson(draft: Draft, counted: Entity, clause: string): { counted: Entity; per: Entity } | undefined {
  const link = /\b(?:nobody|no one|everybody|everyone|anyone|each person|person|people|they)\b/i.test(clause)
    ? personLink(draft, counted)
    : undefined;
  const per = draft.schema.entities.find((one) => one.name === link?.target);
  return per && { counted, per };
}

const CAPACITY =
  /\b(?:capacity|(?:number of |the )?(?:seats|places|spots)|maximum(?: number)?(?: of [a-z]+)?|max(?:\.|imum)? [a-z]+|room size|size of the (?:room|group)|how many (?:people )?fit)\b/i;

/** "No more bookings than the capacity of the class". */
function readCapacity(draft: Draft, clause: string, topic: Entity | null): boolean {
  if (
    !/\b(?:more|over|exceed|full|fuller|beyond|above)\b/i.test(clause) ||
    !CAPACITY.test(clause) ||
    !/\b(?:no|not|never|cannot|can't|may not|mustn't)\b|n't\b/i.test(clause)
  )
    return false;
  if (MOST_FIRST.test(clause)) return false;
  const mentions = [...new Set(mentionsOf(draft, clause).map((one) => one.entity))];
  const sizes = draft.schema.entities.flatMap((entity) =>
    entity.fields
      .filter((field) => NUMERIC_TYPES.includes(field.type) && /capacity|seats|places|spots|max|how many|size|fit/i.test(field.label))
      .map((field) => ({ entity, field })),
  );
  const size = sizes.find(({ entity }) => mentions.includes(entity) || entity === topic) ?? (sizes.length === 1 ? sizes[0] : undefined);
  if (!size) return false;
  const { entity: per, field } = size;
  const counted = mentions.find((one) => one !== per && related(draft, one, per));
  const amount = draft.schema.entities.filter((one) => linksBetween(one, per).length > 0);
  if (fieldIn(draft, clause.split(/\b(?:more|over|exceed|beyond|above)\b/i)[0] ?? '', amount, NUMERIC_TYPES)) return false;
  const several = per.fields.find((one) => one.type === 'references' && (counted === undefined || one.target === counted.name));
  if (several) {
    putRule(draft, per, { kind: 'compare', field: several.name, operator: 'at_most', value: field.name });
    return true;
  }
  const happening = counted && linksBetween(counted, per).length > 0 ? counted : happeningTo(draft, counted ? [counted, per] : [per], clause);
  const by = happening && linksBetween(happening, per)[0];
  if (!happening || !by || by.type !== 'reference') return false;
  putRule(draft, happening, { kind: 'limit', by: by.name, maximum: field.name });
  return true;
}

/** "No one may log more than 24 hours in total on one day": a sum is limited, not a number of records. */
function readSum(draft: Draft, clause: string, part: string, figure: number, mentions: readonly Mention[], topic: Entity | null): boolean {
  const period = PERIOD.exec(clause)?.[1];
  if (period === undefined && !/\b(?:in total|altogether|together|all in all|sum|add up)\b/i.test(clause)) return false;
  const behind = part.slice(part.search(MOST_FIRST)).replace(MOST_FIRST, '');
  const place =
    fieldIn(draft, behind, [...mentions.map((one) => one.entity), topic], NUMERIC_TYPES) ??
    (/^\s*hours?\b/i.test(behind) ? fieldIn(draft, 'hours', [topic, draft.last], NUMERIC_TYPES) : undefined);
  if (!place || !('required' in place.field)) return false;
  const { entity, field } = place;
  const named = mentions.map((one) => one.entity).find((one) => one !== entity && linksBetween(entity, one).length > 0);
  const by = named ? linksBetween(entity, named)[0] : personLink(draft, entity);
  const days = periodOf(entity, clause);
  if (days === null || (period !== undefined && !by)) return false;
  putRule(draft, entity, { kind: 'limit', by: by?.name ?? null, field: field.name, maximum: figure, ...days });
  return true;
}

/** "A book that is out cannot be lent again", "one open checkout per tool": only one that is still open. */
export function readOneOpen(draft: Draft, clause: string, topic: Entity | null): boolean {
  const again =
    /\b(?:that is|which is|when|while|if|as long as|until)\b.*\b(?:out|lent|borrowed|rented|back|returned|loan|taken|away|it back|available again)\b/i.test(
      clause,
    ) &&
    /\b(?:cannot|can't|must not|may not|mustn't|never|no)\b.*\b(?:lent|borrow\w*|rent\w*|given|lend|issued|taken|checked out|hired|booked|again|somebody else|someone else|another)\b/i.test(
      clause,
    );
  if (!again) return false;
  const things = [...mentionsOf(draft, clause).map((one) => one.entity), ...(topic ? [topic] : [])];
  for (const thing of things) {
    const happening = happeningTo(draft, [thing], clause);
    const by = happening && linksBetween(happening, thing).find((field) => field.type === 'reference');
    const open = happening ? openConditions(happening) : [];
    if (happening && by && open.length > 0) {
      putRule(draft, happening, { kind: 'limit', by: by.name, maximum: 1, where: open });
      return true;
    }
    if (happening && linksBetween(happening, thing).length > 0) {
      const range = rangeOf(draft, happening);
      const link = linksBetween(happening, thing)[0];
      if (!range || !link) return false;
      putRule(draft, happening, { kind: 'no_overlap', same: [link.name], from: range.from.name, to: range.to.name, day: range.day?.name ?? null });
      return true;
    }
  }
  return false;
}
