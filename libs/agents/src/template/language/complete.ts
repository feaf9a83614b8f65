import type { Entity, Field } from '#contracts';
import { DOMAINS, isEvent, isPerson, kindOf } from './lexicon.js';
import { ensureEntity, findEntity, findField, putComputed, putField } from './draft.js';
import type { Draft } from './draft.js';
import { isHappening } from './noun-phrases.js';
import { readTypeWords } from '../requirements/requirements.js';
import { nounPhrase } from './sentences.js';
import { capital, isPlural, listed, singular } from './words.js';

/*
 * What a person did not say and an app needs: proposals, each noted as an assumption.
 */

/** Things that the kind of app suggests, where no list of records was named. */
export function proposeThings(draft: Draft, text: string): void {
  if (draft.schema.entities.length > 0) return;
  const domain = DOMAINS.find(({ pattern }) => pattern.test(text));
  for (const thing of domain?.things ?? []) ensureEntity(draft, thing);
}

/** The proposal for an idea in which nothing was recognised: one list, named after its nouns. */
export function proposeEntry(draft: Draft, text: string): Entity {
  const words = text.toLowerCase().match(/[a-z]{4,}/g) ?? [];
  const dull =
    /^(want|need|make|build|create|something|that|with|this|have|would|like|help|application|website|tool|system|simple|nice|good|great|please|could|some|from|into|people|using|their|them|they|where|when|which|what|about|program|software|things?|stuff|better|organi[sz]ed?|manage|online|platform|users?|easily|small|anything|really|just|should|able)$/;
  const noun = words.find((word) => !dull.test(word) && isPlural(word)) ?? null;
  const entity = ensureEntity(draft, noun ? singular(noun) : 'entry');
  draft.assumptions.push(`Nothing was said about what is to be recorded, so the app keeps one list: ${entity.label_plural}.`);
  return entity;
}

/** Gives every list the fields it needs to be of use. */
export function completeFields(draft: Draft): void {
  for (const entity of [...draft.schema.entities]) {
    const own = entity.fields.filter((field) => field.target === null);
    const bare = own.length === 0 && !(isEvent(entity.label) && draft.described.has(entity.name) && entity.fields.length > 1);
    const aside = !draft.described.has(entity.name) && !own.some((field) => draft.assumedFields.has(`${entity.name}.${field.name}`));
    if (draft.exact ? entity.fields.length === 0 : bare || aside) proposeFields(draft, entity);
    if (!draft.exact) proposeReturn(draft, entity);
    if (isEvent(entity.label) && !entity.fields.some((field) => field.target !== null)) linkEvent(draft, entity);
    else if (!draft.exact) linkCustomer(draft, entity);
    const first = entity.fields[0];
    if (draft.exact) continue;
    proposeName(draft, entity);
    settleTimes(entity);
    const named = first?.type === 'boolean' || first?.type === 'references' ? undefined : first;
    const needed = entity.fields.filter((field) => isNeeded(entity, field));
    for (const field of needed.length > 0 ? needed : named && !entity.fields.some((one) => one.required) ? [named] : [])
      if (!draft.optional.has(`${entity.name}.${field.name}`)) field.required = true;
  }
}

const NAMES = /^(?:(?:full|first|last|family|given|firm|company|common|display) )?name$|^(?!job )(?:[a-z]+ )?title$|^surname$/;
const FIGURES = /^(?:amount|hours|quantity|points|score|stars|rating)$/;
const MOMENTS =
  /^(?:date|day|out timestamp|day of week|weekday|start|end|from|until|year|(?:start|end|begin|finish)[ _](?:date|time)|date[ _]and[ _]time|date[ _](?:of[ _])?(?:\w+)|(?:pick-?up|arrival|departure|return|planned)[ _]date)$/;

