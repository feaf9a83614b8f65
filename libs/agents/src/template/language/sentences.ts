import { isPlural, splitList } from './words.js';

/** Cutting what a person wrote into statements that can be read one by one. */

/** More than this is not read: rules over long texts would take too long. */
const MAX_STATEMENTS = 400;
const MAX_LENGTH = 600;

const BULLET = /^\s*(?:[-*•·–]|\d{1,2}[.)]|\[[ x]\])\s+/;

/** Statements of a text: sentences, bullet points, and headings joined with the bullets below them. */
export function splitSentences(text: string): string[] {
  const lines = tidy(text)
    .split('\n')
    .map((line) => line.trimEnd());
  const statements: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = (lines[at] ?? '')
      .replace(BULLET, '')
      .replace(/^#+\s*/, '')
      .trim();
    if (line === '') continue;
    if (line.endsWith(':')) {
      const below: string[] = [];
      const own = BULLET.test(lines[at] ?? '') ? indent(lines[at] ?? '') : -1;
      for (
        let next = at + 1;
        next < lines.length && (lines[next] === '' || (BULLET.test(lines[next] ?? '') && indent(lines[next] ?? '') > own));
        next += 1
      ) {
        if (lines[next] !== '') below.push((lines[next] ?? '').replace(BULLET, '').trim());
        else if (below.length > 0) break;
        at = next;
      }
      if (
        below.length > 0 &&
        below.every((one) => one.split(/\s+/).length <= 6 && !/[:.]\s/.test(one)) &&
        !/^(features|requirements|it should|the app should|users can|goals)\b/i.test(line)
      ) {
        statements.push(`${line} ${below.map((one) => one.replace(/[.;,]$/, '')).join(', ')}`);
      } else if (below.length > 0) statements.push(...below.flatMap(sentencesOf));
      continue;
    }
    statements.push(...sentencesOf(line));
  }
  return statements.slice(0, MAX_STATEMENTS).map((one) => one.slice(0, MAX_LENGTH));
}

const indent = (line: string): number => line.length - line.trimStart().length;

