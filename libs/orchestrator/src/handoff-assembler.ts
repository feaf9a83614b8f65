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
import { ContentStore, EventLog } from '#platform';
import { projectStream, type ProjectEvent } from '#projects';
import { chatStream, type ChatEvent } from '#requirements-chat';
import type { HandoffRef } from '#tasks';
import type { PipelineState } from './pipeline-state.workflow.js';
import type { IntentOf } from './pipeline.events.js';

type Run = NonNullable<PipelineState['run']>;
type Assign = IntentOf<'assign'>;

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
        const { length } = await this.contents.get(run.owner_id, source.sha256);
        return { handoff_type: source.handoff_type, sha256: source.sha256, bytes: length };
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
    const project = await this.log.readStream<ProjectEvent>(projectStream(run.project_id));
    const chat = await this.log.readStream<ChatEvent>(chatStream(run.project_id));
    const created = project.find((event) => event.type === 'project.created')!.data;
    const messages = chat.flatMap((event) =>
      event.type === 'chat.message_posted' ? [{ author: event.data.author, content: event.data.content }] : [],
    );
    return {
      purpose: purpose === 'specify' || purpose === 'answer' ? purpose : 'converse',
      product_idea: created.product_idea,
      generation_spec: created.generation_spec,
      // The idea itself opens the chat; it is given apart from what was said after it.
      messages: messages.slice(1),
      finalized: source.finalized,
      revision: source.rejected && {
        previous: softwareSpecification.parse(await this.contents.getJson(run.owner_id, source.rejected.previous)),
        reason: await this.reason(source.rejected.request_id),
      },
      run_status: purpose === 'answer' ? statusOf(project) : null,
    };
  }

  /** What the person said when rejecting. */
  private async reason(requestId: string): Promise<string> {
    const gate = await this.log.readStream<HitlEvent>(gateStream(requestId));
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
