import type { Entity, Field } from '#contracts';
import { putStates, putStep, sameState, stateField } from '../behaviour.js';
import type { Draft } from '../draft.js';
import { mentionsOf, stem } from '../rule-words.js';
import { baseOf, participlesOf } from '../verbs.js';
import { isState } from '../state-words.js';
import { forceOf } from './ingredients.js';

/*
 * Single steps between states that are known: where a record is, a word for a change, and where it goes. "missing ones go back to
 * alive", "any of those except picked up can turn into broken", "it can be cancelled at any point until it's booked".
 */

const CHANGE =
  /(?<=^(?:and )?from [\w -]{2,30}) to\b|\b(?:becom(?:e|es|ing)|turn(?:s|ed|ing)? (?:in)?to|go(?:es|ing)?(?: (?:straight|directly|right))?(?: back)?(?: (?:to|into|in))?|moves?(?: back)?(?: to| into)?|moved|drop(?:s|ped)?(?: back)?(?: to)?|back(?= (?:to|in|on|into|out)\b)|back to|returns?(?: to)?|revert(?:s|ed)?(?: to)?|chang(?:e|es|ed) (?:in)?to|switch(?:es)? to|ends? up|reopen(?:ed|s)?|(?:can|may|could|might|must|will|has to|have to)(?: (?:also|still|then|even|sometimes|only|later|again|always|just))*(?: (?:be|get))?(?: (?:marked|put|set|sent|moved|brought|changed|made|called))?(?: back)?(?: (?:as|to|into))?)\b/i;
const ANY =
  /\b(?:anywhere|any(?:thing)?(?: of (?:these|those|them))?|all(?: of (?:these|those|them))?|either|every(?:thing)?|at any (?:point|time|stage|moment)|anytime|whenever|from any\w*|whatever)\b/i;
