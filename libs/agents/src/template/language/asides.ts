import { topicOf } from './document.js';
import { findEntity } from './draft.js';
import type { Draft } from './draft.js';
import { STARTS_WITH_VERB } from './heads.js';

/*
 * What people write that says nothing about the app: how a letter opens and closes, what happened last year.
 */

/** The opening of an idea that only says what kind of app is wanted, or by whom. */
export const isIntroduction = (sentence: string): boolean =>
  /^(?:(?:me|we|i)\b.{0,20}? |[a-z ]+: i )(?:run|are|am|have|own|work|organi[sz]e|operate|manage|collect|look after|breed|teach)\b/i.test(
    `${sentence} `,
  ) ||
  (!/^(show|list|see|count)\b|\b(must|should|when|if|can)\b/i.test(sentence) && sentence.split(' ').length <= 9) ||
  /\b(app|tool|system|application|website|software|something)\b(?! (?:must|should|has|shows|can))/i.test(sentence);

const REQUEST =
  /\b(?:must|should|need|needs|want|wants|can|could|please|show|display|let|allow|able|only|every|each|mark|highlight|colou?r|add|make|keep)\b/i;

const WANTED = /\b(?:must|should|needs?|wants?|can|cannot|can't|could|would|may|please|only|never|every|each|no)\b/i;

/** "I coordinate the minibuses of our valley", "we use a spreadsheet": who writes, and how it is done today. */
export const tellsOfThemselves = (sentence: string): boolean =>
  /^(?:(?:at|right|as|every|here|so|well|back|in)\b[^,]{0,25}, )?(?:i|we|my [a-z]+|our [a-z]+|[A-Z][a-z]+ here)(?:'m|'re|'ve|,)? (?:[a-z]+ ){0,2}?(?:run|am|are|have been|own|work|organi[sz]e|operate|manage|coordinate|direct|use|used|look after|breed|teach|fight|live|started|took over|do it|mending|is|been)\b/i.test(
    `${sentence} `,
  ) && !WANTED.test(sentence);

/** What opens or closes a letter, or says who writes it. */
const SMALL_TALK =
  /^(?:hi|hello|hey|dear|good (?:morning|day|evening)|buongiorno|bonjour|hola|sorry|apologies|forgive|excuse|bear with|thanks|thank you|cheers)\b|^there, |^(?:i'?m|we'?re) (?:the|an?|from|writing)\b|^(?:that's|that is) (?:all|it|about it)\b/i;

/** "Firstly the members", "last year we lost eleven copies": a heading, or a story that asks for nothing. */
export function isAside(draft: Draft, clause: string): boolean {
  const words = clause.split(' ');
  if (SMALL_TALK.test(clause)) return true;
  if (
    words.length <= 3 &&
    (topicOf(clause) !== null || findEntity(draft, clause.toLowerCase().replace(/^(?:then |there(?:'s| is| are) |the |our )+/i, '')) !== undefined)
  )
    return true;
  const mentioned = draft.schema.entities.some((one) => new RegExp(`\\b(?:${one.label}|${one.label_plural})\\b`, 'i').test(clause));
  const goesOn = /^(?:it|it's|they|they're|then|after\w*|later|finally|\|)(?= |$)/i.test(clause) || clause.split(',').length > 3;
  return (
    !goesOn &&
    draft.schema.entities.length > 0 &&
    !mentioned &&
    (!REQUEST.test(clause) || /\b(?:was|were|had|did|went|lost|tired|always|trouble)\b/i.test(clause)) &&
    !STARTS_WITH_VERB.test(clause)
  );
}
