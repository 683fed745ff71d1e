// Figures of the views, over scripts of events.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { initialState, reduce } from '../../src/runtime/run-state.ts';
import {
  currentVerdict,
  epochShare,
  evaluationShare,
  runShare,
  secondsLeft,
  waitingShare,
} from '../../src/ui/measures.ts';
import { fakeRun } from '../support/fake-run.ts';
import { play } from '../support/play-events.ts';

const measures = suite('ui measures');

measures('the share of the run never goes back and ends at 1', () => {
  const script = fakeRun({ runs: ['A'] });
  let before = 0;
  let state = initialState;
  for (const timed of script) {
    state = reduce(state, timed);
    const share = state.run ? runShare(state.run) : 0;
    assert.ok(share >= before - 1e-9, `${before} then ${share} after ${timed.event.type}`);
    assert.ok(share >= 0 && share <= 1);
    before = share;
  }
  assert.is(before, 1);
});

measures('the evaluation under way counts probe and validation by their images', () => {
  const at = (what: string, step: number) =>
    play(fakeRun(), ({ event }) => event.type === 'evaluating' && event.what === what && event.step === step).state
      .run!;
  assert.is(evaluationShare(at('train', 5)), 0.5);
  assert.is(evaluationShare(at('validation', 5)), 1);
  assert.is(epochShare(at('validation', 5)), 1);
});

measures('waiting is a share of the epoch', () => {
  const { state } = play(fakeRun(), ({ event }) => event.type === 'step');
  assert.ok(Math.abs(waitingShare(state.run!)! - 0.04) < 1e-9);
});

measures('the verdict is of the latest epoch, then of the result; none when it diverged', () => {
  const script = fakeRun({ gap: 0.3 });
  const first = play(script, ({ event }) => event.type === 'epoch_finished').state.run!;
  assert.is(currentVerdict(first)!.name, 'learning');
  assert.is(currentVerdict(play(script).state.run!)!.name, 'significant_overfitting');
  const diverged = play(fakeRun({ ends: { after: 3, status: 'diverged' } })).state.run!;
  assert.is(currentVerdict(diverged), null);
  const scores = { loss: 1e20, accuracy: 0.1 }; // the weights of the last good epoch are kept and measured
  assert.is(currentVerdict({ ...diverged, result: { ...diverged.result!, train: scores, validation: scores } }), null);
});

measures('nothing is left once a callback stopped the run', () => {
  const script = fakeRun({ epochs: 20, ends: { after: 5, status: 'early_stopped' } });
  const { state, now } = play(script, ({ event }) => event.type === 'callback' && event.name === 'early_stopping');
  assert.is(secondsLeft(state.run!, now), 0);
  assert.is(runShare(state.run!), 1);
});

measures('time left is null before anything is measured', () => {
  const { state, now } = play(fakeRun(), ({ event }) => event.type === 'epoch_started');
  assert.is(secondsLeft(state.run!, now), null);
});

measures.run();
