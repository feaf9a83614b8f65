import { SAME_DOING, isEvent, isPerson, kindOf } from './lexicon.js';
import { isHappening, meansRecords, partsOf, readItem, readNounPhrase } from './noun-phrases.js';
import type { Item, Part } from './noun-phrases.js';
import type { Knows, Outline, Segment } from './outline.js';
import { isNoThing } from './sentences.js';
import { isPlural, singular } from './words.js';

/*
 * Who does what with what: "Members book classes", "They enrol in courses", "Volunteers log hours on projects". What is done
 * again and again becomes a record of its own; what lasts ("Musicians play in bands") becomes a link.
 */

/** Verbs whose doing is recorded. An object that is itself a record (`appointments`, `hours`) takes the place of `event`. */
const RECORDED: readonly (readonly [verb: string, event: string])[] = [
  ['borrows?|check(?:s)? out|lends?|loans?', 'loan'],
  ['rents?|hires?', 'rental'],
  ['books?|reserves?', 'booking'],
  ['enroll?s? (?:in|on|for|into)', 'enrolment'],
  ['registers? for|signs? up for|joins?', 'registration'],
  ['attends?|participates? in|takes? part in', 'attendance'],
  ['visits?', 'visit'],
  ['buys?|purchases?', 'purchase'],
  ['orders?', 'order'],
  ['donates?', 'donation'],
  ['pays? for', 'payment'],
  ['rates?', 'rating'],
  ['reviews?', 'review'],
  ['votes? (?:for|on)', 'vote'],
  ['appl(?:y|ies) for', 'application'],
  ['adopts?', 'adoption'],
  ['logs?|records?|enters?|reports?|makes?|places?|submits?|gives?|writes?|receives?|gets?|takes?|pays?|sends?|does|do|plans?', ''],
];
const LASTING_UP =
  /^(?:belongs? to|works? (?:in|at|for)|lives? in|plays? (?:in|for)|sings? in|stud(?:y|ies) at|goes? to|trains? (?:in|at|with)|is in|are in|is part of|are part of|comes? from|sits? in|stays? in)\b/i;
const LASTING_DOWN =
  /^(?:teach(?:es)?|leads?|runs?|owns?|manages?|coach(?:es)?|supervises?|hosts?|delivers?|supplies|supply|treats?|sells?|looks? after|maintains?|drives?|brings?(?: in)?)\b/i;
const HELPERS = '(?:(?:can|may|should|must|will|could|also|often|usually|regularly|sometimes|then|all|want to|need to|are able to|is able to)\\s+)*';
const AMOUNTS = /^(?:working )?(?:hour|time|minute)s?$/i;

const tie = (noun: string): Segment['ties'][number] => ({ noun, many: false });

/** Reads a sentence in which somebody does something, or several do; null where it is none. `they`: what the pronoun means. */
export function deedOf(sentence: string, knows: Knows, they: string | null): Outline | null {
  const clauses = sentence.split(/,? and |, |; /);
  const each = clauses.length > 1 ? clauses.map((clause) => oneDeed(clause, knows, they)).filter((one) => one !== null) : [];
  if (each.length > 0 && each.length === clauses.length)
    return { segments: each.flatMap((one) => one.segments), loose: each.flatMap((one) => one.loose) };
  return oneDeed(sentence, knows, they);
}

/** "Copies go out to members", "tools are lent to neighbours": a loan, of what is known. */
function givenOut(sentence: string, knows: Knows): Segment | null {
  const [, what = '', whom = ''] =
    /^(?:the |our |all )?([a-z][a-z -]*?) (?:(?:go|goes) out|(?:can be |may be |are |is |get |gets )(?:lent|loaned|given|handed|issued)(?: out)?) to (?:our |the )?([a-z]+)\b/i.exec(
      sentence,
    ) ?? [];
  const object = readNounPhrase(what);
  const person = readNounPhrase(whom);
  if (!object || !person || !(isPerson(singular(person.noun)) || knows(person.noun))) return null;
  return { noun: named('loan', knows), fields: '', ties: [...(knows(object.noun) ? [object.noun] : []), person.noun].map(tie), asides: [] };
}

