import { purposeOf } from '../purpose.js';
import { askedIn } from './asking.js';

const asked = (text: string): string | null => askedIn(text, null, purposeOf(text), true)?.text ?? null;

describe('which words say what somebody wants to see', () => {
  it.each([
    ['Show me the takings per week', /takings per week$/],
    ['Every morning: arrivals today, departures today', /^arrivals today, departures today$/],
    ['What would really help: the number of empty seats', /^the number of empty seats$/],
    ['Most people pay late, so at any time I should know how much is outstanding', /^how much is outstanding$/],
    ['The hands log on to see who is leaving today', /^who is leaving today$/],
    ['Who owes me money and how much altogether', /^Who owes me money/],
    ['On the first page I wish to see the practices signed and not yet registered', /practices signed/],
    ['visits per nurse', /^visits per nurse$/],
    ["It'd be good if we could see how many kilos each farm sent", /^how many kilos each farm sent$/],
    ['At year end the treasurer wants the total of the fees', /total of the fees$/],
  ])('"%s"', (text, words) => {
    expect(asked(text)).toMatch(words);
  });

  it.each([
    'Clerks enter exhibitors and entries',
    'A kiln has a name and three shelves',
    'Only techs can mark a piece broken',
    'Nothing else changes once it is fixed',
    'Members sign in and put in their own bookings',
    'An order begins as new',
    'No two firings at the same time',
  ])('nothing in "%s"', (text) => {
    expect(asked(text)).toBeNull();
  });
});
