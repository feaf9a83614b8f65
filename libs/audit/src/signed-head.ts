import { sign, verify, type KeyObject } from 'node:crypto';
import { UUID } from '#platform';
import { asPublicKey, isThumbprint, type VerificationKey } from './verification-key.js';

/** Where a chain stood at a time: after this many events, at this position, with this link. */
export interface Head {
  readonly store_id: string;
  readonly chain: 'log' | 'project';
  /** Null for the log's own chain. */
  readonly project_id: string | null;
  readonly position: string;
  readonly events: number;
  /** Hex. */
  readonly link: string;
  /** ISO 8601 UTC, with milliseconds. */
  readonly time: string;
}

export interface SignedHead extends Head {
  readonly key_id: string;
  /** Ed25519 (RFC 8032), base64url. */
  readonly signature: string;
}

/**
 * The bytes that are signed: these values as UTF-8, one a line, in this order: `countersign/signed-head/1`, store id, chain,
 * project id (empty for the log's own chain), position, number of events, link, time, key id. No line break at the end.
 */
export const signedBytes = (head: Omit<SignedHead, 'signature'>): Buffer => {
  const { store_id, chain, project_id, position, events, link, time, key_id } = head;
  return Buffer.from(['countersign/signed-head/1', store_id, chain, project_id ?? '', position, events, link, time, key_id].join('\n'));
};

export function signHead(head: Head, key_id: string, privateKey: KeyObject): SignedHead {
  const { store_id, chain, project_id, position, events, link, time } = head;
  const said = { store_id, chain, project_id, position, events, link, time, key_id };
  return { ...said, signature: sign(null, signedBytes(said), privateKey).toString('base64url') };
}

/** Whether this key made the head's signature. */
export function isSignedBy(head: SignedHead, key: VerificationKey): boolean {
  if (head.key_id !== key.kid) return false;
  const signature = Buffer.from(head.signature, 'base64url');
  try {
    return signature.toString('base64url') === head.signature && verify(null, signedBytes(head), asPublicKey(key), signature);
  } catch {
    return false;
  }
}

const POSITION = /^(0|[1-9]\d{0,18})$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** Reads a head from JSON, without looking at its signature; null where it is none. Other members do not matter. */
export function readSignedHead(json: unknown): SignedHead | null {
  const { store_id, chain, project_id, position, events, link, time, key_id, signature } = (json ?? {}) as Record<string, unknown>;
  const fits = (value: unknown, form: RegExp): value is string => typeof value === 'string' && form.test(value);
  if (chain !== 'log' && chain !== 'project') return null;
  if (!fits(store_id, UUID) || !fits(position, POSITION) || !fits(link, /^[0-9a-f]{64}$/) || !fits(time, TIME)) return null;
  if (!fits(key_id, /./) || !isThumbprint(key_id) || !fits(signature, /^[\w-]{86}$/)) return null;
  if (!Number.isSafeInteger(events) || (events as number) < 0) return null;
  if (chain === 'project' ? !fits(project_id, UUID) : project_id !== null) return null;
  return { store_id, chain, project_id: project_id as string | null, position, events: events as number, link, time, key_id, signature };
}
