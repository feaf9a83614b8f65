import type { Entity } from '#contracts';
import { DATED_TYPES } from '#contracts';
import { ensureRole, putStates, putStep, sameState, stateField } from './behaviour.js';
import type { Draft } from './draft.js';
import { readState } from './read-computed.js';
import { mentionsOf } from './rule-words.js';
import { putStory, readSteps, readStory } from './read-progress.js';
import { drawnCourse, inOrder, listedCourse, soundsLikeState } from './courses.js';
import { parseClauses } from './clauses.js';
import { baseOf, participlesOf } from './verbs.js';
import { NO_STATE, isState, stateWords as bare } from './state-words.js';

/*
 * States and steps in plain words: "a ticket is new, in progress or done", "it goes from new to in progress to done",
 * "status: received -> stored -> discarded", "it's reported, then assigned, then fixed", "only done tickets can be archived",
 * "closed ones can be reopened back to assigned", "scrapped is final".
 */

const itemsOf = (list: string): string[] =>
  list
    .split(/\s*(?:,|\/|\bor\b|\band\b)\s*/i)
    .map(bare)
    .filter((one) => one !== '');

/** Reads what a clause says about states; answers whether it did. `topic`: the list that it stands under. */
export function readStates(draft: Draft, clause: string, topic: Entity | null): boolean {
  const said = clause.replace(/\s+/g, ' ').trim();
  const subject = mentionsOf(draft, said)[0]?.entity ?? topic ?? draft.last ?? null;
  if (!subject) return false;
  const near = [...new Set([...mentionsOf(draft, said).map((one) => one.entity), ...(topic ? [topic] : []), subject, ...draft.schema.entities])];
  return (
    readStory(draft, said, subject) ||
    readChain(draft, said, subject) ||
    readUntil(draft, said, subject) ||
    readBegin(draft, said, subject) ||
    readFinal(draft, said, subject) ||
    readSteps(draft, said, near) ||
    readLaterStep(draft, said, subject) ||
    readSet(draft, said, subject, topic) ||
    readSlashed(draft, said, topic) ||
    (/\b(?:jump|skip|leave out|miss out)\b.*\b(?:step|state|stage|over|the)\b/i.test(said) && subject.lifecycle !== null)
  );
}

/** Puts states that follow one another, with the steps between them. */
function putChain(draft: Draft, entity: Entity, chain: readonly string[]): boolean {
  const field = putStates(draft, entity, [...new Set(chain)]);
  const states = entity.fields.find((one) => one.name === field)?.choices ?? [];
  const known = (state: string): string => states.find((one) => sameState(one, state)) ?? state;
  for (let at = 0; at + 1 < chain.length; at += 1) putStep(draft, entity, field, known(chain[at] ?? ''), known(chain[at + 1] ?? ''));
  return true;
}

const isKnown = (entity: Entity, state: string): boolean => stateField(entity)?.choices.some((one) => sameState(one, state)) ?? false;

const GOES = /\b(?:goes?|moves?|passes|pass|changes?|runs?|advances?|progress(?:es)?|proceeds?|flows?)\b/i;
const FROM_TO = /\bfrom (?:the )?("?[\w' -]+?"?) to (.+)$/i;
const THROUGH =
  /\b(?:goes?|moves?|pass(?:es)?|runs?|proceeds?|flows?)(?: \w+)?? (?:so|through(?: (?:these|the following|the|two|three|four|five|six|seven|\d))?(?: (?:states?|steps?|stages?|statuses|phases))?|like this|in this order|as follows)\s*:?\s*(.+)$/i;

