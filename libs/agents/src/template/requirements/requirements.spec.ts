import { databaseSchema } from '#contracts';
import { randomSchema } from './random-schema.js';
import { writeRequirements } from './requirements.js';
import { parseRequirements } from '../language/understand.js';

describe('requirements', () => {
  it('are read back word by word, for any model', () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const schema = randomSchema(seed);
      const lines = writeRequirements(schema);
      expect(databaseSchema.safeParse(schema).error?.issues ?? []).toEqual([]);
      const read = parseRequirements(lines);
      expect({ seed, lines, notUnderstood: read.notUnderstood, schema: read.schema }).toEqual({ seed, lines, notUnderstood: [], schema });
    }
  });

  it('take a sentence in plain words beside controlled ones', () => {
    const read = parseRequirements([
      'The app keeps a list of books.',
      'A book has a title (text, required).',
      'Books also have a shelf and a number of pages',
      'Dance!',
    ]);
    expect(writeRequirements(read.schema)).toEqual([
      'The app is called "Records".',
      'The app keeps a list of books.',
      'A book has a title (text, required).',
      'A book has a shelf (text).',
      'A book has number of pages (whole number).',
      'Nobody needs to sign in.',
    ]);
    expect(read.notUnderstood).toEqual(['Dance!']);
  });

  it('do not bring back a rule that a person took out', () => {
    expect(parseRequirements(['The app keeps a list of books.', 'A book has a title (text).']).schema.entities[0]?.fields[0]?.required).toBe(false);
  });
});
