// MobileNet (first version), alpha 1, without top: docs/facts/keras-applications.md.
import { batchNorm, conv, depthwiseConv, relu, zeroPad } from '../operations.ts';
import type { Backbone, BackboneAdd } from './backbone.ts';

/** Filters and stride of the depthwise separable blocks 1..13. */
const blocks = [
  [64, 1],
  [128, 2],
  [128, 1],
  [256, 2],
  [256, 1],
  [512, 2],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [512, 1],
  [1024, 2],
  [1024, 1],
] as const;

export const mobilenet: Backbone = {
  name: 'mobilenet',
  build: (add, input) => {
    const stem = add(conv(32, 3, { stride: 2, padding: 'same', bias: false }), [input], { name: 'conv1' });
    return blocks.reduce(
      (x, [filters, stride], index) => addBlock(add, x, index + 1, filters, stride),
      normRelu(add, stem, 'conv1'),
    );
  },
};

function addBlock(add: BackboneAdd, x: string, index: number, filters: number, stride: number): string {
  // A fixed pad, whatever the size.
  const padded = stride === 2 ? add(zeroPad([0, 1]), [x], { name: `conv_pad_${index}` }) : x;
  const depthwise = depthwiseConv(3, { stride, padding: stride === 2 ? 'valid' : 'same', bias: false });
  const filtered = normRelu(add, add(depthwise, [padded], { name: `conv_dw_${index}` }), `conv_dw_${index}`);
  const pointwise = conv(filters, 1, { padding: 'same', bias: false });
  return normRelu(add, add(pointwise, [filtered], { name: `conv_pw_${index}` }), `conv_pw_${index}`);
}

function normRelu(add: BackboneAdd, x: string, prefix: string): string {
  return add(relu(6), [add(batchNorm(), [x], { name: `${prefix}_bn` })], { name: `${prefix}_relu` });
}
