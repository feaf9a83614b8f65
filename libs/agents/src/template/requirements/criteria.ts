import type { AcceptanceCriterion, Computed, DatabaseSchema, Entity, Field } from '#contracts';
import { findEntity, findField, newDraft } from '../language/draft.js';
import { writeCondition } from './requirements.js';
import { article, capital, singular } from '../language/words.js';

/** Something a generated app is tested for. `subject` names where in the model it comes from. */
export type Check =
  | { readonly kind: 'add' | 'change' | 'values'; readonly entity: Entity }
  | { readonly kind: 'required' | 'unique' | 'in_use'; readonly entity: Entity; readonly field: Field }
  | { readonly kind: 'computed'; readonly computed: Computed }
  | { readonly kind: 'signed_out' | 'password' | 'durable' | 'escaped' | 'paged' };

/** Identifies a check: two criteria with the same key ask for the same. */
export function checkKey(check: Check): string {
  if ('field' in check) return `${check.kind}:${check.entity.name}.${check.field.name}`;
  if ('entity' in check) return `${check.kind}:${check.entity.name}`;
  return 'computed' in check ? `computed:${check.computed.name}` : check.kind;
}

/** Where in the draft's sources the sentence is that a check goes back to. */
export function sourceKeys(check: Check): string[] {
  if ('field' in check) return [`${check.entity.name}.${check.field.name}`, check.entity.name];
  if ('entity' in check) return [check.entity.name];
  if ('computed' in check) return [`computed.${check.computed.name}`];
  return check.kind === 'signed_out' || check.kind === 'password' ? ['sign_in'] : [];
}

const FREE = new Set<Field['type']>(['text', 'long_text', 'boolean', 'references']);

/** Everything that an app of this model has to prove, in the order in which it is written down. */
export function checksOf(schema: DatabaseSchema): Check[] {
  const perEntity = schema.entities.flatMap((entity): Check[] => [
    { kind: 'add', entity },
    { kind: 'change', entity },
    ...entity.fields.filter((field) => field.required && field.type !== 'boolean').map((field): Check => ({ kind: 'required', entity, field })),
    ...entity.fields.filter((field) => field.unique).map((field): Check => ({ kind: 'unique', entity, field })),
    ...(entity.fields.some((field) => !FREE.has(field.type)) ? [{ kind: 'values', entity } as const] : []),
    ...entity.fields.filter((field) => field.target !== null).map((field): Check => ({ kind: 'in_use', entity, field })),
  ]);
  const access: Check[] = schema.auth.sign_in ? [{ kind: 'signed_out' }, { kind: 'password' }] : [];
  return [
    ...perEntity,
    ...schema.computed.map((computed): Check => ({ kind: 'computed', computed })),
    ...access,
    { kind: 'paged' },
    { kind: 'escaped' },
    { kind: 'durable' },
  ];
}

/** A check as the sentence of an acceptance criterion. */
export function checkText(schema: DatabaseSchema, check: Check): string {
  switch (check.kind) {
    case 'add':
      return `${capital(article(check.entity.label))} can be added, and is then found in the list of ${check.entity.label_plural}.`;
    case 'change':
      return `${capital(article(check.entity.label))} can be changed and deleted.`;
    case 'values':
      return `${capital(article(check.entity.label))} with a value that does not fit its field is refused.`;
    case 'required':
      return `${capital(article(check.entity.label))} without ${check.field.label} is refused, and the form says so next to the field.`;
    case 'unique':
      return `A second ${check.entity.label} with the same ${check.field.label} is refused.`;
    case 'in_use': {
      const target = schema.entities.find((entity) => entity.name === check.field.target)?.label ?? '';
      return `${capital(article(target))} that is the ${singular(check.field.label)} of ${article(check.entity.label)} shows that ${check.entity.label} and cannot be deleted.`;
    }
    case 'computed':
      return computedText(schema, check.computed);
    case 'signed_out':
      return 'Whoever has not signed in sees no record and changes none.';
    case 'password':
      return 'A wrong password is refused.';
    case 'paged':
      return 'A long list is shown page by page and can be searched.';
    case 'escaped':
      return 'Text that looks like HTML is shown as text.';
    case 'durable':
      return 'What was saved is still there after the app was killed and started again.';
  }
}

function computedText(schema: DatabaseSchema, computed: Computed): string {
  const entity = schema.entities.find((one) => one.name === computed.entity);
  const many = entity?.label_plural ?? computed.entity;
  const label = (name: string | null): string => entity?.fields.find((field) => field.name === name)?.label ?? String(name);
  if (computed.kind === 'list')
    return `The list "${computed.label}" shows exactly the ${many} where ${computed.conditions.map((one) => writeCondition(one, label, entity)).join(' and ')}.`;
  const what = computed.kind === 'count' ? `the number of ${many}` : `the ${computed.kind} of ${label(computed.field)} over all ${many}`;
  return `"${computed.label}" is ${what}${computed.by === null ? '' : `, for each ${label(computed.by)}`}.`;
}

const bare = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

/** The check that a criterion's sentence asks for, or null where it is none that can be tested. */
export function checkOf(schema: DatabaseSchema, text: string): Check | null {
  const checks = checksOf(schema);
  const same = checks.find((check) => bare(checkText(schema, check)) === bare(text));
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
