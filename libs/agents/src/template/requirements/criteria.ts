import type { AcceptanceCriterion, DatabaseSchema, Entity, Field, Permission } from '#contracts';
import { findEntity, findField, newDraft } from '../language/draft.js';
import type { Check } from './checks.js';
import { checkText } from './criteria-text.js';

export type { Check } from './checks.js';

/** Identifies a check: two criteria with the same key ask for the same. */
export function checkKey(check: Check): string {
  if (!('entity' in check)) return 'computed' in check ? `computed:${check.computed.name}` : check.kind;
  return `${check.kind}:${check.entity.name}${partOf(check)}`;
}

function partOf(check: Extract<Check, { entity: Entity }>): string {
  if ('field' in check) return `.${check.field.name}`;
  if ('rule' in check) return `.${check.rule.name}`;
  if ('value' in check) return `.${check.value.name}`;
  if ('permission' in check) return `.${check.permission.action}`;
  return 'state' in check ? `.${check.state}${'to' in check ? `>${check.to}` : ''}` : '';
}

/** Where in the draft's sources the sentence is that a check goes back to, the most telling one first. */
export function sourceKeys(check: Check): string[] {
  switch (check.kind) {
    case 'computed':
      return [`computed.${check.computed.name}`];
    case 'signed_out':
    case 'password':
    case 'roles':
      return ['sign_in'];
    case 'paged':
    case 'escaped':
    case 'durable':
    case 'described':
      return [];
    case 'rule':
      return [`rule.${check.entity.name}.${check.rule.name}`, check.entity.name];
    case 'value':
      return [`value.${check.entity.name}.${check.value.name}`, check.entity.name];
    case 'permission':
      return [`permission.${check.entity.name}.${check.permission.action}`, 'sign_in'];
    case 'first_state':
    case 'steps':
    case 'step_roles':
      return [
        `lifecycle.${check.entity.name}`,
        ...(check.entity.lifecycle ? [`${check.entity.name}.${check.entity.lifecycle.field}`] : []),
        check.entity.name,
      ];
    default:
      return 'field' in check ? [`${check.entity.name}.${check.field.name}`, check.entity.name] : [check.entity.name];
  }
}

const FREE = new Set<Field['type']>(['text', 'long_text', 'boolean', 'references']);

/** Everything that an app of this model has to prove, in the order in which it is written down. */
export function checksOf(schema: DatabaseSchema): Check[] {
  const access: Check[] = schema.auth.sign_in ? [{ kind: 'signed_out' }, { kind: 'password' }] : [];
  return [
    ...schema.entities.flatMap(checksOfEntity),
    ...schema.computed.map((computed): Check => ({ kind: 'computed', computed })),
    ...access,
    ...(schema.auth.roles.length > 1 ? [{ kind: 'roles' } as const] : []),
    ...schema.auth.permissions.flatMap((permission): Check[] => {
      const entity = schema.entities.find((one) => one.name === permission.entity);
      return entity && restricts(schema, permission) ? [{ kind: 'permission', entity, permission }] : [];
    }),
    { kind: 'paged' },
    { kind: 'escaped' },
    { kind: 'described' },
    { kind: 'durable' },
  ];
}

/** A permission that every role has says nothing. */
const restricts = ({ auth }: DatabaseSchema, { roles }: Permission): boolean =>
  auth.roles.length === 0 || auth.roles.slice(1).some((role) => !roles.includes(role.name));

function checksOfEntity(entity: Entity): Check[] {
  const { fields, lifecycle } = entity;
  const state = lifecycle?.field;
  const given = new Set(entity.defaults.map((one) => one.field));
  return [
    { kind: 'add', entity },
    { kind: 'change', entity },
    ...fields
      .filter((field) => field.required && field.type !== 'boolean' && field.name !== state)
      .map((field): Check => ({ kind: 'required', entity, field })),
    ...fields.filter((field) => field.unique).map((field): Check => ({ kind: 'unique', entity, field })),
    ...(fields.some((field) => !FREE.has(field.type) && field.name !== state) ? [{ kind: 'values', entity } as const] : []),
    ...fields.filter((field) => field.target !== null).map((field): Check => ({ kind: 'in_use', entity, field })),
    ...fields.filter((field) => given.has(field.name) && field.name !== state).map((field): Check => ({ kind: 'default', entity, field })),
    ...(lifecycle ? stateChecks(entity, lifecycle) : []),
    ...entity.rules.map((rule): Check => ({ kind: 'rule', entity, rule })),
    ...entity.values.map((value): Check => ({ kind: 'value', entity, value })),
    ...(entity.order ? [{ kind: 'order', entity } as const] : []),
    { kind: 'found', entity },
    { kind: 'exchange', entity },
  ];
}

