import type { Action } from '#contracts';
import { isPerson } from './lexicon.js';
import { lowerWords, singular } from './words.js';

/*
 * The words of sentences about who may do what: who, which actions, and whether only they or not at all.
 */

const OFFICES =
  /^(?:(?:[a-z]+ )?(?:staff|admin|administrator|manager|office|librarian|clerk|judge|superintendent|supervisor|coordinator|co-ordinator|organi[sz]er|treasurer|secretary|chair|chairman|chairwoman|president|partner|tech|technician|front desk|reception|receptionist|keeper|registrar|curator|boss|owner|landlord|landlady|leader|head|director|editor|moderator|committee|board|team|warden|steward|captain|principal|dispatcher|planner|buyer|bookkeeper|accountant|foreman|officer|inspector|auditor|operator|handyman|caretaker|host|crew|hr|management|back office|kitchen|bar|shop|trainee|intern|guard|porter|lads?|lass|lasses|girls?|boys?|guys?|kids?|DJ|MC|GP|PI|elder|deacon|priest|vicar|dean|monk|nun|ranger|chief|cadet|crew member|ward|scribe|nanny|usher|guide|maid|valet|cook|desk|helpdesk|accounts|finance|security|audit|quality|docketing|laboratory|lab|sales|purchasing|dispatch|maintenance|housekeeping|registry|hand|deputy|executive|rep|temp|vet|medic|nurse|pharmacist|midwife|referee|umpire|official|marshal|scorer|[a-z]+-in-charge|in charge|[a-z]{3,}(?:ist|ian|eer)))$/i;
const NOBODY_IN_PARTICULAR =
  /^(?:user|users|people|person|everyone|everybody|anyone|anybody|someone|somebody|nobody|no one|we|i|you|they|it|one|ones|he|she|who|others?|app|system|this|that|these|those|all|me|us|public|world|outsiders?|passengers? never|record|thing|either|neither|together|whether|further|rather|brothers?|sisters?|mothers?|fathers?|mums?|moms?|dads?|uncles?|aunts?|cousins?|nephews?|nieces?|sons?|daughters?|wife|husband|children|child)$/i;

/** True for words that mean nobody in particular, and for the family: `people`, `somebody`, `brother`. */
export const isNobody = (word: string): boolean => NOBODY_IN_PARTICULAR.test(word);

/** True for an office or a post: `front desk`, `treasurer`. */
export const isOffice = (role: string): boolean => OFFICES.test(role);

/** Whoever does something: groomer, chief, tailor. */
const DOER = /^(?:[a-z]+ )?(?:chief|boss|[a-z]{3,}(?:er|or|man|woman))$/i;
const NO_DOER =
  /(?:number|order|computer|paper|folder|letter|other|weather|water|calendar|error|door|floor|colou?r|mirror|monitor|motor|sensor|sector|factor|tractor|elevator|generator|printer|container|trailer|register|newsletter|poster|sticker|corner|border|layer|filter|meter|parameter|power|tower|flower|cover|answer|paper|human|ever|never|whatever|however|over|under|after|transfer|offer|barrier|server|counter|charger|freezer|cooler|heater|scanner|helicopter|scooter)$/i;

/** The role that some words name, in the singular; null where they name none. */
export function roleNamed(words: string): string | null {
  const inside = /\(([^()]+)\)\s*$/.exec(words)?.[1];
  if (inside !== undefined && roleNamed(inside) !== null) return roleNamed(inside);
  const [, head, behind = ''] =
    /^(?:the |all |our )?((?:[a-z]+ )?(?:head|member|leader|keeper|director|chair|master|chief|captain|clerk|friend|officer)s?) (of .+)$/i.exec(
      words,
    ) ?? [];
  if (head !== undefined && roleNamed(head) !== null && !/^of (?:the |our |this )/i.test(behind)) return lowerWords(`${singular(head)} ${behind}`);
  const phrase = lowerWords(
    words
      .replace(/\([^)]*\)/g, ' ')
      .replace(/^(?:the |our )?(?:\d+|two|three|four|five|six|several|many|few) /i, '')
      .replace(
        / (?:in|at|on|from|of|with|for|under|around|behind|across) (?:the|our|an?|each|every|all|this|my|their)\b.*$| (?:all|both|themselves|alone)$/i,
        '',
      )
      .replace(/^(?:(?:and|but|so|then|also|only|just|the|an?|all|our|every|each|any|other|both|normal|ordinary|regular)\s+)+/i, '')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  const role = /^[A-Z]{2,4}s$/.test(phrase) ? phrase.slice(0, -1) : singular(phrase);
  if (phrase === '' || phrase.split(' ').length > 3 || NOBODY_IN_PARTICULAR.test(phrase)) return null;
  if (/ (?:is|are|was|were|has|have) /i.test(phrase)) return null;
  if (/^(?:no|nor|one|i|either|neither|another|which|what|if|when|how|we|you|they|he|she|it|there|so)\b/i.test(phrase)) return null;
  return isPerson(role) || OFFICES.test(role) || OFFICES.test(phrase) || (DOER.test(role) && !NO_DOER.test(role)) ? role : null;
}

