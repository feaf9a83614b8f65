import type { DatabaseSchema, Entity, Rule } from '#contracts';
import { writeRule } from '../requirements/written-rules.js';

/** What people call rules of a kind when they speak of them. */
const NAMES: readonly (readonly [RegExp, readonly Rule['kind'][]])[] = [
  [/\b(?:limit|maximum|cap)\b/i, ['limit', 'compare']],
  [/\bminimum\b/i, ['compare']],
  [/\b(?:overlap\w*|double[- ]?booking\w*)\b/i, ['no_overlap']],
  [/\b(?:unique\w*|combination|only once)\b/i, ['unique_together']],
  [/\b(?:lock\w*|read-only)\b/i, ['locked_when']],
  [/\b(?:check|comparison)\b/i, ['compare']],
  [
    /\b(?:rules?|restrictions?|conditions?|constraints?)\b/i,
    ['no_overlap', 'unique_together', 'compare', 'limit', 'required_when', 'linked_must', 'locked_when'],
  ],
];
const DULL =
  /\b(?:the|an?|of|on|for|about|that|this|any|no|rules?|limits?|maximum|minimum|restrictions?|conditions?|constraints?|cap|per|how|many|check|comparison|and|to|in|overlap\w*|double[- ]?booking\w*|unique\w*|combination|lock\w*)\b/gi;

/** The kinds of rules that some words speak of; null where they speak of none. */
export const removesName = (words: string): readonly Rule['kind'][] | null => NAMES.find(([pattern]) => pattern.test(words))?.[1] ?? null;

/** True where the sentence of the rule holds every telling word. */
export function writtenWith(schema: DatabaseSchema, entity: Entity, rule: Rule, words: string): boolean {
  if (rule.kind === 'compare' && /\b(?:limit|maximum|cap)\b/i.test(words) && !['at_most', 'below'].includes(rule.operator)) return false;
  if (rule.kind === 'compare' && /\bminimum\b/i.test(words) && !['at_least', 'above'].includes(rule.operator)) return false;
  const sentence = writeRule(schema, entity, rule).toLowerCase();
  const telling =
    words
      .replace(DULL, ' ')
      .toLowerCase()
      .match(/[a-z]{3,}/g) ?? [];
  return telling.every((word) => sentence.includes(word.replace(/s$/, '')));
}
