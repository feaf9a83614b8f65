import { HANDOFFS } from '#contracts';
import type { AnalystTurn, RequirementsConversation } from '#contracts';
import { converse as turnOf, specify as specificationOf } from './analyst.js';
import { IDEAS, conversation } from './testing.js';

const converse = (talk: RequirementsConversation): AnalystTurn => HANDOFFS.analyst_turn.schema.parse(turnOf(talk));
const specify = (talk: RequirementsConversation) => HANDOFFS.software_specification.schema.parse(specificationOf({ ...talk, purpose: 'specify' }));

/** The conversation after the person gave these answers, one after the other. */
function talk(idea: string, ...answers: string[]): RequirementsConversation {
  let now = conversation(idea);
  for (const content of answers) {
    const { message } = converse(now);
    now = { ...now, messages: [...now.messages, { author: 'analyst', content: message }, { author: 'person', content }] };
  }
  return now;
}

describe('the requirements chat', () => {
  it('says what it understood and asks with proposals', () => {
    const turn = converse(conversation(IDEAS.bookClub));
    expect(turn.message).toContain('- Books: title, author and notes');
    expect(turn.questions.map((one) => one.question)).toEqual([expect.stringContaining('each book'), expect.stringContaining('Who may use the app')]);
    expect(turn.ready).toBe(false);
  });

  it('asks nothing where everything was said', () => {
    expect(converse(conversation(IDEAS.timeTracking))).toMatchObject({ questions: [], ready: true });
  });

  it.each(['yes', 'OK.', 'no', 'skip', 'Sounds good!', 'whatever'])('goes on after "%s"', (said) => {
    expect(converse(talk(IDEAS.bookClub, said))).toMatchObject({ questions: [], ready: true });
  });

  it('takes its own proposals as answers', () => {
    const turn = converse(conversation(IDEAS.bookClub));
    const answered = talk(IDEAS.bookClub, turn.questions.map((one) => one.proposal).join('\n'));
    expect(converse(answered).ready).toBe(true);
    expect(specify(answered).requirements).toEqual(specify(talk(IDEAS.bookClub, 'yes')).requirements);
  });

  it('takes corrections and additions in plain words', () => {
    const { requirements } = specify(
      talk(IDEAS.bookClub, 'Yes, but also a nickname for members, and no notes for books', 'people must sign in', 'also a shelf for books'),
    );
    expect(requirements).toEqual(
      expect.arrayContaining([
        'A member has a nickname (text).',
        'A book has a shelf (text).',
        'People sign in with an e-mail address and a password.',
      ]),
    );
  });

  it('says when it could not make use of a message', () => {
    const turn = converse(talk(IDEAS.bookClub, 'make it pop'));
    expect(turn.message).toContain('could not make use of your last message');
    expect(turn.ready).toBe(false);
    expect(converse(talk(IDEAS.bookClub, 'make it pop', 'ok')).ready).toBe(true);
  });

  it('asks what to record where nothing was recognised, and takes the answer', () => {
    const idea = 'Build something great for my grandmother';
    expect(converse(conversation(idea))).toMatchObject({ ready: false, questions: [{ question: expect.stringContaining('keep records of') }] });
    const answered = talk(idea, 'her medications: name, dose, time of day and whether she took it');
    expect(specify(answered).requirements).toEqual(
      expect.arrayContaining(['A medication has a dose (text).', 'A medication has a time of day (time).', 'A medication has a took (yes or no).']),
    );
    expect(converse(talk(idea, 'skip')).ready).toBe(true);
  });

  it('reads the brief of a generation specification', () => {
    const page = {
      page_id: 'home',
      route: '/',
      name: 'Home',
      tree_node: null,
      selected_preview_html: '<h1>Plants</h1>',
      actions: [],
      notes: 'Show upcoming waterings.',
    };
    const spec = {
      brief: {
        title: 'Green thumb',
        details: 'Track plants with name and species. Each watering has a plant and a date.',
        audience: 'me',
        goals: 'No login.',
      },
      style: { name: 'calm', palette: ['#fff'], typography: [], notes: '' },
      global_notes: '',
      pages: [page],
    };
    expect(converse(conversation('My garden', { generation_spec: spec }))).toMatchObject({
      ready: true,
      message: expect.stringContaining('- Plants: name and species'),
    });
  });

  describe('deals with what was not read', () => {
    const keys =
      'Keys: code, cabinet. Holders: name, email. Issues: key, holder, issued on, returned on. No login. Issues are only deleted by the caretaker, we lost some. Fair use all round must never be left to chance. ';

    it('proposes what it would build, and builds what is agreed to', () => {
      const turn = converse(conversation(keys));
      expect(turn.questions[0]).toEqual({
        question: 'You wrote: "Issues are only deleted by the caretaker, we lost some". Is this what you mean?',
        proposal: 'People have one of these roles: caretaker, user. Only a caretaker may delete issues.',
        unsure: true,
      });
      expect(specify(conversation(keys)).requirements.join()).not.toContain('caretaker');
      expect(specify(talk(keys, 'yes')).requirements).toContain('Only a caretaker may delete issues.');
    });

    it('asks once in other words for what has no reading, and lists what is left', () => {
      const [asked] = converse(talk(keys, '1: no')).questions.filter(({ question }) => question.startsWith('I do not know how'));
      const first = converse(conversation(keys)).questions.find(({ question }) => question.startsWith('I do not know how'));
      expect(first ?? asked).toMatchObject({ question: expect.stringContaining('left to chance'), proposal: 'skip' });
      expect(specify(talk(keys, 'no', 'skip', 'skip')).out_of_scope.join('\n')).toContain('left to chance');
      expect(converse(talk(keys, 'no', 'skip', 'skip'))).toMatchObject({ questions: [], ready: true });
    });

    it('tells what an answer changed, and at the end what is left out', () => {
      expect(converse(talk(keys, '1: yes\n2: skip')).message).toMatch(
        /^Noted:\n- People have one of these roles: caretaker, user\.\n- Only a caretaker may delete issues\./,
      );
      expect(converse(talk(keys, 'skip', 'skip')).message).toMatch(
        /This I did not understand, and leave out:[^]*\n- ".*left to chance"\n- "Issues are only deleted .*"\n\nThat is enough/,
      );
    });

    it.each([
      ['1: Only a warden may delete issues.', 'Only a warden may delete issues.'],
      ['no\nskip', null],
      ['1: yes\n2: Show the issues of this month', 'Only a caretaker may delete issues.'],
    ])('%j', (answer, built) => {
      const lines = specify(talk(keys, answer)).requirements.join('\n');
      if (built === null) expect(lines).not.toContain('Only a');
      else expect(lines).toContain(built);
    });
  });

  it('answers during a build without changing it', () => {
    const during = conversation(IDEAS.bookClub, {
      purpose: 'answer',
      run_status: 'qa is testing',
      messages: [{ author: 'person', content: 'How far is it?' }],
    });
    expect(converse(during).message).toBe(
      'The build is at this point: qa is testing. It is about books, members and loans. The approved specification says exactly what it will do.',
    );
    expect(converse({ ...during, messages: [{ author: 'person', content: 'Add a shelf' }] }).message).toContain('I noted this: "Add a shelf"');
  });
});

