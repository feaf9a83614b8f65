import type { Entity, Field, RecordValue } from '#contracts';
import { DATED_TYPES } from '#contracts';
import type { Draft } from '../draft.js';
import { isDue } from '../measures.js';
import { CLOSING, mentionsOf } from '../rule-words.js';
import { putWorkedOut } from './operands.js';
import { rootsIn } from './word-forms.js';

/*
 * How long something takes, has been or still has: two days or times of one record, or one of them and today. "From call to
 * delivery", "days overdue", "how long it has been open", "nights stayed".
 */

const LONG =
  /\b(?:how (?:many )?(days|nights|weeks|hours|long)|(?:number of |the |total )?(days|nights|hours) (?=(?:it|they|he|she|since|until|till|left|to go|remaining|overdue|late|open|out|waiting|from|between|stayed|away|that remain|on loan|in)\b)|(time|turnaround|duration|how long) (?=.*\b(?:from|between)\b))/i;
const BETWEEN = /\b(?:from|between) (?:the )?([\w' -]+?) (?:to|and|until|till) (?:the )?([\w' -]+?)(?=$|[,.;]| per | by | for | in )/i;
const FIGURED =
  /\b(?:more|less|fewer|over|longer|older|within|at most|at least|for) (?:than )?(?:\d|a\b|an\b|one|two|three|four|five|six|ten|thirty|sixty)/i;

/** Days and times of a record. */
const timesOf = (entity: Entity): Field[] => entity.fields.filter((field) => DATED_TYPES.includes(field.type) || field.type === 'time');

/** The day that some words name: of several the one whose name they hold most of. */
function named(fields: readonly Field[], words: string): Field | undefined {
  const said = rootsIn(words);
  const held = (field: Field): number => {
    const own = rootsIn(field.label);
    return own.filter((root) => root.length > 2 && said.includes(root)).length / Math.max(1, own.length);
  };
  return fields.filter((field) => held(field) > 0).sort((a, b) => held(b) - held(a))[0];
}

/** Reads how long something is, as a worked-out value; answers it with its list, null where the words say nothing of it. */
export function readSpan(draft: Draft, clause: string, topic: Entity | null): { readonly entity: Entity; readonly value: RecordValue } | null {
  const hit = LONG.exec(clause);
  if (!hit || FIGURED.test(clause) || /\b(?:must|cannot|can't|may not|never|at most|at least)\b/i.test(clause)) return null;
  const word = (hit[1] ?? hit[2] ?? hit[3] ?? '').toLowerCase();
  const rest = clause.slice(hit.index + hit[0].length);
  const between = BETWEEN.exec(clause);
  const mentioned = mentionsOf(draft, clause).map((one) => one.entity);
  const near = [...new Set([...mentioned, topic, draft.last, ...draft.schema.entities].filter((one) => one !== null))];
  for (const entity of near) {
    const ends = between ? bothOf(entity, between[1] ?? '', between[2] ?? '') : endsOf(entity, rest, mentioned.includes(entity) || entity === topic);
    if (!ends) continue;
    const [from, to] = ends;
    const clock = [from, to].some((one) => one !== 'today' && one.type !== 'date');
    const unit = clock && !/days|nights|weeks/.test(word) ? 'hours' : 'days';
    const name = (one: Field | 'today'): string => (one === 'today' ? 'today' : one.name);
    if (unit === 'days' && [from, to].some((one) => one !== 'today' && one.type === 'time')) continue;
    const label = labelOf(word, rest, between, unit);
    return { entity, value: putWorkedOut(draft, entity, { kind: 'between', label, type: 'integer', unit, from: name(from), to: name(to) }) };
  }
  return null;
}

type Ends = readonly [Field | 'today', Field | 'today'];

function bothOf(entity: Entity, first: string, second: string): Ends | null {
  const times = timesOf(entity);
  const from = named(times, first);
  const to = /\b(?:now|today)\b/i.test(second)
    ? ('today' as const)
    : named(
        times.filter((one) => one !== from),
        second,
      );
  return from && to ? [from, to] : null;
}

/** Which end is meant where only one, or none, is named. */
function endsOf(entity: Entity, rest: string, sure: boolean): Ends | null {
  const days = entity.fields.filter((field) => DATED_TYPES.includes(field.type) && !/birth|born/i.test(field.label));
  const due = days.find((field) => isDue(field) && !CLOSING.test(field.label));
  const done = days.find((field) => CLOSING.test(field.label) || /\b(?:clean|end|back|leav|depart|out)/i.test(field.label));
  const start = days.find((field) => field !== due && field !== done) ?? days[0];
  const said = named(days, rest);
  if (/\b(?:overdue|late|past)\b/i.test(rest)) return due ? [due, 'today'] : null;
  if (/\b(?:left|to go|remain\w*|until|till|before)\b/i.test(rest)) return (said ?? due) ? ['today', said ?? due ?? 'today'] : null;
  if (/\b(?:since|ago)\b/i.test(rest)) return said ? [said, 'today'] : start && sure ? [start, 'today'] : null;
  if (/\b(?:open|waiting|out|so far|been|has been|away|on loan|there)\b/i.test(rest) && start && (sure || done)) return [start, 'today'];
  if (/\b(?:stayed|took|takes|lasted|lasts|it is|they are|away|each|every)\b/i.test(rest) && sure && start && done) return [start, done];
  return null;
}

function labelOf(word: string, rest: string, between: RegExpExecArray | null, unit: string): string {
  const noun = /long|time|turnaround|duration/.test(word) ? (between ? 'time' : unit) : word;
  if (between) return `${noun} from ${between[1] ?? ''} to ${between[2] ?? ''}`.toLowerCase().slice(0, 60);
  const tail = /\b(overdue|late|left|open|waiting|stayed|away|out|since [\w ]+|until [\w ]+|to go|remaining|remain)\b/i.exec(rest)?.[1];
  return `${noun} ${tail ?? 'so far'}`.toLowerCase().slice(0, 60);
}
