import { given } from '../../../test/support/given.js';
import { FinalizeRequirements, PostMessage } from './requirements-chat.commands.js';
import { chatDecider } from './requirements-chat.decider.js';
import type { ChatEvent } from './requirements-chat.events.js';

const project_id = '11111111-1111-4111-8111-111111111111';
const run_id = '22222222-2222-4222-8222-222222222222';
const message_id = '33333333-3333-4333-8333-333333333333';
const posted: ChatEvent = { type: 'chat.message_posted', data: { message_id, run_id, author: 'person', content: 'hello', questions: null } };
const finalized: ChatEvent = { type: 'chat.finalized', data: { run_id } };
const post = (content: string) => ({
  type: PostMessage,
  data: { project_id, run_id, message_id, author: 'person' as const, content, questions: null },
});

const { when } = given.decider(chatDecider);

describe('the requirements chat', () => {
  it('records a message once', () => {
    when([], post('hello')).then([posted]);
    when([posted], post('hello')).then([]);
    when([], post(' \n')).thenRefused('invalid_input');
  });

  it('is ended once a run, and goes on being recorded after that', () => {
    const finalize = { type: FinalizeRequirements, data: { project_id, run_id, collecting: true } };
    when([posted], finalize).then([finalized]);
    when([posted, finalized], finalize).thenRefused('not_collecting');
    when([posted], { type: FinalizeRequirements, data: { project_id, run_id, collecting: false } }).thenRefused('not_collecting');
    when([finalized], post('hello')).then([posted]);
  });
});
