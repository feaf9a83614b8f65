import { operandsOf } from '#contracts';
import type { DatabaseSchema, Entity, Field, Rule } from '#contracts';
import { WIDTH, conjunction, docComment, leaveIf, object, quote } from './code.js';
import { holds, misses, read } from './conditions.js';
import type { Scope } from './conditions.js';
import { entityNamed, fieldNamed, namesOf } from './names.js';
import { linesOf, operandCode, operandType, ownFieldOf } from './operands.js';
import type { OperandCode } from './operands.js';
import { ruleMessage, ruleSentence } from './words.js';

/** Rules by when they are asked and with which status a broken one is answered. */
export const rulesOf = (entity: Entity): { checks: Rule[]; conflicts: Rule[]; changeLocks: Rule[]; deleteLocks: Rule[] } => ({
  checks: entity.rules.filter((rule) => rule.kind === 'compare' || rule.kind === 'required_when'),
  conflicts: entity.rules.filter((rule) => ['no_overlap', 'unique_together', 'limit', 'linked_must'].includes(rule.kind)),
  changeLocks: entity.rules.filter((rule) => rule.kind === 'locked_when' && rule.actions.includes('change')),
  deleteLocks: entity.rules.filter((rule) => rule.kind === 'locked_when' && rule.actions.includes('delete')),
});

/** A rule as a function that answers nothing, or the message for a field. */
export function ruleFunction(schema: DatabaseSchema, entity: Entity, rule: Rule, imports: Set<string>): string {
  const names = namesOf(entity);
  const scope: Scope = { schema, entity, record: names.record, home: entity, imports };
  const body = bodyOf(scope, rule).join('\n');
  const code = body.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g, "''");
  const uses = ['before', 'others', 'records'].filter((name) => new RegExp(`(?<!\\w|[^.]\\.)${name}\\b(?!:)`).test(code));
  const parameters = [names.record, ...(uses.length === 0 ? [] : [`{ ${uses.join(', ')} }`])].join(', ');
  return `${docComment(ruleSentence(schema, entity, rule))}\nfunction ${names.rules.get(rule.name) ?? rule.name}(${parameters}) {\n${body}\n}`;
}

/** The field that the message of a broken rule belongs to. */
export function fieldOfRule(entity: Entity, rule: Rule): string {
  const [first = entity.fields[0]?.name ?? ''] = 'where' in rule ? rule.where.map((one) => one.field) : [];
  switch (rule.kind) {
    case 'no_overlap':
      return rule.from;
    case 'unique_together':
      return rule.fields.at(-1) ?? '';
    case 'compare':
      return enteredFor(entity, rule.field) ?? enteredFor(entity, rule.value) ?? first;
    case 'required_when':
      return rule.field;
    case 'limit':
      return rule.by ?? rule.field ?? rule.day ?? first;
    case 'linked_must':
      return rule.link;
    case 'locked_when':
      return first;
  }
}

/** A field that is entered: this one, or the first that a value is worked out from. */
function enteredFor(entity: Entity, name: string | number): string | undefined {
  const own = typeof name === 'string' ? ownFieldOf(name) : null;
  if (own !== null && fieldNamed(entity, own)) return own;
  const value = entity.values.find((one) => one.name === name);
  return (value ? operandsOf(value) : []).map((source) => enteredFor(entity, source)).find((one) => one !== undefined);
}

const refuse = ({ schema, entity }: Scope, rule: Rule): string =>
  `  return ${object([[fieldOfRule(entity, rule), quote(ruleMessage(schema, entity, rule))]], 10, 2).replaceAll('\n', '\n  ')};`;

function bodyOf(scope: Scope, rule: Rule): string[] {
  switch (rule.kind) {
    case 'compare':
      return [...compareBody(scope, rule), refuse(scope, rule)];
    case 'required_when':
      return [leaveIf([...misses(scope, rule.where), filledIn(scope, rule.field)]), refuse(scope, rule)];
    case 'locked_when':
      return [leaveIf(misses(scope, rule.where)), refuse(scope, rule)];
    case 'unique_together':
      return uniqueBody(scope, rule);
    case 'no_overlap':
      return overlapBody(scope, rule);
    case 'limit':
      return limitBody(scope, rule);
    case 'linked_must':
      return linkedBody(scope, rule);
  }
}

