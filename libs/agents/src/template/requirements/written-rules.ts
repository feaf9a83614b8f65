import type { DatabaseSchema, Entity, Rule } from '#contracts';
import { NUMERIC_TYPES } from '#contracts';
import { putRule } from '../language/behaviour.js';
import type { RuleWish } from '../language/behaviour.js';
import type { Draft } from '../language/draft.js';
import { capital } from '../language/words.js';
import { readConditions, whereOf } from './conditions.js';
import { type Sentence, entityNamed, fieldNamed, memberLabel, memberNamed, nameOf, oneOf, operandLabel, operandNamed, someOf } from './names.js';

/*
 * Rules:
 *
 *   Two bookings with the same room must not overlap between the start and the end.
 *   Two lessons with the same teacher on the same day must not overlap between the start and the end, counting only those where ...
 *   No two plots have the same cemetery, section and number together.
 *   The quantity of an item must be at least 0.      The end of a booking must be after the start.
 *   The length of a boat must be at most the length of its berth.
 *   A shift must have at least 2 volunteers.
 *   There may be at most 5 loans per member where the return date is empty.
 *   There may be at most as many bookings per class as the capacity of the class.
 *   The hours of all time entries may add up to at most 24 per person in each day of the date.
 *   A ticket needs a reason where the status is "rejected".
 *   The bike of a rental must be one where the status is "available".
 *   An invoice cannot be changed or deleted where the status is "paid".
 */

type Comparison = Extract<Rule, { kind: 'compare' }>['operator'];

export function writeRule(schema: DatabaseSchema, entity: Entity, rule: Rule): string {
  const the = (name: string): string => `the ${memberLabel(entity, name)}`;
  const many = nameOf(entity.label_plural);
  const one = oneOf(entity.label);
  switch (rule.kind) {
    case 'no_overlap': {
      const same = rule.same.length > 0 ? ` with the same ${rule.same.map((name) => memberLabel(entity, name)).join(' and ')}` : '';
      const day = rule.day === null ? '' : ` on the same ${memberLabel(entity, rule.day)}`;
      const counting = rule.where.length > 0 ? `, counting only those${whereOf(entity, rule.where)}` : '';
      return `Two ${many}${same}${day} must not overlap between ${the(rule.from)} and ${the(rule.to)}${counting}.`;
    }
    case 'unique_together':
      return `No two ${many} have the same ${rule.fields.map((name) => memberLabel(entity, name)).join(' and ')} together.`;
    case 'compare':
      return writeCompare(schema, entity, rule);
    case 'limit': {
      const linked = schema.entities.find((other) => other.name === entity.fields.find((field) => field.name === rule.by)?.target);
      const by = rule.by === null ? '' : ` per ${memberLabel(entity, rule.by)}`;
      const period = rule.period === null ? '' : ` in each ${rule.period} of ${the(rule.day ?? '')}`;
      const maximum = typeof rule.maximum === 'number' ? String(rule.maximum) : `the ${memberLabel(linked, rule.maximum)}`;
      const where = whereOf(entity, rule.where);
      if (rule.field !== null) return `The ${memberLabel(entity, rule.field)} of all ${many} may add up to at most ${maximum}${by}${period}${where}.`;
      if (typeof rule.maximum === 'number')
        return `There may be at most ${maximum} ${rule.maximum === 1 ? nameOf(entity.label) : many}${by}${period}${where}.`;
      return `There may be at most as many ${many}${by}${period} as ${maximum}${where}.`;
    }
    case 'required_when':
      return `${capital(one)} needs ${someOf(entity.fields.find((field) => field.name === rule.field)?.label ?? rule.field)}${whereOf(entity, rule.where)}.`;
    case 'linked_must': {
      const field = entity.fields.find((each) => each.name === rule.link);
      const target = schema.entities.find((other) => other.name === field?.target);
      return `The ${memberLabel(entity, rule.link)} of ${one} must be ${field?.type === 'references' ? 'ones' : 'one'}${whereOf(target, rule.where)}.`;
    }
    case 'locked_when':
      return `${capital(one)} cannot be ${rule.actions.map((action) => `${action}d`).join(' or ')}${whereOf(entity, rule.where)}.`;
  }
}

const NUMBER_WORDS: Record<Comparison, string> = { at_least: 'at least', at_most: 'at most', above: 'more than', below: 'less than' };
const ORDER_WORDS: Record<Comparison, string> = { at_least: 'not be before', at_most: 'not be after', above: 'be after', below: 'be before' };

