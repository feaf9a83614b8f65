import { isPerson } from './lexicon.js';
import { readNounPhrase } from './noun-phrases.js';
import { singular } from './words.js';

/*
 * What a sentence is for, where it is not there to say what is recorded: a rule, a result, a right, or an aside.
 */

export type Purpose = 'rule' | 'result' | 'access' | 'feature' | 'aside';

const RULE =
  /\b(?:can't|cannot|couldn't|mustn't|must not|must never|may not|should not|shouldn't|should never|never|not allowed|forbidden|no two|nobody may|no one may|at most|at least|no more than|not more than|(?:max|min)(?:imum)?(?= (?:of )?(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|twelve)|$)|unless|must (?:be|follow|come|always)|has to be|only (?:once|twice|one|when|if|after|before)|may be put|without exception)\b|^(?:no|not) [a-z]+ (?:if|without|when|on|before|after)\b/i;
const RESULT =
  /^(?:(?:i|we) )?(?:also )?(?:need|want|would like) (?:an? |the )?(?:list|report|overview|total|count|number|chart|graph|dashboard|summary)\b|^(?:(?:i|we|she|he|they|you|it|everyone|the \w+)\b[^,;:]{0,30}?\b(?:want|need|would like|'d like|'d love|love|wish|like|must|should|able|has|have|know|can)\b[^,;:]{0,20}?\b)?(?:to )?(?:see|show|display|find|search|look up|look at|filter|sort|print|export|import|count|calculate|work out|know (?:how|which|who|what|when)|tell me|report on|chart|list)\b|^(?:the )?(?:total|average|sum|number of|count of|how (?:many|much)|list of|lists? |chart|graph|dashboard|report|overview|top \d|ranking|monthly|weekly|yearly|daily|every (?:morning|day|week|month)|what's (?:on|out|due|open|late)|who has)\b|^(?:that's|that is) (?:all|it)\b/i;
/** "We have a list of dishes" says that there is one. */
const HELD = /\b(?:have|has|keep|keeps|got|there(?:'s| is)) (?:got )?(?:an?|the|our|one) (?:[a-z]+ )?(?:list|register|log|book) of\b/i;
const RIGHTS =
  /^(?:only |all |the |our |other |and |every |a |an )*([a-z][a-z -]{2,30}?) (?:also |just |only )*(?:can|may|should|must|are able to|is able to|are allowed to|is allowed to|ought to|don't|do not|does not|cannot|can't|mustn't|shouldn't|have to|sees?|edits?|(?:do|does) everything)\b.*\b(?:see|sees|view|look up|read|edit|change|alter|amend|delete|remove|add|create|manage|enter|approve|close|everything|anything|nothing|all of them|their own|log in|sign in|consult|mark|assign|cancel|write)\b/i;
const LOGIN = /\b(?:log ?in|sign ?in|logins?|password|(?<!\b(?:bank|customer|client) )account(?! n))s?\b/i;
const FEATURE = /^(?:search|filter|sort|import|export|print|csv|download|upload)\w*\b|\b(?:export|import)\w* (?:to|from|as|of) /i;
const ASIDE =
  /^(?:thank|thanks|regards|kind regards|best|cheers|sincerely|yours|dear|action|next meeting|aob|present|apologies|background|my (?:dad|mom|mum|wife|husband|nephew|niece|sister|brother|boss|son|daughter|friend|colleague|successor|late))\b|^(?:at (?:present|the moment)|right now|currently|so far|today we|up to now|until now|last year|at the moment|we are (?:an?|the)\b|i am (?:an?|the)\b|it has been|i have been|i've been)/i;

/** What the sentence is for; null where it may say what is recorded. */
export function purposeOf(text: string): Purpose | null {
  if (ASIDE.test(text)) return 'aside';
  if (/^what (?:i|we) (?:most|really|mostly)? ?(?:want|need)\b[^:]*$/i.test(text)) return 'result';
  if (RULE.test(text.replace(/\([^)]*\)|,? (?:must|should|has to) be unique/gi, ' '))) return 'rule';
  if (FEATURE.test(text)) return 'feature';
  const who = RIGHTS.exec(text)?.[1];
  if (who !== undefined && isSomebody(who)) return 'access';
  if (LOGIN.test(text) && text.split(' ').length < 20) return 'access';
  return RESULT.test(text) && !HELD.test(text) ? 'result' : null;
}

const isSomebody = (words: string): boolean => {
  const noun = readNounPhrase(words)?.noun ?? words;
  return (
    isPerson(singular(noun)) ||
    /(?:er|or|ist|ant|ian|ee|staff|office|desk|admin|people|everyone|everybody|anyone|nobody|one|they|we|crew)s?$/i.test(noun)
  );
};
