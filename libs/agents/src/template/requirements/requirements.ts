import type { Computed, Condition, DatabaseSchema, Entity, Field } from '#contracts';
import { typeOfWord, typeWord } from '../language/field-words.js';
import { ensureEntity, findEntity, findField, putComputed, putField, remember } from '../language/draft.js';
import type { Draft } from '../language/draft.js';
import { article, capital, isPlural, lowerWords, plural, singular, snake } from '../language/words.js';

/*
 * The controlled English of requirements. What is written here is read back word by word, so a person can correct a
 * specification by changing, adding or removing sentences:
 *
 *   The app is called "Book club".
 *   The app keeps a list of books.
 *   A book has a title (text, required).
 *   A book has a genre (one of: novel, poetry).
 *   A loan has a borrower (link to a member, required).
 *   The list "Overdue loans" shows the loans where the due date is before today and the return date is empty.
 *   The total "Hours per project" adds up the hours of all time entries per project.
 *   The average "Rating" is the average rating of all books.   The number "Loans per member" counts all loans per borrower.
 *   Nobody needs to sign in.   People sign in with an e-mail address and a password.
 */

/** A model as requirement sentences. */
export function writeRequirements(schema: DatabaseSchema): string[] {
  return [
    `The app is called "${schema.title}".`,
    ...schema.entities.map(
      (entity) =>
        `The app keeps a list of ${entity.label_plural}${plural(entity.label) === entity.label_plural && singular(entity.label_plural) === entity.label ? '' : ` (each one ${article(entity.label)})`}.`,
    ),
    ...schema.entities.flatMap((entity) => entity.fields.map((field) => writeField(schema, entity, field))),
    ...schema.computed.map((computed) => writeComputed(schema, computed)),
    schema.auth.sign_in ? 'People sign in with an e-mail address and a password.' : 'Nobody needs to sign in.',
  ];
}

const labelOf = (schema: DatabaseSchema, name: string | null): string =>
  schema.entities.find((entity) => entity.name === name)?.label ?? String(name);

/** A field as the words in the parentheses: `text, required`. */
export function describeType(schema: DatabaseSchema, field: Field): string {
  const rules = `${field.required ? ', required' : ''}${field.unique ? ', unique' : ''}`;
  if (field.type === 'choice') return `one of: ${field.choices.join(', ')}${rules.replaceAll(',', ';')}`;
  if (field.type === 'reference') return `link to ${article(labelOf(schema, field.target))}${rules}`;
  if (field.type === 'references') return `links to several ${plural(labelOf(schema, field.target))}${rules}`;
  return `${typeWord(field.type)}${rules}`;
}

/** `an author`, `notes`, `how often`. */
export const withArticle = (label: string): string => (isPlural(label) || /^(how|what|who|when|where|which) /.test(label) ? label : article(label));

export const writeField = (schema: DatabaseSchema, entity: Entity, field: Field): string =>
  `${capital(article(entity.label))} has ${withArticle(field.label)} (${describeType(schema, field)}).`;

function writeComputed(schema: DatabaseSchema, computed: Computed): string {
  const entity = schema.entities.find((one) => one.name === computed.entity);
  const label = (name: string | null): string => entity?.fields.find((field) => field.name === name)?.label ?? String(name);
  const many = entity?.label_plural ?? computed.entity;
  const per = computed.kind !== 'list' && computed.by !== null ? ` per ${label(computed.by)}` : '';
  if (computed.kind === 'list')
    return `The list "${computed.label}" shows the ${many} where ${computed.conditions.map((one) => writeCondition(one, label, entity)).join(' and ')}.`;
  if (computed.kind === 'count') return `The number "${computed.label}" counts all ${many}${per}.`;
  if (computed.kind === 'sum') return `The total "${computed.label}" adds up the ${label(computed.field)} of all ${many}${per}.`;
  return `The average "${computed.label}" is the average ${label(computed.field)} of all ${many}${per}.`;
}

export function writeCondition({ field, operator, value }: Condition, label: (name: string | null) => string, entity: Entity | undefined): string {
  const what = `the ${label(field)}`;
  const limit = entity?.fields.some((one) => one.name === value) ? `the ${label(value)}` : String(value);
  const words: Record<Condition['operator'], string> = {
    is_empty: 'is empty',
    is_not_empty: 'is not empty',
    is: `is "${String(value)}"`,
    is_not: `is not "${String(value)}"`,
    before_today: 'is before today',
    today_or_later: 'is today or later',
    within_days: `is within the next ${String(value)} days`,
    below: `is below ${limit}`,
    above: `is above ${limit}`,
  };
  return `${what} ${words[operator]}`;
}

const TITLE = /^The app is called "(.+)"\.?$/i;
const KEEPS = /^The app keeps a list of ([^()]+?)(?: \(each one an? ([^()]+)\))?\.?$/i;
const HAS = /^(?:An?|Each|Every) (.+?) has (?:an? )?([^()]+?) \((.+)\)\.?$/i;
const LIST = /^The list "(.+?)" shows the (.+?) where (.+?)\.?$/i;
const TOTAL = /^The total "(.+?)" adds up the (.+?) of all (.+?)(?: per (.+?))?\.?$/i;
const AVERAGE = /^The average "(.+?)" is the average (.+?) of all (.+?)(?: per (.+?))?\.?$/i;
const NUMBER = /^The number "(.+?)" counts all (.+?)(?: per (.+?))?\.?$/i;