function writeCompare(schema: DatabaseSchema, entity: Entity, { field, operator, value }: Extract<Rule, { kind: 'compare' }>): string {
  const type = [...entity.fields, ...entity.values].find((one) => one.name === field)?.type ?? 'text';
  const other = typeof value === 'number' ? String(value) : value === 'today' ? 'today' : `the ${operandLabel(schema, entity, value)}`;
  const one = oneOf(entity.label);
  if (type === 'references') {
    const what = memberLabel(entity, field);
    return `${capital(one)} must have ${NUMBER_WORDS[operator].replace('less', 'fewer')} ${typeof value === 'number' ? `${other} ${what}` : `as many ${what} as ${other}`}.`;
  }
  const words = NUMERIC_TYPES.includes(type) ? `be ${NUMBER_WORDS[operator]}` : ORDER_WORDS[operator];
  return `The ${memberLabel(entity, field)} of ${one} must ${words} ${other}.`;
}

const NUMBER = '-?\\d+(?:\\.\\d+)?(?:e[+-]?\\d+)?';
const OVERLAP =
  /^(?:No )?two (.+?)(?: with the same (.+?))?(?: on the same (.+?))? (?:must|may|can)(?: not|not)? overlap between (?:the )?(.+?) and (?:the )?(.+?)(?:,? counting only those where (.+))?$/i;
const UNIQUE = /^No two (.+?) (?:may |can |must )?(?:have|share) the same (.+?,? (?:and|or) .+?)(?: together)?$/i;
const COMPARE = new RegExp(
  `^The (.+) of (?:an?|each|every) (.+?) (?:must|has to|should) (?:be )?(not be before|not be after|at least|at most|more than|less than|(?:be )?after|(?:be )?before|above|below) (today|${NUMBER}|(?:the )?(?:"\\d+"|.+))$`,
  'i',
);
const COUNTED = new RegExp(
  `^(?:An?|Each|Every) (.+?) must have (at least|at most|more than|fewer than) (?:(${NUMBER}) (.+)|as many (.+?) as the (.+))$`,
  'i',
);
const PER = '(?: per (.+?))?(?: in each (day|week|month|year) of the (.+?))?';
const LIMIT = new RegExp(`^There (?:may|can|must) be at most (?:(${NUMBER})|as many) (.+?)${PER}(?: as the (.+?))?(?: where (.+))?$`, 'i');
const SUM_LIMIT = new RegExp(`^The (.+?) of all (.+?) (?:may|can|must) add up to at most (?:(${NUMBER})|the (.+?))${PER}(?: where (.+))?$`, 'i');
const NEEDS = /^(?:An?|Each|Every) (.+?) needs (.+?) where (.+)$/i;
const LINKED = /^The (.+) of (?:an?|each|every) (.+?) must be ones? where (.+)$/i;
const LOCKED = /^(?:An?|Each|Every) (.+?) cannot be (changed|deleted)(?: or (changed|deleted))? where (.+)$/i;

/** Reads one of these sentences; false where it is none. */
export function readRuleSentence(draft: Draft, sentence: Sentence): boolean {
  const found = ruleIn(draft, sentence);
  if (!found) return false;
  putRule(draft, found.entity, found.rule);
  draft.last = found.entity;
  return true;
}

interface Found {
  readonly entity: Entity;
  readonly rule: RuleWish;
}

function ruleIn(draft: Draft, sentence: Sentence): Found | null {
  const readers = [overlapIn, uniqueIn, linkedIn, countedIn, compareIn, limitIn, sumLimitIn, neededIn, lockedIn];
  for (const reader of readers) {
    const found = reader(draft, sentence);
    if (found) return found;
  }
  return null;
}

function overlapIn(draft: Draft, sentence: Sentence): Found | null {
  const [, many, same, on, start, end, where] = OVERLAP.exec(sentence.text) ?? [];
  const entity = many === undefined ? undefined : entityNamed(draft, sentence, many);
  if (!entity) return null;
  const name = (words: string | undefined): string | undefined => fieldNamed(entity, sentence, words)?.name;
  const fields = sentence.items(same).map((one) => name(one));
  const day = on === undefined ? null : name(on);
  const [from, to, conditions] = [name(start), name(end), readConditions(entity, sentence, where)];
  if (fields.some((one) => one === undefined) || day === undefined || !from || !to || !conditions) return null;
  return { entity, rule: { kind: 'no_overlap', same: fields.filter((one) => one !== undefined), from, to, day, where: conditions } };
}

function uniqueIn(draft: Draft, sentence: Sentence): Found | null {
  const [, many, same] = UNIQUE.exec(sentence.text) ?? [];
  const entity = many === undefined ? undefined : entityNamed(draft, sentence, many);
  const fields = entity ? sentence.items(same).map((one) => fieldNamed(entity, sentence, one)?.name) : [];
  if (!entity || fields.length < 2 || fields.length > 5 || fields.some((one) => one === undefined)) return null;
  return { entity, rule: { kind: 'unique_together', fields: fields.filter((one) => one !== undefined) } };
}

/** A number, `today` or an operand, as something is compared with it. */
function comparedWith(draft: Draft, entity: Entity, sentence: Sentence, words: string | undefined): number | string | undefined {
  const said = (words ?? '').trim();
  if (/^today$/i.test(said)) return 'today';
  return new RegExp(`^${NUMBER}$`, 'i').test(said) ? Number(said) : operandNamed(draft.schema, entity, sentence, said);
}

