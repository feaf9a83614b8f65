import type { RequirementsConversation } from '#contracts';
import { sideOf } from './contradictions.js';
import { remember } from './draft.js';
import type { Draft } from './draft.js';
import type { Proposal, Statement } from './proposals.js';
import { questionsFor, underQuestion } from './questions.js';
import type { Question } from './questions.js';
import { moodOf, readReply } from './replies.js';
import type { Reply, Verdict } from './replies.js';
import { setSignIn } from '../requirements/requirements.js';
import { remembered } from './remembered.js';
import { amend, build, settleAnyway, understand } from './understand.js';

/*
 * A requirements chat read from its beginning: the draft, what is still open, and what the last message did.
 */

export interface Reading {
  readonly draft: Draft;
  /** What the model was before the person's last answer; null where there was none. */
  readonly before: Pick<Draft, 'schema' | 'signInSaid'> | null;
  /** What is open and was not asked yet, the most essential first. */
  readonly questions: readonly Question[];
  /** True where a person has answered the analyst at least once. */
  readonly answered: boolean;
  /** Whether the person's last message could be made use of. */
  readonly lastUnderstood: boolean;
  /** Statements of which something was proposed, and nothing is built. */
  readonly left: readonly Statement[];
}

/** More questions than this at once are not answered. */
export const QUESTIONS_AT_ONCE = 3;

/** Messages that may hold proposals; what is open then is listed as not built. */
const ROUNDS = 4;

type Settled = ReadonlyMap<string, 0 | 1>;

/** A draft of its own of what an idea says; an idea is read once for all turns of its chat. */
const draftOf = (idea: string, settled: Settled = new Map()): Draft => structuredClone(firstReading(JSON.stringify([idea, [...settled]])));

const firstReading = remembered(20, (key: string): Draft => {
  const [idea, settled] = JSON.parse(key) as [string, [string, 0 | 1][]];
  return understand(idea, new Map(settled));
});

/** Reads idea and messages in their order. */
export function readConversation(conversation: RequirementsConversation): Reading {
  const talk = new Talk(ideaOf(conversation));
  for (const message of conversation.messages) {
    const said = message.content.trim();
    if (message.author === 'analyst') talk.ask();
    else if (said !== '' && said !== conversation.product_idea.trim()) talk.answer(said);
  }
  return talk.reading();
}

