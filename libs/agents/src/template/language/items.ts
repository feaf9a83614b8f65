import type { FieldType } from '#contracts';
import { guessType, soundsLikeField } from './field-words.js';
import { asked } from './asked.js';
import { OPTIONAL, UNIQUE } from './item-rules.js';
import { nounPhrase } from './sentences.js';
import { isPlural, lowerWords, singular } from './words.js';

/*
 * One item of a list of fields in plain words: "an email if they have it", "size S/M/L", "which voice (alto, bass)".
 */

/** What an item says about a field. */
export interface Item {
  label: string;
  type?: FieldType;
  required?: boolean;
  unique?: boolean;
  choices?: string[];
  /** Several values or links: "one or more bikes". */
  many?: boolean;
  /** True where the words say that the item is another record: "belongs to a study", "which room". */
  link?: boolean;
  /** The words in parentheses, for rules in controlled English. */
  inside: string | null;
}

const BEFORE =
  /^(?:(?:eventually|with (?:perhaps|maybe|possibly)|(?:we|i|they|you) (?:also )?(?:note|record|write|log|keep|put|need|want)(?: down)?|sometimes|maybe|perhaps|possibly|optionally|ideally|usually|often|(?:may|might|can) (?:also )?have|has|have|having|there is|there's|(?:is|are) (?!it\b|they\b|he\b|she\b)|also|plus|its|their|his|her|the following|(?:with|for|by|of)(?= (?!wh)[a-z]+(?: [a-z]+)?$)|afterwards?|later(?: on)?|(?:an? |some )?(?:box|space|field|place|room|column|line) for|some have(?: got)?|any|and)\s+)+/i;
const REQUIRED =
  /[, ]*\b(?:which |that )?(?:is |are |must be |must always be |always )?(?:required|mandatory|compulsory|obligatory|filled in|needed)\b/i;
const STARS = /\b(?:(?:from )?(?:1|one) (?:to|-) ?(?:5|five)(?: stars?)?|out of (?:5|five)(?: stars?)?|stars?)\b/i;
const RANGE = /,? (?:from |between )?-?\d+ ?(?:to|-|–|and|\.\.) ?-?\d+$|,? ?(?:>=?|<=?|≥|≤) ?-?\d+$/i;
const CURRENCY = /[, ]*\bin (?:us |gb )?(?:dollars?|euros?|pounds?|francs?|cents?|pence|rupees?|yen|€|\$|£|usd|eur|gbp|chf)\b/i;
const EXAMPLES = /[, ]*\b(?:for example|such as|like|that is|format like|format:)(?: .*|$)/i;
const NO_FIELD =
  /^(?:so on|more|others?|the like|yes|no|not|none|them|it|all|that's it|that is it|that|everything|anything|etc|things?|stuff|fields?|details?|info(?:rmation)?|data|one|each|every)$/i;

/** What is noted under a unit alone. */
const MEASURED: Readonly<Record<string, string>> = { 'm³': 'volume', 'm²': 'area', '°C': 'temperature', '%': 'share' };

/** Reads one item; null where it names no field. */
export function readFieldItem(written: string): Item | null {
  const inside = /\(([^)]*)\)/.exec(written)?.[1] ?? null;
  let text = written
    .replace(/\([^)]*\)/g, ' ')
    .replace(/\s*#/g, ' number ')
    .replace(/^(?:m³|m²|°C|%)$/, (unit) => `${MEASURED[unit] ?? ''} in ${unit}`)
    .replace(/^% (?=[a-z])/i, 'percent ')
    .replace(/\s+/g, ' ')
    .trim();
  const item: Item = { label: '', inside };
  const take = (pattern: RegExp, change: () => void): void => {
    if ((pattern.exec(text)?.index ?? 0) === 0 && pattern !== UNIQUE && pattern !== REQUIRED) return;
    if (!pattern.test(text)) return;
    change();
    text = text.replace(pattern, '').trim();
  };
  if (BEFORE.exec(text)?.[0].match(/sometimes|maybe|perhaps|possibly|optionally|eventually|may|might|some|later|afterward/i)) item.required = false;
  text = text.replace(BEFORE, '');
  take(OPTIONAL, () => (item.required = false));
  take(UNIQUE, () => (item.unique = true));
  take(REQUIRED, () => (item.required = true));
  const number = /^(?:an? |the )?(code|number|reference|id|string|word) of (?:\d+|two|three|four|five|six|eight|ten)\b.*$/i.exec(text)?.[1];
  if (number !== undefined) text = number;
  const orNot = /^(?:whether )?(?:it is |it's )?([a-z]+(?: [a-z]+)?) or not(?: \1)?$/i.exec(text)?.[1];
  if (orNot !== undefined) return named({ ...item, label: orNot, type: 'boolean' });
  const listed = /^(?:an? |the )?([a-z]+(?: [a-z]+)?)(?:,? which (?:is|can be|may be)|,? that is| [-–—=]|:) ([^()]+(?:, | \/ | or )[^()]+)$/i.exec(
    text,
  );
  if (listed) return named({ ...item, label: listed[1] ?? '', choices: (listed[2] ?? '').split(/\s*,\s*(?:or )?|\s+or\s+|\s*\/\s*/) });
  const moment = /^(?:the |an? )?(?:(?:date|day) ?(?:and|&|\/|\+) ?(?:the )?(?:time|hour))((?: of)? [a-z ]+)?$/i.exec(text);
  if (moment)
    return named({
      ...item,
      label: `date and time${(moment[1] ?? '').replace(/ (?:they|it|he|she|we|of)\b/gi, (word) => (/of/i.test(word) ? word : ''))}`,
      type: 'datetime',
    });
  const question = asked(text);
  if (question) return named({ ...item, ...question });
  if (STARS.test(text)) item.type = 'rating';
  text = text.replace(STARS, '').trim();
  const ranged = RANGE.test(text);
  text = text.replace(RANGE, '').trim();
  if (!/\b(?:weight|weighs?|load)\b/i.test(text)) take(CURRENCY, () => (item.type = 'money'));
  text = text
    .replace(/[, ]+(?:format like|>=?|<=?) .*$/i, '')
    .replace(EXAMPLES, '')
    .replace(/[, ]+$/, '')
    .replace(/ (?:a|an|the|out of|from)$/i, '');
  const link = /^(?:an? |the )?(?:web )?(?:links?|url|pointer|path) to (?:an? |the |its |their |our )?([a-z][a-z -]*)/i.exec(text)?.[1];
  if (link !== undefined) return named({ ...item, label: nounPhrase(link) ?? link, type: 'file_link' });
  const single = /^(?:is|are) (?:it|they|he|she) (?!.* or )([a-z]+(?: [a-z]+)?)$/i.exec(text)?.[1];
  if (single !== undefined) return named({ ...item, label: single, type: 'boolean' });
  const yesNo = /^(?:whether )?(?:it is |is it |an? |the )?([a-z][a-z -]*?),?:? (?:yes ?(?:\/|or) ?no|y\/n|or not|flag|check ?box|tick ?box)$/i.exec(
    text,
  )?.[1];
  if (yesNo !== undefined) return named({ ...item, label: yesNo, type: 'boolean' });
  const slashed = /^(?:an? |the )?([a-z][a-z -]*?)[ :]+([\w+"'-]+(?:\/[\w+"'-]+)+)$/i.exec(text);
  if (slashed && !item.type) return named({ ...item, label: slashed[1] ?? '', choices: (slashed[2] ?? '').split('/') });
  const several =
    /^(?:one or (?:more|several)|several|multiple|many|some|at least one|(?:an? |the )?(?:lists?|bunch|set|selection|series|couple|number(?= of [a-z]+ (?:in|on|at|that|which))) of(?: the)?|(?:1|one) or (?:2|two)|\d+ or more) (.+)$/i.exec(
      text,
    )?.[1];
  const made = /^(?:an? |the )?[a-z]+ (?:who|which|that) (?:is|are) (?:composed|made|made up) of (?:several |many |some )?([a-z -]+)$/i.exec(
    text,
  )?.[1];
  if (made !== undefined) return named({ ...item, label: made, many: true });
  if (several !== undefined)
    return named({
      ...item,
      label: nounPhrase(several.replace(/ of .*$| (?:in|on|going|coming|taken|needed|used|covered|present|involved|attending)$/i, '')) ?? several,
      many: true,
    });
  const either = alternatives(text);
  if (either) return named({ ...item, ...either });
  const priced = /^(?:an? |the )?((?:price|cost|rate|fee|pay|wage) for (?:one |an? )?(?!each\b|every\b)[a-z]+(?: for [a-z]+)?)$/i.exec(text)?.[1];
  const label = priced ?? labelOf(text);
  if (label !== null && ranged && ['text', 'long_text'].includes(guessType(label).type)) item.type ??= 'integer';
  return label === null ? null : named({ ...item, label });
}

/** "pass or fail", "active or closed", "provisional, confirmed, cancelled": values without the name of their field. */
export function alternatives(text: string): Pick<Item, 'label' | 'choices'> | null {
  const values = text.replace(/^(?:either|is it|is he|is she|are they) /i, '').split(/\s*,\s*(?:or )?|\s+or\s+|\s*\/\s*/);
  const fits =
    values.length >= 2 &&
    values.every(
      (one) =>
        /^(?:an? )?[a-z][a-z-]*(?: [a-z-]+)?$/i.test(one) &&
        !['date', 'time', 'money', 'email', 'phone', 'url', 'number', 'integer'].includes(guessType(one).type),
    );
  if (!fits || !/ or |^is it/i.test(text)) return null;
  const choices = values.map((one) => one.replace(/^an? /i, ''));
  const nouns = values.some((one) => /^an? /i.test(one));
  if (choices.every((one) => /^(?:pass(?:ed)?|fail(?:ed)?)$/i.test(one))) return { label: 'result', choices };
  return { label: /^is it/i.test(text) ? 'condition' : nouns || !choices.every(isState) ? 'kind' : 'status', choices };
}

/** True for a word that says how far something has come: open, done, confirmed. */
export const isState = (word: string): boolean =>
  /(?:ed|en|ing|ght|sent|paid|lost|sold|open|closed|active|inactive|new|out|in|done|ready|available|vacant|full|free|overdue|live|pending|provisional|draft|planned|final|complete)$/i.test(
    word,
  );

const OF =
  /^(?:an? |the )?(date|number|day|time|year|place|amount|name|size|type|kind|cost|price|duration|length|reason|month|hour|level|state) of (?:the |an? )?([a-z -]+)$/i;
const UNIT = /^(?:an? |the |its |their )?([a-z][a-z ]*? in (?:square |cubic )?[a-zµ°%]+[0-9²³]?)$/i;
const PER = /^(?:an? |the |its |their )?((?:[a-z]+ ){1,3}per (?:one )?[a-z]+)(?: in ([a-z]+))?$/i;
const RELATIVE =
  /\s+(?:(?:that|which|when|where|who|whom) )?(?:on which |in which |at which )?(it|they|he|she|we|i|you|people)(?:'s|'ve|'d)? (?:(?:really|actually|first|last|is|was|are|were|has|have|had|been) )*([a-z]+(?: (?:in|out|back|off|up|down)\b)?)(?: .*)?$/i;

/** The label that an item names: the noun phrase in it, with what belongs to it. */
function labelOf(text: string): string | null {
  const of = OF.exec(text);
  if (of) return `${of[1] ?? ''} of ${(nounPhrase(of[2] ?? '') ?? of[2] ?? '').trim()}`;
  const unit = UNIT.exec(text)?.[1];
  if (unit !== undefined && !/^(?:how|what|which) /i.test(unit) && /^(?:number|integer)$/.test(guessType(unit).type)) return unit;
  const per = PER.exec(text)?.[1];
  if (per !== undefined) return per;
  const relative = RELATIVE.exec(text);
  const head = relative ? nounPhrase(text.slice(0, relative.index), 3) : null;
  if (relative && head !== null)
    return /^(?:date|day|time)$/i.test(head) && /(?:ed|t|n|d|came|went|got|due|goes|comes)(?: [a-z]+)?$/i.test(relative[2] ?? '')
      ? `${head} ${relative[2] ?? ''}`
      : head;
  const placed =
    /^(?:the )?(date|day|time) ((?:put|taken|moved|brought|sent|came|received|entered|handed|let) (?:in|into|out|out of|back|off|to|from)(?: [a-z]+)?)$/i.exec(
      text,
    );
  if (placed) return `${placed[1] ?? ''} ${placed[2] ?? ''}`;
  const around =
    /^(?:an? |the |its |their )?([a-z]+ (?:at|before|after|on|for|from|to) (?:start|end|beginning|finish|arrival|departure|home|school|work|sale|rent|birth|entry|exit))$/i.exec(
      text,
    )?.[1];
  if (around !== undefined) return around;
  const lapses =
    /^(?:an? |the )?(?:date|day) (?:(?:when|on which|that) )?(?:the |their |its |his |her )([a-z]+(?: [a-z]+)?) (?:expires?|runs? out|lapses?|is up)$/i.exec(
      text,
    )?.[1];
  if (lapses !== undefined) return `${lapses} expiry`;
  const expires = /^(?:an? |the )?(?:date|day) (?:when|on which|that|until) (?:the |an? |their )?([a-z]+ [a-z]+)$/i.exec(text)?.[1];
  if (expires !== undefined && !/^(?:it|they|he|she|we|i)\b/i.test(expires)) return `date ${expires}`;
  const prepared = /^(?:an? |the |its |their )?([a-z]+ (?:on|by|from|to|in|out|at|until|for|before|after))$/i.exec(text)?.[1];
  if (prepared !== undefined) return prepared;
  return nounPhrase(
    text
      .replace(/ of (?:the|an?|their|his|her|its|our|my|each|every) .*$/i, '')
      .replace(/^(?:the |an? )?[a-z-]+'s (?=[a-z])/i, (owner) => (/^(?:the|an?) /i.test(owner) ? owner.replace(/^(?:the|an?) |'s/gi, '') : owner)),
    4,
  );
}

/** The item with the label that is written in the app; null where that says nothing. */
function named(item: Item): Item | null {
  const label = usualLabel(lowerWords(item.label.trim().replace(/^["']|["']$/g, '')));
  if (
    label === '' ||
    label.length > 60 ||
    !/[a-z]{2}/i.test(label) ||
    NO_FIELD.test(label) ||
    /^(?:who|when|where|how|why|which|what|whether)$/i.test(label)
  )
    return null;
  return { ...item, label };
}

/** One name for what people write in many ways. */
const usualLabel = (label: string): string =>
  singleField(label)
    .replace(/^(\w+) (?:flag|checkbox|check box|tick box)$/, '$1')
    .replace(/^(?:e-?mails?|mail|e-?mail address(?:es)?|mail address)$/, 'email')
    .replace(/^(?:phone|telephone|tel|phone no|(?:tele)?phone number|phones?)$/, 'phone')
    .replace(/^number of /, 'number of ');

/** `categories` of a thing are a field that holds one of them; what counts or describes stays plural. */
function singleField(label: string): string {
  const one = singular(label);
  const counted = ['text', 'date', 'time', 'money', 'email', 'phone', 'url', 'choice', 'rating'].includes(guessType(one).type);
  return one !== label && isPlural(label) && soundsLikeField(one) && counted && guessType(label).type !== 'integer' ? one : label;
}
