import { FIELD_TYPES } from '#contracts';
import type { Entity, Field } from '#contracts';
import { putRule } from '../behaviour.js';
import { isPerson } from '../lexicon.js';
import { happeningTo, linksBetween } from '../rule-words.js';
import { fieldsNamed, forceOf, ownersOf } from './ingredients.js';
import type { Clause, Named } from './ingredients.js';
import { opposite, statesNamed } from './states-named.js';
import type { StateNamed } from './states-named.js';

/*
 * A state beside a word for changing locks ("paid invoices can't be changed", "nothing changes once it is signed"); beside a field
 * that is needed it requires it ("a rejected claim needs a reason"); beside what happens to the record it says when that may be
 * ("only bikes in service can be rented", "no lessons for pupils who haven't paid").
 */

const CHANGES =
  /\b(?:chang(?:e|es|ed|ing)|edit(?:s|ed|ing|able)?|alter(?:ed|ing)?|amend(?:ed|ing)?|modif(?:y|ied)|updat(?:e|ed|ing)|touch(?:ed|es)?|correct(?:ed)?|rewritten|overwritten|fiddled? with|tampered? with|mess(?:ed)? with)\b/i;
const DELETES = /\b(?:delet(?:e|es|ed|ing|able)|remov(?:e|es|ed|ing)|eras(?:e|ed|ing)|thrown? away|scrubbed|wiped|disappear)\b/i;
const LOCKED =
  /\b(?:(?:is|are|be|gets?|becomes?|stays?|then) (?:then )?(?:locked|frozen|sealed)|lock(?:s|ed) (?:it|them|once|when|after)|read[- ]only|freezes|fixed for good|set in stone|stays? as (?:it is|they are)|stays? put|final)\b/i;
const NEEDED =
  /\b(?:needs?|needed|requires?|required|mandatory|obligatory|compulsory|necessary|fill(?:ed)? in|without|absent|in blank|(?:is|are|still|left) (?:blank|empty|missing)|goes with|comes with|say why)\b|\b(?:must|has to|have to|had to|should|always|made to)\b.{0,20}\b(?:have|has|be (?:given|there|present|recorded|noted|stated|known|set|on file|written)|entered|put in|give|gives|say|note|record|state|write|enter|fill|carry|show|supply|provide)\b/i;

/** Reads what depends on a state; answers whether the clause sets such a rule. */
export const readDepends = (clause: Clause): boolean => readLocked(clause) || readNeeded(clause) || readLinked(clause);

const nearTo = ({ topic, mentions }: Clause, entity: Entity): boolean => entity === topic || mentions.some((one) => one.entity === entity);

/** The states that the words name, of the lists that they are about first. */
function statesOf(clause: Clause): StateNamed[] {
  const linked = (entity: Entity): boolean =>
    clause.mentions.some(({ entity: one }) => linksBetween(one, entity).length > 0 || linksBetween(entity, one).length > 0) ||
    (clause.topic !== null && (linksBetween(clause.topic, entity).length > 0 || linksBetween(entity, clause.topic).length > 0));
  return ownersOf(clause)
    .filter((entity) => nearTo(clause, entity) || linked(entity))
    .flatMap((entity) => statesNamed(entity, clause.text));
}

/** "Nothing is ever deleted", "entries may not be changed": a rule for everybody, and not what somebody may not do. */
const UNTOUCHED = /^(?:nothing|no (?:records?|entr\w+)|records?|entries|data)\b|\b(?:never|cannot|ca?n['’]?t|not|n['’]t) (?:ever )?be (?:ever )?\w+/i;

function readLocked(clause: Clause): boolean {
  const { draft, text, force } = clause;
  const changes = CHANGES.exec(text);
  const deletes = DELETES.exec(text);
  const locks = LOCKED.test(text) && !/\b(?:un)?lock(?:er|s)? (?:code|number)\b/i.test(text);
  if ((force !== 'never' || (!changes && !deletes)) && !locks) return false;
  if (/\b(?:only|except|unless|other than|but)\b[^,;]* (?:by |the |an? )?\w+/i.test(text) && /\bonly\b|\bexcept\b/i.test(text)) return false;
  const actions: ('change' | 'delete')[] = [
    ...(changes || (locks && !deletes) ? (['change'] as const) : []),
    ...(deletes || (locks && !changes) ? (['delete'] as const) : []),
  ];
  const [state] = statesOf(clause).filter((one) => one.where.operator !== 'before_today' || /\bexpire|lapse|run out|overdue/i.test(text));
  if (state) {
    putRule(draft, state.entity, { kind: 'locked_when', where: [state.where], actions });
    return true;
  }
  const after =
    /\b(?:once|after|when|if|until|while|unless|before|without|as soon as)\b/i.test(text) &&
    !/\bonce (?:it is |it's |they are |they're |is |are )?(?:saved|entered|recorded|made|written|there|added|in)\b/i.test(text);
  const everything = /\b(?:nothing|no records?|records|entries|anything)\b/i.test(text) && clause.mentions.length === 0;
  const of = everything ? draft.schema.entities : clause.mentions.slice(0, 1).map((one) => one.entity);
  if (after || locks || !UNTOUCHED.test(text)) return false;
  const rules = of.flatMap((entity) => {
    const field = entity.fields.find((one) => one.required && one.type !== 'boolean');
    return field ? [{ entity, where: [{ field: field.name, operator: 'is_not_empty' as const, value: null }] }] : [];
  });
  for (const { entity, where } of rules) putRule(draft, entity, { kind: 'locked_when', where, actions });
  return rules.length > 0;
}

