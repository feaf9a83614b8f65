import { Processor } from '@nestjs/bullmq';
import { Inject } from '@nestjs/common';
import { isArtifactPath, type BundleFile, type CodeBundle } from '#contracts';
import { CONFIG, type Config } from '#platform';
import { AgentProcessor } from './agent.processor.js';
import { AssignmentDesk, type AgentAnswer, type Assignment } from './assignment.js';
import type { Brain, BrainContext, WrittenCode } from './brain.js';
import { Brains } from './brains.js';
import { treeHash } from './bundle.js';
import { LastingFailure } from './lasting-failure.js';
import { RunningTasks } from './running-tasks.js';
import { WORKER_OPTIONS } from './worker-options.js';

/** Storing so many takes no time that anybody would watch. */
const FEW_FILES = 10;

/** Writes the code of a plan, and repairs it from a defect report. */
@Processor('coder', WORKER_OPTIONS)
export class CoderProcessor extends AgentProcessor {
  constructor(
    @Inject(AssignmentDesk) desk: AssignmentDesk,
    @Inject(RunningTasks) running: RunningTasks,
    @Inject(Brains) brains: Brains,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    super(desk, running, brains);
  }

  protected async work(assignment: Assignment, brain: Brain, context: BrainContext): Promise<AgentAnswer> {
    // Thinking is the first half of the work, storing the files the second.
    const thinking: BrainContext = { ...context, progress: (percent, stage) => context.progress(percent / 2, stage) };
    if (assignment.purpose === 'write') {
      const plan = await assignment.handoff('implementation_plan');
      const planned = new Map(plan.task_breakdown.flatMap(({ id, files }) => files.map((path) => [path, id] as const)));
      const written = await brain.write(plan, thinking);
      return { handoff_type: 'code_bundle', content: await this.bundle(assignment, context, written, { planned, previous_files: null }) };
    }
    const report = await assignment.handoff('defect_report');
    const written = await brain.repair(report, thinking);
    const previous_files = report.bundle.files;
    const planned = new Map(previous_files.flatMap(({ path, plan_task }) => (plan_task === undefined ? [] : [[path, plan_task] as const])));
    return { handoff_type: 'code_bundle', content: await this.bundle(assignment, context, written, { planned, previous_files }) };
  }

  /**
   * Stores every file and names them all in one bundle.
   * @param planned for which task of the plan a path is written, unless the brain says so itself
   */
  private async bundle(
    assignment: Assignment,
    context: BrainContext,
    written: WrittenCode,
    { planned, previous_files }: { readonly planned: ReadonlyMap<string, string>; readonly previous_files: BundleFile[] | null },
  ): Promise<CodeBundle> {
    const problem = problemWith(written, this.config.ARTIFACT_MAX_MB);
    if (problem !== null) throw new LastingFailure(problem);
    const files: BundleFile[] = [];
    for (const [index, { path, content, executable = false, plan_task = planned.get(path) }] of written.files.entries()) {
      context.signal.throwIfAborted();
      if (written.files.length > FEW_FILES && index % FEW_FILES === 0)
        await context.progress(50 + (45 * index) / written.files.length, `Storing file ${index + 1} of ${written.files.length}`);
      files.push({ path, ...(await assignment.store(content)), executable, ...(plan_task !== undefined && { plan_task }) });
    }
    files.sort((a, b) => (a.path < b.path ? -1 : 1));
    return {
      tree_hash: treeHash(files),
      files,
      commands: written.commands,
      coverage: [...written.coverage],
      previous_files,
      acceptance_criteria: [...written.acceptance_criteria],
    };
  }
}

function problemWith({ files }: WrittenCode, maxMb: number): string | null {
  const seen = new Set<string>();
  let bytes = 0;
  for (const { path, content } of files) {
    if (!isArtifactPath(path)) return `the coder wrote a file outside the artifact: ${JSON.stringify(path)}`;
    if (seen.has(path.toLowerCase())) return `the coder wrote two files that some systems cannot tell apart: ${path}`;
    seen.add(path.toLowerCase());
    bytes += Buffer.byteLength(content);
  }
  if (files.length === 0) return 'the coder wrote no file';
  return bytes > maxMb * 1_000_000 ? `the artifact has ${Math.ceil(bytes / 1_000_000)} MB; at most ${maxMb} MB are allowed` : null;
}
