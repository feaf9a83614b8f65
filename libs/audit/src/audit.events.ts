import { z } from 'zod';
import { event, type EventOf } from '#platform/domain';

/** 32 bytes, base64url. */
const bytes32 = z.string().regex(/^[\w-]{43}$/);

/** Which keys sign the heads of the chains, on the stream `audit-<store id>`. Private keys are in no event. */
export const auditEvents = [
  /** The first key; `public_key` is the member `x` of RFC 8037, `key_id` its thumbprint (RFC 7638). */
  event('audit.key_made', 1, z.strictObject({ key_id: bytes32, public_key: bytes32 })),
  /** The key from now on; the one before it signs nothing more. */
  event('audit.key_rotated', 1, z.strictObject({ key_id: bytes32, public_key: bytes32, retired_key_id: bytes32, reason: z.string() })),
] as const;

export type AuditEvent = EventOf<(typeof auditEvents)[number]>;
