import type { Condition, Entity } from '#contracts';
import { DATED_TYPES, NUMERIC_TYPES } from '#contracts';
import { putValue } from '../behaviour.js';
import type { Draft } from '../draft.js';
import { FIGURE, figureOf } from '../figures.js';
import { on } from '../lists.js';
import { amountIn, linkedTo } from '../measures.js';
import { happeningTo, linksBetween, mentionsOf, openConditions } from '../rule-words.js';
import { tokensOf } from '../tokens.js';
import { doneCondition, isDone, openOrDone, stateConditions } from './heard-states.js';
import { BREAKS, markText, NEGATIONS, said, use } from './heard-words.js';
import type { Said, Words } from './heard-words.js';
import { rootOf, rootsIn } from './word-forms.js';

/*
 * Which records some words mean, whatever their order: the states, yes-or-no fields, filled and empty fields, bounds and linked
 * records that they speak of. What was heard is taken off the words, so that nothing is heard twice.
 */

/** What was heard of the records of one list. */
export interface Heard {
  /** How many conditions were heard. */
  readonly count: number;
  /** How surely all of them are meant. */
  readonly sure: number;
  /** Cues that mean a condition and were not understood, such as a "not" without a state. */
  readonly missed: number;
  /** The conditions, with the worked-out values that they need added to the list. */
  readonly take: () => Condition[];
}

/** "Without a phone", "no kennel": a field that is empty, or nothing that links here. */
function lackConditions(draft: Draft, words: Words, entity: Entity): Said[] {
  return words.tokens.flatMap((token, at): Said[] => {
    if (words.used.has(at) || !/^(?:without|no|missing|lacking|lacks?|with|have|has|got|having)$/.test(token.low)) return [];
    const with_ = /^(?:with|have|has|got|having)$/.test(token.low);
    const rest = words.tokens.slice(at + 1, at + 6);
    const end = rest.findIndex((one) => BREAKS.test(one.low));
    const span = (end < 0 ? rest : rest.slice(0, end)).filter((one) => !words.used.has(words.tokens.indexOf(one)));
    if (
      with_ &&
      (span.length === 0 ||
        /^(?:no|not|been|any|fewer|less|more|at|to)$/.test(span[0]?.low ?? '') ||
        /^(?:bound|figure|verb|auxiliary)$/.test(span[0]?.part ?? ''))
    )
      return [];
    const what = span.map((one) => one.low).join(' ');
    const place = { from: at, to: at + 1 + span.length };
    const own = entity.fields
      .map((field) => ({ field, telling: rootsIn(field.label) }))
      .filter(({ telling }) => telling.length > 0 && telling.some((root) => rootsIn(what).includes(root)))
      .sort((a, b) => shared(b.telling, what) - shared(a.telling, what))[0]?.field;
    if (own?.type === 'boolean') {
      use(words, place);
      return [said(on(own, 'is', with_ ? 'yes' : 'no'))];
    }
    if (own && own.type !== 'choice') {
      use(words, place);
      return [said(on(own, with_ ? 'is_not_empty' : 'is_empty'))];
    }
    const other = mentionsOf(draft, what)[0]?.entity;
    if (!other || !isLinked(other, entity)) return [];
    use(words, place);
    return [counted(draft, entity, other, what, with_ ? 'above' : 'below', with_ ? '0' : '1')];
  });
}

const shared = (telling: readonly string[], said: string): number => telling.filter((root) => rootsIn(said).includes(root)).length / telling.length;

const isLinked = (from: Entity, to: Entity): boolean => from !== to && linksBetween(from, to).length > 0;

/** More or fewer records of another list belong to each of these. `what`: which of them count. */
function counted(
  draft: Draft,
  owner: Entity,
  of: Entity,
  what: string,
  operator: 'above' | 'below',
  value: string,
  only?: readonly Condition[],
): Said {
  const where = only ?? heardOf(draft, of, what.replace(new RegExp(`\\b(?:${of.label_plural}|${of.label})\\b`, 'gi'), ' '), false).take();
  return { sure: only === undefined || only.length > 0 ? 3 : 2, take: () => on(countOf(draft, owner, of, where), operator, value) };
}

