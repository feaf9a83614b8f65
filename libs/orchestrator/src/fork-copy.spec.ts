import { Catalog, forkedId, type RecordedEvent } from '#platform';
import { EVENT_DEFINITIONS } from '../../../test/golden/event-definitions.js';
import { sampleOf } from '../../../test/golden/sample.js';
import { hash, uuid } from '../../../test/support/story.js';
import { ForkCopy, unitsOf } from './fork-copy.js';
import { intentCommandId } from './intent-command-id.js';

const ORIGIN = uuid(1);
const FORK = uuid(2);
const OWNER = uuid(3);
const RUN = uuid(4);
const TASK = uuid(5);
const COMMAND = uuid(6);
const catalog = new Catalog();
catalog.register({ events: EVENT_DEFINITIONS });
const newCopy = () => new ForkCopy({ project_id: FORK, origin_project_id: ORIGIN }, catalog);
const m = (id: string) => forkedId(FORK, id);

let position = 0;
const recorded = (type: string, stream: string, data: object, change: object = {}): RecordedEvent => ({
  type,
  data,
  stream,
  event_id: uuid(1000 + position),
  position: String(++position),
  revision: 0,
  metadata: {
    timestamp: '2026-01-02T03:04:05.000Z',
    actor: OWNER,
    owner_id: OWNER,
    project_id: ORIGIN,
    run_id: RUN,
    correlation_id: uuid(7),
    causation_id: uuid(8),
    command_id: COMMAND,
    request_hash: hash('e'),
    ...change,
  },
});

const assigned = () =>
  recorded('task.assigned', `task-${TASK}`, {
    ...{ task_id: TASK, run_id: RUN, agent_type: 'coder', purpose: 'write', round: 0, attempt: 1 },
    ...{ instructions: TASK, handoff_in: { handoff_type: 'implementation_plan', sha256: hash('a'), bytes: 7 } },
  });

describe('a copied event', () => {
  it('stands in another stream under ids of the fork, and says where it comes from', () => {
    const event = assigned();
    const { stream, copies } = newCopy().next([event])!;
    expect(stream).toBe(`task-${m(TASK)}`);
    expect(copies).toEqual([
      {
        type: 'task.assigned',
        data: { ...(event.data as object), task_id: m(TASK), run_id: m(RUN) },
        event_id: m(event.event_id),
        metadata: {
          ...event.metadata,
          project_id: FORK,
          run_id: m(RUN),
          correlation_id: m(uuid(7)),
          causation_id: m(uuid(8)),
          command_id: m(COMMAND),
          forked_from: { project_id: ORIGIN, event_id: event.event_id, position: event.position },
        },
      },
    ]);
  });

  it('is the same, whoever copies it and however often', () => {
    const event = assigned();
    expect(newCopy().next([event])).toEqual(newCopy().next([event]));
    expect(m(TASK)).not.toBe(forkedId(uuid(9), TASK));
  });

  it('keeps whose it is, and what people wrote, were it an id', () => {
    const created = recorded('project.created', `project-${ORIGIN}`, {
      ...{ project_id: ORIGIN, owner_id: OWNER, name: TASK, product_idea: `See ${RUN}.`, generation_spec: null },
    });
    const { stream, copies } = newCopy().next([created])!;
    expect(stream).toBe(`project-${FORK}`);
    expect(copies[0]!.data).toEqual({ project_id: FORK, owner_id: OWNER, name: TASK, product_idea: `See ${RUN}.`, generation_spec: null });
    expect(copies[0]!.metadata).toMatchObject({ owner_id: OWNER, actor: OWNER });
  });

  it.each(EVENT_DEFINITIONS.map(({ type, schema }) => [type, schema] as const))('fits its schema: %s', (type, schema) => {
    const event = recorded(type, `project-${ORIGIN}`, sampleOf(schema as never) as object);
    for (const { data } of newCopy().next([event])?.copies ?? []) expect(() => schema.parse(data)).not.toThrow();
  });

  it('has in every event of a run another run, task, gate, message, timer and artifact', () => {
    const ids = ['run_id', 'task_id', 'request_id', 'message_id', 'timer_id', 'artifact_id'];
    for (const { type, schema } of EVENT_DEFINITIONS) {
      const data = sampleOf(schema as never) as Record<string, unknown>;
      const copied = (newCopy().next([recorded(type, `project-${ORIGIN}`, data)])?.copies[0]?.data ?? {}) as Record<string, unknown>;
      for (const id of ids.filter((name) => name in copied && String(data[name]).includes('-')))
        expect([type, id, copied[id]]).toEqual([type, id, m(data[id] as string)]);
    }
  });
});

describe('a decision', () => {
  const decided = (input_position: string) =>
    recorded('orchestrator.decided', `orchestration-${RUN}`, {
      ...{ run_id: RUN, input_event_id: uuid(50), input_position },
      intents: [
        { intent: 'begin', project_id: ORIGIN, run_id: RUN, owner_id: OWNER, kind: 'build', autonomy: 'full', fix_rounds: 1, limits: null },
        { intent: 'settle', task_id: TASK },
      ],
    });

  it('has its commands recognised by the orchestrator of the fork', () => {
    const copy = newCopy();
    copy.next([decided('1')]);
    const followed = { ...assigned(), metadata: { ...assigned().metadata, command_id: intentCommandId(RUN, uuid(50), 1) } };
    expect(copy.next([followed as RecordedEvent])!.copies[0]!.metadata.command_id).toBe(intentCommandId(m(RUN), m(uuid(50)), 1));
  });

  it('keeps the owner, and was about what stands at another position', () => {
    const copy = newCopy();
    for (const [index, end] of ['901', '905', '907'].entries()) copy.place(copy.next([recordedAt(String(10 + index * 10))])!, end);
    const input = (at: string) => (copy.next([decided(at)])!.copies[0]!.data as { input_position: string }).input_position;
    expect(['9', '10', '15', '20', '29', '30', '100'].map(input)).toEqual(['0', '901', '901', '905', '905', '907', '907']);
    const { intents } = copy.next([decided('10')])!.copies[0]!.data as { intents: unknown[] };
    expect(intents).toEqual([expect.objectContaining({ owner_id: OWNER, project_id: FORK, run_id: m(RUN) }), { intent: 'settle', task_id: m(TASK) }]);
  });

  const recordedAt = (at: string) => ({ ...assigned(), position: at }) as RecordedEvent;
});

describe('what was appended together', () => {
  it('is one unit, and what only stands side by side is not', () => {
    const [a, b, c] = [assigned(), assigned(), { ...assigned(), metadata: { ...assigned().metadata, command_id: uuid(60) } } as RecordedEvent];
    const other = { ...assigned(), stream: `task-${uuid(70)}` } as RecordedEvent;
    expect(unitsOf([a, b, c, other, a])).toEqual([[a, b], [c], [other], [a]]);
  });

  it('is copied without what says how the origin came to be, and that it was put away', () => {
    const cancelled = recorded('run.cancelled', `project-${ORIGIN}`, { run_id: RUN, at: '2026-01-02T03:04:05.000Z' });
    const archived = recorded('project.archived', `project-${ORIGIN}`, { at: '2026-01-02T03:04:05.000Z' });
    expect(
      newCopy()
        .next([cancelled, archived])!
        .copies.map(({ type }) => type),
    ).toEqual(['run.cancelled']);
    expect(newCopy().next([archived])).toBeNull();
  });
});
