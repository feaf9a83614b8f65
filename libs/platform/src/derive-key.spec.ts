import { deriveKey } from './derive-key.js';

const SECRET = 'a secret of at least thirty-two bytes, for tests';

it('gives the same 32 bytes for the same secret and purpose', () => {
  expect(deriveKey(SECRET, 'download-link')).toEqual(deriveKey(SECRET, 'download-link'));
  expect(deriveKey(SECRET, 'download-link')).toHaveLength(32);
});

it('gives other bytes for another purpose and for another secret', () => {
  expect(deriveKey(SECRET, 'download-link')).not.toEqual(deriveKey(SECRET, 'access-token'));
  expect(deriveKey(SECRET, 'download-link')).not.toEqual(deriveKey(`${SECRET}!`, 'download-link'));
});
