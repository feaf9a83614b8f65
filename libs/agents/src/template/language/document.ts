import { nounsIn } from './frames/nouns.js';
import { kindOf } from './lexicon.js';
import { plainEnglish } from './plain-english.js';
import { purposeOf } from './purpose.js';
import { antecedents, isSentence, sentencesOf } from './sentence-cuts.js';
import { isNoThing, nounPhrase } from './sentences.js';
import { withoutTables } from './tables.js';
import { capital, isPlural, singular } from './words.js';

/*
 * Cutting what a person wrote into statements that can be read one by one. Headings, bullets and topics ("Firstly the
 * members.") are joined with what stands below them: `Hirers` over `- name, phone` becomes "Hirers: name, phone".
 */

/** One statement of a text. */
export interface Passage {
  /** As it was written. */
  readonly said: string;
  /** What is read: without chatter, and complete in itself. */
  readonly text: string;
  /** The thing that the heading, bullet or topic above it speaks of. */
  readonly topic: string | null;
  /** What the section is for, where its heading says so: lists and totals, or who may do what. */
  readonly section: 'results' | 'access' | null;
}

/** More than this is not read: rules over long texts would take too long. */
const MAX_STATEMENTS = 400;
const MAX_LENGTH = 900;

const BULLET = /^\s*(?:[-*•·–—+]|\d{1,2}[.)]|\d{1,2}(?:\.\d{1,2})+[.)]?|[a-z][)]|\[[ x]\])\s+/;
const RESULTS =
  /\b(?:reports?|reporting|results?|views?|statistics|stats|figures|numbers(?=$|:)|outputs?|totals|dashboards?|lists? (?:wanted|needed|we need)|wanted|overviews?|questions|(?:to|must|should|would|can) (?:also )?(?:see|know|show|look up))\b|^(?:see|show|to see|show me|know|wants?|wanted|wish list)$/i;
