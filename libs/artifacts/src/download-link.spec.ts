import { randomBytes } from 'node:crypto';
import { makeDownloadToken, openDownloadToken } from './download-link.js';

const key = randomBytes(32);
const artifact = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const now = new Date('2026-01-01T00:00:00Z');
const later = new Date(now.getTime() + 900_000);

describe('a download link', () => {
  const token = makeDownloadToken(key, artifact, later);

  it('opens its artifact until it expires', () => {
    expect(openDownloadToken(key, token, now)).toBe(artifact);
    expect(() => openDownloadToken(key, token, later)).toThrow(/expired/);
  });

  it('is refused with any character changed, and under another key', () => {
    for (let index = 0; index < token.length; index += 1) {
      const changed = token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1);
      const opened = (() => {
        try {
          return openDownloadToken(key, changed, now);
        } catch {
          return 'refused';
        }
      })();
      // base64url ignores the last character's spare bits, so a changed one may spell the very same token
      if (Buffer.from(changed, 'base64url').equals(Buffer.from(token, 'base64url'))) continue;
      expect(opened).toBe('refused');
    }
    expect(() => openDownloadToken(randomBytes(32), token, now)).toThrow(/not valid/);
    expect(() => openDownloadToken(key, '', now)).toThrow(/not valid/);
  });
});
