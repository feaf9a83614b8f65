import { SCHEMAS } from '../testing-schemas.js';
import type { DatabaseSchema } from '#contracts';
import { dropUses, renameUses } from './uses.js';

const harbour = (): DatabaseSchema => structuredClone(SCHEMAS.harbour);
const values = (schema: DatabaseSchema, entity: string): string[] =>
  schema.entities.find((one) => one.name === entity)?.values.map((one) => one.name) ?? [];

describe('what is named by way of a link', () => {
  it('is renamed with the field behind the link, and with the link', () => {
    const schema = harbour();
    renameUses(schema, 'berth', 'length', 'metres');
    renameUses(schema, 'boat', 'berth', 'place');
    const boat = schema.entities.find((one) => one.name === 'boat');
    expect(boat?.rules[0]).toMatchObject({ field: 'length', value: 'place.metres' });
  });

  it('goes with the field behind the link', () => {
    const schema = harbour();
    dropUses(schema, 'worker', 'rate');
    expect(values(schema, 'worker')).toEqual([]);
    expect(values(schema, 'job')).toEqual(['days_left']);
  });
});
