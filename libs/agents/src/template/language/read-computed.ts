import type { Condition, Entity, Field } from '#contracts';
import { NUMERIC_TYPES } from '#contracts';
import { ensureEntity, findEntity, findField, meantEntity, putComputed, putField } from './draft.js';
import type { Draft } from './draft.js';
import { isPerson } from './lexicon.js';
import { noteImpossible } from './read-fields.js';
import { openConditions } from './rule-words.js';
import { nounPhrase } from './sentences.js';
import { capital, plural, singular, snake } from './words.js';

/*
 * Lists and totals in plain words: "overdue loans", "total hours per project", "how many books each member has",
 * "products that are low in stock". Read after all fields are known.
 */

const PER = '(?:per|by|for each|for every|of each|of every|in each|each|every|grouped by)';
const SUM = new RegExp(
  `\\b(?:total|sum of(?: the)?|overall|how much|sums? up(?: the)?|adds? up(?: the)?|how many)\\s+(?:amount of |number of |of |the )*([a-z][a-z -]*?)(?:\\s+(?:is|was|are|were|has been|have been|we|i|each|every|they)\\b[a-z ]*?)?(?:\\s+${PER}\\s+([a-z][a-z -]*?))?(?=[,.;()]|\\s+(?:has|have|is|are|was|were|and|so|that|in a|on the|worked|spent|owns?|borrowed|did|does)\\b|$)`,
  'gi',
);
const AVERAGE = new RegExp(
  `\\baverage\\s+([a-z][a-z -]*?)(?:\\s+(?:of (?:all )?[a-z -]+? )?${PER}\\s+([a-z][a-z -]*?))?(?=[,.;()]|\\s+and\\b|$)`,
  'gi',
);
const COUNT = new RegExp(
  `\\b(?:number of|count of|how many|counts?)\\s+([a-z][a-z -]*?)\\s+(?:\\w+ )?${PER}\\s+([a-z][a-z -]*?)(?=[,.;()]|\\s+(?:has|have|is|are|was|were|and|owns?|borrowed|does|did|gets|needs)\\b|$)`,
  'gi',
);
const STATES =
  'overdue|late|unpaid|unreturned|undone|unfinished|incomplete|outstanding|upcoming|past|expired|expiring|low[- ]stock|open|closed|done|finished|completed|paid|pending|urgent|active|inactive|available|returned|borrowed|lent|cancelled|archived|new|planned|due';
const STATE_FIRST = new RegExp(`\\b(${STATES})\\s+(?:and \\w+ )?([a-z]+(?: [a-z]+)?)`, 'gi');
const BOTH_STATES = new RegExp(`\\b(${STATES}),? (?:and|or) (${STATES}) ([a-z]+)`, 'gi');
const STATE_AFTER = new RegExp(
  `\\b([a-z]+(?: [a-z]+)?)\\s+(?:(?:which|that|who)\\s+)?(?:are|is|have|has|were|was)?\\s*(not yet|not|still|never|running)?\\s*(?:been )?(?:currently )?(${STATES}|low(?: in stock| on stock)?|out of stock|below (?:their|the|its) [a-z ]+)\\b(?:\\s+(today|soon|this week|this month|in the next \\d+ days|within \\d+ days))?`,
  'gi',
);
const TRIGGER = /\b(show|see|list|lists|display|view|find|which|what|who|overview|know|highlight|filter|page|want|need|tell|dashboard)\b/i;

/** Reads every list and total a sentence asks for; answers whether there was one. */
export function readComputed(draft: Draft, said: string): boolean {
  const before = JSON.stringify(draft.schema.computed);
  const sentence = said.replace(/\b(totals?|sums?) (?=per |by |for each |for every )/gi, 'total amount ');
  for (const match of sentence.matchAll(COUNT)) readCount(draft, match[1] ?? '', match[2] ?? '');
  for (const match of sentence.matchAll(AVERAGE)) readNumbers(draft, 'average', match[1] ?? '', match[2]);
  for (const match of sentence.matchAll(SUM))
    if (!/^how many/i.test(match[0]) || /hours/i.test(match[1] ?? '')) readNumbers(draft, 'sum', match[1] ?? '', match[2]);
  readStateLists(draft, said);
  return JSON.stringify(draft.schema.computed) !== before;
}