/** What a record means nothing without: its name or number, and of what happens when and how much. */
function isNeeded(entity: Entity, field: Field): boolean {
  if (field.type === 'boolean' || field.type === 'references') return false;
  if (NAMES.test(field.label) || (field.unique && /\b(?:number|code|tag|barcode|reference|id|no|email)$/i.test(field.label))) return true;
  if (entity.fields.find((one) => one.target === null) === field && field.type === 'text' && !isHappening(entity.label)) return true;
  if (!isHappening(entity.label) && !MEETINGS.test(entity.label)) return false;
  const lent = /\b(?:loan|lending|checkout)$/.test(entity.label) && /return|\bin\b|back/.test(field.label);
  return (
    !lent &&
    (['date', 'time', 'datetime', 'integer'].includes(field.type)
      ? MOMENTS.test(field.label) || FIGURES.test(field.label)
      : ['number', 'money', 'rating'].includes(field.type) && FIGURES.test(field.label))
  );
}

const MEETINGS =
  /\b(?:event|meeting|lesson|class|session|match|trip|concert|workshop|course|party|rehearsal|shift|rental|tour|camp|game|time entry|entry)$/;

/** Who is described by a phone and a website alone has a name all the same. */
function proposeName(draft: Draft, entity: Entity): void {
  const own = entity.fields.filter((field) => field.target === null);
  const nameless =
    own.length > 0 &&
    own.every(
      (field) =>
        ['email', 'phone', 'url', 'file_link', 'boolean', 'money', 'date'].includes(field.type) ||
        /address|^(?:how|what|who|where) /.test(field.label),
    );
  if (
    !nameless ||
    (own.length < entity.fields.length && own.some((field) => field.label === 'date')) ||
    isHappening(entity.label) ||
    draft.refused.has(`${entity.name}.name`)
  )
    return;
  const field = putField(draft, entity, { label: 'name', type: 'text', required: true });
  entity.fields.splice(entity.fields.indexOf(field), 1);
  entity.fields.unshift(field);
  draft.sources.delete(`${entity.name}.name`);
  draft.assumedFields.add(`${entity.name}.name`);
}

/** With a day of its own, a start is a time of that day; without any day, it is a day and a time. */
function settleTimes(entity: Entity): void {
  const ends = entity.fields.filter((field) => /^(?:start|end|from|until|to|begin|finish)(?: time)?$/.test(field.label));
  const day = entity.fields.some((field) => /^(?:date|day|day of (?:the )?week|weekday)$/.test(field.label));
  for (const field of ends) {
    if (day && (field.type === 'date' || field.type === 'text')) field.type = 'time';
    if (!day && field.type === 'time' && isHappening(entity.label) && !entity.fields.some((one) => one.type === 'date')) field.type = 'datetime';
  }
}

function proposeFields(draft: Draft, entity: Entity): void {
  const kind = kindOf(entity.label);
  const doing = isHappening(entity.label) && entity.fields.some((field) => field.type === 'reference');
  const told = draft.schema.entities.some(
    (one) => one !== entity && draft.described.has(one.name) && !draft.assumedFields.has(`${one.name}.${one.fields[0]?.name ?? ''}`),
  );
  const usual = kind?.fields ?? [doing ? 'date (date, required)' : 'name (text, required)', 'notes (long text)'];
  const phrases = told && !isEvent(entity.label) ? usual.filter((phrase, at) => at === 0 || phrase.includes('required')) : usual;
  for (const phrase of phrases) {
    const [, label = '', words = ''] = /^(.+?) \((.+)\)$/.exec(phrase) ?? [];
    if (draft.refused.has(`${entity.name}.${label.replace(/\W+/g, '_')}`) || findField(entity, label)?.name === label) continue;
    const wish = readTypeWords(draft, words);
    const sentence = draft.sentence;
    draft.sentence = '';
    const field = putField(draft, entity, { ...wish, label });
    draft.sentence = sentence;
    draft.assumedFields.add(`${entity.name}.${field.name}`);
  }
  draft.described.delete(entity.name);
  const assumed = (name: string): number => Number(draft.assumedFields.has(`${entity.name}.${name}`));
  if (!isEvent(entity.label)) entity.fields.sort((a, b) => assumed(b.name) - assumed(a.name));
  if (!isEvent(entity.label)) entity.fields.sort((a, b) => Number(a.target !== null) - Number(b.target !== null));
}

