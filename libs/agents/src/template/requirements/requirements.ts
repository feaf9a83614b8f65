import type { DatabaseSchema, Entity, Field } from '#contracts';
import { typeOfWord, typeWord } from '../language/field-words.js';
import { ensureEntity, findEntity, putField } from '../language/draft.js';
import type { Draft } from '../language/draft.js';
import { article, isPlural, lowerWords, plural, singular } from '../language/words.js';
import { Sentence, oneOf, quoted } from './names.js';
import { readAccessSentence, readRoles, writeAccess, writePermissions } from './written-access.js';
import { readComputedSentence, writeComputed, writeListOrder } from './written-computed.js';
import { readRuleSentence, writeRule } from './written-rules.js';
import { readStateSentence, writeDefaults, writeLifecycle } from './written-states.js';
import { readValueSentence, writeValue } from './written-values.js';

/*
 * The controlled English of requirements. What is written here is read back word by word, so a person can correct a
 * specification by changing, adding or removing sentences:
 *
 *   The app is called "Book club".
 *   The app keeps a list of books.
 *   A book has a title (text, required).
 *   A book has a genre (one of: novel, poetry).
 *   A loan has a borrower (link to a member, required).
 *
 * States, rules, worked-out values, lists and totals, and who may do what: see the `written-*` files beside this one.
 */

export { writeCondition } from './conditions.js';
export { setSignIn } from './written-access.js';

/** A model as requirement sentences. */
export function writeRequirements(schema: DatabaseSchema): string[] {
  return [
    `The app is called "${schema.title}".`,
    ...schema.entities.map(
      (entity) =>
        `The app keeps a list of ${entity.label_plural}${plural(entity.label) === entity.label_plural && singular(entity.label_plural) === entity.label ? '' : ` (each one ${article(entity.label)})`}.`,
    ),
    ...schema.entities.flatMap((entity) => entity.fields.map((field) => writeField(schema, entity, field))),
    ...writeBehaviour(schema),
    ...schema.computed.map((computed) => writeComputed(schema, computed)),
    ...writeAccess(schema),
    ...writePermissions(schema),
  ];
}

/** What the records of an app do beyond being kept: states, rules, worked-out values and the order of lists. */
export const writeBehaviour = (schema: DatabaseSchema): string[] => [
  ...schema.entities.flatMap((entity) => writeLifecycle(schema, entity)),
  ...schema.entities.flatMap((entity) => writeDefaults(entity)),
  ...schema.entities.flatMap((entity) => entity.values.map((value) => writeValue(schema, entity, value))),
  ...schema.entities.flatMap((entity) => entity.rules.map((rule) => writeRule(schema, entity, rule))),
  ...schema.entities.flatMap((entity) => writeListOrder(entity)),
];

const labelOf = (schema: DatabaseSchema, name: string | null): string =>
  schema.entities.find((entity) => entity.name === name)?.label ?? String(name);

/** A field as the words in the parentheses: `text, required`. */
export function describeType(schema: DatabaseSchema, field: Field): string {
  const rules = `${field.required ? ', required' : ''}${field.unique ? ', unique' : ''}`;
  if (field.type === 'choice') return `one of: ${field.choices.map(choiceOf).join(', ')}${rules.replaceAll(',', ';')}`;
  if (field.type === 'reference') return `link to ${article(labelOf(schema, field.target))}${rules}`;
  if (field.type === 'references') return `links to several ${plural(labelOf(schema, field.target))}${rules}`;
  return `${typeWord(field.type)}${rules}`;
}

