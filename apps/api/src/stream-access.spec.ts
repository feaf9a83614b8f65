import type { QueryBus } from '@nestjs/cqrs';
import type { Tokens } from '#identity';
import { DomainError, type Doorbell } from '#platform';
import { StreamAccess, type HeldStream } from './stream-access.js';

// As an ES module, a specification has Jest's object here and not as a global.
const { jest } = import.meta as unknown as { jest: typeof globalThis.jest };
const NOW = new Date('2026-01-02T03:04:05Z');
const refusal = (code: 'unauthenticated' | 'not_found') => new DomainError(code, 'no');

describe('StreamAccess', () => {
  let verify: () => Promise<unknown>;
  let ask: () => Promise<unknown>;
  let access: StreamAccess;
  let heard: string[];
  let erased: Set<(personId: string) => void>;

  const stream = (user_id = 'ada', expires_at: Date | null = null): HeldStream => ({
    token: 'token',
    principal: { user_id, expires_at },
    projects: () => ['one'],
    unauthenticated: ({ code }) => heard.push(code),
    lost: (projectId, { code }) => heard.push(`${projectId} ${code}`),
  });

  beforeEach(() => {
    jest.useFakeTimers({ now: NOW });
    heard = [];
    verify = () => Promise.resolve({});
    ask = () => Promise.resolve({});
    const queries = { execute: () => ask() } as unknown as QueryBus;
    erased = new Set();
    const doorbell = {
      on: (_bell: string, listener: (personId: string) => void) => {
        erased.add(listener);
        return () => erased.delete(listener);
      },
    } as unknown as Doorbell;
    access = new StreamAccess({ verifyAccessToken: () => verify() } as unknown as Tokens, queries, doorbell);
  });
  afterEach(() => jest.useRealTimers());

  it('ends a stream at the moment its token expires', () => {
    access.hold(stream('ada', new Date(NOW.getTime() + 10_000)));
    jest.advanceTimersByTime(9_999);
    expect(heard).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(heard).toEqual(['unauthenticated']);
  });

  it('ends a stream whose token was withdrawn', async () => {
    access.hold(stream());
    verify = () => Promise.reject(refusal('unauthenticated'));
    await jest.advanceTimersByTimeAsync(30_000);
    expect(heard).toEqual(['unauthenticated']);
  });

  it('ends the streams of somebody who is erased at once, and of nobody else', async () => {
    const release = access.hold(stream());
    verify = () => Promise.reject(refusal('unauthenticated'));
    erased.forEach((tell) => tell('bob'));
    await jest.advanceTimersByTimeAsync(0);
    expect(heard).toEqual([]);
    erased.forEach((tell) => tell('ada'));
    await jest.advanceTimersByTimeAsync(0);
    expect(heard).toEqual(['unauthenticated']);
    release();
    expect(erased.size).toBe(0);
  });

  it('ends what may no longer be followed', async () => {
    access.hold(stream());
    ask = () => Promise.reject(refusal('not_found'));
    await jest.advanceTimersByTimeAsync(30_000);
    expect(heard).toEqual(['one not_found']);
  });

  it('takes no lost database for a lost right', async () => {
    access.hold(stream());
    ask = () => Promise.reject(new Error('Connection terminated'));
    await jest.advanceTimersByTimeAsync(30_000);
    expect(heard).toEqual([]);
  });

  it('gives a person so many places, and each back once', () => {
    const releases = Array.from({ length: 50 }, () => access.hold(stream()));
    expect(() => access.hold(stream())).toThrow(expect.objectContaining({ code: 'too_many_requests' }));
    access.hold(stream('bob'));
    releases[0]!();
    releases[0]!();
    access.hold(stream());
    expect(() => access.hold(stream())).toThrow(expect.objectContaining({ code: 'too_many_requests' }));
  });

  it('asks nothing more once it was released', async () => {
    access.hold(stream('ada', new Date(NOW.getTime() + 10_000)))();
    verify = () => Promise.reject(refusal('unauthenticated'));
    await jest.advanceTimersByTimeAsync(60_000);
    expect(heard).toEqual([]);
  });
});
