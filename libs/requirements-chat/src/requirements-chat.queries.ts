import { Inject, Injectable } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { page, ReadModels, type Page, type PageQuery, type Reads } from '#platform';
import type { ChatQuestion } from './requirements-chat.events.js';
import type { MessageRow } from './requirements-chat.projection.js';

export interface MessageView {
  readonly message_id: string;
  readonly run_id: string;
  readonly author: 'person' | 'analyst';
  readonly content: string;
  readonly questions: readonly ChatQuestion[];
  readonly created_at: string;
  readonly position: string;
}

/** The chat of a project, oldest first. */
export class ListMessages extends Query<Page<MessageView>> {
  constructor(
    readonly projectId: string,
    readonly userId: string,
    readonly page: PageQuery,
    readonly at?: Reads,
  ) {
    super();
  }
}

@Injectable()
@QueryHandler(ListMessages)
export class ListMessagesHandler implements IQueryHandler<ListMessages> {
  constructor(@Inject(ReadModels) private readonly reads: ReadModels) {}
  async execute({ projectId, userId, page: query, at = this.reads }: ListMessages): Promise<Page<MessageView>> {
    const from = 'FROM read_models.messages WHERE project_id = $1 AND owner_id = $2';
    const { items, next_cursor } = await page<MessageRow>(at, from, [projectId, userId], query, { id: 'message_id', direction: 'ASC' });
    return {
      items: items.map(({ message_id, run_id, author, content, questions, created_at, position }) => ({
        message_id,
        run_id,
        author,
        content,
        questions,
        created_at,
        position,
      })),
      next_cursor,
    };
  }
}

export const CHAT_QUERY_HANDLERS = [ListMessagesHandler];