const isField = (named: Named): named is Named & { field: Field } => 'required' in named.field;

function readNeeded(clause: Clause): boolean {
  const { draft, text, force } = clause;
  if (
    !NEEDED.test(text) ||
    (force === 'never' &&
      !/\b(?:without|absent|unless|until|in blank|no [\w ]+, no|if there(?:'s| is) no|has no|have no|empty|missing)\b/i.test(text))
  )
    return false;
  for (const state of statesOf(clause)) {
    if (state.where.operator === 'before_today' || state.where.operator === 'today_or_later') continue;
    const rest = `${text.slice(0, state.at)}${' '.repeat(state.end - state.at)}${text.slice(state.end)}`;
    const wanted = fieldsNamed(state.entity, rest, FILLED).filter(
      (one): one is Named & { field: Field } => isField(one) && one.score >= 0.9 && one.field.name !== state.where.field,
    );
    const listed = wanted.filter(
      (one, at) => at === 0 || /,|\band\b/.test(rest.slice(Math.min(one.at, wanted[0]?.at ?? 0), Math.max(one.at, wanted[0]?.at ?? 0))),
    );
    if (listed.length === 0) continue;
    for (const { field } of listed.slice(0, 3)) putRule(draft, state.entity, { kind: 'required_when', field: field.name, where: [state.where] });
    return true;
  }
  return false;
}

/** Fields of which it shows whether they are filled in. */
const FILLED = FIELD_TYPES.filter((type) => !['boolean', 'choice', 'references'].includes(type));

/** "It cannot become ready as long as ...": the state that it would get, and not the one on which it depends. */
const BECOMES =
  /\b(?:becomes?|marked|called|set to|(?:can|may|must|should|could|will|cannot|ca?n['’]?t|not|never) be|(?:put|puts|take|takes|mark|marks|call|send|sends)\b[\w ]{0,20})(?: (?:as|an?|to|in))? $/i;

/** "Back cannot be before out" puts two days in order. */
const ORDERS = /\b(?:be|is|are|come) (?:before|after|earlier|later)\b/i;

function readLinked(clause: Clause): boolean {
  const { draft, text, force, mentions, topic } = clause;
  if (force === null || force === 'always' || ORDERS.test(text)) return false;
  const granted = force === 'only' || /\b(?:unless|until|without|before|till)\b/i.test(text);
  for (const { entity, where, at, end } of statesOf(clause)) {
    if (BECOMES.test(text.slice(0, at))) continue;
    const besides = forceOf(text.slice(0, at).replace(/\b(?:not|\w+n['’]t)(?: \w+)?\s*$/i, ' ') + text.slice(end));
    if (besides === null || besides === 'always') continue;
    const must = granted ? where : opposite(where);
    const named = mentions.map((one) => one.entity).find((one) => one !== entity && linksBetween(one, entity).length > 0);
    const under = topic && topic !== entity && linksBetween(topic, entity).length > 0 ? topic : undefined;
    const happening =
      named ?? happeningTo(draft, [entity], text, true) ?? under ?? (isPerson(entity.label) ? undefined : onlyTo(draft.schema.entities, entity));
    const link = happening && linksBetween(happening, entity)[0];
    if (!happening || !link || sameList(happening, entity)) continue;
    putRule(draft, happening, { kind: 'linked_must', link: link.name, where: [must] });
    return true;
  }
  return false;
}

const sameList = (one: Entity, other: Entity): boolean => one.name === other.name;

/** The only list that links to a thing. */
function onlyTo(entities: readonly Entity[], thing: Entity): Entity | undefined {
  const linked = entities.filter((one) => one !== thing && linksBetween(one, thing).length > 0);
  return linked.length === 1 ? linked[0] : undefined;
}
