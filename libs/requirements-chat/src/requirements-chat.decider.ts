import { ensure, type Decider } from '#platform/domain';
import type { ChatCommandUnion } from './requirements-chat.commands.js';
import type { ChatEvent } from './requirements-chat.events.js';

export interface ChatState {
  readonly message_ids: readonly string[];
  /** Runs whose chat the person has ended. */
  readonly finalized: readonly string[];
}

export const chatDecider: Decider<ChatCommandUnion, ChatEvent, ChatState> = {
  initial: { message_ids: [], finalized: [] },

  decide(command, state) {
    switch (command.type) {
      case 'post_message': {
        const { message_id, run_id, author, content, questions } = command.data;
        ensure(content.trim() !== '', 'invalid_input', 'The message is empty.');
        if (state.message_ids.includes(message_id)) return [];
        return [{ type: 'chat.message_posted', data: { message_id, run_id, author, content, questions } }];
      }
      case 'finalize_requirements': {
        const { run_id, collecting } = command.data;
        ensure(collecting, 'not_collecting', 'The requirements chat of this run is over; there is nothing to end.');
        ensure(!state.finalized.includes(run_id), 'not_collecting', 'The requirements chat of this run has been ended already.');
        return [{ type: 'chat.finalized', data: { run_id } }];
      }
    }
  },

  evolve(state, { type, data }) {
    switch (type) {
      case 'chat.message_posted':
        return { ...state, message_ids: [...state.message_ids, data.message_id] };
      case 'chat.finalized':
        return { ...state, finalized: [...state.finalized, data.run_id] };
    }
  },
};