/** How many records of a list that meet conditions belong to each of another, as a worked-out value. */
export function countOf(draft: Draft, owner: Entity, of: Entity, where: readonly Condition[]): { readonly name: string } {
  const [first] = where;
  const such = !first ? '' : first.operator === 'is' && !/^(?:yes|no)$/.test(first.value ?? '') ? `${(first.value ?? '').toLowerCase()} ` : 'open ';
  return putValue(draft, owner, {
    kind: 'rollup',
    label: `number of ${such}${of.label_plural}`,
    type: 'integer',
    of: of.name,
    link: linksBetween(of, owner)[0]?.name ?? '',
    function: 'count',
    field: null,
    where: [...where],
  });
}

const BOUND = new RegExp(
  `\\b(fewer than|less than|under|below|(?:no|not) more than|at most|more than|over|above|at least|exceed(?:s|ing)?|only) (?:£|\\$|€)?(?:${FIGURE.replace(/\)$/, '|once|twice)')}\\b|the|their|its|a)?\\s*((?:(?!and\\b|but\\b|or\\b)[a-z-]+ ?){0,4})`,
  'i',
);
const LOW =
  /\b(?:(?:running |getting |is |are )*low(?: (?:in|on)(?: stock)?)?|run(?:ning)? out|nearly (?:empty|gone|out)|(?:need(?:s|ing)? )?(?:re-?order(?:ing|ed)?|restock(?:ing|ed)?|topping up))\b/i;
const OUT = /\b(?:out of stock|sold out|none left|all gone|used up|empty)\b/i;

/** "Fewer than 3 reviews", "below the reorder level", "over £100", "twice or more". */
function boundCondition(draft: Draft, words: Words, entity: Entity): Said[] {
  const hit = BOUND.exec(words.text);
  const stock = entity.fields.find(
    (one) => NUMERIC_TYPES.includes(one.type) && /quantity|stock|count|copies|how many|left|number/i.test(one.label) && !LEVEL.test(one.label),
  );
  const level = entity.fields.find((one) => NUMERIC_TYPES.includes(one.type) && LEVEL.test(one.label));
  const low = LOW.exec(words.text) ?? (hit && /level|minimum|reorder|threshold|par\b/i.test(hit[3] ?? '') ? hit : null);
  if (stock && low && !(hit?.[2] && low !== hit)) {
    markText(words, low.index, low.index + low[0].length);
    const assumed = `Low in stock means fewer than 5 ${entity.label_plural}.`;
    return [
      {
        sure: 3,
        take: () => {
          if (!level && !draft.assumptions.includes(assumed)) draft.assumptions.push(assumed);
          return on(stock, 'below', level?.name ?? '5');
        },
      },
    ];
  }
  const out = stock ? OUT.exec(words.text) : null;
  if (stock && out) {
    markText(words, out.index, out.index + out[0].length);
    return [said(on(stock, 'below', '1'))];
  }
  const figure = figureOf(hit?.[2] ?? '');
  if (!hit || /^(?:days?|weeks?|months?|years?|fortnights?)\b/i.test(hit[3] ?? '') || hit[2] === undefined || Number.isNaN(figure)) return [];
  const way = (hit[1] ?? '').toLowerCase();
  const below = /fewer|less|under|below|most|only|not? more/.test(way);
  const value = String(/at most|only|not? more/.test(way) ? figure + 1 : way === 'at least' ? figure - 1 : figure);
  const what = hit[3] ?? '';
  const near = `${words.text.slice(Math.max(0, hit.index - 30), hit.index)} ${what}`;
  const other =
    mentionsOf(draft, what)[0]?.entity ??
    (/^times\b|^$/.test(what.trim()) && /\b(?:once|twice|times)\b/i.test(hit[0]) ? happeningTo(draft, [entity], words.text) : undefined);
  const field =
    amountIn({ ...draft, schema: { ...draft.schema, entities: [entity] } }, near, [entity], 1.6)?.field ??
    (/^(?:left|in stock|remaining|of them)?\s*$/.test(what) ? stock : undefined);
  const operator = below ? 'below' : 'above';
  const found = other && isLinked(other, entity) ? counted(draft, entity, other, what, operator, value) : field && said(on(field, operator, value));
  if (!found) return [];
  markText(words, hit.index, hit.index + hit[0].trimEnd().length);
  return [found];
}

