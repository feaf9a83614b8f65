import { linkedParts, operandKind } from '#contracts';
import type { Field } from '#contracts';
import { quote } from './code.js';
import { read } from './conditions.js';
import type { Scope } from './conditions.js';
import { camel, entityNamed, fieldNamed, localName, namesOf, pascal } from './names.js';

/** What a rule or value is worked out from, as it stands inside a function. */
export interface OperandCode {
  /** The lines before that find or work it out; none for a field of the record itself. */
  readonly lines: readonly string[];
  /** An expression that is empty where there is nothing, or no link to a record. */
  readonly maybe: string;
  /** The same once that was found not to be empty. */
  readonly text: string;
}

const plain = (text: string): OperandCode => ({ lines: [], maybe: text, text });

/** The code of a number, `today`, or a field or worked-out value of the record or of one that it links to. */
export function operandCode(scope: Scope, operand: number | string): OperandCode {
  if (typeof operand === 'number') return plain(String(operand));
  if (operand === 'today') return plain('today()');
  const { schema, entity, record } = scope;
  const linked = linkedParts(operand);
  const target = linked && entityNamed(schema, fieldNamed(entity, linked.link)?.target ?? null);
  if (!linked || !target) return ownCode(scope, operand);
  const { link, name } = linked;
  const local = localName(entity, camel(link));
  const line = `  const ${local} = records.get(${quote(target.name)}, ${record}.${link});`;
  if (target.values.every((value) => value.name !== name)) return { lines: [line], maybe: `${local}?.${name}`, text: `${local}.${name}` };
  const worked = `${camel(link)}${pascal(name)}Linked`;
  const there = read({ ...scope, entity: target, record: local }, name);
  return { lines: [line, `  const ${worked} = ${local} && ${there};`], maybe: worked, text: worked };
}

/** A value is worked out once, as it may take going through other records. */
function ownCode(scope: Scope, name: string): OperandCode {
  if (scope.entity.fields.some((field) => field.name === name)) return plain(`${scope.record}.${name}`);
  const worked = `${namesOf(scope.entity).values.get(name) ?? name}Worked`;
  return { lines: [`  const ${worked} = ${read(scope, name)};`], maybe: worked, text: worked };
}

/** The lines of several operands, each of them once. */
export const linesOf = (operands: readonly OperandCode[]): string[] => [...new Set(operands.flatMap(({ lines }) => lines))];

/** What kind of thing an operand is; undefined for one that is missing. */
export function operandType({ schema, entity }: Scope, operand: number | string): Field['type'] | undefined {
  if (typeof operand === 'number') return 'number';
  return operand === 'today' ? 'date' : operandKind(schema, entity, operand);
}

/** The field of the record itself that an operand hangs on: its own name, or the link to where it is. */
export const ownFieldOf = (operand: string): string => linkedParts(operand)?.link ?? operand;
