import { whichDidWhich } from './deeds.js';
import { EVENT_VERBS, isPerson, kindOf } from './lexicon.js';
import { isHappening, meansRecords, partsOf, readItem, readNounPhrase } from './noun-phrases.js';
import type { Item, Part } from './noun-phrases.js';
import { soundsLikeField } from './field-words.js';
import { isNoThing } from './sentences.js';
import { isPlural, singular } from './words.js';
import { unwrap } from './wrappers.js';

/*
 * Enumerations of things: "tools with a name and a condition, members with a name, and loans of a tool to a member with a
 * due date". A thing begins where a noun phrase has fields or ties of its own; what has none belongs to the thing before.
 */

/** A thing that every record of another one points at; `many`: at several of them. */
export interface Tie {
  readonly noun: string;
  readonly many: boolean;
  /** True where there are several, of which a record has one. */
  readonly either?: boolean;
}

/** A list of records as a sentence describes it. */
export interface Segment {
  readonly noun: string;
  /** The words that list its fields, as written. */
  fields: string;
  readonly ties: Tie[];
  /** "who borrowed them", "when I last watered them". */
  readonly asides: string[];
}

/** What a sentence lists; `loose`: things of which it only says that they have to do with each other. */
export interface Outline {
  readonly segments: readonly Segment[];
  readonly loose: readonly { readonly from: string; readonly to: string }[];
}

/** Answers whether a noun is spoken of as a list of records anywhere in the text. */
export type Knows = (noun: string) => boolean;

/** Reads a sentence as an enumeration of things; null where it is none. */
export function outlineOf(sentence: string, knows: Knows): Outline | null {
  const { list, thing, sure, wrapped } = unwrap(sentence);
  const each = sure ? fieldsOfEach(list, knows) : null;
  if (each) return { segments: [each], loose: [] };
  const found = enumerate(list, knows);
  if (
    found &&
    (wrapped || isTelling(found) || (sure && found.segments.every((one) => isPlural(one.noun) && !isNoThing(one.noun)))) &&
    (sure || !isPlainHave(sentence, found))
  )
    return found;
  if (thing === null) return null;
  return { segments: [{ noun: thing, fields: list, ties: [], asides: [] }], loose: [] };
}

/** "country, year and value of each stamp" lists fields of a stamp. */
function fieldsOfEach(list: string, knows: Knows): Segment | null {
  const [, fields = '', noun = ''] = /^([^()]+?) (?:of|for|about) (?:each|every) ([a-z][a-z -]+)$/i.exec(list) ?? [];
  if (fields === '' || readNounPhrase(noun) === null) return null;
  const items = partsOf(fields).map((part) => readItem(part.text));
  const plain = items.every(
    (one) => one !== null && one.fields === null && one.ties.length === 0 && !knows(one.noun) && !(meansRecords(one) && kindOf(singular(one.noun))),
  );
  return plain && (items.length > 1 || soundsLikeField(singular(items[0]?.noun ?? ''))) ? { noun, fields, ties: [], asides: [] } : null;
}

/** True where the enumeration says more than the names of things. */
const isTelling = ({ segments, loose }: Outline): boolean =>
  loose.length > 0 || segments.some((one) => one.fields !== '' || one.ties.length > 0 || one.asides.length > 0);

/** One sentence of the form "Books have a title" needs no taking apart. */
const isPlainHave = (sentence: string, { segments, loose }: Outline): boolean =>
  segments.length === 1 && loose.length === 0 && /\b(has|have)\b/i.test(sentence) && !/\bwith\b/i.test(sentence);

/** Where an app is used: "the hives in our beekeeping club". */
const PLACE =
  /\b(?:club|society|association|company|school|shop|office|library|church|parish|village|team|studio|clinic|practice|firm|business|community|charity|museum|farm|garden)$/i;

const ASIDE = /^(?:who|whom|when|where|how|whether|if|what|which)(?: |$)/i;
const MORE_FIELDS = /^(each|all|both|every one|each of them)?\s*(?:with|having|including|has|have)\s+(?:their |its )?(.+)$/i;
const POSSESSIVE = /\b(their|its|his|her)\b/;

/** Goes through an enumeration item by item, and keeps which thing the items are about. */
class Enumeration {
  readonly segments: Segment[] = [];
  readonly loose: { from: string; to: string }[] = [];
  /** The thing that `their` means. */
  private owner: Segment | null = null;
  private inFields = false;
  /** True after the `and` that ends a list of fields: what follows a comma is no field any more. */
  private closed = false;

  constructor(private readonly knows: Knows) {}

  /** Takes one item; false where it fits nowhere. */
  take(part: Part): boolean {
    const current = this.segments.at(-1);
    const more = MORE_FIELDS.exec(part.text);
    if (more && current) return this.takeFields(more[2] ?? '', more[1] ? this.segments.filter((one) => one.fields === '') : [current]);
    const which = whichDidWhich(part.text);
    if (which) return this.segments.push(which) > 0;
    if (ASIDE.test(part.text) && current) return this.takeAside(part.text, current);
    const item = readItem(part.text);
    if (item && current && this.isOwned(item)) return this.takeOwned(item, this.owner ?? current);
    if (item && this.beginsThing(item, part.separator)) return this.takeThing(item);
    if (!current || !this.inFields) return false;
    current.fields += `${part.separator}${part.text}`;
    this.closed ||= /[a-z&]/i.test(part.separator);
    return true;
  }

