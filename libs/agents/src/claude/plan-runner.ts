import type { ImplementationPlan } from '#contracts';
import type { SourceFile } from '../brain.js';
import { ProjectFiles, ToolProblem } from './project-files.js';

export type PlanTask = ImplementationPlan['task_breakdown'][number];

/** Files as one coder sees them: those of another task that is worked on at the same time are read-only. */
export class TaskFiles extends ProjectFiles {
  constructor(
    begin: readonly SourceFile[],
    private readonly elsewhere: ReadonlyMap<string, string>,
  ) {
    super(begin);
  }

  override write(path: string, content: string): void {
    const owner = this.elsewhere.get(path);
    if (owner !== undefined) throw new ToolProblem(`${path} belongs to task ${owner}, which is worked on at the same time: leave it to them.`);
    super.write(path, content);
  }

  override remove(path: string): void {
    const owner = this.elsewhere.get(path);
    if (owner !== undefined) throw new ToolProblem(`${path} belongs to task ${owner}: leave it to them.`);
    super.remove(path);
  }
}

/**
 * Carries out the tasks of a plan, several at a time where they do not depend on each other. Each begins with what the
 * tasks it depends on left, and works apart; what they leave is put together in the plan's order. So the outcome does not
 * depend on which is faster, and a replay gives the same files.
 *
 * @param work does one task on its files; what one throws ends the others through the signal
 */
export async function runPlan(
  tasks: readonly PlanTask[],
  atOnce: number,
  outer: AbortSignal,
  work: (task: PlanTask, files: ProjectFiles, signal: AbortSignal) => Promise<void>,
): Promise<SourceFile[]> {
  const failed = new AbortController();
  const signal = AbortSignal.any([outer, failed.signal]);
  const left = new Map<string, SourceFile[]>();
  const waiting = new Set(tasks.map((task) => task.id));
  const running = new Map<string, Promise<void>>();
  const ready = (): PlanTask[] => tasks.filter((task) => waiting.has(task.id) && task.depends_on.every((id) => left.has(id)));

  while (waiting.size > 0 || running.size > 0) {
    for (const task of ready().slice(0, Math.max(0, atOnce - running.size))) {
      waiting.delete(task.id);
      const files = new TaskFiles(merged(tasks, left, ancestorsOf(tasks, task)), elsewhere(tasks, task));
      running.set(
        task.id,
        work(task, files, signal).then(() => {
          left.set(task.id, files.all());
          running.delete(task.id);
        }),
      );
    }
    try {
      await Promise.race(running.values());
    } catch (error) {
      failed.abort();
      await Promise.allSettled(running.values());
      throw error;
    }
  }
  return merged(tasks, left, new Set(tasks.map((task) => task.id)));
}

/** The files of all tasks named, each with the task that wrote it, later tasks of the plan over earlier ones where both changed a file. */
function merged(tasks: readonly PlanTask[], left: ReadonlyMap<string, readonly SourceFile[]>, names: ReadonlySet<string>): SourceFile[] {
  const files = new Map<string, SourceFile>();
  for (const { id, depends_on } of tasks) {
    if (!names.has(id)) continue;
    const before = new Map(depends_on.flatMap((one) => left.get(one) ?? []).map((file) => [file.path, file]));
    const after = new Map((left.get(id) ?? []).map((file) => [file.path, file]));
    for (const [path, file] of after) {
      const untouched = before.get(path)?.content === file.content;
      if (!untouched || !files.has(path)) files.set(path, untouched ? file : { ...file, plan_task: id });
    }
    for (const path of before.keys()) if (!after.has(path)) files.delete(path);
  }
  return [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function ancestorsOf(tasks: readonly PlanTask[], task: PlanTask): Set<string> {
  const found = new Set<string>();
  const add = (ids: readonly string[]): void => {
    for (const id of ids) {
      if (found.has(id)) continue;
      found.add(id);
      add(tasks.find((one) => one.id === id)?.depends_on ?? []);
    }
  };
  add(task.depends_on);
  return found;
}

/** Files that belong to a task which neither comes before this one nor after it. */
function elsewhere(tasks: readonly PlanTask[], task: PlanTask): Map<string, string> {
  const before = ancestorsOf(tasks, task);
  const others = tasks.filter((one) => one.id !== task.id && !before.has(one.id) && !ancestorsOf(tasks, one).has(task.id));
  return new Map(others.flatMap((one) => one.files.filter((path) => !task.files.includes(path)).map((path) => [path, one.id] as const)));
}
