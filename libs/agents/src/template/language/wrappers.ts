import { kindOf } from './lexicon.js';
import { partsOf, readItem } from './noun-phrases.js';
import { isNoThing } from './sentences.js';
import { isPlural, singular } from './words.js';

/*
 * The words around what is to be recorded: "I want to keep track of", "a list of", "an inventory of", "a wine tracker with".
 */

/** A sentence without the words around it. */
export interface Unwrapped {
  readonly list: string;
  /** The thing whose fields the list names, where the words around it say so. */
  readonly thing: string | null;
  /** True where the words around it say that things are to be recorded. */
  readonly sure: boolean;
  /** True where the things stood inside a wrapper such as "a list of". */
  readonly wrapped: boolean;
}

const VERBS =
  'keep(?:s|ing)? (?:an? |good |better )*(?:track|lists?|records?|logs?|overview|inventory|notes?|tabs|register) (?:of|on)|(?:track|record|log|register|collect|monitor|maintain|administer|handle|document|keep|store|save|know|note|remember|write|catalogue?|manage|organi[sz]e|schedule|plan)(?:e?s|ing)?(?: down)?|managing|storing|saving|organi[sz]ing|cataloguing|scheduling|planning|tracking';
const RECORDING = new RegExp(`^(.*?)\\b(?:${VERBS})(?: (?:and|or|,) (?:${VERBS}))*\\s+(?:all |any |track of )?(.+)$`, 'i');
/** What may stand before the verb: whoever uses the app, not a thing of its own. */
const ASKING =
  /^$|^(?:(?:an?|the|my|our)\b.*|.*\b(?:i|we|app|application|tool|system|program|software|website|something|someone|us|me|you|it|please|way)\b.*|(?:let's|please|help me|to|for|want|need|would like|wish|have)\b.*)$/i;
const CONTAINERS =
  'list|catalog(?:ue)?|inventory|register|registry|directory|collection|database|data base|records?|log|log ?book|overview|archive|index|diary|journal|calendar|library|table|set|tracker|book|survey|census|ledger|roster|portfolio|gallery|stock|backlog';
const CONTAINER = new RegExp(
  `^(?:(?:an?|the|my|our|one|complete|simple|small|little|personal|private|digital|central|online|shared|basic|plain|new) )*(?:${CONTAINERS}) (?:of|about|on) (.+)$`,
  'i',
);
const APPS = 'app|application|tool|system|program|software|website|web ?app|site|platform|solution';
const MAKERS = `tracker|manager|log|log ?book|list|database|register|registry|catalog(?:ue)?|inventory|organi[sz]er|diary|journal|planner|directory|collection|records?|management|tracking|${APPS}`;
const MAKER = new RegExp(
  `^(?:.*?\\b(?:want|need|like|build|make|create|for)\\b )?(?:(?:an?|the|my|our|me|us|simple|small|little|personal|private|digital|online|shared|basic|new) )*([a-z][a-z-]*(?: [a-z][a-z-]*)?) (?:${MAKERS})(?: (?:${MAKERS}))*,? (?:with|including|having|containing|that has|which has) (.+)$`,
  'i',
);
const APP_FOR = new RegExp(`^(?:.*?\\b)?(?:${APPS}|${CONTAINERS}|crm) (?:for [^,:]{2,40} )?(?:with|for|of|about) (.+)$`, 'i');
const PLACES =
  'clinic|hospital|hotel|hostel|gym|farm|church|parish|museum|university|college|school|practice|agency|studio|salon|garage|office|charity|bakery|caf[eé]|restaurant|bar|shop|store|club|association|society|company|business|firm|team|library|kennel|shelter|zoo|theatre|theater|cinema|festival|league|laboratory|lab|workshop|dealership|nursery|kindergarten|community|campsite|factory|warehouse|pharmacy';
const PLACE_WITH = new RegExp(`^(?!each|every)(?:(?:an?|the|my|our|small|local) )*(?:[a-z-]+ ){0,2}(?:${PLACES}) (?:with|has) (.+)$`, 'i');
const TAIL = /[,\s]+(?:so (?:that|i|we|they|people)|because|in order to|in one place|in a (?:simple|single) (?:list|place)|easily|online)\b.*$/i;
const COLON = /^((?:(?!\b(?:with|has|have|having)\b)[^:()]){2,90}?)(?::|\s[-–—])\s+(.+)$/;

/** Takes off everything that only says that, where or by what means things are recorded. */
export function unwrap(sentence: string): Unwrapped {
  const text = sentence.replace(/^(?:and|also|then|please|so|here|plus|first)[, ]+/i, '').replace(TAIL, '');
  const there = /^(?:there (?:is|are)|(?:we|i) (?:have|run|own|keep|offer|sell|hold)|here (?:is|are)) (.+)$/i.exec(text)?.[1];
  if (there !== undefined && /,|\(| with /.test(there)) return { list: there, thing: null, sure: true, wrapped: true };
  const colon = COLON.exec(text);
  if (colon) return unwrapColon(colon[1] ?? '', colon[2] ?? '');
  const maker = MAKER.exec(text);
  const made = maker && !isNoThing(maker[1] ?? '') && !readsAsThings(maker[2] ?? '') ? singular(maker[1] ?? '') : null;
  if (maker && made) return { list: maker[2] ?? '', thing: made, sure: true, wrapped: true };
  const verb = RECORDING.exec(text);
  const object = verb && ASKING.test((verb[1] ?? '').trim()) ? (verb[2] ?? '') : null;
  const container = CONTAINER.exec(object ?? text);
  if (container) return { list: container[1] ?? '', thing: null, sure: true, wrapped: true };
  const app = object === null ? (APP_FOR.exec(text) ?? severalIn(PLACE_WITH.exec(text))) : null;
  if (app && readsAsThings(app[1] ?? '')) return { list: app[1] ?? '', thing: null, sure: true, wrapped: true };
  return { list: object ?? text, thing: null, sure: object !== null, wrapped: false };
}

/** "Inventory of parts: number, name" describes parts; "A tool library: tools with ..." lists things. */
function unwrapColon(head: string, tail: string): Unwrapped {
  const inner = unwrap(tail);
  const verb = RECORDING.exec(head);
  const object = verb && ASKING.test((verb[1] ?? '').trim()) ? verb[2] : undefined;
  const held = CONTAINER.exec(head) ?? CONTAINER.exec(object ?? '') ?? (object === undefined ? null : [object, object]);
  const noun = held ? readItem(held[1] ?? '') : null;
  const thing = noun && isPlural(noun.noun) && !isNoThing(noun.noun) ? noun.noun : null;
  return { ...inner, list: inner.sure ? inner.list : tail, thing: inner.thing ?? thing };
}

/** A place is where things are, unless it has one kind of thing only. */
const severalIn = (match: RegExpExecArray | null): RegExpExecArray | null => (match && /,| and /.test(match[1] ?? '') ? match : null);

/** True where the words list several of what is known as things of their own, up to the first that has fields. */
function readsAsThings(words: string): boolean {
  const items = partsOf(words).map((part) => readItem(part.text));
  const described = items.findIndex((item) => item !== null && item.fields !== null);
  const bare = described < 0 ? items : items.slice(0, described + 1);
  return (
    bare.every((item) => item !== null && isPlural(item.noun) && !isNoThing(item.noun)) && bare.some((item) => isThing(singular(item?.noun ?? '')))
  );
}

const isThing = (noun: string): boolean =>
  kindOf(noun) !== undefined && !/^(category|tag|genre|type|rating|note|ingredient|step|review|comment)$/.test(noun);
