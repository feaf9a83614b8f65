import { fold } from '#platform/domain';
import { given } from '../../../test/support/given.js';
import { RebuildProjection, RetryProjection, SkipEvent } from './operations.commands.js';
import { operationsDecider } from './operations.decider.js';
import type { OperationsEvent } from './operations.events.js';

const projection = 'read:tasks';
const event_id = '11111111-1111-4111-8111-111111111111';
const standing = [{ position: '17', event_id, type: 'task.started' }];
const skipped: OperationsEvent = {
  type: 'projection.event_skipped',
  data: { projection, position: '17', event_id, event_type: 'task.started', reason: 'made by hand' },
};
const retried: OperationsEvent = { type: 'projection.retry_requested', data: { projection, reason: null } };
const rebuilt: OperationsEvent = { type: 'projection.rebuild_requested', data: { projection, reason: 'a new column' } };
const skip = (position: string, reason = 'made by hand') => ({ type: SkipEvent, data: { projection, position, reason, standing } });

const { when } = given.decider(operationsDecider);

describe('an operator', () => {
  it('skips the event before which the projection stands, with a reason', () => {
    when([], skip('17')).then([skipped]);
  });

  it('skips it once', () => {
    when([skipped], skip('17', 'again')).then([]);
  });

  it('skips no other event, and none without a reason', () => {
    when([], skip('16')).thenRefused('conflict');
    when([], skip('17', ' ')).thenRefused('invalid_input');
  });

  it('has it tried again where it stands still, as often as wanted', () => {
    when([], { type: RetryProjection, data: { projection, reason: null, standing } }).then([retried]);
    when([retried], { type: RetryProjection, data: { projection, reason: null, standing } }).then([retried]);
    when([], { type: RetryProjection, data: { projection, reason: null, standing: [] } }).thenRefused('conflict');
  });

  it('has it rebuilt, and not twice at a time', () => {
    when([rebuilt], { type: RebuildProjection, data: { projection, reason: 'a new column', on_its_way: false } }).then([rebuilt]);
    when([rebuilt], { type: RebuildProjection, data: { projection, reason: null, on_its_way: true } }).then([]);
  });
});

it('what was decided is known from the record alone', () => {
  const another: OperationsEvent = { ...skipped, data: { ...skipped.data, position: '30' } };
  expect(fold(operationsDecider, [skipped, retried, rebuilt, another, retried])).toEqual({ skipped: new Set(['17', '30']), retries: 2, rebuilds: 1 });
});
