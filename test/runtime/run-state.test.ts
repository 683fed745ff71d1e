// The reducer: events in, state out, nothing changed in place.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { initialState, type RunsState, reduce } from '../../src/runtime/run-state.ts';
import { fakeRun } from '../support/fake-run.ts';
import { play } from '../support/play-events.ts';

const reducer = suite('run state');

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
  const state = script.reduce<RunsState>((before, timed) => freeze(reduce(before, timed)), freeze(initialState));
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
  assert.is(state.results.length, 1);
});

reducer('what is prepared before a run starts is shown, the run before makes room', () => {
  const script = fakeRun({ runs: ['A', 'B'] });
  const { state, now } = play(script, ({ event }) => event.type === 'preparing' && event.run === 'B');
  assert.is(state.run, null);
  assert.equal(state.preparing, { run: 'B', what: 'compiling the training graphs', since: now, share: null });
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

reducer.run();
