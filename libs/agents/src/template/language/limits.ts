import { IMPOSSIBLE } from './impossible.js';
import type { Impossible } from './impossible.js';

/*
 * Parting what cannot be built from the rest of a sentence. A specification lists it as out of scope, in the person's words.
 */

/** Something that cannot be built, with the words that ask for it. */
export interface Declined extends Impossible {
  readonly words: string;
}

/** The parts of a sentence that can stand for themselves. */
const PARTS =
  /(?<=[,;])\s+|\s+(?=(?:and|but) (?:it|we|i|they|he|she|you|also|send|e-?mail|text|then|should|must|to|get|let|have it|show|accept|take|print|export|import|sync|remind|notify|predict|forecast|stream|call|a|an|the|if|when|can|people|members|for) ?\b)|\s+\+\s+|\s+[-–—]\s+|(?<=\?)\s+/i;

/** Only words that say nothing: what is left when the impossible part of a sentence is gone. */
const EMPTY =
  /^(?:(?:we|i|it|there|also|and|but|or|so|should|must|can|could|may|might|need|needs|want|wants|have|has|be|is|with|would|love|like|nice|great|awesome|good|cool|please|yes|to|an?|the|as|for|in|of|by|on|at|that|this|if|when|who|me|us|app|you|they|people|members|all|everyone|live|us|ideally|maybe|perhaps|later|too|well|do|does|it'd|i'd|we'd|out)(?:[ ,.:?!-]+|$))*$/i;

/** "No card payments", "please do not send anything": what nobody asks for. */
const REFUSED = /\b(?:no|not|don't|doesn't|without|never|needn't|nor|rather than|instead of)\b(?! only)(?: [\w'-]+){0,4} ?$/i;

/** A sentence without what cannot be built; `rest` is null where nothing is left. */
export function cutImpossible(sentence: string): { readonly found: readonly Declined[]; readonly rest: string | null } {
  const found: Declined[] = [];
  let rest = sentence;
  if (isPossible(sentence)) return { found, rest };
  for (const impossible of IMPOSSIBLE) {
    if (!wants(impossible, rest)) continue;
    if (impossible.clause) {
      const parts = rest.split(PARTS);
      const kept = parts.filter((part) => !wants(impossible, part));
      const whole = kept.length < parts.length;
      found.push({ ...impossible, words: (whole ? parts.filter((part) => !kept.includes(part)).join(' ') : rest).replace(/[,;\s]+$/, '') });
      rest = whole ? kept.join(' ') : '';
    } else {
      found.push({ ...impossible, words: sentence });
      rest = rest
        .replace(impossible.pattern, ' ')
        .replace(/,\s*(?=,|$)/g, '')
        .replace(/\b(?:an?|and|or|in|to|the|for)\s*(?=,|$)/gi, '')
        .replace(/\s+/g, ' ');
    }
  }
  rest = rest
    .replace(/[,;\s]+(?:and|but)?$/i, '')
    .replace(/^(?:and|but|,|;)\s+/i, '')
    .trim();
  return { found, rest: rest === '' || EMPTY.test(rest) ? null : rest };
}

const wants = ({ pattern }: Impossible, text: string): boolean => {
  for (let rest = text, hit = pattern.exec(rest); hit; hit = pattern.exec(rest)) {
    if (!REFUSED.test(rest.slice(0, hit.index))) return true;
    rest = rest.slice(hit.index + hit[0].length);
  }
  return false;
};

/** A link to a photo or a file is a field like any other. */
const isPossible = (sentence: string): boolean =>
  /\blinks? to (?:an? |the |some |their |its )?(?:\w+ )?(?:photo|picture|image|file|scan|document|video|pdf|recording|agreement|contract|drive|folder)\w*/i.test(
    sentence,
  ) && !/\b(?:send|predict|pay|gps|upload)\w*/i.test(sentence);
