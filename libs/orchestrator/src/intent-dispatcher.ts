import { Inject, Injectable, Logger } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { DeliverArtifact, PublishArtifact } from '#artifacts';
import { analystTurn, blockReport, softwareSpecification } from '#contracts';
import { CloseGate, LapseGate, MoveDeadline, OpenGate, RemindOfGate } from '#hitl';
import {
  AgentJobs,
  CONFIG,
  ContentStore,
  DomainError,
  EventLog,
  type CommandMeta,
  type Config,
  type DomainCommand,
  type RecordedEvent,
} from '#platform';
import { ChangeRunStatus, CompleteRun, ExpireRun, FailRun, projectStream, ReleasePlace, ReopenRun, RequestPlace, type ProjectEvent } from '#projects';
import { PostMessage } from '#requirements-chat';
import { RaiseSpendingLimit } from '#spending';
import { AssignTask, CancelTask, InterruptTask, ReissueTask } from '#tasks';
import { Delivery } from './delivery.js';
import { HandoffAssembler } from './handoff-assembler.js';
import { intentCommandId } from './intent-command-id.js';
import { orchestratorMeta } from './orchestrator-meta.js';
import type { PipelineState } from './pipeline-state.workflow.js';
import { orchestrationStream, type IntentOf, type OrchestratorEvent, type PipelineIntent } from './pipeline.events.js';
import { CancelTimer, SetTimer } from './timer.commands.js';
import { failureReason, gateQuestion, standingReason, taskInstructions } from './wording.js';

type Run = NonNullable<PipelineState['run']>;

/** The decision an intent belongs to, for ids and the chain of causes. */
export interface Decision {
  readonly input_event_id: string;
  readonly decided_event_id: string;
  readonly correlation_id: string;
}

/** What these change, and nothing that follows in their decision builds on it: they go beside what follows and changes something else. */
const BESIDE: { readonly [intent in PipelineIntent['intent']]?: 'project' | 'gate' | 'task' | 'allowance' | 'timer' } = {
  set_status: 'project',
  complete: 'project',
  open_gate: 'gate',
  assign: 'task',
  release_place: 'allowance',
  set_timer: 'timer',
  cancel_timer: 'timer',
};

/** Carries intents out. Command ids derive from decision and place, so that carrying out twice does once. */
@Injectable()
export class IntentDispatcher {
  private readonly logger = new Logger('Orchestrator');

  constructor(
    @Inject(CommandBus) private readonly bus: CommandBus,
    @Inject(AgentJobs) private readonly jobs: AgentJobs,
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(ContentStore) private readonly contents: ContentStore,
    @Inject(HandoffAssembler) private readonly handoffs: HandoffAssembler,
    @Inject(Delivery) private readonly delivery: Delivery,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws whatever the infrastructure throws; a command that its decider refuses is noted and passed over */
  async dispatch(
    run: Run,
    intents: readonly PipelineIntent[],
    decision: Decision,
    wanted: (intent: PipelineIntent) => boolean = () => true,
  ): Promise<void> {
    const begun = new Map<string, Promise<void>>();
    for (const [index, intent] of intents.entries()) {
      if (!wanted(intent)) continue;
      const changed = BESIDE[intent.intent];
      if (changed === undefined || begun.has(changed)) {
        await allOf(begun.values());
        begun.clear();
      }
      const meta = orchestratorMeta(run, intentCommandId(run.run_id, decision.input_event_id, index), {
        correlation_id: decision.correlation_id,
        causation_id: decision.decided_event_id,
      });
      const work = this.attempt(run, intent, meta);
      if (changed === undefined) await work;
      else begun.set(changed, work);
    }
    await allOf(begun.values());
  }

  private async attempt(run: Run, intent: PipelineIntent, meta: CommandMeta): Promise<void> {
    try {
      await this.carryOut(run, intent, meta);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code === 'conflict' || error.code === 'unavailable') throw error;
      this.logger.warn(`run ${run.run_id}: ${intent.intent} was refused (${error.message})`);
    }
  }

  /** Brings forth what earlier decisions of the run should have and could not, before it is taken up again: nothing that is there changes. */
  async makeGood(run: Run, history: readonly RecordedEvent<OrchestratorEvent>[]): Promise<void> {
    for (const { data, event_id, metadata } of history) {
      const decision = { input_event_id: data.input_event_id, decided_event_id: event_id, correlation_id: metadata.correlation_id };
      await this.dispatch(run, data.intents, decision, ({ intent }) => intent === 'publish' || intent === 'post_reply' || intent === 'deliver');
    }
  }

