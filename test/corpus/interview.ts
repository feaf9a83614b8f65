import type { Brain } from '#agents';
import type { AnalystTurn, DatabaseSchema, ImplementationPlan, SoftwareSpecification } from '#contracts';
import { contextOf, conversation } from '../../libs/agents/src/template/testing.js';
import type { CorpusIdea } from './format.js';

/** What came of an idea: everything the analyst said, what was specified, and the architect's model of it. */
export interface Interview {
  readonly turns: readonly AnalystTurn[];
  readonly specification: SoftwareSpecification;
  readonly plan: ImplementationPlan;
  readonly schema: DatabaseSchema;
}

/** Turns after which a person would give up. */
const PATIENCE = 6;

export const CONTEXT = contextOf();

/** Talks an idea through with a brain's analyst as its author would, and has the architect plan what was specified. */
export async function interview(brain: Brain, idea: CorpusIdea): Promise<Interview> {
  const turns: AnalystTurn[] = [];
  let held = conversation(idea.idea);
  for (;;) {
    const turn = await brain.converse(held, CONTEXT);
    turns.push(turn);
    if (turn.ready || turns.length >= PATIENCE) break;
    const said = [
      { author: 'analyst' as const, content: turn.message },
      { author: 'person' as const, content: reply(idea, turn) },
    ];
    held = { ...held, messages: [...held.messages, ...said] };
  }
  const specification = await brain.specify({ ...held, purpose: 'specify', finalized: true }, CONTEXT);
  const plan = await brain.plan({ specification, revision: null }, CONTEXT);
  return { turns, specification, plan, schema: plan.database_schema };
}

/** What the author answers: their own words where a question is about something they have in mind, otherwise "yes". */
function reply({ answers }: CorpusIdea, { questions }: AnalystTurn): string {
  const own = questions.flatMap(({ question }) => answers.find(({ about }) => new RegExp(about, 'i').test(question))?.answer ?? []);
  return own.length > 0 ? own.join('\n') : 'yes';
}
