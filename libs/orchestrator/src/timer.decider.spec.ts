import { given } from '../../../test/support/given.js';
import { CancelTimer, FireTimer, SetTimer } from './timer.commands.js';
import { timerDecider } from './timer.decider.js';
import type { TimerEvent } from './timer.events.js';

const timer_id = '11111111-1111-4111-8111-111111111111';
const run_id = '22222222-2222-4222-8222-222222222222';
const minute = (n: number) => new Date(Date.UTC(2026, 0, 2, 3, n)).toISOString();

const set: TimerEvent = { type: 'timer.set', data: { timer_id, run_id, purpose: 'gate', due_at: minute(10) } };
const fired: TimerEvent = { type: 'timer.fired', data: { timer_id, run_id } };
const cancelled: TimerEvent = { type: 'timer.cancelled', data: { timer_id, run_id } };
const fire = (n: number) => ({ type: FireTimer, data: { timer_id }, meta: { now: minute(n) } });

const { when } = given.decider(timerDecider);

describe('a timer', () => {
  it('is set once', () => {
    when([], { type: SetTimer, data: set.data }).then([set]);
    for (const history of [[set], [set, fired], [set, cancelled]]) when(history, { type: SetTimer, data: set.data }).then([]);
  });

  it('goes off when it is due, late rather than never, and once', () => {
    when([set], fire(9)).then([]);
    when([set], fire(10)).then([fired]);
    when([set], fire(600)).then([fired]);
    when([set, fired], fire(600)).then([]);
  });

  it('goes off by the clock of whoever fires it: one that is an hour fast is an hour early, and still the only one', () => {
    const fast = fire(10);
    when([set], fast).then([fired]);
    when([set, fired], fire(-50)).then([]);
    when([set, fired], fire(70)).then([]);
  });

  it('that was cancelled does not go off, and one that went off cannot be cancelled', () => {
    when([set], { type: CancelTimer, data: { timer_id } }).then([cancelled]);
    when([set, cancelled], fire(600)).then([]);
    when([set, fired], { type: CancelTimer, data: { timer_id } }).then([]);
  });

  it('that was never set neither goes off nor can be cancelled', () => {
    when([], fire(600)).then([]);
    when([], { type: CancelTimer, data: { timer_id } }).then([]);
  });
});
