import { AttemptLimiter } from './attempt-limiter.js';

let now = 0;
let limiter: AttemptLimiter;
beforeEach(() => {
  now = 1_000;
  limiter = new AttemptLimiter(() => now);
});

const fail = (who: string, times: number): void => {
  for (let i = 0; i < times; i += 1) limiter.failed(who);
};

it('refuses after ten failures, saying when to come back, and forgets them after five minutes', () => {
  fail('ada', 9);
  expect(() => limiter.check('ada')).not.toThrow();
  now += 60_000;
  fail('ada', 1);
  expect(() => limiter.check('ada')).toThrow(expect.objectContaining({ code: 'too_many_requests', extensions: { retry_after: 240 } }));
  expect(() => limiter.check('grace')).not.toThrow();
  now += 240_000;
  expect(() => limiter.check('ada')).not.toThrow();
});

it('forgets failures after a success', () => {
  fail('ada', 9);
  limiter.succeeded('ada');
  fail('ada', 9);
  expect(() => limiter.check('ada')).not.toThrow();
});

it('remembers a bounded number of callers, the latest of them', () => {
  fail('first', 10);
  for (let i = 0; i < 10_000; i += 1) limiter.failed(`caller ${i}`);
  fail('last', 10);
  expect(() => limiter.check('first')).not.toThrow();
  expect(() => limiter.check('last')).toThrow();
});
