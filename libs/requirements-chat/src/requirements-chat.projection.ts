import { table, type Projection, type Row } from '#platform';
import type { ChatEvent, ChatQuestion } from './requirements-chat.events.js';

export interface MessageRow extends Row {
  message_id: string;
  project_id: string;
  owner_id: string;
  run_id: string;
  author: 'person' | 'analyst';
  content: string;
  questions: ChatQuestion[];
  created_at: string;
  position: string;
}

const messages = table<MessageRow, ChatEvent>('messages', 'message_id', {
  'chat.message_posted': {
    id: (event) => event.data.message_id,
    evolve: (_, { data, metadata, position }) => ({
      message_id: data.message_id,
      project_id: metadata.project_id!,
      owner_id: metadata.owner_id,
      run_id: data.run_id,
      author: data.author,
      content: data.content,
      questions: data.questions ?? [],
      created_at: metadata.timestamp,
      position,
    }),
  },
});

export const chatProjection: Projection = { name: 'read:requirements-chat', version: 2, tables: [messages] };
