import type Anthropic from '@anthropic-ai/sdk';
import { z } from 'zod';
import { DEFAULT_RUN_LIMITS, redact, type Sandbox } from '#sandbox';
import { ToolProblem, type ProjectFiles } from './project-files.js';

/** Characters of a result that the model is given. */
const MOST_RESULT = 30_000;
const MOST_MATCHES = 200;
const COMMAND_MS = 120_000;

const path = z.string().min(1).max(240);

/** The coder's tools: what each takes. What they may do is decided here, whatever the model was told. */
const TOOLS = {
  list_files: { about: 'Lists the paths of all files of the project.', input: z.strictObject({}) },
  read_file: { about: 'Reads a file.', input: z.strictObject({ path }) },
  write_file: { about: 'Writes a file, whole. Folders come by themselves.', input: z.strictObject({ path, content: z.string() }) },
  edit_file: {
    about: 'Replaces a passage of a file by another. The passage must be there exactly once.',
    input: z.strictObject({ path, before: z.string().min(1), after: z.string() }),
  },
  delete_file: { about: 'Deletes a file.', input: z.strictObject({ path }) },
  search_files: { about: 'Finds the lines that hold a text, as path:line: content.', input: z.strictObject({ text: z.string().min(1).max(400) }) },
  run_command: {
    about:
      'Runs a shell command in a sandbox that holds the files as they are now, and answers its exit code and output. There is no network, and what the command writes is gone afterwards.',
    input: z.strictObject({ command: z.string().min(1).max(2_000) }),
  },
  finish: {
    about: 'Ends your work on this task once its files are written and its checks pass. Say in a sentence or two what was done.',
    input: z.strictObject({ summary: z.string().min(1).max(4_000) }),
  },
} as const;
type ToolName = keyof typeof TOOLS;

/** The tools as the Messages API takes them. */
export const TOOL_DEFINITIONS: Anthropic.Tool[] = Object.entries(TOOLS).map(([name, { about, input }]) => {
  const { $schema: _schema, ...input_schema } = z.toJSONSchema(input) as Record<string, unknown>;
  return { name, description: about, input_schema: input_schema as unknown as Anthropic.Tool.InputSchema, strict: true };
});

export interface ToolAnswer {
  readonly result: string;
  readonly is_error: boolean;
}

/** The summary with which a coder finishes, where the call is that. */
export function finishedWith(call: Pick<Anthropic.ToolUseBlock, 'name' | 'input'>): string | null {
  const parsed = call.name === 'finish' ? TOOLS.finish.input.safeParse(call.input) : null;
  return parsed?.success === true ? parsed.data.summary : null;
}

/** True where carrying the call out again gives the same: its result need not be on record for the files to be as they were. */
export const changesFiles = (name: string): boolean => name === 'write_file' || name === 'edit_file' || name === 'delete_file';

/**
 * Carries a tool call out. Whatever the model got wrong is its answer; only the sandbox's own failure and an abort throw.
 *
 * @param secrets known values that no result may hold
 */
export async function carryOut(
  { name, input }: Pick<Anthropic.ToolUseBlock, 'name' | 'input'>,
  files: ProjectFiles,
  sandbox: Sandbox,
  signal: AbortSignal,
  secrets: readonly string[],
): Promise<ToolAnswer> {
  const answer = (result: string, is_error = false): ToolAnswer => ({ result: cut(redact(result, secrets)), is_error });
  const tool = TOOLS[name as ToolName] as (typeof TOOLS)[ToolName] | undefined;
  if (!tool) return answer(`There is no tool ${name}. There are: ${Object.keys(TOOLS).join(', ')}.`, true);
  const parsed = tool.input.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'input'}: ${issue.message}`);
    return answer(`The input of ${name} is not right. ${problems.join('; ')}`, true);
  }
  try {
    return answer(await perform(name as ToolName, parsed.data as never, files, sandbox, signal));
  } catch (error) {
    if (error instanceof ToolProblem) return answer(error.message, true);
    throw error;
  }
}

async function perform(
  name: ToolName,
  input: { path: string; content: string; before: string; after: string; text: string; command: string },
  files: ProjectFiles,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<string> {
  switch (name) {
    case 'list_files':
      return files.paths().join('\n') || '(no files yet)';
    case 'read_file':
      return files.read(input.path);
    case 'write_file':
      files.write(input.path, input.content);
      return `Wrote ${input.path} (${Buffer.byteLength(input.content)} bytes).`;
    case 'edit_file':
      files.edit(input.path, input.before, input.after);
      return `Changed ${input.path}.`;
    case 'delete_file':
      files.remove(input.path);
      return `Deleted ${input.path}.`;
    case 'search_files':
      return files.search(input.text, MOST_MATCHES).join('\n') || 'Nothing found.';
    case 'run_command':
      return runCommand(input.command, files, sandbox, signal);
    case 'finish':
      return 'Done.';
  }
}

async function runCommand(command: string, files: ProjectFiles, sandbox: Sandbox, signal: AbortSignal): Promise<string> {
  signal.throwIfAborted();
  const laid = files.all().map(({ path: name, content, executable = false }) => ({ path: name, content: Buffer.from(content), executable }));
  const workspace = await sandbox.open(laid);
  try {
    const { end, exitCode, output } = await workspace.run(command, { limits: { ...DEFAULT_RUN_LIMITS, timeoutMs: COMMAND_MS }, signal });
    signal.throwIfAborted();
    const how = end === 'exited' ? `exit code ${String(exitCode)}` : `ended by: ${end.replaceAll('_', ' ')}`;
    return `${how}\n${output}`;
  } finally {
    await workspace.dispose();
  }
}

/** The beginning and the end of what is too long. */
function cut(text: string): string {
  if (text.length <= MOST_RESULT) return text;
  const half = MOST_RESULT / 2;
  return `${text.slice(0, half)}\n[${text.length - MOST_RESULT} characters left out]\n${text.slice(-half)}`;
}
