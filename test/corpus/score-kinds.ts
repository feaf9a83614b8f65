import type { Entity, Rule } from '#contracts';
import type { CorpusIdea } from './format.js';

type Expected = CorpusIdea['expect'];
type ExpectedField = Expected['entities'][number]['fields'][number];
export type Found = Entity['fields'][number] | Entity['values'][number];

/** A text or a choice is also met by a link of that name, or by a state. */
export const fits = (has: Found, { type, or_types }: ExpectedField): boolean =>
  [type, ...or_types].includes(has.type as ExpectedField['type']) ||
  (['text', 'choice'].includes(type) && ['reference', 'references', 'choice'].includes(has.type));

/** Whether a text holds a topic or one of its other names. */
export const mentions = (text: string, { about, aliases }: { about: string; aliases: readonly string[] }): boolean =>
  [about, ...aliases].some((word) => text.includes(word.toLowerCase()));

/** Which rules of a schema can be what an expectation calls so. */
export const RULE_KINDS: Readonly<Record<Expected['rules'][number]['kind'], readonly Rule['kind'][]>> = {
  no_overlap: ['no_overlap', 'limit', 'unique_together'],
  not_negative: ['compare'],
  maximum: ['compare', 'limit'],
  minimum: ['compare'],
  after: ['compare'],
  unique_together: ['unique_together', 'limit'],
  limit_per: ['limit', 'compare'],
  only_role_may: [],
  other: ['required_when', 'linked_must', 'locked_when', 'limit', 'compare', 'unique_together'],
};

/** Whether a comparison goes the way that the kind of rule means. */
export function fitsKind(kind: Expected['rules'][number]['kind'], rule: Rule): boolean {
  if (rule.kind !== 'compare') return rule.kind !== 'limit' || (kind !== 'no_overlap' && kind !== 'unique_together') || rule.maximum === 1;
  const figure = typeof rule.value === 'number';
  switch (kind) {
    case 'not_negative':
      return figure && /at_least|above/.test(rule.operator);
    case 'minimum':
      return /at_least|above/.test(rule.operator) || !figure;
    case 'maximum':
    case 'limit_per':
      return /at_most|below/.test(rule.operator);
    case 'after':
      return !figure;
    default:
      return true;
  }
}

/** How a specification says that it has a feature. */
export const FEATURE_WORDS: Readonly<Record<Expected['features'][number], RegExp>> = {
  csv_export: /export[^\n]*csv|csv[^\n]*export/,
  csv_import: /import[^\n]*csv|csv[^\n]*import/,
  json_export: /export[^\n]*json|json[^\n]*export/,
  json_import: /import[^\n]*json|json[^\n]*import/,
  dashboard: /dashboard|overview/,
  chart: /chart/,
  search: /search/,
  filter: /filter/,
  sort: /sort/,
};
