import { isSignedBy, type SignedHead } from './signed-head.js';
import { isThumbprint, readVerificationKey, verificationKey, type VerificationKey } from './verification-key.js';

/** A key as it is published: with the time in which it signed. */
export interface PublishedKey extends VerificationKey {
  /** ISO 8601 UTC. */
  readonly valid_from: string;
  /** Null for the key in use. */
  readonly valid_until: string | null;
}

/** Clocks of several processes, and the moment between reading a clock and signing. */
const LEEWAY_MS = 60_000;

/** Whom an auditor trusts to sign: published keys, or keys known by themselves or by their thumbprints. Trusts nobody where both are empty. */
export class Trust {
  private readonly keys = new Map<string, VerificationKey & Partial<PublishedKey>>();

  /**
   * @param published a list as `GET /api/v1/audit/keys` answers it
   * @param pinned keys (`x`) or thumbprints (`kid`)
   */
  constructor(
    published: readonly (VerificationKey & Partial<PublishedKey>)[],
    private readonly pinned: readonly string[] = [],
  ) {
    for (const text of pinned) {
      const key = verificationKey(text);
      if (key) this.keys.set(key.kid, key);
    }
    for (const key of published) this.keys.set(key.kid, key);
  }

  /** The same, where a key that the file brings along counts only if its thumbprint was given. */
  with(brought: readonly VerificationKey[]): Trust {
    return new Trust([...brought.filter(({ kid }) => this.pinned.includes(kid)), ...this.keys.values()], this.pinned);
  }

  get isEmpty(): boolean {
    return this.keys.size === 0 && this.pinned.length === 0;
  }

  /** Why the signature of a head is not good, in words that follow "the head of <time> "; null where it is. */
  objection(head: SignedHead): string | null {
    const key = this.keys.get(head.key_id);
    if (!key) return `is signed with the key ${head.key_id}, which is not among the trusted ones`;
    if (!isSignedBy(head, key)) return 'does not bear the signature that it shows: it was changed, or made up';
    const time = Date.parse(head.time);
    const { valid_from, valid_until } = key;
    if (valid_from && time < Date.parse(valid_from) - LEEWAY_MS) return `is older than its key, which was made at ${valid_from}`;
    if (valid_until && time > Date.parse(valid_until) + LEEWAY_MS) return `is younger than its key allows, which was retired at ${valid_until}`;
    return null;
  }
}

/** Whether this can be given as a key that is trusted: 32 bytes, base64url. */
export const isKeyOrThumbprint = isThumbprint;

/** Reads the list of keys that a server publishes; null where the text is none. */
export function readPublishedKeys(text: string): (VerificationKey & Partial<PublishedKey>)[] | null {
  try {
    const { keys } = JSON.parse(text) as { keys?: unknown };
    if (!Array.isArray(keys) || keys.length === 0) return null;
    const read = keys.map((json: unknown) => {
      const key = readVerificationKey(json);
      const { valid_from, valid_until } = (json ?? {}) as Partial<PublishedKey>;
      return key && { ...key, ...(valid_from && { valid_from }), ...(valid_until && { valid_until }) };
    });
    return read.includes(null) ? null : (read as VerificationKey[]);
  } catch {
    return null;
  }
}
