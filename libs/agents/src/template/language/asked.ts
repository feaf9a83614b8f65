import { RESERVED_FIELDS } from '#contracts';
import type { FieldType } from '#contracts';
import { nounPhrase } from './sentences.js';

/*
 * Fields that are written as questions: "who owns it", "when it was bought", "how many we have", "whether it is paid".
 */

interface Question {
  readonly label: string;
  readonly type?: FieldType;
  readonly choices?: string[];
  readonly link?: boolean;
}

const PRONOUN = '(?:it|they|he|she|this|that|one|i|we|you|people|the \\w+|somebody|someone)';
const HAS_BEEN = '(?:is|are|was|were|has been|have been|has|have|had|got)';

/** The words that answer a question each way, the first that matches counts. `$1` is what was asked for. */
const QUESTIONS: readonly (readonly [pattern: string, label: string, type?: FieldType])[] = [
  [`who (?:\\w+ ){0,2}?owns?\\b.*`, 'owner'],
  [`who (?:\\w+ ){0,2}?wrote\\b.*`, 'author'],
  [`(?:who is|who's) (?:responsible|in charge)\\b.*`, 'responsible person'],
  [`who (?:(?:has|have|had|last) )*(\\w+ed|made|built|gave|sold|sent|took|found|led|brought|taught) (?:it|them|this|the \\w+)\\b.*`, '$1 by', 'text'],
  [`(?:an? |the )?((?:last |first |next )?\\w*(?:ed|ght|ent|ken|ade|old|ven|paid|ound|lost|left|kept|een|met)) on`, '$1 on', 'date'],
  [`(?:an? |the )?((?:last |first |next )?\\w*(?:ed|ght|ent|ken|ade|old|ven|paid|ound|lost|left|kept|een|met)) by`, '$1 by', 'text'],
  [`when (?:i|we|they|he|she|you) (?:\\w+ )?last (\\w+ed|bought|sold|read|seen|saw|made|sent|paid|met|fed|cut)\\b.*`, 'last $1 on', 'date'],
  [`when ${PRONOUN} ${HAS_BEEN} last (\\w+)\\b.*`, 'last $1', 'date'],
  [`(?:when|on which day|what day|by when) (?:${PRONOUN} )?(?:is |are |was |were )?due\\b.*`, 'due date', 'date'],
  [
    `when ${PRONOUN} (?:${HAS_BEEN} )?(?:last )?(\\w+ed|bought|sold|read|seen|made|sent|paid|lent|built|written|given|taken|born|found|lost|met)\\b.*`,
    '$1 on',
    'date',
  ],
  [`when ${PRONOUN} (?:came|comes|is|was|were|gets?|got|brought) back\\b.*`, 'returned on', 'date'],
  [`when ${PRONOUN} (came|left|arrived|went)\\b.*`, 'date $1', 'date'],
  [
    `how many [a-z]+ (?:(?:it|they|one|each|the \\w+) )?(?:can |will )?(?:fit|fits|hold|holds|seat|seats|sleep|sleeps|carry|carries|take|takes)\\b(?! the)[^,]*`,
    'capacity',
    'integer',
  ],
  ['by whom', 'done by', 'text'],
  ['by when', 'due date', 'date'],
  [`when\\b.*\\b(?:starts?|begins?|began)\\b.*`, 'start', 'date'],
  [`when\\b.*\\b(?:ends?|finish(?:es)?|stops?)\\b.*`, 'end', 'date'],
  [`when (?:the |their |its |his |her |an? |this )([a-z]+(?: [a-z]+)?) (?:expires?|runs? out|lapses?|ran out|lapsed|is up)`, '$1 expiry', 'date'],
  [`when (?:the |their |its |his |her |an? |this )((?!\\w+ (?:is|was)$)[a-z]+ [a-z]+(?: (?:out|up|in|off|back|due))?)`, '$1', 'date'],
  [
    `when ${PRONOUN} ((?:(?:gets?|sets?|goes|comes|runs?|falls?|turns?|wakes?|dropp?(?:ed|s)?|picked|hand(?:ed|s)?) (?:in|out|off|up|back|down|away|home|over))\\b).*`,
    '$1',
    'date',
  ],
  [`when\\b.*`, 'date', 'date'],
  [`where ${PRONOUN} (?:is|are|was|were|stands?|lives?|sits?|hangs?|kept|stored|found)\\b.*`, 'location', 'text'],
  [`where ${PRONOUN} (?:comes?|came|is|are) from\\b.*`, 'origin', 'text'],
  ['where', 'where', 'text'],
  [`where\\b.*`, 'place', 'text'],
  [`how much\\b.*\\b(?:costs?|paid|price|spent|pay)\\b.*`, 'cost', 'money'],
  [`how much\\b.*\\b(?:weighs?)\\b.*`, 'weight', 'number'],
  [`how (?:long|much time)\\b.*\\b(?:minutes|seconds|days)`, 'duration', 'integer'],
  [`how (?:long|much time)\\b.*`, 'duration', 'number'],
  [`how (?:good|well|much (?:i|we) like\\w*)\\b.*`, 'rating', 'rating'],
  [`how old\\b.*`, 'age', 'integer'],
  [`how many(?: (?:of (?:them|each|it|those)|are (?:there|left)|there are|(?:i|we|they|you) \\w+.*|in stock))?`, 'quantity', 'integer'],
  [`how (?:many|much) ([a-z]+) (?:went|goes|go|came|comes|fell|ran) (?:in|out|up|down|off|on|into|through)\\b.*`, '$1', 'number'],
  [`how much(?: (?:of it|(?:i|we|they|you) \\w+.*))?`, 'amount', 'number'],
  [`(?:how) (?:(?:i|we|you|they|people|one) )(?:make|makes|cook|prepare|do|does|made) (?:it|them|this)\\b.*`, 'instructions', 'long_text'],
  [`(how (?:i|we|they|it|he|she) \\w+(?: (?:in|out|off|up)\\b)?).*`, '$1', 'text'],
  [`(how [a-z]+)(?: ${PRONOUN} (?:is|are|was|were))?`, '$1', 'text'],
  [`what (?:i|we|they|you) (?:paid|pay|spent)\\b.*`, 'price paid', 'money'],
  [`what (?:it|they) (?:cost|costs)\\b.*`, 'cost', 'money'],
  [`what (?:it|they) (?:weighs?)\\b.*`, 'weight', 'number'],
  [`what(?: is|'s) ((?:wrong|missing|needed|broken|in it|inside))\\b.*`, 'what is $1', 'text'],
  [`what (?:it|this|they|that)(?: is|'s| are| was| were) for\\b.*`, 'purpose', 'text'],
  [`what (?:it|this|they|that)(?: is|'s| are| was| were)(?: called)?`, 'what it is', 'text'],
  [`what (?:was|is|were|has been) (?:done|said|discussed|agreed|decided)\\b.*`, 'what was done', 'long_text'],
];
const PATTERNS = QUESTIONS.map(([pattern, label, type]) => [new RegExp(`^${pattern}$`, 'i'), label, type] as const);

