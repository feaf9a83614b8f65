import type { Condition, Entity, Field } from '#contracts';
import { DATED_TYPES } from '#contracts';
import { openConditions, stem } from '../rule-words.js';
import { rootsOf } from './roots.js';

/*
 * The states of a list that some words name: a choice ("in repair"), a yes-or-no field ("insured", "hasn't paid"), a day that is
 * filled in or not ("not returned"), a day that has passed ("expired", "out of date").
 */

export interface StateNamed {
  readonly entity: Entity;
  readonly where: Condition;
  readonly at: number;
  readonly end: number;
}

const LAPSED =
  /\b(?:expired?|expires|lapsed?|(?:has|have|had|is|are) (?:run|passed|over)|run(?:s)? out|ran out|out of date|past (?:its|their|the) \w+|no longer valid|overdue|invalid)\b/i;
const VALID = /\b(?:valid|in date|up to date|current|unexpired)\b/i;
const LAPSING = /expir|valid|until|due|end|renew|insur|permit|licen[cs]e|certificate|check|mot\b/i;
const LOCAL_NOT =
  /\b(?:not|isn['’]?t|aren['’]?t|wasn['’]?t|weren['’]?t|hasn['’]?t|haven['’]?t|hadn['’]?t|doesn['’]?t have|don['’]?t have|without|no)(?: (?:yet|been|be|fully|being|have|an?|the|their|its|any|already|properly|up|marked|paid|valid))*\s*$/i;
const MODAL_NOT =
  /\b(?:can|could|may|must|should|will|shall|would|is|are) ?(?:not|n['’]?t)(?: (?:be|been))?\s*$|\b(?:cannot|never|ca?n['’]?t)(?: (?:be|been))?\s*$/i;

const escaped = (words: string): string =>
  words
    .toLowerCase()
    .replace(/[^\w ]/g, '.')
    .replace(/[- ]+/g, '[- ]');

/** Every state of a list that a text names, the longest names first. */
export function statesNamed(entity: Entity, text: string): StateNamed[] {
  const low = text.toLowerCase();
  const found: (StateNamed & { length: number })[] = [];
  const add = (hit: RegExpExecArray | null, field: Field, of: (negated: boolean) => Condition): void => {
    if (!hit) return;
    const before = low.slice(0, hit.index);
    if (isThing(low, hit, entity)) return;
    const modal = /\b(?:can|could|may|must|should|will|would|never)\b[^,;]{0,6}(?:not|n['’]?t)? ?(?:be )?$/i.test(before) && MODAL_NOT.test(before);
    const negated = (hit[1] !== undefined && hit[1] !== '') !== (!modal && LOCAL_NOT.test(before));
    found.push({
      entity,
      where: of(negated),
      at: hit.index,
      end: hit.index + hit[0].length,
      length: hit[0].length + (field.type === 'choice' ? 1 : 0),
    });
  };
  for (const field of entity.fields) {
    if (field.type === 'choice') {
      for (const choice of field.choices.filter((one) => one.length > 1))
        add(choiceIn(low, choice), field, (not) => ({ field: field.name, operator: not ? 'is_not' : 'is', value: choice }));
    } else if (field.type === 'boolean') {
      const words = field.label
        .toLowerCase()
        .replace(/^(?:is|has|have|was) /, '')
        .replace(/ or not$/, '');
      add(new RegExp(`(?<![\\w-])(un|in|non-?)?(?:${escaped(words)})(?![\\w-])`).exec(low) ?? byRoot(low, words), field, (not) => ({
        field: field.name,
        operator: 'is',
        value: not ? 'no' : 'yes',
      }));
    } else if (DATED_TYPES.includes(field.type)) {
      const words = field.label
        .toLowerCase()
        .replace(/\b(?:date|time|on|at|day|of)\b/g, ' ')
        .replace(/\s+/g, ' ')
        .trim();
      if (/(?:ed|en|ght|id|ld|back|out|in|nt)$/.test(words))
        add(new RegExp(`(?<![\\w-])(un)?(?:${escaped(words)})(?![\\w-])`).exec(low), field, (not) => ({
          field: field.name,
          operator: not ? 'is_empty' : 'is_not_empty',
          value: null,
        }));
    }
  }
  if (found.length === 0) return lapsed(entity, text);
  return found
    .sort((a, b) => b.length - a.length || a.at - b.at)
    .filter((one, index, all) => !all.slice(0, index).some((longer) => longer.at <= one.at && longer.end >= one.end));
}

/** "A cat never goes there": what the thing is, and no state that it is in; "an available bike" and "it is a fail" are states. */
function isThing(low: string, hit: RegExpExecArray, { label, label_plural: many }: Entity): boolean {
  const [before, behind] = [low.slice(0, hit.index), low.slice(hit.index + hit[0].length)];
  return (
    /(?<!\b(?:is|are|be|was|it's|as|when|if) )\b(?:an?|the|each|every|one|two|no|our|any) $/.test(before) &&
    !new RegExp(`^ (?:\\w+ )?(?:${label}|${many}|ones?)\\b`, 'i').test(behind)
  );
}

/** A choice by its name, or a single word by its stem: "approval" and "approving" for "approved". */
function choiceIn(low: string, choice: string): RegExpExecArray | null {
  const name = choice.toLowerCase();
  const whole = new RegExp(`(?<![\\w-])(un|in|non-?)?${escaped(name)}(?![\\w-])`).exec(low);
  return (
    whole ??
    (name.includes(' ') || name.length < 5
      ? null
      : new RegExp(`(?<![\\w-])()${escaped(stem(name))}(?:al|ing|ion|e|es|s|ed|ment|d)?(?![\\w-])`).exec(low))
  );
}

/** "insurance" for "insured", "has no licence" for "has licence". */
function byRoot(low: string, words: string): RegExpExecArray | null {
  const own = words.split(' ').filter((word) => word.length > 3);
  const [only] = own;
  if (own.length !== 1 || only === undefined) return null;
  const hit = rootsOf(low).find((one) => rootsOf(only).some((each) => each.root === one.root && each.root.length > 3));
  return hit ? new RegExp(`(?<=^.{${hit.at}})()${escaped(low.slice(hit.at, hit.end))}`, 's').exec(low) : null;
}

/** A day that has passed, or has not: "whose insurance has expired", "with a valid licence". */
function lapsed(entity: Entity, text: string): StateNamed[] {
  const over = LAPSED.exec(text);
  const hit = over ?? VALID.exec(text);
  const day = entity.fields.find((field) => DATED_TYPES.includes(field.type) && LAPSING.test(field.label));
  if (hit && day) {
    const not = LOCAL_NOT.test(text.slice(0, hit.index));
    const where: Condition = { field: day.name, operator: (over !== null) !== not ? 'before_today' : 'today_or_later', value: null };
    return [{ entity, where, at: hit.index, end: hit.index + hit[0].length }];
  }
  const still =
    /\b(?:still (?:out|open|on loan|away|lent)|(?:isn['’]?t|not) (?:yet )?(?:back|returned|paid)|has(?:n['’]?t| not) (?:yet )?(?:been |come )?(?:back|returned|paid|brought back))\b/i.exec(
      text,
    );
  const [open] = still ? openConditions(entity) : [];
  return still && open ? [{ entity, where: open, at: still.index, end: still.index + still[0].length }] : [];
}

/** The other way round: what is paid is not paid, what is empty is filled in. */
export function opposite(state: Condition): Condition {
  if (state.operator === 'is' && (state.value === 'yes' || state.value === 'no')) return { ...state, value: state.value === 'yes' ? 'no' : 'yes' };
  const turned = {
    is: 'is_not',
    is_not: 'is',
    is_empty: 'is_not_empty',
    is_not_empty: 'is_empty',
    before_today: 'today_or_later',
    today_or_later: 'before_today',
  } as const;
  return { ...state, operator: turned[state.operator as keyof typeof turned] };
}
