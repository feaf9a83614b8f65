import type { Condition, Entity } from '#contracts';
import { DATED_TYPES } from '#contracts';
import { putRule, stateField } from './behaviour.js';
import type { Draft } from './draft.js';
import { conditionFor, fieldIn, happeningTo, linksBetween, mentionsOf } from './rule-words.js';
import { splitList } from './words.js';

/*
 * What depends on a state: "only available bikes can be rented", "you can't log time on a closed project", "a reason is
 * required when rejected", "paid invoices cannot be changed", "nothing may ever be deleted".
 */

const CANNOT = String.raw`(?:can(?:'t|not| not)|must(?:n't| not)|may not|should(?:n't| not)|never|(?:is|are) not allowed to|no longer)`;
const CHANGES = '(?:chang(?:e|ed)|edit(?:ed)?|alter(?:ed)?|amend(?:ed)?|modif(?:y|ied)|updat(?:e|ed)|touch(?:ed)?)';
const DELETES = '(?:delet(?:e|ed|able)|remov(?:e|ed|able)|eras(?:e|ed))';
const LOCKED_FIRST = new RegExp(
  `^(.+?) (?:${CANNOT})(?: (?:ever|then|any more|longer))* be(?: ever)? ((?:${CHANGES}|${DELETES})(?:(?:,| or| and|, or)+ (?:${CHANGES}|${DELETES}))*)(?: (?:any ?more|any longer|again|at all|by anyone))?(?:,? (?:once|after|when|if|as soon as|where)(?: (?:it|they|he|she|the \\w+))?(?: (?:is|are|has been|have been|was|were))? (.+))?$`,
  'i',
);
const READ_ONLY =
  /^(.+?) (?:is|are|become|becomes|stays?) (?:locked|read[- ]only|frozen|final and cannot be changed|fixed)(?:,? (?:once|after|when|if)(?: (?:it|they))?(?: (?:is|are))? (.+))?$/i;

/** Reads that records in some state can no longer be changed or deleted. */
export function readLocked(draft: Draft, clause: string, topic: Entity | null): boolean {
  const swapped = clause.replace(
    /^(?:once|after|when|if)(?: (?:it|they|an?|the|its))?(?: (?:is|are|has been|have been))? ([\w -]+?), (.+)$/i,
    '$2 once $1',
  );
  const locked = LOCKED_FIRST.exec(swapped);
  const frozen = locked ? null : READ_ONLY.exec(swapped);
  if (!locked && !frozen) return false;
  const subject = locked?.[1] ?? frozen?.[1] ?? '';
  const verbs = locked?.[2] ?? 'changed or deleted';
  const actions = [
    ...(new RegExp(CHANGES, 'i').test(verbs) ? (['change'] as const) : []),
    ...(new RegExp(DELETES, 'i').test(verbs) ? (['delete'] as const) : []),
  ];
  if (/^(?:nothing|no records?|records?|entries|data)$/i.test(subject.trim()) && !locked?.[3]) return lockAll(draft, actions);
  const entity = mentionsOf(draft, subject).at(-1)?.entity ?? (/\b(?:it|they|ones?|these|those)$/i.test(subject) ? (topic ?? draft.last) : null);
  if (!entity) return false;
  const said = locked?.[3] ?? frozen?.[2];
  const state =
    said ??
    subject
      .replace(
        new RegExp(
          `\\b(?:${entity.label_plural}|${entity.label}|an?|the|all|any|every|ones?|that (?:is|are|has been|have been)|which (?:is|are))\\b`,
          'gi',
        ),
        '',
      )
      .trim();
  const where = state === '' ? always(entity) : conditionsIn(entity, state);
  if (where.length === 0) return false;
  putRule(draft, entity, { kind: 'locked_when', where, actions: actions.length > 0 ? [...actions] : ['change', 'delete'] });
  return true;
}

/** A condition that every record meets: its required field is filled in. */
function always(entity: Entity): Condition[] {
  const field = entity.fields.find((one) => one.required && one.type !== 'boolean');
  return field ? [{ field: field.name, operator: 'is_not_empty', value: null }] : [];
}

function lockAll(draft: Draft, actions: readonly ('change' | 'delete')[]): boolean {
  const rules = draft.schema.entities.map((entity) => ({ entity, where: always(entity) })).filter(({ where }) => where.length > 0);
  for (const { entity, where } of rules) putRule(draft, entity, { kind: 'locked_when', where, actions: [...actions] });
  return rules.length > 0;
}

/** "paid", "approved or rejected", "not yet paid" as conditions; nothing where one of them is not known. */
function conditionsIn(entity: Entity, words: string): Condition[] {
  const bare = words
    .replace(/^(?:it|they)? ?(?:is|are|has been|have been|was|were|gets?|becomes?) /i, '')
    .replace(/\b(?:status|state)\b/gi, '')
    .trim();
  const one = conditionFor(entity, bare);
  return one ? [one] : [];
}