function oneDeed(sentence: string, knows: Knows, they: string | null): Outline | null {
  if (/\b(?:can|may|could) (?:also )?(?:be )?[a-z]+(?: in| at| on| for)? (?:several|many|multiple|more than one)\b/i.test(sentence)) return null;
  const given = givenOut(sentence, knows);
  if (given) return { segments: [given], loose: [] };
  const known = (noun: string): boolean => knows(noun) || kindOf(singular(noun)) !== undefined;
  for (const [verb, event] of RECORDED) {
    const match = new RegExp(`^(.{2,40}?)\\s+${HELPERS}(?:${verb})\\s+(.+)$`, 'i').exec(sentence);
    const subject = match ? subjectOf(match[1] ?? '', they, known, event === 'loan') : null;
    const segment = match && subject !== null ? recorded(event, match[2] ?? '', subject, knows) : null;
    if (segment) return { segments: [segment], loose: [] };
  }
  return lasting(sentence, they, known) ?? namedDeed(sentence, they, known, knows) ?? otherDeed(sentence, they, known, knows);
}

/** The thing that acts: a list of records, or whoever runs the app (an empty word) where the others are named by `to`. */
function subjectOf(words: string, they: string | null, known: (noun: string) => boolean, lends: boolean): string | null {
  if (/^they$/i.test(words)) return they;
  if (lends && /^(?:we|i|(?:our|the|my|an?) [\w ]+)$/i.test(words) && !isPlural(words)) return '';
  const phrase = readNounPhrase(words);
  if (!phrase || isNoThing(phrase.noun) || phrase.relative !== '') return null;
  const acts = isPlural(phrase.noun) || /^(an?|each|every)$/.test(phrase.determiner);
  return acts && (known(phrase.noun) || isPerson(singular(phrase.noun))) ? phrase.noun : null;
}

function recorded(event: string, words: string, subject: string, knows: Knows): Segment | null {
  const [first, ...rest] = partsOf(words);
  const item = first ? readItem(first.text) : null;
  if (!item || (isNoThing(item.noun) && !AMOUNTS.test(item.noun))) return null;
  const noun = singular(item.noun);
  const isRecord =
    AMOUNTS.test(noun) ||
    (isHappening(noun) && (meansRecords(item) || item.determiner !== '')) ||
    (event === '' && (kindOf(noun) !== undefined || knows(noun)) && meansRecords(item) && !isPerson(noun));
  if (event === '' && !isRecord) return null;
  const done = AMOUNTS.test(noun) ? 'time entry' : isRecord ? item.noun : named(event, knows);
  const more = item.fields === null ? objectsOf(rest, knows) : [];
  const with_ = item.fields === null ? null : readNounPhrase(partsOf(item.fields)[0]?.text ?? '');
  const person = with_ && isPlural(with_.noun) && isPerson(singular(with_.noun)) ? with_.noun : null;
  const others = [...item.ties, ...more.flatMap((one) => one.ties)]
    .filter((one) => !isNoThing(one.noun) && (knows(one.noun) || meansRecords(one) || kindOf(singular(one.noun))))
    .map((one) => one.noun);
  const objects = isRecord ? [] : [item.noun, ...more.map((one) => one.noun)];
  const ends = [...objects, ...others, ...(person ? [person] : []), subject].filter((one) => one !== '');
  if (ends.length < 2 && subject === '') return null;
  const fields = person ? '' : (item.fields ?? '') + (item.fields === null ? '' : rest.map((part) => part.separator + part.text).join(''));
  return {
    noun: done,
    fields,
    ties: [...new Set(ends)].map((noun) => ({ ...tie(noun), either: objects.length > 1 && objects.includes(noun) })),
    asides: [],
  };
}

