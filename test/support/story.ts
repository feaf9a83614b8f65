import type { Autonomy } from '#contracts';
import { fold } from '#platform/domain';
import type { KeptInput, RunLimits } from '../../libs/orchestrator/src/pipeline-inputs.events.js';
import type { PipelineState } from '../../libs/orchestrator/src/pipeline-state.workflow.js';
import type { IntentOf, PipelineIntent } from '../../libs/orchestrator/src/pipeline.events.js';
import { pipelineWorkflow } from '../../libs/orchestrator/src/pipeline.workflow.js';

export const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
export const hash = (letter: string) => letter.repeat(64);
/** So many minutes after the story began, ISO 8601. */
export const minute = (n: number) => new Date(Date.UTC(2026, 0, 2, 3) + n * 60_000).toISOString();

type Facts = KeptInput extends infer I ? (I extends KeptInput ? Omit<I, 'run_id' | 'event_id' | 'ids'> : never) : never;

/** One run, told input by input; remembers every intent, as its stream would. */
export class Story {
  private readonly intents: PipelineIntent[] = [];
  private inputs = 0;
  private now = 0;

  /** @param limits without them time does not matter */
  constructor(autonomy: Autonomy = 'plan', fix_rounds = 2, limits: RunLimits | null = null) {
    this.hear({ type: 'run_requested', project_id: uuid(2), owner_id: uuid(3), kind: 'build', autonomy, engine: null, fix_rounds, limits });
  }

  get state(): PipelineState {
    return fold(pipelineWorkflow, this.intents);
  }

  /** What is heard from now on happens so many minutes after the beginning. */
  at(minutes: number): this {
    this.now = minutes;
    return this;
  }

  hear(facts: Facts): PipelineIntent[] {
    this.inputs += 1;
    const base = this.inputs * 10;
    const ids = { task: uuid(base + 1), gate: uuid(base + 2), message: uuid(base + 3), artifact: uuid(base + 4) };
    const input = { ...facts, run_id: uuid(1), event_id: uuid(base), ids, at: minute(this.now) };
    const intents = [...pipelineWorkflow.decide(input, this.state)];
    this.intents.push(...intents);
    return intents;
  }

  /** The pipeline's open task is completed. */
  complete(
    handoff_type: IntentOf<'accept'>['handoff_type'],
    sha256: string,
    change: { ready?: boolean; open_questions?: number; warnings?: string[] } = {},
  ): PipelineIntent[] {
    const task_id = this.state.work!.task_id;
    return this.hear({ type: 'task_completed', task_id, handoff_type, sha256, ready: false, open_questions: 0, warnings: [], ...change });
  }

  answer(action: 'approve' | 'reject' | 'amend', amended_hash: string | null = null): PipelineIntent[] {
    const { request_id, content_hash } = this.state.gate!;
    return this.hear({ type: 'gate_answered', request_id, action, content_hash, amended_hash });
  }

  /** Up to the specification's gate. */
  toSpecification(): this {
    this.complete('analyst_turn', hash('a'), { ready: true });
    this.hear({ type: 'place_granted' });
    this.complete('software_specification', hash('b'));
    return this;
  }

  toCode(): this {
    this.toSpecification();
    if (this.state.gate) this.answer('approve');
    this.complete('implementation_plan', hash('c'));
    if (this.state.gate) this.answer('approve');
    return this;
  }

  toVerification(): this {
    this.toCode();
    this.complete('code_bundle', hash('d'));
    return this;
  }
}

export const kinds = (intents: readonly PipelineIntent[]) => intents.map(({ intent }) => intent);
export const find = <K extends PipelineIntent['intent']>(intents: readonly PipelineIntent[], kind: K) =>
  intents.find((one) => one.intent === kind) as IntentOf<K> | undefined;
export const assigned = (intents: readonly PipelineIntent[]) => find(intents, 'assign')?.purpose;
