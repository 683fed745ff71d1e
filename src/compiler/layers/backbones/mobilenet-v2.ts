// MobileNetV2, alpha 1, without top: docs/facts/keras-applications.md.
import { batchNorm, conv, correctPad, depthwiseConv, relu, zeroPad } from '../operations.ts';
import type { Backbone, BackboneAdd, BackboneContext } from './backbone.ts';

/** Filters and stride of the inverted residual blocks 0..16. */
const blocks = [
  [16, 1],
  [24, 2],
  [24, 1],
  [32, 2],
  [32, 1],
  [32, 1],
  [64, 2],
  [64, 1],
  [64, 1],
  [64, 1],
  [96, 1],
  [96, 1],
  [96, 1],
  [160, 2],
  [160, 1],
  [160, 1],
  [320, 1],
] as const;

const norm = batchNorm(1e-3, 0.999);

export const mobilenetV2: Backbone = {
  name: 'mobilenetv2',
  build: (add, input, context) => {
    const stem = add(conv(32, 3, { stride: 2, padding: 'same', bias: false }), [input], { name: 'Conv1' });
    const start = add(relu(6), [add(norm, [stem], { name: 'bn_Conv1' })], { name: 'Conv1_relu' });
    const x = blocks.reduce((x, [filters, stride], i) => addBlock(add, context, x, i, filters, stride), start);
    const last = add(conv(1280, 1, { bias: false }), [x], { name: 'Conv_1' });
    return add(relu(6), [add(norm, [last], { name: 'Conv_1_bn' })], { name: 'out_relu' });
  },
};

function addBlock(
  add: BackboneAdd,
  { shape }: BackboneContext,
  x: string,
  index: number,
  filters: number,
  stride: number,
): string {
  const prefix = index === 0 ? 'expanded_conv_' : `block_${index}_`;
  const normRelu = (input: string, step: string) =>
    add(relu(6), [add(norm, [input], { name: `${prefix}${step}_BN` })], { name: `${prefix}${step}_relu` });
  const pointwise = (input: string, width: number, step: string) =>
    add(conv(width, 1, { padding: 'same', bias: false }), [input], { name: `${prefix}${step}` });
  const [height = 1, width = 1, channels = 1] = shape(x);
  const expanded = index === 0 ? x : normRelu(pointwise(x, 6 * channels, 'expand'), 'expand');
  const pad = zeroPad(correctPad(height, 3), correctPad(width, 3));
  const padded = stride === 2 ? add(pad, [expanded], { name: `${prefix}pad` }) : expanded;
  const depthwise = depthwiseConv(3, { stride, padding: stride === 2 ? 'valid' : 'same', bias: false });
  const filtered = normRelu(add(depthwise, [padded], { name: `${prefix}depthwise` }), 'depthwise');
  const projected = add(norm, [pointwise(filtered, filters, 'project')], { name: `${prefix}project_BN` });
  const residual = stride === 1 && channels === filters;
  return residual ? add({ class_name: 'Add' }, [x, projected], { name: `${prefix}add` }) : projected;
}
