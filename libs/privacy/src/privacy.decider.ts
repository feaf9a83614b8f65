import { ensure, type Decider } from '#platform/domain';
import type { PrivacyCommandUnion } from './privacy.commands.js';
import type { PrivacyEvent } from './privacy.events.js';

export type PrivacyState = 'present' | 'erasing' | 'erased';

/** Whether a person is here, about to be erased, or gone; there is no way back. */
export const privacyDecider: Decider<PrivacyCommandUnion, PrivacyEvent, PrivacyState> = {
  initial: 'present',

  decide(command, state) {
    const { person_id } = command.data;
    switch (command.type) {
      case 'request_erasure':
        return state === 'present' ? [{ type: 'person.erasure_requested', data: { person_id } }] : [];
      case 'record_erasure':
        ensure(state !== 'present', 'conflict', 'Nobody asked for this person to be erased.');
        return state === 'erasing' ? [{ type: 'person.erased', data: { person_id } }] : [];
    }
  },

  evolve(_, { type }) {
    return type === 'person.erased' ? 'erased' : 'erasing';
  },
};