/** The idea with what a generation specification adds to it in words. */
export function ideaOf({ product_idea: idea, generation_spec: spec }: RequirementsConversation): string {
  if (spec === null) return idea;
  const title = spec.brief.title.replace(/"/g, '').trim();
  const words = [spec.brief.details, spec.brief.goals, spec.global_notes, ...spec.pages.map((page) => page.notes)];
  return [idea, ...(title === '' ? [] : [`The app is called "${title}".`]), ...words.filter((one) => one.trim() !== '')].join('\n');
}

/** A chat as it goes on: what was asked, and what the answers made of the draft. */
class Talk {
  private draft: Draft;
  /** What the answers did, in their order, to be done again where a contradiction is settled otherwise. */
  private readonly changes: ((draft: Draft) => void)[] = [];
  private readonly settled = new Map<string, 0 | 1>();
  private readonly asked = new Set<string>();
  /** What the person agreed to or does not want. */
  readonly proposed: Proposal[] = [];
  /** Statements that the person left or said in other words. */
  readonly left = new Set<string>();
  /** What the person wrote, in which statements may be open. */
  private readonly texts: string[];
  private before: Reading['before'] = null;
  private open: Question[] = [];
  private rounds = 0;
  private begun = false;
  private answered = false;
  private lastUnderstood = true;

  constructor(private readonly idea: string) {
    this.draft = draftOf(idea);
    this.texts = [idea];
  }

  ask(): void {
    this.begun = true;
    this.open = this.questions().slice(0, QUESTIONS_AT_ONCE);
    if (this.open.some(({ guess }) => guess !== undefined)) this.rounds += 1;
    for (const { question } of this.open) this.asked.add(question);
  }

  answer(said: string): void {
    this.before = { schema: structuredClone(this.draft.schema), signInSaid: this.draft.signInSaid };
    this.lastUnderstood = this.take(said);
    if (this.begun) this.answered = true;
  }

  reading(): Reading {
    const { draft, before, answered, lastUnderstood } = this;
    const all = this.everything();
    return { draft, before, questions: this.unasked(all), answered, lastUnderstood, left: this.leftOut(all) };
  }

  private questions(): Question[] {
    return this.unasked(this.everything());
  }

  private unasked(all: readonly Question[]): Question[] {
    return all.filter(
      ({ question, contradiction, guess }) =>
        !this.asked.has(question) && !(contradiction && this.settled.has(contradiction.about)) && !(guess && this.rounds >= ROUNDS),
    );
  }

  private everything(): Question[] {
    return questionsFor(this.draft, this.texts, this);
  }

  /** Statements of which something was proposed and nothing is built. */
  private leftOut(open: readonly Question[]): Statement[] {
    const built = new Set([...this.draft.sources.values(), ...this.draft.understood]);
    return [...this.proposed, ...open.flatMap(({ guess }) => guess ?? [])].filter(
      ({ said }, at, all) => !built.has(said) && all.findIndex((one) => one.said === said) === at,
    );
  }

  private change(apply: (draft: Draft) => void): void {
    this.changes.push(apply);
    apply(this.draft);
  }

  private take(said: string): boolean {
    const reply = readReply(said, this.open.length);
    if (reply === null) return moodOf(said) !== null || this.takeWords(said);
    const whole = reply.verdicts.length > 1 && moodOf(said) !== null;
    const agreed = reply.verdicts.map((verdict) => this.takeVerdict(verdict, whole));
    return (reply.rest === '' || this.takeWords(reply.rest, reply)) && !agreed.includes(false);
  }

  /** Takes what is said to one question, or to all at once (`whole`). */
  private takeVerdict(verdict: Verdict, whole: boolean): boolean {
    const question = this.open[verdict.question];
    if (!question) return true;
    if (verdict.kind === 'words') {
      if (question.guess) this.proposed.push(question.guess);
      return this.takeWords(verdict.words);
    }
    if (question.guess) this.takeGuess(question.guess, verdict.kind === 'yes');
    else if (question.statements) for (const { said } of question.statements) this.left.add(said);
    else if (question.contradiction) this.settled.set(question.contradiction.about, 1);
    else if (question.about === 'sign_in' && verdict.kind === 'no' && !whole) this.change((draft) => setSignIn(draft, !draft.schema.auth.sign_in));
    else if (question.about !== 'things' || verdict.kind !== 'no') this.change((draft) => accept(draft, question));
    return true;
  }

  /** Builds what was agreed to; what is not wanted is not proposed again. */
  private takeGuess(guess: Proposal, agreed: boolean): void {
    this.proposed.push(guess);
    if (agreed) this.change((draft) => build(draft, guess.sentences, guess.said));
  }

  /** Takes words that are no verdict on a question: what they add, correct or settle. */
  private takeWords(said: string, reply?: Reply): boolean {
    const text = said.replace(OPENING, '');
    const agreed = reply === undefined && text !== said && !/^no/i.test(said);
    const rest = this.settle(text);
    const before = JSON.stringify([this.draft.schema, this.draft.signInSaid, this.draft.outOfScope]);
    const answer = rest === '' ? '' : underQuestion(rest, this.open, this.draft);
    if (answer !== '')
      this.change((draft) => {
        if (!amend(draft, answer) && draft.schema.entities.length === 0) amend(draft, `Track ${answer}`);
      });
    const understood = rest !== text || JSON.stringify([this.draft.schema, this.draft.signInSaid, this.draft.outOfScope]) !== before;
    if (rest !== '' && this.begun) this.texts.push(rest);
    for (const { statements } of this.open) for (const one of statements ?? []) this.left.add(one.said);
    if (agreed) this.agreeToRest();
    const proposed = !understood && this.questions().some(({ guess }) => guess !== undefined && rest.includes(guess.said));
    return understood || agreed || proposed;
  }

  /** "Yes, and ...": what was asked and is still open is taken as proposed. */
  private agreeToRest(): void {
    const still = this.everything();
    const isOpen = (one: Question): boolean => still.some((open) => open.question === one.question || (open.about === one.about && !one.guess));
    for (const question of this.open.filter(isOpen))
      if (question.guess) this.takeGuess(question.guess, true);
      else this.change((draft) => accept(draft, question));
  }

  /** Takes what an answer says about contradictions; answers the lines that say something else. */
  private settle(text: string): string {
    const open = this.open.flatMap(({ contradiction }) => contradiction ?? []);
    if (open.length === 0) return text;
    const rest = text.split('\n').filter((line) => {
      const about = open.find(
        (one) => !this.settled.has(one.about) && (open.length === 1 || one.words.some((word) => line.toLowerCase().includes(word))),
      );
      const side = about ? sideOf(about, line) : null;
      if (about && side !== null) this.settled.set(about.about, side);
      return side === null;
    });
    if ([...this.settled.values()].includes(0)) {
      this.draft = draftOf(this.idea, this.settled);
      for (const apply of this.changes) apply(this.draft);
    }
    return rest.join('\n');
  }
}

/** What an answer begins with before it says something of its own. */
const OPENING = /^(?:yes|yeah|ok|okay|sure|fine|good|great|no|nope)\s*[,.!:;-]+\s*(?:(?:and|but)\s+)?/i;

function accept(draft: Draft, question: Question): void {
  if (question.about === 'things') settleAnyway(draft, draft.context);
  if (question.about === 'things') for (const entity of draft.schema.entities) draft.described.add(entity.name);
  if (question.about === 'sign_in') setSignIn(draft, false);
  if (question.about === 'fields') for (const entity of draft.schema.entities) draft.described.add(entity.name);
  draft.sentence = question.proposal;
  if (question.about === 'sign_in') remember(draft, 'sign_in');
  draft.sentence = '';
}
