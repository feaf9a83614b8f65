import type { RequirementsConversation } from '#contracts';
import { sideOf } from './contradictions.js';
import { readDocument } from './document.js';
import { remember } from './draft.js';
import type { Contradiction, Draft } from './draft.js';
import { fieldSentence } from './field-sentence.js';
import { splitItems } from './items.js';
import { describeType, setSignIn, withArticle } from '../requirements/requirements.js';
import { amend, settleAnyway, understand } from './understand.js';
import { article, capital, listed } from './words.js';

/*
 * A requirements chat read from its beginning: the draft, what is still open, and what the last message did.
 */

export interface Question {
  /** What is asked, so that nothing is asked twice. */
  readonly about: 'things' | 'contradiction' | 'fields' | 'sign_in';
  readonly question: string;
  /** A sentence that can be sent back as an answer. */
  readonly proposal: string;
  readonly contradiction?: Contradiction;
}

export interface Reading {
  readonly draft: Draft;
  /** What is open and was not asked yet, the most essential first. */
  readonly questions: readonly Question[];
  /** True where a person has answered the analyst at least once. */
  readonly answered: boolean;
  /** What the person's last message changed; null where it was understood as no change. */
  readonly lastUnderstood: boolean;
}

/** More questions than this at once are not answered. */
export const QUESTIONS_AT_ONCE = 3;

const ACCEPT =
  /^(?:yes|yep|yeah|ok|okay|sure|fine|good|great|perfect|right|correct|agreed|exactly|sounds good|looks good|that's (?:right|fine|it|all|good)|go ahead|do it|as you (?:propose|suggest|say)|take (?:it|them|your proposals?)|i agree|all good|please do|both|all of them|as proposed)(?: (?:please|thanks|thank you|to all|with (?:all|that|everything)))?[.! ]*$/i;
const DECLINE =
  /^(?:no|nope|skip|none|nothing|nothing (?:else|more)|no thanks?(?: you)?|don't (?:know|care|mind)|i don't (?:know|care|mind)|whatever|you (?:decide|choose)|up to you|any|not needed|pass|no more|that is all|not really|n\/a|-)[.! ]*$/i;

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
  private open: Question[] = [];
  private begun = false;
  private answered = false;
  private lastUnderstood = true;

  constructor(private readonly idea: string) {
    this.draft = understand(idea);
  }

  ask(): void {
    this.begun = true;
    this.open = this.questions().slice(0, QUESTIONS_AT_ONCE);
    for (const { question } of this.open) this.asked.add(question);
  }

  answer(said: string): void {
    this.lastUnderstood = this.take(said);
    if (this.begun) this.answered = true;
  }

  reading(): Reading {
    const { draft, answered, lastUnderstood } = this;
    return { draft, questions: this.questions(), answered, lastUnderstood };
  }

  private questions(): Question[] {
    return questionsFor(this.draft).filter(
      ({ question, contradiction }) => !this.asked.has(question) && !(contradiction && this.settled.has(contradiction.about)),
    );
  }

  private change(apply: (draft: Draft) => void): void {
    this.changes.push(apply);
    apply(this.draft);
  }

  private take(said: string): boolean {
    if (ACCEPT.test(said) || DECLINE.test(said)) {
      const negative = /^no\b/i.test(said);
      for (const question of this.open) {
        if (question.contradiction) this.settled.set(question.contradiction.about, 1);
        else if (question.about === 'sign_in' && DECLINE.test(said) && negative && this.open.length === 1)
          this.change((draft) => setSignIn(draft, !draft.schema.auth.sign_in));
        else if (question.about !== 'things' || !negative) this.change((draft) => accept(draft, question));
      }
      return true;
    }
    const text = said.replace(/^(?:yes|yeah|ok|okay|sure|fine|good|great|no)\s*[,.!:;-]+\s*(?:(?:and|but)\s+)?/i, '');
    const agreed = text !== said && !/^no/i.test(said);
    const rest = this.settle(text);
    const before = JSON.stringify([this.draft.schema, this.draft.signInSaid, this.draft.outOfScope]);
    const answer = rest === '' ? '' : underQuestion(rest, this.open, this.draft);
    if (answer !== '')
      this.change((draft) => {
        if (!amend(draft, answer) && draft.schema.entities.length === 0) amend(draft, `Track ${answer}`);
      });
    const understood = rest !== text || JSON.stringify([this.draft.schema, this.draft.signInSaid, this.draft.outOfScope]) !== before;
    const still = questionsFor(this.draft);
    if (agreed)
      for (const question of this.open.filter((one) => still.some((open) => open.about === one.about)))
        this.change((draft) => accept(draft, question));
    return understood || agreed;
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
      this.draft = understand(this.idea, this.settled);
      for (const apply of this.changes) apply(this.draft);
    }
    return rest.join('\n');
  }
}

