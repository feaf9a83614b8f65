import type { Action, Computed, ComputedWish, DatabaseSchema, Entity, Field } from '#contracts';
import { NEVER_UNIQUE, RESERVED_FIELDS, RESERVED_PATHS, addressOf, computedSchema } from '#contracts';
import { guessType } from './field-words.js';
import { isPerson } from './lexicon.js';
import { remembered } from './remembered.js';
import { dropUses } from './uses.js';
import { lowerWords, plural, singular, snake } from './words.js';

/** One thing that is said about what a role may do. */
export interface Duty {
  readonly role: string;
  readonly actions: readonly Action[];
  /** Names of lists; null: all of them. */
  readonly entities: readonly string[] | null;
  /** `alone`: nobody else may; `never`: they may not; `own`: only with what is theirs; `may`: they may. */
  readonly kind: 'alone' | 'never' | 'own' | 'may' | 'everything';
  readonly sentence: string;
}

/** Two sentences that cannot both hold. */
export interface Contradiction {
  /** What it is about: asked once. */
  readonly about: string;
  /** As they were written; the second stands until the person says otherwise. */
  readonly sentences: readonly [string, string];
  readonly question: string;
  readonly proposal: string;
  /** Regular expressions for what an answer says when it chooses the first or the second sentence. */
  readonly sides: readonly [string, string];
  /** Words by which an answer is known to be about this. */
  readonly words: readonly string[];
}

/** A model in the making: what was understood so far, where it came from, and what could not be taken. */
export interface Draft {
  readonly schema: DatabaseSchema;
  /** What was not said and is therefore proposed, one sentence each. */
  readonly assumptions: string[];
  /** What cannot be built, with the reason. */
  readonly outOfScope: string[];
  /** What was said and not understood. */
  readonly unclear: string[];
  /** Entities whose fields the person named. */
  readonly described: Set<string>;
  /** The sentence that an entity, field, computed list or `sign_in` comes from. */
  readonly sources: Map<string, string>;
  /** Fields (`entity.field`) that were proposed, not said. */
  readonly assumedFields: Set<string>;
  /** Pairs (`a:b`) of entities of which each has many of the other. */
  readonly mutual: Set<string>;
  /** Fields (`entity.field`) of which the person said that they may be empty. */
  readonly optional: Set<string>;
  /** What the person said is wrong and has to stay away. */
  readonly refused: Set<string>;
  /** Sentences that set a rule, a state, a value or a right, or asked for a list, a total or a feature. */
  readonly understood: Set<string>;
  /** What was said about roles and is not yet in the permissions. */
  readonly duties: Duty[];
  /** Sentences that cannot both hold. */
  readonly contradictions: Contradiction[];
  /** True where the words are a specification: nothing is proposed for lists that have fields. */
  exact: boolean;
  titleSaid: boolean;
  signInSaid: boolean;
  /** The entity that "it" means. */
  last: Entity | null;
  /** All that was said in the beginning. */
  context: string;
  /** The sentence being read. */
  sentence: string;
}

export function newDraft(schema?: DatabaseSchema): Draft {
  return {
    schema: schema
      ? structuredClone(schema)
      : { title: 'Records', entities: [], computed: [], auth: { sign_in: false, roles: [], permissions: [] }, not_included: [] },
    assumptions: [],
    outOfScope: [],
    unclear: [],
    contradictions: [],
    described: new Set(schema?.entities.map((entity) => entity.name)),
    sources: new Map(),
    assumedFields: new Set(),
    mutual: new Set(),
    optional: new Set(),
    context: '',
    refused: new Set(),
    understood: new Set(),
    duties: [],
    exact: schema !== undefined,
    titleSaid: schema !== undefined,
    signInSaid: schema !== undefined,
    last: null,
    sentence: '',
  };
}

const plain = remembered(5_000, (text: string) => snake(singular(lowerWords(text))));

/** The entity that a noun means, in singular or plural. */
export function findEntity(draft: Draft, noun: string): Entity | undefined {
  const wanted = plain(noun);
  return draft.schema.entities.find((entity) => entity.name === wanted || plain(entity.label_plural) === wanted || plain(entity.label) === wanted);
}

/** The list a noun means loosely: "approved applications" are applications, "games" the board games, where there are no other games. */
export function meantEntity(draft: Draft, noun: string): Entity | undefined {
  const known = findEntity(draft, noun);
  const some = known
    ? undefined
    : /^(?:(?!un)[a-z]{4,}ed|new|old|open|finished|sold|big|small|large|used|current|active) ([a-z]+(?: [a-z]+)?)$/i.exec(noun)?.[1];
  if (some !== undefined) return findEntity(draft, some);
  if (known || noun.includes(' ')) return known;
  const longer = draft.schema.entities.filter(
    (entity) =>
      !/^(?:used|sold|found|lent|given|received|made|bought|donated|ordered|issued) /.test(entity.label) &&
      entity.label.endsWith(` ${singular(noun.toLowerCase())}`),
  );
  return longer.length === 1 ? longer[0] : undefined;
}