/** Whoever lends has to know what has come back. */
function proposeReturn(draft: Draft, entity: Entity): void {
  const dates = entity.fields.filter((field) => field.type === 'date');
  const name = `${entity.name}.return_date`;
  if (!/\b(loan|lending|rental)$/.test(entity.label) || !draft.described.has(entity.name) || draft.refused.has(name)) return;
  if (!dates.some((field) => /due|until/.test(field.label)) || entity.fields.some((field) => /return|back|closed|done/.test(field.label))) return;
  putField(draft, entity, { label: 'return date', type: 'date' });
  draft.assumedFields.add(name);
}

/** A booking is of something by somebody: links it to the lists that are there. */
function linkEvent(draft: Draft, entity: Entity): void {
  const others = draft.schema.entities.filter((other) => other !== entity && !isEvent(other.label));
  const person = others.find((other) => isPerson(other.label));
  const thing = others.find((other) => !isPerson(other.label));
  for (const target of [thing, person].filter((one) => one !== undefined)) {
    const field = putField(draft, entity, { label: target.label, type: 'reference', target: target.name, required: true });
    entity.fields.splice(entity.fields.indexOf(field), 1);
    entity.fields.splice(target === thing ? 0 : thing ? 1 : 0, 0, field);
    draft.assumedFields.add(`${entity.name}.${field.name}`);
  }
}

/** An order is somebody's: links it to the only people who have nothing to do with anything yet. */
function linkCustomer(draft: Draft, entity: Entity): void {
  const known = draft.schema.entities.filter((other) => isPerson(other.label));
  const anybody = entity.fields.some((field) => known.some((other) => other.name === field.target) || isPerson(field.label));
  if (!isHappening(entity.label) || isPerson(entity.label) || anybody) return;
  const only = /\b(?:booking|reservation|rental|hire|loan|lending|appointment)$/.test(entity.label) && known.length === 1;
  if (!only && entity.fields.some((field) => field.target !== null)) return;
  const linked = (other: Entity): boolean =>
    other.fields.some((field) => field.target !== null) ||
    draft.schema.entities.some((one) => one.fields.some((field) => field.target === other.name));
  const people = only ? known : known.filter((other) => !linked(other));
  const [somebody] = people;
  if (!somebody || people.length > 1 || draft.refused.has(`${entity.name}.${somebody.name}`)) return;
  const field = putField(draft, entity, { label: somebody.label, type: 'reference', target: somebody.name, required: true });
  draft.sources.delete(`${entity.name}.${field.name}`);
  draft.assumedFields.add(`${entity.name}.${field.name}`);
}

/** Lists that lending and dues are of no use without. */
export function proposeLists(draft: Draft): void {
  for (const entity of draft.schema.entities) {
    if (entity.name !== 'loan' || draft.schema.computed.some((computed) => computed.entity === entity.name) || draft.refused.has('computed'))
      continue;
    const due = findField(entity, 'due date');
    const back = findField(entity, 'return date');
    if (!due || !back) continue;
    const base = { kind: 'list' as const, entity: entity.name };
    const open = { field: back.name, operator: 'is_empty' as const, value: null };
    putComputed(draft, { ...base, name: 'on_loan', label: 'On loan', conditions: [open] });
    putComputed(draft, {
      ...base,
      name: 'overdue_loans',
      label: 'Overdue loans',
      conditions: [{ field: due.name, operator: 'before_today', value: null }, open],
    });
  }
}