/** Reads the lists of records in a state that a sentence asks for; answers whether there was one. */
export function readStateLists(draft: Draft, said: string): boolean {
  const before = JSON.stringify(draft.schema.computed);
  const sentence = said.replace(BOTH_STATES, '$1 $3 and $2 $3');
  const asked = TRIGGER.test(sentence) || sentence.split(' ').length <= 4;
  for (const match of sentence.matchAll(STATE_FIRST)) {
    const state = (match[1] ?? '').toLowerCase();
    if (/\bwho(?:m)?(?: \w+)?$/i.test(sentence.slice(0, match.index).trim()) || /^(it|them|by|to)\b/i.test(match[2] ?? '')) continue;
    if (asked || /^(overdue|upcoming|unpaid|expired|expiring|low)/.test(state)) readState(draft, state, match[2] ?? '', false);
  }
  for (const match of asked ? sentence.matchAll(STATE_AFTER) : []) {
    if (/\b(who|whom|and|or|the|it|them|they|all|show|list|see)$/i.test(match[1] ?? '')) continue;
    readState(
      draft,
      `${(match[3] ?? '').toLowerCase()}${match[4] ? ` ${match[4].toLowerCase()}` : ''}`,
      match[1] ?? '',
      /not|never/.test(match[2] ?? ''),
    );
  }
  return JSON.stringify(draft.schema.computed) !== before;
}

/** The entity that the words mean, trying the whole phrase and then its last word. */
const entityOf = (draft: Draft, words: string): Entity | undefined => {
  const phrase = nounPhrase(words) ?? words;
  return meantEntity(draft, phrase) ?? findEntity(draft, phrase.split(' ').at(-1) ?? '') ?? findEntity(draft, phrase.split(' ')[0] ?? '');
};

/** The field by which an entity's records are grouped when the words say `per client`; added where two lists have no link. */
export function groupField(draft: Draft, entity: Entity, words: string): Field | undefined {
  const person = !draft.exact && isPerson(singular(words)) && !/^(?:person|people|head)s?$/i.test(words) && !findField(entity, words);
  const target = findEntity(draft, singular(words)) ?? (person ? ensureEntity(draft, words) : undefined);
  const link = target && entity.fields.find((field) => field.type === 'reference' && field.target === target.name);
  if (link) return link;
  const own = findField(entity, singular(words)) ?? findField(entity, words);
  if (own && own.type === 'text' && !draft.exact && isPerson(own.label) && own.label !== 'author')
    return putField(draft, entity, { label: own.label, type: 'reference', target: ensureEntity(draft, own.label).name });
  if (own && ['choice', 'reference', 'text'].includes(own.type)) return own;
  if (!target || target === entity) return undefined;
  const indirect = entity.fields.some((field) =>
    draft.schema.entities.find((one) => one.name === field.target)?.fields.some((far) => far.target === target.name),
  );
  if (!indirect) return putField(draft, entity, { label: target.label, type: 'reference', target: target.name });
  noteImpossible(draft, {
    what: `Totals of ${entity.label_plural} per ${target.label}`,
    why: `${entity.label_plural} are linked to ${target.label_plural} only through another list`,
  });
  return undefined;
}

function readCount(draft: Draft, what: string, per: string): void {
  const target = findEntity(draft, singular(per));
  const counted = entityOf(draft, what);
  if (!counted) return;
  const linked =
    target && !counted.fields.some((field) => field.target === target.name)
      ? draft.schema.entities.find((one) => [counted, target].every((end) => one.fields.some((field) => field.target === end.name)))
      : undefined;
  const entity = linked ?? counted;
  const by = groupField(draft, entity, per);
  if (!by) return;
  const label = capital(`${entity.label_plural} per ${by.label}`);
  putComputed(draft, { kind: 'count', name: snake(label), label, entity: entity.name, by: by.name });
}

