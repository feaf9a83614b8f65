import type { Autonomy } from '#contracts';
import { assigned, find, hash, kinds, Story, uuid } from '../../../test/support/story.js';
import type { PipelineIntent } from './pipeline.events.js';

describe('the requirements chat', () => {
  it('begins with the analyst reading the idea', () => {
    const story = new Story();
    expect(story.state.work).toMatchObject({ purpose: 'converse', agent_type: 'analyst' });
  });

  it('waits for the person while something is unclear, and has every message read', () => {
    const story = new Story();
    expect(kinds(story.hear({ type: 'person_wrote' }))).toEqual(['hear']);
    expect(kinds(story.complete('analyst_turn', hash('a')))).toEqual(['settle', 'post_reply', 'assign', 'enqueue']);
    expect(kinds(story.complete('analyst_turn', hash('a')))).toEqual(['settle', 'post_reply']);
    expect(story.state).toMatchObject({ stage: 'collecting', work: null });
    expect(assigned(story.hear({ type: 'person_wrote' }))).toBe('converse');
  });

  it('goes to the queue when nothing is unclear, or when the person ends it', () => {
    expect(find(new Story().complete('analyst_turn', hash('a'), { ready: true }), 'set_status')).toMatchObject({ status: 'queued' });
    const story = new Story();
    expect(kinds(story.hear({ type: 'chat_finalized' }))).toEqual(['finalize']);
    expect(kinds(story.complete('analyst_turn', hash('a')))).toContain('request_place');
  });

  it('comes back for what the specification leaves open, unless the person ended it', () => {
    const story = new Story();
    story.complete('analyst_turn', hash('a'), { ready: true });
    story.hear({ type: 'place_granted' });
    const asked = story.complete('software_specification', hash('b'), { open_questions: 2 });
    expect(find(asked, 'post_reply')).toMatchObject({ handoff_type: 'software_specification' });
    expect(story.state.stage).toBe('collecting');
    story.hear({ type: 'person_wrote' });
    expect(assigned(story.complete('analyst_turn', hash('a'), { ready: true }))).toBe('specify');
  });
});

describe('gates', () => {
  it.each<[Autonomy, string[]]>([
    ['manual', ['specification', 'plan', 'delivery']],
    ['plan', ['specification', 'plan']],
    ['full', []],
  ])('with autonomy %s stand before %j', (autonomy, gates) => {
    const story = new Story(autonomy);
    const met: string[] = [];
    const pass = (intents: PipelineIntent[]): void => {
      const gate = find(intents, 'open_gate');
      if (!gate) return;
      met.push(gate.gate);
      story.answer('approve');
    };
    story.complete('analyst_turn', hash('a'), { ready: true });
    story.hear({ type: 'place_granted' });
    pass(story.complete('software_specification', hash('b')));
    pass(story.complete('implementation_plan', hash('c')));
    pass(story.complete('code_bundle', hash('d')));
    pass(story.complete('verification_report', hash('e')));
    expect(met).toEqual(gates);
    expect(story.state.stage).toBe('completed');
  });

  it('let the next agent work with exactly what was approved or amended', () => {
    const approved = new Story().toSpecification().answer('approve');
    expect(find(approved, 'assign')?.source).toEqual({ from: 'specification', sha256: hash('b'), rejected: null });
    const amended = new Story().toSpecification().answer('amend', hash('f'));
    expect(find(amended, 'publish')).toMatchObject({ artifact_type: 'spec', sha256: hash('f') });
    expect(find(amended, 'assign')?.source).toEqual({ from: 'specification', sha256: hash('f'), rejected: null });
  });

  it('send a rejected content back to its agent with the reason', () => {
    const story = new Story().toSpecification();
    const { request_id } = story.state.gate!;
    const rejected = story.answer('reject');
    expect(find(rejected, 'assign')).toMatchObject({
      purpose: 'specify',
      source: { from: 'conversation', rejected: { previous: hash('b'), request_id } },
    });
  });

  it('send a refused delivery to the coder', () => {
    const story = new Story('manual').toVerification();
    story.complete('verification_report', hash('e'));
    expect(find(story.answer('reject'), 'assign')).toMatchObject({ purpose: 'repair', source: { from: 'refusal', report: hash('e') } });
  });

  it('take no answer for another gate', () => {
    const story = new Story().toSpecification();
    expect(story.hear({ type: 'gate_answered', request_id: uuid(999), action: 'approve', content_hash: hash('b'), amended_hash: null })).toEqual([]);
  });
});

