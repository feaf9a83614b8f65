import { spelled } from './spelling.js';

/*
 * What people write around what they mean: greetings, fillers, short forms and slips of the pen.
 */

const SHORT_FORMS: readonly (readonly [RegExp, string])[] = [
  [/\bneither (an? [a-z]+(?: [a-z]+)?) nor (an? [a-z]+(?: [a-z]+)?) (?:can|may|must|should) ([^.;!?\n]+)/gi, '$1 cannot $3, and $2 cannot $3'],
  [/^([a-z]+(?: [a-z]+)?) = (?!.*[+*×/=] )[^:,=]{6,60}: (?=[^,]+,)/gim, '$1: '],
  [/\bw\/o\b/gi, 'without'],
  [/\bw\/\s*/gi, 'with '],
  [/\bppl\b/gi, 'people'],
  [/\bu\b(?=(?:'re)? (?:make|build|do|put|see|can|are|have|need|want|get|give|know)\b)/g, 'you'],
  [/\bavg\.?(?= )/gi, 'average'],
  [/\b(?:an? )?to[- ]?do list(?=\s*(?:with|:|\())/gi, 'tasks'],
  [/\bem\b(?= back| out)/gi, 'them'],
  [/\b(?:my|our) [a-z]+(?:s'|'s) (?=[a-z]+s\b)/gi, 'our '],
  [/\bamt\b\.?/gi, 'amount'],
  [/\bmob\b\.?(?=,|;|$| (?:no|number)\b)/gi, 'mobile'],
  [/\bqty\b\.?/gi, 'quantity'],
  [/\bappt(s?)\b\.?/gi, 'appointment$1'],
  [/\bwanna\b/gi, 'want to'],
  [/\bgotta\b/gi, 'have to'],
  [/\bgonna\b/gi, 'going to'],
  [/\b(can|don|won|isn|doesn|aren|mustn|shouldn|didn|hasn|haven|wasn|couldn)t\b/gi, "$1't"],
  [/\b(that|there|what|who|where)s\b(?!['’])/gi, "$1's"],
  [/\b(whether|if|when|once|because|how|where|what|then|like) its\b/gi, "$1 it's"],
  [/\bw(?:eth|heth)er\b|\bweather(?= (?:the|it|they|he|she|or not|its)\b)/gi, 'whether'],
  [/\b(?:aswell|as well)$/gi, 'too'],
  [/\baswell\b/gi, 'as well'],
  [/\b(?:obvs|obvi)\b/gi, 'obviously'],
  [/\b(?:that|which)'s (?=(?:not|never|unique|different|optional|required)\b)/gi, 'that is '],
  [/\b(?:we|i|they) got (?=(?:an?|the|some|any|no|two|three|four|five|six|ten|a few|several)\b)/gi, 'we have '],
  [/\bcan not\b/gi, 'cannot'],
  [/\bde?pts?\.(?= |$)/gi, 'department'],
  [/\be\.g\.,?/gi, 'for example'],
  [/\bi\.e\.,?/gi, 'that is'],
  [/,?\s*\betc\b\.?/gi, ''],
  [
    /\b(with|of|and|for|by|has|have) there (?!is\b|are\b|was\b|were\b|will\b|can\b|must\b|should\b|may\b)(?=(?:own )?[a-z]+\b(?! (?:is|are|was|were)\b))/gi,
    '$1 their ',
  ],
  [/\btoo (?=(?:be|see|search|have|know|record|track|keep|find|add|do|show)\b)/gi, 'to '],
  [/\b(we|i|they|you)'ve\b/gi, '$1 have'],
  [/\bgot (?=(?:about |around |roughly |some |~)?\d)/gi, ''],
  [/\bless then\b/gi, 'less than'],
  [/\bmore then\b/gi, 'more than'],
  [/\b(she|he|they|we|i|it) (?:also )?(?:must|should|can) to\b/gi, '$1 must'],
];

/** Words that say nothing about the app, wherever they stand. */
const FILLERS =
  /,?\s*\b(?:lol|haha+|duh|thx|btw|obviously|of course|naturally|basically|honestly|frankly|as i said|as you know|you know|i think|i guess|i suppose|i mean|thank you(?: very much)?|thanks|please|pls|plz|many thanks|as well(?! as))\b,?/gi;
const OPENING =
  /^(?:(?:(?:ok(?:ay)?|so|well|right|now|hi|hello|hey|hola|howdy|greetings|dear all|good (?:morning|afternoon|evening|day)|oh|ah|um|and|but|then|anyway|firstly|secondly|thirdly|finally|lastly|additionally|furthermore|moreover|in addition|besides|note that|n\.?b\.?|p\.?s\.?|re)\b[,:.!]?|(?:first|second|third|next|last),)\s+(?!to\b))+/i;

/** "I want that a student is registered", "make sure that each has a name": what is wanted is what is said. */
const WISH_THAT =
  /^(?:(?:i|we) (?:want|would like|wish|need|prefer|'d like)|make sure|ensure|it is (?:important|necessary|good)|note|remember) that /i;
/** "has a card with their name", "gets a page showing the date": a paper about a thing holds what is noted of the thing. */
const PAPER =
  /\b(has|have|gets?) (?:an?|its own|their own|one) (?:[a-z]+ )??(?:card|sheet|form|page|file|folder|entry|slip|ticket|label|docket|row|line|record|profile) (?:with|showing|saying|which says|that says|listing|which lists|giving|containing|which has|that has|of) /gi;

/** A sentence without short forms, fillers and slips of the pen. */
export function plainEnglish(said: string): string {
  let text = said;
  for (const [form, full] of SHORT_FORMS) text = text.replace(form, full);
  text = text.replace(FILLERS, (filler) => (filler.endsWith(',') && filler.startsWith(',') ? ',' : ' '));
  text = text
    .replace(OPENING, '')
    .replace(WISH_THAT, '')
    .replace(PAPER, '$1 ')
    .replace(/^for (?:our|my) [^,:]{2,40}:\s+(?=(?:every|each|an?|the|all|we|i)\b)/i, '')
    .replace(
      /^(?:i|we) (?:would like|want|need|'d like|imagine|think of) [^,:]{0,20}?(?:app|application|system|program|tool|website|software|something|database)(?: for us| like this)?:\s+/i,
      '',
    )
    .replace(/[!?]+/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/\s+,/g, ',')
    .replace(/[\s,.;]+$/, '')
    .trim();
  return spelled(text);
}