/** The field that some words mean; `due date` is also found by `due`. */
export function findField(entity: Entity, words: string): Field | undefined {
  const wanted = snake(words);
  return (
    entity.fields.find((field) => field.name === wanted || snake(field.label) === wanted) ??
    entity.fields.find((field) => snake(singular(field.label)) === snake(singular(words))) ??
    entity.fields.find((field) => field.name.startsWith(`${wanted}_`) || field.name.endsWith(`_${wanted}`))
  );
}

/** The entity of this noun, made where there is none. */
export function ensureEntity(draft: Draft, noun: string, pluralForm?: string): Entity {
  const known = findEntity(draft, noun);
  if (known) return known;
  let label = singular(lowerWords(noun)).slice(0, 60).trim();
  if ((RESERVED_PATHS as readonly string[]).includes(addressOf(plural(label)))) label = `${label} record`;
  const entity: Entity = {
    name: snake(label),
    label,
    label_plural: pluralForm ?? plural(label),
    fields: [],
    lifecycle: null,
    rules: [],
    values: [],
    defaults: [],
    order: null,
  };
  draft.schema.entities.push(entity);
  remember(draft, entity.name);
  return entity;
}

export interface FieldWish {
  readonly label: string;
  readonly type?: Field['type'];
  readonly required?: boolean;
  readonly unique?: boolean;
  readonly choices?: readonly string[];
  readonly target?: string;
}

/** Names that the address of a list needs for itself: `?q=words&sort=-name&page=2`. */
const OF_LISTS = ['q', 'sort', 'page', 'page_size'];

/** The label, or another one where its name is taken. */
function freeLabel(entity: Entity, label: string): string {
  const name = snake(label);
  if (name === 'sort') return `sort of ${entity.label}`;
  const taken = OF_LISTS.includes(name) || (RESERVED_FIELDS as readonly string[]).includes(name);
  return taken ? `${label} number`.replace(/^id number$/i, 'reference number') : label;
}

/** Adds a field, or changes the one of that name; what the wish leaves open is guessed from the label. */
export function putField(draft: Draft, entity: Entity, wish: FieldWish): Field {
  const label = freeLabel(entity, wish.label);
  const guess = guessType(label);
  const type = wish.type ?? (wish.choices?.length ? 'choice' : guess.type);
  const known = entity.fields.find((field) => field.name === snake(label));
  const usual = type === 'choice' && guess.choices.length > 0 ? guess.choices : ['yes', 'no'];
  const said = wish.type !== undefined || (wish.choices?.length ?? 0) > 0;
  const mayBeUnique = !NEVER_UNIQUE.includes(type);
  if (known) {
    if (wish.required !== undefined) known.required = wish.required;
    if (wish.unique !== undefined) known.unique = wish.unique && mayBeUnique;
    if (said) Object.assign(known, { type, choices: type === 'choice' ? [...(wish.choices ?? usual)] : [], target: wish.target ?? null });
    return known;
  }
  const field: Field = {
    name: snake(label),
    label,
    type,
    required: wish.required ?? false,
    unique: (wish.unique ?? false) && mayBeUnique,
    choices: type === 'choice' ? [...(wish.choices?.length ? wish.choices : usual)] : [],
    target: wish.target ?? null,
  };
  entity.fields.push(field);
  remember(draft, `${entity.name}.${field.name}`);
  return field;
}

/** Removes an entity with everything that points at it, or a field with the computed lists that use it. */
export function removeEntity(draft: Draft, entity: Entity): void {
  const { schema } = draft;
  schema.entities.splice(schema.entities.indexOf(entity), 1);
  for (const other of schema.entities) for (const field of other.fields.filter((one) => one.target === entity.name)) removeField(draft, other, field);
  schema.computed.splice(0, Infinity, ...schema.computed.filter((computed) => computed.entity !== entity.name));
  dropUses(schema, entity.name);
  draft.refused.add(entity.name);
}

export function removeField(draft: Draft, entity: Entity, field: Field): void {
  entity.fields.splice(entity.fields.indexOf(field), 1);
  dropUses(draft.schema, entity.name, field.name);
  draft.refused.add(`${entity.name}.${field.name}`);
}

/** True where two work out the same under different names. */
const sameBut = (one: Computed, other: Computed): boolean => {
  const bare = (computed: Computed): string => JSON.stringify({ ...computed, name: '', label: '' });
  return bare(one) === bare(other);
};

/** Adds a computed list or total unless it is there already, under this name or another. */
export function putComputed(draft: Draft, wish: ComputedWish): void {
  const computed = computedSchema.parse(wish);
  if (!draft.exact && draft.schema.computed.some((one) => one.name !== computed.name && sameBut(one, computed))) return;
  const known = draft.schema.computed.findIndex((one) => one.name === computed.name);
  if (known >= 0) draft.schema.computed[known] = computed;
  else draft.schema.computed.push(computed);
  remember(draft, `computed.${computed.name}`);
}

export function remember(draft: Draft, key: string): void {
  if (draft.sentence !== '' && !draft.sources.has(key)) draft.sources.set(key, draft.sentence.slice(0, 2_000));
}

export const peopleOf = (draft: Draft): Entity[] => draft.schema.entities.filter((entity) => isPerson(entity.label));
