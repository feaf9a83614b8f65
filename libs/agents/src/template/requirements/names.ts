import { linkedParts, operandIn } from '#contracts';
import type { DatabaseSchema, Entity, Field, RecordValue } from '#contracts';
import { findEntity, findField } from '../language/draft.js';
import type { Draft } from '../language/draft.js';
import { article, isPlural, snake } from '../language/words.js';

/*
 * Names inside the sentences of controlled English. A name that holds a word with which sentences are built stands in
 * quotation marks: the "terms and conditions" of a contract.
 */

const BUILDING =
  /\b(?:an?|the|and|or|per|from|to|as|its|their|all|is|are|has|where|must|may|cannot|needs?|goes|takes|than|times|plus|minus|divided|between|worked|today|only|sorted|at (?:most|least))\b/i;
const PLAIN = /^\p{L}[\p{L}\p{N}'&/_-]*(?: [\p{L}\p{N}'&/_-]+)*$/u;

/** A text in quotation marks; marks inside it are escaped. */
export const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** A label as it stands in a sentence. */
export const nameOf = (label: string): string => (PLAIN.test(label) && !BUILDING.test(label) ? label : quoted(label));

/** `a book`, `an hour`, `an "idea to keep"`. */
export const oneOf = (label: string): string => `${article(label).slice(0, -label.length)}${nameOf(label)}`;

/** `a reason`, but `notes`. */
export const someOf = (label: string): string => (isPlural(label) ? nameOf(label) : oneOf(label));

/** `as borrower`, `a manager or a clerk`: roles, of which some words are plural already ("staff"). */
export const rolesOf = (labels: readonly string[]): string => {
  const all = labels.map(someOf);
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} or ${all.at(-1) ?? ''}`;
};

/** `"a", "b" or "c"`. */
export const valuesOf = (values: readonly string[], word = 'or'): string => {
  const all = values.map(quoted);
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} ${word} ${all.at(-1) ?? ''}`;
};

/** A sentence whose quoted parts are put aside, so that no word inside them is taken for a word of the sentence. */
export class Sentence {
  /** The sentence, with `"0"`, `"1"` in place of what stood in quotation marks. */
  readonly text: string;
  private readonly parts: string[] = [];

  constructor(line: string) {
    this.text = line
      .trim()
      .replace(/"((?:[^"\\]|\\.)*)"/g, (_, inside: string) => `"${this.parts.push(inside.replace(/\\(.)/g, '$1')) - 1}"`)
      .replace(/\.$/, '');
  }

  /** What some words of `text` stand for. */
  say(words: string | undefined): string {
    const part = /^"(\d+)"$/.exec((words ?? '').trim());
    return part ? (this.parts[Number(part[1])] ?? '') : (words ?? '').trim();
  }

  /** True where the words stood in quotation marks. */
  isQuoted(words: string | undefined): boolean {
    return /^"\d+"$/.test((words ?? '').trim());
  }

  /** The words with what stood in quotation marks put back. */
  restore(words: string): string {
    return words.replace(/"(\d+)"/g, (_, index: string) => quoted(this.parts[Number(index)] ?? ''));
  }

  /** Items of `a, b and c`, each without its article. */
  items(words: string | undefined): string[] {
    return (words ?? '')
      .split(/\s*,\s*(?:(?:and|or)\s+)?|\s+(?:and|or)\s+/i)
      .map((one) => this.say(one.replace(/^(?:an?|the)\s+/i, '')))
      .filter((one) => one !== '');
  }
}

export const entityNamed = (draft: Draft, sentence: Sentence, words: string | undefined): Entity | undefined =>
  findEntity(draft, sentence.say(words?.replace(/^(?:the|all|an?|each|every) /i, '')));

/** The field that the words name exactly or nearly. */
export const fieldNamed = (entity: Entity, sentence: Sentence, words: string | undefined): Field | undefined =>
  findField(entity, sentence.say(words?.replace(/^(?:the|its|their|an?) /i, '')));

/** The name of the field or worked-out value that the words mean. */
export function memberNamed(entity: Entity, sentence: Sentence, words: string | undefined): string | undefined {
  const said = sentence.say(words?.replace(/^(?:the|its|their|an?) /i, ''));
  const wanted = snake(said);
  const exact = [...entity.fields, ...entity.values].find((one) => one.name === wanted || snake(one.label) === wanted);
  return exact?.name ?? (said === '' ? undefined : findField(entity, said)?.name);
}

/** The label of a field or worked-out value, as it stands in a sentence. */
export const memberLabel = (entity: Entity | undefined, name: string): string =>
  nameOf([...(entity?.fields ?? []), ...(entity?.values ?? [])].find((one) => one.name === name)?.label ?? name);

type Entities = Pick<DatabaseSchema, 'entities'>;

const plainly = (label: string): string => label;

/** `due date`, `length of its berth`: an operand in words; `say` puts a label into them. */
export function operandWords(schema: Entities, entity: Entity, operand: string, say: (label: string) => string = plainly): string {
  const label = (owner: Entity | undefined, name: string): string =>
    say([...(owner?.fields ?? []), ...(owner?.values ?? [])].find((one) => one.name === name)?.label ?? name);
  const linked = linkedParts(operand);
  if (!linked) return label(entity, operand);
  return `${label(operandIn(schema, entity, operand)?.entity, linked.name)} of its ${label(entity, linked.link)}`;
}

/** An operand as it stands in a sentence of controlled English. */
export const operandLabel = (schema: Entities, entity: Entity, operand: string): string => operandWords(schema, entity, operand, nameOf);

/** The operand that the words mean: `the length of its berth`, or a field or worked-out value of the record itself. */
export function operandNamed({ entities }: Entities, entity: Entity, sentence: Sentence, words: string | undefined): string | undefined {
  const [, what, by] = /^(.+) of (?:its|their|the) (.+)$/i.exec(words ?? '') ?? [];
  const link = by === undefined ? undefined : fieldNamed(entity, sentence, by);
  const target = link?.type === 'reference' ? entities.find((one) => one.name === link.target) : undefined;
  const name = target && memberNamed(target, sentence, what);
  return link && name !== undefined ? `${link.name}.${name}` : memberNamed(entity, sentence, words);
}

type Shift = Extract<RecordValue, { kind: 'shift' }>;

/** `14 days`, `1 month`, `the loan period in days`: by how much a day is shifted. */
export function amountWords({ amount, unit }: Pick<Shift, 'amount' | 'unit'>, name: (operand: string) => string): string {
  if (typeof amount === 'string') return `${name(amount)} in ${unit}`;
  return `${amount} ${amount === 1 ? unit.slice(0, -1) : unit}`;
}

/** `highest`, of days `latest`; null for values that put several numbers together. */
export function extremeWord({ function: which, type }: Pick<Extract<RecordValue, { kind: 'rollup' }>, 'function' | 'type'>): string | null {
  if (which !== 'highest' && which !== 'lowest') return null;
  return type === 'date' ? { highest: 'latest', lowest: 'earliest' }[which] : which;
}