/** "I want:", "then print me:", "kindly give us:". */
const WISH =
  /^(?:(?:and|also|then|so|kindly|please|finally) )*(?:(?:i|we) )?(?:(?:also|would|'d) )*(?:want|need|like|love|print|give|show|tell|send)(?: (?:me|us|to (?:see|know|have)))*$/i;
const ACCESS =
  /\b(?:access|permissions?|roles|rights|who does what|who (?:can|may|uses (?:it|this|what)|gets (?:in|access|to))|users?|security|authority|log ?ins?|accounts?(?! n))\b|^who$/i;

/** A heading of its own before sentences in the same line: "Access. Clerks add loans." */
const ACCESS_HEAD = /^(?:access|permissions?|roles|rights|users?|authority|security|log ?ins?|who(?: does what| may do what| can do what)?)$/i;

/** True for a heading over what the app is to show or work out. */
export const isResult = (words: string): boolean => words.split(' ').length <= 4 && RESULTS.test(words);

interface Line {
  readonly text: string;
  readonly bullet: boolean;
  readonly indent: number;
  readonly heading: boolean;
}

/** What the lines below stand under. */
interface Place {
  readonly topic: string | null;
  readonly section: Passage['section'];
  readonly indent: number;
}

const NOWHERE: Place = { topic: null, section: null, indent: -1 };

/** The statements of a text, in their order. */
export function readDocument(text: string): Passage[] {
  const lines = linesOf(tidy(withoutTables(text)));
  const passages: Passage[] = [];
  let heading = NOWHERE;
  let above = NOWHERE;
  for (const [at, line] of lines.entries()) {
    if (line.text === '') {
      if (!lines[at + 1]?.bullet) above = heading;
      continue;
    }
    if (line.bullet && line.indent <= above.indent) above = heading;
    if (line.heading) {
      heading = above = placeOf(line, heading.section);
      continue;
    }
    const opens = opensList(line, lines.slice(at + 1));
    const place = line.bullet ? above : heading;
    if (opens && isShort(line.text) && !isSentence(line.text)) {
      const next = placeOf(line, place.section);
      above = { ...next, topic: next.topic ?? (line.bullet ? place.topic : null), indent: line.bullet ? line.indent : -1 };
      if (next.topic === null && !RESULTS.test(line.text)) passages.push(...passagesOf(line.text, NOWHERE));
      continue;
    }
    const read = passagesOf(line.text, place, line.bullet);
    passages.push(...read);
    if (opens) above = { ...placeOf({ ...line, text: line.text.replace(/:.*$/, '') }, place.section), indent: line.bullet ? line.indent : -1 };
  }
  return antecedents(passages.slice(0, MAX_STATEMENTS));
}

/** True where the next lines are bullets below this one. */
const opensList = (line: Line, rest: readonly Line[]): boolean => {
  const next = rest.find((one) => one.text !== '');
  return next?.bullet === true && (!line.bullet || next.indent > line.indent) && (rest[0] === next || /:$/.test(line.text) || isShort(line.text));
};

const isShort = (text: string): boolean => text.replace(/:$/, '').split(/\s+/).length <= 6 && !/[.;]$/.test(text);

function placeOf(line: Line, section: Passage['section']): Place {
  const words = plainEnglish(line.text.replace(/:$/, '')).replace(/\s+\([^)]*\)$/, '');
  const kind = RESULTS.test(words) ? 'results' : ACCESS.test(words) ? 'access' : line.heading ? null : section;
  return { topic: kind === null ? topicOf(words) : null, section: kind, indent: line.bullet ? line.indent : -1 };
}

const NO_TOPIC =
  /\b(?:background|data|notes?|needs?|requirements?|features?|goals?|rules?|about|introduction|summary|scope|people|app|system|tracking|database|software|website|fields?|information|details|structure|what|how|why|must|should|want|app|actions?|misc|other|general|questions?|decisions?|minutes|agenda|meeting|tool|tracker|stuff|things?|purpose|extras?)\b/i;

/** The thing that a heading, or the words before a list, speak of; null where they speak of none. */
export function topicOf(words: string): string | null {
  const bare = words
    .replace(
      /^(?:(?:the|our|my|each|every|an?|all|new|then|there's|there is|there are|also|for|first(?:ly)?|second(?:ly)?|third(?:ly)?|finally|lastly|next|\d+\.?) )+/i,
      '',
    )
    .replace(/\s+(?:in|out|given|received|made|table|register|records?|details|info|information|data|fields)$/i, '')
    .replace(/:$/, '');
  const kept = /^(.+) list$/i.exec(bare)?.[1];
  if (kept !== undefined) return isPlural(kept) || kindOf(kept) ? kept : `${bare.toLowerCase()} entry`;
  const phrase = nounPhrase(bare, 3);
  if (phrase === null || phrase.length !== bare.trim().length || NO_TOPIC.test(bare) || isNoThing(phrase)) return null;
  return isPlural(phrase) || kindOf(singular(phrase)) ? phrase : null;
}

/** `RACES` over a list, and "BOATS - name, length": written large, said in lower case. */
const quietly = (words: string): string =>
  words.replace(/^[A-Z][A-Z' &/-]{3,}(?=$|:|\.(?: |$)|\s+[-–—=]\s|\s*\()/, (large) =>
    /[A-Z]{4}/.test(large) ? capital(large.toLowerCase()) : large,
  );

/** A short line of its own above a full one, after nothing or an empty line: "Machines". */
function standsAbove(raws: readonly string[], at: number, words: string): boolean {
  const next = (raws[at + 1] ?? '').trim();
  const alone = at === 0 || (raws[at - 1] ?? '').trim() === '';
  if (!alone || next === '' || BULLET.test(raws[at + 1] ?? '') || !/^[A-Z][a-z]+(?: [a-z]+){0,3}:?$/.test(words) || isSentence(words)) return false;
  return topicOf(words.replace(/:$/, '')) !== null || RESULTS.test(words) || ACCESS.test(words) || NO_TOPIC.test(words);
}

/** "2. Bins" above lines of text: a heading, and no item of a list. */
function isNumberedHeading(raws: readonly string[], at: number, words: string): boolean {
  const next = raws.slice(at + 1).find((one) => one.trim() !== '');
  return (
    /^\s*\d/.test(raws[at] ?? '') &&
    next !== undefined &&
    !/^\s*\d{1,2}[.)]\s/.test(next) &&
    isShort(words) &&
    !isSentence(words) &&
    !/[,:;]./.test(words)
  );
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  const raws = text.split('\n');
  for (const [at, raw] of raws.entries()) {
    const indent = raw.length - raw.trimStart().length;
    const sharp = /^\s*#{1,6}\s+\S/.test(raw) || /^\s*(?:\*\*|__)[^*_]+(?:\*\*|__):?\s*$/.test(raw);
    const plain = raw.replace(/\*\*|__|`/g, '').replace(/^\s*#{1,6}\s+/, '');
    const bullet = !sharp && BULLET.test(plain);
    const words = quietly(plain.replace(bullet ? BULLET : /^\s+/, '').trim());
    const heading = sharp || (bullet ? isNumberedHeading(raws, at, words) : standsAbove(raws, at, words));
    const last = lines.at(-1);
    if (heading && bullet) lines.push({ text: words, bullet: false, indent, heading });
    else if (last && !bullet && !heading && last.text !== '' && !last.heading && isWrapped(raws, at))
      lines[lines.length - 1] = { ...last, text: `${last.text} ${words}` };
    else lines.push({ text: words, bullet, indent, heading });
  }
  return lines;
}

/** True for a line that goes on where a full line before it was broken. */
function isWrapped(raws: readonly string[], at: number): boolean {
  const before = (raws[at - 1] ?? '').trim();
  const here = (raws[at] ?? '').trim();
  if (here === '' || before.length < 55 || before.length > 110 || /[.:;!?]$/.test(before) || /^[\w ]{2,25}(?::| - )/.test(here)) return false;
  return (
    /(?:,|\b(?:the|an?|of|and|or|to|in|with|for|is|are|that|which|who|by|on|at|from|as|we|it))$/i.test(before) ||
    (/^[a-z(]/.test(here) && !/^[\w ]{2,25}(?::| - )/.test(before))
  );
}

const tidy = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/^(?:to|from|cc|date|subject|memo|re)(?::.*|$)/gim, '')
    .replace(/\bno\.? of\b/gi, 'number of')
    .replace(/\b(?<!\b(?:yes|or|and|say|says|is|a) )(?<=[a-z] )no\.(?=[\s,;)])/gi, 'number')
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/\t/g, '  ');

function passagesOf(line: string, place: Place, inList = false): Passage[] {
  const passages: Passage[] = [];
  let { topic } = place;
  let led = false;
  let shown = false;
  let access = false;
  for (const said of sentencesOf(line)) {
    const bare = withoutSpeaker(plainEnglish(said));
    if (bare === '') continue;
    if (ACCESS_HEAD.test(bare)) {
      access = true;
      continue;
    }
    const announced =
      /^(?:(?:first|second|third|last|next|then|finally)(?:ly)?,? )?(?:there (?:is|are) )?(?:also )?(?:the|our) [\w' -]+$/i.test(said) ||
      (/^[A-Z][\w-]*(?: [\w-]+)?$/.test(said) && place.topic === null)
        ? topicOf(bare)
        : null;
    if (announced !== null && !isSentence(bare)) {
      topic = announced;
      passages.push({ said, text: bare, topic: null, section: place.section });
      continue;
    }
    const own = place.section === null && passages.length === 0 ? headOf(bare) : null;
    const goesOn = led && bare.split(' ').length <= 8 && !isSentence(bare);
    const apartFrom = led && /\b(?:per|each|every|for example)\b/i.test(bare);
    const text =
      place.section === null && topic !== null && own === null && !apartFrom && (inList || goesOn || bare.includes(',')) ? under(bare, topic) : bare;
    if (own !== null) [topic, led] = [own, true];
    const section: Passage['section'] =
      place.section ?? sectionOf(bare) ?? (access ? 'access' : null) ?? (shown && !isSentence(bare) ? 'results' : null);
    shown = section === 'results';
    access = section === 'access';
    passages.push({ said, text: text.slice(0, MAX_LENGTH), topic, section });
  }
  return passages;
}

/** "See: what is out", "logins: the owner": a heading and what stands under it, in one line. */
function sectionOf(text: string): Passage['section'] {
  const head = /^([^:,.()]{2,40}?)(?::| [-–—]) \S/.exec(text)?.[1] ?? '';
  if (head === '' || head.split(' ').length > 5) return null;
  return RESULTS.test(head) || WISH.test(head) ? 'results' : ACCESS.test(head) ? 'access' : null;
}

/** "Boats: name, length": the sentences after it in the same line ("Year built.") go on with the boats. */
function headOf(text: string): string | null {
  const head = /^([a-z][a-z ]{2,30}?)(?: ?:| [-–—=]) \S/i.exec(text)?.[1];
  return head === undefined || isResult(head) || ACCESS.test(head) || !isPlural(head) ? null : topicOf(head);
}

/** "Dr. Okafor: each animal belongs to one owner": whoever said it in a meeting is not what it is about. */
function withoutSpeaker(text: string): string {
  const [, head = '', told = ''] = /^([a-z][\w]*(?: [a-z]+)?): ((?:an?|each|every|one|the) .+)$/i.exec(text) ?? [];
  if (
    told !== '' &&
    isSentence(told) &&
    !told.includes(':') &&
    !isResult(head) &&
    new RegExp(`^(?:an?|each|every|one|the) [a-z -]+? (?:can|may|must|has|have|is|belongs?|comes?)\\b`, 'i').test(told)
  )
    return told;
  const [, speaker = '', tail = ''] = /^((?:[A-Z][\w.]* ){0,2}[A-Z][\w.]*): (.+)$/.exec(text) ?? [];
  return tail !== '' && isSentence(tail) && topicOf(speaker) === null && !/^(?:for (?:each|every))\b/i.test(tail) ? tail : text;
}

/** A bullet with the thing it belongs to: under `Samples`, "type: blood, DNA" becomes "Samples: type (blood, DNA)". */
function under(text: string, topic: string): string {
  const colon = /^([^:(),]{2,40}):\s+(.+)$/.exec(text);
  if (colon && (nounsIn(colon[1] ?? '').length > 1 || /\b(?:progress|status|stages?|states?|flow|course|life)\b/i.test(colon[1] ?? ''))) return text;
  if (colon) {
    const [, head = '', tail = ''] = colon;
    const itself = head.replace(/^(?:each|every|an?|the|for (?:each|every|an?)) /i, '').toLowerCase();
    if (singular(itself) === singular(topic.toLowerCase())) return `${topic}: ${tail}`;
    const named = /,/.test(tail) && /(?:^|, |\band )(?:name|title|number|code)\b/i.test(tail) && head.split(' ').length <= 3;
    const own = named || (isPlural(head) && (kindOf(singular(head)) !== undefined || tail.includes(',')));
    return own || isSentence(head) || isSentence(tail) ? text : `${topic}: ${head} (${tail.replace(/[()]/g, '').replace(/\s*->\s*/g, ', ')})`;
  }
  if (/^(?:belongs? to|comes? from|has|have|is part of|is linked to|can have|may have|needs)\b/i.test(text)) return `Each ${singular(topic)} ${text}`;
  if (/^[a-z]+(?: [a-z]+)?, (?:only )?(?:if|once|when) [a-z]+(?: [a-z]+)?$/i.test(text)) return `${topic}: ${text}`;
  return isSentence(text) || ['rule', 'result', 'feature'].includes(purposeOf(text) ?? '') ? text : `${topic}: ${text}`;
}