const ONLY_STATE =
  /^only (?:an? |the )?(.+?) (?:(?:can|may|must|should|are allowed to|are to) be|gets?|receives?) (?:any )?(\w+(?: (?:out|in|for|to|on))?)/i;
const STATE_NOT = new RegExp(`^(?:an?|the|no)? ?(.+?) ${CANNOT} be (\\w+)`, 'i');
const NOT_ON_STATE = new RegExp(`\\b(?:${CANNOT}|no|nobody|no one)\\b.*\\b(?:on|for|of|to|from|in|with|at) (?:an? |the )?([\\w -]+)$`, 'i');
const WITHOUT = new RegExp(`^without (.+?) (?:${CANNOT})\\b(.*)$`, 'i');
const RUN_OUT = new RegExp(
  `\\b(?:${CANNOT}|no|nobody|no one)\\b(.*)\\b(?:if|when|whose|once|with)\\b(.*?)\\b(?:has run out|have run out|run out|ran out|expired?|has expired|have expired|is past due|past due|overdue|out of date|lapsed|is over|has passed)\\b`,
  'i',
);

/** Reads that what a record links to has to be in some state. */
export function readLinked(draft: Draft, clause: string, topic: Entity | null): boolean {
  return (
    readOnlyState(draft, clause) ||
    readStateNot(draft, clause) ||
    readWithout(draft, clause) ||
    readRunOut(draft, clause, topic) ||
    readOnState(draft, clause)
  );
}

function put(draft: Draft, thing: Entity, words: string, where: Condition | undefined): boolean {
  const happening = where && happeningTo(draft, [thing], words);
  const link = happening && linksBetween(happening, thing)[0];
  if (!happening || !link) return false;
  putRule(draft, happening, { kind: 'linked_must', link: link.name, where: [where] });
  return true;
}

