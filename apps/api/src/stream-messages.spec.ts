import { streamMessage } from '#contracts';
import type { RecordedEvent } from '#platform';
import { toStreamMessage, type MessageFacts } from './stream-messages.js';

const ID = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const RUN = '7d444840-9dc0-41d1-b245-5ffdce74fad2';
const NOTHING: MessageFacts = { agent_type: null, standing: null };
const CODER: MessageFacts = { agent_type: 'coder', standing: null };

const recorded = (type: string, data: unknown): RecordedEvent =>
  ({ type, data, position: '42', metadata: { project_id: ID, timestamp: '2026-01-02T03:04:05.000Z' } }) as RecordedEvent;

const task = { task_id: ID, run_id: RUN, attempt: 2 };
const standing: MessageFacts = { agent_type: null, standing: { status: 'fixing', stage: 'repairing' } };

type Told = [type: string, data: Record<string, unknown>, facts: MessageFacts, event_type: string, payload: unknown];

const TOLD: Told[] = [
  ['run.requested', { run_id: RUN }, NOTHING, 'status', { run_id: RUN, status: 'collecting', stage: 'requirements chat' }],
  ['run.status_changed', { run_id: RUN, status: 'running', stage: 'plan' }, NOTHING, 'status', { run_id: RUN, status: 'running', stage: 'plan' }],
  ['run.paused', { run_id: RUN }, standing, 'status', { run_id: RUN, status: 'paused', stage: 'repairing' }],
  ['run.resumed', { run_id: RUN }, standing, 'status', { run_id: RUN, status: 'fixing', stage: 'repairing' }],
  ['run.reopened', { run_id: RUN }, standing, 'status', { run_id: RUN, status: 'queued', stage: 'repairing' }],
  [
    'run.completed',
    { run_id: RUN, status: 'completed_with_warnings', warnings: ['no network'] },
    NOTHING,
    'complete',
    { run_id: RUN, status: 'completed_with_warnings', warnings: ['no network'], reason: null },
  ],
  ['run.failed', { run_id: RUN, reason: 'no', stage: 'plan' }, NOTHING, 'complete', { run_id: RUN, status: 'failed', warnings: [], reason: 'no' }],
  ['run.cancelled', { run_id: RUN }, NOTHING, 'complete', { run_id: RUN, status: 'cancelled', warnings: [], reason: null }],
  [
    'run.expired',
    { run_id: RUN, cause: 'working_time' },
    NOTHING,
    'complete',
    { run_id: RUN, status: 'expired', warnings: [], reason: 'The run used up its working time.' },
  ],
  [
    'run.expired',
    { run_id: RUN, cause: 'gate_deadline' },
    NOTHING,
    'complete',
    { run_id: RUN, status: 'expired', warnings: [], reason: 'Nobody answered in time what the run asked.' },
  ],
  ...(
    [
      ['task.assigned', 'pending'],
      ['task.reissued', 'pending'],
      ['task.started', 'working'],
      ['task.completed', 'completed'],
      ['task.cancelled', 'cancelled'],
    ] as const
  ).map(([type, status]): Told => [type, task, CODER, 'agent_status_update', { agent_type: 'coder', status, task_id: ID, attempt: 2 }]),
  ['task.interrupted', task, CODER, 'agent_status_update', { agent_type: 'coder', status: 'pending', task_id: ID, attempt: 2, stage: 'paused' }],
  [
    'task.retry_scheduled',
    { ...task, delay_ms: 20_000, error: 'busy' },
    CODER,
    'agent_status_update',
    { agent_type: 'coder', status: 'pending', task_id: ID, attempt: 2, stage: 'waiting to try again', delay_ms: 20_000, error: 'busy' },
  ],
  [
    'task.failed',
    { ...task, error: 'broken' },
    CODER,
    'error',
    { task_id: ID, agent_type: 'coder', status: 'failed', attempt: 2, message: 'broken' },
  ],
  [
    'task.progressed',
    { ...task, progress: 50, stage: 'tests' },
    CODER,
    'task_progress',
    { task_id: ID, agent_type: 'coder', progress: 50, stage: 'tests' },
  ],
  [
    'task.check_recorded',
    { ...task, check: 'test', command: 'npm test', status: 'failed', exit_code: 1, duration_ms: 9, log: null },
    CODER,
    'test',
    { task_id: ID, check: 'test', status: 'failed', exit_code: 1, duration_ms: 9 },
  ],
  [
    'chat.message_posted',
    { message_id: ID, run_id: RUN, author: 'analyst', content: 'Who?', questions: [{ question: 'Who?', proposal: 'Members' }] },
    NOTHING,
    'new_message',
    { message_id: ID, agent_type: 'analyst', message: 'Who?', questions: [{ question: 'Who?', proposal: 'Members' }] },
  ],
  [
    'chat.message_posted',
    { message_id: ID, run_id: RUN, author: 'person', content: 'Us.', questions: null },
    NOTHING,
    'new_message',
    { message_id: ID, agent_type: 'person', message: 'Us.', questions: [] },
  ],
  [
    'hitl.requested',
    { request_id: ID, run_id: RUN, task_id: RUN, gate: 'plan', question: 'Good?', deadline: '2026-01-02T04:04:05.000Z' },
    NOTHING,
    'hitl_request',
    { request_id: ID, task_id: RUN, question: 'Good?', gate: 'plan', deadline: '2026-01-02T04:04:05.000Z' },
  ],
  [
    'hitl.reminded',
    { request_id: ID, run_id: RUN, task_id: RUN, gate: 'plan', question: 'Good?', reminder: 2, escalated: true, deadline: null },
    NOTHING,
    'hitl_request',
    { request_id: ID, task_id: RUN, question: 'Good?', gate: 'plan', deadline: null, reminder: 2, escalated: true },
  ],
  ['hitl.expired', { request_id: ID }, NOTHING, 'hitl_response', { request_id: ID, status: 'expired', reason: 'nobody answered in time' }],
  [
    'hitl.responded',
    { request_id: ID, action: 'amend', comment: null },
    NOTHING,
    'hitl_response',
    { request_id: ID, status: 'amended', action: 'amend' },
  ],
  ['hitl.closed', { request_id: ID, reason: 'over' }, NOTHING, 'hitl_response', { request_id: ID, status: 'expired', reason: 'over' }],
  [
    'artifact.published',
    { artifact_id: ID, run_id: RUN, task_id: RUN, type: 'code', form: 'tree', version: 1, content: 'a', file_count: 3, bytes: 9 },
    NOTHING,
    'artifact',
    { artifact_id: ID, run_id: RUN, task_id: RUN, type: 'code', form: 'tree', version: 1, file_count: 3, bytes: 9, delivered: false },
  ],
  [
    'artifact.delivered',
    { artifact_id: ID, run_id: RUN, content: 'a', file_count: 3, bytes: 9 },
    NOTHING,
    'artifact',
    { artifact_id: ID, run_id: RUN, file_count: 3, bytes: 9, delivered: true },
  ],
];

describe('toStreamMessage', () => {
  it.each(TOLD)('tells of %s %j', (type, data, facts, event_type, payload) => {
    const message = toStreamMessage(recorded(type, data), facts);
    expect(message).toEqual({ event_type, position: '42', project_id: ID, timestamp: '2026-01-02T03:04:05.000Z', payload });
    expect(streamMessage.parse(message)).toEqual(message);
  });

  it.each([
    ...['project.created', 'project.renamed', 'project.archived', 'chat.finalized', 'artifact.pruned', 'orchestrator.decided'],
    ...['timer.set', 'timer.cancelled', 'timer.fired', 'hitl.deadline_set'],
  ])('says nothing of %s', (type) => expect(toStreamMessage(recorded(type, {}), NOTHING)).toBeNull());
});
