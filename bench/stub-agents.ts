import type { Brain, WrittenCode } from '#agents';
import { databaseSchema } from '#contracts';
import type { ImplementationPlan, PlanningRequest, RequirementsConversation, SoftwareSpecification } from '#contracts';
import type { Sandbox } from '#sandbox';

const CRITERION = { id: 'AC-1', text: 'It works.', source: null };
/** Handoffs have about 2 KB. */
const TEXT = 'x'.repeat(1_700);

/** Agents that answer at once. What is built is known by its idea, which goes through every handoff. */
export class StubBrain implements Brain {
  readonly name = 'stub';
  /** Called when planning begins, with the idea. */
  onPlan: (idea: string) => void = () => undefined;
  /** Called when writing begins, with the idea. */
  onWrite: (idea: string) => void = () => undefined;

  converse = () => Promise.resolve({ message: TEXT, questions: [], ready: true });

  specify = ({ product_idea }: RequirementsConversation): Promise<SoftwareSpecification> =>
    Promise.resolve({
      core_idea: product_idea,
      requirements: [TEXT],
      user_stories: [],
      high_level_features: [],
      acceptance_criteria: [CRITERION],
      open_questions: [],
      out_of_scope: [],
    });

  plan = ({ specification: { core_idea } }: PlanningRequest): Promise<ImplementationPlan> => {
    this.onPlan(core_idea);
    return Promise.resolve({
      core_idea,
      architecture_diagram_url: 'data:image/svg+xml,<svg/>',
      database_schema: databaseSchema.parse({ title: 'Bench', entities: [ENTITY] }),
      tech_stack: [TEXT],
      task_breakdown: [{ id: 'T-1', title: 'Write it', depends_on: [], files: ['app.mjs'] }],
      acceptance_criteria: [CRITERION],
    });
  };

  write = ({ core_idea }: ImplementationPlan): Promise<WrittenCode> => {
    this.onWrite(core_idea);
    return Promise.resolve({
      files: [{ path: 'app.mjs', content: `// ${core_idea} ${TEXT}` }],
      commands: { install: '', build: null, lint: null, test: '', start: '' },
      coverage: [{ criterion_id: 'AC-1', test: 'it works' }],
      acceptance_criteria: [CRITERION],
    });
  };

  repair = (): never => {
    throw new Error('nothing is ever to be repaired here');
  };
  suspects = () => Promise.resolve([]);
}

const ENTITY = {
  name: 'thing',
  label: 'thing',
  label_plural: 'things',
  fields: [{ name: 'name', label: 'name', type: 'text' as const, required: true, unique: false, choices: [], target: null }],
};

/** Takes a bundle's files and has nothing to run. */
export const stubSandbox: Sandbox & { close(): Promise<void> } = {
  kind: 'none',
  gaps: [],
  async open(files) {
    for await (const { content } of files) if (content.length === 0) throw new Error('an empty file');
    return {
      run: () => Promise.reject(new Error('a bundle without commands runs nothing')),
      dispose: () => Promise.resolve(),
    };
  },
  close: () => Promise.resolve(),
};
