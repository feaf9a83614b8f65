import { isPlural, splitList } from './words.js';

/*
 * The sentences inside a sentence, and the noun phrases inside its words.
 */

const LEADING =
  /^(?:(?:which|what|whose|and|also|or|then|plus|optionally|additionally|maybe|perhaps|possibly|the|an?|all|any|some|my|our|your|their|his|her|its|this|that|these|those|each|every|one|several|many|multiple|various|different|both|new|existing|such|of|other|more|own|just|only|simply|please|lots of|list of|a list of|lists of|optional|required|mandatory|unique|short|free|individual|single|at least|at most|exactly|up to|client's|personal|basic|simple|important|relevant|up-to-date|overdue|upcoming|open|unpaid|late|outstanding|past|total|current|currently|pending|finished|completed|unfinished|expired|expiring|active|low|\d[\d,.]*|~\s?\d[\d,.]*|about|around|roughly|approximately|nearly|almost|over|more than|some|two|three|four|five|six|seven|eight|nine|ten|twelve|dozens of|hundreds of|a few|a couple of|few|whole|respective)\s+)+/i;
const CUT =
  /\s+(?:who|whom|whose|which|that|with|without|for|in|on|at|by|from|per|to|during|between|including|such as|like|as|when|where|while|if|so|because|but|using|via|through|across|over|into|my|our|we|i|they|you|it|he|she|their|the|can|should|must|will|is|are|was|were|has|have|had|be|been|every|each|again|nearby|together|easily|quickly|only|too|also|then)\b.*$/i;
/** Where another statement begins: "..., and for every inspection the date", "..., each plant comes from one supplier". */
const NEXT_STATEMENT =
  /(?:,| and|, and|;)\s+(?=for (?:each|every) )|,?\s+and\s+(?=every [a-z]+ (?:is|there is|we) )|,\s+(?=they (?:take|get|borrow|rent|pick|bring|pay|choose|book)\b)|,?\s+so\s+(?=(?:the |an? |each )?[a-z]+ (?:has|have)\b)|,\s+(?:and )?(?=(?:each|every|one) [a-z]+ (?:has|have|comes?|belongs?|is|can|may|must)\b)|,?\s+(?:and|but|so)\s+(?=(?:i|we|they|she|he|you) (?:(?:also|really|just) )?(?:want|need|must|would like|should|have to|can see|like) )|,\s+and\s+(?=(?:see|show|search|find out|print|export) (?:which|what|who|how|the|all|a|it|them)\b)|,?\s+(?:and|but)\s+(?=(?:(?:an?|the|each|every) )?[a-z]+ (?:can|may|must|cannot|can't) (?:only |also |never )?(?:have|be|belong)\b)|,\s+(?:and |but )?(?=(?:parents|people|[a-z]+s) have (?:several|many)\b)/i;
const SAME_SUBJECT =
  /^((?:each|every|an?|the|all|our|one) [\w' -]{2,30}?) ((?:either )?(?:is|are|has|have|concerns?|belongs? to|comes? from|contains?|includes?|must have|may have|can have|starts?|lasts?)) (.+)$/i;
const NEXT_VERB =
  /,? and (?=(?:(?:may|can|must|should|also|always|usually|sometimes) )*(?:has|have|belongs? to|comes? from|contains?)\b)|, (?=(?:has|have|belongs? to|comes? from|may have|can have) )/i;

const DESCRIBED = /^(.*?)((?:[a-z]+ )?[a-z]+s) (\([^()]*,[^()]*\))(.*)$/i;

/** "keep its members (name, village), its wines (name, vintage) and tastings": things with their fields, one by one. */
function eachDescribed(sentence: string): string[] | null {
  const all = splitList(sentence);
  const last = all.findLastIndex((part) => DESCRIBED.test(part));
  const parts = all.slice(0, last + 1);
  const end = all[last] ?? '';
  const rest = sentence.slice(sentence.lastIndexOf(end) + end.length).replace(/^[,;\s]*(?:and |plus )?/i, '');
  const matches = parts.map((part) => DESCRIBED.exec(part));
  const things = matches.filter((match) => match !== null && isPlural(match[2] ?? '') && /[:\s]$|^$/.test(match[1] ?? ''));
  if (things.length < 2 || things.length * 2 < parts.length) return null;
  const clauses = parts.map((part, at) => {
    const match = matches[at];
    const final = (match?.[2] ?? '').split(' ').at(-1) ?? '';
    const noun =
      at === 0 && !/[:]\s*$|^$/.test(match?.[1] ?? '')
        ? final
        : (match?.[2] ?? '').replace(/^(?:its|their|our|my|the|all|of|have|are|and|keep|track|manage) /i, '');
    return match && things.includes(match)
      ? `${noun} ${match[3] ?? ''}${match[4] ?? ''}`
      : part.replace(/^.*?:\s+(?=[a-z]+s$)/i, '').replace(/^(?:its|their|our|my|the) /i, '');
  });
  return rest === '' ? clauses : [...clauses, rest];
}

/** What may stand between two clauses; the next one has a subject of its own. */
const BETWEEN = /\s*[,;:]\s+(?:(?:and|but|so|or)\s+)?|\s+(?:and|but|so)\s+/gi;
const OWN_SUBJECT =
  /^(?:(?:an?|the|each|every|our|no|one|any) (?!(?:date|day|time|number|name)\b)[a-z-]+(?: (?!it\b|they\b|we\b|i\b|you\b|he\b|she\b|that\b|which\b|who\b|and\b|or\b|of\b|may\b|can\b|must\b|should\b)[a-z-]+)??|(?!some\b|most\b|none\b|half\b|many\b|it\b|they\b|he\b|she\b|who\b|what\b|which\b|that\b|where\b|when\b|how\b|whether\b|there\b|this\b|and\b|or\b|if\b|may\b|can\b|must\b|should\b|might\b|will\b|also\b|then\b)[a-z-]{3,}) (?:also |always |just |usually )?(?:has|have|is (?:just |always |simply )?(?:an?|one|the)|belongs? to|comes? from|goes|consists? of)\b|^there(?:'s| is| are) (?:\d|an?|some|several|many|two|three|four|five)|^(?:we|i|they) [a-z]+ (?:an?|the|each) [a-z ]+:|^they (?:must|can|may|should)(?:n't|not)? /i;
const OPEN =
  /\b(?:if|when|whenever|once|unless|until|because|although|while|as|since|that|which|who|whose|where|whether|how|what|for (?:each|every) [a-z]+|than|before|after)\b[^,:]*$/i;

/** "..., lift has a serial number", "so an absence is a player and a date": another clause with a subject of its own. */
function ownSubject(sentence: string, outside: string): string[] | null {
  for (const cut of outside.matchAll(BETWEEN)) {
    const before = outside.slice(0, cut.index);
    const rest = outside.slice(cut.index + cut[0].length);
    if (before.split(' ').length < (cut[0].includes(':') ? 2 : 4) || !OWN_SUBJECT.test(rest)) continue;
    const open = OPEN.exec(before);
    if (open && (open.index < 3 || !cut[0].includes(','))) continue;
    if (cut[0].includes(':') && !/^there/i.test(rest)) continue;
    return [sentence.slice(0, cut.index), sentence.slice(cut.index + cut[0].length)];
  }
  return null;
}

/** Cuts where another statement begins, and where the same subject has another verb. */
function apart(sentence: string): string[] {
  const outside = sentence.replace(/\([^)]*\)/g, (inside) => '_'.repeat(inside.length));
  const two = ownSubject(sentence, outside);
  if (two) return two;
  const cut = NEXT_STATEMENT.exec(outside);
  if (cut && cut.index > 8) return [sentence.slice(0, cut.index), sentence.slice(cut.index + cut[0].length)];
  const listed = /^(.+? (?:have|has) (?:several|many|multiple|one or more) ([a-z ]+s)): (.+)$/i.exec(sentence);
  if (listed) return [listed[1] ?? '', `${listed[2] ?? ''}: ${listed[3] ?? ''}`];
  const described = eachDescribed(sentence);
  if (described) return described;
  const trailing = /^(.+\([^()]*,[^()]*\)),? and ([a-z]+s|[a-z]+ (?:on |for )?(?:them|it))$/i.exec(sentence);
  if (trailing) return [trailing[1] ?? '', trailing[2] ?? ''];
  const [, subject = '', verb = '', rest = ''] = SAME_SUBJECT.exec(sentence) ?? [];
  const next = subject === '' || /\bwith\b/i.test(subject) ? null : NEXT_VERB.exec(rest.replace(/\([^)]*\)/g, (inside) => '_'.repeat(inside.length)));
  if (!next || /\b(?:who|which|that|whether|if|when)\b[^,]*$/i.test(rest.slice(0, next.index))) return [sentence];
  return [`${subject} ${verb} ${rest.slice(0, next.index)}`, `${subject} ${rest.slice(next.index + next[0].length)}`];
}

/** The sentences inside a sentence: "a tracker where each ticket has ...", "a grade belongs to a student and has a score". */
export function clausesOf(sentence: string): string[] {
  const parts = apart(sentence);
  return parts.length > 1 ? parts.flatMap(clausesOf) : oneSubject(parts[0] ?? sentence);
}

function oneSubject(sentence: string): string[] {
  const belongs = /^((?:each|every|an?|the|all)? ?[\w -]+?) belongs? to ((?:an?|one|the|several|many|exactly one) .+? and .+)$/i.exec(sentence);
  if (belongs) {
    const [targets = '', fields] = (belongs[2] ?? '').split(/,? and (?:also )?(?:has|have) /i);
    const many = splitList(targets).map((target) => `${belongs[1] ?? ''} belongs to ${target}`);
    return fields === undefined ? many : [...many, `${belongs[1] ?? ''} has ${fields}`];
  }
  const many =
    /^(.+? (?:has|have|can have|may have) (?:one or more|several|many|some|a list of|\d+ or more) ([a-z]+(?: [a-z]+)?s)),? (?:each )?(?:with|who have|which have|that have|having) (.+)$/i.exec(
      sentence,
    );
  if (many?.[1] && many[2] && many[3]) return [many[1], `${many[2]} have ${many[3]}`];
  const owner =
    /^(?:i|we) (?:run|have|own|am|are|manage|look after|organi[sz]e) [^,:]+?,? and (?:so )?(?:i |we )?(?=(?:need|want|would like) (?!to\b))(.+)$/i.exec(
      sentence,
    )?.[1];
  if (owner !== undefined)
    return clausesOf(
      owner.replace(
        /^(?:need|want|would like) (?:an? |the )?(?:simple )?(?:list|register|record|log|database|table|catalogue) of (?=[a-z]+s with )/i,
        '',
      ),
    );
  const wanted = /^(.+?),? and (?:also )?((?:i |we )?(?:want|need|would like|'d like|wish|have) to .+)$/i.exec(sentence);
  if (wanted?.[1] && wanted[2]) return [...clausesOf(wanted[1]), ...clausesOf(wanted[2])];
  const where =
    /^(.*?)[, ]+(?:(?:where|in which|and|so that|such that) (?=each|every|an?\b|the\b)|(?<=, )(?=each|every))((?:each|every|an?|the) (?:(?!if\b|when\b|where\b|they\b|it\b|we\b|that\b|which\b|who\b)[\w-]+ ){1,3}(?:has|have|can have|contains?|needs?|belongs? to)\b.*)$/i.exec(
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
  const dash = / [-–—] .* [-–—] /.test(sentence) ? null : /^([^()]{12,80}?) [-–—] (.+)$/.exec(sentence);
  if (dash?.[1] && dash[2] && dash[1].split(' ').length > 3 && !/^[^.:]*,[^.:]*,/.test(dash[2])) return [dash[1], ...clausesOf(dash[2])];
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
  /^(?:thing|things|stuff|data|information|info|everything|anything|something|detail|details|app|system|website|site|web ?app|software|way|progress|page|pages|record|records|feature|features|user|users|people|everyone|everybody|someone|somebody|them|it|this|that|these|those|us|me|you|one|ones|kind|kinds|sort|database|field|fields|value|values|screen|form|button|requirement|requirements|goal|goals|note that|overview|total|totals|sum|number|average|count|access|login|account|accounts|password|passwords|question|report|reports|statistics|way|ways|day|days|week|weeks|month|months|year|years|today|yes|no|ok|okay|track|list|lists|life|work|business|time|name|title|example|etc|search|order of|rest|need|needs|what|who|when|where|how|why|history|activity|status|change|changes|reason|end|start|turn|side|moment|use|hand|help|word|words|colou?r|price|quantity|amount|date|kilo|kilos|cell|cells|column|columns|spreadsheet|workbook|excel|emails|e-mail|phone|guy|guys|age|weekend|evening|morning|nobody|anybody|other|others|rate|dollar|dollars|pound|pounds|euro|euros|now|here|given|taken|made|done|spreadsheets|day rates|want|wanted|view|views|need to know|whoever|whatever|front|up front|apologies|question marks?|else|f?t|fts|kg|cm|mm|[a-z]*sel(?:f|ves))$/i;

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
  return phrase === null ||
    /^(for|of|to|in|on|with|at|by|not|no|who|and|or)\b/i.test(phrase) ||
    NO_THING.test(phrase) ||
    /\b(?:ing|ly|ones?|things?|stuff|details?|info(?:rmation)?|data|questions?)$/i.test(phrase)
    ? null
    : phrase;
}

export const isNoThing = (phrase: string): boolean => NO_THING.test(phrase);
