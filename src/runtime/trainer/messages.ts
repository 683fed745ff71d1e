// Verb: what a callback did → one sentence with figures.
import type { MonitorName } from '../../compiler/plan/plan.ts';

/** Four significant digits, without exponent where a person would not write one. */
export const figure = (value: number): string =>
  value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5)
    ? String(Number(value.toPrecision(4)))
    : value
        .toExponential(2)
        .replace(/\.?0+e/, 'e')
        .replace('e+', 'e');

const epochs = (count: number): string => `${count} ${count === 1 ? 'epoch' : 'epochs'}`;

export const stoppedMessage = (monitor: MonitorName, best: number, bestEpoch: number, wait: number): string =>
  `${monitor} has not improved for ${epochs(wait)}: training stops. Best ${figure(best)} at epoch ${bestEpoch}.`;

export const reducedMessage = (monitor: MonitorName, patience: number, from: number, to: number): string =>
  `${monitor} has not improved for ${epochs(patience)}: learning rate ${figure(from)} → ${figure(to)}.`;

export const restoredMessage = (monitor: MonitorName, best: number, bestEpoch: number): string =>
  `Weights of epoch ${bestEpoch} restored: ${monitor} ${figure(best)} is the best.`;

export const savedMessage = (name: string, epoch: number): string => `Weights of epoch ${epoch} saved as ${name}.`;

/** `step`: steps finished in the epoch after the `finished` ones. */
export const interruptedMessage = (at: {
  readonly finished: number;
  readonly step: number;
  readonly steps: number;
}): string => {
  if (at.step > 0) return `Interrupted in epoch ${at.finished + 1} after step ${at.step} of ${at.steps}.`;
  return at.finished > 0 ? `Interrupted after epoch ${at.finished}.` : 'Interrupted before the first step.';
};

/** A callback that can never act. */
export const idleMessage = (callback: string, monitor: MonitorName, stage: string): string =>
  `${callback} of stage "${stage}" watches ${monitor}, but there are no validation images: it does nothing.`;

/** Frozen weights that did not stay: never the fault of a pipeline. Of many the first ten are named. */
export const driftMessage = (run: string, changed: readonly string[]): string => {
  const more = changed.length > 10 ? ` and ${changed.length - 10} others` : '';
  return (
    `Internal error: frozen weights of run "${run}" changed in training: ${changed.slice(0, 10).join(', ')}${more}. ` +
    'Do not trust this result; please report it.'
  );
};

/** Where the loss stopped being a number, with the usual cures in the order to try them. */
export const divergedMessage = (at: {
  readonly loss: number;
  readonly where: string;
  readonly learningRate: number;
  readonly before: number | null;
  readonly kept: string;
}): string => {
  const what = Number.isNaN(at.loss) ? 'not a number (NaN)' : 'infinite';
  const before = at.before === null ? '' : `, mean loss before ${figure(at.before)}`;
  return (
    `The loss became ${what} at ${at.where} (learning rate ${figure(at.learningRate)}${before}). ${at.kept}. ` +
    `Try a smaller learning rate such as ${figure(at.learningRate / 10)}, clip the gradients, or warm up; ` +
    'check that `normalize` gives the network values near -1..1.'
  );
};