const LEVEL = /level|minimum|min\b|threshold|reorder/i;

/** "Inks never used", "players who haven't played", "lockers in use", "pens inked up now": by what happens to them. */
function happeningCondition(draft: Draft, words: Words, entity: Entity): Said[] {
  const at = words.tokens.findIndex((one, index) => !words.used.has(index) && NEGATIONS.test(one.low) && one.low !== 'yet');
  const now = /\b(?:right now|at the moment|at present|currently|in use|now|taken|occupied|on loan|lent out|rented out|booked out|out)\b/i.exec(
    words.text,
  );
  const free = /\b(?:free|available|vacant|unused|empty|unbooked|not taken)\b/i.exec(words.text);
  const doing = linkedTo(draft, entity).length === 0 ? undefined : happeningTo(draft, [entity], words.text.replace(/n't\b/g, ' not '));
  if (!doing) return [];
  if (at >= 0) {
    const verb = words.tokens.findIndex(
      (one, index) => index > at && !words.used.has(index) && (one.part === 'verb' || rootOf(one.low) === rootOf(doing.label)),
    );
    if (verb < 0 || verb > at + 4) return [];
    words.used.add(at);
    words.used.add(verb);
    return [counted(draft, entity, doing, '', 'below', '1', [])];
  }
  const hit = now ?? free;
  const open = hit ? underWay(doing) : [];
  if (!hit || open.length === 0) return [];
  markText(words, hit.index, hit.index + hit[0].length);
  return [counted(draft, entity, doing, '', now ? 'above' : 'below', now ? '0' : '1', open)];
}

/** What goes on today: not ended yet, or begun by today and ending today or later. */
export function underWay(entity: Entity): Condition[] {
  const open = openConditions(entity);
  if (open.length > 0) return open;
  const days = entity.fields.filter((field) => DATED_TYPES.includes(field.type));
  const to = days.find((field) => /end|until|depart|leav|check-?out|to\b|till|finish|return|last/i.test(field.label));
  const from = days.find((field) => field !== to && /start|begin|from|arriv|check-?in|first|date/i.test(field.label));
  return from && to ? [on(from, 'within_past_days', '3650'), on(to, 'today_or_later')] : [];
}

/**
 * The conditions that words set for the records of a list. `deep`: also by what is linked to them. Worked-out values that a
 * condition needs are added to the list.
 */
export function heardOf(draft: Draft, entity: Entity, text: string, deep = true): Heard {
  const plain = text.replace(/(?<=\w)-(?=\w)/g, ' ');
  const words: Words = { text: plain, tokens: tokensOf(plain), used: new Set() };
  for (const one of mentionsOf(draft, text)) if (one.entity === entity) markText(words, one.at, one.end);
  const found: Said[] = [];
  if (deep) found.push(...boundCondition(draft, words, entity));
  for (const field of entity.fields) if (field.type === 'choice') found.push(...stateConditions(words, field));
  for (const field of entity.fields)
    if (field.type === 'boolean' || (DATED_TYPES.includes(field.type) && isDone(field))) found.push(...doneCondition(words, field));
  if (deep) found.push(...lackConditions(draft, words, entity));
  if (found.length === 0) found.push(...openOrDone(words, entity));
  if (deep && found.length === 0) found.push(...happeningCondition(draft, words, entity));
  const missed = words.tokens.filter(
    (one, at) => !words.used.has(at) && ((NEGATIONS.test(one.low) && one.low !== 'yet') || (one.part === 'bound' && one.lemma !== 'exactly')),
  ).length;
  return {
    count: found.length,
    sure: found.reduce((sum, one) => sum + one.sure, 0),
    missed,
    take: () => unique(found.map((one) => one.take())).slice(0, 8),
  };
}

const unique = (conditions: readonly Condition[]): Condition[] => [
  ...new Map(conditions.map((one) => [`${one.field} ${one.operator} ${one.value ?? ''}`, one])).values(),
];
