import type { Entity } from '#contracts';
import type { Draft } from '../draft.js';
import { isPerson } from '../lexicon.js';
import { plainNorm } from '../norms.js';
import { singular } from '../words.js';
import { readBounds } from './bounds.js';
import { readDepends } from './depends.js';
import { clauseOf } from './ingredients.js';
import { readLimit } from './limits.js';
import { readLinkedOrder } from './linked-order.js';
import { readOrder } from './order.js';
import { readSame } from './same.js';
import { itemsOf, segmentsOf } from './segments.js';

/** What a role sees or does is a right, and no rule. */
const RIGHT =
  /\bonly (?:see|sees|look|looks|view|read|themselves)\b|\b(?:look|view|read)[- ]only\b|\b(?:nobody|no one) else\b|\b(?:see|sees|view|views)\b(?:.*\b(?:own|everything|all|nothing|amounts?|rates?|money)\b)/i;
const ONLY_WHO = /\bonly ((?:[\w'-]+ ){0,2})([\w'-]+) (?:can|may|gets?|signs?|is allowed|are allowed|should|must)\b(?! (?:only |also )?be\b)/i;

function isRight(text: string): boolean {
  const [, before = '', who = ''] = ONLY_WHO.exec(text) ?? [];
  return (
    RIGHT.test(text) ||
    /^(?:the|our|my) /i.test(before) ||
    /^(?:i|we|he|she|they|me|us|him|her|them)$/i.test(who) ||
    (who !== '' && isPerson(singular(who.toLowerCase())))
  );
}

const RESULT = /^(?:(?:useful|the|all|my|our) )?(?:lists?|totals?|reports?|figures?|views?|wanted|show|see|want|what would (?:really )?help)\b/i;

/** Reads the rules of a clause by what is in it, whatever its order; answers whether there was one. `topic`: the list that it stands under. */
export function readFrames(draft: Draft, text: string, topic: Entity | null): boolean {
  if (RESULT.test(text)) return false;
  const items = itemsOf(text);
  const parts = items.length > 0 ? items : segmentsOf(text);
  let near = topic;
  return parts
    .map((part) => {
      if (isRight(part)) return false;
      const clause = clauseOf(draft, plainNorm(part), near);
      near = clause.mentions[0]?.entity ?? near;
      return (
        readSame(clause) ||
        readOrder(clause) ||
        readLinkedOrder(clause) ||
        readLimit(clause) ||
        readBounds(clause) ||
        (items.length === 0 && readDepends(clause))
      );
    })
    .includes(true);
}
