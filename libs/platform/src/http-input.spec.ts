import { decodeCursor, encodeCursor, unsafeJson, UuidPipe } from './http-input.js';
import { page } from './http-paging.js';
import type { ReadModels } from './read-models.js';

const nested = (depth: number): unknown => JSON.parse('[{"a":'.repeat(depth / 2) + '1' + '}]'.repeat(depth / 2)) as unknown;
const any = () => true;
const refused = (code: string) => expect.objectContaining({ name: 'DomainError', code });

describe('a request body', () => {
  it('of ordinary text, however odd it looks, is let through', () => {
    for (const fine of [
      '',
      'O\'Brien "\\" 👩‍🚀 \u2028 \ufffd',
      0,
      null,
      undefined,
      true,
      [],
      {},
      { a: [{ b: 'x' }], toString: 'y', $sealed: 'z' },
      nested(60),
    ])
      expect(unsafeJson(fine)).toBeNull();
  });

  it.each([
    ['NUL', { a: [{ b: 'x\0' }] }, 'a.0.b'],
    ['NUL in a name', { a: { 'x\0': 1 } }, 'a.x\0'],
    ['a high surrogate alone', { a: '\ud83d' }, 'a'],
    ['a low surrogate alone', ['ok', 'x\ude00y'], '1'],
    ['__proto__', JSON.parse('{"a":{"__proto__":{"admin":true}}}'), 'a.__proto__'],
    ['constructor', { constructor: 1 }, 'constructor'],
    ['prototype', [{ prototype: 1 }], '0.prototype'],
  ])('with %s is refused and the field named', (_, body, field) => {
    expect(unsafeJson(body)).toMatchObject({ field });
  });

  it('nested absurdly deep is refused without being walked to its end', () => {
    expect(unsafeJson(nested(62))?.message).toContain('60 levels');
    expect(unsafeJson(nested(10_000))?.message).toContain('60 levels');
  });
});

describe('an id in an address', () => {
  it('is a UUID in lower case, or refused', () => {
    const pipe = new UuidPipe();
    expect(pipe.transform('3F2504E0-4F89-41D3-9A0C-0305E82C3301')).toBe('3f2504e0-4f89-41d3-9a0c-0305e82c3301');
    for (const bad of [
      '',
      '1',
      '3f2504e0-4f89-41d3-9a0c-0305e82c330',
      "3f2504e0-4f89-41d3-9a0c-0305e82c3301'",
      '3f2504e0-4f89-41d3-9a0c-0305e82c3301\n',
    ])
      expect(() => pipe.transform(bad)).toThrow(refused('invalid_id'));
  });
});

describe('a cursor', () => {
  it('reads as what was handed out', () => {
    expect(decodeCursor(encodeCursor(['2026-01-02', 'é👩‍🚀']), any)).toEqual(['2026-01-02', 'é👩‍🚀']);
    expect(decodeCursor(undefined, any)).toBeNull();
  });

  it('that was not handed out is refused', () => {
    const made = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const bad of ['', '!', 'e30', made(null), made({}), made(['a']), made(['a', 'b', 'c']), made(['a', 1]), made([['a'], 'b'])])
      expect(() => decodeCursor(bad, any)).toThrow(refused('invalid_cursor'));
    expect(() => decodeCursor(encodeCursor(['a', 'b']), () => false)).toThrow(refused('invalid_cursor'));
  });

  it('of a list is refused before the database sees a time or an id that cannot be', async () => {
    const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
    const asked: unknown[] = [];
    const reads = { rows: async (_: string, values: unknown[]) => (asked.push(values), []) } as unknown as ReadModels;
    const list = (time: string, key: string) =>
      page(reads, 'FROM t WHERE true', [], { limit: 1, cursor: encodeCursor([time, key]) }, { id: 'id', direction: 'ASC' });
    await expect(list('2026-02-28T23:59:59.999Z', id)).resolves.toEqual({ items: [], next_cursor: null });
    expect(asked).toEqual([[2, '2026-02-28T23:59:59.999Z', id]]);
    const times = [
      '2026-02-30T00:00:00.000Z',
      '2026-13-01T00:00:00.000Z',
      '2026-01-01T25:00:00.000Z',
      '0000-01-01T00:00:00.000Z',
      '2026-01-01',
      'now',
      '-infinity',
    ];
    for (const time of times) await expect(list(time, id)).rejects.toEqual(refused('invalid_cursor'));
    await expect(list('2026-02-28T23:59:59.999Z', `${id}'`)).rejects.toEqual(refused('invalid_cursor'));
    expect(asked).toHaveLength(1);
  });
});
