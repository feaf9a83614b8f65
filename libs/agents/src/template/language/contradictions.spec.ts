import { converse, specify } from '../analyst.js';
import { conversation } from '../testing.js';
import type { RequirementsConversation } from '#contracts';
import { understand } from './understand.js';

function talk(idea: string, ...answers: string[]): RequirementsConversation {
  let now = conversation(idea);
  for (const content of answers)
    now = { ...now, messages: [...now.messages, { author: 'analyst', content: converse(now).message }, { author: 'person', content }] };
  return now;
}
const requirements = (now: RequirementsConversation): string[] => specify({ ...now, purpose: 'specify', finalized: true }).requirements;

describe('two sentences that cannot both hold', () => {
  const idea = 'Every recipe has one cook. A recipe has a title. I should add that a recipe may have several cooks. No login.';

  it('are asked about first, and the later one stands until it is answered', () => {
    const turn = converse(conversation(idea));
    expect(turn.questions[0]).toMatchObject({
      question: expect.stringContaining('Can a recipe have several cooks, or exactly one cook?'),
      proposal: 'A recipe can have several cooks.',
    });
    expect(requirements(conversation(idea))).toContain('A recipe has cooks (links to several cooks).');
  });

  it.each(['Just one, I was wrong about the cooks.', 'Every recipe has one cook'])('"%s" brings the first one back', (answer) => {
    const lines = requirements(talk(idea, answer));
    expect(lines.join()).not.toContain('several cooks');
    expect(lines.some((line) => /A recipe has a cook /.test(line))).toBe(true);
  });

  it.each(['yes', 'skip', 'several', 'A recipe can have several cooks.'])('"%s" keeps the later one, and it is not asked again', (answer) => {
    const now = talk(idea, answer);
    expect(requirements(now)).toContain('A recipe has cooks (links to several cooks).');
    expect(converse(now).questions.filter(({ question }) => question.includes('cooks'))).toEqual([]);
  });

  it.each([
    ['Tenants only see their own repairs. All tenants can see every repair.', 'tenant see repair'],
    ['Regulars get in free of charge. All visits are charged without exception.', 'always charg'],
  ])('%s', (said, about) => {
    expect(understand(`Repairs have a title. Visits have a date. ${said}`).contradictions.map((one) => one.about)).toEqual([about]);
  });

  it.each([
    'Wardens want visitors to see the repairs. The board said no visitors at all. Not settled.',
    'Each tenant gets one repair, no more. Old Marta can have two though.',
    'Everyone sees all the repairs. Oh but you only see the repairs you are part of.',
  ])('or a matter left open: %s', (said) => {
    expect(understand(`Repairs have a title. Tenants have a name. ${said}`).contradictions).toHaveLength(1);
  });

  it.each([
    ['A member may borrow at most 3 tools at a time. Max 4 tools per member.', 'it is 3', 3],
    ['A member may borrow at most 2 tools at a time. The limit is 5 tools per member.', 'five', 5],
  ])('or two figures for one limit: %s', (said, answer, maximum) => {
    const idea = `Tools have a name. Members have a name. Each loan has a tool, a member, a loan date and a return date. ${said} No login.`;
    expect(converse(conversation(idea)).questions[0]?.question).toContain('may there be');
    expect(requirements(talk(idea, answer)).join('\n')).toContain(`at most ${maximum} loans`);
  });

  it('are none where the two speak of different directions', () => {
    expect(understand('Each animal belongs to one owner. One owner can have lots of animals. Owners: name. Animals: name.').contradictions).toEqual(
      [],
    );
  });
});

describe('an answer to what should be noted', () => {
  it('is about the thing that was asked about, as a bare list', () => {
    const lines = requirements(talk('I need something to keep track of the beehives.', 'The number, where it stands, and when it was last checked.'));
    expect(lines).toEqual(expect.arrayContaining(['A beehive has a location (text).', 'A beehive has a last checked (date).']));
  });
});
