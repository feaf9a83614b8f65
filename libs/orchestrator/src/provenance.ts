import { Inject, Injectable } from '@nestjs/common';
import { codeBundle, implementationPlan, softwareSpecification, type CodeBundle } from '#contracts';
import type { HitlEvent } from '#hitl';
import { comparePositions, ContentStore, EventLog, sha256, START, type RecordedEvent } from '#platform';
import type { ChatEvent } from '#requirements-chat';
import type { TaskEvent } from '#tasks';
import type { OrchestratorEvent } from './pipeline.events.js';
import { planItems, requirementsOf, type SaidSomewhere } from './provenance-requirements.js';
import type { AcceptedContent, Approval, CoderTask, Place, Provenance } from './provenance-types.js';

export interface OfRun {
  readonly project_id: string;
  readonly run_id: string;
  readonly owner_id: string;
}

type Told = TaskEvent | HitlEvent | ChatEvent | OrchestratorEvent;
type Recorded = RecordedEvent<Told>;
type Of<T extends Told['type']> = Extract<Recorded, { type: T }>;

const PAGE = 500;
/** What the rest of a history is about does not matter here. */
const TELLING: ReadonlySet<string> = new Set<Told['type']>([
  'task.assigned',
  'task.completed',
  'hitl.requested',
  'hitl.responded',
  'chat.message_posted',
  'orchestrator.decided',
]);

export const placeOf = ({ position, event_id, metadata }: Pick<RecordedEvent, 'position' | 'event_id' | 'metadata'>): Place => ({
  position,
  event_id,
  at: metadata.timestamp,
  actor: metadata.actor,
});

/** Finds in the record what led to the files of a tree: who wrote them, for what, asked by whom, approved by whom. */
@Injectable()
export class ProvenanceReader {
  constructor(
    @Inject(EventLog) private readonly log: EventLog,
    @Inject(ContentStore) private readonly contents: ContentStore,
  ) {}

  /** What a project's history tells of its files. */
  async history(projectId: string): Promise<Recorded[]> {
    const events: Recorded[] = [];
    for (let after = START; ;) {
      const page = await this.log.readProject(projectId, after, PAGE);
      events.push(...(page as Recorded[]).filter(({ type }) => TELLING.has(type)));
      if (page.length < PAGE) return events;
      after = page.at(-1)!.position;
    }
  }

  /**
   * @param history of the project, or of it up to where the tree was handed over
   * @param verifiedBy the task of QA that verified the tree
   */
  async of(run: OfRun, history: readonly Recorded[], verifiedBy: string): Promise<Provenance> {
    const events = history.filter(({ metadata }) => metadata.run_id === run.run_id);
    const json = (hash: string): Promise<unknown> => this.contents.getJson(run.owner_id, hash);
    const verified = assignedIn(events, verifiedBy)!;
    const chain = coderTasks(events, verified.data.handoff_in.sha256);
    const bundles = await Promise.all(chain.map(async ({ content_hash }) => codeBundle.parse(await json(content_hash))));
    const bundle = bundles.at(-1)!;
    const plan = implementationPlan.parse(await json(chain[0]!.handoff_hash));
    const specification = accepted(events, 'software_specification');
    const said = wordsIn(history);
    const wanted = requirementsOf(
      specification && softwareSpecification.parse(await json(specification.content_hash)),
      plan.acceptance_criteria,
      said,
    );
    const report = completedIn(events, verifiedBy)!.data.handoff_out.sha256;
    return {
      project_id: run.project_id,
      run_id: run.run_id,
      tree_hash: bundle.tree_hash,
      specification,
      plan: accepted(events, 'implementation_plan'),
      delivery: { content_hash: report, task_id: verifiedBy, request_id: acceptIn(events, 'verification_report', report)?.request_id ?? null },
      files: bundle.files.map((file) => ({
        path: file.path,
        sha256: file.sha256,
        task_id: chain[writerOf(bundles, file)]!.task_id,
        plan_item: file.plan_task ?? onlyItemWith(plan.task_breakdown, file.path),
      })),
      tasks: chain,
      plan_items: planItems(plan),
      ...wanted,
      messages: said.map(({ text: _, ...one }) => one),
      approvals: approvalsIn(events),
    };
  }
}

