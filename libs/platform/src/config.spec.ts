import { InvalidConfiguration, parseEnvironment, retryDelaysMs, settings } from './config.js';

const refusalOf = (env: Record<string, string>): string => {
  try {
    parseEnvironment(env);
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidConfiguration);
    return (error as Error).message;
  }
  throw new Error('it was accepted');
};

describe('the configuration', () => {
  it('needs nothing: every setting has a default or may be absent', () => {
    expect(parseEnvironment({})).toMatchObject({ PORT: 3000, HOST: '127.0.0.1', REGISTRATION: 'open', FIX_ROUNDS: 4 });
    expect(parseEnvironment({ PORT: '', DATABASE_URL: '', HOME: '/root', constructor: 'x' })).toEqual(parseEnvironment({}));
  });

  it('takes numbers, URLs and lists as text', () => {
    expect(
      parseEnvironment({
        PORT: '0',
        DATABASE_URL: 'postgresql://u:p@h:5432/d',
        REDIS_URL: 'rediss://h',
        EVENT_STORE_URL: 'kurrentdb+discover://u:p@a:1,b:2',
      }),
    ).toMatchObject({
      PORT: 0,
      DATABASE_URL: 'postgresql://u:p@h:5432/d',
      REDIS_URL: 'rediss://h',
      EVENT_STORE_URL: 'kurrentdb+discover://u:p@a:1,b:2',
    });
    expect(retryDelaysMs(parseEnvironment({ RETRY_SECONDS: '1,20,300' }))).toEqual([1_000, 20_000, 300_000]);
  });

  it('names every bad variable at once, and no value', () => {
    const bad = {
      PORT: '99999-canary',
      DATABASE_URL: 'mysql://canary:canary@host/db',
      REDIS_URL: 'redis://canary:canary@:bad:port',
      EVENT_STORE_URL: 'esdb://canary:canary@host?canary=1',
      JWT_SECRET: 'canary, too short',
      OPERATOR_TOKEN: 'canary, long enough, but with spaces in it',
      REGISTRATION: 'canary',
      RETRY_SECONDS: '5;canary',
      WORKERS: '0',
    };
    const refusal = refusalOf(bad);
    for (const name of Object.keys(bad)) expect(refusal).toContain(name);
    expect(refusal).not.toContain('canary');
    expect(refusal).not.toContain('99999');
  });

  it('measures the secret in bytes', () => {
    expect(refusalOf({ JWT_SECRET: 'x'.repeat(31) })).toContain('at least 32 bytes');
    expect(parseEnvironment({ JWT_SECRET: 'ü'.repeat(16) }).JWT_SECRET).toHaveLength(16);
  });

  it('explains every setting', () => {
    expect(settings().filter(({ meaning }) => meaning === '')).toEqual([]);
    expect(settings()).toContainEqual({ name: 'PORT', fallback: '3000', meaning: 'port of the one HTTP server (0: any free port)' });
  });
});
