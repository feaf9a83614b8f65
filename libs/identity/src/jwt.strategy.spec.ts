import { accessTokenKey, hasExpectedHeader } from './jwt.strategy.js';

const KID = '0a1b2c3d';
const token = (header: unknown): string => `${Buffer.from(JSON.stringify(header)).toString('base64url')}.e30.AAAA`;
const good = { alg: 'HS256', typ: 'at+jwt', kid: KID };

it('names the key by eight hexadecimal digits that do not give it away', () => {
  const { kid, key } = accessTokenKey({ JWT_SECRET: 'a secret of at least thirty-two bytes, for tests' });
  expect(kid).toMatch(/^[0-9a-f]{8}$/);
  expect(key.toString('hex')).not.toContain(kid);
});

it('accepts the header that is written', () => {
  expect(hasExpectedHeader(token(good), KID)).toBe(true);
});

it.each([
  ['alg none', { ...good, alg: 'none' }],
  ['another alg', { ...good, alg: 'HS512' }],
  ['another typ', { ...good, typ: 'JWT' }],
  ['another kid', { ...good, kid: 'ffffffff' }],
  ['a kid that is a list', { ...good, kid: [KID] }],
  ['no kid', { alg: 'HS256', typ: 'at+jwt' }],
  ['crit', { ...good, crit: ['b64'] }],
  ['a key of its own', { ...good, jwk: { kty: 'oct', k: 'AAAA' } }],
  ['null', null],
  ['a number', 7],
])('refuses %s', (_, header) => {
  expect(hasExpectedHeader(token(header), KID)).toBe(false);
});

it.each(['', '.', 'not a token', 'e30', '\u0000'])('refuses %j', (garbage) => {
  expect(hasExpectedHeader(garbage, KID)).toBe(false);
});