/** A choice; in quotation marks where it could be taken for more than one, or for a rule. */
const choiceOf = (choice: string): string => (/[",;()\\]|^\s|\s$/.test(choice) || isRule(choice) ? quoted(choice) : choice);

/** `an author`, `notes`, `how often`; in quotation marks where the words could be taken for something else. */
export const withArticle = (label: string): string => {
  const plain = isPlural(label) || /^(how|what|who|when|where|which) /.test(label) ? label : article(label);
  const odd = /[",()\\]| and | has |^an? /i.test(label) || lowerWords(label) !== label;
  return odd ? `${plain.slice(0, -label.length)}${quoted(label)}` : plain;
};

export const writeField = (schema: DatabaseSchema, entity: Entity, field: Field): string =>
  `${capitalArticle(entity.label)} has ${withArticle(field.label)} (${describeType(schema, field)}).`;

const capitalArticle = (label: string): string => {
  const words = / has | and /i.test(label) ? oneOf(label) : article(label);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const TITLE = /^The app is called "(.+)"\.?$/i;
const KEEPS = /^The app keeps a list of ([^()]+?)(?: \(each one an? ([^()]+)\))?\.?$/i;
const HAS = /^(?:An?|Each|Every) (.+?) has (?:an? )?([^()]+?) \((.+)\)$/i;

/** A name that a list or a field can have. */
const isLabel = (words: string): boolean => /[a-z]/i.test(words) && words.length <= 60;

/** Reads the sentence that opens a list of records, or names the roles; all of these are read before anything refers to them. */
export function readKeeps(draft: Draft, line: string): boolean {
  const match = KEEPS.exec(line);
  if (!match) return readRoles(draft, new Sentence(line));
  const many = lowerWords(match[1] ?? '');
  if (!isLabel(many) || (match[2] !== undefined && !isLabel(match[2]))) return false;
  ensureEntity(draft, match[2] ?? many, match[2] ? many : undefined);
  return true;
}

/** Reads one controlled sentence into the draft; false where it is none. */
export function readRequirement(draft: Draft, line: string): boolean {
  if (readKeeps(draft, line)) return true;
  const title = TITLE.exec(line);
  if (title) {
    draft.schema.title = (title[1] ?? '').trim().slice(0, 120).trim() || draft.schema.title;
    draft.titleSaid = true;
    return true;
  }
  const sentence = new Sentence(line);
  return (
    readAccessSentence(draft, sentence) ||
    readHas(draft, sentence) ||
    readValueSentence(draft, sentence) !== null ||
    readComputedSentence(draft, sentence) ||
    readRuleSentence(draft, sentence) ||
    readStateSentence(draft, sentence)
  );
}

/**
 * Reads the sentences of a specification in the order in which they need each other: lists, fields, worked-out values and
 * then the rest. Answers the lines that are no controlled English.
 */
export function readSpecification(draft: Draft, lines: readonly string[]): string[] {
  const sentences = lines.map((line) => ({ line, sentence: new Sentence(line), read: readKeeps(draft, line.trim()) }));
  const readAll = (reader: (one: (typeof sentences)[number]) => boolean): void => {
    for (const one of sentences.filter(({ read }) => !read)) {
      draft.sentence = one.line;
      one.read = reader(one);
    }
  };
  readAll(({ sentence }) => readHas(draft, sentence));
  const places = new Map<unknown, number>();
  const readValues = (): number => {
    const before = places.size;
    readAll(({ line, sentence }) => {
      const found = readValueSentence(draft, sentence);
      if (found) places.set(found.value, lines.indexOf(line));
      return found !== null;
    });
    return places.size - before;
  };
  while (readValues() > 0);
  for (const { values } of draft.schema.entities) values.sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0));
  readAll(({ line }) => readRequirement(draft, line.trim()));
  return sentences.filter(({ read }) => !read).map(({ line }) => line);
}

function readHas(draft: Draft, sentence: Sentence): boolean {
  const [, noun, label, words] = HAS.exec(sentence.text) ?? [];
  if (!noun || !label || !words || /,| and /.test(label)) return false;
  const name = sentence.isQuoted(label) ? sentence.say(label) : lowerWords(sentence.restore(label).trim());
  const entity = findEntity(draft, sentence.say(noun));
  if (!entity || !isLabel(name)) return false;
  const wish = readTypeWords(draft, words, sentence);
  if (!wish) return false;
  const field = putField(draft, entity, { required: false, unique: false, ...wish, label: name });
  draft.described.add(entity.name);
  draft.last = entity;
  return field !== undefined;
}

export interface TypeWords {
  type?: Field['type'];
  required?: boolean;
  unique?: boolean;
  choices?: string[];
  target?: string;
}

/** Reads `text, required` and the like; undefined where a word is not known. */
export function readTypeWords(draft: Draft, words: string, sentence?: Sentence): TypeWords | undefined {
  const say = (word: string): string => sentence?.say(word) ?? word;
  const wish: TypeWords = {};
  let rest = words;
  const choice = /^(?:choice: |choice of |one of:? |either )([^;]+)(?:;|$)/i.exec(words.trim());
  if (choice) {
    wish.type = 'choice';
    const values = (choice[1] ?? '').split(',').map((one) => one.trim());
    const rules = values.filter((one) => isRule(one));
    wish.choices = [...new Set(values.filter((one) => one !== '' && !isRule(one)).map(say))];
    rest = [...rules, words.trim().slice(choice[0].length)].join(',');
    if (wish.choices.length === 0) return undefined;
  }
  for (const part of rest.split(/[,;]/).map((one) => one.trim().replace(/^and /i, ''))) {
    const link = /^links? to (several |many |an? |the )?(.+)$/i.exec(part);
    const type = typeOfWord(part);
    if (part === '') continue;
    else if (/^(required|mandatory|needed|must|not empty)$/i.test(part)) wish.required = true;
    else if (/^(optional|not required|may be empty)$/i.test(part)) wish.required = false;
    else if (/^unique$/i.test(part)) wish.unique = true;
    else if (/^not unique$/i.test(part)) wish.unique = false;
    else if (link) {
      const target = findEntity(draft, link[2] ?? '');
      if (!target) return undefined;
      wish.type = /several|many/i.test(link[1] ?? '') ? 'references' : 'reference';
      wish.target = target.name;
    } else if (type) wish.type = type;
    else return undefined;
  }
  return wish;
}

const isRule = (word: string): boolean => /^(required|mandatory|optional|unique)$/i.test(word);
