import type { StoredEvent } from './event-store.js';
import { StreamMemory } from './stream-memory.js';

const events = (from: number, count: number): StoredEvent[] =>
  Array.from(
    { length: count },
    (_, n) => ({ event_id: `id-${from + n}`, type: 'a', data: '{}', position: String(n), revision: from + n }) as StoredEvent,
  );

describe('what is remembered of streams', () => {
  it('has no gap and nothing twice, in whatever order it was read', () => {
    const memory = new StreamMemory();
    memory.remember('s', events(2, 3));
    expect(memory.of('s')).toEqual([]);
    memory.remember('s', events(0, 3));
    memory.remember('s', events(1, 4));
    memory.remember('s', events(7, 1));
    expect(memory.of('s').map(({ revision }) => revision)).toEqual([0, 1, 2, 3, 4]);
  });

  it('is bounded: the streams used least recently go first, the last one never', () => {
    const memory = new StreamMemory(10);
    for (const stream of ['a', 'b', 'c']) memory.remember(stream, events(0, 4));
    expect(['a', 'b', 'c'].map((stream) => memory.of(stream).length)).toEqual([0, 4, 4]);
    memory.remember('b', []);
    memory.remember('d', events(0, 4));
    expect(['b', 'c', 'd'].map((stream) => memory.of(stream).length)).toEqual([4, 0, 4]);
    memory.remember('e', events(0, 50));
    expect(['b', 'd', 'e'].map((stream) => memory.of(stream).length)).toEqual([0, 0, 50]);
  });
});
