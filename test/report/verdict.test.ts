// The verdict on the gap at the boundaries of its table, and the noise of small sets.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type GapFacts, gapFigure, gapNoise, lowAccuracy, verdict } from '../../src/report/verdict.ts';

const gap = suite('gap verdict');

/** So many images that noise is below a tenth of a point. */
const MANY = 10_000_000;
const facts = (train: number, validation: number | null, over: Partial<GapFacts> = {}): GapFacts => ({
  train,
  trainLoss: 0.5,
  validation,
  probeImages: MANY,
  validationImages: MANY,
  classes: 10,
  finished: true,
  ...over,
});

const boundaries = [
  [0.9, 0.9, 'agree', 'good'],
  [0.9, 0.88, 'agree', 'good'],
  [0.9, 0.879, 'slight_overfitting', 'fair'],
  [0.9, 0.85, 'slight_overfitting', 'fair'],
  [0.9, 0.849, 'overfitting', 'fair'],
  [0.9, 0.8, 'overfitting', 'fair'],
  [0.9, 0.799, 'significant_overfitting', 'bad'],
  [0.88, 0.9, 'agree', 'good'],
  [0.879, 0.9, 'validation_easier', 'fair'],
  [0.55, 0.55, 'agree', 'good'],
  [0.549, 0.549, 'underfitting', 'bad'],
  // A gap is named before lowness: a network that memorises badly still memorises.
  [0.5, 0.3, 'significant_overfitting', 'bad'],
] as const;

for (const [train, validation, name, tone] of boundaries)
  gap(`train ${train}, validation ${validation}: ${name}`, () => {
    const found = verdict(facts(train, validation));
    assert.is(found.name, name);
    assert.is(found.tone, tone);
    assert.ok(Math.abs(found.gap! - (train - validation)) < 1e-12);
  });

gap('the cure of significant overfitting and of underfitting is concrete', () => {
  assert.match(verdict(facts(0.99, 0.8)).sentence, /train 99\.0%, validation 80\.0%; add augmentation or dropout/);
  assert.match(verdict(facts(0.3, 0.29)).sentence, /^underfitting: .*train longer/);
});

gap('low accuracy is "still learning" while the run goes on', () => {
  assert.is(verdict(facts(0.3, 0.29, { finished: false })).name, 'learning');
  assert.is(verdict(facts(0.95, 0.8, { finished: false })).name, 'significant_overfitting');
});

gap('low depends on what guessing would reach', () => {
  assert.ok(Math.abs(lowAccuracy(10) - 0.55) < 1e-12);
  assert.ok(Math.abs(lowAccuracy(2) - 0.75) < 1e-12);
  assert.is(verdict(facts(0.7, 0.7, { classes: 2 })).name, 'underfitting');
  assert.is(verdict(facts(0.7, 0.7, { classes: 100 })).name, 'agree');
});

// Agresti & Caffo with one success and one failure added to each sample, by hand for 36 of 40 against 32 of 40:
// 37/42 and 33/42, sqrt(37*5/42^3 + 33*9/42^3) = sqrt(482/74088) = 0.0806585, times 1.96 = 0.158091.
gap('noise is the adjusted 95% interval of the difference', () => {
  assert.ok(Math.abs(gapNoise(0.9, 40, 0.8, 40) - 0.158091) < 1e-6);
});

gap('a perfect score on few images is not certain', () => {
  assert.ok(gapNoise(1, 20, 1, 20) > 0.05);
  assert.is(verdict(facts(1, 0.95, { probeImages: 20, validationImages: 20 })).name, 'agree');
});

gap('a gap inside the noise is not called one, a larger set shows it', () => {
  const small = verdict(facts(0.9, 0.8, { probeImages: 40, validationImages: 40 }));
  assert.is(small.name, 'agree');
  assert.match(small.sentence, /^no gap beyond noise: .* 40 images measure it only to 15\.8 points$/);
  assert.is(verdict(facts(0.9, 0.8, { probeImages: 400, validationImages: 400 })).name, 'overfitting');
});

gap('a gap beyond the noise is called one even on few images', () => {
  assert.is(verdict(facts(1, 0.6, { probeImages: 40, validationImages: 40 })).name, 'significant_overfitting');
});

gap('a loss far above that of guessing is never answered with a higher learning rate', () => {
  // ln(10) is 2.30
  const found = verdict(facts(0.1, 0.1, { trainLoss: 48_000 }));
  assert.is(found.name, 'exploded');
  assert.match(found.sentence, /^the loss exploded to 48000, where guessing has 2\.3: lower the learning rate/);
  assert.is(verdict(facts(0.1, 0.1, { trainLoss: 2.4 })).name, 'underfitting');
  assert.is(verdict(facts(0.5, 0.5, { classes: 2, trainLoss: 1.5 })).name, 'exploded');
  assert.is(verdict(facts(0.9, 0.9, { trainLoss: 9 })).name, 'agree');
});

gap('fewer than ten validation images get no verdict', () => {
  const one = verdict(facts(1, 1, { validationImages: 1 }));
  assert.is(one.name, 'unknown');
  assert.match(one.sentence, /^one validation image is too few to tell: .*set more aside$/);
  assert.is(verdict(facts(1, 0, { validationImages: 9 })).name, 'unknown');
  assert.is(verdict(facts(1, 0, { validationImages: 10 })).name, 'significant_overfitting');
});

gap('without validation, or without numbers, there is no verdict', () => {
  for (const found of [verdict(facts(0.9, null)), verdict(facts(Number.NaN, 0.9))]) {
    assert.is(found.name, 'unknown');
    assert.is(found.gap, null);
    assert.is(gapFigure(found), '-');
  }
});

gap.run();
