import { understand } from './understand.js';
import { withoutTables } from './tables.js';

describe('a table in the text', () => {
  it('with a row for each field lists the fields, with what is noted of each', () => {
    const table = '| Field | Notes |\n|---|---|\n| hostname | unique |\n| environment | live, test, dev |\n| owner | |';
    expect(withoutTables(`Servers:\n${table}\nThat is all.`)).toBe('Servers:\nhostname (unique), environment (live, test, dev), owner\nThat is all.');
  });

  it('with a column for each field lists its headings, without the examples', () => {
    const table = '| Title | Author | Year |\n| :-- | --- | --: |\n| Emma | Austen | 1815 |';
    expect(withoutTables(`Books\n${table}`)).toBe('Books\nTitle, Author, Year');
  });

  it('is read under its heading', () => {
    const { schema } = understand('## Servers\n\n| | |\n|---|---|\n| hostname | unique |\n| bought on | |\n| price | money |');
    expect(schema.entities.map(({ label, fields }) => [label, fields.map((one) => [one.label, one.type, one.unique])])).toEqual([
      [
        'server',
        [
          ['hostname', 'text', true],
          ['bought on', 'date', false],
          ['price', 'money', false],
        ],
      ],
    ]);
  });

  it('that is none is left as it is', () => {
    for (const text of ['Child | DOB | Parent', '| a line |', 'no table']) expect(withoutTables(text)).toBe(text);
  });
});
