// Table: poolings as Keras classes.
import { image, slide, wrongRank } from '../shapes.ts';
import type { LayerShape } from '../tensors.ts';
import { kerasClass, type Pair, type Shaped } from './keras-class.ts';

interface Pooling {
  readonly pool_size: Pair;
  readonly strides: Pair;
  readonly padding: 'valid' | 'same';
}

/** keepdims: output [1, 1, channels] instead of [channels]. */
interface GlobalPooling {
  readonly keepdims: boolean;
}

const pooled = (op: Pooling, inputs: readonly LayerShape[]): Shaped => {
  const [height, width, channels] = image(inputs);
  const windows = slide([height, width], op.pool_size, op.strides, [1, 1], op.padding, 'pooling window');
  return { shape: [...windows.size, channels], fault: wrongRank('pooling', inputs) ?? windows.fault };
};

const globallyPooled = (op: GlobalPooling, inputs: readonly LayerShape[]): Shaped => {
  const channels = image(inputs)[2];
  return { shape: op.keepdims ? [1, 1, channels] : [channels], fault: wrongRank('global pooling', inputs) };
};

const all = () => ({ inputs: true, output: true });

export const poolings = {
  MaxPooling2D: kerasClass<Pooling>({ shape: pooled, keeps: all }),
  AveragePooling2D: kerasClass<Pooling>({ shape: pooled }),
  GlobalAveragePooling2D: kerasClass<GlobalPooling>({ shape: globallyPooled, tfjs: () => ({}) }),
  GlobalMaxPooling2D: kerasClass<GlobalPooling>({ shape: globallyPooled, keeps: all, tfjs: () => ({}) }),
};
