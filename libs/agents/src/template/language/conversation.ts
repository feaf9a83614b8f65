import type { RequirementsConversation } from '#contracts';
import { remember } from './draft.js';
import type { Draft } from './draft.js';
import { describeType, setSignIn, withArticle } from '../requirements/requirements.js';
import { amend, settleAnyway, understand } from './understand.js';
import { article, capital, listed } from './words.js';

/*
 * A requirements chat read from its beginning: the draft, what is still open, and what the last message did.
 */

export interface Question {
  readonly about: 'things' | 'fields' | 'sign_in';
  readonly question: string;
  /** In the controlled English of requirements, so that it can be sent back as an answer. */
  readonly proposal: string;
}

export interface Reading {
  readonly draft: Draft;
  readonly questions: readonly Question[];
  /** True where a person has answered the analyst at least once. */
  readonly answered: boolean;
  /** What the person's last message changed; null where it was understood as no change. */
  readonly lastUnderstood: boolean;
}

const ACCEPT =
  /^(?:yes|yep|yeah|ok|okay|sure|fine|good|great|perfect|right|correct|agreed|exactly|sounds good|looks good|that's (?:right|fine|it|all|good)|go ahead|do it|as you (?:propose|suggest|say)|take (?:it|them|your proposals?)|i agree|all good|please do|both|all of them|as proposed)(?: (?:please|thanks|thank you|to all|with (?:all|that|everything)))?[.! ]*$/i;
const DECLINE =
  /^(?:no|nope|skip|none|nothing|nothing (?:else|more)|no thanks?(?: you)?|don't (?:know|care|mind)|i don't (?:know|care|mind)|whatever|you (?:decide|choose)|up to you|any|not needed|pass|no more|that is all|not really|n\/a|-)[.! ]*$/i;

/** Reads idea and messages in their order. */
export function readConversation(conversation: RequirementsConversation): Reading {
  const idea = ideaOf(conversation);
  const draft = understand(idea);
  let answered = false;
  let asked = false;
  let lastUnderstood = true;
  for (const message of conversation.messages) {
    if (message.author === 'analyst') {
      asked = true;
      continue;
    }
    const said = message.content.trim();
    if (said === '' || said === conversation.product_idea.trim()) continue;
    lastUnderstood = takeAnswer(draft, said, asked ? questionsFor(draft) : []);
    if (asked) answered = true;
  }
  return { draft, questions: questionsFor(draft), answered, lastUnderstood };
}

/** The idea with what a generation specification adds to it in words. */
export function ideaOf({ product_idea: idea, generation_spec: spec }: RequirementsConversation): string {
  if (spec === null) return idea;
  const title = spec.brief.title.replace(/"/g, '').trim();
  const words = [spec.brief.details, spec.brief.goals, spec.global_notes, ...spec.pages.map((page) => page.notes)];
  return [idea, ...(title === '' ? [] : [`The app is called "${title}".`]), ...words.filter((one) => one.trim() !== '')].join('\n');
}

function takeAnswer(draft: Draft, said: string, questions: readonly Question[]): boolean {
  if (ACCEPT.test(said)) {
    for (const question of questions) accept(draft, question);
    return true;
  }
  if (DECLINE.test(said)) {
    const only = questions.length === 1 ? questions[0] : undefined;
    if (only?.about === 'sign_in' && /^no/i.test(said)) setSignIn(draft, !draft.schema.auth.sign_in);
    else for (const question of questions.filter((one) => one.about !== 'things' || !/^no/i.test(said))) accept(draft, question);
    return true;
  }
  const text = said.replace(/^(?:yes|yeah|ok|okay|sure|fine|good|great|no)\s*[,.!:;-]+\s*(?:(?:and|but)\s+)?/i, '');
  const agreed = text !== said && !/^no/i.test(said);
  const understood = amend(draft, text) || (draft.schema.entities.length === 0 && amend(draft, `Track ${text}`));
  if (agreed) for (const question of questionsFor(draft).filter((one) => questions.some((open) => open.about === one.about))) accept(draft, question);
  return understood || agreed;
}

function accept(draft: Draft, question: Question): void {
  if (question.about === 'things') settleAnyway(draft, draft.context);
  if (question.about === 'sign_in') setSignIn(draft, false);
  if (question.about === 'fields') for (const entity of draft.schema.entities) draft.described.add(entity.name);
  draft.sentence = question.proposal;
  if (question.about === 'sign_in') remember(draft, 'sign_in');
  draft.sentence = '';
}

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
  const questions: Question[] = [];
  const open = schema.entities.filter(
    (entity) => !draft.described.has(entity.name) && entity.fields.some((field) => draft.assumedFields.has(`${entity.name}.${field.name}`)),
  );
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
  if (!draft.signInSaid)
    questions.push({
      about: 'sign_in',
      question: 'Who may use the app: everybody who can open its address, or only people who sign in?',
      proposal: 'Nobody needs to sign in.',
    });
  return questions;
}
