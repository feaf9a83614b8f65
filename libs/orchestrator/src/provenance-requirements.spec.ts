import type { SoftwareSpecification } from '#contracts';
import { planItems, requirementsOf, type SaidSomewhere } from './provenance-requirements.js';

const said = (event_id: string, text: string): SaidSomewhere => ({
  event_id,
  position: event_id,
  at: '2026-01-02T03:04:05.000Z',
  actor: 'somebody',
  message_id: event_id,
  request_id: null,
  content_hash: 'a'.repeat(64),
  text,
});

const specification = (change: Partial<SoftwareSpecification>): SoftwareSpecification => ({
  core_idea: 'Books.',
  requirements: ['A book has a title.', 'A book has a shelf.'],
  user_stories: [],
  high_level_features: [],
  acceptance_criteria: [],
  open_questions: [],
  out_of_scope: [],
  ...change,
});

const criterion = (source: string | null) => ({ id: 'AC-1', text: 'A title is required.', source });

describe('what requirements go back to', () => {
  it('is the first message that has the words one after the other, however they are written', () => {
    const messages = [said('1', 'Hello.'), said('2', 'We keep books.\nEvery book, has a “Title”!'), said('3', 'every book has a title')];
    const { criteria } = requirementsOf(null, [criterion('Every book has a title.')], messages);
    expect(criteria).toEqual([{ ...criterion('Every book has a title.'), said_in: '2' }]);
  });

  it('is nothing where the words are in none, in part of a word, or no words at all', () => {
    for (const [source, text] of [
      ['A book has a shelf', 'A book has a shelfmark.'],
      ['A book has a shelf', 'A book has a title. It has a shelf.'],
      ['...', '...'],
      [null, 'A title is required.'],
    ] as const)
      expect([source, requirementsOf(null, [criterion(source)], [said('1', text)]).criteria[0]!.said_in]).toEqual([source, null]);
  });

  it('is told by the text of a requirement, so that what a person added by hand takes nobody’s place', () => {
    const sources = [{ requirement: 'A book has a shelf.', source: 'with its shelf' }];
    const amended = specification({ requirements: ['A book has a spine.', 'A book has a shelf.'], requirement_sources: sources });
    const { requirements } = requirementsOf(amended, [], [said('1', 'Books, with its shelf')]);
    expect(requirements).toEqual([
      { id: 'R-1', text: 'A book has a spine.', source: null, said_in: null },
      { id: 'R-2', text: 'A book has a shelf.', source: 'with its shelf', said_in: '1' },
    ]);
    expect(requirementsOf(specification({}), [], []).requirements.map(({ source }) => source)).toEqual([null, null]);
  });

  it('of plans that do not say is null, which is not the same as nothing', () => {
    const task = { id: 'T-1', title: 'Books', depends_on: [], files: [] };
    const plan = { task_breakdown: [task, { ...task, id: 'T-2', requirements: [], criteria: ['AC-1'] }] } as never;
    expect(planItems(plan)).toEqual([
      { id: 'T-1', title: 'Books', requirements: null, criteria: null },
      { id: 'T-2', title: 'Books', requirements: [], criteria: ['AC-1'] },
    ]);
  });
});