describe('the specification', () => {
  it('gives every criterion an id and the sentence it comes from', () => {
    const { acceptance_criteria: criteria } = specify(conversation(IDEAS.timeTracking, { finalized: true }));
    expect(criteria.map((one) => one.id)).toEqual(criteria.map((_, index) => `AC-${index + 1}`));
    expect(criteria.find((one) => one.text.startsWith('"Total hours per project"'))?.source).toBe('Show the total hours per project');
    expect(criteria.find((one) => one.text.startsWith('Whoever has not signed in'))?.source).toBe('Users must sign in');
    expect(criteria.at(-1)?.source).toBeNull();
  });

  it('lists what was assumed and what will not be built', () => {
    const spec = specify(conversation(`${IDEAS.inventory} Colour low stock in red.`, { finalized: true }));
    expect(spec.out_of_scope).toEqual([
      expect.stringMatching(/^Sending e-mails/),
      expect.stringMatching(/^A native mobile/),
      'Not understood, therefore not included: "Colour low stock in red"',
    ]);
    expect(spec.high_level_features).toContain('Assumed: Nobody needs to sign in, as nothing was said about it.');
  });

  it('has an open question only where nothing was recognised and more may be asked', () => {
    const vague = conversation('Something nice for cyclists and their tours');
    expect(specify(vague).open_questions).toHaveLength(1);
    const final = specify({ ...vague, finalized: true });
    expect(final.open_questions).toEqual([]);
    expect(final.requirements).toContain('The app keeps a list of cyclists.');
    expect(final.high_level_features.join()).toContain('Nothing was said about what is to be recorded');
  });

  it('changes by a reason in plain words, and keeps what a person amended', () => {
    const first = specify(conversation(IDEAS.bookClub, { finalized: true }));
    const amended = {
      ...first,
      requirements: [...first.requirements, 'A book has a shelf (text).'],
      acceptance_criteria: [...first.acceptance_criteria, { id: 'AC-50', text: 'A book without a shelf is refused.', source: null }],
    };
    const next = specify(
      conversation(IDEAS.bookClub, {
        revision: { previous: amended, reason: 'Also record the publisher of a book. Remove the notes of books. No loans.' },
      }),
    );
    expect(next.requirements).toEqual(expect.arrayContaining(['A book has a shelf (text).', 'A book has a publisher (text).']));
    expect(next.requirements.join()).not.toMatch(/loan|book has notes/);
    expect(next.acceptance_criteria.map((one) => one.text)).toContain('A book without a shelf is refused.');
    expect(next.acceptance_criteria.map((one) => one.text).join()).not.toMatch(/loan/);
    expect(new Set(next.acceptance_criteria.map((one) => one.id)).size).toBe(next.acceptance_criteria.length);
  });

  it('says so where the reason was not understood', () => {
    const previous = specify(conversation(IDEAS.todo, { finalized: true }));
    expect(specify(conversation(IDEAS.todo, { revision: { previous, reason: 'I do not like it' } })).out_of_scope).toContain(
      'Not understood, therefore not included: "I do not like it"',
    );
  });
});

it('leaves a specification as it is where nothing about it is to change', () => {
  const previous = specify(conversation(IDEAS.bookClub, { purpose: 'specify', finalized: true }));
  expect(specify(conversation(IDEAS.bookClub, { purpose: 'specify', finalized: true, revision: { previous, reason: '' } }))).toEqual(previous);
});
