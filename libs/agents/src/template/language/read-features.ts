import type { Draft } from './draft.js';

/*
 * What every generated app can do, when somebody asks for it: import and export, search, filters, sorting, a dashboard with
 * charts. It needs no words in the model, and is no reason to say that something was not understood.
 */

const FEATURES: readonly (readonly [RegExp, string])[] = [
  [
    /\b(?:export\w*|download\w*|save|backup|back up|dump)\b[^.;]*\b(?:csv|excel|spreadsheets?|json|files?|accountant|billing|lot|data|everything|list)\b|\b(?:csv|excel|json) (?:exports?|downloads?|files?)\b|\bexport(?:s|able|ing)?\b/i,
    'export',
  ],
  [
    /\b(?:import\w*|load(?:ed)?(?: \w+)? (?:back|in)|upload)\b[^.;]*\b(?:csv|excel|spreadsheets?|json|files?|list|data|back|existing)\b|\b(?:csv|excel|json) imports?\b|\bimport(?:s|ing)?\b|\bload (?:it|them) back\b/i,
    'import',
  ],
  [
    /\bsearch\w*\b|\blook (?:it|them|him|her|things|one|up|\w+) up\b|\blook up\b|\bfind (?:it|them|her|him|things|somebody|someone|anybody|anything|an?|the|records?|\w+s)\b[^.;]*\b(?:by|quickly|easily|without|again|fast)\b/i,
    'search',
  ],
  [/\bfilter\w*\b|\bnarrow(?:ed)? down\b|\bonly (?:show|see) those\b/i, 'filter'],
  [
    /\bsort\w*\b|\border(?:ed)? by\b|\b(?:oldest|newest|latest|best|highest|lowest|biggest) (?:one |ones )?first\b|\bin (?:alphabetical |date |time )?order\b|\balphabetical(?:ly)?\b/i,
    'sort',
  ],
  [/\bdashboards?\b|\boverviews?\b|\bat a glance\b|\bhome ?page with\b/i, 'dashboard'],
  [/\bcharts?\b|\bgraphs?\b|\bdiagrams?\b|\bplots? of\b|\bvisuali[sz]\w+\b/i, 'chart'],
  [/\bprint (?:a |the |out )?(?:list|page|it|them)s?\b|\bprintable\b/i, 'print'],
];

/** Notes the features that a sentence asks for; answers whether it asks for any. */
export function readFeatures(draft: Draft, sentence: string): boolean {
  const found = FEATURES.filter(([pattern]) => pattern.test(sentence));
  for (const [, name] of found) if (!draft.sources.has(`feature.${name}`)) draft.sources.set(`feature.${name}`, sentence.slice(0, 2_000));
  return found.length > 0;
}

/** What every app can do, for the features of a specification. */
export const EVERY_APP: readonly string[] = [
  'Search, filters and sorting in every list.',
  'A dashboard with what needs attention, totals and charts.',
  'Export of every list to CSV and JSON, and import from CSV and JSON.',
];
