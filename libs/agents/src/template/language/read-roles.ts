import type { Entity } from '#contracts';
import { ensureRole } from './behaviour.js';
import { findEntity } from './draft.js';
import type { Draft } from './draft.js';
import { grant } from './frames/grants.js';
import { rightsIn } from './frames/rights.js';
import type { Right } from './frames/rights.js';
import { peopleOf } from './frames/who.js';
import { isPerson } from './lexicon.js';
import { LIMITS } from './role-deeds.js';
import { plainRights } from './role-sentences.js';
import { rolesNamed } from './role-words.js';
import { entityOfWords } from './rule-words.js';
import { snake } from './words.js';

/*
 * Who may do what, in plain words: "only the manager may delete", "members can only see their own loans", "staff can do
 * everything", "clerks enter exhibitors and entries", "technicians are the only ones who can change the status".
 */

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

/**
 * Reads one sentence about who may do what; answers whether anything was understood. Where it is `known` that the text gives
 * rights, a plain "clerks enter the entries" is one as well; under a heading of `access` any noun may be a role.
 */
export function readRoles(draft: Draft, said: string, topic: Entity | null, known: boolean, access = false): boolean {
  const before = draft.duties.length + stepsWithRoles(draft);
  let objects: Entity[] = [];
  const rights = rightsOf(draft, said, access);
  const sure = access || rights.some((one) => one.sure);
  for (const right of rights) {
    if (sure || (known && right.roles.every((role) => isRole(draft, role) || !findEntity(draft, role))))
      objects = grant(draft, { ...right, sure }, objects, topic);
  }
  return draft.duties.length + stepsWithRoles(draft) > before;
}

/** Whether a statement can only be one about rights. */
export const givesRights = (draft: Draft, said: string): boolean => rightsOf(draft, said, false).some((one) => one.sure);

/** What statements give was worked out before: each is read more than once. */
const found = new Map<string, Right[]>();

function rightsOf(draft: Draft, said: string, access: boolean): Right[] {
  const { auth, entities } = draft.schema;
  const people = peopleOf(draft);
  const names = [...auth.roles, ...entities].map((one) => one.name);
  const key = JSON.stringify([said, access, people.self, [...people.called], people.before, names]);
  const known = found.get(key);
  if (known) return known;
  if (found.size > 500) found.clear();
  const rights = rightsIn(people, plainRights(withoutTopic(draft, said)), access).filter(
    ({ deed }) => !LIMITS.test(deed) || /\bonly (?:the|an?|our)\b/i.test(deed),
  );
  found.set(key, rights);
  return rights;
}

/** "Inspections: the inspector puts in the result": the list that the statement stands under is nobody. */
const withoutTopic = (draft: Draft, said: string): string => {
  const head = /^([\w ]{2,40}): /.exec(said);
  return head && entityOfWords(draft, head[1]) && !isPerson(head[1]?.toLowerCase() ?? '') ? said.slice(head[0].length) : said;
};

const stepsWithRoles = (draft: Draft): number =>
  draft.schema.entities.reduce((sum, entity) => sum + (entity.lifecycle?.transitions.filter((step) => step.roles.length > 0).length ?? 0), 0);

const isRole = (draft: Draft, role: string): boolean => draft.schema.auth.roles.some((one) => one.name === snake(role));