const assignedIn = (events: readonly Recorded[], taskId: string): Of<'task.assigned'> | undefined =>
  events.find((event): event is Of<'task.assigned'> => event.type === 'task.assigned' && event.data.task_id === taskId);
const completedIn = (events: readonly Recorded[], taskId: string): Of<'task.completed'> | undefined =>
  events.find((event): event is Of<'task.completed'> => event.type === 'task.completed' && event.data.task_id === taskId);

/** The coder's tasks from the first version of the code up to the bundle with this hash. */
function coderTasks(events: readonly Recorded[], bundleHash: string): CoderTask[] {
  const done = events.flatMap((event) => {
    if (event.type !== 'task.completed' || event.data.handoff_out.handoff_type !== 'code_bundle') return [];
    const { purpose, round, handoff_in } = assignedIn(events, event.data.task_id)!.data;
    const { handoff_out, task_id } = event.data;
    const of = { task_id, purpose, round, handoff_type: handoff_in.handoff_type, handoff_hash: handoff_in.sha256, content_hash: handoff_out.sha256 };
    return [{ ...placeOf(event), ...of }];
  });
  const last = done.findLastIndex(({ content_hash }) => content_hash === bundleHash);
  const first = done.slice(0, last + 1).findLastIndex(({ purpose }) => purpose === 'write');
  return done.slice(first, last + 1);
}

/** The round in which a file got the bytes that it has in the last one. */
function writerOf(bundles: readonly CodeBundle[], { path, sha256: hash }: CodeBundle['files'][number]): number {
  let round = bundles.length - 1;
  while (round > 0 && bundles[round - 1]!.files.some((file) => file.path === path && file.sha256 === hash)) round -= 1;
  return round;
}

/** Plans of before told nothing but the files; two items with the same file say nothing. */
function onlyItemWith(items: readonly { id: string; files: readonly string[] }[], path: string): string | null {
  const [item, ...others] = items.filter(({ files }) => files.includes(path));
  return item && others.length === 0 ? item.id : null;
}

function acceptIn(events: readonly Recorded[], handoffType: string, hash?: string) {
  const intents = events.flatMap((event) => (event.type === 'orchestrator.decided' ? event.data.intents : []));
  return intents
    .filter((one) => one.intent === 'accept')
    .findLast(({ handoff_type, sha256: content }) => handoff_type === handoffType && (hash === undefined || content === hash));
}

function accepted(events: readonly Recorded[], handoffType: string): AcceptedContent | null {
  const accept = acceptIn(events, handoffType);
  if (!accept) return null;
  const made = events.find((event) => event.type === 'task.completed' && event.data.handoff_out.sha256 === accept.sha256);
  const gate = events.find((event) => event.type === 'hitl.requested' && event.data.request_id === accept.request_id);
  const task_id = (made as Of<'task.completed'> | undefined)?.data.task_id ?? (gate as Of<'hitl.requested'> | undefined)?.data.task_id ?? null;
  return { content_hash: accept.sha256, task_id, request_id: accept.request_id };
}

/** What the person wrote, in order: messages, and reasons given at gates. */
function wordsIn(history: readonly Recorded[]): SaidSomewhere[] {
  return history
    .flatMap((event): SaidSomewhere[] => {
      if (event.type === 'chat.message_posted' && event.data.author === 'person')
        return [
          {
            ...placeOf(event),
            message_id: event.data.message_id,
            request_id: null,
            content_hash: sha256(event.data.content),
            text: event.data.content,
          },
        ];
      if (event.type === 'hitl.responded' && event.data.comment !== null)
        return [
          {
            ...placeOf(event),
            message_id: null,
            request_id: event.data.request_id,
            content_hash: sha256(event.data.comment),
            text: event.data.comment,
          },
        ];
      return [];
    })
    .sort((a, b) => comparePositions(a.position, b.position));
}

function approvalsIn(events: readonly Recorded[]): Approval[] {
  const gates = new Map(events.flatMap((event) => (event.type === 'hitl.requested' ? [[event.data.request_id, event.data.gate] as const] : [])));
  return events.flatMap((event) => {
    if (event.type !== 'hitl.responded') return [];
    const { request_id, action, content_hash, amended_hash } = event.data;
    return [{ ...placeOf(event), request_id, gate: gates.get(request_id)!, action, content_hash, amended_hash }];
  });
}