const operatorOf = (words: string): Comparison =>
  /at least|not be before/i.test(words)
    ? 'at_least'
    : /at most|not be after/i.test(words)
      ? 'at_most'
      : /more|above|after/i.test(words)
        ? 'above'
        : 'below';

function compareIn(draft: Draft, sentence: Sentence): Found | null {
  const [, what, noun, words = '', other] = COMPARE.exec(sentence.text) ?? [];
  const entity = noun === undefined ? undefined : entityNamed(draft, sentence, noun);
  const field = entity && memberNamed(entity, sentence, what);
  const value = entity && comparedWith(draft, entity, sentence, other);
  if (!entity || field === undefined || value === undefined) return null;
  return { entity, rule: { kind: 'compare', field, operator: operatorOf(words), value } };
}

function countedIn(draft: Draft, sentence: Sentence): Found | null {
  const [, noun, words = '', number, counted, others, other] = COUNTED.exec(sentence.text) ?? [];
  const entity = noun === undefined ? undefined : entityNamed(draft, sentence, noun);
  const field = entity && fieldNamed(entity, sentence, counted ?? others);
  const value = number !== undefined ? Number(number) : entity && operandNamed(draft.schema, entity, sentence, other);
  if (!entity || field?.type !== 'references' || value === undefined) return null;
  return { entity, rule: { kind: 'compare', field: field.name, operator: operatorOf(words), value } };
}

function limitOf(
  draft: Draft,
  sentence: Sentence,
  entity: Entity,
  [by, period, on, where, number, other]: readonly (string | undefined)[],
): RuleWish | null {
  const link = by === undefined ? null : fieldNamed(entity, sentence, by);
  const day = on === undefined ? null : fieldNamed(entity, sentence, on)?.name;
  const conditions = readConditions(entity, sentence, where);
  const target = draft.schema.entities.find((one) => one.name === link?.target);
  const maximum = number !== undefined ? Number(number) : target && memberNamed(target, sentence, other?.replace(/ of (?:the|its) .+$/i, ''));
  if (link === undefined || day === undefined || !conditions || maximum === undefined) return null;
  return { kind: 'limit', by: link?.name ?? null, maximum, day, period: (period?.toLowerCase() ?? null) as 'day' | null, where: conditions };
}

function limitIn(draft: Draft, sentence: Sentence): Found | null {
  const [, number, many, by, period, on, other, where] = LIMIT.exec(sentence.text) ?? [];
  const entity = many === undefined ? undefined : entityNamed(draft, sentence, many);
  const rule = entity && limitOf(draft, sentence, entity, [by, period, on, where, number, other]);
  return entity && rule ? { entity, rule } : null;
}

function sumLimitIn(draft: Draft, sentence: Sentence): Found | null {
  const [, what, many, number, other, by, period, on, where] = SUM_LIMIT.exec(sentence.text) ?? [];
  const entity = many === undefined ? undefined : entityNamed(draft, sentence, many);
  const field = entity && fieldNamed(entity, sentence, what)?.name;
  const rule = entity && limitOf(draft, sentence, entity, [by, period, on, where, number, other]);
  return entity && rule?.kind === 'limit' && field !== undefined ? { entity, rule: { ...rule, field } } : null;
}

function neededIn(draft: Draft, sentence: Sentence): Found | null {
  const [, noun, what, where] = NEEDS.exec(sentence.text) ?? [];
  const entity = noun === undefined ? undefined : entityNamed(draft, sentence, noun);
  const field = entity && fieldNamed(entity, sentence, what)?.name;
  const conditions = entity && readConditions(entity, sentence, where);
  return entity && field !== undefined && conditions?.length ? { entity, rule: { kind: 'required_when', field, where: conditions } } : null;
}

function linkedIn(draft: Draft, sentence: Sentence): Found | null {
  const [, what, noun, where] = LINKED.exec(sentence.text) ?? [];
  const entity = noun === undefined ? undefined : entityNamed(draft, sentence, noun);
  const link = entity && fieldNamed(entity, sentence, what);
  const target = draft.schema.entities.find((one) => one.name === link?.target);
  const conditions = target && readConditions(target, sentence, where);
  return entity && link && conditions?.length ? { entity, rule: { kind: 'linked_must', link: link.name, where: conditions } } : null;
}

function lockedIn(draft: Draft, sentence: Sentence): Found | null {
  const [, noun, first, second, where] = LOCKED.exec(sentence.text) ?? [];
  const entity = noun === undefined ? undefined : entityNamed(draft, sentence, noun);
  const conditions = entity && readConditions(entity, sentence, where);
  if (!entity || !conditions?.length) return null;
  const actions = [first, second].flatMap((one) => (one === undefined ? [] : [/^change/i.test(one) ? ('change' as const) : ('delete' as const)]));
  return { entity, rule: { kind: 'locked_when', where: conditions, actions } };
}
