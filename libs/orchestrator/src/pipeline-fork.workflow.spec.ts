import { hash, kinds, find, minute, Story, uuid } from '../../../test/support/story.js';
import { pipelineWorkflow } from './pipeline.workflow.js';

const HOUR = 60;
const LIMITS = { minutes: 30, gate_deadline: null };

/** The run goes on in a fork, long after its origin stood so. */
const fork = (story: Story, worked = 0) => story.at(100 * HOUR).hear({ type: 'run_forked', as_of: minute(worked) });

describe('a run that was copied', () => {
  it('in the chat has the analyst begin anew, and needs no place', () => {
    const story = new Story();
    const { task_id } = story.state.work!;
    expect(fork(story)).toEqual([
      { intent: 'forked', worked_ms: 0, waits: false },
      { intent: 'interrupt', task_id },
      { intent: 'reissue', task_id },
    ]);
    expect(story.state.stage).toBe('collecting');
  });

  it('in the chat, once it has had a place, asks for another when the chat is over', () => {
    const story = new Story();
    story.complete('analyst_turn', hash('a'), { ready: true });
    story.hear({ type: 'place_granted' });
    story.complete('software_specification', hash('b'), { open_questions: 2 });
    expect(kinds(fork(story))).toEqual(['forked']);
    expect(kinds(story.hear({ type: 'chat_finalized' }))).toEqual(['finalize', 'request_place', 'set_status']);
  });

  it('in the queue asks for a place of its own', () => {
    const story = new Story();
    story.complete('analyst_turn', hash('a'), { ready: true });
    expect(kinds(fork(story))).toEqual(['forked', 'request_place']);
    expect(find(story.hear({ type: 'place_granted' }), 'assign')).toMatchObject({ purpose: 'specify' });
  });

  it('at work waits for a place and then has the open task begun anew; its clock stands where it stood', () => {
    const story = new Story('full', 2, LIMITS).at(0).toCode();
    const { task_id } = story.state.work!;
    const timer_id = story.state.clock.timer_id!;
    expect(fork(story, 7)).toEqual([
      { intent: 'cancel_timer', timer_id },
      { intent: 'forked', worked_ms: 7 * 60_000, waits: true },
      { intent: 'request_place' },
      { intent: 'await_place' },
      { intent: 'interrupt', task_id },
    ]);
    expect(story.state).toMatchObject({ stage: 'reopening', status: 'queued', round: 0, rounds_before: 0 });
    const taken = story.at(200 * HOUR).hear({ type: 'place_granted' });
    expect(kinds(taken)).toEqual(['place_granted', 'set_status', 'reissue', 'clock', 'set_timer']);
    expect(find(taken, 'set_timer')).toMatchObject({ due_at: minute(200 * HOUR + 23) });
  });

  it('in the middle of a fix keeps the rounds that it has left', () => {
    const story = new Story('full', 1).toVerification();
    story.complete('defect_report', hash('f'));
    fork(story);
    story.hear({ type: 'place_granted' });
    story.complete('code_bundle', hash('d'));
    expect(find(story.complete('defect_report', hash('f')), 'fail')).toMatchObject({ cause: 'fix_rounds_used_up' });
  });

  it('at a gate keeps it open; an answer that comes before the place is kept until it comes', () => {
    const story = new Story().toSpecification();
    const { request_id } = story.state.gate!;
    expect(kinds(fork(story))).toEqual(['forked', 'request_place']);
    expect(story.state).toMatchObject({ stage: 'at_gate', gate: { request_id } });
    expect(kinds(story.answer('approve'))).toEqual(['defer', 'await_place']);
    const granted = story.hear({ type: 'place_granted' });
    expect(kinds(granted)).toEqual(['place_granted', 'unhold', 'accept', 'set_status', 'assign', 'enqueue']);
    expect(story.state).toMatchObject({ deferred: [], place: 'granted', gate: null });
  });

  it('at a gate that is answered after the place was granted goes on at once', () => {
    const story = new Story().toSpecification();
    fork(story);
    expect(kinds(story.hear({ type: 'place_granted' }))).toEqual(['place_granted']);
    expect(story.state.stage).toBe('at_gate');
    expect(find(story.answer('approve'), 'assign')).toMatchObject({ purpose: 'plan' });
  });

  it('at a gate with a deadline has all of its time again', () => {
    const gate_deadline = { seconds: 600, then: 'expire' as const, times: 0 };
    const story = new Story('plan', 2, { minutes: 30, gate_deadline }).at(0).toSpecification();
    const intents = fork(story);
    expect(find(intents, 'set_deadline')).toMatchObject({ deadline: minute(100 * HOUR + 10) });
    expect(intents.filter(({ intent }) => intent === 'set_timer' || intent === 'cancel_timer')).toHaveLength(3);
    expect(story.state.gate_timer).toMatchObject({ due_at: minute(100 * HOUR + 10) });
  });

  it('while it was paused stays so, asks for a place, and takes its task up when it has both', () => {
    const story = new Story('full').toCode();
    const { task_id } = story.state.work!;
    story.hear({ type: 'run_paused' });
    expect(kinds(fork(story))).toEqual(['forked', 'request_place', 'await_place', 'interrupt']);
    expect(kinds(story.hear({ type: 'place_granted' }))).toEqual(['defer']);
    const resumed = story.hear({ type: 'run_resumed' });
    expect(kinds(resumed)).toEqual(['unhold', 'place_granted', 'set_status', 'reissue']);
    expect(find(resumed, 'reissue')).toEqual({ intent: 'reissue', task_id });
  });

  it('while it was paused at a gate hears an answer when it is resumed and has its place', () => {
    const story = new Story().toSpecification();
    story.hear({ type: 'run_paused' });
    fork(story);
    story.answer('approve');
    expect(kinds(story.hear({ type: 'run_resumed' }))).toEqual(['unhold', 'defer', 'await_place']);
    expect(find(story.hear({ type: 'place_granted' }), 'assign')).toMatchObject({ purpose: 'plan' });
  });

  it('after its end has ended: delivered, or failed and to be retried', () => {
    const failed = new Story('full').toCode();
    failed.hear({ type: 'task_failed', task_id: failed.state.work!.task_id });
    expect(kinds(fork(failed))).toEqual(['forked']);
    expect(kinds(failed.hear({ type: 'run_reopened' }))).toEqual(['reopen', 'request_place']);
    const cancelled = new Story('full').toCode();
    cancelled.hear({ type: 'run_cancelled' });
    expect(fork(cancelled)).toEqual([]);
  });

  it('has an answer in the chat given anew, whatever else it does', () => {
    const story = new Story('full').toCode();
    story.hear({ type: 'person_wrote' });
    const talk = story.state.talk!.task_id;
    expect(find(fork(story), 'reissue')).toEqual({ intent: 'reissue', task_id: talk });
  });

  it('before anything was decided has nothing to take over', () => {
    const ids = { task: uuid(11), gate: uuid(12), message: uuid(13), artifact: uuid(14) };
    const input = { type: 'run_forked' as const, run_id: uuid(1), event_id: uuid(10), ids, as_of: minute(0), at: minute(1) };
    expect(pipelineWorkflow.decide(input, pipelineWorkflow.initial)).toEqual([]);
  });
});
