import { createHash, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** A public Ed25519 key as JSON (RFC 8037); `kid` is its thumbprint (RFC 7638). */
export interface VerificationKey {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  /** The 32 bytes of the key, base64url. */
  readonly x: string;
  readonly kid: string;
}

/** 32 bytes as base64url: the form of keys and of their thumbprints. */
const BYTES_32 = /^[\w-]{42}[AEIMQUYcgkosw048]$/;

/** A key of these 32 bytes, with its thumbprint; null where the text is no key. */
export function verificationKey(x: string): VerificationKey | null {
  if (!BYTES_32.test(x)) return null;
  const members = `{"crv":"Ed25519","kty":"OKP","x":"${x}"}`;
  return { kty: 'OKP', crv: 'Ed25519', x, kid: createHash('sha256').update(members).digest('base64url') };
}

/** Reads a key from JSON; null where it is none, or where its `kid` is not its thumbprint. Other members do not matter. */
export function readVerificationKey(json: unknown): VerificationKey | null {
  const { kty, crv, x, kid } = (json ?? {}) as Partial<Record<string, unknown>>;
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof x !== 'string') return null;
  const key = verificationKey(x);
  return key?.kid === kid ? key : null;
}

/** Whether the text could be the thumbprint of a key. */
export const isThumbprint = (text: string): boolean => BYTES_32.test(text);

/** @throws Error where the bytes are no point of the curve */
export const asPublicKey = ({ kty, crv, x }: VerificationKey): KeyObject => createPublicKey({ key: { kty, crv, x }, format: 'jwk' });

/** A new key pair. */
export function newSigningKey(): { readonly key: VerificationKey; readonly privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { key: verificationKey(publicKey.export({ format: 'jwk' }).x!)!, privateKey };
}
