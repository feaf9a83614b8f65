import { DomainError, fold, type CommandMeta, type Decider, type DomainEvent, type ErrorCode } from '#platform/domain';

export const NOW = '2026-01-02T03:04:05.000Z';

export const commandMeta = (change: Partial<CommandMeta> = {}): CommandMeta => ({
  command_id: '00000000-0000-4000-8000-000000000001',
  request_hash: null,
  now: NOW,
  actor: 'somebody',
  requester: null,
  owner_id: '00000000-0000-4000-8000-000000000002',
  project_id: '00000000-0000-4000-8000-000000000003',
  run_id: null,
  correlation_id: '00000000-0000-4000-8000-000000000004',
  causation_id: '00000000-0000-4000-8000-000000000005',
  ...change,
});

interface Asked<C> {
  readonly type: new (data: never, meta: CommandMeta) => C;
  readonly data: unknown;
  readonly meta?: Partial<CommandMeta>;
}

/** Specifications of a decider: given these events, when this is asked, then these events follow, or it is refused. */
export const given = {
  decider<C, E extends DomainEvent, S>(decider: Decider<C, E, S>) {
    return {
      when(events: readonly E[], asked: Asked<C>) {
        const decide = () => decider.decide(new asked.type(asked.data as never, commandMeta(asked.meta)), fold(decider, events));
        return {
          then: (expected: readonly unknown[]) => expect(decide()).toEqual(expected),
          thenRefused: (code: ErrorCode) => {
            expect(decide).toThrow(DomainError);
            expect(decide).toThrow(expect.objectContaining({ code }));
          },
        };
      },
    };
  },
};