  private takeFields(fields: string, segments: readonly Segment[]): boolean {
    for (const segment of segments) segment.fields += `${segment.fields === '' ? '' : ', '}${fields}`;
    this.inFields = true;
    this.closed = false;
    return true;
  }

  private takeAside(text: string, current: Segment): boolean {
    if (this.inFields && !/^who|^when (?:i|we|they|he|she)\b/i.test(text)) current.fields += `, ${text}`;
    else (this.owner ?? current).asides.push(text);
    return true;
  }

  private isOwned({ determiner, noun, relative, fields }: Item): boolean {
    const owned =
      POSSESSIVE.test(determiner) || (/^(?:that |which |whom? )?(?:they|he|she|it)\b/i.test(relative) && /^(the|those|these)?$/.test(determiner));
    return owned && !(this.inFields && fields === null && !isPlural(noun));
  }

  /** "their salaries" are a field; "their owners" and "the products they deliver" are things of their own. */
  private takeOwned(item: Item, owner: Segment): boolean {
    const noun = singular(item.noun);
    if (item.fields === null && item.ties.length === 0 && soundsLikeField(noun) && !this.knows(item.noun)) return this.addField(noun, owner);
    if (!meansRecords(item) && !kindOf(noun)) return this.addField(item.noun, owner);
    const deed = EVENT_VERBS.find(({ verb }) => verb.test(item.relative));
    const inside = /\b(in|at|to|from|for|on|attend|use|follow|visit|join)$/i.test(item.relative);
    const above =
      isPerson(noun) || /\b(category|genre|department|team|group|brand|type|company|location|place|school|shop|warehouse|room)$/i.test(noun);
    this.takeThing(item, false);
    if (deed)
      this.segments.push({ noun: deed.event, fields: '', ties: [item.noun, owner.noun].map((one) => ({ noun: one, many: false })), asides: [] });
    else if (inside || (above && item.relative === '')) this.loose.push({ from: owner.noun, to: item.noun });
    else this.loose.push({ from: item.noun, to: owner.noun });
    return true;
  }

  private addField(label: string, owner: Segment): boolean {
    owner.asides.push(label);
    return true;
  }

  private beginsThing(item: Item, separator: string): boolean {
    const noun = singular(item.noun);
    if (isNoThing(item.noun) && !(/^people$/i.test(item.noun) && item.fields !== null)) return false;
    const records = meansRecords(item) || /^people$/i.test(item.noun);
    const tied = item.ties.some((tie) => this.tells(item, tie.noun) || (/\b(each|every)\b/.test(tie.determiner) && !isNoThing(tie.noun)));
    const typed = soundsLikeField(noun) && !this.knows(item.noun) && !isHappening(noun);
    if (item.fields !== null) return records ? !(typed && !kindOf(noun)) : (this.knows(item.noun) || kindOf(noun) !== undefined) && !typed;
    if (tied) return records ? !(this.inFields && typed) : isHappening(noun) && !this.inFields;
    if (!this.inFields) return records && !(typed && !kindOf(noun)) && (this.segments.length > 0 || isPlural(item.noun));
    return this.closed && /,/.test(separator) && records && kindOf(noun) !== undefined && !typed;
  }

  /** True where a tie says which record: it names a list of records, or where, by whom or of what something happens. */
  private tells(item: Item, noun: string): boolean {
    const tie = readNounPhrase(noun);
    return (
      tie !== null &&
      !isNoThing(noun) &&
      !(PLACE.test(noun) && /\b(?:our|my)\b/.test(item.ties.find((one) => one.noun === noun)?.determiner ?? '')) &&
      (this.knows(noun) || kindOf(singular(noun)) !== undefined || (isHappening(singular(item.noun)) && !soundsLikeField(singular(noun))))
    );
  }

  private takeThing(item: Item, owns = true): boolean {
    const wrapped = /^(list|kind|type|sort|piece|set|collection|pair)s?$/i.test(item.noun) ? item.ties[0] : undefined;
    const noun = /^people$/i.test(item.noun) ? 'person' : (wrapped?.noun ?? item.noun);
    const ties = item.ties
      .filter((tie) => tie !== wrapped && (this.tells(item, tie.noun) || /\b(each|every)\b/.test(tie.determiner)))
      .map((tie) => ({ noun: tie.noun, many: tie.preposition === 'between' && isPlural(tie.noun) }));
    const segment: Segment = { noun, fields: '', ties, asides: [] };
    this.segments.push(segment);
    if (owns) this.owner = segment;
    this.inFields = item.fields !== null;
    this.closed = false;
    const [first, ...others] = item.fields === null ? [] : partsOf(item.fields);
    const person = first && isHappening(singular(noun)) ? readNounPhrase(first.text) : null;
    if (person && isPlural(person.noun) && isPerson(singular(person.noun))) segment.ties.push({ noun: person.noun, many: false });
    else if (first) segment.fields = first.text;
    segment.fields += others.map((part) => part.separator + part.text).join('');
    return true;
  }
}

function enumerate(list: string, knows: Knows): Outline | null {
  const found = new Enumeration(knows);
  const parts = partsOf(list);
  const missed = parts.filter((part) => !found.take(part)).length;
  if (missed > 0 && (missed * 3 > parts.length || found.segments.filter((one) => one.fields !== '').length < 2)) return null;
  return found.segments.length > 0 ? found : null;
}
