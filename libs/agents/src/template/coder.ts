import { z } from 'zod';
import type { CodeBundle, DatabaseSchema, DefectReport, FailedCommand, ImplementationPlan } from '#contracts';
import { databaseSchema } from '#contracts';
import type { BrainContext, WrittenCode } from '../brain.js';
import { SCHEMA_FILE, generateApp } from './app/generate.js';
import { checkOf, completeCriteria } from './requirements/criteria.js';
import { newDraft } from './language/draft.js';
import { amend } from './language/understand.js';

/** The first version of an app, from nothing but the plan. */
export const write = (plan: ImplementationPlan): WrittenCode =>
  generateApp({ schema: plan.database_schema, description: plan.core_idea, criteria: plan.acceptance_criteria });

/**
 * Another version: the person's words applied to the app's description where there are some, and every file written
 * anew from that description. Refuses where that would give the very files that failed.
 */
export async function repair(report: DefectReport, context: BrainContext): Promise<WrittenCode> {
  const { schema, description } = await readDescription(report.bundle, context);
  const criteria = report.bundle.acceptance_criteria;
  if (report.feedback !== null && report.feedback.trim() !== '') {
    const draft = newDraft(schema);
    if (!amend(draft, report.feedback))
      throw new Error(
        `The template engine could not make use of this: "${report.feedback.trim().slice(0, 500)}". Say what to change in a sentence such as "A book has a shelf." or "Remove the notes of books.", or use a model.`,
      );
    const changed = databaseSchema.parse({
      ...draft.schema,
      not_included: [...new Set([...draft.schema.not_included, ...draft.outOfScope, ...draft.unclear.map((one) => `Not understood: "${one}"`)])],
    });
    const kept = criteria.filter((criterion) => checkOf(schema, criterion.text) === null || checkOf(changed, criterion.text) !== null);
    return generateApp({ schema: changed, description, criteria: completeCriteria(changed, kept, () => report.feedback) });
  }
  const again = generateApp({ schema, description, criteria });
  if (await isSame(again, report.bundle, context))
    throw new Error(
      'The files are exactly what the template engine writes for this plan, so writing them again repairs nothing. Look at the log of the failed command, amend the plan, or use a model.',
    );
  return again;
}

const appDescription = z.looseObject({ description: z.string() });

async function readDescription(bundle: CodeBundle, context: BrainContext): Promise<{ schema: DatabaseSchema; description: string }> {
  const file = bundle.files.find((one) => one.path === SCHEMA_FILE);
  if (!file) throw new Error(`The delivery holds no ${SCHEMA_FILE}, so the template engine cannot tell what the app is to do. Run the plan again.`);
  const text = (await context.readFile(file.sha256)).toString('utf8');
  try {
    const { description, ...schema } = appDescription.parse(JSON.parse(text));
    return { schema: databaseSchema.parse(schema), description };
  } catch (error) {
    throw new Error(
      `${SCHEMA_FILE} of the delivery cannot be used (${error instanceof Error ? error.message.slice(0, 300) : 'unreadable'}). Run the plan again.`,
      { cause: error },
    );
  }
}

async function isSame(code: WrittenCode, bundle: CodeBundle, context: BrainContext): Promise<boolean> {
  const present = new Map(bundle.files.map((file) => [file.path, file]));
  if (code.files.length !== bundle.files.filter((file) => file.path !== 'countersign.json').length) return false;
  for (const file of code.files) {
    const before = present.get(file.path);
    if (before?.bytes !== Buffer.byteLength(file.content) || before.executable !== (file.executable ?? false)) return false;
    if (!(await context.readFile(before.sha256)).equals(Buffer.from(file.content))) return false;
  }
  return true;
}

/** The bundle's files that a log names, the most often named first. */
export function suspects(failure: Omit<FailedCommand, 'files_suspected'>, bundle: CodeBundle): string[] {
  const log = failure.log_tail.replaceAll('\\', '/');
  const named = bundle.files.map(({ path }) => ({ path, times: occurrences(log, path) })).filter(({ times }) => times > 0);
  return named
    .sort((a, b) => b.times - a.times || (a.path < b.path ? -1 : 1))
    .slice(0, 50)
    .map(({ path }) => path);
}

function occurrences(log: string, path: string): number {
  let times = 0;
  for (let at = log.indexOf(path); at !== -1; at = log.indexOf(path, at + path.length)) {
    const before = log.charAt(at - 1);
    const after = log.charAt(at + path.length);
    if (!/[\w.-]/.test(before) && !/[\w-]/.test(after)) times += 1;
  }
  return times;
}
