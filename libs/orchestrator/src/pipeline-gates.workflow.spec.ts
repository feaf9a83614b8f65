import { assigned, find, hash, kinds, Story, uuid } from '../../../test/support/story.js';
import type { PipelineIntent } from './pipeline.events.js';

/** The coder says that it cannot go on. */
const blockCoder = (story = new Story()): { story: Story; task_id: string; asked: PipelineIntent[] } => {
  const { task_id } = story.toCode().state.work!;
  return { story, task_id, asked: story.hear({ type: 'task_blocked', task_id, sha256: hash('9') }) };
};

describe('an agent that cannot go on by itself', () => {
  it('has its report put to a person, while its work stays open and its place taken', () => {
    const { story, task_id, asked } = blockCoder();
    expect(find(asked, 'open_gate')).toMatchObject({ gate: 'block', task_id, handoff_type: 'block_report', content_hash: hash('9') });
    expect(find(asked, 'set_status')).toEqual({ intent: 'set_status', status: 'waiting_for_hitl', stage: 'an agent cannot go on' });
    expect(story.state).toMatchObject({ stage: 'at_gate', work: { task_id }, place: 'granted' });
  });

  it('goes on with another attempt of the same task when a person approves', () => {
    const { story, task_id } = blockCoder();
    const approved = story.answer('approve');
    expect(kinds(approved)).toEqual(['go_on', 'set_status', 'reissue']);
    expect(find(approved, 'go_on')).toEqual({ intent: 'go_on', task_id, report: hash('9') });
    expect(story.state).toMatchObject({ stage: 'working', gate: null, work: { task_id } });
    const reissued = story.hear({ type: 'task_reissued', task_id, attempt: 2 });
    expect(find(reissued, 'enqueue')).toMatchObject({ task_id, attempt: 2, delay_ms: 0 });
  });

  it('ends the run, which can be retried, when a person rejects', () => {
    const { story, task_id } = blockCoder();
    const rejected = story.answer('reject');
    expect(find(rejected, 'fail')).toMatchObject({ cause: 'stopped_by_person', task_id });
    expect(kinds(rejected)).toContain('release_place');
    expect(kinds(story.hear({ type: 'run_reopened' }))).toEqual(['reopen', 'request_place']);
    expect(find(story.hear({ type: 'place_granted' }), 'reissue')).toEqual({ intent: 'reissue', task_id });
  });

  it('is let go on without an answer when a person has the task tried again', () => {
    const { story, task_id } = blockCoder();
    const { request_id } = story.state.gate!;
    const again = story.hear({ type: 'task_reissued', task_id, attempt: 2 });
    expect(find(again, 'close_gate')).toMatchObject({ request_id });
    expect(find(again, 'enqueue')).toMatchObject({ task_id, attempt: 2 });
    expect(story.state).toMatchObject({ stage: 'working', gate: null });
  });

  it('says so after a pause during which it came to that', () => {
    const story = new Story().toCode();
    const { task_id } = story.state.work!;
    story.hear({ type: 'run_paused' });
    expect(kinds(story.hear({ type: 'task_blocked', task_id, sha256: hash('9') }))).toEqual(['defer']);
    const resumed = story.hear({ type: 'run_resumed' });
    expect(find(resumed, 'open_gate')).toMatchObject({ gate: 'block', task_id });
    expect(kinds(resumed)).not.toContain('reissue');
  });

  it('leaves a chat beside the build unanswered, and the build goes on', () => {
    const story = new Story().toCode();
    const { task_id } = story.state.work!;
    expect(assigned(story.hear({ type: 'person_wrote' }))).toBe('answer');
    const talk = story.state.talk!.task_id;
    expect(story.hear({ type: 'task_blocked', task_id: talk, sha256: hash('9') })).toEqual([
      { intent: 'settle', task_id: talk },
      { intent: 'cancel_task', task_id: talk },
    ]);
    expect(story.state).toMatchObject({ talk: null, gate: null, work: { task_id } });
  });

  it('matters no more once its task is another’s', () => {
    const story = new Story().toCode();
    expect(story.hear({ type: 'task_blocked', task_id: uuid(999), sha256: hash('9') })).toEqual([]);
  });

  it('is not let go on by time alone where that would spend money: the run ends instead', () => {
    const limits = { minutes: 45, gate_deadline: { seconds: 3_600, then: 'approve' as const, times: 0 } };
    const { asked } = blockCoder(new Story('full', 2, limits));
    expect(find(asked, 'open_gate')).toMatchObject({ gate: 'block', on_deadline: 'expire' });
  });
});
