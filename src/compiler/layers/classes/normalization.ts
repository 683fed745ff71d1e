// Table: normalizations as Keras classes.
import { same } from '../shapes.ts';
import { constant, scaleAndCenter } from '../weights.ts';
import { kerasClass } from './keras-class.ts';

interface Normalization {
  readonly epsilon: number;
  readonly center: boolean;
  readonly scale: boolean;
}

interface BatchNormalization extends Normalization {
  readonly momentum: number;
}

export const normalizations = {
  BatchNormalization: kerasClass<BatchNormalization>({
    shape: (_, inputs) => same(inputs),
    weights: (op, input) => [
      ...scaleAndCenter(op, input),
      { ...constant('moving_mean', input, 'zeros'), kind: 'statistic' },
      { ...constant('moving_variance', input, 'ones'), kind: 'statistic' },
    ],
    keeps: (_, trains) => ({ inputs: trains }),
    tfjs: (op) => ({ axis: -1, ...op }),
  }),
  LayerNormalization: kerasClass<Normalization>({
    shape: (_, inputs) => same(inputs),
    weights: scaleAndCenter,
    keeps: () => ({ inputs: true }),
    tfjs: (op) => ({ axis: -1, ...op }),
  }),
};