describe('verification', () => {
  it('sends defects back until it passes, and delivers with its warnings', () => {
    const story = new Story().toVerification();
    expect(find(story.complete('defect_report', hash('1')), 'assign')).toMatchObject({ purpose: 'repair', round: 1, source: { sha256: hash('1') } });
    story.complete('code_bundle', hash('2'));
    const passed = story.complete('verification_report', hash('3'), { warnings: ['npm install failed'] });
    expect(find(passed, 'complete')).toEqual({ intent: 'complete', warnings: ['npm install failed'] });
    expect(find(passed, 'deliver')).toMatchObject({ report: hash('3') });
    expect(kinds(passed)).toContain('release_place');
  });

  it('fails when the fix rounds are used up, and a retry gives as many again', () => {
    const story = new Story('plan', 1).toVerification();
    story.complete('defect_report', hash('1'));
    story.complete('code_bundle', hash('2'));
    expect(find(story.complete('defect_report', hash('3')), 'fail')).toMatchObject({ cause: 'fix_rounds_used_up' });
    expect(kinds(story.hear({ type: 'run_reopened' }))).toEqual(['reopen', 'request_place']);
    expect(find(story.hear({ type: 'place_granted' }), 'assign')).toMatchObject({ purpose: 'repair', round: 2, source: { sha256: hash('3') } });
    story.complete('code_bundle', hash('4'));
    expect(kinds(story.complete('verification_report', hash('5')))).toContain('complete');
  });
});

describe('a run that is interrupted', () => {
  it('starts nothing while paused, and goes on where it was', () => {
    const story = new Story().toCode();
    const { task_id } = story.state.work!;
    expect(story.hear({ type: 'run_paused' })).toEqual([{ intent: 'hold' }, { intent: 'interrupt', task_id }]);
    expect(story.hear({ type: 'run_resumed' })).toEqual([{ intent: 'unhold' }, { intent: 'reissue', task_id }]);
    expect(story.hear({ type: 'task_reissued', task_id, attempt: 2 })).toEqual([
      { intent: 'enqueue', task_id, agent_type: 'coder', attempt: 2, delay_ms: 0 },
    ]);
  });

  it('keeps what came in meanwhile, in order', () => {
    const story = new Story().toSpecification();
    story.hear({ type: 'run_paused' });
    expect(kinds(story.answer('approve'))).toEqual(['defer']);
    expect(kinds(story.hear({ type: 'person_wrote' }))).toEqual(['defer']);
    const resumed = story.hear({ type: 'run_resumed' });
    expect(resumed.flatMap((one) => (one.intent === 'assign' ? [one.purpose] : []))).toEqual(['plan', 'answer']);
  });

  it('does not reissue a task whose result arrived just before the pause', () => {
    const story = new Story('full').toCode();
    const { task_id } = story.state.work!;
    story.hear({ type: 'run_paused' });
    story.complete('code_bundle', hash('d'));
    const resumed = story.hear({ type: 'run_resumed' });
    expect(resumed).not.toContainEqual({ intent: 'reissue', task_id });
    expect(assigned(resumed)).toBe('verify');
  });

  it('ends everything when cancelled, and hears nothing more', () => {
    const story = new Story().toSpecification();
    const { request_id } = story.state.gate!;
    expect(kinds(story.hear({ type: 'run_cancelled' }))).toEqual(['end', 'close_gate', 'release_place']);
    expect(story.hear({ type: 'gate_answered', request_id, action: 'approve', content_hash: hash('b'), amended_hash: null })).toEqual([]);
    expect(story.hear({ type: 'person_wrote' })).toEqual([]);
  });

  it('fails with its task and takes that very task up again', () => {
    const story = new Story().toCode();
    const { task_id } = story.state.work!;
    expect(find(story.hear({ type: 'task_failed', task_id }), 'fail')).toMatchObject({ cause: 'task_failed', task_id });
    story.hear({ type: 'run_reopened' });
    expect(story.hear({ type: 'place_granted' })).toContainEqual({ intent: 'reissue', task_id });
  });

  it('is reopened by a person who retries the failed task', () => {
    const story = new Story().toCode();
    const { task_id } = story.state.work!;
    story.hear({ type: 'task_failed', task_id });
    expect(kinds(story.hear({ type: 'task_reissued', task_id, attempt: 2 }))).toEqual(['note_reissue', 'reopen_run']);
    story.hear({ type: 'run_reopened' });
    expect(story.hear({ type: 'place_granted' })).toContainEqual({ intent: 'enqueue', task_id, agent_type: 'coder', attempt: 2, delay_ms: 0 });
  });

  it('that expired goes on with the task that was open', () => {
    const story = new Story().toCode();
    const { task_id } = story.state.work!;
    expect(story.hear({ type: 'run_expired' })).toContainEqual({ intent: 'interrupt', task_id });
    story.hear({ type: 'run_reopened' });
    expect(story.hear({ type: 'place_granted' })).toContainEqual({ intent: 'reissue', task_id });
  });
});

