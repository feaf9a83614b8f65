import { hkdfSync } from 'node:crypto';

/**
 * A key for one purpose from the one secret (HKDF-SHA-256, RFC 5869): what is signed for one purpose proves nothing for another.
 * @param purpose a label such as `access-token`; never reuse one
 */
export const deriveKey = (secret: string, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, Buffer.alloc(0), `countersign/${purpose}`, 32));
