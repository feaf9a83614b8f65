import { asText } from './as-text.js';

it('puts every text on a line of its own, so that lines can be compared', () => {
  const value = {
    core_idea: 'Books',
    requirements: ['One.', 'Two.'],
    tasks: [
      { id: 'T-1', files: ['a', 'b'] },
      { id: 'T-2', files: [] },
    ],
    none: null,
  };
  expect(asText(value)).toBe(
    [
      'core_idea: Books',
      'requirements:',
      '  - One.',
      '  - Two.',
      'tasks:',
      '  - id: T-1',
      '    files:',
      '      - a',
      '      - b',
      '  - id: T-2',
      '    files:',
      'none: null',
      '',
    ].join('\n'),
  );
});

it('keeps the lines of a text, and leaves out what is no text', () => {
  expect(asText({ text: 'a\nb', picture: 'x'.repeat(6_000) })).toBe('text:\n  a\n  b\npicture: (6000 characters)\n');
});
