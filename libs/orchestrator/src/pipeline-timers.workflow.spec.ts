import { assigned, find, hash, kinds, minute, Story, uuid } from '../../../test/support/story.js';
import type { RunLimits } from './pipeline-inputs.events.js';

type Deadline = NonNullable<RunLimits['gate_deadline']>;

const limited = (minutes = 45) => new Story('full', 2, { minutes, gate_deadline: null });
/** At the gate of the specification, opened at minute 10, which waits for five minutes. */
const atGate = (then: Deadline['then'], times = 0) =>
  new Story('plan', 2, { minutes: 45, gate_deadline: { seconds: 300, then, times } }).at(10).toSpecification();
const runTimer = (story: Story) => story.state.clock.timer_id!;
const gateTimer = (story: Story) => story.state.gate_timer!.timer_id;
const fire = (story: Story, timer_id: string) => story.hear({ type: 'timer_fired', timer_id });

describe('the working time of a run', () => {
  it('has a timer from the moment when agents begin, and none once the run is over', () => {
    const story = limited();
    expect(kinds(story.at(1).complete('analyst_turn', hash('a'), { ready: true }))).not.toContain('set_timer');
    const begun = story.at(3).hear({ type: 'place_granted' });
    expect(find(begun, 'clock')).toEqual({ intent: 'clock', worked_ms: 0, since: minute(3) });
    expect(find(begun, 'set_timer')).toMatchObject({ purpose: 'run_limit', due_at: minute(48) });
    const timer_id = runTimer(story);
    expect(kinds(story.complete('software_specification', hash('b')))).not.toContain('set_timer');
    story.complete('implementation_plan', hash('c'));
    story.complete('code_bundle', hash('d'));
    expect(story.at(9).complete('verification_report', hash('e'))).toEqual(
      expect.arrayContaining([
        { intent: 'clock', worked_ms: 6 * 60_000, since: null },
        { intent: 'cancel_timer', timer_id },
      ]),
    );
  });

  it('ends the run when it is used up, which then has all its time again', () => {
    const story = limited().at(1).toCode();
    expect(kinds(fire(story.at(46), runTimer(story)))).toEqual(['timer_fired', 'expire']);
    expect(story.state.clock.timer_id).toBeNull();
    expect(kinds(story.hear({ type: 'run_expired' }))).toEqual(['end', 'interrupt', 'release_place', 'clock']);
    story.at(500).hear({ type: 'run_reopened' });
    expect(find(story.hear({ type: 'place_granted' }), 'set_timer')).toMatchObject({ due_at: minute(545) });
  });

  it('does not count while the run is paused or a person is waited for: the timer then goes off, and is set anew for what is left', () => {
    const story = limited().at(1).toCode();
    const first = runTimer(story);
    story.at(11).hear({ type: 'run_paused' });
    expect(kinds(fire(story.at(46), first))).toEqual(['timer_fired']);
    const resumed = story.at(100).hear({ type: 'run_resumed' });
    expect(find(resumed, 'set_timer')).toMatchObject({ purpose: 'run_limit', due_at: minute(135) });

    const waiting = new Story('plan', 2, { minutes: 45, gate_deadline: null }).at(10).toSpecification();
    expect(waiting.state.clock).toMatchObject({ worked_ms: 0, since: null });
    expect(kinds(fire(waiting.at(56), runTimer(waiting)))).toEqual(['timer_fired']);
    expect(find(waiting.at(60).answer('approve'), 'set_timer')).toMatchObject({ purpose: 'run_limit', due_at: minute(105) });
  });

  it('that a timer finds unfinished goes on with another timer', () => {
    const story = limited().at(1).toCode();
    story.at(11).hear({ type: 'run_paused' });
    story.at(31).hear({ type: 'run_resumed' });
    const fired = fire(story.at(46), runTimer(story));
    expect(kinds(fired)).toEqual(['timer_fired', 'set_timer']);
    expect(find(fired, 'set_timer')).toMatchObject({ due_at: minute(66) });
    expect(kinds(fire(story.at(66), runTimer(story)))).toEqual(['timer_fired', 'expire']);
  });

  it('is not ended twice, nor by a timer that means nothing any more', () => {
    const story = limited().at(1).toCode();
    const timer_id = runTimer(story);
    fire(story.at(46), timer_id);
    expect(fire(story, timer_id)).toEqual([]);
    expect(fire(story, uuid(999))).toEqual([]);
    expect(find(story.complete('code_bundle', hash('d')), 'set_timer')).toBeUndefined();
  });

  it('by a clock that was put back does not become less than it was', () => {
    const story = limited().at(10).toCode();
    story.at(5).hear({ type: 'run_paused' });
    expect(story.state.clock).toMatchObject({ worked_ms: 0, since: null });
  });
});

