import type {
  AnalystTurn,
  CodeBundle,
  DefectReport,
  FailedCommand,
  ImplementationPlan,
  PlanningRequest,
  RequirementsConversation,
  SoftwareSpecification,
} from '#contracts';
import type { Brain, BrainContext, WrittenCode } from '../brain.js';
import * as analyst from './analyst.js';
import * as architect from './architect.js';
import * as coder from './coder.js';

/** A brain of rules and templates: no model, no network, and the same answer to the same question. */
export class TemplateBrain implements Brain {
  readonly name = 'template';

  async converse(conversation: RequirementsConversation, context: BrainContext): Promise<AnalystTurn> {
    return this.work(context, 'Reading what was said', () => analyst.converse(conversation));
  }

  async specify(conversation: RequirementsConversation, context: BrainContext): Promise<SoftwareSpecification> {
    return this.work(context, 'Writing the specification', () => analyst.specify(conversation));
  }

  async plan(request: PlanningRequest, context: BrainContext): Promise<ImplementationPlan> {
    return this.work(context, 'Drawing up the plan', () => architect.plan(request));
  }

  async write(plan: ImplementationPlan, context: BrainContext): Promise<WrittenCode> {
    return this.work(context, 'Writing the files', () => coder.write(plan));
  }

  async repair(report: DefectReport, context: BrainContext): Promise<WrittenCode> {
    return this.work(context, 'Reading the defect report', () => coder.repair(report, context));
  }

  async suspects(failure: Omit<FailedCommand, 'files_suspected'>, bundle: CodeBundle): Promise<readonly string[]> {
    return coder.suspects(failure, bundle);
  }

  private async work<T>(context: BrainContext, stage: string, run: () => T | Promise<T>): Promise<T> {
    context.signal.throwIfAborted();
    await context.progress(10, stage);
    const result = await run();
    context.signal.throwIfAborted();
    await context.progress(100, 'Done');
    return result;
  }
}
