import { queriesIn } from './queries.js';

const told = (text: string): string[] =>
  queriesIn(text).queries.map(({ operation, head, groups, period, window, order, limit }) =>
    [
      operation ?? '-',
      head,
      ...(groups.length > 0 ? [`per ${groups.join(' and ')}`] : []),
      ...(period ? [`each ${period}`] : []),
      ...(window ? [`${window.way} ${String(window.days)}`] : []),
      ...(order ? [`${order.words} first`] : []),
      ...(limit === null ? [] : [String(limit)]),
    ].join(' | '),
  );

describe('what somebody asks to see', () => {
  it.each([
    ['km per member and km per boat', ['- | km | per member', '- | km | per boat']],
    ['Torn per hotel per month', ['- | Torn | per hotel | each month']],
    ['Deliveries for tomorrow by driver', ['- | Deliveries | per driver | within_days 1']],
    [
      'Want to see: faults not fixed yet, oldest first; how many items each exhibition has',
      ['- | faults not fixed yet | oldest first', 'count | items has | per exhibition'],
    ],
    ['I like to see the percentage of passed for each instructor', ['share | passed | per instructor']],
    ['bushels still to deliver on each contract', ['left | bushels still to deliver | per contract']],
    ['top 20 artists', ['list | artists | top first | 20']],
  ])('"%s"', (text, queries) => {
    expect(told(text)).toEqual(queries);
  });

  it('says whether the statement itself asks', () => {
    expect(['I want to see the sales per week', 'We need the sales per week', 'A booking has a date'].map((one) => queriesIn(one).asked)).toEqual([
      'surely',
      'maybe',
      null,
    ]);
  });
});