describe('a run that is taken up again', () => {
  it('goes on with the chat, for which it needs no place', () => {
    const story = new Story();
    const { task_id } = story.state.work!;
    story.hear({ type: 'task_failed', task_id });
    const reopened = story.hear({ type: 'run_reopened' });
    expect(kinds(reopened)).toEqual(['reopen', 'set_status', 'reissue']);
    expect(find(reopened, 'set_status')).toMatchObject({ status: 'collecting' });
    story.complete('analyst_turn', hash('a'));
    expect(assigned(story.hear({ type: 'person_wrote' }))).toBe('converse');
  });

  it('asks again what was asked at the gate that its end closed', () => {
    const story = new Story().toSpecification();
    const { request_id } = story.state.gate!;
    expect(kinds(story.hear({ type: 'run_expired' }))).toEqual(['end', 'close_gate', 'release_place']);
    story.hear({ type: 'run_reopened' });
    const opened = find(story.hear({ type: 'place_granted' }), 'open_gate')!;
    expect(opened).toMatchObject({ gate: 'specification', content_hash: hash('b') });
    expect(opened.request_id).not.toBe(request_id);
    expect(assigned(story.answer('approve'))).toBe('plan');
  });

  it('after it was failed from outside has stopped, and goes on with its task', () => {
    const story = new Story().toCode();
    const { task_id } = story.state.work!;
    expect(kinds(story.hear({ type: 'run_failed' }))).toEqual(['fail', 'interrupt', 'release_place']);
    story.hear({ type: 'run_reopened' });
    expect(story.hear({ type: 'place_granted' })).toContainEqual({ intent: 'reissue', task_id });
    const early = new Story();
    early.complete('analyst_turn', hash('a'), { ready: true });
    early.hear({ type: 'run_failed' });
    early.hear({ type: 'run_reopened' });
    expect(assigned(early.hear({ type: 'place_granted' }))).toBe('specify');
  });

  it('is only said to be complete where its time ran out after the delivery', () => {
    const story = new Story('full').toVerification();
    story.complete('verification_report', hash('e'), { warnings: ['npm install failed'] });
    expect(story.hear({ type: 'run_expired' })).toEqual([]);
    expect(story.hear({ type: 'run_reopened' })).toEqual([{ intent: 'complete', warnings: ['npm install failed'] }]);
  });

  it('starts nothing when it was paused and resumed before it has its place', () => {
    const story = new Story().toCode();
    const { task_id } = story.state.work!;
    story.hear({ type: 'task_failed', task_id });
    story.hear({ type: 'run_reopened' });
    expect(kinds(story.hear({ type: 'run_paused' }))).toEqual(['hold']);
    expect(kinds(story.hear({ type: 'run_resumed' }))).toEqual(['unhold']);
    expect(story.hear({ type: 'place_granted' })).toContainEqual({ intent: 'reissue', task_id });
  });

  it('does not begin anew where its task was done before it got its place', () => {
    const story = new Story().toCode();
    story.hear({ type: 'task_failed', task_id: story.state.work!.task_id });
    story.hear({ type: 'run_reopened' });
    story.complete('code_bundle', hash('d'));
    expect(kinds(story.hear({ type: 'place_granted' }))).toEqual(['place_granted']);
    expect(story.state.work).toMatchObject({ purpose: 'verify' });
  });

  it('leaves the chat’s open answer behind when it expires', () => {
    const story = new Story().toCode();
    story.hear({ type: 'person_wrote' });
    const { work, talk } = story.state;
    const ended = story.hear({ type: 'run_expired' });
    expect(ended).toContainEqual({ intent: 'cancel_task', task_id: talk!.task_id });
    expect(ended).toContainEqual({ intent: 'interrupt', task_id: work!.task_id });
  });
});

describe('chat during a build', () => {
  it('is answered beside the pipeline, which goes on', () => {
    const story = new Story().toCode();
    expect(assigned(story.hear({ type: 'person_wrote' }))).toBe('answer');
    const { task_id } = story.state.talk!;
    expect(kinds(story.hear({ type: 'person_wrote' }))).toEqual(['hear']);
    const replied = story.hear({
      type: 'task_completed',
      task_id,
      handoff_type: 'analyst_turn',
      sha256: hash('7'),
      ready: false,
      open_questions: 0,
      warnings: [],
    });
    expect(kinds(replied)).toEqual(['settle', 'post_reply', 'assign', 'enqueue']);
    expect(story.state.work).toMatchObject({ purpose: 'write' });
  });
});

it('decides the same for the same input and state', () => {
  const told = () => {
    const story = new Story();
    return [story.complete('analyst_turn', hash('a'), { ready: true }), story.hear({ type: 'place_granted' })];
  };
  expect(told()).toEqual(told());
});
