import { Inject, Injectable } from '@nestjs/common';
import {
  implementationPlan,
  softwareSpecification,
  verificationReport,
  type DefectReport,
  type HandoffContent,
  type HandoffType,
  type RequirementsConversation,
} from '#contracts';
import { gateStream, type HitlEvent } from '#hitl';
import { ContentStore, EventLog, type RecordedEvent } from '#platform';
import { projectStream, type ProjectEvent } from '#projects';
import { chatStream, type ChatEvent } from '#requirements-chat';
import type { HandoffRef } from '#tasks';
import type { PipelineState } from './pipeline-state.workflow.js';
import { orchestrationStream, type IntentOf, type OrchestratorEvent } from './pipeline.events.js';

type Run = NonNullable<PipelineState['run']>;
type Assign = IntentOf<'assign'>;
type Rejected = Extract<Assign['source'], { from: 'conversation' }>['rejected'];
type PostedMessage = Extract<ChatEvent, { type: 'chat.message_posted' }>['data'];

/** Makes the one handoff that a task begins with, from the streams and contents its intent names. */
@Injectable()
export class HandoffAssembler {
  constructor(
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(ContentStore) private readonly contents: ContentStore,
  ) {}

  async assemble(run: Run, { source, purpose }: Assign): Promise<HandoffRef> {
    switch (source.from) {
      case 'handoff': {
        const bytes = await this.contents.size(run.owner_id, source.sha256);
        return { handoff_type: source.handoff_type, sha256: source.sha256, bytes };
      }
      case 'conversation':
        return this.store(run, 'requirements_conversation', await this.conversation(run, purpose, source));
      case 'specification':
        return this.store(run, 'planning_request', {
          specification: softwareSpecification.parse(await this.contents.getJson(run.owner_id, source.sha256)),
          revision: source.rejected && {
            previous: implementationPlan.parse(await this.contents.getJson(run.owner_id, source.rejected.previous)),
            reason: await this.reason(source.rejected.request_id),
          },
        });
      case 'refusal': {
        const report = verificationReport.parse(await this.contents.getJson(run.owner_id, source.report));
        const refusal: DefectReport = {
          round: source.round,
          bundle: report.bundle,
          failures: [],
          last_diff: '',
          feedback: await this.reason(source.request_id),
        };
        return this.store(run, 'defect_report', refusal);
      }
    }
  }

  private async conversation(
    run: Run,
    purpose: Assign['purpose'],
    source: Extract<Assign['source'], { from: 'conversation' }>,
  ): Promise<RequirementsConversation> {
    const project = await this.log.readSeenStream<ProjectEvent>(projectStream(run.project_id));
    const chat = await this.log.readSeenStream<ChatEvent>(chatStream(run.project_id));
    const created = project.find((event) => event.type === 'project.created')!.data;
    const posted = chat.flatMap((event) => (event.type === 'chat.message_posted' ? [event.data] : []));
    return {
      purpose: purpose === 'specify' || purpose === 'answer' ? purpose : 'converse',
      product_idea: created.product_idea,
      generation_spec: created.generation_spec,
      // The idea itself opens the chat; it is given apart from what was said after it.
      messages: posted.slice(1).map(({ author, content }) => ({ author, content })),
      finalized: source.finalized,
      revision: purpose === 'specify' ? await this.revision(run, source.rejected, project, posted) : null,
      run_status: purpose === 'answer' ? statusOf(project) : null,
    };
  }

  /** Which specification is to be changed, and why: the one that was rejected, or to refine the one that was built before. */
  private async revision(
    run: Run,
    rejected: Rejected,
    project: readonly RecordedEvent<ProjectEvent>[],
    posted: readonly PostedMessage[],
  ): Promise<RequirementsConversation['revision']> {
    const previous = rejected?.previous ?? (run.kind !== 'build' ? await this.builtBefore(run, project) : undefined);
    if (previous === undefined) return null;
    const wishes = posted.filter(({ run_id, author }) => run_id === run.run_id && author === 'person').map(({ content }) => content);
    return {
      previous: softwareSpecification.parse(await this.contents.getJson(run.owner_id, previous)),
      reason: rejected ? await this.reason(rejected.request_id) : wishes.join('\n'),
    };
  }

  /** The specification that the newest earlier run with one went on with. */
  private async builtBefore(run: Run, project: readonly RecordedEvent<ProjectEvent>[]): Promise<string | undefined> {
    const runs = project.flatMap((event) => (event.type === 'run.requested' && event.data.run_id !== run.run_id ? [event.data.run_id] : []));
    for (const runId of runs.reverse()) {
      const decided = await this.log.readStream<OrchestratorEvent>(orchestrationStream(runId));
      const accepted = decided
        .flatMap(({ data }) => data.intents)
        .findLast((intent) => intent.intent === 'accept' && intent.handoff_type === 'software_specification');
      if (accepted?.intent === 'accept') return accepted.sha256;
    }
    return undefined;
  }

  /** What the person said when rejecting. */
  private async reason(requestId: string): Promise<string> {
    const gate = await this.log.readSeenStream<HitlEvent>(gateStream(requestId));
    const responded = gate.find((event) => event.type === 'hitl.responded');
    return responded?.data.comment ?? '';
  }

  private async store<T extends HandoffType>(run: Run, handoff_type: T, content: HandoffContent<T>): Promise<HandoffRef> {
    return { handoff_type, ...(await this.contents.putJson(run.owner_id, content)) };
  }
}

function statusOf(events: readonly ProjectEvent[]): string {
  const last = events.filter((event) => event.type === 'run.status_changed').at(-1);
  return last ? `${last.data.status}: ${last.data.stage}` : 'collecting';
}
