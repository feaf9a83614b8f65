import type { CommandMeta } from '#platform/domain';
import { fold } from '#platform/domain';
import { RecordErasure, RequestErasure, type PrivacyCommandUnion } from './privacy.commands.js';
import { privacyDecider } from './privacy.decider.js';
import type { PrivacyEvent } from './privacy.events.js';

const data = { person_id: '00000000-0000-4000-8000-000000000001' };
const meta = {} as CommandMeta;
const requested: PrivacyEvent = { type: 'person.erasure_requested', data };
const erased: PrivacyEvent = { type: 'person.erased', data };
const decide = (given: PrivacyEvent[], command: PrivacyCommandUnion) => privacyDecider.decide(command, fold(privacyDecider, given));

it('is asked for once, however often it is asked', () => {
  expect(decide([], new RequestErasure(data, meta))).toEqual([requested]);
  expect(decide([requested], new RequestErasure(data, meta))).toEqual([]);
  expect(decide([requested, erased], new RequestErasure(data, meta))).toEqual([]);
});

it('is recorded once, and of nobody who did not ask', () => {
  expect(decide([requested], new RecordErasure(data, meta))).toEqual([erased]);
  expect(decide([requested, erased], new RecordErasure(data, meta))).toEqual([]);
  expect(() => decide([], new RecordErasure(data, meta))).toThrow('conflict');
});