function readNumbers(draft: Draft, kind: 'sum' | 'average', what: string, per: string | undefined): void {
  const words = (
    nounPhrase(what.replace(/\s+of (?:all|the|every|each)\b.*$/i, '').replace(/\b(worked|spent|paid|sold|used)\b/gi, ''), 4) ?? what
  ).trim();
  const found = numbersOf(draft, words, per, kind);
  if (!found) {
    const counted = kind === 'sum' ? findEntity(draft, words) : undefined;
    if (counted && per) readCount(draft, words, per);
    else if (counted)
      putComputed(draft, {
        kind: 'count',
        name: snake(`number_of_${counted.label_plural}`),
        label: `Number of ${counted.label_plural}`,
        entity: counted.name,
        by: null,
      });
    return;
  }
  const { entity, field } = found;
  const by = per === undefined ? null : groupField(draft, entity, per);
  if (by === undefined) return;
  const label = `${kind === 'sum' ? 'Total' : 'Average'} ${field.label}${by ? ` per ${by.label}` : per === undefined ? ` of ${entity.label_plural}` : ''}`;
  putComputed(draft, { kind, name: snake(label), label, entity: entity.name, field: field.name, by: by?.name ?? null });
}

function numbersOf(draft: Draft, words: string, per: string | undefined, kind: 'sum' | 'average'): { entity: Entity; field: Field } | undefined {
  const pairs = draft.schema.entities.flatMap((entity) =>
    entity.fields.filter((field) => NUMERIC_TYPES.includes(field.type)).map((field) => ({ entity, field })),
  );
  const links = (entity: Entity): number =>
    per && (entity.fields.some((field) => field.target === findEntity(draft, singular(per))?.name) || findField(entity, singular(per))) ? 1 : 0;
  const byLink = (a: { entity: Entity }, b: { entity: Entity }): number => links(b.entity) - links(a.entity);
  const named = pairs.filter(({ entity, field }) => snake(field.label) === snake(words) || findField(entity, words) === field).sort(byLink)[0];
  if (named) return named;
  const thing = findEntity(draft, words) ?? findEntity(draft, words.split(' ')[0] ?? '');
  const rank = (field: Field): number =>
    kind === 'average' && field.type === 'rating' ? -1 : ['money', 'number', 'integer', 'rating'].indexOf(field.type);
  const ofThing = pairs.filter(({ entity }) => entity === thing).sort((a, b) => rank(a.field) - rank(b.field))[0];
  if (ofThing) return ofThing;
  if (/^(amount|money|cost|spending|expenses?|spent|revenue|income|value|price|due)?$/i.test(words))
    return pairs.filter(({ field }) => field.type === 'money').sort(byLink)[0];
  return undefined;
}

/** What "everything that is overdue" can only mean: the records that have a due date. */
const dueEntity = (draft: Draft, state: string): Entity | undefined =>
  /^(overdue|late|due)/.test(state)
    ? draft.schema.entities.find((entity) =>
        entity.fields.some((field) => field.type === 'date' && /due|deadline|until|expir|return/.test(field.label)),
      )
    : undefined;

/** Adds the list of an entity's records in a state: `overdue` loans, books `not returned`. */
export function readState(draft: Draft, state: string, words: string, negated: boolean): void {
  const named = entityOf(draft, words) ?? (/\b(what|which|anything|everything|all|things|items)$/i.test(words) ? dueEntity(draft, state) : undefined);
  if (!named) return;
  const carrier = draft.schema.entities.find(
    (one) =>
      one !== named &&
      one.fields.some((field) => field.target === named.name) &&
      /^(overdue|late|unreturned|returned|borrowed|lent)$/.test(state) &&
      findField(one, 'return date'),
  );
  const entity = carrier ?? named;
  const conditions = conditionsFor(draft, entity, state, negated);
  if (!conditions || conditions.length === 0) return;
  const shown = negated
    ? `${capital(entity.label_plural)} not ${state}`
    : /^(due |below|low |out )/.test(state)
      ? `${capital(entity.label_plural)} ${state}`
      : `${capital(state)} ${entity.label_plural}`;
  const same = draft.schema.computed.some(
    (one) => one.kind === 'list' && one.entity === entity.name && JSON.stringify(one.conditions) === JSON.stringify(conditions),
  );
  if (!same) putComputed(draft, { kind: 'list', name: snake(shown), label: shown, entity: entity.name, conditions });
}

