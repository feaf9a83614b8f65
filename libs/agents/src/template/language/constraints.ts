import type { Entity, Field } from '#contracts';
import { NEVER_UNIQUE } from '#contracts';
import type { Passage } from './document.js';
import { findEntity, findField, remember } from './draft.js';
import type { Draft } from './draft.js';
import { nounPhrase } from './sentences.js';
import { splitList } from './words.js';

/*
 * What sentences of their own say about fields: "no two animals with the same chip", "what is always known is the plot",
 * "the birth date may be missing".
 */

const NO_TWO =
  /\bno two ([a-z][a-z -]*?) (?:(?:may|can|should|must|are allowed to|ever) )?(?:have|has|share|with|get|carry|use) (?:the )?(?:same|an?|identical) ([a-z][a-z' -]*)/i;
const OWN = /\b(?:each|every one|all) (?:with|has|have) (?:its|their|his|her) own (?:unique )?([a-z][a-z -]*?)(?=$|,| and\b)/i;
const NOT_TWICE =
  /^(?:the |an? |each |every |our )?([a-z][a-z' -]*?) (?:(?:of|for) (?:an? |the |each |every )?([a-z -]+?) )?(?:is |are |may |can |must |should |will |has to |have to )+(?:be )?(?:never |not |only )?(?:unique|used twice|used once|be used twice|repeated|reused|given twice|the same|occur twice|duplicated|different)\b/i;
const SEVERAL = /,| and |\btogether\b|\bcombination\b/i;
const ALWAYS = /^(?:what (?:is|we) always (?:known|know|have|there)(?: is)?|always known (?:is|are)|we always (?:know|have|need)) (.+)$/i;
const MUST_HAVE =
  /^(?:an? |every |each |all )?([a-z][a-z -]*?) (?:must|needs to|has to|have to) (?:always )?have (?:an? |its |their )?([a-z][a-z -]*)$/i;
const MISSING =
  /^(?:(?:the |an? )?([a-z][a-z' -]*?) (?:(?:of|for) (?:an? |the )?([a-z -]+?) )?(?:(?:is|are) (?:optional|not (?:always )?(?:known|required|mandatory|needed))|(?:may|can|might) (?:also )?(?:be )?(?:missing|empty|blank|unknown|left out|left empty|not be known)))/i;
const NOT_YET = /\b(?:it is possible that|sometimes|maybe|at first) (?:an? |the )?([a-z]+) (?:has|have) (?:not yet|no) (?:an? )?([a-z -]+)$/i;

/** Reads one statement for what it says about fields that are known. */
export function readConstraint(draft: Draft, { text, topic }: Passage): void {
  const noTwo = NO_TWO.exec(text);
  if (noTwo && !SEVERAL.test(noTwo[2] ?? '')) mark(draft, noTwo[2] ?? '', noTwo[1], 'unique');
  const lacking = /\b(?:may|can|might) have (?:none|no [a-z]+)\b/i.test(text);
  if (noTwo && lacking) mark(draft, noTwo[2] ?? '', noTwo[1], 'optional');
  const own = OWN.exec(text)?.[1];
  if (own !== undefined && /\b(?:no two|unique|different)\b/i.test(text)) mark(draft, own, topic ?? undefined, 'unique');
  const twice = NOT_TWICE.exec(text);
  if (twice && !SEVERAL.test(twice[1] ?? '') && /never|not|unique|different|once/i.test(twice[0]))
    mark(draft, twice[1] ?? '', twice[2] ?? topic ?? undefined, 'unique');
  const always = ALWAYS.exec(text)?.[1];
  if (always !== undefined) for (const words of splitList(always)) for (const place of everyPlace(draft, words)) setRequired(draft, place, true);
  const must = MUST_HAVE.exec(text);
  if (must && findEntity(draft, must[1] ?? '')) for (const words of splitList(must[2] ?? '')) mark(draft, words, must[1], 'required');
  const missing = MISSING.exec(text);
  if (missing) for (const words of splitList(missing[1] ?? '')) mark(draft, words, missing[2] ?? topic ?? undefined, 'optional');
  const notYet = NOT_YET.exec(text);
  if (notYet && findEntity(draft, notYet[1] ?? '')) mark(draft, notYet[2] ?? '', notYet[1], 'optional');
}

/** "a child can only be in a class of their own level": the level of a class has the values that the level of a child has. */
export function shareChoices(draft: Draft): void {
  const fields = draft.schema.entities.flatMap((entity) => entity.fields);
  for (const field of fields.filter((one) => one.type === 'text' && !/^(?:name|title|type|kind|status|condition|size|category)$/.test(one.label))) {
    const like = fields.find((one) => one.label === field.label && one.type === 'choice');
    if (like) Object.assign(field, { type: 'choice', choices: [...like.choices], unique: false });
  }
}

interface FieldPlace {
  readonly entity: Entity;
  readonly field: Field;
}

const found = (entity: Entity, words: string): FieldPlace[] => {
  const phrase = nounPhrase(words, 4);
  const field =
    phrase === null
      ? undefined
      : (findField(entity, phrase) ??
        entity.fields.find((one) => phrase.length >= 4 && one.target === null && one.label.split(' ')[0]?.endsWith(phrase)));
  return field ? [{ entity, field }] : [];
};

const everyPlace = (draft: Draft, words: string): FieldPlace[] => draft.schema.entities.flatMap((entity) => found(entity, words));

function mark(draft: Draft, words: string, owner: string | undefined, what: 'unique' | 'required' | 'optional'): void {
  const named = owner === undefined ? undefined : findEntity(draft, owner);
  const place = (named ? found(named, words) : [...(draft.last ? found(draft.last, words) : []), ...everyPlace(draft, words)])[0];
  if (!place) return;
  if (what !== 'unique') return setRequired(draft, place, what === 'required');
  if (NEVER_UNIQUE.includes(place.field.type)) return;
  place.field.unique = true;
  remember(draft, `${place.entity.name}.${place.field.name}`);
}

function setRequired(draft: Draft, { entity, field }: FieldPlace, required: boolean): void {
  field.required = required;
  if (!required) draft.optional.add(`${entity.name}.${field.name}`);
  remember(draft, `${entity.name}.${field.name}`);
}