/** A yes-or-no field counts as filled in where it is yes. */
const filledIn = ({ entity, record }: Scope, name: string): string =>
  fieldNamed(entity, name)?.type === 'boolean' ? `${record}.${name} === true` : `!isEmpty(${record}.${name})`;

const OPERATOR = { at_least: '>=', at_most: '<=', above: '>', below: '<' } as const;

function compareBody(scope: Scope, rule: Extract<Rule, { kind: 'compare' }>): string[] {
  const [mine, other] = [operandCode(scope, rule.field), operandCode(scope, rule.value)];
  const types = [operandType(scope, rule.field), operandType(scope, rule.value)];
  const several = types[0] === 'references';
  const byDay = types.includes('date') && types.includes('datetime');
  const side = (text: string, at: 0 | 1): string => (byDay && types[at] === 'datetime' ? `dayOf(${text})` : text);
  const met = `${several ? `${mine.text}.length` : side(mine.text, 0)} ${OPERATOR[rule.operator]} ${side(other.text, 1)}`;
  const gaps = [...(several ? [] : [mine.maybe]), ...(typeof rule.value === 'number' || rule.value === 'today' ? [] : [other.maybe])];
  const as = rule.value === 'today' ? [unchanged(scope, rule.field, mine)] : [];
  return [...linesOf([mine, other]), leaveIf([...gaps.map((one) => `isEmpty(${one})`), ...as, met])];
}

/** Whether something is as it was before the change: what has become too old by itself stays allowed. */
function unchanged(scope: Scope, name: string, { text }: OperandCode): string {
  if (fieldNamed(scope.entity, name)) return `${text} === before?.${name}`;
  return `(before && ${text} === ${read({ ...scope, record: 'before' }, name)})`;
}

/** Whether another record has the same value of a field. */
function sameValue({ entity, record }: Scope, name: string): string {
  const type = fieldNamed(entity, name)?.type;
  if (type === 'references') return `haveCommon(other.${name}, ${record}.${name})`;
  return ['text', 'email', 'phone', 'url', 'file_link', 'long_text'].includes(type ?? '')
    ? `isSame(other.${name}, ${record}.${name})`
    : `other.${name} === ${record}.${name}`;
}

/** Fields of the record that may be left empty, and then meet a rule about equal values. */
const empties = ({ entity, record }: Scope, names: readonly string[]): string[] =>
  names.filter((name) => fieldNamed(entity, name)?.type !== 'boolean').map((name) => `isEmpty(${record}.${name})`);

function uniqueBody(scope: Scope, rule: Extract<Rule, { kind: 'unique_together' }>): string[] {
  const same = rule.fields.map((name) => sameValue(scope, name).replace(/^haveCommon/, 'isSame'));
  const gaps = empties(scope, rule.fields);
  return [
    ...(gaps.length === 0 ? [] : [leaveIf(gaps)]),
    conjunction('  const clashes = (other) =>', same, 4),
    '  if (!others.some(clashes)) return undefined;',
    refuse(scope, rule),
  ];
}

function overlapBody(scope: Scope, rule: Extract<Rule, { kind: 'no_overlap' }>): string[] {
  const { entity, record } = scope;
  const days = fieldNamed(entity, rule.from)?.type === 'date';
  const same = [...rule.same, ...(rule.day === null ? [] : [rule.day])];
  const both = `${days ? 'shareDay' : 'overlap'}(other.${rule.from}, other.${rule.to}, ${record}.${rule.from}, ${record}.${rule.to})`;
  const leave = [...misses(scope, rule.where), ...empties(scope, same)];
  return [
    ...(leave.length === 0 ? [] : [leaveIf(leave)]),
    conjunction(
      '  const clashes = (other) =>',
      [...same.map((name) => sameValue(scope, name)), ...holds({ ...scope, record: 'other' }, rule.where), both],
      4,
    ),
    '  if (!others.some(clashes)) return undefined;',
    refuse(scope, rule),
  ];
}

