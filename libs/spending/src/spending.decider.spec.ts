import { given } from '../../../test/support/given.js';
import { RaiseSpendingLimit, ReserveSpending, SettleSpending, type SpendingLimits } from './spending.commands.js';
import { spendingDecider } from './spending.decider.js';
import type { SpendingEvent } from './spending.events.js';

const user_id = '11111111-1111-4111-8111-111111111111';
const project_id = '22222222-2222-4222-8222-222222222222';
const task_id = '44444444-4444-4444-8444-444444444444';
const run = (n: number) => `33333333-3333-4333-8333-33333333333${n}`;
const reservation = (n: number) => `55555555-5555-4555-8555-55555555555${n}`;
const NONE: SpendingLimits = { run: null, project: null, day: null };
const DAY = '2026-01-02';

const reserved = (n: number, micro_usd: number, run_id = run(1), day = DAY): SpendingEvent => ({
  type: 'spending.reserved',
  data: { reservation_id: reservation(n), project_id, run_id, task_id, micro_usd, day },
});
const settled = (n: number, micro_usd: number): SpendingEvent => ({ type: 'spending.settled', data: { reservation_id: reservation(n), micro_usd } });
const reserve = (n: number, micro_usd: number, limits: Partial<SpendingLimits>, run_id = run(1)) => ({
  type: ReserveSpending,
  data: { user_id, reservation_id: reservation(n), project_id, run_id, task_id, micro_usd, limits: { ...NONE, ...limits } },
});
const settle = (n: number, micro_usd: number) => ({ type: SettleSpending, data: { user_id, reservation_id: reservation(n), micro_usd } });

const { when } = given.decider(spendingDecider);

describe('money for a request', () => {
  it('is set aside before it is sent, up to the limit and not beyond', () => {
    when([], reserve(1, 100, { run: 100 })).then([reserved(1, 100)]);
    when([], reserve(1, 101, { run: 100 })).thenRefused('budget_exceeded');
    when([reserved(1, 60)], reserve(2, 41, { run: 100 })).thenRefused('budget_exceeded');
  });

  it('is free again where the request cost less', () => {
    when([reserved(1, 90), settled(1, 10)], reserve(2, 90, { run: 100 })).then([reserved(2, 90)]);
  });

  it('counts in full where the answer was lost', () => {
    when([reserved(1, 90)], reserve(2, 20, { run: 100 })).thenRefused('budget_exceeded');
  });

  it('is counted for the run, the project and the day', () => {
    const before = [reserved(1, 90, run(1)), settled(1, 90)];
    when(before, reserve(2, 20, { run: 100 }, run(2))).then([reserved(2, 20, run(2))]);
    when(before, reserve(2, 20, { project: 100 }, run(2))).thenRefused('budget_exceeded');
    when(before, reserve(2, 20, { day: 100 }, run(2))).thenRefused('budget_exceeded');
    when([reserved(1, 90, run(1), '2026-01-01')], reserve(2, 20, { day: 100 })).then([reserved(2, 20)]);
  });

  it('is set aside and settled once', () => {
    when([reserved(1, 10)], reserve(1, 10, {})).then([]);
    when([reserved(1, 10)], settle(1, 7)).then([settled(1, 7)]);
    when([reserved(1, 10), settled(1, 7)], settle(1, 9)).then([]);
    when([], settle(1, 9)).then([]);
  });
});

it('a person adds to a limit, and the request goes through', () => {
  const raised: SpendingEvent = { type: 'spending.limit_raised', data: { scope: 'run', id: run(1), micro_usd: 50 } };
  when([], { type: RaiseSpendingLimit, data: { user_id, scope: 'run', id: run(1), micro_usd: 50 } }).then([raised]);
  when([reserved(1, 90), raised], reserve(2, 60, { run: 100 })).then([reserved(2, 60)]);
  when([reserved(1, 90), raised], reserve(2, 61, { run: 100 })).thenRefused('budget_exceeded');
});
