import { createHmac, timingSafeEqual } from 'node:crypto';
import { DomainError, UUID } from '#platform';

/**
 * A download link's token: base64url of `artifact id | expiry in epoch seconds | HMAC-SHA-256 over purpose, id and
 * expiry`. It opens that one artifact until then, and nothing else.
 */
const PURPOSE = 'countersign download v1';

const sign = (key: Buffer, artifactId: string, expires: number): Buffer =>
  createHmac('sha256', key).update(`${PURPOSE}\n${artifactId}\n${expires}`).digest();

export function makeDownloadToken(key: Buffer, artifactId: string, expires: Date): string {
  const seconds = Math.floor(expires.getTime() / 1_000);
  return Buffer.from(`${artifactId}|${seconds}|${sign(key, artifactId, seconds).toString('hex')}`).toString('base64url');
}

/**
 * @returns the artifact's id
 * @throws DomainError download_link_invalid for a token that was not made with this key, or is past its time
 */
export function openDownloadToken(key: Buffer, token: string, now: Date): string {
  const [artifactId = '', expires = '', mac = ''] = Buffer.from(token, 'base64url').toString('utf8').split('|');
  const given = Buffer.from(mac, 'hex');
  const wellFormed = UUID.test(artifactId) && /^\d{1,12}$/.test(expires) && given.length === 32;
  if (!wellFormed || !timingSafeEqual(given, sign(key, artifactId, Number(expires))))
    throw new DomainError('download_link_invalid', 'This download link is not valid. Ask for a new one.');
  if (Number(expires) * 1_000 <= now.getTime()) throw new DomainError('download_link_invalid', 'This download link has expired. Ask for a new one.');
  return artifactId;
}
