import { z } from 'zod';
import {
  analystTurn,
  bundleCommands,
  criterionTest,
  implementationPlan,
  softwareSpecification,
  type AgentType,
  type AnalystTurn,
  type CodeBundle,
  type DefectReport,
  type FailedCommand,
  type ImplementationPlan,
  type PlanningRequest,
  type RequirementsConversation,
  type SoftwareSpecification,
} from '#contracts';
import type { Sandbox } from '#sandbox';
import type { Brain, BrainContext, SourceFile, WrittenCode } from '../brain.js';
import { runCoder, type CoderLoop } from './coder-loop.js';
import type { ModelRequest } from './model-client.js';
import type { RoleModels } from './models.js';
import type { Patience } from './patience.js';
import { runPlan } from './plan-runner.js';
import type { PriceTable } from './prices.js';
import { ProjectFiles } from './project-files.js';
import { material, readPrompt, type PromptName } from './prompts.js';
import { askStructured } from './structured.js';
import { Turns, type Ask } from './turns.js';

export interface ClaudeOptions {
  readonly models: RoleModels;
  readonly prices: PriceTable;
  readonly sandbox: Sandbox;
  /** Tasks of a plan that are worked on at a time. */
  readonly codersAtOnce: number;
  /** Known values that may be in no record. */
  readonly secrets: readonly string[];
  /** What answers: the service, or a cassette. */
  readonly ask: Ask;
  readonly patience?: Patience;
}

const manifest = z.strictObject({ commands: bundleCommands, coverage: z.array(criterionTest).max(1_000) });
/** A model proposes what is usual, and asks for the rest: it has no guesses to mark. */
const modelTurn = analystTurn.extend({ questions: z.array(analystTurn.shape.questions.element.omit({ unsure: true })).max(3) });
const suspected = z.strictObject({ paths: z.array(z.string()).max(50) });

/** The four roles, thought by a model. What it may do is decided in code: paths, commands, network, money. */
export class ClaudeBrain implements Brain {
  readonly name = 'claude';

  constructor(private readonly options: ClaudeOptions) {}

  async converse(conversation: RequirementsConversation, context: BrainContext): Promise<AnalystTurn> {
    await context.progress(10, 'Reading what was said');
    const request = this.request('analyst/converse', conversationText(conversation));
    return askStructured(this.turns('converse', 'analyst/converse', context), request, modelTurn);
  }

  async specify(conversation: RequirementsConversation, context: BrainContext): Promise<SoftwareSpecification> {
    await context.progress(10, 'Writing the specification');
    const { revision } = conversation;
    const before = revision
      ? `\n${material('specification', JSON.stringify(revision.previous, null, 1))}\n${material('reason', revision.reason)}`
      : '';
    const request = this.request('analyst/specify', conversationText(conversation) + before);
    return askStructured(this.turns('specify', 'analyst/specify', context), request, softwareSpecification);
  }

  async plan({ specification, revision }: PlanningRequest, context: BrainContext): Promise<ImplementationPlan> {
    await context.progress(10, 'Drawing up the plan');
    const before = revision ? `\n${material('plan', JSON.stringify(revision.previous, null, 1))}\n${material('reason', revision.reason)}` : '';
    const request = this.request('architect/plan', material('specification', JSON.stringify(specification, null, 1)) + before);
    return askStructured(this.turns('plan', 'architect/plan', context), request, implementationPlan);
  }

  async write(plan: ImplementationPlan, context: BrainContext): Promise<WrittenCode> {
    const { architecture_diagram_url: _diagram, ...told } = plan;
    const planText = material('plan', JSON.stringify(told, null, 1));
    let done = 0;
    const files = await runPlan(plan.task_breakdown, this.options.codersAtOnce, context.signal, async (task, own, signal) => {
      const request = this.request('coder/write', '');
      await runCoder(
        this.loop(task.id, 'coder/write', own, { ...context, signal }),
        request,
        `${planText}\n${material('task', JSON.stringify(task, null, 1))}`,
      );
      done += 1;
      await context.progress(
        Math.round((90 * done) / plan.task_breakdown.length),
        `${task.id} is written (${done} of ${plan.task_breakdown.length})`,
      );
    });
    return this.handIn(files, plan.acceptance_criteria, context);
  }

