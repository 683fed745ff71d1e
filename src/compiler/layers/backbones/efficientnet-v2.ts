// EfficientNetV2B0 without top: docs/facts/keras-applications.md.
import { activate, batchNorm, conv, depthwiseConv, rescale } from '../operations.ts';
import type { Backbone, BackboneAdd, BackboneContext } from './backbone.ts';
import { addExcite, addResidual, fanOutKernel, imagenetMean, imagenetStd, letter } from './efficientnet-parts.ts';

/** Fused or not, repeats, filters, expansion, first stride. */
const stages = [
  [true, 1, 16, 1, 1],
  [true, 2, 32, 4, 2],
  [true, 2, 48, 4, 2],
  [false, 3, 96, 4, 2],
  [false, 5, 112, 6, 1],
  [false, 8, 192, 6, 2],
] as const;

const norm = batchNorm(1e-3, 0.9);

interface Block {
  readonly prefix: string;
  readonly fused: boolean;
  readonly filters: number;
  readonly expansion: number;
  readonly stride: number;
  readonly drop: number;
}

/** Takes pixels 0..255: the first two layers turn them to ImageNet mean 0 and deviation 1. */
export const efficientnetV2B0: Backbone = {
  name: 'efficientnetv2-b0',
  rgb: 'always',
  build: (add, input, context) => {
    const scaled = add(rescale(1 / 255, 0), [input]);
    const scale = imagenetStd.map((std) => 1 / std);
    const offset = imagenetMean.map((mean, channel) => -mean * (scale[channel] ?? 1));
    const centred = add(rescale(scale, offset), [scaled], { stem: 'normalization' });
    const start = normSwish(add, convolve(add, centred, 32, 3, 2, 'stem_conv'), 'stem_bn', 'stem_activation');
    const x = blocks.reduce((x, block) => addBlock(add, context, x, block), start);
    return normSwish(add, convolve(add, x, 1280, 1, 1, 'top_conv'), 'top_bn', 'top_activation');
  },
};

const total = stages.reduce((sum, [, repeats]) => sum + repeats, 0);

const blocks: readonly Block[] = stages
  .flatMap(([fused, repeats, filters, expansion, first], stage) =>
    Array.from({ length: repeats }, (_, index) => ({
      prefix: `block${stage + 1}${letter(index)}_`,
      fused,
      filters,
      expansion,
      stride: index === 0 ? first : 1,
    })),
  )
  .map((block, index) => ({ ...block, drop: (0.2 * index) / total }));

function addBlock(add: BackboneAdd, { shape }: BackboneContext, x: string, block: Block): string {
  const channels = shape(x)[2] ?? 1;
  const output = block.fused ? addFused(add, x, block, channels) : addInverted(add, x, block, channels);
  const residual = block.stride === 1 && channels === block.filters;
  return residual ? addResidual(add, x, output, block.prefix, block.drop) : output;
}

/** Expansion and depthwise convolution as one 3x3 convolution. */
function addFused(add: BackboneAdd, x: string, block: Block, channels: number): string {
  const { prefix, filters, expansion, stride } = block;
  if (expansion === 1) {
    const projected = convolve(add, x, filters, 3, stride, `${prefix}project_conv`);
    return normSwish(add, projected, `${prefix}project_bn`, `${prefix}project_activation`);
  }
  const expanded = convolve(add, x, channels * expansion, 3, stride, `${prefix}expand_conv`);
  const active = normSwish(add, expanded, `${prefix}expand_bn`, `${prefix}expand_activation`);
  const projected = convolve(add, active, filters, 1, 1, `${prefix}project_conv`);
  return add(norm, [projected], { name: `${prefix}project_bn` });
}

function addInverted(add: BackboneAdd, x: string, block: Block, channels: number): string {
  const { prefix, filters, expansion, stride } = block;
  const wide = channels * expansion;
  const expanded = convolve(add, x, wide, 1, 1, `${prefix}expand_conv`);
  const active = normSwish(add, expanded, `${prefix}expand_bn`, `${prefix}expand_activation`);
  const depthwise = depthwiseConv(3, { stride, padding: 'same', bias: false });
  const filtered = add(depthwise, [active], { name: `${prefix}dwconv2`, ...fanOutKernel(3, 1) });
  const lively = normSwish(add, filtered, `${prefix}bn`, `${prefix}activation`);
  const excited = addExcite(add, lively, prefix, wide, Math.max(1, Math.floor(channels * 0.25)));
  return add(norm, [convolve(add, excited, filters, 1, 1, `${prefix}project_conv`)], { name: `${prefix}project_bn` });
}

function convolve(add: BackboneAdd, x: string, filters: number, kernel: number, stride: number, name: string): string {
  const operation = conv(filters, kernel, { stride, padding: 'same', bias: false });
  return add(operation, [x], { name, ...fanOutKernel(kernel, filters) });
}

function normSwish(add: BackboneAdd, x: string, bn: string, activation: string): string {
  return add(activate('swish'), [add(norm, [x], { name: bn })], { name: activation });
}