  private async carryOut(run: Run, intent: PipelineIntent, meta: CommandMeta): Promise<void> {
    const { project_id, run_id, owner_id: user_id } = run;
    const running_limit = this.config.RUNNING_RUNS_PER_USER;
    // The allowance belongs to a person and spans projects.
    const ofPerson = { ...meta, project_id: null, run_id: null };
    // Whatever follows from time alone is never done in a person's name.
    const byTimer = { ...meta, actor: 'timer' };
    switch (intent.intent) {
      case 'open_chat':
        return this.openChat(run, intent, meta);
      case 'assign':
        return this.assign(run, intent, meta);
      case 'enqueue':
        return this.jobs.enqueue(intent.agent_type, { task_id: intent.task_id, attempt: intent.attempt }, intent.delay_ms);
      case 'interrupt':
        return this.send(new InterruptTask({ task_id: intent.task_id }, meta));
      case 'reissue':
        return this.reissue(run, intent, meta);
      case 'go_on':
        return this.goOn(run, intent, meta);
      case 'cancel_task':
        return this.send(new CancelTask({ task_id: intent.task_id }, meta));
      case 'post_reply':
        return this.postReply(run, intent, meta);
      case 'set_status':
        return this.send(new ChangeRunStatus({ project_id, run_id, status: intent.status, stage: intent.stage }, meta));
      case 'request_place':
        return this.send(new RequestPlace({ user_id, project_id, run_id, running_limit }, ofPerson));
      case 'release_place':
        return this.send(new ReleasePlace({ user_id, run_id, running_limit }, ofPerson));
      case 'open_gate': {
        const { intent: _intent, ...gate } = intent;
        return this.send(new OpenGate({ ...gate, run_id, question: gateQuestion(gate.gate) }, meta));
      }
      case 'close_gate':
        return this.send(new CloseGate({ request_id: intent.request_id, reason: intent.reason }, meta));
      case 'publish':
        return this.publish(run, intent, meta);
      case 'deliver': {
        const tree = await this.delivery.deliveredTree(run, intent.report);
        return this.send(
          new DeliverArtifact({ project_id, run_id, artifact_id: intent.artifact_id, ...tree, keep: this.config.ARTIFACTS_KEPT }, meta),
        );
      }
      case 'complete':
        return this.send(new CompleteRun({ project_id, run_id, warnings: intent.warnings }, meta));
      case 'fail':
        if (intent.cause === 'failed_elsewhere') return;
        return this.send(new FailRun({ project_id, run_id, stage: intent.stage, reason: await failureReason(this.log, intent) }, meta));
      case 'reopen_run':
        return this.send(new ReopenRun({ project_id, run_id }, meta));
      case 'set_timer':
        return this.send(new SetTimer({ run_id, timer_id: intent.timer_id, purpose: intent.purpose, due_at: intent.due_at }, meta));
      case 'cancel_timer':
        return this.send(new CancelTimer({ timer_id: intent.timer_id }, meta));
      case 'set_deadline':
        return this.send(new MoveDeadline({ request_id: intent.request_id, deadline: intent.deadline }, meta));
      case 'remind': {
        const { intent: _intent, ...reminder } = intent;
        return this.send(new RemindOfGate(reminder, byTimer));
      }
      case 'lapse': {
        const { request_id, action } = intent;
        return this.send(new LapseGate({ request_id, action, comment: action === 'reject' ? await standingReason(this.log, run) : null }, byTimer));
      }
      case 'expire':
        return this.send(new ExpireRun({ project_id, run_id, cause: intent.cause }, byTimer));
      case 'await_place':
        return this.send(new ChangeRunStatus({ project_id, run_id, status: 'queued', stage: 'waiting for a place' }, meta));
      case 'forked':
      case 'clock':
      case 'timer_fired':
      case 'begin':
      case 'settle':
      case 'hear':
      case 'finalize':
      case 'place_granted':
      case 'accept':
      case 'warn':
      case 'end':
      case 'hold':
      case 'unhold':
      case 'defer':
      case 'reopen':
      case 'note_reissue':
        return;
    }
  }