/** One sentence per proposal that stands in the model. */
export function assumptionsOf(draft: Draft): string[] {
  const lines = [...draft.assumptions];
  for (const entity of draft.schema.entities) {
    const fields = entity.fields.filter((field) => draft.assumedFields.has(`${entity.name}.${field.name}`));
    if (fields.length > 0)
      lines.push(`${capital(entity.label_plural)} have ${listed(fields.map((field) => field.label))}, as nothing else was said.`);
  }
  if (!draft.signInSaid) lines.push('Nobody needs to sign in, as nothing was said about it.');
  return lines;
}

const NO_TITLE =
  /\b(i|we|you|with|and|have|has|who|which|that|to|for|things?|features?|requirements?|track|manage|build|make|create|help|want|need|keep|record|app)\b/i;

/** A name for the app, from what it is called or is for. */
export function titleOf(draft: Draft, idea: string): string {
  const called = /\b(?:called|named|titled)\s+"?([A-Z][\w'&-]*(?: [A-Z0-9][\w'&-]*)*)/.exec(idea) ?? /\b(?:called|named)\s+"([^"]+)"/.exec(idea);
  if (called?.[1]) return called[1].slice(0, 60);
  const heading = idea.trim().split('\n')[0] ?? '';
  const short = /^(?:#+\s*)?([A-Za-z][\w' -]{2,40})[.:]?$/.exec(heading.trim());
  if (
    short?.[1] &&
    !/^(i|we|an?|please|build|make|create|help|track|manage|keep|record|log)\b|\b(with|of|and|have|has|who|which|that)\b/i.test(short[1])
  )
    return capital(short[1].trim());
  const opening = /^(?:an?|the|my|our)? ?((?:[a-z'-]+ ){0,3}[a-z'-]+):\s/i.exec(heading.trim())?.[1];
  const named = opening && !NO_TITLE.test(opening) ? (nounPhrase(opening, 4) ?? (/^\w+ of \w+/.test(opening) ? opening : null)) : null;
  if (named && !findEntity(draft, named)) return capital(opening?.includes(' of ') ? opening : named === 'crm' ? 'CRM' : named);
  const maker =
    /\b((?:[a-z-]+ ){0,2}(?:tracker|manager|diary|planner|journal|library|inventory|catalog(?:ue)?|organi[sz]er|box|crm|directory|database|log ?book|(?:reading|wish|guest|shopping|watch|book|packing) ?list)(?: of (?:[a-z-]+ )?[a-z-]+s\b)?)/i.exec(
      idea.split(/,|: | with |[.\n](?:\s|$)/)[0] ?? '',
    );
  const words = maker?.[1]?.replace(/^(?:.*\b)?(?:an?|the|my|our|simple|small|me|for|is|want|need|build|make|create)\s+/i, '');
  if (words) return capital(words.toLowerCase() === 'crm' ? 'CRM' : words);
  const beginning = /^(?:[^.!?]*[.!?]){1,2}/.exec(idea)?.[0] ?? idea;
  const mine =
    /\b(?:manage|run|organi[sz]e|running|managing|organi[sz]ing) (?:my|our|an?) (?:small |little |local )?([a-z][\w'-]*(?: [a-z]+)?)/i.exec(
      beginning,
    );
  const place = mine ? nounPhrase(mine[1] ?? '', 2) : null;
  if (place && !isPlural(place) && !draft.schema.entities.some((entity) => entity.label === place)) return capital(place);
  const whose = /\bfor (?:my|our|the|an?) ([a-z][\w' -]*)/i.exec(beginning);
  const owner = whose ? nounPhrase((whose[1] ?? '').replace(/ - .*$/, ''), 4) : null;
  if (owner && !/^(app|use|everyone|all)$/i.test(owner) && !findEntity(draft, owner)) return capital(owner);
  return capital(listed(draft.schema.entities.slice(0, 3).map((entity) => entity.label_plural)) || 'Records');
}
