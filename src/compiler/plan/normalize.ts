// Table: out[c] = in[order[c]] * scale[c] + offset[c] for each normalization. Figures of Keras' preprocess_input.
import type { NormalizePlan } from './plan.ts';

/** ImageNet means in RGB order, 0..255, of the Caffe models. */
const CAFFE = [123.68, 116.779, 103.939];
/** ImageNet mean and standard deviation in RGB order, 0..1, of the Torch models. */
const MEAN = [0.485, 0.456, 0.406];
const STD = [0.229, 0.224, 0.225];

const round = (value: number): number => Number(value.toPrecision(12));
const average = (values: readonly number[]): number => round(values.reduce((a, b) => a + b, 0) / values.length);

/** For grey images the three figures of a colour become their mean. */
export const normalizePlan = (kind: NormalizePlan['kind'], channels: number): NormalizePlan => {
  const all = (value: number): readonly number[] => Array.from({ length: channels }, () => value);
  const each = (values: readonly number[]): readonly number[] => (channels === 3 ? values : all(average(values)));
  switch (kind) {
    case 'none':
      return { kind, order: 'rgb', scale: all(1), offset: all(0) };
    case 'unit':
      return { kind, order: 'rgb', scale: all(round(1 / 255)), offset: all(0) };
    case 'signed':
      return { kind, order: 'rgb', scale: all(round(1 / 127.5)), offset: all(-1) };
    case 'caffe':
      return { kind, order: 'bgr', scale: all(1), offset: each(CAFFE.map((v) => -v).reverse()) };
    case 'torch':
      return {
        kind,
        order: 'rgb',
        scale: each(STD.map((std) => round(1 / (255 * std)))),
        offset: each(MEAN.map((mean, i) => round(-mean / STD[i]!))),
      };
  }
};