  private async send(command: DomainCommand<unknown>): Promise<void> {
    await this.bus.execute(command);
  }

  /** A run's chat begins with what the person asked for: the idea, or what should be different. */
  private async openChat(run: Run, intent: IntentOf<'open_chat'>, meta: CommandMeta): Promise<void> {
    const history = await this.log.readSeenStream<ProjectEvent>(projectStream(run.project_id));
    let content = '';
    for (const { type, data } of history) {
      if (type === 'project.created' && run.kind === 'build') content = data.product_idea;
      if (type === 'run.requested' && data.run_id === run.run_id && data.instructions !== null) content = data.instructions;
    }
    const { project_id, run_id } = run;
    await this.send(new PostMessage({ project_id, run_id, message_id: intent.message_id, author: 'person', content, questions: null }, meta));
  }

  private async assign(run: Run, intent: IntentOf<'assign'>, meta: CommandMeta): Promise<void> {
    const { task_id, agent_type, purpose, round } = intent;
    const handoff_in = await this.handoffs.assemble(run, intent);
    await this.send(
      new AssignTask(
        { task_id, run_id: run.run_id, agent_type, engine: run.engine, purpose, instructions: taskInstructions(purpose, round), round, handoff_in },
        meta,
      ),
    );
  }

  /** Has a task done once more; one whose assignment could never be carried out is assigned now. */
  private async reissue(run: Run, { task_id }: IntentOf<'reissue'>, meta: CommandMeta): Promise<void> {
    try {
      await this.send(new ReissueTask({ task_id }, meta));
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'not_found') throw error;
      const decided = await this.log.readStream<OrchestratorEvent>(orchestrationStream(run.run_id));
      const assigned = decided.flatMap(({ data }) => data.intents).find((intent) => intent.intent === 'assign' && intent.task_id === task_id);
      if (assigned?.intent !== 'assign') throw error;
      await this.assign(run, assigned, meta);
      await this.jobs.enqueue(assigned.agent_type, { task_id, attempt: 1 });
    }
  }

  /** Raises the limit that a person's approval is about. */
  private async goOn({ owner_id: user_id, run_id, project_id }: Run, { report }: IntentOf<'go_on'>, meta: CommandMeta): Promise<void> {
    const { budget } = blockReport.parse(await this.contents.getJson(user_id, report));
    if (!budget) return;
    const { scope, added_micro_usd: micro_usd } = budget;
    // A report that was copied names the run or project that it was written for.
    const id = { run: run_id, project: project_id, day: budget.id }[scope];
    await this.send(new RaiseSpendingLimit({ user_id, scope, id, micro_usd }, { ...meta, project_id: null, run_id: null }));
  }

  private async postReply(run: Run, intent: IntentOf<'post_reply'>, meta: CommandMeta): Promise<void> {
    const content = await this.contents.getJson(run.owner_id, intent.sha256);
    const turn =
      intent.handoff_type === 'analyst_turn'
        ? analystTurn.parse(content)
        : {
            message: 'Before the specification can be reviewed, these questions need an answer:',
            questions: softwareSpecification.parse(content).open_questions,
          };
    const { project_id, run_id } = run;
    await this.send(
      new PostMessage(
        { project_id, run_id, message_id: intent.message_id, author: 'analyst', content: turn.message, questions: turn.questions },
        { ...meta, actor: 'agent:analyst' },
      ),
    );
  }

  private async publish(run: Run, intent: IntentOf<'publish'>, meta: CommandMeta): Promise<void> {
    const { artifact_id, artifact_type, task_id, sha256 } = intent;
    const tree =
      artifact_type === 'code'
        ? { form: 'tree' as const, ...(await this.delivery.verifiedTree(run, sha256)) }
        : { form: 'document' as const, content: sha256, file_count: 1, bytes: await this.contents.size(run.owner_id, sha256) };
    await this.send(new PublishArtifact({ project_id: run.project_id, run_id: run.run_id, artifact_id, artifact_type, task_id, ...tree }, meta));
  }
}

/** Waits for all, also where one fails. @throws what the first of them failed with */
async function allOf(works: Iterable<Promise<void>>): Promise<void> {
  for (const outcome of await Promise.allSettled(works)) if (outcome.status === 'rejected') throw outcome.reason as Error;
}
