import type { Action, Entity } from '#contracts';
import { ensureRole, putStep, sameState, stateField } from './behaviour.js';
import { findEntity } from './draft.js';
import type { Draft, Duty } from './draft.js';
import { actionsAtStart, actionsOfParticiples, modalClause, roleNamed, rolesNamed } from './role-words.js';
import type { ModalClause } from './role-words.js';
import { fieldIn, mentionsOf } from './rule-words.js';
import { LIMITS, agrees, deedOf, stateOfVerb, withoutList } from './role-deeds.js';
import { plainRights, selfOf } from './role-sentences.js';
import { singular, snake } from './words.js';

/*
 * Who may do what, in plain words: "only the manager may delete", "members can only see their own loans", "staff can do
 * everything", "clerks enter exhibitors and entries", "technicians are the only ones who can change the status".
 */

const CHANGING: readonly Action[] = ['add', 'change', 'delete'];

/** Notes who signs in ("teachers sign in to report tickets"); their names are roles. */
export function noteRoles(draft: Draft, sentence: string): void {
  const signs =
    /(?:^|[,;.]| and | so )\s*([\w' -]{3,40}?)(?: \(.*?\))? (?:(?:can|may|must|should|will|need to|have to|has to|only|all|both|each) )*(?:also )?(?:sign|log)(?:s)?[- ]?in(?!\w)/gi;
  const plain = sentence.replace(
    /\b(?:sign|log)s?[- ]?in,? and so (?:does|do|can|may|should) ([\w' -]{3,40})/gi,
    (whole, other: string) => `${whole}, ${other} sign in`,
  );
  for (const hit of plain.matchAll(signs)) for (const role of rolesNamed(hit[1] ?? '')) if (!draft.exact) ensureRole(draft, role);
}

/** A sentence that restricts somebody gives rights to all whom it names. */
const RESTRICTS = /\bonly\b[^,;.]{0,40}\b(?:can|may)\b|\bthe only\b|\b(?:can't|cannot|mustn't|must not|may not)\b|\btheir own\b|\beverything\b/i;

/**
 * Reads one sentence about who may do what; answers whether anything was understood. Where it is `known` that the text gives
 * rights, a plain "clerks enter the entries" is one as well.
 */
export function readRoles(draft: Draft, said: string, topic: Entity | null, known: boolean, access = false): boolean {
  const sentence = plainRights(said, selfOf(draft.context))
    .replace(/\b(?:sign|log)s?[- ]?in(?:,? and|,| to)(?: they)?\s+/gi, '')
    .replace(/\b(see|view|change|edit|delete|remove|add|create|enter) and (?:can|may) (?=[a-z]+ )/gi, '$1 and ')
    .replace(/\s+/g, ' ')
    .trim();
  const sure = known || access || RESTRICTS.test(said) || RESTRICTS.test(sentence);
  const before = draft.duties.length + stepsWithRoles(draft);
  let roles: string[] = [];
  let objects: Entity[] = [];
  let lastClause: ModalClause | null = null;
  for (const clause of clausesOf(sentence).flatMap(withoutList)) {
    if (LIMITS.test(clause) && !/\bonly (?:the|an?|our)\b/i.test(clause)) continue;
    const passive = readPassive(draft, clause, topic);
    if (passive) continue;
    const read = modalClause(clause) ?? plainDuty(draft, clause, roles, sure, access);
    if (!read) continue;
    const named = rolesOf(draft, read);
    const carried = read.subject === '' || /^(?:they|these|those|it|he|she|them)$/i.test(read.subject);
    if (named.length === 0 && !carried) {
      if (roleNamed(read.subject.split(/\bwho\b|\bthat\b/)[0] ?? '') === null) continue;
    }
    if (named.length > 0) roles = named;
    if (roles.length === 0) roles = carried && read.subject !== '' ? lastRoles(draft) : [];
    const clause_: ModalClause =
      carried && read.subject === '' && lastClause ? { ...read, alone: read.alone || (lastClause.alone && !/^but\b/i.test(clause)) } : read;
    lastClause = clause_;
    for (const rest of phrasesOf(clause_.rest)) objects = applyClause(draft, roles, { ...clause_, rest }, objects, topic, sure);
  }
  return draft.duties.length + stepsWithRoles(draft) > before;
}

/** The roles that the subject names; whoever "only" may do something has a role in any case ("only the chief can delete"). */
function rolesOf(draft: Draft, { subject, alone, rest }: ModalClause): string[] {
  const named = rolesNamed(subject);
  const [, noun = ''] = /^(?:the |an? |our )?([a-z]+(?: [a-z]+)?)$/i.exec(subject) ?? [];
  if (
    named.length > 0 ||
    !alone ||
    noun === '' ||
    findEntity(draft, noun) ||
    /\b(?:one|ones|they|it|we|i|you|who|people|users?|those|these)\b/i.test(noun)
  )
    return named;
  return actionsAtStart(rest) && mentionsOf(draft, noun).length === 0 ? [singular(noun.toLowerCase())] : [];
}

const stepsWithRoles = (draft: Draft): number =>
  draft.schema.entities.reduce((sum, entity) => sum + (entity.lifecycle?.transitions.filter((step) => step.roles.length > 0).length ?? 0), 0);

const lastRoles = (draft: Draft): string[] => {
  const last = draft.schema.auth.roles.at(-1);
  return last ? [last.label] : [];
};

/** Clauses of their own inside a sentence: at semicolons, `but`, and where another subject or verb begins. */
const clausesOf = (sentence: string): string[] =>
  sentence
    .split(
      /;\s*|,?\s+but\s+|,\s+(?:and\s+|while\s+|whereas\s+)?(?=(?:the |an? |all |only |our )?[\w' -]{3,30}? (?:can|may|must|should|are|see|sees|do|does|don't|enter|manage|sign|log|approves?|cannot|can't|just)\b)|\s+and\s+(?=(?:can|may|must|are the only|is the only|only|cannot|can't|must not|mustn't|they|staff|the|nobody|put|see|manage|take|mark|write)\b)|,\s+(?=and only\b)/i,
    )
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** "Clerks enter exhibitors", where clerks are a role already; or words that go on with the subject before. */
function plainDuty(draft: Draft, clause: string, roles: readonly string[], sure: boolean, access: boolean): ModalClause | null {
  const words = clause.replace(/^(?:and |but |while |whereas )+/i, '').split(' ');
  for (let count = 1; count <= Math.min(6, words.length - 1); count += 1) {
    const behind = words.slice(count).join(' ');
    const [, only = '', rest = ''] = /^(?:(only|just|also) )?(.+)$/i.exec(behind) ?? [];
    const subject = words
      .slice(0, count)
      .join(' ')
      .replace(/^only /i, '');
    const named = /,$/.test(subject) ? [] : rolesNamed(subject);
    const usual = actionsAtStart(rest) !== null || /^(?:approve|close|accept|reject|confirm|cancel|mark|sign off|tick)/i.test(rest);
    const doing = usual || (sure && agrees(subject, rest) && deedOf(draft, rest) !== null);
    if (named.length === 0 || !doing) continue;
    if (
      named.every(
        (role) => isRole(draft, role) || access || (sure && !findEntity(draft, role)) || /\b(?:only|their own|everything|all)\b/i.test(clause),
      )
    )
      return { subject, not: false, alone: /^only\b/i.test(clause), nothingElse: /^(?:only|just)$/i.test(only), rest };
  }
  const rest = clause.replace(/^(?:and |but |only |just )+/i, '');
  if (roles.length === 0 || (!actionsAtStart(rest) && !deedOf(draft, rest))) return null;
  return { subject: '', not: false, alone: /^(?:and |but )?only\b/i.test(clause), nothingElse: /\bonly\b/i.test(clause.slice(0, 20)), rest };
}

const isRole = (draft: Draft, role: string): boolean => draft.schema.auth.roles.some((one) => one.name === snake(role));

/** `change prices or delete items` is two things that somebody may do; `change or delete items` is one. */
const phrasesOf = (words: string): string[] =>
  words
    .split(/(?<=[a-z]+ (?:\w+ )*[a-z]+)\s+(?:or|and)\s+(?=(?:add|change|edit|delete|remove|create|view|see|cancel|manage) )/i)
    .filter((one) => one !== '');

/** Takes what a clause says about roles; answers the lists it speaks of. */
function applyClause(
  draft: Draft,
  labels: readonly string[],
  clause: ModalClause,
  before: readonly Entity[],
  topic: Entity | null,
  sure: boolean,
): Entity[] {
  if (labels.length === 0) return [...before];
  const words = clause.rest.replace(/^(?:be able to|just|only|also|then|not|never) /i, '');
  const step = readStepDuty(draft, labels, clause, words, topic);
  if (step) return step;
  const deed = deedOf(draft, words);
  const verbs = actionsAtStart(words) ?? (deed && { actions: CHANGING, rest: deed.rest });
  if (!verbs) return [...before];
  const { actions, rest } = verbs;
  const nothing = /^nothing\b/i.test(rest);
  const nothingElse = clause.nothingElse || /^only\b(?! (?:their|his|her|its|what))/i.test(rest);
  const all =
    /^(?:everything|anything|all|whatever|it all|any of it|all of (?:it|them|this))(?: else)?\b(?! (?:the |of |our |their )*(?!else)[a-z])/i.test(
      rest,
    );
  const own =
    /\b(?:their|his|her|its|the) own\b|\bonly (?:their|his|her)\b|\bwhat(?:'s| is)(?: been)? assigned to\b|\b(?:assigned|belonging) to them\b|\bown ones?\b|\btheir own\b/i.test(
      rest,
    );
  const found = deed && !actionsAtStart(words) ? deed.entities : objectsIn(draft, rest, own, before, topic);
  if (found.length === 0 && !all && !nothing) {
    const does = sure && !clause.not && !draft.exact && rest !== '' && actions.some((one) => one !== 'view') && draft.schema.auth.roles.length > 0;
    for (const label of labels.filter((one) => does && !findEntity(draft, one))) ensureRole(draft, label);
    return [...before];
  }
  const duty = (kind: Duty['kind'], of: readonly Action[], entities: readonly Entity[] | null): void => {
    for (const label of labels.filter((one) => kind !== 'may' || sure || isRole(draft, one)))
      draft.duties.push({
        role: ensureRole(draft, label),
        actions: of,
        entities: entities?.map((one) => one.name) ?? null,
        kind,
        sentence: draft.sentence,
      });
  };
  const entities = all || (nothing && found.length === 0) ? null : found;
  if (entities === null && /\belse\b/i.test(rest) && !clause.not) duty('alone', CHANGING, null);
  if (clause.not || nothing) duty('never', actions.includes('change') && (entities === null || nothing) ? CHANGING : actions, entities);
  else if (own) {
    duty(
      'own',
      actions.filter((one) => one !== 'add'),
      entities,
    );
    if (actions.includes('add')) duty('may', ['add'], entities);
    if (actions.includes('view') && clause.nothingElse && actions.length === 1) duty('never', ['change', 'delete'], entities);
  } else if (clause.alone) duty('alone', actions, entities);
  else if (entities === null && actions.length > 1) duty('everything', [], null);
  else if (entities === null && actions.includes('change')) duty('everything', [], null);
  else if (nothingElse && actions.every((one) => one === 'view')) duty('never', CHANGING, entities);
  else duty('may', actions, entities);
  return found.length > 0 ? found : [...before];
}

/** The lists that the words behind a verb name; "their own" and "one" go back to the list named before. */
function objectsIn(draft: Draft, words: string, own: boolean, before: readonly Entity[], topic: Entity | null): Entity[] {
  const named = [...new Set(mentionsOf(draft, words).map((one) => one.entity))];
  const roleOnly = named.filter((one) => !draft.schema.auth.roles.some((role) => role.name === one.name) || !/\bto\b|\bby\b/i.test(words));
  if (roleOnly.length > 0) return roleOnly;
  const field = fieldIn(draft, words, [topic, ...before]);
  if (field) return [field.entity];
  const noun = /\bown ([a-z]+)/i.exec(words)?.[1];
  const meant = noun === undefined ? undefined : draft.schema.entities.find((one) => one.label.split(' ').includes(singular(noun.toLowerCase())));
  if (meant) return [meant];
  if (noun !== undefined && !/^ones?$/i.test(noun)) return [];
  if (/^(?:one|it|them|these|those|ones)\b|\bown$|\bown (?:ones?)$/i.test(words) || own || words === '') {
    const other = own && before.length === 0 ? topic : undefined;
    return before.length > 0 ? [...before] : other ? [other] : topic ? [topic] : [];
  }
  return [];
}

/** "Only a supervisor can dispose of items", "the keeper approves or refuses loans": who takes the step to a state. */
function readStepDuty(draft: Draft, labels: readonly string[], clause: ModalClause, words: string, topic: Entity | null): Entity[] | null {
  if (clause.not) return null;
  const named = mentionsOf(draft, words).map((one) => one.entity);
  const candidates = [...new Set([...named, ...(topic ? [topic] : []), ...(draft.last ? [draft.last] : []), ...draft.schema.entities])];
  const verbs = words.split(/\s+(?:or|and)\s+|,\s*/).slice(0, 3);
  for (const entity of candidates) {
    const field = stateField(entity);
    if (!field) continue;
    if (/^(?:change|set|update|edit)s? (?:the |its |their )?(?:status|state|stage)\b/i.test(words)) {
      if (!clause.alone || (named.length > 0 && !named.includes(entity))) continue;
      const steps = entity.lifecycle?.transitions ?? [];
      if (steps.length === 0) return null;
      for (const step of steps)
        putStep(
          draft,
          entity,
          field.name,
          step.from,
          step.to,
          labels.map((label) => ensureRole(draft, label)),
        );
      return [entity];
    }
    const states = verbs.flatMap((verb) => stateOfVerb(entity, verb) ?? []);
    if (states.length === 0) continue;
    if (!entity.lifecycle && clause.alone)
      for (const from of field.choices) for (const to of field.choices) putStep(draft, entity, field.name, from, to);
    const steps = (entity.lifecycle?.transitions ?? []).filter((step) => states.some((state) => sameState(state, step.to)));
    if (steps.length === 0) continue;
    const roles = labels.map((label) => ensureRole(draft, label));
    for (const step of steps) {
      const known = clause.alone ? [] : step.roles;
      putStep(draft, entity, field.name, step.from, step.to, [...new Set([...known, ...roles])]);
    }
    const others = verbs.filter((verb) => stateOfVerb(entity, verb) === undefined).flatMap((verb) => actionsAtStart(verb)?.actions ?? []);
    const kind = clause.alone ? 'alone' : 'may';
    if (others.length > 0)
      for (const role of roles) draft.duties.push({ role, actions: others, entities: [entity.name], kind, sentence: draft.sentence });
    return [entity];
  }
  return null;
}

const PASSIVE =
  /^(?:only )?(?:an? |the |all )?(.+?) (?:can|may|must|should|is|are|will) (?:only )?(?:be )?((?:\w+(?:ed|en|de|n)\b(?:,? (?:or|and) )?)+) (?:only )?by (?:an? |the |our )?(.+?)(?:,? (?:and|or) (?:by )?(?:nobody|no one) else)?(?: only| alone)?$/i;

/** "Books may only be deleted by a librarian". */
function readPassive(draft: Draft, clause: string, topic: Entity | null): boolean {
  const [, subject = '', verbs = '', by = ''] = PASSIVE.exec(clause) ?? [];
  const roles = by === '' ? [] : rolesNamed(by);
  const only = /\bonly\b|\bnobody else\b|\bno one else\b|\balone$/i.test(clause);
  const entity = mentionsOf(draft, subject).at(-1)?.entity ?? topic;
  if (roles.length === 0 || !entity || (!only && !isRole(draft, roles[0] ?? ''))) return false;
  const field = stateField(entity);
  const states = verbs.split(/\s*(?:,|\bor\b|\band\b)\s*/).flatMap((verb) => field?.choices.find((one) => sameState(one, verb)) ?? []);
  const steps = (entity.lifecycle?.transitions ?? []).filter((step) => states.includes(step.to));
  if (field && steps.length > 0) {
    for (const step of steps)
      putStep(
        draft,
        entity,
        field.name,
        step.from,
        step.to,
        roles.map((role) => ensureRole(draft, role)),
      );
    return true;
  }
  const actions = actionsOfParticiples(verbs);
  if (actions.length === 0) return false;
  for (const role of roles)
    draft.duties.push({ role: ensureRole(draft, role), actions, entities: [entity.name], kind: only ? 'alone' : 'may', sentence: draft.sentence });
  return true;
}
