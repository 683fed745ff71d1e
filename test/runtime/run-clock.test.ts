// Time left against scripts whose true end is known.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  epochEnded,
  epochStarted,
  newClock,
  secondsPerStep,
  stageStarted,
  stepped,
  timeLeft,
} from '../../src/runtime/run-clock.ts';
import { secondsLeft } from '../../src/ui/measures.ts';
import { fakeRun } from '../support/fake-run.ts';
import { play } from '../support/play-events.ts';

const clocks = suite('run clock');
const near = (actual: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected} within ${tolerance}`);

clocks('after the first epoch the time left is what the script really takes', () => {
  const script = fakeRun({ epochs: 8 });
  const end = script.findLast(({ event }) => event.type === 'epoch_finished')!.at;
  for (const epoch of [2, 4, 8])
    for (const step of [1, 5, 10]) {
      const { state, now } = play(
        script,
        ({ event }) => event.type === 'step' && event.epoch === epoch && event.step === step,
      );
      near(secondsLeft(state.run!, now)!, end - now, 1e-6);
    }
});

clocks('in the first epoch the evaluation is already reckoned with', () => {
  const script = fakeRun({ epochs: 8 });
  const end = script.findLast(({ event }) => event.type === 'epoch_finished')!.at;
  const { state, now } = play(script, ({ event }) => event.type === 'step' && event.step === 5);
  const left = secondsLeft(state.run!, now)!;
  // Steps alone would be 5 steps and 7 epochs of 10, half a second each; evaluation takes 8 s more, guessed from image counts.
  assert.ok(left > 37.5, `${left}`);
  near(left, end - now, 0.25 * (end - now));
});

clocks('the first step, which warms up, does not spoil the estimate', () => {
  let clock = epochStarted(newClock(0, 1), 1, 100, 0);
  clock = stepped(clock, 1, 30);
  for (let step = 2; step <= 10; step++) clock = stepped(clock, step, 30 + (step - 1));
  near(secondsPerStep(clock)!, 1, 1e-9);
});

clocks('one slow step after many does not make the estimate jump', () => {
  let clock = newClock(0, 5);
  clock = epochStarted(clock, 1, 50, 0);
  for (let step = 1; step <= 50; step++) clock = stepped(clock, step, step);
  clock = epochStarted(epochEnded(clock, 50), 2, 50, 50);
  clock = stepped(clock, 1, 51);
  const before = timeLeft(clock, { evaluated: 0, trained: 1 }, 51)!.run;
  const after = timeLeft(stepped(clock, 2, 54), { evaluated: 0, trained: 1 }, 54)!.run;
  near(after, before, 0.2 * before);
});

clocks('another stage forgets the speed of the one before', () => {
  let clock = epochStarted(newClock(0, 4), 1, 10, 0);
  for (let step = 1; step <= 10; step++) clock = stepped(clock, step, step);
  clock = stageStarted(epochEnded(clock, 12), 2);
  assert.is(secondsPerStep(epochStarted(clock, 2, 10, 12)), null);
  assert.is(clock.epochs, 3, 'one epoch done, two planned from here: the stage before stopped early');
});

clocks('time goes on between two steps and never below zero', () => {
  const images = { evaluated: 0, trained: 1 };
  let clock = epochStarted(newClock(0, 1), 1, 3, 0);
  clock = stepped(stepped(clock, 1, 10), 2, 20);
  near(timeLeft(clock, images, 20)!.run, 10, 1e-9);
  near(timeLeft(clock, images, 24)!.run, 6, 1e-9);
  assert.is(timeLeft(clock, images, 100)!.run, 0);
  assert.is(timeLeft(epochEnded(clock, 31), images, 31)!.run, 0);
});

clocks('a run that goes on inside epoch 4 of 5 knows how far it is and how fast', () => {
  let clock = epochStarted(stageStarted(newClock(0, 5), 5), 4, 20, 0);
  clock = stepped(stepped(stepped(clock, 11, 9), 12, 10), 13, 11);
  near(secondsPerStep(clock)!, 1, 1e-9);
  near(timeLeft(clock, { evaluated: 0, trained: 1 }, 11)!.run, 7 + 20, 1e-9);
  near(secondsPerStep(epochStarted(epochEnded(clock, 12), 5, 20, 12))!, 11 / 3, 1e-9);
});

clocks.run();
