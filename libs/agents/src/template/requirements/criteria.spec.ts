import { checkKey, checkOf, checksOf, completeCriteria, sourceKeys } from './criteria.js';
import { SCHEMAS } from '../testing-schemas.js';

describe.each(Object.entries(SCHEMAS))('criteria of a model: %s', (_, schema) => {
  const checks = checksOf(schema);
  const criteria = completeCriteria(schema, [], () => null);

  it('are one for everything that it says, each with a key of its own', () => {
    expect(new Set(checks.map(checkKey)).size).toBe(checks.length);
    for (const entity of schema.entities) {
      const keys = checks.map(checkKey);
      expect(keys).toEqual(expect.arrayContaining(entity.rules.map((rule) => `rule:${entity.name}.${rule.name}`)));
      expect(keys).toEqual(expect.arrayContaining(entity.values.map((value) => `value:${entity.name}.${value.name}`)));
    }
  });

  it('are sentences that are read back to the very same check', () => {
    expect(criteria.map(({ text }) => text).filter((text, index, all) => all.indexOf(text) < index)).toEqual([]);
    expect(criteria.map(({ text }) => checkKey(checkOf(schema, text)!))).toEqual(checks.map(checkKey));
  });

  it('are added once: what is there keeps its number and words', () => {
    const some = criteria.slice(0, 3).map((one, index) => ({ ...one, id: `AC-${index + 7}` }));
    const all = completeCriteria(schema, some, () => null);
    expect(all.slice(0, 3)).toEqual(some);
    expect(all.length).toBe(criteria.length);
    expect(all[3]?.id).toBe('AC-10');
  });
});

it('go back to the sentence that they come from', () => {
  const keys = (schema: keyof typeof SCHEMAS, key: string): string[] => sourceKeys(checksOf(SCHEMAS[schema]).find((one) => checkKey(one) === key)!);
  expect(keys('rooms', 'rule:booking.room_is_free')).toEqual(['rule.booking.room_is_free', 'booking']);
  expect(keys('rooms', 'value:course.left')).toEqual(['value.course.left', 'course']);
  expect(keys('orders', 'steps:order.draft')).toEqual(['lifecycle.order', 'order.state', 'order']);
  expect(keys('orders', 'permission:order.delete')).toEqual(['permission.order.delete', 'sign_in']);
  expect(keys('rooms', 'computed:soon')).toEqual(['computed.soon']);
});
