import { given } from '../../../test/support/given.js';
import { CompleteFork, CreateProject, FailFork, PauseRun, RenameProject, RequestFork } from './projects.commands.js';
import { projectDecider } from './projects.decider.js';
import type { ProjectEvent } from './projects.events.js';

const project_id = '11111111-1111-4111-8111-111111111111';
const origin_project_id = '22222222-2222-4222-8222-222222222222';
const owner_id = '00000000-0000-4000-8000-000000000002';
const run_id = '33333333-3333-4333-8333-333333333333';
const at = '2026-01-02T03:04:05.000Z';
const as_of = '2026-01-01T03:04:05.000Z';
const limits = { minutes: 45, fix_rounds: 4, gate_deadline: null };
const options = { pipeline: 'standard', autonomy: 'plan' as const, engine: null, limits, gate_reason: null };

const asked = { project_id, origin_project_id, position: '17', name: null };
const requested: ProjectEvent = { type: 'project.fork_requested', data: { ...asked, at } };
const copies: ProjectEvent[] = [
  { type: 'project.created', data: { project_id, owner_id, name: 'Tools', product_idea: 'tools', generation_spec: null } },
  { type: 'run.requested', data: { run_id, kind: 'build', ...options, instructions: null, at } },
];
const forked: ProjectEvent = { type: 'project.forked', data: { origin_project_id, position: '17', at } };
const failed: ProjectEvent = { type: 'project.fork_failed', data: { origin_project_id, reason: 'unreadable', at } };
const complete = { type: CompleteFork, data: { project_id, run_ids: [run_id], as_of } };

const { when } = given.decider(projectDecider);

describe('a fork', () => {
  it('is asked for once, of a project that is not there', () => {
    when([], { type: RequestFork, data: asked }).then([requested]);
    when([requested], { type: RequestFork, data: asked }).thenRefused('conflict');
    when(copies, { type: RequestFork, data: asked }).thenRefused('conflict');
    when([requested], { type: CreateProject, data: { ...asked, ...options, run_id } }).thenRefused('conflict');
  });

  it('is there for nobody while it is copied, and after that failed', () => {
    for (const history of [[requested], [requested, ...copies], [requested, ...copies, failed]]) {
      when(history, { type: PauseRun, data: { project_id } }).thenRefused('not_found');
      when(history, { type: RenameProject, data: { project_id, name: 'Mine' } }).thenRefused('not_found');
    }
    const paused: ProjectEvent = { type: 'run.paused', data: { run_id, at } };
    when([requested, ...copies, forked], { type: PauseRun, data: { project_id } }).then([paused]);
  });

  it('is complete with every run that was copied, once, and under the name that was wished for', () => {
    const run: ProjectEvent = { type: 'run.forked', data: { run_id, as_of, at } };
    when([requested, ...copies], complete).then([forked, run]);
    const named: ProjectEvent = { type: 'project.fork_requested', data: { ...asked, name: 'Again', at } };
    when([named, ...copies], complete).then([forked, run, { type: 'project.renamed', data: { name: 'Again' } }]);
    when([requested, ...copies, forked], complete).then([]);
    when(copies, complete).then([]);
  });

  it('fails once, and not when it is complete', () => {
    const fail = { type: FailFork, data: { project_id, reason: 'unreadable' } };
    when([requested, ...copies], fail).then([failed]);
    when([requested, ...copies, failed], fail).then([]);
    when([requested, ...copies, forked], fail).then([]);
    when([requested, ...copies, failed], complete).then([]);
  });
});
