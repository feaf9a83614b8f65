import { ensure, type Decider } from '#platform/domain';
import type { AuditCommandUnion } from './audit.commands.js';
import type { AuditEvent } from './audit.events.js';

export interface AuditState {
  /** The key that signs; null before there is one. */
  readonly key_id: string | null;
}

export const auditDecider: Decider<AuditCommandUnion, AuditEvent, AuditState> = {
  initial: { key_id: null },

  decide(command, { key_id: current }) {
    const { key_id, public_key } = command.data;
    const first: AuditEvent = { type: 'audit.key_made', data: { key_id, public_key } };
    if (command.type === 'make_audit_key') return current === null ? [first] : [];
    ensure(command.data.reason.trim() !== '', 'invalid_input', 'Say why the key is changed: the reason stays on record.');
    if (current === null) return [first];
    return [{ type: 'audit.key_rotated', data: { key_id, public_key, retired_key_id: current, reason: command.data.reason } }];
  },

  evolve: (_, { data }) => ({ key_id: data.key_id }),
};