function stateChecks(entity: Entity, lifecycle: NonNullable<Entity['lifecycle']>): Check[] {
  const states = entity.fields.find((field) => field.name === lifecycle.field)?.choices ?? [];
  const reached = new Set(states.slice(0, 1));
  for (const state of reached) for (const step of lifecycle.transitions) if (step.from === state) reached.add(step.to);
  return [
    { kind: 'first_state', entity },
    ...states.filter((state) => reached.has(state)).map((state): Check => ({ kind: 'steps', entity, state })),
    ...lifecycle.transitions
      .filter((step) => step.roles.length > 0 && reached.has(step.from))
      .map((step): Check => ({ kind: 'step_roles', entity, state: step.from, to: step.to, roles: step.roles })),
  ];
}

const bare = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

/** What the sentences of a model's checks ask for; worked out once per model. */
const sentences = new WeakMap<DatabaseSchema, { written: string; byText: Map<string, Check>; checks: Check[] }>();

function sentencesOf(schema: DatabaseSchema): { byText: Map<string, Check>; checks: Check[] } {
  const written = JSON.stringify(schema);
  const known = sentences.get(schema);
  if (known?.written === written) return known;
  const checks = checksOf(schema);
  const byText = new Map<string, Check>();
  for (const check of checks) {
    const text = bare(checkText(schema, check));
    if (!byText.has(text)) byText.set(text, check);
  }
  const made = { written, byText, checks };
  sentences.set(schema, made);
  return made;
}

/** The check that a criterion's sentence asks for, or null where it is none that can be tested. */
export function checkOf(schema: DatabaseSchema, text: string): Check | null {
  const { byText, checks } = sentencesOf(schema);
  const same = byText.get(bare(text));
  if (same) return same;
  const find = (kind: Check['kind'], noun: string, words: string): Check | null => {
    const draft = newDraft(schema);
    const entity = findEntity(draft, noun);
    const field = entity && findField(entity, words.replace(/^(?:an? |the |its )/i, ''));
    return (
      checks.find((check) => check.kind === kind && 'field' in check && check.entity.name === entity?.name && check.field.name === field?.name) ??
      null
    );
  };
  const without =
    /^(?:an? |every |each |the )?([\w -]+?) (?:without|must have|needs) (?:an? |its )?([\w -]+?)(?: (?:is|are|can|must) .*)?[.,]?$/i.exec(text);
  if (without) return find('required', without[1] ?? '', without[2] ?? '');
  const twice =
    /(?:second|two|another) ([\w -]+?) (?:with|have|having|share|may have|can have)(?: share)? the same ([\w -]+?)(?: (?:is|are|can) .*)?[.,]?$/i.exec(
      text,
    );
  if (twice) return find('unique', twice[1] ?? '', twice[2] ?? '');
  const quoted = /"([^"]+)"/.exec(text)?.[1];
  if (quoted) return checks.find((check) => check.kind === 'computed' && bare(check.computed.label) === bare(quoted)) ?? null;
  return null;
}

/**
 * Criteria for a model: those that are there keep their id, text and source; what the model asks for beyond them is
 * added with the next ids. `sources` answers the sentence that a check goes back to.
 */
export function completeCriteria(
  schema: DatabaseSchema,
  present: readonly AcceptanceCriterion[],
  sources: (check: Check) => string | null,
): AcceptanceCriterion[] {
  const covered = new Set(present.map((criterion) => checkOf(schema, criterion.text)).flatMap((check) => (check ? [checkKey(check)] : [])));
  let next = Math.max(0, ...present.map((criterion) => Number(criterion.id.slice(3)))) + 1;
  const added = checksOf(schema)
    .filter((check) => !covered.has(checkKey(check)))
    .map((check) => ({ id: `AC-${next++}`, text: checkText(schema, check), source: sources(check) }));
  return [...present, ...added].slice(0, 400);
}
