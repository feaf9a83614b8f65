import type Anthropic from '@anthropic-ai/sdk';
import type { Sandbox } from '#sandbox';
import { carryOut, changesFiles, finishedWith, TOOL_DEFINITIONS, type ToolAnswer } from './coder-tools.js';
import type { ModelRequest } from './model-client.js';
import type { ProjectFiles } from './project-files.js';
import { textOf } from './structured.js';
import type { RecordedTool, TurnLog } from './turn-log.js';
import { Blocked, type Turns } from './turns.js';

export interface LoopLimits {
  /** Answers of the model for one task of the plan. */
  readonly turns: number;
  /** Characters of the conversation after which it is summed up and begun anew. */
  readonly contextCharacters: number;
}

export const LOOP_LIMITS: LoopLimits = { turns: 80, contextCharacters: 400_000 };

export interface CoderLoop {
  readonly name: string;
  readonly turns: Turns;
  readonly log: TurnLog;
  readonly files: ProjectFiles;
  readonly sandbox: Sandbox;
  readonly signal: AbortSignal;
  readonly secrets: readonly string[];
  readonly limits?: LoopLimits;
  readonly onToolCall?: (call: { readonly id: string; readonly name: string }, subject: string) => Promise<void> | void;
}

type Messages = Anthropic.MessageParam[];

/**
 * Lets the model work with its tools until it finishes. Tools run only when the model stopped for them; a turn that was
 * cut off is continued, never half carried out. Each result is on record before the next turn is asked for.
 *
 * @returns the model's own summary
 * @throws Blocked where it refuses, or does not come to an end
 */
export async function runCoder(loop: CoderLoop, request: Omit<ModelRequest, 'messages'>, task: string): Promise<string> {
  const { turns, contextCharacters } = loop.limits ?? LOOP_LIMITS;
  const most = turns * (1 + loop.log.granted);
  let messages: Messages = [{ role: 'user', content: task }];
  for (let turn = 0; turn < most; turn += 1) {
    const asked: ModelRequest = { ...request, tools: TOOL_DEFINITIONS, cache_control: { type: 'ephemeral' }, messages };
    const { message } = await loop.turns.next(asked);
    const calls = message.content.filter((block) => block.type === 'tool_use');
    const said: Messages = message.content.length === 0 ? [] : [{ role: 'assistant', content: message.content }];
    switch (message.stop_reason) {
      case 'tool_use': {
        const results = await carryOutAll(loop, calls);
        const summary = calls.map(finishedWith).find((one) => one !== null);
        if (summary !== undefined) return summary;
        messages = [...messages, ...said, { role: 'user', content: results }];
        break;
      }
      case 'refusal':
        throw new Blocked('refusal', `The model refused to go on with "${loop.name}". ${textOf(message).slice(0, 1_000)}`.trim());
      case 'pause_turn':
        messages = [...messages, ...said];
        break;
      case 'max_tokens':
        messages = [
          ...messages,
          ...said,
          { role: 'user', content: 'You were cut off. Go on; write large files in parts, with write_file and then edit_file.' },
        ];
        break;
      case 'model_context_window_exceeded':
        messages = anew(loop, task, messages);
        break;
      default:
        messages = [...messages, ...said, { role: 'user', content: 'Go on with your tools, and call finish when the task is done.' }];
    }
    if (JSON.stringify(messages).length > contextCharacters) messages = anew(loop, task, messages);
  }
  throw new Blocked('out_of_turns', `The model did not finish "${loop.name}" within ${most} turns.`);
}

async function carryOutAll(loop: CoderLoop, calls: readonly Anthropic.ToolUseBlock[]): Promise<Anthropic.ToolResultBlockParam[]> {
  const results: Anthropic.ToolResultBlockParam[] = [];
  for (const call of calls) {
    loop.signal.throwIfAborted();
    const { result, is_error } = await answerOf(loop, call);
    results.push({ type: 'tool_result', tool_use_id: call.id, content: result === '' ? '(nothing)' : result, ...(is_error ? { is_error } : {}) });
  }
  return results;
}

/** A result that is on record is not worked out again, but what it did to the files is done again. */
async function answerOf(loop: CoderLoop, call: Anthropic.ToolUseBlock): Promise<ToolAnswer> {
  const { files, sandbox, signal, secrets } = loop;
  const known = loop.log.tool(loop.name, call.id);
  if (known) {
    if (changesFiles(call.name)) await carryOut(call, files, sandbox, signal, secrets);
    return known;
  }
  await loop.onToolCall?.(call, subjectOf(call));
  const answer = await carryOut(call, files, sandbox, signal, secrets);
  const recorded: RecordedTool = { kind: 'tool', loop: loop.name, call_id: call.id, name: call.name, ...answer };
  await loop.log.record(recorded);
  return answer;
}

/** What a call is about, for people: a path, a command or a text. */
function subjectOf({ input }: Anthropic.ToolUseBlock): string {
  const { path, command, text } = (input ?? {}) as { path?: unknown; command?: unknown; text?: unknown };
  const subject = [path, command, text].find((one): one is string => typeof one === 'string');
  return (subject ?? '').slice(0, 200);
}

/**
 * The conversation summed up: the files hold the work, so what has to be kept is the task, which files there are, and the
 * last things that were said and found out.
 */
function anew({ files }: CoderLoop, task: string, messages: Messages): Messages {
  const last = messages.slice(-6).flatMap(({ role, content }) => {
    if (typeof content === 'string') return [`${role}: ${content.slice(0, 2_000)}`];
    return content.flatMap((block) => {
      if (block.type === 'text') return [`${role}: ${block.text.slice(0, 2_000)}`];
      if (block.type === 'tool_use') return [`you called ${block.name} ${JSON.stringify(block.input).slice(0, 500)}`];
      if (block.type === 'tool_result') return [`its result: ${JSON.stringify(block.content ?? '').slice(0, 1_500)}`];
      return [];
    });
  });
  const summary = `Your conversation had become too long and is begun anew. The files are as you left them:\n${files.paths().join('\n') || '(none)'}\n\nThe last that happened:\n${last.join('\n')}\n\nGo on from there.`;
  return [{ role: 'user', content: `${task}\n\n${summary}` }];
}
