import type { Computed, DatabaseSchema, Entity, Field } from './database-schema.js';
import { GROUPING_TYPES, NEVER_UNIQUE, NUMERIC_TYPES, RESERVED_FIELDS, RESERVED_PATHS, addressOf, databaseStructure } from './database-schema.js';
import { conditionsProblems, fieldIn, isDay, isNumber, kindIn, missing } from './database-conditions.js';
import type { Path, SchemaProblem } from './database-conditions.js';
import { ruleProblems } from './database-rule-problems.js';
import { valueProblems } from './database-value-problems.js';

export const databaseSchema = databaseStructure.superRefine((schema, ctx) => {
  for (const { path, message } of schemaProblems(schema)) ctx.addIssue({ code: 'custom', path, message });
});

/** Every structural problem of a schema whose shape is right: unknown targets, names that appear twice, and the like. */
export function schemaProblems(schema: DatabaseSchema): SchemaProblem[] {
  const names = (items: readonly { name: string }[]): string[] => items.map((item) => item.name);
  return [
    ...repeats(names(schema.entities), (index) => ['entities', index, 'name'], 'entity'),
    ...repeats(
      schema.entities.map((entity) => addressOf(entity.label_plural)),
      (index) => ['entities', index, 'label_plural'],
      'address of an entity',
    ),
    ...repeats(names(schema.computed), (index) => ['computed', index, 'name'], 'computed list or total'),
    ...repeats(
      schema.computed.map((computed) => addressOf(computed.label)),
      (index) => ['computed', index, 'label'],
      'address of a computed list or total',
    ),
    ...schema.entities.flatMap((entity, index) => entityProblems(schema, entity, ['entities', index])),
    ...cycleProblems(schema),
    ...schema.computed.flatMap((computed, index) => computedProblems(schema, computed, ['computed', index])),
    ...authProblems(schema),
  ];
}

function repeats(names: string[], path: (index: number) => Path, what: string): SchemaProblem[] {
  return names.flatMap((name, index) =>
    names.indexOf(name) < index ? [{ path: path(index), message: `the ${what} "${name}" appears twice: rename or remove one of them` }] : [],
  );
}

function entityProblems(schema: DatabaseSchema, entity: Entity, at: Path): SchemaProblem[] {
  const problems = repeats(
    [...entity.fields, ...entity.values].map((one) => one.name),
    (index) => [...at, ...(index < entity.fields.length ? ['fields', index] : ['values', index - entity.fields.length]), 'name'],
    `field of ${entity.name}`,
  );
  if ((RESERVED_PATHS as readonly string[]).includes(addressOf(entity.label_plural)))
    problems.push({
      path: [...at, 'label_plural'],
      message: `"${entity.label_plural}" is an address that the app needs itself: choose another plural`,
    });
  entity.fields.forEach((field, index) => problems.push(...fieldProblems(schema, field, [...at, 'fields', index])));
  problems.push(...lifecycleProblems(schema, entity, [...at, 'lifecycle']));
  problems.push(
    ...repeats(
      entity.rules.map((rule) => rule.name),
      (index) => [...at, 'rules', index, 'name'],
      `rule of ${entity.name}`,
    ),
  );
  entity.rules.forEach((rule, index) => problems.push(...ruleProblems(schema, entity, rule, [...at, 'rules', index])));
  entity.values.forEach((value, index) => problems.push(...valueProblems(schema, entity, value, index, [...at, 'values', index])));
  entity.defaults.forEach(({ field: name, value, days }, index) => {
    const path = [...at, 'defaults', index];
    const field = fieldIn(entity, name);
    if (!field) problems.push({ path: [...path, 'field'], message: missing(entity, name) });
    else if (field.type === 'choice' && !field.choices.includes(value))
      problems.push({ path: [...path, 'value'], message: `"${value}" is no choice of "${name}": use one of ${field.choices.join(', ')}` });
    else if (field.target !== null) problems.push({ path: [...path, 'field'], message: 'a link has no default: choose another field' });
    else if (isDay(field.type) && value !== 'today' && !isDay(fieldIn(entity, value)?.type))
      problems.push({ path: [...path, 'value'], message: 'a day begins as today or as another day of the record, plus days' });
    else if (!isDay(field.type) && days !== 0) problems.push({ path: [...path, 'days'], message: 'only a day can lie days later: set it to 0' });
  });
  if (entity.order !== null && kindIn(entity, entity.order.field) === undefined)
    problems.push({ path: [...at, 'order', 'field'], message: missing(entity, entity.order.field) });
  return problems;
}

function fieldProblems(schema: DatabaseSchema, field: Field, path: Path): SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  const add = (key: string, message: string): void => void problems.push({ path: [...path, key], message });
  const links = field.type === 'reference' || field.type === 'references';
  if ((RESERVED_FIELDS as readonly string[]).includes(field.name)) add('name', `every record has "${field.name}" already: choose another name`);
  if (field.type === 'choice' && field.choices.length === 0)
    add('choices', `"${field.name}" is a choice: list at least one value, or use the type text`);
  if (field.type !== 'choice' && field.choices.length > 0)
    add('choices', `only a choice has choices: empty the list, or set the type of "${field.name}" to choice`);
  if (new Set(field.choices).size < field.choices.length) add('choices', `a value of "${field.name}" appears twice: remove one`);
  if (links && field.target === null) add('target', `"${field.name}" is a ${field.type}: name the entity it points at`);
  if (!links && field.target !== null)
    add('target', `only a reference has a target: set it to null, or set the type of "${field.name}" to reference`);
  if (links && field.target !== null && !schema.entities.some((one) => one.name === field.target))
    add('target', `there is no entity "${field.target}": add it, or point at one of ${schema.entities.map((one) => one.name).join(', ')}`);
  if (field.unique && NEVER_UNIQUE.includes(field.type)) add('unique', `a ${field.type} cannot be unique: set it to false`);
  return problems;
}