/** Reads an item that asks; null where it is no question. */
export function asked(text: string): Question | null {
  const open = whether(text);
  if (open) return open;
  const counted =
    /^how many ((?!of\b|are\b|there\b|in\b|we\b|i\b|they\b|you\b)[a-z-]+(?: (?!we\b|i\b|they\b|it\b|are\b|there\b|were\b|fit\b|has\b|have\b|can\b|you\b|people\b)[a-z-]+)?)\b.*$/i.exec(
      text,
    )?.[1];
  if (counted !== undefined && !/^how many [a-z-]+ .*(?:fits?|holds?|seats?|sleeps?)$/i.test(text)) return { label: counted, type: 'integer' };
  for (const [pattern, label, type] of PATTERNS) {
    const match = pattern.exec(text);
    if (match) return { label: label.replace('$1', (match[1] ?? '').toLowerCase()), ...(type && { type }) };
  }
  return which(text) ?? literally(text);
}

/** "whether it's available, rented or in repair" has values, "whether it is paid" is yes or no. */
function whether(text: string): Question | null {
  const [, clause = ''] = /^(?:whether|if)(?: or not)? (.+?)(?: or not)?$/i.exec(text) ?? [];
  if (clause === '') return null;
  const state = clause
    .replace(new RegExp(`^(?:${PRONOUN}(?:'s|'re| ${HAS_BEEN})? )?(?:already |still |currently |fully |been |just )?`, 'i'), '')
    .replace(/^there(?:'s| is| are) (?:an? |any )?/i, '');
  const values = state
    .split(/\s*,\s*(?:or )?|\s+or\s+/)
    .map((one) => one.replace(/^(?:an? |the |in the |at the )/i, '').replace(/ (?:for|because|due to) .*$/i, ''));
  if (values.length >= 2 && values.every((one) => one !== '' && one.split(' ').length <= 4))
    return { label: /\b(?:an?|the) /i.test(state) ? 'kind' : 'status', choices: values };
  const subject =
    /^(?:the |their |his |her |its |an? )?([a-z]+(?: [a-z]+)?)(?: for [a-z ]+)? (?:is|are|was|were|has been|have been) (?:been )?([a-z]+(?:ed|d|t|n))$/i.exec(
      clause,
    );
  if (subject && !/^(?:it|they|he|she|this|that|i|we|you|one)\b/i.test(clause))
    return { label: `${subject[1] ?? ''} ${subject[2] ?? ''}`, type: 'boolean' };
  const label = nounPhrase(state.replace(/\b(?:been|have|has|had) /gi, ''), 4) ?? /^([a-z-]+)/i.exec(state)?.[1];
  return label === undefined ? null : { label, type: 'boolean' };
}

/** "which voice they sing", "what size they want", "whose turn": what is asked for is the noun. */
function which(text: string): Question | null {
  const [, before = '', noun = ''] =
    /^(?:(in|at|on|for|from|to|of|by|with) )?(?:which|what|whose) (?:kind of |type of |sort of )?([a-z][a-z-]*(?: (?!it\b|they\b|he\b|she\b|we\b|i\b|you\b|is\b|are\b|was\b|were\b|has\b|have\b|of\b|did\b|do\b|to\b|in\b|on\b|at\b|for\b)[a-z-]+)?)\b/i.exec(
      text,
    ) ?? [];
  if (
    noun === '' ||
    /^(?:happened|occurred|changed|broke|failed|went|was|it|they|he|she|i|we|you|is|are|was|were|has|have|the|this|that|people|everyone)\b/i.test(
      noun,
    )
  )
    return null;
  if ((RESERVED_FIELDS as readonly string[]).includes(noun.toLowerCase())) return { label: text, type: 'text' };
  const done = new RegExp(`^(?:which|what) ${noun} (?:it|them|this|that)$`, 'i').test(text) ? noun.replace(/ [a-z-]+$/i, '') : noun;
  const shown = done.replace(/ (?:came|went|showed|attended|did|sang|played|used|left|brought|wants?|needs?)$/i, '');
  return { label: /^(?:from|to)$/i.test(before) ? `${shown} ${before.toLowerCase()}` : shown, link: true };
}

/** What no pattern knows is called as it is asked: "who looks after it". */
function literally(text: string): Question | null {
  if (!/^(?:who|what|how)\b/i.test(text) || text.split(' ').length > 6) return null;
  if (/^who (?:it|they|that|this) (?:is|was|were)$/i.test(text)) return { label: 'person', link: true };
  return { label: text, type: 'text' };
}
