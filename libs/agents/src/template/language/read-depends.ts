import type { Condition, Entity } from '#contracts';
import { putRule, stateField } from './behaviour.js';
import type { Draft } from './draft.js';
import { isPerson } from './lexicon.js';
import { conditionsSaid, dayFor } from './measures.js';
import type { Norm } from './norms.js';
import { participlesOf } from './verbs.js';
import { conditionFor, fieldIn, happeningTo, linksBetween, mentionsOf } from './rule-words.js';
import type { Place } from './rule-words.js';

/*
 * What depends on a state: "a vehicle whose MOT has expired must not be used", "no dose if there is no consent", "an order cannot
 * be confirmed without a deposit".
 */

const things = (draft: Draft, words: string): Entity[] => mentionsOf(draft, words).map((one) => one.entity);

const opposite = (state: Condition): Condition =>
  state.operator === 'is' && (state.value === 'yes' || state.value === 'no')
    ? { ...state, value: state.value === 'yes' ? 'no' : 'yes' }
    : {
        ...state,
        operator:
          ({ is: 'is_not', is_not: 'is', is_empty: 'is_not_empty', is_not_empty: 'is_empty' } as const)[state.operator as 'is'] ?? state.operator,
      };

const RUN_OUT = /\b(?:run(?:s)? out|ran out|expired?|expires|lapsed?|out of date|past due|overdue|is over|has passed)\b/i;

/** What depends on a state: of what the record links to, or of the record itself. */
export function readDepends(draft: Draft, norm: Norm, topic: Entity | null): boolean {
  if (norm.force === 'always' || !norm.verb) return false;
  const relative = /\b(?:that|which|who|whose|with)\b(.+)$/i.exec(norm.text)?.[1];
  const conditions = [
    ...norm.conditions,
    ...(relative === undefined ? [] : [{ marker: 'if', text: `${(norm.subject ?? norm.object)?.text ?? ''} ${relative}` }]),
  ];
  for (const { marker, text } of conditions) {
    const required = /^(?:unless|until|till|without|before)$/.test(marker);
    if (!required && !/^(?:if|when|while|once|whose)$/.test(marker)) continue;
    const state = stateIn(draft, text, norm, topic);
    if (!state) continue;
    const must = required !== (norm.force === 'only') ? state.where : opposite(state.where);
    if (putDepends(draft, norm, state.entity, must, topic)) return true;
  }
  return false;
}

interface State {
  readonly entity: Entity;
  readonly where: Condition;
}

/** The state of a list of which a condition speaks: "its MOT has expired", "it isn't fixed", "a swim test". */
function stateIn(draft: Draft, words: string, norm: Norm, topic: Entity | null): State | undefined {
  const near = [...things(draft, words), ...things(draft, norm.text).reverse(), ...(topic ? [topic] : [])];
  const out = RUN_OUT.exec(words);
  for (const entity of new Set([
    ...near,
    ...near.flatMap((one) => one.fields.flatMap((field) => draft.schema.entities.find((other) => other.name === field.target) ?? [])),
  ])) {
    if (out) {
      const day = dayFor(entity, words, true);
      if (day && /expir|until|valid|due|end|run|permit|insur/i.test(day.label) && (near.includes(entity) || isPerson(entity.label)))
        return { entity, where: { field: day.name, operator: /n't|not\b/i.test(words) ? 'today_or_later' : 'before_today', value: null } };
      continue;
    }
    const rest = mentionsOf(draft, words).reduceRight(
      (text, one) => (one.entity === entity ? `${text.slice(0, one.at)} ${text.slice(one.end)}` : text),
      words,
    );
    const bare = rest
      .replace(/\b(?:it|they|he|she|is|are|has|have|had|been|the|an?|their|its|his|her|'s|'ve|yet|first|already|on|of|that|which)\b/gi, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    const said = conditionsSaid(entity, rest).find(
      (one) => one.operator === 'is' || one.operator === 'is_not' || one.operator === 'is_empty' || one.operator === 'is_not_empty',
    );
    const named = said ?? (bare.length > 2 ? conditionFor(entity, bare) : undefined) ?? filledIn(draft, entity, bare);
    if (named) return { entity, where: named };
  }
  return undefined;
}

/** "without a deposit", "unless they have a phone number": a field that is filled in. */
function filledIn(draft: Draft, entity: Entity, words: string): Condition | undefined {
  if (words.length < 3 || words.split(' ').length > 4 || /\b(?:different|another|other|own|same|more|less|than|over|for|rests?|left)\b/i.test(words))
    return undefined;
  const place: Place | undefined = fieldIn({ ...draft, schema: { ...draft.schema, entities: [entity] } }, words, [entity]);
  if (!place || !('required' in place.field) || place.field.target !== null) return undefined;
  return place.field.type === 'boolean'
    ? { field: place.field.name, operator: 'is', value: 'yes' }
    : { field: place.field.name, operator: 'is_not_empty', value: null };
}

function putDepends(draft: Draft, norm: Norm, entity: Entity, must: Condition, topic: Entity | null): boolean {
  const verb = norm.verb?.lemma ?? '';
  if (/^(?:change|edit|alter|amend|delete|remove|modify|touch|update)$/.test(verb)) {
    const actions: ('change' | 'delete')[] = /^(?:delete|remove)$/.test(verb) ? ['delete'] : ['change'];
    putRule(draft, entity, { kind: 'locked_when', where: [opposite(must)], actions });
    return true;
  }
  const reached = stateField(entity)?.choices.find((choice) =>
    [norm.verb?.text ?? '', ...participlesOf(verb)].some((form) => form.toLowerCase() === choice.toLowerCase()),
  );
  if (reached !== undefined) {
    const field = stateField(entity);
    if (!field || must.operator !== 'is_not_empty' || must.field === field.name) return false;
    putRule(draft, entity, { kind: 'required_when', field: must.field, where: [{ field: field.name, operator: 'is', value: reached }] });
    return true;
  }
  const named = things(draft, norm.text).find((one) => one !== entity && linksBetween(one, entity).length > 0);
  const happening =
    named ??
    happeningTo(draft, [entity], `${norm.text} ${verb}`, true) ??
    (topic && topic !== entity && linksBetween(topic, entity).length > 0 ? topic : undefined);
  const link = happening && linksBetween(happening, entity)[0];
  if (!happening || !link) return false;
  putRule(draft, happening, {
    kind: 'linked_must',
    link: link.name,
    where: [must.operator === 'before_today' ? { ...must, operator: 'today_or_later' } : must],
  });
  return true;
}
