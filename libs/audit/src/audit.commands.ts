import { DomainCommand } from '#platform';

export const auditStream = (storeId: string): string => `audit-${storeId}`;

interface NewKey {
  readonly store_id: string;
  readonly key_id: string;
  readonly public_key: string;
}

abstract class AuditCommand<Data extends NewKey> extends DomainCommand<Data> {
  get stream(): string {
    return auditStream(this.data.store_id);
  }
}

/** The first key of a store; changes nothing where there is one. */
export class MakeAuditKey extends AuditCommand<NewKey> {
  readonly type = 'make_audit_key';
}

export class RotateAuditKey extends AuditCommand<NewKey & { reason: string }> {
  readonly type = 'rotate_audit_key';
}

export const AUDIT_COMMANDS = [MakeAuditKey, RotateAuditKey] as const;
export type AuditCommandUnion = InstanceType<(typeof AUDIT_COMMANDS)[number]>;