const EXCEPT = /\b(?:except(?: for)?|but not|other than|apart from|bar|save|unless(?: it(?:'s| is))?)\b(.*)$/i;
const UNTIL = /\b(?:until|till|before|up to|short of|as long as it(?:'s| is)n['’]?t|unless)\b(.*)$/i;
const CONDITION = /\b(?:unless|anywhere|any|until|till|without|as long as|while|if|when|before|once)\b/i;

interface Known {
  readonly state: string;
  readonly at: number;
  readonly end: number;
}

/** The states of a list that a text names, by their words or, for a single word, its stem. */
function statesIn(choices: readonly string[], text: string): Known[] {
  const low = text.toLowerCase();
  const found = choices.flatMap((state): Known[] => {
    const name = state.toLowerCase();
    const words = name.replace(/[^\w ]/g, '.').replace(/ /g, '[- ]');
    const root = !name.includes(' ') && name.length > 4 ? `|${stem(name)}(?:e|es|s|ed|ing|ion|ation|al)?` : '';
    const last = name.split(' ').at(-1) ?? '';
    const telling = name.includes(' ') && last.length > 3 && choices.filter((one) => one.toLowerCase().includes(last)).length === 1 ? `|${last}` : '';
    const pattern = /^(?:in|out|on|off|up|down|to)$/.test(name)
      ? `(?<=(?:^|\\b(?:is|are|be|it's|from|to|still|already|or|and|back)) )${words}(?=$|\\s*[,.;)]| (?:or|and)\\b)`
      : `(?<![\\w-])(?:${words}${root}${telling})(?![\\w-])`;
    return [...low.matchAll(new RegExp(pattern, 'g'))].map((hit) => ({ state, at: hit.index, end: hit.index + hit[0].length }));
  });
  return found
    .filter((one) => !found.some((other) => other !== one && other.at <= one.at && other.end >= one.end && other.end - other.at > one.end - one.at))
    .sort((a, b) => a.at - b.at);
}

/** Reads a step; answers whether the clause is one. */
export function readSteps(draft: Draft, text: string, topic: Entity | null): boolean {
  const near = [...mentionsOf(draft, text).map((one) => one.entity), ...(topic ? [topic] : []), ...draft.schema.entities];
  const parts = text
    .split(/,\s*(?=from\b)|,\s+(?:and|but)\s+(?=from\b)|\s+[-–—]\s+/i)
    .map((one) => one.replace(/,?(?: and)? by (?:nobody|no one) else\b.*$/i, ''));
  return [...new Set(near)].some((entity) => hasStates(entity) && parts.map((part) => readStep(draft, part, entity)).includes(true));
}

/** A choice counts as a state where it has steps, or is called so. */
const hasStates = (entity: Entity): boolean => entity.lifecycle !== null || /^(?:status|state|stage|progress)$/.test(stateField(entity)?.name ?? '');

const OUT_OF =
  /^(?:(?:and|or|but|also|then|eventually|finally|with)\s+)*(?:an? |the )?["']?([\w -]+?)["']?,?\s+(?:(?:can be|is|be|this|that|also|only|possible|allowed|reached|comes?|may come|straight|directly)\s+)*\(?(?:from|out of|possible after|only after)\s+(.+)$/i;

/** "Lost (from out)", "denied comes out of review": the new state in front, where it comes from behind. */
function readOutOf(draft: Draft, text: string, entity: Entity, field: Field): boolean {
  const [, word = '', rest = ''] = OUT_OF.exec(text.replace(/^[\w ]{2,30}: /, '')) ?? [];
  const from = statesIn(field.choices, rest).map((one) => one.state);
  const [known] = statesIn(field.choices, word);
  const state = known?.state ?? (word.split(' ').length <= 3 && isState(word) ? word.toLowerCase() : undefined);
  if (state === undefined || from.length === 0 || from.includes(state) || NO_STEP.test(state)) return false;
  const name = putStates(draft, entity, [...field.choices, state], field.label);
  for (const one of from) putStep(draft, entity, name, one, state);
  return true;
}

function readStep(draft: Draft, text: string, entity: Entity): boolean {
  const field = stateField(entity);
  if (!field) return false;
  if (readOutOf(draft, text, entity, field)) return true;
  const states = statesIn(field.choices, text);
  const cue = changeIn(text, states);
  const force = forceOf(text);
  if (force === 'never' && !/\bbut\b|\bexcept\b/i.test(text)) return states.length > 0 && !CONDITION.test(text) && readEnd(entity, text, states);
  if (!cue) return false;
  const sources = sourcesOf(entity, text, states, cue);
  const targets = targetsOf(entity, text, states, cue, sources.length > 0);
  if (sources.length === 0 || targets.length === 0) return false;
  const name = putStates(draft, entity, [...new Set([...field.choices, ...targets])], field.label);
  for (const from of sources) for (const to of targets) if (!sameState(from, to)) putStep(draft, entity, name, from, to);
  return true;
}

interface Cue {
  readonly at: number;
  readonly end: number;
  /** What the verb itself says that the record becomes: "call one off" is `called off`. */
  readonly becomes: string | null;
}

const DEED =
  /\b(?:can|may|could|might|have to|has to|sometimes|must|need to)(?: (?:also|still|then|sometimes))* ([a-z]+) (?:one|it|them|this|these)(?: (off|out|back|up|down))?\b/i;

const AFTER =
  /^(?:and |but )?(?:once|after|when|from|if)\b.*?\b(?:it|they|one)(?:'s| is| are)? (?:eventually |then |also |automatically |sometimes )*(?:(?:is|are|gets?|becomes?) )?([a-z]+)\b/i;
const ALLOWED = /^(?:and |but )?(?:being )?([a-z]+(?: (?:off|out|up|back))?) is (?:allowed|possible|ok|okay|fine|permitted)\b/i;

/** What a verb makes of a record: "lapses" makes it `lapsed`. */
function resultOf(verb: string): string | null {
  if (isState(verb)) return verb.toLowerCase();
  const form = /s$/.test(verb) ? participlesOf(baseOf(verb))[0] : undefined;
  return form !== undefined && isState(form) ? form : null;
}

/** The word for a change, behind the first state where one stands in front. */
function changeIn(text: string, states: readonly Known[]): Cue | null {
  const deed = DEED.exec(text);
  if (deed && !/^(?:be|go|get|have)$/i.test(deed[1] ?? '')) {
    const form = participlesOf(deed[1] ?? '')[0];
    if (form !== undefined)
      return { at: deed.index, end: deed.index + deed[0].length, becomes: `${form.replace(/ .*/, '')}${deed[2] ? ` ${deed[2]}` : ''}` };
  }
  const allowed = ALLOWED.exec(text);
  if (allowed) return { at: text.length, end: text.length, becomes: resultOf(allowed[1] ?? '') };
  const all = [...text.matchAll(new RegExp(CHANGE.source, 'gi'))].filter((hit) => !states.some((one) => hit.index >= one.at && hit.index < one.end));
  const first = states[0];
  const behind = first ? all.find((hit) => hit.index >= first.end) : undefined;
  const hit = behind ?? all[0];
  const after = states.length > 0 && !behind ? AFTER.exec(text) : null;
  const becomes = after ? resultOf(after[1] ?? '') : null;
  if (after && becomes !== null) return { at: text.length, end: text.length, becomes };
  return hit ? { at: hit.index, end: hit.index + hit[0].length, becomes: null } : null;
}

/** The states of the course, in their order. */
const courseOf = (entity: Entity): string[] => {
  const steps = entity.lifecycle?.transitions ?? [];
  const choices = stateField(entity)?.choices ?? [];
  return steps.length === 0 ? choices : choices.filter((one) => steps.some((step) => step.from === one || step.to === one));
};

function sourcesOf(entity: Entity, text: string, states: readonly Known[], cue: Cue): string[] {
  const course = courseOf(entity);
  const leaving = course.filter((one) => entity.lifecycle?.transitions.some((step) => step.from === one) ?? true);
  const until = UNTIL.exec(text);
  const limit = until ? states.find((one) => one.at > until.index) : undefined;
  const except = EXCEPT.exec(text);
  const left = except ? states.filter((one) => one.at > except.index && (one.at < cue.at || cue.at < except.index)).map((one) => one.state) : [];
  if (until && !except && (limit || !ANY.test(text))) {
    const upTo = limit ? course.slice(0, Math.max(1, course.indexOf(limit.state))) : course.slice(0, 1);
    if (cue.becomes !== null || ANY.test(text) || !states.some((one) => one.at < cue.at)) return upTo;
  }
  if (ANY.test(text)) return (left.length > 0 ? course : leaving).filter((one) => !left.includes(one));
  const negated = (at: number): boolean => /\bnot (?:yet )?$/i.test(text.slice(0, at));
  const before = states
    .filter((one) => !negated(one.at) && one.end <= cue.at && !left.includes(one.state) && one.state !== cue.becomes)
    .map((one) => one.state);
  const from = /\b(?:from|if|while|when|only if|only when|only from|only)\b(.*)$/i.exec(text.slice(cue.end));
  const tail = from?.[1] ?? '';
  const later = statesIn(course, tail)
    .filter((one) => !/\bnot (?:yet )?$/i.test(tail.slice(0, one.at)))
    .map((one) => one.state);
  return before.length > 0 ? before : later;
}

function targetsOf(entity: Entity, text: string, states: readonly Known[], cue: Cue, sure: boolean): string[] {
  const into = states.filter((one) => one.at >= cue.end && /\b(?:in)?to (?:the |an? |be )?$/i.test(text.slice(0, one.at)));
  if (into.length > 0 && sure) return into.map((one) => one.state);
  if (cue.becomes !== null)
    return sure && /\b(?:any\w*|unless|until|till|before|if|once|after|when|from)\b/i.test(text) && !NO_STEP.test(cue.becomes)
      ? [entitySpelling(entity, cue.becomes)]
      : [];
  const rest = text.slice(cue.end);
  const cut = rest.search(
    /\b(?:if|when|up (?:to|until)|once|until|till|before|unless|because|by|from|only|at any|any time|after|as long as|except)\b/i,
  );
  const end = cue.end + (cut < 0 ? rest.length : cut);
  const known = states.filter((one) => one.at >= cue.at && one.at < end).map((one) => one.state);
  if (known.length > 0 || !sure || /\b(?:must|has to|have to|will)\b/i.test(text.slice(cue.at, cue.end))) return known;
  const words = text
    .slice(cue.end, end)
    .split(/\s*(?:,|\/|\bor\b)\s*/i)
    .map((one) =>
      one
        .replace(/^(?:\s|turns? (?:in)?to\b|becomes?\b|go(?:es)? (?:in)?to\b|ends? up\b|an?\b|the\b|be\b|as\b|to\b|into\b)+/i, '')
        .replace(/\s+(?:again|too|instead|as well|later|afterwards?|but|and|straight away)*\s*$/i, '')
        .trim()
        .toLowerCase(),
    )
    .filter((one) => one !== '');
  return words.length > 0 && words.every((one) => isState(one) && !NO_STEP.test(one)) ? words : [];
}

const NO_STEP = /^(?:changed|edited|deleted|removed|seen|viewed|booked again|rented|borrowed|lent|used|found|needed|entered|added|done)\b/i;

const entitySpelling = (entity: Entity, state: string): string => stateField(entity)?.choices.find((one) => sameState(one, state)) ?? state;

/** "Dead ones don't", "sold is final": nothing leads away from these. */
function readEnd(entity: Entity, text: string, states: readonly Known[]): boolean {
  if (
    !entity.lifecycle ||
    !/\b(?:no further|back|again|any ?more|nothing else|stays? (?:so|that way|like that)|(?:come|go|goes|comes|turn|leave|return|change)s?(?: from| out of)?)\b|n['’]?t$/i.test(
      text,
    )
  )
    return false;
  const named = states.map((one) => one.state);
  const rest = entity.lifecycle.transitions.filter((step) => !named.includes(step.from));
  if (rest.length > 0) entity.lifecycle.transitions.splice(0, Infinity, ...rest);
  return true;
}
