// What EfficientNet and EfficientNetV2 share: squeeze and excite, residual with drop, kernels by fan-out.
import type { AddHow } from '../network.ts';
import { conv, globalAveragePool } from '../operations.ts';
import type { BackboneAdd } from './backbone.ts';

/** ImageNet mean and standard deviation of red, green and blue in 0..1. */
export const imagenetMean = [0.485, 0.456, 0.406] as const;
export const imagenetStd = [0.229, 0.224, 0.225] as const;

/**
 * Keras starts these kernels with VarianceScaling(2, fan_out, truncated_normal): stddev √(2 / fan_out), and
 * 0.8796… is the standard deviation of a normal cut at 2. `outputs` is 1 for a depthwise kernel.
 */
export function fanOutKernel(kernel: number, outputs: number): Pick<AddHow, 'weights'> {
  const stddev = Math.sqrt(2 / (kernel * kernel * outputs)) / 0.8796256610342398;
  return { weights: { kernel_initializer: { kind: 'truncated_normal', stddev } } };
}

/** Multiplies each channel by a gate in 0..1 computed from all channels; `reduced` is the width in between. */
export function addExcite(add: BackboneAdd, x: string, prefix: string, channels: number, reduced: number): string {
  const pooled = add(globalAveragePool(), [x], { name: `${prefix}se_squeeze` });
  const squeezed = add({ class_name: 'Reshape', target_shape: [1, 1, channels] }, [pooled], {
    name: `${prefix}se_reshape`,
  });
  const reduce = conv(reduced, 1, { padding: 'same', activation: 'swish' });
  const narrow = add(reduce, [squeezed], { name: `${prefix}se_reduce`, ...fanOutKernel(1, reduced) });
  const expand = conv(channels, 1, { padding: 'same', activation: 'sigmoid' });
  const gate = add(expand, [narrow], { name: `${prefix}se_expand`, ...fanOutKernel(1, channels) });
  return add({ class_name: 'Multiply' }, [x, gate], { name: `${prefix}se_excite` });
}

/** Adds the block's input to its output, which is dropped as a whole image with probability `rate`. */
export function addResidual(add: BackboneAdd, input: string, output: string, prefix: string, rate: number): string {
  const drop = { class_name: 'Dropout', rate, noise_shape: [1, 1, 1] } as const;
  const dropped = rate > 0 ? add(drop, [output], { name: `${prefix}drop` }) : output;
  return add({ class_name: 'Add' }, [dropped, input], { name: `${prefix}add` });
}

/** 0 → a, 1 → b: the letters of blocks in a stage. */
export function letter(index: number): string {
  return String.fromCharCode('a'.charCodeAt(0) + index);
}