describe('a gate with a deadline', () => {
  it('says when it is, and has a timer until it is answered', () => {
    const story = atGate('approve');
    expect(story.state.gate).toMatchObject({ deadline: minute(15), on_deadline: 'approve' });
    expect(story.state.gate_timer).toMatchObject({ due_at: minute(15), request_id: story.state.gate!.request_id });
    const timer_id = gateTimer(story);
    expect(story.at(12).answer('approve')).toContainEqual({ intent: 'cancel_timer', timer_id });
    expect(fire(story.at(15), timer_id)).toEqual([]);
  });

  it('has none where the project set none', () => {
    const story = new Story('plan', 2, { minutes: 45, gate_deadline: null }).toSpecification();
    expect(story.state).toMatchObject({ gate: { deadline: null, on_deadline: null }, gate_timer: null });
  });

  it.each(['approve', 'reject', 'expire'] as const)('lapses with: %s, and the gate itself decides who was faster', (action) => {
    const story = atGate(action);
    const { request_id } = story.state.gate!;
    expect(fire(story.at(15), gateTimer(story))).toEqual([
      { intent: 'timer_fired', timer_id: expect.any(String) },
      { intent: 'lapse', request_id, gate: 'specification', action },
    ]);
    // A person was faster: their answer is what is heard.
    expect(assigned(story.answer('approve'))).toBe('plan');
  });

  it('is rejected unseen once for each kind of gate, so that no agent is sent back for ever', () => {
    const story = atGate('reject');
    fire(story.at(15), gateTimer(story));
    expect(assigned(story.answer('reject'))).toBe('specify');
    story.at(16).complete('software_specification', hash('f'));
    expect(find(fire(story.at(21), gateTimer(story)), 'lapse')).toMatchObject({ action: 'expire' });
  });

  it('that expired ends the run, and is asked again when it is taken up', () => {
    const story = atGate('expire');
    const { request_id } = story.state.gate!;
    fire(story.at(15), gateTimer(story));
    expect(story.hear({ type: 'gate_expired', request_id })).toEqual([
      { intent: 'close_gate', request_id, reason: 'nobody answered in time' },
      { intent: 'expire', cause: 'gate_deadline' },
    ]);
    expect(kinds(story.hear({ type: 'run_expired' }))).toEqual(['end', 'release_place', 'cancel_timer']);
    story.at(600).hear({ type: 'run_reopened' });
    const asked = find(story.hear({ type: 'place_granted' }), 'open_gate')!;
    expect(asked).toMatchObject({ gate: 'specification', content_hash: hash('b'), deadline: minute(605) });
    expect(asked.request_id).not.toBe(request_id);
  });

  it.each([
    ['remind', false],
    ['escalate', true],
  ] as const)('reminds again after the same time, so many times, and then waits (%s)', (then, escalate) => {
    const story = atGate(then, 2);
    const { request_id } = story.state.gate!;
    const first = fire(story.at(15), gateTimer(story));
    expect(find(first, 'remind')).toEqual({ intent: 'remind', request_id, reminder: 1, escalate, deadline: minute(20) });
    expect(find(first, 'set_timer')).toMatchObject({ purpose: 'gate', due_at: minute(20) });
    const second = fire(story.at(20), gateTimer(story));
    expect(find(second, 'remind')).toMatchObject({ reminder: 2, deadline: null });
    expect(kinds(second)).not.toContain('set_timer');
    story.at(21).hear({ type: 'run_paused' });
    expect(kinds(story.at(22).hear({ type: 'run_resumed' }))).toEqual(['unhold']);
    expect(assigned(story.answer('approve'))).toBe('plan');
  });

  it('has none during a pause, and all its time again after it', () => {
    const story = atGate('approve');
    const timer_id = gateTimer(story);
    const { request_id } = story.state.gate!;
    expect(story.at(14).hear({ type: 'run_paused' })).toEqual([
      { intent: 'hold' },
      { intent: 'set_deadline', request_id, deadline: null },
      { intent: 'cancel_timer', timer_id },
    ]);
    expect(fire(story.at(15), timer_id)).toEqual([]);
    const resumed = story.at(60).hear({ type: 'run_resumed' });
    expect(find(resumed, 'set_deadline')).toEqual({ intent: 'set_deadline', request_id, deadline: minute(65) });
    expect(find(resumed, 'set_timer')).toMatchObject({ purpose: 'gate', due_at: minute(65) });
    expect(gateTimer(story)).not.toBe(timer_id);
  });

  it('that was answered during a pause has no deadline after it', () => {
    const story = atGate('approve');
    story.at(11).hear({ type: 'run_paused' });
    story.answer('approve');
    const resumed = story.at(60).hear({ type: 'run_resumed' });
    expect(assigned(resumed)).toBe('plan');
    expect(resumed.filter((one) => one.intent === 'set_timer').map(({ purpose }) => purpose)).toEqual([]);
  });

  it('that opens after a pause because of what was done before it has its time from then on', () => {
    const story = new Story('plan', 2, { minutes: 45, gate_deadline: { seconds: 300, then: 'approve', times: 0 } });
    story.complete('analyst_turn', hash('a'), { ready: true });
    story.at(2).hear({ type: 'place_granted' });
    story.at(3).hear({ type: 'run_paused' });
    story.complete('software_specification', hash('b'));
    expect(find(story.at(90).hear({ type: 'run_resumed' }), 'open_gate')).toMatchObject({ deadline: minute(95) });
    expect(story.state.gate_timer).toMatchObject({ due_at: minute(95) });
  });
});
