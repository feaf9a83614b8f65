import type { CommandBus } from '@nestjs/cqrs';
import type { Config, ContentStore, EventLog, LiveTexts } from '#platform';
import { AssignmentDesk } from './assignment.js';

const task_id = '11111111-1111-4111-8111-111111111111';
const entry = 'e'.repeat(64);
const turn = { kind: 'turn', loop: 'write', number: 0 };
const metadata = { project_id: task_id, owner_id: task_id, correlation_id: task_id };
const at = (revision: number, type: string, data: object) => ({
  event_id: `event ${revision}`,
  revision,
  type,
  metadata,
  data: { task_id, ...data },
});
const assigned = at(0, 'task.assigned', { attempt: 1, purpose: 'write' });
const recorded = at(2, 'task.turn_recorded', { attempt: 1, entry });
const onRecord = [assigned, at(1, 'task.started', { attempt: 1 }), recorded];
const reissued = at(3, 'task.reissued', { attempt: 2 });

/** A process that has seen some of what is on record; the attempt is started at a revision. */
function desk(seen: readonly object[], record: readonly object[], revision: number) {
  const reads: string[] = [];
  const read = (from: string, events: readonly object[]) => () => {
    reads.push(from);
    return Promise.resolve(events);
  };
  const log = { readSeenStream: read('seen', seen), readStream: read('record', record) } as unknown as EventLog;
  const commands: { meta: { causation_id: string } }[] = [];
  const bus = { execute: (command: (typeof commands)[number]) => (commands.push(command), Promise.resolve({ revision })) } as unknown as CommandBus;
  const contents = { getJson: () => Promise.resolve(turn) } as unknown as ContentStore;
  return { reads, commands, desk: new AssignmentDesk(bus, log, contents, {} as LiveTexts, { RETRY_SECONDS: '20' } as Config) };
}

describe('an attempt that is picked up', () => {
  const pickUp = async (seen: readonly object[], record: readonly object[], revision: number, attempt = 1) => {
    const { reads, commands, desk: from } = desk(seen, record, revision);
    const assignment = (await from.pickUp({ task_id, attempt }))!;
    await assignment.start('claude');
    const { log } = await assignment.modelContext(() => Promise.resolve());
    return { reads, causation: commands[0]!.meta.causation_id, known: log.turn('write', 0) };
  };

  it('knows what this process has seen, and reads no more where nobody else was at it', async () => {
    expect(await pickUp([assigned], [assigned], 1)).toEqual({ reads: ['seen'], causation: 'event 0', known: undefined });
  });

  it('learns at its start what another process has recorded meanwhile: nothing is asked twice', async () => {
    expect(await pickUp([assigned], onRecord, 3)).toEqual({ reads: ['seen', 'record'], causation: 'event 0', known: turn });
  });

  it('follows from the event that made it due, also where that was not seen here', async () => {
    expect(await pickUp(onRecord, [...onRecord, reissued], 4, 2)).toEqual({ reads: ['seen', 'record'], causation: 'event 3', known: turn });
  });
});
