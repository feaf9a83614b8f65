import { describeType, withArticle } from '../requirements/requirements.js';
import { nameOf } from '../requirements/names.js';
import type { Contradiction, Draft } from './draft.js';
import { readDocument } from './document.js';
import { fieldSentence } from './field-sentence.js';
import { splitItems } from './split-items.js';
import { openIn } from './proposals.js';
import type { Dealt, Proposal, Statement } from './proposals.js';
import { article, capital, listed } from './words.js';

/*
 * What the analyst asks, the most essential first: what is recorded, what contradicts itself, who signs in, and then whether what
 * it made of single statements is right.
 */

export interface Question {
  readonly about: 'things' | 'contradiction' | 'fields' | 'sign_in' | 'guess' | 'unread';
  readonly question: string;
  /** A sentence that can be sent back as an answer. */
  readonly proposal: string;
  readonly contradiction?: Contradiction;
  /** What is built where the person agrees, and by no means without them. */
  readonly guess?: Proposal;
  /** Statements that are left out unless the person says them in other words. */
  readonly statements?: readonly Statement[];
}

/** Statements that one question asks about at most. */
const STATEMENTS = 3;

const LEAVE_OUT = 'skip';

/** What is still open about these texts; what the person dealt with is not asked again. */
export function questionsFor(draft: Draft, texts: readonly string[], dealt: Dealt): Question[] {
  const essential = essentialQuestions(draft);
  if (draft.schema.entities.length === 0) return essential;
  const { proposals, unread } = openIn(draft, texts, dealt);
  return [...essential, ...proposals.map(proposing), ...asking(draft, unread)];
}

const proposing = (guess: Proposal): Question => ({
  about: 'guess',
  question: `You wrote: ${quoted(guess.said)}. Is this what you mean?`,
  proposal: guess.sentences.join(' ').slice(0, 2_000),
  guess,
});

/** What could not be read at all is asked once, all together, with examples of how to say it. */
function asking({ schema }: Draft, unread: readonly Statement[]): Question[] {
  if (unread.length === 0) return [];
  const some = unread.slice(0, STATEMENTS);
  const largest = [...schema.entities].sort((a, b) => b.fields.length - a.fields.length)[0];
  const many = nameOf(largest?.label_plural ?? 'records');
  const [them, each] = some.length > 1 ? ['these', ' of them'] : ['this', ''];
  return [
    {
      about: 'unread',
      question:
        `I do not know how to build ${them}: ${some.map(({ said }) => quoted(said)).join('; ')}. ` +
        `Say what you need${each} in one plain sentence, such as "Only a manager may delete ${many}" or "Show the ${many} of this month", or "skip".`,
      proposal: LEAVE_OUT,
      statements: some,
    },
  ];
}

const quoted = (said: string): string => `"${said.length > 200 ? `${said.slice(0, 200)}...` : said}"`;

/** "The number, where it stands and who looks after it", said when asked what to note about a hive, is about hives. */
export function underQuestion(text: string, questions: readonly Question[], draft: Draft): string {
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

/** Lists of which nothing is known but their name. */
const bareEntities = (draft: Draft): Draft['schema']['entities'] =>
  draft.schema.entities.filter(
    (entity) => !draft.described.has(entity.name) && entity.fields.some((field) => draft.assumedFields.has(`${entity.name}.${field.name}`)),
  );

/** Words for an app that several people use, so that it matters who may. */
const SEVERAL_PEOPLE =
  /\b(?:we|our|us|team|club|society|members?|staff|colleagues?|employees?|volunteers?|everyone|everybody|family|people|group|office|school|company|students?|teachers?|clients?|customers?|users?)\b/i;

/** What is open whatever single statements mean. */
function essentialQuestions(draft: Draft): Question[] {
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
