import { given } from '../../../test/support/given.js';
import { ReleasePlace, RequestPlace, ReserveRun } from './allowance.commands.js';
import { allowanceDecider } from './allowance.decider.js';
import type { AllowanceEvent } from './allowance.events.js';

const user_id = '11111111-1111-4111-8111-111111111111';
const project_id = '22222222-2222-4222-8222-222222222222';
const run = (n: number) => `33333333-3333-4333-8333-33333333333${n}`;
const hour = (n: number) => new Date(Date.UTC(2026, 0, 2, n)).toISOString();

const reserved = (n: number, at: string): AllowanceEvent => ({ type: 'allowance.run_reserved', data: { run_id: run(n), at } });
const requested = (n: number): AllowanceEvent => ({ type: 'allowance.place_requested', data: { run_id: run(n), project_id } });
const granted = (n: number): AllowanceEvent => ({ type: 'allowance.place_granted', data: { run_id: run(n), project_id } });
const released = (n: number): AllowanceEvent => ({ type: 'allowance.place_released', data: { run_id: run(n) } });
const request = (n: number) => ({ type: RequestPlace, data: { user_id, project_id, run_id: run(n), running_limit: 2 } });
const release = (n: number) => ({ type: ReleasePlace, data: { user_id, run_id: run(n), running_limit: 2 } });
const reserve = (n: number, at: string) => ({ type: ReserveRun, data: { user_id, run_id: run(n), daily_limit: 2 }, meta: { now: at } });

const { when } = given.decider(allowanceDecider);

describe('the runs of a day', () => {
  it('are limited, and free again 24 hours after they were started', () => {
    when([reserved(1, hour(1))], reserve(2, hour(2))).then([reserved(2, hour(2))]);
    when([reserved(1, hour(1)), reserved(2, hour(2))], reserve(3, hour(24))).thenRefused('daily_limit');
    when([reserved(1, hour(1)), reserved(2, hour(2))], reserve(3, hour(25))).then([reserved(3, hour(25))]);
  });

  it('say when the next one may start', () => {
    expect(() => when([reserved(1, hour(1)), reserved(2, hour(2))], reserve(3, hour(20))).then([])).toThrow(hour(25));
  });
});

describe('places among the runs that work', () => {
  it('are granted while there are some, then to those who wait, in order', () => {
    when([], request(1)).then([requested(1), granted(1)]);
    const full = [requested(1), granted(1), requested(2), granted(2)];
    when(full, request(3)).then([requested(3)]);
    when([...full, requested(3), requested(4)], release(2)).then([released(2), granted(3)]);
  });

  it('are asked for and given up once', () => {
    when([requested(1), granted(1)], request(1)).then([]);
    when([requested(1), granted(1), released(1)], release(1)).then([]);
  });

  it('that were only waited for can be given up too', () => {
    const full = [requested(1), granted(1), requested(2), granted(2), requested(3)];
    when(full, release(3)).then([released(3)]);
    when([...full, released(3)], release(1)).then([released(1)]);
  });
});