function limitBody(scope: Scope, rule: Extract<Rule, { kind: 'limit' }>): string[] {
  const { schema, entity, record, imports } = scope;
  const by = fieldNamed(entity, rule.by);
  const leave = [
    ...misses(scope, rule.where),
    ...(rule.field === null ? [] : [`isEmpty(${record}.${rule.field})`]),
    ...(by ? empties(scope, [by.name]) : []),
    ...(rule.day === null ? [] : [`isEmpty(${record}.${rule.day})`]),
  ];
  const target = entityNamed(schema, by?.target ?? null);
  const counted = [...(by ? [sameValue(scope, by.name)] : []), ...samePeriod(scope, rule), ...holds({ ...scope, record: 'other' }, rule.where)];
  const together = counted.length === 0 ? 'others' : 'others.filter(counts)';
  const used = rule.field === null ? `${together}.length + 1` : `sum([...${together}, ${record}].map((one) => one.${rule.field}))`;
  const lines = [
    ...(leave.length === 0 ? [] : [leaveIf(leave)]),
    ...(counted.length === 0 ? [] : [conjunction('  const counts = (other) =>', counted, 4)]),
  ];
  if (by?.type === 'references') return limitPerLink(scope, rule, by, leave);
  if (typeof rule.maximum === 'number' || !target || !by)
    return [...lines, `  if (${used} <= ${rule.maximum}) return undefined;`, refuse(scope, rule)];
  const limit = read({ schema, entity: target, record: 'linked', home: entity, imports }, rule.maximum);
  const linked = `  const linked = records.get(${quote(target.name)}, ${record}.${by.name});`;
  return [...lines, linked, `  if (!isAbove(${used}, ${limit})) return undefined;`, refuse(scope, rule)];
}

/** Whether another record falls into the same day, week, month or year. */
function samePeriod({ record }: Scope, { day, period }: Extract<Rule, { kind: 'limit' }>): string[] {
  if (day === null || period === null) return [];
  const of = `${period}Of`;
  return [`${of}(other.${day}) === ${of}(${record}.${day})`];
}

/** Of several links, none may lead to a record that is over its limit. */
function limitPerLink(scope: Scope, rule: Extract<Rule, { kind: 'limit' }>, by: Field, leave: readonly string[]): string[] {
  const { schema, entity, record, imports } = scope;
  const target = entityNamed(schema, by.target);
  const limit =
    typeof rule.maximum === 'number' || !target
      ? String(rule.maximum)
      : read({ schema, entity: target, record: `records.get(${quote(target.name)}, id)`, home: entity, imports }, rule.maximum);
  const together = 'others.filter((other) => counts(other, id))';
  const used = rule.field === null ? `${together}.length + 1` : `sum([...${together}, ${record}].map((one) => one.${rule.field}))`;
  return [
    ...(leave.length === 0 ? [] : [leaveIf(leave)]),
    conjunction(
      '  const counts = (other, id) =>',
      [`other.${by.name}.includes(id)`, ...samePeriod(scope, rule), ...holds({ ...scope, record: 'other' }, rule.where)],
      4,
    ),
    conjunction('  const isFull = (id) =>', [`isAbove(${used}, ${limit})`], 4),
    `  if (!${record}.${by.name}.some(isFull)) return undefined;`,
    refuse(scope, rule),
  ];
}

function linkedBody(scope: Scope, rule: Extract<Rule, { kind: 'linked_must' }>): string[] {
  const { schema, entity, record, imports } = scope;
  const field = fieldNamed(entity, rule.link);
  const target = entityNamed(schema, field?.target ?? null);
  if (!field || !target) return [];
  const there: Scope = { schema, entity: target, record: 'linked', home: entity, imports };
  const met = holds(there, rule.where);
  if (field.type === 'reference')
    return [
      leaveIf([`isEmpty(${record}.${field.name})`, `${record}.${field.name} === before?.${field.name}`]),
      `  const linked = records.get(${quote(target.name)}, ${record}.${field.name});`,
      ifAll(met),
      refuse(scope, rule),
    ];
  return [
    `  const added = ${record}.${field.name}.filter((id) => !before?.${field.name}.includes(id));`,
    conjunction('  const fits = (linked) =>', met, 4),
    `  if (added.every((id) => fits(records.get(${quote(target.name)}, id)))) return undefined;`,
    refuse(scope, rule),
  ];
}

function ifAll(terms: readonly string[]): string {
  const test = `  if (${terms.join(' && ')})`;
  if (test.length + 18 <= WIDTH) return `${test} return undefined;`;
  if (test.length <= WIDTH) return `${test}\n    return undefined;`;
  return `  if (\n${terms.map((term) => `    ${term}`).join(' &&\n')}\n  )\n    return undefined;`;
}