const CLOSING = /^(return(ed)?( date| on)?|done|paid( on)?|completed( on)?|finished( on)?|closed( on)?|delivered|resolved)$/i;

function conditionsFor(draft: Draft, entity: Entity, state: string, negated: boolean): Condition[] | null {
  const dates = entity.fields.filter((field) => field.type === 'date' || field.type === 'datetime');
  const due = (): Field =>
    dates.find((field) => /due|deadline|until|expir|best before|end/i.test(field.label)) ??
    (dates.length === 1 && dates[0] && !CLOSING.test(dates[0].label) ? dates[0] : putField(draft, entity, { label: 'due date', type: 'date' }));
  const event = dates.find((field) => !CLOSING.test(field.label));
  const on = (field: Field, operator: Condition['operator'], value: string | null = null): Condition => ({ field: field.name, operator, value });
  const exact = exactState(entity, state, negated);
  if (/^(overdue|late)$/.test(state)) return [on(due(), 'before_today'), ...openConditions(entity, false)];
  if (/^expired$/.test(state)) return [on(due(), 'before_today')];
  if (/^expiring/.test(state)) return [on(due(), 'within_days', '30')];
  const soon = /^due(?: (?:today|soon|this week|this month|(?:in the next|within) (\d+) days))?$/.exec(state);
  if (soon)
    return [on(due(), 'within_days', soon[1] ?? (/today/.test(state) ? '0' : /month/.test(state) ? '30' : '7')), ...openConditions(entity, false)];
  if (/^upcoming$/.test(state)) return event ? [on(event, 'today_or_later')] : null;
  if (/^past$/.test(state)) return event ? [on(event, 'before_today')] : null;
  if (/^(low|out of stock|below)/.test(state)) return lowStock(draft, entity, state);
  if (exact) return [exact];
  if (/^(unpaid|unreturned|undone|unfinished|incomplete|outstanding|open|pending|borrowed|lent)$/.test(state) && !negated)
    return openConditions(entity, false);
  if (/^(done|finished|completed|paid|returned|closed)$/.test(state)) return openConditions(entity, !negated);
  return null;
}

/** A state that is a yes-or-no field or a choice of the entity by name. */
function exactState(entity: Entity, state: string, negated: boolean): Condition | null {
  for (const field of entity.fields) {
    if (field.type === 'boolean' && field.label === state) return { field: field.name, operator: 'is', value: negated ? 'no' : 'yes' };
    if (field.type === 'boolean' && state === `un${field.label}`) return { field: field.name, operator: 'is', value: 'no' };
    const value = field.choices.find((choice) => choice.toLowerCase() === state);
    if (value) return { field: field.name, operator: negated ? 'is_not' : 'is', value };
  }
  return null;
}

function lowStock(draft: Draft, entity: Entity, state: string): Condition[] | null {
  const stock = entity.fields.find(
    (field) => /quantity|stock|count|copies/i.test(field.label) && !/level|minimum|reorder/i.test(field.label) && NUMERIC_TYPES.includes(field.type),
  );
  if (!stock) return null;
  if (state.startsWith('out')) return [{ field: stock.name, operator: 'below', value: '1' }];
  const level = entity.fields.find((field) => /level|minimum|threshold/i.test(field.label) && NUMERIC_TYPES.includes(field.type));
  if (!level) draft.assumptions.push(`Low in stock means fewer than 5 ${plural(entity.label)}.`);
  return [{ field: stock.name, operator: 'below', value: level?.name ?? '5' }];
}
