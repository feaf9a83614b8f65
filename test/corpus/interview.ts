import type { Brain } from '#agents';
import type { AnalystTurn, DatabaseSchema, ImplementationPlan, RequirementsConversation, SoftwareSpecification } from '#contracts';
import { contextOf, conversation } from '../../libs/agents/src/template/testing.js';
import type { CorpusIdea } from './format.js';
import { score } from './score.js';

/** What came of an idea: everything the analyst said, what was specified, and the architect's model of it. */
export interface Interview {
  readonly turns: readonly AnalystTurn[];
  readonly specification: SoftwareSpecification;
  readonly plan: ImplementationPlan;
  readonly schema: DatabaseSchema;
  /** How many guesses were put to the author, and how many of these were agreed to. */
  readonly proposed: number;
  readonly agreed: number;
}

/** Turns after which a person would give up. */
const PATIENCE = 6;

export const CONTEXT = contextOf();

type Question = AnalystTurn['questions'][number];

/** What is specified and planned from the text alone: nobody answers anything. */
export const unasked = (brain: Brain, idea: CorpusIdea): Promise<Interview> =>
  outcome(brain, conversation(idea.idea), [], { proposed: 0, agreed: 0 });

interface Told {
  readonly brain: Brain;
  readonly idea: CorpusIdea;
  readonly held: RequirementsConversation;
  readonly turn: AnalystTurn;
  readonly counts: { proposed: number; agreed: number };
}
/** What an author says to the analyst. */
export type Reply = (told: Told) => Promise<string>;

/** Weighs every proposal: see {@link Author}. Takes its time, as each is planned with and without. */
export const weighing: Reply = ({ brain, idea, held, turn, counts }) => new Author(brain, idea, held, turn, counts).reply();

/** Answers in their own words what they have in mind, and skips everything else. */
export const brief: Reply = ({ idea, turn: { questions } }) =>
  Promise.resolve(questions.map(({ question }, at) => ownWords(idea, question) ?? `${at + 1}: skip`).join('\n') || 'skip');

const ownWords = ({ answers }: CorpusIdea, question: string): string | undefined =>
  answers.find(({ about }) => new RegExp(about, 'i').test(question))?.answer;

/** Talks an idea through with a brain's analyst as its author would, and has the architect plan what was specified. */
export async function interview(brain: Brain, idea: CorpusIdea, reply: Reply): Promise<Interview> {
  const turns: AnalystTurn[] = [];
  const counts = { proposed: 0, agreed: 0 };
  let held = conversation(idea.idea);
  for (;;) {
    const turn = await brain.converse(held, CONTEXT);
    turns.push(turn);
    if (turn.ready || turns.length >= PATIENCE) break;
    const content = await reply({ brain, idea, held, turn, counts });
    held = { ...held, messages: [...held.messages, { author: 'analyst' as const, content: turn.message }, { author: 'person' as const, content }] };
  }
  return outcome(brain, held, turns, counts);
}

async function outcome(
  brain: Brain,
  held: RequirementsConversation,
  turns: readonly AnalystTurn[],
  counts: { readonly proposed: number; readonly agreed: number },
): Promise<Interview> {
  const specification = await brain.specify({ ...held, purpose: 'specify', finalized: true }, CONTEXT);
  const plan = await brain.plan({ specification, revision: null }, CONTEXT);
  return { turns, specification, plan, schema: plan.database_schema, ...counts };
}

/**
 * Somebody who knows what they want and reads what they are asked: they agree to a proposal where it brings the app nearer to what
 * they expect.
 */
class Author {
  private base: Interview | null = null;

  constructor(
    private readonly brain: Brain,
    private readonly idea: CorpusIdea,
    private readonly held: RequirementsConversation,
    private readonly turn: AnalystTurn,
    private readonly counts: { proposed: number; agreed: number },
  ) {}

  async reply(): Promise<string> {
    const { questions } = this.turn;
    const said: string[] = [];
    for (const [at, question] of questions.entries()) said.push(await this.answer(question, at + 1));
    return said.length > 0 ? said.join('\n') : 'yes';
  }

  private async answer({ question, proposal, unsure }: Question, number: number): Promise<string> {
    const own = ownWords(this.idea, question);
    const before = await this.specified();
    const after = await this.with(before, sentencesOf(proposal));
    if (JSON.stringify(after.schema) === JSON.stringify(before.schema))
      return own ?? `${number}: ${(await this.isBetterRefused(before)) ? 'no' : 'yes'}`;
    if (unsure) this.counts.proposed += 1;
    if (this.nearness(after) <= this.nearness(before)) return own ?? `${number}: no`;
    if (unsure) this.counts.agreed += 1;
    return `${number}: yes`;
  }

  private nearness(held: Interview): number {
    const { found, extra } = score(this.idea, held);
    return Object.values(found).reduce((sum, one) => sum + one, 0) - extra.length / 2;
  }

  private async specified(): Promise<Interview> {
    this.base ??= await outcome(this.brain, this.held, [], this.counts);
    return this.base;
  }

  /** What would be planned if the specification said this as well. */
  private async with(before: Interview, sentences: readonly string[]): Promise<Interview> {
    const specification = { ...before.specification, requirements: [...before.specification.requirements, ...sentences] };
    const plan = await this.brain.plan({ specification, revision: null }, CONTEXT);
    return { ...before, specification: before.specification, plan, schema: plan.database_schema };
  }

  /** Where a proposal changes nothing: whether "no" brings the app nearer than "yes". */
  private async isBetterRefused(before: Interview): Promise<boolean> {
    if (this.turn.questions.length > 1 && before.schema.auth.sign_in === this.idea.expect.sign_in) return false;
    const said = async (content: string): Promise<number> => {
      const messages = [...this.held.messages, { author: 'analyst' as const, content: this.turn.message }, { author: 'person' as const, content }];
      return this.nearness(await outcome(this.brain, { ...this.held, messages }, [], this.counts));
    };
    return (await said('no')) > (await said('yes'));
  }
}

/** The sentences of a proposal; a dot inside quotation marks or a number ends none. */
const sentencesOf = (proposal: string): string[] =>
  (proposal.match(/(?:[^."]|"(?:[^"\\]|\\.)*"|\.(?=\d))+\.?/g) ?? []).map((one) => one.trim()).filter((one) => one !== '');
