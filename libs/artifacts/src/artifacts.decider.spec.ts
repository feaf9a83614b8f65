import { given } from '../../../test/support/given.js';
import { DeliverArtifact, PublishArtifact } from './artifacts.commands.js';
import { artifactsDecider } from './artifacts.decider.js';
import type { ArtifactEvent } from './artifacts.events.js';

const project_id = '11111111-1111-4111-8111-111111111111';
const run_id = '22222222-2222-4222-8222-222222222222';
const task_id = '33333333-3333-4333-8333-333333333333';
const id = (n: number) => `44444444-4444-4444-8444-44444444444${n}`;
const tree = { content: 'c'.repeat(64), file_count: 3, bytes: 300 };

const published = (n: number, version: number): ArtifactEvent => ({
  type: 'artifact.published',
  data: { artifact_id: id(n), run_id, task_id, type: 'code', form: 'tree', version, ...tree },
});
const delivered = (n: number): ArtifactEvent => ({ type: 'artifact.delivered', data: { artifact_id: id(n), run_id, ...tree } });
const publish = (n: number) => ({
  type: PublishArtifact,
  data: { project_id, artifact_id: id(n), run_id, task_id, artifact_type: 'code' as const, form: 'tree' as const, ...tree },
});
const deliver = (n: number, keep: number) => ({ type: DeliverArtifact, data: { project_id, artifact_id: id(n), run_id, keep, ...tree } });

const { when } = given.decider(artifactsDecider);

describe('artifacts of a project', () => {
  it('count their versions up by type, and each is published once', () => {
    when([], publish(1)).then([published(1, 1)]);
    when([published(1, 1)], publish(2)).then([published(2, 2)]);
    when([published(1, 1)], publish(1)).then([]);
  });

  it('keep the newest deliveries and prune the older ones', () => {
    const history = [published(1, 1), delivered(1), published(2, 2), delivered(2), published(3, 3)];
    when(history, deliver(3, 2)).then([delivered(3), { type: 'artifact.pruned', data: { artifact_id: id(1), run_id } }]);
    when(history, deliver(3, 5)).then([delivered(3)]);
  });

  it('cannot be delivered before they are published', () => {
    when([], deliver(1, 5)).thenRefused('not_found');
  });
});
