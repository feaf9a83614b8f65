import { REMEMBERED_MS, ShortMemory } from './short-memory.js';

const { jest } = import.meta;

describe('what is remembered for a short time', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is forgotten when its time has passed, however often it was replaced meanwhile', () => {
    const memory = new ShortMemory<number>(10);
    memory.set('a', 1);
    jest.advanceTimersByTime(REMEMBERED_MS - 1);
    memory.replace('a', 2);
    expect(memory.get('a')).toBe(2);
    jest.advanceTimersByTime(1);
    expect(memory.get('a')).toBeUndefined();
    memory.replace('a', 3);
    expect(memory.get('a')).toBeUndefined();
  });

  it('lives on from when it is set anew', () => {
    const memory = new ShortMemory<number>(10);
    memory.set('a', 1);
    jest.advanceTimersByTime(REMEMBERED_MS - 1);
    memory.set('a', 2);
    jest.advanceTimersByTime(REMEMBERED_MS - 1);
    expect(memory.get('a')).toBe(2);
  });

  it('is never more than it may be: the oldest goes first', () => {
    const memory = new ShortMemory<string>(10);
    memory.set('a', 'first', 4);
    memory.set('b', 'second', 4);
    memory.replace('a', 'grown', 6);
    expect([memory.get('a'), memory.get('b')]).toEqual(['grown', 'second']);
    memory.set('c', 'third', 4);
    expect([memory.get('a'), memory.get('b'), memory.get('c')]).toEqual([undefined, 'second', 'third']);
    memory.set('d', 'too large', 11);
    expect(['a', 'b', 'c', 'd'].map((name) => memory.get(name))).toEqual([undefined, undefined, undefined, undefined]);
  });
});
