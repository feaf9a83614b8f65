import { DomainCommand } from '#platform';

export const personStream = (personId: string): string => `person-${personId}`;

abstract class PrivacyCommand extends DomainCommand<{ readonly person_id: string }> {
  get stream(): string {
    return personStream(this.data.person_id);
  }
}

export class RequestErasure extends PrivacyCommand {
  readonly type = 'request_erasure';
}
/** Sent when nothing of the person is left to be read. */
export class RecordErasure extends PrivacyCommand {
  readonly type = 'record_erasure';
}

export const PRIVACY_COMMANDS = [RequestErasure, RecordErasure] as const;
export type PrivacyCommandUnion = InstanceType<(typeof PRIVACY_COMMANDS)[number]>;
