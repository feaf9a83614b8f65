import { meantEntity } from '../draft.js';
import type { Draft } from '../draft.js';
import type { FieldSentence } from '../heads.js';
import { readFieldItem } from '../items.js';
import { splitItems } from '../split-items.js';
import { soundsLikeField } from '../field-words.js';
import { isNoThing } from '../sentences.js';
import { singular } from '../words.js';
import { gradeOf, isUnlikely, listedIn } from './attributes.js';
import { listingsIn } from './listing.js';
import { nounsIn } from './nouns.js';
import { canBeRecord, senseOf } from './senses.js';
import { subjectOf } from './subject.js';

/*
 * What a sentence lists of what, by its ingredients: an enumeration of what can be noted, and the nouns around it. Its
 * readings stand beside those of the readers that know a sentence's shape; the one that accounts for more is taken.
 */

/** Longer ones are no sentences of a person who describes something. */
const LONGEST = 600;

/** What the ingredients of a sentence say; `focus` is what the sentences before it are about, `headed` where it is a heading right above. */
export function restated(draft: Draft, text: string, focus: string | null, headed = false): FieldSentence[] {
  if (text.length > LONGEST) return [];
  const readings = known.get(draft) ?? new Map<string, FieldSentence[]>();
  known.set(draft, readings);
  const key = `${draft.schema.entities.length} ${focus ?? ''}: ${text}`;
  const before = readings.get(key);
  if (before) return before;
  const { found, rest } = inParentheses(draft, text);
  const all = [...found, ...enumerated(draft, rest, found.at(-1)?.noun ?? focus, headed)];
  readings.set(key, all);
  return all;
}

/** What was read before, by how many lists there were and what the text was about. */
const known = new WeakMap<Draft, Map<string, FieldSentence[]>>();

function enumerated(draft: Draft, text: string, focus: string | null, headed = false): FieldSentence[] {
  const [listing] = listingsIn(draft, text, headed);
  if (!listing) return [];
  const { noun, ties } = subjectOf(draft, listing);
  const apart = /^(.+)(?:[,;]| and ).*$/i.exec(listing.lead)?.[1] ?? '';
  const before = apart.length > 20 ? enumerated(draft, apart, focus) : [];
  const whole = noun ?? before.at(-1)?.noun ?? focus;
  if (whole !== null && isNoThing(whole) && noun === null) return before;
  const { items, inner } = nested(draft, listing.items.flatMap(apartFrom));
  const after = listing.tail.length > 12 ? enumerated(draft, listing.tail, whole) : [];
  const use = useOf(draft, ties, noun, items);
  if (use !== null) return [...before, use, ...inner, ...after];
  const plain = noun !== null && listing.cue !== 'start' && items.every((item) => soundsLikeField(readFieldItem(item)?.label ?? ''));
  if (items.length === 0 || (items.length + inner.length < 3 && !plain)) return [...before, ...inner, ...after];
  return [...before, { noun: whole, list: items.join(', '), complete: true, ...(ties.length > 0 && { ties }) }, ...inner, ...after];
}

/** "For each job which batch and how much of it": not of the job or the batch alone, but of the one's use in the other. */
function useOf(draft: Draft, ties: readonly string[], noun: string | null, items: readonly string[]): FieldSentence | null {
  const owner = noun === null ? undefined : meantEntity(draft, noun);
  const used = items.flatMap((item) => meantEntity(draft, /^(?:which |what |the |an? )?([a-z]+(?: [a-z]+)?)$/i.exec(item)?.[1] ?? '') ?? []);
  const [thing] = used;
  const counted = items.some((item) => /^(?:how (?:many|much)|(?:the )?(?:quantity|amount))\b/i.test(item));
  if (!owner || !thing || thing === owner || senseOf(owner.label) === 'happening' || used.length > 1 || !counted || items.length > 3) return null;
  return {
    noun: `${thing.label} use`,
    list: items.join(', ').replace(/how many\b[^,]*/i, 'quantity'),
    complete: true,
    ties: [...new Set([owner.label, ...ties])],
  };
}

const SOMEBODY =
  /\b(?:who (?:they|he or she|it) (?:are|is)|their (?:contact )?(?:details|data)|contact details|who (?:called|calls|rang|it is for))$/i;

