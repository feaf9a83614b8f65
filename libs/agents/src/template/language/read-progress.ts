import type { Entity } from '#contracts';
import { putStates, putStep, sameState, stateField } from './behaviour.js';
import type { Draft } from './draft.js';
import { mentionsOf } from './rule-words.js';
import { isState, stateWords } from './state-words.js';

/*
 * How records go on, told as a story: "a case starts as intake, then it's either declined or accepted", "accepted ones become
 * active and finally closed", "from draft or sent it can be cancelled", "any of these can be withdrawn", "ready to in use".
 * A story is cut at the words that say "next"; what stands between two of them is a state, or several of which one holds.
 */

const NEXT =
  /[,;]?\s*\b(?:(?:and|but|or) )?(?:then|afterwards?|after that|later(?: on)?|next|finally|lastly|eventually|at (?:the )?(?:last|end)|in the end|after(?= (?:in|on|under) \w+(?:,|$)| (?:it|they|he|she)(?:'s| is| are| gets?\b)| (?:is|are|be|being|becomes?)\b| \w+(?:ed|en|ld|id)\b(?! by)))\b,?\s*|,\s*(?:and\s+)?(?=(?:is|are|gets?|goes (?:to|on|into|in)|moves? (?:to|into|on)|becomes?)\s)/i;
const BEGINS =
  /^(?:(?:it|they|this|that|each|every|an?|the|all|our|new)\b\s*)?(?:[\w-]+ ){0,3}?(?:is|are|be|gets?|becomes?|(?:starts?|begins?)(?: (?:off|out|life|its life))?(?: (?:as|being|in(?: the)? state))?|comes? in(?: as)?|is (?:entered|created) as)\s+(?:first\s+|initially\s+|at first\s+)?(.+)$/i;
const GOES_ON =
  /^(?:(?:on|in|at) the (?:day|morning|evening|end),?\s+)?(?:(?:it|they|there|their|he|she|this|that|these|those|(?:an?|the) [\w-]+(?= (?:is|are)\b))(?:'s|'re|'ve|s(?= )|ve| has| have| is| are| was| were| will be| gets?| becomes?| goes(?: to)?)?(?: been)?\s+|(?:is|are|be|being|becomes?|gets?|goes to|moves? to|turns? into)\s+)*(?:either\s+|both\s+|marked(?: as)?\s+|set to\s+)?/i;
const REST =
  /\s*,?\s+(?:when(?:ever)?|if|until|till|once|because|unless|as soon as|while|so that|before|after|by (?:the|an?|its|their|our)|for (?:the|an?|its)|on (?:the|a)|from (?:the|an?)|again|up until|(?:but|and) (?:only|never|not|nothing|it|they|no|the|what|how|which))\b.*$/i;

/** The states of which one holds in this part of a story; null where it tells something else. */
function statesIn(entity: Entity, part: string, loose = false): string[] | null {
  const known = stateField(entity)?.choices ?? [];
  const sent = /^\s*(?:(?:it|they|and|is|are|gets?)\s+)*(?:go(?:es)?|moves?|passes|sent|handed|passed) (?:on )?to (?:the )?\w+\s*$/i.test(part);
  const words = part
    .replace(/\([^)]*\)/g, ' ')
    .replace(REST, '')
    .split(/\s*(?:,|\/|\bor\b)\s*(?:or\s+)?/i)
    .map((one) =>
      stateWords(
        one
          .replace(GOES_ON, '')
          .replace(/^(?:either|both) /i, '')
          .replace(/^(?:go(?:es)?|moves?|passes|sent|handed|passed) (?:on )?to (?:the )?/i, '')
          .replace(/^an? /i, ''),
      ),
    )
    .filter((one) => one !== '');
  const states = words.map((one) => known.find((state) => sameState(state, one)) ?? stateNamed(entity, one) ?? one);
  return states.length > 0 &&
    states.every((one) => known.includes(one) || (one.split(' ').length <= (loose ? 2 : 3) && (loose || sent || isState(one))))
    ? states
    : null;
}

const stepsOf = (entity: Entity): readonly { from: string; to: string }[] => entity.lifecycle?.transitions ?? [];

/** The states that nothing follows yet: where a story goes on that was told so far. */
function ends(entity: Entity): string[] {
  const field = stateField(entity);
  const steps = stepsOf(entity);
  if (!field || steps.length === 0) return field?.choices.slice(-1) ?? [];
  return field.choices.filter((state) => steps.some((one) => one.to === state) && !steps.some((one) => one.from === state));
}

/** Puts the groups of states one after the other: every state of a group leads to every state of the next. */
export function putStory(draft: Draft, entity: Entity, groups: readonly (readonly string[])[]): true {
  const name = putStates(draft, entity, [...new Set(groups.flat())]);
  const choices = entity.fields.find((one) => one.name === name)?.choices ?? [];
  const spelled = (state: string): string => choices.find((one) => sameState(one, state)) ?? state;
  for (const [at, group] of groups.entries())
    for (const from of group) for (const to of groups[at + 1] ?? []) putStep(draft, entity, name, spelled(from), spelled(to));
  return true;
}

/** Reads how a record goes from state to state, told one after the other; answers whether the clause does. */
export function readStory(draft: Draft, clause: string, entity: Entity): boolean {
  const [one = '', two] = clause.split(/, and (?=(?:an? |the )?[\w-]+(?: [\w-]+)?? (?:becomes?|goes?|moves?|turns?) )/i);
  if (two !== undefined) return readStory(draft, one, entity) && readSteps(draft, two, [entity]);
  const said = clause
    .replace(/^after (?:\w+ing|that)(?: \w+)?, /i, '')
    .replace(OPENS, '')
    .replace(/^(?:and|but|so) /i, '');
  const parts = said.split(NEXT).filter((one) => one.trim() !== '');
  const goesOn =
    (/^(?:and |so |but )?(?:then|afterwards?|after that|later|next|finally)\b/i.test(draft.sentence) && draft.sentence.includes(said)) ||
    (/^(?:it|they) (?:then |later |finally )?(?:becomes?|turns?|gets?|goes)\b/i.test(said) && stateField(entity) !== undefined);
  const [head = '', ...tail] = parts;
  const opens = OPENS.test(clause);
  if (tail.length === 0 && !goesOn && !opens) return false;
  const [, opening] = BEGINS.exec(head) ?? [];
  const mention = mentionsOf(draft, head)[0];
  const owns = mention === undefined || mention.entity === entity;
  const first = opening !== undefined && owns ? statesIn(entity, opening) : statesIn(entity, head);
  const rest = tail.map((one) => statesIn(entity, one));
  if (first === null || rest.some((one) => one === null)) return false;
  const groups = [first, ...rest.flatMap((one) => (one ? [one] : []))];
  if (goesOn && ends(entity).length > 0 && !sharesState(ends(entity), first)) groups.unshift(ends(entity));
  const before = qualifier(entity, head);
  if (before !== undefined && !first.includes(before) && !goesOn) groups.unshift([before]);
  if (opens && opening === undefined) return false;
  return (groups.length > 1 || opens) && putStory(draft, entity, groups);
}

const OPENS = /^(?:after \w+ing|at first|initially|to begin with|at the beginning|in the beginning),? /i;

const sharesState = (one: readonly string[], other: readonly string[]): boolean => one.some((state) => other.includes(state));

/** The state that a noun has before it: "an accepted case", "pencilled ones". */
function qualifier(entity: Entity, words: string): string | undefined {
  const noun = `(?:${entity.label_plural}|${entity.label}|ones?|items?)`;
  const [, state = ''] = new RegExp(`^(?:(?:an?|the|all|any|every|only|something)\\s)?([\\w' -]+?) ${noun}\\b`, 'i').exec(words.trim()) ?? [];
  return stateNamed(entity, state);
}

/** The known state that some words name, whole or by how it begins ("pencilled" for "pencilled in"). */
function stateNamed(entity: Entity, words: string): string | undefined {
  const said = stateWords(words);
  const choices = stateField(entity)?.choices ?? [];
  const inside = choices.filter((one) => /^(?:in|on|at|under) /i.test(one) && sameState(one.replace(/^\w+ /, ''), said));
  if (inside.length === 1) return inside[0];
  const again = choices.filter(
    (one) => one.length > 3 && new RegExp(`^re-?${one.replace(/ed$|e$/i, '').replace(/[^\w]/g, '.')}\\w{0,3}$`, 'i').test(said),
  );
  if (again.length === 1) return again[0];
  const begun = choices.filter((one) => said.length > 4 && one.toLowerCase().startsWith(`${said.toLowerCase()} `));
  return choices.find((one) => sameState(one, said)) ?? (begun.length === 1 ? begun[0] : undefined);
}

/** The states that the first words of a step name: one, several, "any of these", "either of the first two". */
function fromStates(entity: Entity, words: string): string[] | null {
  const choices = stateField(entity)?.choices ?? [];
  const said = words
    .replace(/^(?:from|if|when|while|as long as|once)\s+/i, '')
    .replace(/^(?:(?:it|they)(?:'s|'re| is| are)?\s+)?(?:still\s+)?/i, '')
    .trim();
  const first = /^(?:either|any|both|all)? ?of the first (two|three)$|^the first (two|three)$/i.exec(said);
  if (first) return choices.slice(0, (first[1] ?? first[2]) === 'three' ? 3 : 2);
  if (/^(?:any|either|both|all|each|every)(?: (?:of (?:them|these|those|the (?:states|above))|states?|one|ones))?$/i.test(said)) {
    const going = choices.filter((one) => stepsOf(entity).some((step) => step.from === one));
    return going.length > 0 ? going : choices;
  }
  const states = said
    .replace(/^(?:an?|the|all|any|both|either|something|anything|only)\s+/i, '')
    .split(/\s*(?:,|\bor\b|\band\b)\s*/i)
    .map((one) => stateNamed(entity, one) ?? qualifier(entity, one));
  return states.length > 0 && states.every((one) => one !== undefined) ? states : null;
}

const STEP =
  /^(.+?),?\s+(?:(?:it|they|one|items?)\s+)?(?:(?:can|may|could|might|must|will)(?: (?:also|then|still|only|even|again|directly|later))*\s+|(?=(?:becomes?|goes|turns?|ends? up|gets?|moves?|returns?|comes?)\b))(?:be|become|becomes|go|goes|get|gets|come|comes|move|moves|turn|turns|return|returns|end up|ends up|change|switch)(?: (?:pulled|sent|put|set|moved|taken|given|brought|turned|marked|changed|reset|handed))?(?: (?:directly|straight|right))?(?: back| again)?(?: (?:to|into|as|in))?(?: (?:being|the))? (.+)$/i;
const BARE_STEP = /^(.+?)(?: (?:it|they|one)(?: can)? (?:goes?|moves?|changes?|comes?))?(?: back)? (?:to|into) (.+?)(?: only)?$/i;
const ONLY_FROM =
  /^(?:.+? )?(?:can|may) (?:also )?be (?:also )?(\w+)(?: by .*?)?,? (?:but )?(?:only )?(?:when|if|while|from)(?: it is| they are| it's)? (?:still )?([\w ]+?)$/i;
const OTHERWISE =
  /^(?:(?:if|when|whenever) .+?,? (?:it's|it is|they're|they are|it becomes|it gets|it counts as)|or|otherwise(?: it's| it is)?) (?:marked (?:as )?)?(?:an? )?([\w-]+(?: show)?)(?:,? (?:if|when)\b.*)?$/i;
const APART =
  /[,;]?\s+but (?=\w+ (?:is|are|can't|cannot) )|[,;]\s*(?=(?:nobody|nothing|no one|never)\b)|[,;]\s*(?:and |but )?(?=(?:either|any|an?|the|only|from|it|they|something|[\w ]+ to )\b)|,? (?:and|but) (?=(?:an? |the |either |any )[\w ]+ (?:can|may|could)\b)/i;

/** Reads single steps; answers whether there was one. `near`: the lists that may be meant, the likeliest first. */
export function readSteps(draft: Draft, clause: string, near: readonly Entity[]): boolean {
  const entities = near.filter((one) => stateField(one) !== undefined);
  const bare = clause.replace(/^[\w ]{2,30}: /, '').split(/,\s*/);
  for (const entity of entities) {
    const pairs = bare.map((one) => {
      const [, from = '', to = ''] = BARE_STEP.exec(one.replace(REST, '').trim()) ?? [];
      return [fromStates(entity, from), stateNamed(entity, to)] as const;
    });
    const [head] = pairs;
    if (head?.[0] && head[1] !== undefined) {
      for (const [from, to] of pairs) if (from && to !== undefined) for (const one of from) step(draft, entity, one, to);
      return true;
    }
  }
  const [, state = '', start = ''] = ONLY_FROM.exec(clause) ?? [];
  for (const entity of entities) {
    const from = stateNamed(entity, start.split(/,| and | but /)[0] ?? '');
    if (from === undefined || !isState(state)) continue;
    return putStory(draft, entity, [[from], [state]]);
  }
  if (readAnyTime(draft, clause, entities)) return true;
  const other = OTHERWISE.exec(clause)?.[1] ?? '';
  const [told] = entities.filter((one) => one.lifecycle !== null);
  const first = told?.lifecycle?.transitions[0]?.from;
  if (told && first !== undefined && isState(other)) return putStory(draft, told, [[first], [stateNamed(told, other) ?? stateWords(other)]]);
  return clause
    .split(APART)
    .map((part) => readStep(draft, part.trim(), entities))
    .includes(true);
}

const ANY_TIME =
  /\b(?:can|may|could) (?:also |still )?(?:be )?(\w+(?: (?:off|out|down|up|back))?)(?: by .*?)?,? (?:at )?any (?:time|point|moment|stage)(?:,? (?:before|until|till|up to)(?: (?:it|they)(?:'s| is| are| has been)?)? (.+))?$/i;

/** "Can be cancelled any time before it's collected": from every state that comes earlier. */
function readAnyTime(draft: Draft, clause: string, entities: readonly Entity[]): boolean {
  const [, word = '', before = ''] = ANY_TIME.exec(clause) ?? [];
  const [told] = entities.filter((one) => one.lifecycle !== null);
  const field = told && stateField(told);
  if (!told || !field || !isState(word)) return false;
  const limit = before === '' ? undefined : stateNamed(told, before);
  const course = field.choices.filter((one) => stepsOf(told).some((each) => each.from === one || each.to === one));
  const upTo = limit === undefined ? course.length : course.indexOf(limit);
  const from = course
    .slice(0, upTo)
    .filter((one) => !sameState(one, word) && (limit !== undefined || stepsOf(told).some((each) => each.from === one)));
  return from.length > 0 && putStory(draft, told, [from, [stateNamed(told, word) ?? word.toLowerCase()]]);
}

function readStep(draft: Draft, part: string, entities: readonly Entity[]): boolean {
  const [, subject = '', object = ''] = STEP.exec(part) ?? [];
  if (
    subject === '' ||
    /^only\b|\bby (?:the|an?|its|their) \w+/i.test(part) ||
    /\b(?:not|never|cannot|nothing|nobody|no|without)\b|n't\b/i.test(part)
  )
    return false;
  for (const entity of entities) {
    const from = fromStates(entity, subject);
    const told = object.split(NEXT).flatMap((one) => one.split(/ and (?=\w+$)/));
    const groups = told.map((one) => statesIn(entity, one, /\b(?:can|may) (?:also )?(?:go|move|change) to\b/i.test(part)));
    if (!from || groups.length === 0 || groups.some((one) => one === null)) continue;
    return putStory(draft, entity, [from.filter((one) => !groups[0]?.includes(one)), ...groups.flatMap((one) => (one ? [one] : []))]);
  }
  return false;
}

function step(draft: Draft, entity: Entity, from: string, to: string): void {
  const field = stateField(entity);
  if (field && from !== to) putStep(draft, entity, field.name, from, to);
}