const tidy = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(/[“”„«»]/g, '"')
    .replace(/[‘’]/g, "'")
    .replace(/\be\.g\./gi, 'for example')
    .replace(/\bi\.e\./gi, 'that is')
    .replace(/\betc\.?/gi, '')
    .replace(/\*\*|__|`/g, '')
    .replace(/[ \t]+/g, (space) => (space.includes('\t') ? '  ' : space));

const sentencesOf = (line: string): string[] =>
  line
    .split(/(?<=[.!?])\s+(?=["(A-Z0-9a-z])|;\s+/)
    .map((one) =>
      one
        .trim()
        .replace(/[.!?;,]+$/, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((one) => one !== '');

const LEADING =
  /^(?:(?:which|what|whose|and|also|or|then|plus|optionally|additionally|maybe|perhaps|possibly|the|an?|all|any|some|my|our|your|their|his|her|its|this|that|these|those|each|every|one|several|many|multiple|various|different|both|new|existing|such|of|other|more|own|just|only|simply|please|lots of|list of|a list of|lists of|optional|required|mandatory|unique|short|free|individual|single|at least|at most|exactly|up to|client's|personal|basic|simple|important|relevant|up-to-date|overdue|upcoming|open|unpaid|late|outstanding|past|total|current|currently|pending|finished|completed|unfinished|expired|expiring|active|low)\s+)+/i;
const CUT =
  /\s+(?:who|whom|whose|which|that|with|without|for|in|on|at|by|from|per|to|during|between|including|such as|like|as|when|where|while|if|so|because|but|using|via|through|across|over|into|my|our|we|i|they|you|it|he|she|their|the|can|should|must|will|is|are|was|were|has|have|had|be|been|every|each|again|together|easily|quickly|only|too|also|then)\b.*$/i;
/** The sentences inside a sentence: "a tracker where each ticket has ...", "a grade belongs to a student and has a score". */
export function clausesOf(sentence: string): string[] {
  const belongs = /^((?:each|every|an?|the|all)? ?[\w -]+?) belongs? to ((?:an?|one|the|several|many|exactly one) .+? and .+)$/i.exec(sentence);
  if (belongs) {
    const [targets = '', fields] = (belongs[2] ?? '').split(/,? and (?:also )?has /i);
    const many = splitList(targets).map((target) => `${belongs[1] ?? ''} belongs to ${target}`);
    return fields === undefined ? many : [...many, `${belongs[1] ?? ''} has ${fields}`];
  }
  const wanted = /^(.+?),? and (?:also )?((?:i |we )?(?:want|need|would like|'d like|wish|have) to .+)$/i.exec(sentence);
  if (wanted?.[1] && wanted[2]) return [...clausesOf(wanted[1]), ...clausesOf(wanted[2])];
  const where =
    /^(.*?)[, ]+(?:(?:where|in which|and|so that|such that) (?=each|every|an?\b|the\b)|(?<=, )(?=each|every))((?:each|every|an?|the) (?:[\w-]+ ){1,3}(?:has|have|can have|contains?|needs?|belongs? to)\b.*)$/i.exec(
      sentence,
    );
  if (where?.[1] && where[2] && !/^(?:for|about|of) (?:each|every)/i.test(sentence)) return [...clausesOf(where[1]), ...clausesOf(where[2])];
  const head = /^([^:(]{2,60}):\s+(.+)$/.exec(sentence);
  if (
    head?.[2] &&
    /\b(tracker|app|application|tool|system|manager|diary|list|box|library|inventory|planner|journal|register|catalog(ue)?|database|shop|website)\b/i.test(
      head[1] ?? '',
    ) &&
    /\b(with|has|have|\()/i.test(head[2])
  )
    return [head[1] ?? '', ...clausesOf(head[2])];
  const dash = /^([^()]{12,80}?) [-–—] (.+)$/.exec(sentence);
  if (dash?.[1] && dash[2] && dash[1].split(' ').length > 3) return [dash[1], ...clausesOf(dash[2])];
  const last = /^((?:[a-z]+(?:,| and) )+)([a-z]+ with .+)$/i.exec(sentence);
  if (last?.[1] && last[2] && splitList(last[1]).every((item) => isPlural(item.replace(/,? ?(and)?$/i, ''))))
    return [`Track ${last[1].replace(/(,| and) $/, '')}`, last[2]];
  const several = /^(([a-z][a-z ]{1,40}) \([^()]*,[^()]*\))(?:,? and |[,;] )([a-z][a-z ]{1,40}\(.*)$/i.exec(sentence);
  if (several?.[1] && several[3] && isPlural(several[2] ?? '') && !/\b(has|have|with)\b/i.test(several[2] ?? ''))
    return [several[1], ...clausesOf(several[3])];
  const also = /^([^()]+?),? (?:and|but) ((?:no|remove|drop|rename|also an?) [^()]+)$/i.exec(sentence);
  if (also?.[1] && also[2]) return [...clausesOf(also[1]), ...clausesOf(also[2])];
  const described = /^[^:(]{2,60}:\s+(([a-z][a-z ]{1,40}) \([^()]*,[^()]*\)(?:(?:,? and |[,;] )[a-z][a-z ]{1,40}\([^()]*\))*)$/i.exec(sentence);
  if (described?.[1] && isPlural(described[2] ?? '')) return clausesOf(described[1]);
  return [sentence];
}

const NO_THING =
  /^(?:thing|things|stuff|data|information|info|everything|anything|something|detail|details|app|system|website|site|web ?app|program|software|way|progress|page|pages|record|records|feature|features|user|users|people|everyone|everybody|someone|somebody|them|it|this|that|these|those|us|me|you|one|ones|lot|lots|kind|kinds|sort|database|field|fields|value|values|screen|form|button|requirement|requirements|goal|goals|note that|overview|total|totals|sum|number|average|count|access|login|account|accounts|password|passwords|question|report|reports|statistics|way|ways|day|days|week|weeks|month|months|year|years|today|yes|no|ok|okay|track|list|lists|life|work|business|time|name|title|example|etc|search|order of|rest|need|needs|what|who|when|where|how|why|history|activity|status|change|changes)$/i;

/** The bare noun phrase of some words (`all my old books in the shelf` -> `old books`), or null where there is none. */
export function nounPhrase(words: string, max = 3): string | null {
  const phrase = words
    .replace(/\([^)]*\)/g, ' ')
    .replace(/["']s\b/g, '')
    .replace(/["“”]/g, '')
    .trim()
    .replace(LEADING, '')
    .replace(CUT, '')
    .replace(/[.,:;!?]+$/, '')
    .trim();
  if (phrase === '' || phrase.length > 60 || !/^[a-z][a-z0-9 /&-]*$/i.test(phrase) || phrase.split(' ').length > max) return null;
  return phrase;
}

/** A noun phrase that can be the name of a list of records. */
export function thingPhrase(words: string): string | null {
  const phrase = nounPhrase(words.replace(/\s+of\s+.*$/i, ''));
  return phrase === null || /^(for|of|to|in|on|with|at|by|not|no|who|and|or)\b/i.test(phrase) || NO_THING.test(phrase) || /\b(ing|ly)$/i.test(phrase)
    ? null
    : phrase;
}

export const isNoThing = (phrase: string): boolean => NO_THING.test(phrase);
