import type { StoredEvent } from './event-store.js';
import { RecentEvents } from './recent-events.js';

const commit = (from: number, to: number, data = '{}') =>
  Array.from({ length: to - from + 1 }, (_, n) => ({ position: String(from + n), data }) as StoredEvent);
const after = (recent: RecentEvents, position: number, limit = 1_000) =>
  recent.after(String(position), limit)?.map((event) => Number(event.position));

describe('the end of the log in memory', () => {
  it('knows what follows on each other, however the commits come in', () => {
    const recent = new RecentEvents();
    expect(after(recent, 0)).toBeUndefined();
    for (const [from, to] of [
      [5, 6],
      [9, 9],
      [7, 8],
      [10, 12],
    ] as const)
      recent.add(commit(from, to));
    expect(after(recent, 4)).toEqual([5, 6, 7, 8, 9, 10, 11, 12]);
    expect(after(recent, 8, 2)).toEqual([9, 10]);
    expect(after(recent, 12)).toEqual([]);
    expect(after(recent, 3)).toBeUndefined();
    expect(after(recent, 13)).toBeUndefined();
  });

  it('never passes over what another process has written in between', () => {
    const recent = new RecentEvents();
    recent.add(commit(1, 2));
    for (let position = 4; position <= 20; position += 1) {
      recent.add(commit(position, position));
      expect([[], undefined]).toContainEqual(after(recent, 2));
    }
    expect(after(recent, 15)!.slice(0, 2)).toEqual([16, 17]);
    recent.add(commit(3, 3));
    expect(after(recent, 20)).toEqual([]);
  });

  it('has a stream as a whole, or not at all', () => {
    const recent = new RecentEvents();
    const at = (position: number, stream: string, revision: number) => ({ position: String(position), stream, revision, data: '{}' }) as StoredEvent;
    const revisions = (stream: string) => recent.stream(stream)?.map(({ revision }) => revision);
    recent.add([at(1, 'old', 4), at(2, 'new', 0)]);
    recent.add([at(4, 'new', 2)]);
    expect(recent.stream('new')).toBeNull();
    recent.add([at(3, 'new', 1)]);
    expect(revisions('new')).toEqual([0, 1, 2]);
    expect(recent.stream('old')).toBeNull();
    expect(recent.stream('none')).toBeNull();

    recent.sawUpTo('5');
    expect(recent.stream('new')).toBeNull();
    recent.add([at(5, 'other', 0)]);
    expect(revisions('new')).toEqual([0, 1, 2]);

    for (let position = 7; position <= 12; position += 1) recent.add([at(position, 'later', position - 7)]);
    expect(recent.stream('new')).toBeNull();
  });

  it('stays small', () => {
    const recent = new RecentEvents();
    for (let position = 1; position <= 10_000; position += 1) recent.add(commit(position, position, 'x'.repeat(10_000)));
    expect(after(recent, 0)).toBeUndefined();
    expect(after(recent, 9_999)).toEqual([10_000]);
    expect(after(recent, 9_000)).toBeUndefined();
  });
});