/** "Buildings (address, manager) have lifts", "who they are (name, phone)": what stands in parentheses is noted of the noun before them. */
function inParentheses(draft: Draft, text: string): { found: FieldSentence[]; rest: string } {
  const found: FieldSentence[] = [];
  const rest = text.replace(/ ?\(([^()]*,[^()]*)\)/g, (whole, inside: string, at: number) => {
    const before = text.slice(0, at).replace(/\([^)]*\)/g, (one) => '_'.repeat(one.length));
    const near = nounsIn(before).at(-1);
    const noun = SOMEBODY.test(before) ? 'customer' : near && near.end >= before.trimEnd().length && canBeRecord(near.noun) ? near.noun : null;
    if (noun === null || isNoThing(noun) || !areFields(draft, inside)) return whole;
    found.push({ noun, list: inside, complete: true });
    return '';
  });
  return { found, rest: rest.replace(/\s+/g, ' ') };
}

/** Fields, and not values: at least two can be nothing else, and all are short. */
function areFields(draft: Draft, inside: string): boolean {
  const items = splitItems(inside.replace(/ & /g, ', '));
  const typed = items.filter(
    (item) => soundsLikeField(readFieldItem(item)?.label ?? '') || /^(?:who|what|when|where|how|which|whether) /i.test(item),
  );
  return (
    items.length > 1 &&
    !/ or /i.test(inside) &&
    typed.length * 2 >= items.length &&
    items.every((item) => gradeOf(draft, item) !== 'no' && item.split(' ').length < 8)
  );
}

/** "which guest slept in which bed", "from when till when": two in one. */
function apartFrom(item: string): string[] {
  const which = [...item.matchAll(/\b(?:which|what|whose) ([a-z]+)/gi)];
  if (which.length === 2) return which.map((one) => `which ${one[1] ?? ''}`);
  const who = /^who (?:\w+ ){1,3}(?:which|what) ([a-z]+)\b/i.exec(item)?.[1];
  if (who !== undefined) return ['person', `which ${who}`];
  if (/^from when (?:till|until|to) when$/i.test(item)) return ['from', 'until'];
  return /^who$/i.test(item) ? ['person'] : [item];
}

/** Items that are described themselves: "the owner (name & phone)", and at the end "an owner with name and phone". */
function nested(draft: Draft, all: readonly string[]): { items: string[]; inner: FieldSentence[] } {
  const items: string[] = [];
  const inner: FieldSentence[] = [];
  for (const [at, item] of all.entries()) {
    const [, head = '', inside = ''] = /^([^()]+?) \(([^()]+)\)$/.exec(item) ?? [];
    const [, before = '', first = ''] = /^([^()]+?) with (?:an? |the |their |his |its )?(.+)$/i.exec(item) ?? [];
    const rest = inside === '' && before !== '' ? [first, ...all.slice(at + 1)].join(', ') : inside;
    const thing = nounsIn(head === '' ? before : head)[0];
    const { items: fields } = rest === '' ? { items: [] } : listedIn(draft, rest.replace(/ & /g, ', '));
    if (thing === undefined || !canBeRecord(thing.noun) || !areFields(draft, fields.join(', '))) {
      items.push(item);
      continue;
    }
    inner.push({ noun: singular(thing.noun), list: fields.join(', '), complete: true });
    items.push(singular(thing.noun));
    if (inside === '') break;
  }
  return { items, inner };
}

/** How much a reading accounts for: its fields, less what can be no field. */
function worthOf(readings: readonly FieldSentence[]): number {
  return readings.reduce((sum, { noun, list }) => {
    const labels = splitItems(list).map((item) => readFieldItem(item)?.label);
    const bad = labels.filter(isUnlikely).length;
    const good = labels.filter((label) => label !== undefined).length - bad;
    return sum + good - 2 * bad - (noun === null || noun === 'it' ? 0.4 : 0);
  }, 0);
}

/** True where the ingredients (`found`) account for clearly more than the readings by shape (`shaped`). */
export function isBetter(found: readonly FieldSentence[], shaped: readonly FieldSentence[], focus: string | null): boolean {
  if (found.length === 0) return false;
  if (found.some(({ noun }) => noun?.endsWith(' use'))) return true;
  const more = worthOf(found) - worthOf(shaped);
  const vague = shaped.every(({ noun }) => noun === null || noun === 'it') && found.every(({ noun }) => noun !== null && noun !== focus);
  const faulty = shaped.some(
    ({ noun, list }) =>
      (noun !== null && noun !== 'it' && nounsIn(noun)[0]?.noun.split(' ').at(-1) !== noun.toLowerCase().split(' ').at(-1)) ||
      splitItems(list).some((item) => isUnlikely(readFieldItem(item)?.label)),
  );
  return more > (shaped.length === 0 || faulty ? 0.3 : vague ? 0 : 1.5);
}
