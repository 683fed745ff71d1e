// The reducer: events in, state out, nothing changed in place.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  currentVerdict,
  epochShare,
  evaluationShare,
  runShare,
  secondsLeft,
  waitingShare,
} from '../../src/ui/measures.ts';
import { initialState, reduce, type UiState } from '../../src/ui/ui-state.ts';
import { fakeRun } from '../support/fake-run.ts';
import { play } from './frames.ts';

const reducer = suite('ui reducer');

/** Object.freeze all the way down: a reducer that writes would throw. */
const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) freeze(part);
  }
  return value;
};

reducer('a whole script passes through frozen states', () => {
  const script = freeze(fakeRun({ runs: ['A', 'B'], warning: 'careful' }));
  const state = script.reduce<UiState>((before, timed) => freeze(reduce(before, timed)), freeze(initialState));
  assert.is(state.pipeline, 'quickstart');
  assert.equal(state.runNames, ['A', 'B']);
  assert.equal(state.warnings, ['careful']);
  assert.ok(state.finished);
  assert.equal(
    state.results.map(({ name }) => name),
    ['A', 'B'],
  );
  assert.is(state.runNumber, 2);
  assert.is(state.run!.history.length, 6);
  assert.equal(state.run!.notes[0]!.name, 'reduce_lr_on_plateau');
});

reducer('the second run starts from nothing', () => {
  const script = fakeRun({ runs: ['A', 'B'] });
  const { state } = play(script, ({ event }) => event.type === 'run_started' && event.run === 'B');
  assert.is(state.run!.started.run, 'B');
  assert.is(state.preparing, null);
  assert.is(state.run!.history.length, 0);
  assert.is(state.run!.notes.length, 0);
  assert.is(runShare(state.run!), 0);
  assert.is(state.results.length, 1);
});

reducer('what is prepared before a run starts is shown, the run before makes room', () => {
  const script = fakeRun({ runs: ['A', 'B'] });
  const { state, now } = play(script, ({ event }) => event.type === 'preparing' && event.run === 'B');
  assert.is(state.run, null);
  assert.equal(state.preparing, { run: 'B', what: 'compiling the training graphs', since: now });
  assert.is(state.results.length, 1);
});

reducer('what the trainer is doing follows the events', () => {
  const script = fakeRun();
  const kinds = script.map((_, i) => script.slice(0, i + 1).reduce(reduce, initialState).run?.activity.kind);
  const seen = kinds.filter((kind, i) => kind !== undefined && kind !== kinds[i - 1]);
  assert.equal(seen.slice(0, 5), ['preparing', 'training', 'evaluating', 'training', 'evaluating']);
  assert.is(seen.at(-1), 'finished');
});

reducer('events before the first run, and of an unknown run, change nothing', () => {
  const step = fakeRun().find(({ event }) => event.type === 'step')!;
  assert.is(reduce(initialState, step), initialState);
});

reducer('the share of the run never goes back and ends at 1', () => {
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

reducer('the evaluation under way counts probe and validation by their images', () => {
  const at = (what: string, step: number) =>
    play(fakeRun(), ({ event }) => event.type === 'evaluating' && event.what === what && event.step === step).state
      .run!;
  assert.is(evaluationShare(at('train', 5)), 0.5);
  assert.is(evaluationShare(at('validation', 5)), 1);
  assert.is(epochShare(at('validation', 5)), 1);
});

reducer('waiting is a share of the epoch', () => {
  const { state } = play(fakeRun(), ({ event }) => event.type === 'step');
  assert.ok(Math.abs(waitingShare(state.run!)! - 0.04) < 1e-9);
});

reducer('the verdict is of the latest epoch, then of the result; none when it diverged', () => {
  const script = fakeRun({ gap: 0.3 });
  const first = play(script, ({ event }) => event.type === 'epoch_finished').state.run!;
  assert.is(currentVerdict(first)!.name, 'learning');
  assert.is(currentVerdict(play(script).state.run!)!.name, 'significant_overfitting');
  const diverged = play(fakeRun({ ends: { after: 3, status: 'diverged' } })).state.run!;
  assert.is(currentVerdict(diverged), null);
  const scores = { loss: 1e20, accuracy: 0.1 }; // the weights of the last good epoch are kept and measured
  assert.is(currentVerdict({ ...diverged, result: { ...diverged.result!, train: scores, validation: scores } }), null);
});

reducer('nothing is left once a callback stopped the run', () => {
  const script = fakeRun({ epochs: 20, ends: { after: 5, status: 'early_stopped' } });
  const { state, now } = play(script, ({ event }) => event.type === 'callback' && event.name === 'early_stopping');
  assert.is(secondsLeft(state.run!, now), 0);
  assert.is(runShare(state.run!), 1);
});

reducer('time left is null before anything is measured', () => {
  const { state, now } = play(fakeRun(), ({ event }) => event.type === 'epoch_started');
  assert.is(secondsLeft(state.run!, now), null);
});

reducer.run();
