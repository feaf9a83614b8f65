import { given } from '../../../test/support/given.js';
import {
  ArchiveProject,
  CancelRun,
  ChangeRunStatus,
  CompleteRun,
  CreateProject,
  ExpireRun,
  PauseRun,
  ReopenRun,
  ResumeRun,
  StartRun,
} from './projects.commands.js';
import { nameFrom } from './projects.controller.js';
import { projectDecider } from './projects.decider.js';
import type { ProjectEvent } from './projects.events.js';

const project_id = '11111111-1111-4111-8111-111111111111';
const owner_id = '00000000-0000-4000-8000-000000000002';
const run_id = '22222222-2222-4222-8222-222222222222';
const next_run = '33333333-3333-4333-8333-333333333333';
const minute = (n: number) => new Date(Date.UTC(2026, 0, 2, 3, n)).toISOString();
const now = (n: number) => ({ now: minute(n) });
const options = {
  pipeline: 'standard',
  autonomy: 'plan' as const,
  engine: null,
  limits: { minutes: 45, fix_rounds: 4, gate_deadline: null },
  gate_reason: null,
};

const created: ProjectEvent[] = [
  { type: 'project.created', data: { project_id, owner_id, name: 'Tools', product_idea: 'tools', generation_spec: null } },
  { type: 'run.requested', data: { run_id, kind: 'build', ...options, instructions: null, at: minute(0) } },
];
const status = (value: 'running' | 'waiting_for_hitl' | 'fixing', n: number): ProjectEvent => ({
  type: 'run.status_changed',
  data: { run_id, status: value, stage: 'x', at: minute(n) },
});
const failed: ProjectEvent = { type: 'run.failed', data: { run_id, stage: 'x', reason: 'y', at: minute(5) } };
const cancelled: ProjectEvent = { type: 'run.cancelled', data: { run_id, at: minute(5) } };

const { when } = given.decider(projectDecider);

describe('a project', () => {
  it('begins with its first run', () => {
    when([], {
      type: CreateProject,
      data: { project_id, run_id, name: 'Tools', product_idea: 'tools', generation_spec: null, ...options },
      meta: now(0),
    }).then(created);
  });

  it('has one run at a time, and a new one keeps the options of the last', () => {
    const start = { type: StartRun, data: { project_id, run_id: next_run, kind: 'refine' as const, instructions: 'add a shelf' }, meta: now(9) };
    when(created, start).thenRefused('run_active');
    when([...created, failed], start).then([
      { type: 'run.requested', data: { run_id: next_run, kind: 'refine', ...options, instructions: 'add a shelf', at: minute(9) } },
    ]);
  });

  it('that is archived stops its run and starts no other', () => {
    when(created, { type: ArchiveProject, data: { project_id }, meta: now(5) }).then([
      cancelled,
      { type: 'project.archived', data: { at: minute(5) } },
    ]);
    const archived: ProjectEvent[] = [...created, cancelled, { type: 'project.archived', data: { at: minute(5) } }];
    when(archived, { type: StartRun, data: { project_id, run_id: next_run, kind: 'retry', instructions: null } }).thenRefused('project_archived');
    when(archived, { type: ReopenRun, data: { project_id, run_id: null } }).thenRefused('project_archived');
  });

  it('that was never created does not exist', () => {
    when([], { type: PauseRun, data: { project_id } }).thenRefused('not_found');
  });
});

describe('a run', () => {
  it('is paused and resumed, and changes of status meanwhile are kept', () => {
    when(created, { type: PauseRun, data: { project_id }, meta: now(1) }).then([{ type: 'run.paused', data: { run_id, at: minute(1) } }]);
    const paused: ProjectEvent[] = [...created, { type: 'run.paused', data: { run_id, at: minute(1) } }];
    when(paused, { type: PauseRun, data: { project_id } }).then([]);
    when(paused, { type: ResumeRun, data: { project_id }, meta: now(2) }).then([{ type: 'run.resumed', data: { run_id, at: minute(2) } }]);
    when(created, { type: ResumeRun, data: { project_id } }).thenRefused('run_not_paused');
  });

  it('that has ended can neither be paused nor cancelled, and takes nothing late from the orchestrator', () => {
    when([...created, failed], { type: PauseRun, data: { project_id } }).thenRefused('run_not_active');
    when([...created, failed], { type: CancelRun, data: { project_id, run_id: null } }).thenRefused('run_not_active');
    when([...created, cancelled], { type: CancelRun, data: { project_id, run_id: null } }).then([]);
    when([...created, cancelled], { type: CompleteRun, data: { project_id, run_id, warnings: [] } }).then([]);
    when([...created, cancelled], { type: ChangeRunStatus, data: { project_id, run_id, status: 'running', stage: 'x' } }).then([]);
  });

  it('says when it was completed with warnings', () => {
    when(created, { type: CompleteRun, data: { project_id, run_id, warnings: ['npm install failed'] }, meta: now(3) }).then([
      { type: 'run.completed', data: { run_id, status: 'completed_with_warnings', warnings: ['npm install failed'], at: minute(3) } },
    ]);
  });

  it('expires when the orchestrator says so, unless it is over', () => {
    const expire = (cause: 'working_time' | 'gate_deadline') => ({ type: ExpireRun, data: { project_id, run_id, cause }, meta: now(46) });
    for (const cause of ['working_time', 'gate_deadline'] as const)
      when([...created, status('running', 1)], expire(cause)).then([{ type: 'run.expired', data: { run_id, cause, at: minute(46) } }]);
    when([...created, cancelled], expire('working_time')).then([]);
    when([...created, failed], expire('gate_deadline')).then([]);
  });

  it('that failed or expired can be reopened', () => {
    const reopened: ProjectEvent = { type: 'run.reopened', data: { run_id, at: minute(6) } };
    when([...created, failed], { type: ReopenRun, data: { project_id, run_id: null }, meta: now(6) }).then([reopened]);
    when([...created, failed], { type: ReopenRun, data: { project_id, run_id }, meta: now(6) }).then([reopened]);
    when([...created, failed], { type: ReopenRun, data: { project_id, run_id: next_run } }).thenRefused('run_not_failed');
    when(created, { type: ReopenRun, data: { project_id, run_id: null } }).thenRefused('run_not_failed');
  });
});

it.each([
  ['An app for our tool library. It has tools.', 'An app for our tool library'],
  ['Hi! I manage a music school. Pupils have a name.', 'I manage a music school'],
  ['Dear nephew, the families come every July.', 'the families come every July'],
  ['  \n ', 'Untitled'],
  ['word '.repeat(30), `${'word '.repeat(11)}word…`],
])('a project is named after the first words of its idea: %j', (idea, name) => {
  expect(nameFrom(idea)).toBe(name);
});
