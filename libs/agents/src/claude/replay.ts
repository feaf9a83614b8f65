import type { Cassette, CassetteTask, HandoffContent, HandoffType } from '#contracts';
import { sha256 } from '#platform';
import type { Brain, BrainContext, ModelContext, WrittenCode } from '../brain.js';
import { bundleFiles, treeHash } from '../bundle.js';
import { CassetteLog } from './cassette.js';
import { requestHash, type RecordedTool, type RecordedTurn } from './turn-log.js';

/** How one task came out when it was replayed. */
export interface ReplayedTask {
  readonly task_id: string;
  readonly purpose: string;
  /** Of what decides the next step: a handoff's content, or the tree of files. */
  readonly recorded: string | null;
  readonly replayed: string;
  readonly same: boolean;
  /** Answers that were asked for anew, and what they cost. */
  readonly asked: number;
  readonly cost_micro_usd: number;
  readonly recorded_cost_micro_usd: number;
}

export interface ReplayOptions {
  /** Tasks of the recording that are replayed with the recorded answers alone; those after it may ask. Default: all. */
  readonly recordedTasks?: number | undefined;
  readonly onTask?: (task: ReplayedTask) => void;
}

/** Tasks that brains think out; the verification is the sandbox's work. */
const THOUGHT = new Set(['converse', 'answer', 'specify', 'plan', 'write', 'repair']);

/**
 * Does the tasks of a run again with what was recorded, and says whether the same comes out: the same handoffs, the same
 * files. From a chosen task on the answers may be asked for anew, to compare another model.
 *
 * @param brain thinks with the given record; `live`: whether it may ask
 */
export async function replay(
  tape: Cassette,
  brain: (live: boolean) => Brain,
  context: Omit<BrainContext, 'model' | 'readFile'> & { readonly model: Omit<ModelContext, 'log'> },
  { recordedTasks = Number.POSITIVE_INFINITY, onTask }: ReplayOptions = {},
): Promise<ReplayedTask[]> {
  const files = new Map<string, Buffer>();
  const done: ReplayedTask[] = [];
  for (const [index, task] of tape.tasks.filter(({ purpose }) => THOUGHT.has(purpose)).entries()) {
    const live = index >= recordedTasks;
    const recordedEntries = task.entries as unknown as (RecordedTool | RecordedTurn)[];
    const log = new CassetteLog(live ? [] : recordedEntries);
    const outcome = await outcomeOf(brain(live), task, {
      ...context,
      model: { ...context.model, log },
      readFile: (hash) => {
        const content = files.get(hash);
        return content ? Promise.resolve(content) : Promise.reject(new Error(`the cassette holds no file ${hash}`));
      },
    });
    for (const { content } of outcome.files) files.set(sha256(content), content);
    const recorded = task.handoff_out === null ? null : identityOf(task.handoff_out.handoff_type, task.handoff_out.content);
    const added = log.added.filter((one) => one.kind === 'turn');
    const replayed: ReplayedTask = {
      task_id: task.task_id,
      purpose: task.purpose,
      recorded,
      replayed: outcome.identity,
      same: recorded === outcome.identity,
      asked: added.length,
      cost_micro_usd: costOf(log.all()),
      recorded_cost_micro_usd: costOf(recordedEntries),
    };
    done.push(replayed);
    onTask?.(replayed);
  }
  return done;
}

const costOf = (entries: readonly (RecordedTurn | RecordedTool)[]): number =>
  entries.reduce((sum, one) => sum + (one.kind === 'turn' ? one.usage.cost_micro_usd : 0), 0);

interface Outcome {
  readonly identity: string;
  readonly files: readonly { content: Buffer }[];
}

async function outcomeOf(brain: Brain, { purpose, handoff_in }: CassetteTask, context: BrainContext): Promise<Outcome> {
  const given = <T extends HandoffType>(_type: T): HandoffContent<T> => handoff_in.content as HandoffContent<T>;
  const plain = (content: unknown): Outcome => ({ identity: requestHash(content as object), files: [] });
  const code = (written: WrittenCode): Outcome => ({
    identity: treeHash(bundleFiles(written)),
    files: written.files.map(({ content }) => ({ content: Buffer.from(content) })),
  });
  switch (purpose) {
    case 'specify':
      return plain(await brain.specify(given('requirements_conversation'), context));
    case 'plan':
      return plain(await brain.plan(given('planning_request'), context));
    case 'write':
      return code(await brain.write(given('implementation_plan'), context));
    case 'repair':
      return code(await brain.repair(given('defect_report'), context));
    default:
      return plain(await brain.converse(given('requirements_conversation'), context));
  }
}

const identityOf = (type: HandoffType, content: unknown): string =>
  type === 'code_bundle' ? (content as HandoffContent<'code_bundle'>).tree_hash : requestHash(content as object);
