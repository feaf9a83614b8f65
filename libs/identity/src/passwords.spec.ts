import { Passwords } from './passwords.js';

const passwords = new Passwords();

it('hashes with argon2id at the agreed cost, salted', async () => {
  const [one, other] = await Promise.all([passwords.hash('correct horse battery'), passwords.hash('correct horse battery')]);
  expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(one).not.toBe(other);
});

it('accepts the password, however its characters are composed, and no other', async () => {
  const stored = await passwords.hash('p\u00e9n\u00e9lope-waits');
  expect(await passwords.matches(stored, 'pe\u0301ne\u0301lope-waits')).toBe(true);
  expect(await passwords.matches(stored, 'penelope-waits')).toBe(false);
});

it('refuses every password of an account that does not exist', async () => {
  expect(await passwords.matches(null, 'correct horse battery')).toBe(false);
});