  async repair(report: DefectReport, context: BrainContext): Promise<WrittenCode> {
    await context.progress(5, 'Reading the defect report');
    const { bundle, ...told } = report;
    const files = new ProjectFiles(await this.filesOf(bundle, context));
    const task = `${material('report', JSON.stringify(told, null, 1))}\nThe project's commands: ${JSON.stringify(bundle.commands)}\nIts acceptance criteria:\n${material('criteria', JSON.stringify(bundle.acceptance_criteria, null, 1))}`;
    await runCoder(this.loop('repair', 'coder/repair', files, context), this.request('coder/repair', ''), task);
    return this.handIn(files.all(), bundle.acceptance_criteria, context);
  }

  async suspects(failure: Omit<FailedCommand, 'files_suspected'>, bundle: CodeBundle, context: BrainContext): Promise<readonly string[]> {
    const paths = bundle.files.map((file) => file.path);
    const text = `${material('failure', JSON.stringify(failure, null, 1))}\n${material('paths', paths.join('\n'))}`;
    const answer = await askStructured(this.turns(`suspects ${failure.check}`, 'qa/suspects', context), this.request('qa/suspects', text), suspected);
    return answer.paths.filter((path) => paths.includes(path));
  }

  /** The files, with the commands that the coder names for them and the tests that prove the criteria. */
  private async handIn(
    files: readonly SourceFile[],
    acceptance_criteria: ImplementationPlan['acceptance_criteria'],
    context: BrainContext,
  ): Promise<WrittenCode> {
    await context.progress(95, 'Saying how it is built and tested');
    const known = files.filter(({ path }) => /(^|\/)(package\.json|README\.md)$|test/i.test(path));
    const text = `${material('criteria', JSON.stringify(acceptance_criteria, null, 1))}\n${material('paths', files.map(({ path }) => path).join('\n'))}\n${known
      .map(({ path, content }) => material('file', `${path}\n${content.slice(0, 20_000)}`))
      .join('\n')}`;
    const answer = await askStructured(
      this.turns('manifest', 'coder/manifest', context),
      this.request('coder/manifest', text.slice(0, 400_000)),
      manifest,
    );
    const ids = new Set(acceptance_criteria.map((criterion) => criterion.id));
    return { files, commands: answer.commands, coverage: answer.coverage.filter((one) => ids.has(one.criterion_id)), acceptance_criteria };
  }

  private async filesOf(bundle: CodeBundle, context: BrainContext): Promise<SourceFile[]> {
    const files: SourceFile[] = [];
    for (const { path, sha256, executable } of bundle.files) {
      if (path === 'countersign.json') continue;
      files.push({ path, content: (await context.readFile(sha256)).toString('utf8'), executable });
    }
    return files;
  }

  private loop(name: string, prompt: PromptName, files: ProjectFiles, context: BrainContext): CoderLoop {
    const { sandbox, secrets } = this.options;
    return {
      name,
      turns: this.turns(name, prompt, context),
      log: context.model.log,
      files,
      sandbox,
      signal: context.signal,
      secrets,
      onToolCall: (call, subject) => context.model.onToolCall(name, call, subject),
    };
  }

  private turns(loop: string, prompt: PromptName, context: BrainContext): Turns {
    const { prices, secrets, ask, models, patience } = this.options;
    const { log, purse, onText, onWait } = context.model;
    const { fallback } = models[roleOf(prompt)];
    return new Turns(loop, {
      ask,
      fallback,
      prompt: readPrompt(prompt),
      log,
      purse,
      prices,
      signal: context.signal,
      secrets,
      onText: (text) => onText(loop, text),
      onWait,
      ...(patience ? { patience } : {}),
    });
  }

  private request(prompt: PromptName, text: string): ModelRequest {
    const { model, max_tokens, effort } = this.options.models[roleOf(prompt)];
    return {
      model,
      max_tokens,
      ...(effort === null ? {} : { output_config: { effort } }),
      system: [{ type: 'text', text: readPrompt(prompt).text, cache_control: { type: 'ephemeral' } }],
      messages: text === '' ? [] : [{ role: 'user', content: text }],
    };
  }
}

const roleOf = (prompt: PromptName): AgentType => prompt.slice(0, prompt.indexOf('/')) as AgentType;

function conversationText({ product_idea, generation_spec, messages, finalized, run_status, purpose }: RequirementsConversation): string {
  const chat = messages.map(({ author, content }) => `${author}: ${content}`).join('\n\n');
  return [
    material('idea', product_idea),
    ...(generation_spec ? [material('design', JSON.stringify(generation_spec).slice(0, 200_000))] : []),
    ...(chat === '' ? [] : [material('chat', chat)]),
    ...(finalized ? ['The person has ended the chat: ask nothing more.'] : []),
    ...(purpose === 'answer' ? [`A build is under way (${run_status ?? 'running'}); answer what the person wrote last, briefly, and be ready.`] : []),
  ].join('\n');
}