/** "Families request sitters", where requests are spoken of as records: the verb is their name. */
function namedDeed(sentence: string, they: string | null, known: (noun: string) => boolean, knows: Knows): Outline | null {
  const words = sentence.split(' ');
  for (let at = 1; at < Math.min(words.length - 1, 4); at += 1) {
    const event = singular((words[at] ?? '').toLowerCase());
    const subject = knows(event) || isEvent(event) ? subjectOf(words.slice(0, at).join(' '), they, known, false) : null;
    const object = subject === null ? null : recorded(event, words.slice(at + 1).join(' '), subject ?? '', knows);
    if (object) return { segments: [object], loose: [] };
  }
  return null;
}

/** "Employees request holidays", where a holiday is described elsewhere: each of them is somebody's. */
function otherDeed(sentence: string, they: string | null, known: (noun: string) => boolean, knows: Knows): Outline | null {
  const [, who = '', verb = '', what = ''] = /^([\w-]+|(?:each|every|an?) [\w-]+) ([a-z]+) ((?:an? )?[\w-]+)$/i.exec(sentence) ?? [];
  const subject = who === '' ? null : subjectOf(who, they, known, false);
  const object = readNounPhrase(what);
  if (
    !subject ||
    !object ||
    !knows(object.noun) ||
    /^(?:has|have|is|are|needs?|contains?|includes?|with|or|of|per|to|for|by|at|in|from|on|about|between|than|as|and)$/i.test(verb)
  )
    return null;
  return { segments: [], loose: [{ from: object.noun, to: subject }] };
}

/** The further things in "lends chairs and tables to families". */
const objectsOf = (parts: readonly Part[], knows: Knows): Item[] => {
  const items = parts.map((part) => readItem(part.text));
  return items.every((one) => one !== null && one.fields === null && isPlural(one.noun) && (knows(one.noun) || !one.noun.includes(' ')))
    ? items.filter((one) => one !== null)
    : [];
};

/** "which volunteer walked which dog and when": a record with both. */
export function whichDidWhich(sentence: string): Segment | null {
  const match =
    /\b(?:which|what) ([a-z-]+(?: [a-z-]+)?) (?:has |have |had |is |was )?([a-z]+(?:ed|t|en)|[a-z]+s) (?:in |on |at |to |for )?(?:which|what) ([a-z-]+(?: (?!and\b|when\b)[a-z-]+)?)(?=,| and\b| when\b|$)/i.exec(
      sentence,
    );
  const [, actor = '', verb = '', object = ''] = match ?? [];
  if (!match || isNoThing(actor) || isNoThing(object)) return null;
  const stem = verb.toLowerCase().replace(/(?:ed|s)$/, '');
  const known = RECORDED.find(([words]) => new RegExp(`^(?:${words})$`, 'i').test(stem))?.[1];
  const event = known || (/^(?:use|own|need|get|ha|hold)$/.test(stem) ? 'assignment' : kindOf(stem) ? stem : `${stem.replace(/e$/, '')}ing`);
  return { noun: event, fields: '', ties: [object, actor].map(tie), asides: [] };
}

/** The name that the text itself uses for what is done. */
const named = (event: string, knows: Knows): string =>
  knows(event) ? event : (SAME_DOING.find((names) => names[0] === event)?.find((name) => knows(name)) ?? event);

/** "Trainers teach classes", "Musicians play in bands": one of the two points at the other. */
function lasting(sentence: string, they: string | null, known: (noun: string) => boolean): Outline | null {
  const words = sentence.split(' ');
  for (let at = 1; at < Math.min(words.length, 6); at += 1) {
    const rest = words.slice(at).join(' ');
    const verb = (LASTING_UP.exec(rest) ?? LASTING_DOWN.exec(rest))?.[0];
    if (verb === undefined) continue;
    const subject = subjectOf(words.slice(0, at).join(' '), they, known, false);
    const object = readNounPhrase(rest.slice(verb.length).trim());
    if (subject === null || !object || isNoThing(object.noun) || !(meansRecords(object) || known(object.noun))) return null;
    const [from, to] = LASTING_UP.test(rest) ? [subject, object.noun] : [object.noun, subject];
    return { segments: [], loose: [{ from, to }] };
  }
  return null;
}
