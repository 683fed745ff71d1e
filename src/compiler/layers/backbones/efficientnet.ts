// EfficientNetB0..B7 without top: docs/facts/keras-applications.md.
import type { WeightsPlan } from '../../plan/plan.ts';
import { activate, batchNorm, conv, correctPad, depthwiseConv, rescale, zeroPad } from '../operations.ts';
import type { Backbone, BackboneAdd, BackboneContext } from './backbone.ts';
import { addExcite, addResidual, fanOutKernel, imagenetMean, imagenetStd, letter } from './efficientnet-parts.ts';

/** Factors on width and on depth. */
const families = {
  efficientnetb0: [1, 1],
  efficientnetb1: [1, 1.1],
  efficientnetb2: [1.1, 1.2],
  efficientnetb3: [1.2, 1.4],
  efficientnetb4: [1.4, 1.8],
  efficientnetb5: [1.6, 2.2],
  efficientnetb6: [1.8, 2.6],
  efficientnetb7: [2, 3.1],
} as const;

/** Kernel, repeats, filters, expansion, first stride. */
const stages = [
  [3, 1, 16, 1, 1],
  [3, 2, 24, 6, 2],
  [5, 2, 40, 6, 2],
  [3, 3, 80, 6, 2],
  [5, 3, 112, 6, 1],
  [5, 4, 192, 6, 2],
  [3, 1, 320, 6, 1],
] as const;

const norm = batchNorm();

interface Block {
  readonly prefix: string;
  readonly kernel: number;
  readonly filters: number;
  readonly expansion: number;
  readonly stride: number;
  readonly drop: number;
}

export function efficientnet(name: keyof typeof families): Backbone {
  const [width, depth] = families[name];
  return {
    name,
    rgb: 'with weights',
    build: (add, input, context) => {
      const scaled = addPreprocessing(add, input, context.weights);
      const start = addStem(add, context, scaled, roundFilters(32, width));
      const x = blocksOf(width, depth).reduce((x, block) => addBlock(add, context, x, block), start);
      return addConvolution(add, x, roundFilters(1280, width), 'top_');
    },
  };
}

function blocksOf(width: number, depth: number): readonly Block[] {
  const repeats = stages.map(([, count]) => Math.ceil(depth * count));
  const total = repeats.reduce((a, b) => a + b, 0);
  let done = 0;
  return stages.flatMap(([kernel, , filters, expansion, first], stage) =>
    Array.from({ length: repeats[stage] ?? 0 }, (_, index) => ({
      prefix: `block${stage + 1}${letter(index)}_`,
      kernel,
      filters: roundFilters(filters, width),
      expansion,
      stride: index === 0 ? first : 1,
      drop: (0.2 * done++) / total,
    })),
  );
}

/**
 * Takes pixels 0..255. Keras' Normalization layer is written as a Rescaling of the same name. The ImageNet file holds
 * standard deviations where the layer expects variances, hence the second rescaling; without these weights Keras'
 * layer is not adapted and does nothing.
 */
function addPreprocessing(add: BackboneAdd, input: string, weights: WeightsPlan['kind']): string {
  const scaled = add(rescale(1 / 255, 0), [input]);
  if (weights === 'none') return add(rescale(1, 0), [scaled], { stem: 'normalization' });
  const scale = imagenetStd.map((std) => 1 / Math.sqrt(std));
  const offset = imagenetMean.map((mean, channel) => -mean * (scale[channel] ?? 1));
  const centred = add(rescale(scale, offset), [scaled], { stem: 'normalization' });
  return add(rescale(scale, 0), [centred]);
}

function addStem(add: BackboneAdd, { shape }: BackboneContext, x: string, filters: number): string {
  const [height = 1, width = 1] = shape(x);
  const padded = add(zeroPad(correctPad(height, 3), correctPad(width, 3)), [x], { name: 'stem_conv_pad' });
  const operation = conv(filters, 3, { stride: 2, bias: false });
  const convolved = add(operation, [padded], { name: 'stem_conv', ...fanOutKernel(3, filters) });
  return normSwish(add, convolved, 'stem_');
}

function addBlock(add: BackboneAdd, { shape }: BackboneContext, x: string, block: Block): string {
  const { prefix, kernel, filters, expansion, stride, drop } = block;
  const [height = 1, width = 1, channels = 1] = shape(x);
  const wide = channels * expansion;
  const expanded = expansion === 1 ? x : addConvolution(add, x, wide, `${prefix}expand_`);
  const pad = zeroPad(correctPad(height, kernel), correctPad(width, kernel));
  const padded = stride === 2 ? add(pad, [expanded], { name: `${prefix}dwconv_pad` }) : expanded;
  const depthwise = depthwiseConv(kernel, { stride, padding: stride === 2 ? 'valid' : 'same', bias: false });
  const filtered = add(depthwise, [padded], { name: `${prefix}dwconv`, ...fanOutKernel(kernel, 1) });
  const reduced = Math.max(1, Math.floor(channels * 0.25));
  const excited = addExcite(add, normSwish(add, filtered, prefix), prefix, wide, reduced);
  const project = conv(filters, 1, { padding: 'same', bias: false });
  const projected = add(project, [excited], { name: `${prefix}project_conv`, ...fanOutKernel(1, filters) });
  const output = add(norm, [projected], { name: `${prefix}project_bn` });
  return stride === 1 && channels === filters ? addResidual(add, x, output, prefix, drop) : output;
}

function addConvolution(add: BackboneAdd, x: string, filters: number, prefix: string): string {
  const operation = conv(filters, 1, { padding: 'same', bias: false });
  return normSwish(add, add(operation, [x], { name: `${prefix}conv`, ...fanOutKernel(1, filters) }), prefix);
}

function normSwish(add: BackboneAdd, x: string, prefix: string): string {
  return add(activate('swish'), [add(norm, [x], { name: `${prefix}bn` })], { name: `${prefix}activation` });
}

/** Nearest multiple of 8 of `filters * width`, not less than 0.9 of it. */
function roundFilters(filters: number, width: number): number {
  const wish = filters * width;
  const rounded = Math.max(8, Math.floor((wish + 4) / 8) * 8);
  return rounded < 0.9 * wish ? rounded + 8 : rounded;
}
