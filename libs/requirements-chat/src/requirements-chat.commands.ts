import { DomainCommand } from '#platform';
import type { ChatQuestion } from './requirements-chat.events.js';

export const chatStream = (projectId: string): string => `chat-${projectId}`;

abstract class ChatCommand<Data extends { project_id: string }> extends DomainCommand<Data> {
  get stream(): string {
    return chatStream(this.data.project_id);
  }
}

export class PostMessage extends ChatCommand<{
  project_id: string;
  run_id: string;
  message_id: string;
  author: 'person' | 'analyst';
  content: string;
  questions: ChatQuestion[] | null;
}> {
  readonly type = 'post_message';
}

/** The person ends the chat: the specification is written from what is known. `collecting`: the run's chat is still going on. */
export class FinalizeRequirements extends ChatCommand<{ project_id: string; run_id: string; collecting: boolean }> {
  readonly type = 'finalize_requirements';
}

export const CHAT_COMMANDS = [PostMessage, FinalizeRequirements] as const;
export type ChatCommandUnion = InstanceType<(typeof CHAT_COMMANDS)[number]>;