/** "The number, where it stands and who looks after it", said when asked what to note about a hive, is about hives. */
function underQuestion(text: string, questions: readonly Question[], draft: Draft): string {
  const bare = bareEntities(draft);
  const entity = bare[0];
  if (!entity || bare.length > 1 || !questions.some((one) => one.about === 'fields')) return text;
  const lines = text.split('\n').map((line) =>
    readDocument(line)
      .map((passage) => {
        const list =
          passage.topic === null &&
          fieldSentence(draft, passage.text) === null &&
          splitItems(passage.text).length > 1 &&
          !/\b(?:log ?in|sign ?in|logins?|passwords?)\b/i.test(passage.text);
        return list && !/^(?:also|add|remove|no|not|i|we|it|they|just)\b/i.test(passage.text)
          ? `${capital(entity.label_plural)}: ${passage.text}.`
          : `${passage.said}.`;
      })
      .join(' '),
  );
  return lines.some((line) => line.startsWith(`${capital(entity.label_plural)}: `)) ? lines.join('\n') : text;
}

function accept(draft: Draft, question: Question): void {
  if (question.about === 'things') settleAnyway(draft, draft.context);
  if (question.about === 'things') for (const entity of draft.schema.entities) draft.described.add(entity.name);
  if (question.about === 'sign_in') setSignIn(draft, false);
  if (question.about === 'fields') for (const entity of draft.schema.entities) draft.described.add(entity.name);
  draft.sentence = question.proposal;
  if (question.about === 'sign_in') remember(draft, 'sign_in');
  draft.sentence = '';
}

const bareEntities = (draft: Draft): Draft['schema']['entities'] =>
  draft.schema.entities.filter(
    (entity) => !draft.described.has(entity.name) && entity.fields.some((field) => draft.assumedFields.has(`${entity.name}.${field.name}`)),
  );

/** Words for an app that several people use, so that it matters who may. */
const SEVERAL_PEOPLE =
  /\b(?:we|our|us|team|club|society|members?|staff|colleagues?|employees?|volunteers?|everyone|everybody|family|people|group|office|school|company|students?|teachers?|clients?|customers?|users?)\b/i;

/** What is still open, the most essential first; each with a proposal. */
export function questionsFor(draft: Draft): Question[] {
  const { schema } = draft;
  if (schema.entities.length === 0) {
    return [
      {
        about: 'things',
        question: 'What should the app keep records of, and what should be noted about each?',
        proposal: 'The app keeps a list of entries. An entry has a title (text, required), a date (date) and text (long text).',
      },
    ];
  }
  const questions: Question[] = draft.contradictions.map((contradiction) => ({
    about: 'contradiction',
    question: contradiction.question,
    proposal: contradiction.proposal,
    contradiction,
  }));
  const open = bareEntities(draft);
  if (open.length > 0) {
    const proposal = open.map((entity) => {
      const fields = entity.fields.map((field) => `${withArticle(field.label)} (${describeType(schema, field)})`);
      return `${capital(article(entity.label))} has ${listed(fields)}.`;
    });
    questions.push({
      about: 'fields',
      question: `What should be noted about ${listed(open.map((entity) => `each ${entity.label}`))}?`,
      proposal: proposal.join(' ').slice(0, 2_000),
    });
  }
  if (!draft.signInSaid && SEVERAL_PEOPLE.test(draft.context))
    questions.push({
      about: 'sign_in',
      question: 'Who may use the app: everybody who can open its address, or only people who sign in?',
      proposal: 'Nobody needs to sign in.',
    });
  return questions;
}