function lifecycleProblems(schema: DatabaseSchema, { lifecycle, ...entity }: Entity, at: Path): SchemaProblem[] {
  if (lifecycle === null) return [];
  const field = entity.fields.find((one) => one.name === lifecycle.field);
  if (field?.type !== 'choice')
    return [{ path: [...at, 'field'], message: `"${lifecycle.field}" is no choice of ${entity.name}: states are the values of a choice` }];
  return lifecycle.transitions.flatMap((step, index) => [
    ...(['from', 'to'] as const).flatMap((end) =>
      field.choices.includes(step[end])
        ? []
        : [
            {
              path: [...at, 'transitions', index, end],
              message: `"${step[end]}" is no value of ${field.name}: use one of ${field.choices.join(', ')}`,
            },
          ],
    ),
    ...unknownRoles(schema, step.roles, [...at, 'transitions', index, 'roles']),
  ]);
}

function unknownRoles(schema: DatabaseSchema, roles: readonly string[], at: Path): SchemaProblem[] {
  const known = schema.auth.roles.map((role) => role.name);
  return roles.flatMap((role, index) =>
    known.includes(role)
      ? []
      : [
          {
            path: [...at, index],
            message: `there is no role "${role}": ${known.length > 0 ? `use one of ${known.join(', ')}` : 'add it to auth.roles'}`,
          },
        ],
  );
}

function authProblems({ auth, entities }: DatabaseSchema): SchemaProblem[] {
  const schema = { auth, entities } as DatabaseSchema;
  const needsAccounts = !auth.sign_in && (auth.roles.length > 0 || auth.permissions.length > 0);
  return [
    ...(needsAccounts ? [{ path: ['auth', 'sign_in'], message: 'roles and permissions need accounts: set sign_in to true' }] : []),
    ...repeats(
      auth.roles.map((role) => role.name),
      (index) => ['auth', 'roles', index, 'name'],
      'role',
    ),
    ...repeats(
      auth.permissions.map(({ entity, action }) => `${action} ${entity}`),
      (index) => ['auth', 'permissions', index],
      'permission to',
    ),
    ...auth.permissions.flatMap((permission, index) => [
      ...(entities.some((entity) => entity.name === permission.entity)
        ? []
        : [{ path: ['auth', 'permissions', index, 'entity'], message: `there is no entity "${permission.entity}"` }]),
      ...unknownRoles(schema, permission.roles, ['auth', 'permissions', index, 'roles']),
    ]),
  ];
}

function cycleProblems(schema: DatabaseSchema): SchemaProblem[] {
  const field = requiredCycle(schema);
  if (!field) return [];
  const index = schema.entities.findIndex((entity) => entity.fields.includes(field));
  const at = schema.entities[index]?.fields.indexOf(field) ?? 0;
  return [
    {
      path: ['entities', index, 'fields', at, 'required'],
      message: `"${field.name}" needs a record that itself needs this one, so neither could be added: set required to false`,
    },
  ];
}

/** A required link that leads, over required links, back to its own entity; undefined where there is none. */
export function requiredCycle(schema: DatabaseSchema): Field | undefined {
  const links = (name: string): Field[] =>
    schema.entities.find((entity) => entity.name === name)?.fields.filter((field) => field.required && field.target !== null) ?? [];
  const reaches = (from: string | null, to: string, seen: Set<string>): boolean => {
    if (from === to) return true;
    if (from === null || seen.has(from)) return false;
    seen.add(from);
    return links(from).some((field) => reaches(field.target, to, seen));
  };
  for (const entity of [...schema.entities].reverse()) {
    const field = links(entity.name).find((one) => reaches(one.target, entity.name, new Set()));
    if (field) return field;
  }
  return undefined;
}

function computedProblems(schema: DatabaseSchema, computed: Computed, at: Path): SchemaProblem[] {
  const entity = schema.entities.find((one) => one.name === computed.entity);
  if (!entity) {
    const known = schema.entities.map((one) => one.name).join(', ');
    return [{ path: [...at, 'entity'], message: `there is no entity "${computed.entity}": use one of ${known}` }];
  }
  const problems = conditionsProblems(entity, computed.conditions, [...at, 'conditions']);
  if (computed.kind === 'list') {
    if (computed.conditions.length === 0 && computed.order === null)
      problems.push({ path: [...at, 'conditions'], message: 'a list needs a condition or an order: otherwise it shows what the plain list shows' });
    if (computed.order !== null && kindIn(entity, computed.order.field) === undefined)
      problems.push({ path: [...at, 'order', 'field'], message: missing(entity, computed.order.field) });
    return problems;
  }
  if (computed.kind !== 'count') {
    const kind = kindIn(entity, computed.field);
    if (kind === undefined) problems.push({ path: [...at, 'field'], message: missing(entity, computed.field) });
    else if (!isNumber(kind))
      problems.push({ path: [...at, 'field'], message: `"${computed.field}" holds no numbers: choose a field of type ${NUMERIC_TYPES.join(', ')}` });
  }
  const by = computed.by === null ? undefined : fieldIn(entity, computed.by);
  if (computed.by !== null && !by) problems.push({ path: [...at, 'by'], message: missing(entity, computed.by) });
  if (by && !GROUPING_TYPES.includes(by.type))
    problems.push({
      path: [...at, 'by'],
      message: `"${by.name}" cannot group records: choose a field of type ${GROUPING_TYPES.join(', ')}, or null for one total`,
    });
  if (isDay(by?.type) !== (computed.period !== null))
    problems.push({ path: [...at, 'period'], message: 'totals by a day need a period (day, week, month or year), and only those have one' });
  return problems;
}