/** Every role that `clerks and the manager` names; empty where one of them is none. */
export function rolesNamed(words: string): string[] {
  const inside = /\(([^()]+)\)\s*$/.exec(words)?.[1];
  const whole = inside === undefined ? null : roleNamed(inside);
  if (whole !== null) return [whole];
  const parts = words.split(/\s*,\s*(?:and |or )?|\s+(?:and|or|&)\s+/).filter((one) => !/^(?:me|i|myself|us)$/i.test(one));
  const roles = parts.map(roleNamed);
  return roles.some((one) => one === null) ? [] : roles.filter((one) => one !== null);
}

const VERBS: readonly (readonly [string, readonly Action[]])[] = [
  ['see|view|look at|look up|look|read|consult|browse|search|access|check|find', ['view']],
  ['add|create|enter|register|record|log|report|submit|put in|post|make|book|take|set up|open', ['add']],
  ['change|edit|update|amend|alter|modify|correct|write|assign|rename|enter and edit|mark', ['change']],
  ['delete|remove', ['delete']],
  ['cancel', ['change', 'delete']],
  ['manage|maintain|administer|handle|look after|run|organi[sz]e|do', ['add', 'change', 'delete']],
];
const inflected = (words: string): string =>
  words
    .split('|')
    .map((word) => word.replace(/^(\w+)(\W*)/, '$1(?:s|es)?$2'))
    .join('|');
const ALL_VERBS = VERBS.map(([words]) => inflected(words)).join('|');
const LIST_OF_VERBS = new RegExp(
  `^((?:${ALL_VERBS})(?:(?:\\s*,\\s*(?:and |or )?|\\s+(?:and|or)\\s+|\\s*/\\s*)(?:${ALL_VERBS})\\b)*)(?=\\s|$)\\s*(.*)$`,
  'i',
);

/** The actions that a list of verbs means, and the words behind it; null where there is no such verb. */
export function actionsAtStart(words: string): { actions: Action[]; rest: string } | null {
  const [, verbs, rest = ''] = LIST_OF_VERBS.exec(words.trim()) ?? [];
  if (verbs === undefined) return null;
  const actions = verbs
    .split(/\s*,\s*(?:and |or )?|\s+(?:and|or)\s+|\s*\/\s*/)
    .flatMap((verb) => VERBS.find(([forms]) => new RegExp(`^(?:${inflected(forms)})$`, 'i').test(verb.trim()))?.[1] ?? []);
  return { actions: [...new Set(actions)], rest: rest.trim() };
}

/** The actions that participles mean: `deleted or changed`. */
export function actionsOfParticiples(words: string): Action[] {
  return words.split(/\s*(?:,|\bor\b|\band\b)\s*/).flatMap((word) => {
    const root = word.trim().replace(/(?:ed|d)$/i, '');
    const irregular = /^(?:seen)$/i.test(word)
      ? 'see'
      : /^made$/i.test(word)
        ? 'make'
        : /^written$/i.test(word)
          ? 'write'
          : /^taken$/i.test(word)
            ? 'take'
            : root;
    return (
      VERBS.find(([forms]) => new RegExp(`^(?:${forms})$`, 'i').test(irregular) || new RegExp(`^(?:${forms})$`, 'i').test(`${irregular}e`))?.[1] ?? []
    );
  });
}