/** The state that stands around the name of a list: `available` bikes, a bike `in repair`, members `who have paid`. */
function stateAround(draft: Draft, words: string): { entity: Entity; state: Condition } | undefined {
  const mention = mentionsOf(draft, words)[0];
  if (!mention) return undefined;
  const rest = `${words.slice(0, mention.at)} ${words.slice(mention.end)}`
    .replace(/\b(?:that|which|who|is|are|has|have|been|an?|the|any|all|only|already|currently|with)\b/gi, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const not = /\bnot\b|n't\b/i.test(rest);
  const state = rest === '' ? undefined : conditionFor(mention.entity, rest.replace(/\bnot\b/i, '').trim(), not);
  return state && { entity: mention.entity, state };
}

function readOnlyState(draft: Draft, clause: string): boolean {
  const [, subject = '', verb = ''] = ONLY_STATE.exec(clause) ?? [];
  const found = subject === '' ? undefined : stateAround(draft, subject);
  const already = found && stateField(found.entity)?.choices.some((choice) => choice.toLowerCase() === verb.toLowerCase());
  return found !== undefined && !already && put(draft, found.entity, `${verb} ${clause}`, found.state);
}

const opposite = (state: Condition): Condition =>
  state.operator === 'is' && (state.value === 'yes' || state.value === 'no')
    ? { ...state, value: state.value === 'yes' ? 'no' : 'yes' }
    : {
        ...state,
        operator:
          state.operator === 'is' ? 'is_not' : state.operator === 'is_not' ? 'is' : state.operator === 'is_empty' ? 'is_not_empty' : 'is_empty',
      };

function readStateNot(draft: Draft, clause: string): boolean {
  const [, subject = '', verb = ''] = STATE_NOT.exec(clause) ?? [];
  const found = subject === '' ? undefined : stateAround(draft, subject);
  const edits = new RegExp(`^(?:${CHANGES}|${DELETES})$`, 'i').test(verb);
  return found !== undefined && !edits && put(draft, found.entity, verb, opposite(found.state));
}

function readOnState(draft: Draft, clause: string): boolean {
  const [, object = ''] = NOT_ON_STATE.exec(clause) ?? [];
  const found = object === '' ? undefined : stateAround(draft, object);
  return found !== undefined && put(draft, found.entity, clause, opposite(found.state));
}

/** "Without medical paper the student cannot enter a course". */
function readWithout(draft: Draft, clause: string): boolean {
  const turned = clause.replace(
    /^(?:an? |the )?(.+?) without (?:an? |the )?(.+?) (can(?:'t|not)|may not|must not|mustn't)(.*)$/i,
    'without $2 $1 $3$4',
  );
  const [, what = '', rest = ''] = WITHOUT.exec(turned) ?? [];
  const thing = mentionsOf(draft, what).at(-1)?.entity;
  const place = thing && fieldIn(draft, what, [thing]);
  if (!thing || place?.entity !== thing) return false;
  const { field } = place;
  const where: Condition =
    field.type === 'boolean' ? { field: field.name, operator: 'is', value: 'yes' } : { field: field.name, operator: 'is_not_empty', value: null };
  const other = mentionsOf(draft, rest).find((one) => one.entity !== thing)?.entity;
  const link = other && linksBetween(other, thing)[0];
  if (!other || !link) return put(draft, thing, rest, where);
  putRule(draft, other, { kind: 'linked_must', link: link.name, where: [where] });
  return true;
}

/** "Nobody may be put down for a shift if their DBS check has run out". */
function readRunOut(draft: Draft, clause: string, topic: Entity | null): boolean {
  const [, what = '', condition = ''] = RUN_OUT.exec(clause) ?? [];
  if (condition === '') return false;
  const near = mentionsOf(draft, what).flatMap((one) => draft.schema.entities.filter((other) => linksBetween(one.entity, other).length > 0));
  const place =
    fieldIn(
      draft,
      `${condition} ${/due|expir/i.exec(clause)?.[0] ?? ''}`,
      [...mentionsOf(draft, condition).map((one) => one.entity), ...near],
      DATED_TYPES,
    ) ?? fieldIn(draft, condition.replace(/\b(?:their|its|his|her|the)\b/gi, ''), [topic], DATED_TYPES);
  if (!place || draft.optional.has(`${place.entity.name}.${place.field.name}`)) return false;
  const named = mentionsOf(draft, what).find((one) => one.entity !== place.entity && linksBetween(one.entity, place.entity).length > 0)?.entity;
  const happening = named ?? happeningTo(draft, [place.entity], what);
  const link = happening && linksBetween(happening, place.entity)[0];
  if (!happening || !link) return false;
  putRule(draft, happening, { kind: 'linked_must', link: link.name, where: [{ field: place.field.name, operator: 'today_or_later', value: null }] });
  return true;
}

const NEEDED =
  /^(?:an? |the )?(.+?) (?:is|are|must be|has to be|have to be|should be|becomes?) (?:required|needed|mandatory|obligatory|compulsory|necessary|given|filled in|entered|on file|present|recorded|stated) (?:when|if|once|before|as soon as|for)(?: (?:it|they|he|she|the status))?(?: (?:is|are|has been|have been|gets?|becomes?))? (.+)$/i;
const WHEN_NEEDED =
  /^(?:when|if|once|before|as soon as)(?: (?:it|they|an?|the))?(?:'s| is| are| has been| have been| gets?| becomes?)? (.+?),? (?:we |you |they |one )?(?:need|must (?:have|enter|give|note|record|state)|have to (?:enter|give|note|record|state)|require|write down|note)s? (?:down )?(?:the |an? )?(.+)$/i;
const NOT_WITHOUT = new RegExp(`^(.+?) ${CANNOT} be (\\w+(?: \\w+)?) without (?:an? |the )?(.+)$`, 'i');

/** Reads that fields have to be filled in where a record is in some state. */
export function readNeeded(draft: Draft, clause: string, topic: Entity | null): boolean {
  const first = NEEDED.exec(clause);
  const second = first ? null : WHEN_NEEDED.exec(clause);
  const third = first || second ? null : NOT_WITHOUT.exec(clause);
  const [what, when] = first
    ? [first[1], first[2]]
    : second
      ? [second[2], second[1]]
      : third
        ? [third[3], `${third[1] ?? ''} ${third[2] ?? ''}`]
        : [];
  if (what === undefined || when === undefined) return false;
  const mentioned = mentionsOf(draft, when).map((one) => one.entity);
  const owners = [...mentioned, ...mentionsOf(draft, what).map((one) => one.entity), topic, draft.last, ...draft.schema.entities].filter(
    (one) => one !== null,
  );
  for (const owner of new Set(owners)) {
    const words = when
      .replace(new RegExp(`\\b(?:an?|the|${owner.label_plural}|${owner.label}|is|are)\\b`, 'gi'), ' ')
      .replace(/\s+/g, ' ')
      .trim();
    const where = conditionsIn(owner, words);
    const alone = { ...draft, schema: { ...draft.schema, entities: [owner] } };
    const fields = splitList(what.replace(/\b\w+'s /g, ''))
      .flatMap((one) => fieldIn(alone, one, [owner])?.field ?? [])
      .filter((field) => 'required' in field && !where.some((one) => one.field === field.name));
    if (where.length === 0 || fields.length === 0) continue;
    for (const field of fields) putRule(draft, owner, { kind: 'required_when', field: field.name, where });
    return true;
  }
  return false;
}