/** A name that a list or a field can have. */
const isLabel = (words: string): boolean => /[a-z]/i.test(words) && words.length <= 60;

/** Reads the sentence that opens a list of records; all of these are read before anything refers to them. */
export function readKeeps(draft: Draft, line: string): boolean {
  const match = KEEPS.exec(line);
  if (!match) return false;
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
  if (/^(Nobody|No one) needs to sign in\.?$/i.test(line)) return setSignIn(draft, false);
  if (/^People sign in with an e-mail address and a password\.?$/i.test(line)) return setSignIn(draft, true);
  return readHas(draft, line) || readComputedSentence(draft, line);
}

export function setSignIn(draft: Draft, wanted: boolean): true {
  draft.schema.auth.sign_in = wanted;
  draft.signInSaid = true;
  remember(draft, 'sign_in');
  return true;
}

function readHas(draft: Draft, line: string): boolean {
  const [, noun, label, words] = HAS.exec(line) ?? [];
  if (!noun || !label || !words || /,| and /.test(label) || !isLabel(label)) return false;
  const entity = findEntity(draft, noun);
  if (!entity) return false;
  const wish = readTypeWords(draft, words);
  if (!wish) return false;
  const field = putField(draft, entity, { required: false, unique: false, ...wish, label: lowerWords(label.trim()) });
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
export function readTypeWords(draft: Draft, words: string): TypeWords | undefined {
  const wish: TypeWords = {};
  let rest = words;
  const choice = /^(?:choice: |choice of |one of:? |either )([^;]+)(?:;|$)/i.exec(words.trim());
  if (choice) {
    wish.type = 'choice';
    const values = (choice[1] ?? '').split(',').map((one) => one.trim());
    const rules = values.filter((one) => isRule(one));
    wish.choices = [...new Set(values.filter((one) => one !== '' && !isRule(one)))];
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

function readComputedSentence(draft: Draft, line: string): boolean {
  const list = LIST.exec(line);
  if (list) return readList(draft, list[1] ?? '', list[2] ?? '', list[3] ?? '');
  const [kind, match] = TOTAL.test(line)
    ? (['sum', TOTAL.exec(line)] as const)
    : AVERAGE.test(line)
      ? (['average', AVERAGE.exec(line)] as const)
      : (['count', NUMBER.exec(line)] as const);
  if (!match) return false;
  const [label = '', ...rest] = match.slice(1) as (string | undefined)[];
  const [fieldWords, many, by] = kind === 'count' ? [undefined, rest[0], rest[1]] : [rest[0], rest[1], rest[2]];
  const entity = findEntity(draft, many ?? '');
  const group = entity && by !== undefined ? findField(entity, by) : undefined;
  const field = entity && fieldWords !== undefined ? findField(entity, fieldWords) : undefined;
  if (!entity || (by !== undefined && !group) || (kind !== 'count' && !field)) return false;
  const base = { name: snake(label), label, entity: entity.name, by: group?.name ?? null };
  if (kind === 'count') putComputed(draft, { kind, ...base });
  else if (field) putComputed(draft, { kind, ...base, field: field.name });
  return true;
}

function readList(draft: Draft, label: string, many: string, conditions: string): boolean {
  const entity = findEntity(draft, many);
  if (!entity) return false;
  const read = conditions.split(/ and (?=the .+? is )/i).map((one) => readCondition(entity, one.trim()));
  if (read.some((one) => one === undefined)) return false;
  putComputed(draft, { kind: 'list', name: snake(label), label, entity: entity.name, conditions: read.filter((one) => one !== undefined) });
  return true;
}

function readCondition(entity: Entity, words: string): Condition | undefined {
  const [, label, test = ''] = /^(?:the )?(.+?) is (.+)$/i.exec(words) ?? [];
  const field = label === undefined ? undefined : findField(entity, label);
  if (!field) return undefined;
  const make = (operator: Condition['operator'], value: string | null = null): Condition => ({ field: field.name, operator, value });
  if (test === 'empty') return make('is_empty');
  if (test === 'not empty') return make('is_not_empty');
  if (/^(before today|in the past)$/.test(test)) return make('before_today');
  if (/^(today or later|in the future)$/.test(test)) return make('today_or_later');
  const days = /^within (?:the next )?(\d{1,4}) days$/.exec(test);
  if (days) return make('within_days', days[1]);
  const limit = /^(below|above) (.+)$/.exec(test);
  if (limit) {
    const other = findField(entity, (limit[2] ?? '').replace(/^the /, ''));
    return make(limit[1] === 'below' ? 'below' : 'above', other?.name ?? limit[2] ?? '');
  }
  const value = /^(not )?"?([^"]+)"?$/.exec(test);
  return value ? make(value[1] ? 'is_not' : 'is', value[2] ?? '') : undefined;
}