function readChain(draft: Draft, said: string, subject: Entity): boolean {
  const drawn = drawnCourse(said, [subject.label, subject.label_plural]) ?? listedCourse(said);
  if (drawn) return putStory(draft, subject, drawn);
  const field = stateField(subject);
  if (field && inOrder(said) && said.split(' ').length <= 8 && !subject.lifecycle)
    return putStory(
      draft,
      subject,
      field.choices.map((one) => [one]),
    );
  const fromTo = FROM_TO.exec(said);
  if (fromTo && (GOES.test(said.slice(0, fromTo.index)) || isKnown(subject, bare(fromTo[1] ?? '')))) {
    const chain = [
      fromTo[1] ?? '',
      ...((fromTo[2] ?? '')
        .split(/;| - |,? (?:and|but) (?=only|then (?:it|they)|never|nothing)/i)[0]
        ?.split(/,? (?:and then |then |and )?to |, then /i) ?? []),
    ].map(bare);
    const states = chain.every((one) => one !== '' && one.split(' ').length <= 4 && !/\d/.test(one));
    if (states && (chain.length > 2 || chain.every(isState) || chain.some((one) => isKnown(subject, one)))) return putChain(draft, subject, chain);
  }
  const thens = said.split(/,? (?:and )?(?:then|afterwards|after that|and finally|finally)\b,? /i);
  if (thens.length > 2) {
    const [head = ''] = thens;
    const before = startState(subject, head);
    const first = bare(head.replace(/^.*\b(?:is|are|it's|be|becomes?|starts? (?:as|out)?|begins? as|status:?|first|so|as)\s+/i, ''));
    const chain = [...(before && !sameState(before, first) ? [before] : []), first, ...thens.slice(1).map((one) => bare(one.split(/[,;]/)[0] ?? ''))];
    if (chain.every((one) => one !== '' && one.split(' ').length <= 4 && (isState(one) || isKnown(subject, one))))
      return putChain(draft, subject, chain);
  }
  const through = THROUGH.exec(said);
  const chain = through ? (through[1] ?? '').split(/\s*,\s*(?:and |then )?|\s+and (?:then )?/i).map(bare) : [];
  return chain.length > 1 && chain.every((one) => one !== '' && one.split(' ').length <= 4) && putChain(draft, subject, chain);
}

/** The state that stands before the noun: "an approved loan is dispatched". */
function startState(subject: Entity, words: string): string | undefined {
  const [, state = ''] =
    new RegExp(`^(?:(?:an?|the|all|any|every|only) )?([\\w ]+?) (?:${subject.label_plural}|${subject.label}|ones?)\\b`, 'i').exec(words) ?? [];
  return stateField(subject)?.choices.find((one) => sameState(one, state));
}

const BEGIN =
  /\b(?:begins?|starts?(?: (?:off|out|life))?|is created|are created|comes? in|is entered) (?:as|with status|in(?: the)? state) "?([\w -]+?)"?(?: (?:and|then|when)\b.*)?$/i;

const AT_FIRST =
  /^(?:an?|the|each|every|it|they|new)?\b.*?\b(?:is|are) ([\w -]+?),? (?:at first|to begin with|initially|to start with|until\b.*|when it (?:is|comes) \w+)$/i;

function readBegin(draft: Draft, said: string, subject: Entity): boolean {
  const state = bare(BEGIN.exec(said)?.[1] ?? AT_FIRST.exec(said)?.[1]?.replace(/^an? /, '') ?? '');
  if (!BEGIN.test(said) && !soundsLikeState(state)) return false;
  if (state === '' || state.split(' ').length > 3) return false;
  const name = putStates(draft, subject, [state]);
  const field = subject.fields.find((one) => one.name === name);
  const first = field?.choices.find((one) => sameState(one, state));
  if (!field || first === undefined) return false;
  field.choices.splice(0, Infinity, first, ...field.choices.filter((one) => one !== first));
  return true;
}

const UNTIL = /^(?:an?|the|each|every|it|they)\b.*?\b(?:is|are|stays?|remains?) (?:an? )?([\w -]+?),? (?:until|till|til) (.+)$/i;

/** "A visit is open until the engineer signs it off": what ends it gives the next state its name. */
function readUntil(draft: Draft, said: string, subject: Entity): boolean {
  const [, word = '', end = ''] = UNTIL.exec(said) ?? [];
  const state = bare(word);
  if (state === '' || !soundsLikeState(state)) return false;
  const [clause] = parseClauses(end);
  const deed = /\b([a-z]+)s?(?: (?:it|them|this))? (off|out|back|up|down|in)\b/i.exec(end);
  const form = clause?.verb?.passive ? clause.verb.text : participlesOf(deed ? baseOf(deed[1] ?? '') : (clause?.verb?.lemma ?? ''))[0];
  const next = form === undefined ? '' : bare(deed && !form.includes(' ') ? `${form} ${deed[2] ?? ''}` : form);
  if (next === '' || !isState(next) || sameState(next, state) || /^(?:been|had|got|come|came|gone|said|was|did)$/.test(next)) return false;
  return putStory(draft, subject, [[state], [next]]);
}

const FINAL: readonly RegExp[] = [
  /^(?:an? |the )?(.+?) (?:is|are) (?:final|terminal|the end(?: of the line)?|the last (?:step|state|stage)|irreversible)$/i,
  /\b(?:nothing|none|it|they|no \w+) (?:ever )?(?:comes?|goes?|gets?|returns?|can come|can go|can return|never comes?|cannot come|can't come) back from (?:an? |the )?(.+)$/i,
  /^(?:an? |the )?(.+?) (?:one |ones |\w+ )?(?:goes?|can go|go) no further\b(.*)$/i,
  /\b(?:once|when|after)(?: it is| it's| they are| is)? (.+?),? (?:it|they) (?:stays?|remains?)(?: (?:so|that way|like that|there|it))?$/i,
  /(?:^|[ ,])(?:an? )?(\w[\w -]*?)(?: [\w]+)? (?:is|are) (?:\1|finished with|over and done with|done with|never (?:changed|reopened) again)(?:,.*)?$/i,
  /^(?:once|when|after)(?: it is| it's| they are)? (.+?),? (?:it|they|nothing)? ?(?:can(?:not|'t)|never|no longer) (?:be changed back|go back|change (?:again|any ?more))$/i,
];

/** States that nothing leaves. Where no steps were named, all others stay possible. */
function readFinal(draft: Draft, said: string, subject: Entity): boolean {
  const field = stateField(subject);
  const words = FINAL.map((pattern) => pattern.exec(said)).find((one) => one !== null);
  if (!field || !words) return false;
  const text = ` ${words.slice(1).join(' ')} `;
  const final = field.choices.filter((choice) => new RegExp(`[ ,]${choice.replace(/[^\w ]/g, '.').split(' ')[0] ?? ''}\\b`, 'i').test(text));
  if (final.length === 0) return false;
  if (!subject.lifecycle)
    for (const from of field.choices) for (const to of field.choices) if (!final.includes(from)) putStep(draft, subject, field.name, from, to);
  const steps = subject.lifecycle?.transitions ?? [];
  steps.splice(0, Infinity, ...steps.filter((step) => !final.includes(step.from)));
  if (steps.length === 0) subject.lifecycle = null;
  return true;
}

const ONLY_THEN = /^only (?:an? |the )?(.+?) (?:can|may|must|should) be (\w+(?: (?:of|out|up|off))?)\b/i;
const ONCE_THEN =
  /^(?:once|after|when|as soon as)(?: (?:it|they|an?|the)(?: \w+)??)?(?: (?:is|are|has been|have been|was))? ([\w ]+?),? (?:it|they|the \w+|an? \w+) (?:can|may|must|should|will|is|are)(?: then)?(?: be)? (\w+(?: (?:of|out|up|off))?)$/i;
const BACK_TO =
  /^(.+?) (?:can|may|could|must|will) (?:also |then )?(?:be |go |move |come |get )?(?:\w+ )?(?:back )?to (?:be )?([\w ]+?)(?: (?:when|if|because|again|\().*)?$/i;
const THEN_EITHER =
  /^(.+?) (?:may|can|could) (?:then )?be ([\w ]+? or [\w ]+?)(?: by (?:the )?([\w -]+?)(?:,? (?:and|or) (?:by )?(?:nobody|no one|only).*)?)?$/i;
const FROM_BECOMES =
  /^from (?:an? |the )?(.+?),? (?:it|they|items?|one|\w+) (?:can |may |either )?(?:becomes?|goes? to|moves? to|turns? into|be|is|are) (.+)$/i;

function readLaterStep(draft: Draft, said: string, subject: Entity): boolean {
  const field = stateField(subject);
  if (!field) return false;
  const stateIn = (words: string): string | undefined =>
    startState(subject, words) ??
    field.choices.find((one) =>
      sameState(one, bare(words.replace(new RegExp(`\\b(?:${subject.label_plural}|${subject.label}|ones?)\\b`, 'gi'), '').trim())),
    );
  const only = ONLY_THEN.exec(said) ?? ONCE_THEN.exec(said);
  const from = only ? stateIn(only[1] ?? '') : undefined;
  const to = bare(only?.[2] ?? '');
  if (only && from !== undefined && isState(to) && !/^(?:changed|edited|deleted|removed|seen|viewed|booked|rented|borrowed|lent|used)$/.test(to)) {
    if (!isKnown(subject, to) && !subject.lifecycle && /^once|^when|^after/i.test(said)) return false;
    putStep(draft, subject, field.name, from, field.choices.find((one) => sameState(one, to)) ?? to);
    return true;
  }
  const fromBecomes = FROM_BECOMES.exec(said);
  const start = fromBecomes ? stateIn(fromBecomes[1] ?? '') : undefined;
  if (fromBecomes && start !== undefined) {
    const ends = itemsOf((fromBecomes[2] ?? '').replace(/\([^)]*\)/g, ' ').replace(/\bafter [\w ]+? days?\b/gi, ''))
      .map((one) => field.choices.find((state) => sameState(state, one)) ?? one)
      .filter(isState);
    for (const end of ends) putStep(draft, subject, field.name, start, end);
    return ends.length > 0;
  }
  const back = BACK_TO.exec(said);
  const [a, b] = back ? [stateIn(back[1] ?? ''), stateIn(back[2] ?? '')] : [];
  if (a && b) {
    putStep(draft, subject, field.name, a, b);
    return true;
  }
  const either = THEN_EITHER.exec(said);
  const ends = itemsOf(either?.[2] ?? '');
  const first = stateIn(either?.[1] ?? '') ?? (/^(?:it|they|this|that|an? \w+|the \w+)$/i.test(either?.[1] ?? '') ? field.choices[0] : undefined);
  if (!either || first === undefined || ends.length < 2 || !ends.every(isState)) return false;
  const role = either[3] ? [ensureRole(draft, either[3])] : [];
  for (const end of ends) putStep(draft, subject, field.name, first, field.choices.find((one) => sameState(one, end)) ?? end, role);
  return true;
}

const IS_ONE_OF =
  /^(?:an?|the|each|every|all|its|their)? ?(.+?) (?:is|are|can be|may be|must be|can either be|has to be) (?:always )?(?:one of:? )?(?:either )?([^:]+(?:,| or |\/)[^:]+)$/i;
const WHETHER = /\bwhether (?:it|they|he|she)(?:'s|'re| is| are) ((?:[\w' -]+, )*[\w' -]+,? or [\w' -]+?)(?=$|[;.]| and (?:the|an?|its|whether)\b)/i;

/** "A ticket is new, in progress or done", "whether it's free, rented or in repair", "provisional, confirmed, cancelled". */
function readSet(draft: Draft, said: string, subject: Entity, topic: Entity | null): boolean {
  const whether = WHETHER.exec(said);
  const is = whether ? null : IS_ONE_OF.exec(said);
  const listed =
    whether?.[1] ??
    (is && isSubject(draft, is[1] ?? '', subject) ? is[2] : topic && /[,/]| or /.test(said) ? said.replace(/^[^:]+:\s*/, '') : undefined);
  const list = listed?.replace(/,? (?:and|but) (?=(?:once|when|if|only|it|they|nothing|after|no|the)\b).*$/i, '');
  if (list === undefined || /\b(?:not|by|if|when|who|which|that|because|with)\b/i.test(list.replace(/\bby [\w ]+$/, ''))) return false;
  const states = itemsOf(list);
  const fit = states.filter(is || whether ? soundsLikeState : isState).length;
  if (states.length < 2 || new Set(states).size < states.length || fit < states.length - (is || whether ? Math.floor(states.length / 3) : 0))
    return false;
  if (states.some((one) => one.split(' ').length > 5 || NO_STATE.test(one) || /\b(?:is|are|end up|has|have|was|were)\b/i.test(one))) return false;
  if (states.length === 2 && states.some((one) => one.startsWith('not '))) return false;
  putStates(draft, subject, states.map(shorter));
  return true;
}

/** "bikes: registration, mileage, in service / off road": a state among the fields. */
function readSlashed(draft: Draft, said: string, topic: Entity | null): boolean {
  const states = said
    .replace(/^[^:]{2,40}:\s*/, '')
    .split(/\s*,\s*/)
    .map((one) => one.split(/\s+\/\s+/).map(bare))
    .find((one) => one.length > 1 && one.every((state) => isState(state) && state !== ''));
  if (!topic || !states || stateField(topic)) return false;
  putStates(draft, topic, states);
  return true;
}

const shorter = (state: string): string => state.slice(0, 60);

const isSubject = (draft: Draft, words: string, subject: Entity): boolean =>
  mentionsOf(draft, words).some(
    (one) => one.entity === subject && /^(?:the |an? |each |every )?$/i.test(words.slice(0, one.at)) && one.end === words.trim().length,
  ) ||
  new RegExp(
    `^(?:the )?(?:(?:status|state|stage) (?:of (?:an?|the|each) )?)?(?:${subject.label}|${subject.label_plural}|it|they|status|state|stage)$`,
    'i',
  ).test(words.trim());

/** "overdue" is no state that anybody sets: with a due date it is worked out, as a list. */
export function workOutStates(draft: Draft): void {
  for (const entity of draft.schema.entities) {
    const field = entity.fields.find((one) => one.choices.some((choice) => /^(?:overdue|late|expired)$/i.test(choice)));
    const due = entity.fields.find((one) => DATED_TYPES.includes(one.type) && /due|deadline|until|expir|end|return/i.test(one.label));
    if (!field || !due || field.choices.length < 3) continue;
    const worked = field.choices.filter((choice) => /^(?:overdue|late|expired)$/i.test(choice));
    field.choices.splice(0, Infinity, ...field.choices.filter((choice) => !worked.includes(choice)));
    const steps = entity.lifecycle?.transitions;
    steps?.splice(0, Infinity, ...steps.filter((step) => !worked.includes(step.from) && !worked.includes(step.to)));
    if (steps?.length === 0) entity.lifecycle = null;
    for (const state of worked) readState(draft, state.toLowerCase(), entity.label_plural, false);
    draft.assumptions.push(
      `Whether ${entity.label_plural} are ${worked.join(' or ').toLowerCase()} is worked out from the ${due.label}, so nobody has to set it.`,
    );
  }
}
