// MobileNetV3 small and large, alpha 1, without top: docs/facts/keras-applications.md.
import {
  activate,
  batchNorm,
  conv,
  correctPad,
  depthwiseConv,
  globalAveragePool,
  relu,
  rescale,
  zeroPad,
} from '../operations.ts';
import type { Backbone, BackboneAdd, BackboneContext } from './backbone.ts';

interface Block {
  readonly kernel: number;
  readonly expanded: number;
  readonly filters: number;
  readonly excite: boolean;
  readonly active: 'relu' | 'hard_swish';
  readonly stride: number;
}

const block = (
  kernel: number,
  expanded: number,
  filters: number,
  excite: boolean,
  active: Block['active'],
  stride: number,
): Block => ({ kernel, expanded, filters, excite, active, stride });

const families = {
  small: [
    block(3, 16, 16, true, 'relu', 2),
    block(3, 72, 24, false, 'relu', 2),
    block(3, 88, 24, false, 'relu', 1),
    block(5, 96, 40, true, 'hard_swish', 2),
    block(5, 240, 40, true, 'hard_swish', 1),
    block(5, 240, 40, true, 'hard_swish', 1),
    block(5, 120, 48, true, 'hard_swish', 1),
    block(5, 144, 48, true, 'hard_swish', 1),
    block(5, 288, 96, true, 'hard_swish', 2),
    block(5, 576, 96, true, 'hard_swish', 1),
    block(5, 576, 96, true, 'hard_swish', 1),
  ],
  large: [
    block(3, 16, 16, false, 'relu', 1),
    block(3, 64, 24, false, 'relu', 2),
    block(3, 72, 24, false, 'relu', 1),
    block(5, 72, 40, true, 'relu', 2),
    block(5, 120, 40, true, 'relu', 1),
    block(5, 120, 40, true, 'relu', 1),
    block(3, 240, 80, false, 'hard_swish', 2),
    block(3, 200, 80, false, 'hard_swish', 1),
    block(3, 184, 80, false, 'hard_swish', 1),
    block(3, 184, 80, false, 'hard_swish', 1),
    block(3, 480, 112, true, 'hard_swish', 1),
    block(3, 672, 112, true, 'hard_swish', 1),
    block(5, 672, 160, true, 'hard_swish', 2),
    block(5, 960, 160, true, 'hard_swish', 1),
    block(5, 960, 160, true, 'hard_swish', 1),
  ],
} as const;

const norm = batchNorm(1e-3, 0.999);

/** Takes pixels 0..255: the scaling is the first layer. */
export function mobilenetV3(size: keyof typeof families): Backbone {
  return {
    name: size === 'small' ? 'MobileNetV3Small' : 'MobileNetV3Large',
    build: (add, input, context) => {
      const scaled = add(rescale(1 / 127.5, -1), [input]);
      const stem = add(conv(16, 3, { stride: 2, padding: 'same', bias: false }), [scaled], { name: 'conv' });
      const start = activated(add, add(norm, [stem], { name: 'conv_bn' }), 'hard_swish');
      const x = families[size].reduce((x, plan, index) => addBlock(add, context, x, index, plan), start);
      const channels = context.shape(x)[2] ?? 1;
      const last = add(conv(divisible(6 * channels), 1, { padding: 'same', bias: false }), [x], { name: 'conv_1' });
      return activated(add, add(norm, [last], { name: 'conv_1_bn' }), 'hard_swish');
    },
  };
}

function addBlock(add: BackboneAdd, { shape }: BackboneContext, x: string, index: number, plan: Block): string {
  const { kernel, expanded, filters, stride, active } = plan;
  const prefix = index === 0 ? 'expanded_conv_' : `expanded_conv_${index}_`;
  const normed = (input: string, step: string) => add(norm, [input], { name: `${prefix}${step}_bn` });
  const pointwise = (input: string, width: number, step: string) =>
    normed(add(conv(width, 1, { padding: 'same', bias: false }), [input], { name: `${prefix}${step}` }), step);
  const [height = 1, width = 1, channels = 1] = shape(x);
  const wide = index === 0 ? x : activated(add, pointwise(x, expanded, 'expand'), active);
  const pad = zeroPad(correctPad(height, kernel), correctPad(width, kernel));
  const padded = stride === 2 ? add(pad, [wide], { name: `${prefix}depthwise_pad` }) : wide;
  const depthwise = depthwiseConv(kernel, { stride, padding: stride === 2 ? 'valid' : 'same', bias: false });
  const filtered = add(depthwise, [padded], { name: `${prefix}depthwise` });
  const lively = activated(add, normed(filtered, 'depthwise'), active);
  const excited = plan.excite ? addExcite(add, lively, `${prefix}squeeze_excite_`, expanded) : lively;
  const projected = pointwise(excited, filters, 'project');
  const residual = stride === 1 && channels === filters;
  return residual ? add({ class_name: 'Add' }, [x, projected], { name: `${prefix}add` }) : projected;
}

/** Squeeze and excite with the hard sigmoid relu6(x + 3) / 6, whose two constants Keras writes as bare operations. */
function addExcite(add: BackboneAdd, x: string, prefix: string, channels: number): string {
  const squeezed = add(globalAveragePool(true), [x], { name: `${prefix}avg_pool` });
  const reduce = conv(divisible(channels / 4), 1, { padding: 'same' });
  const reduced = add(relu(), [add(reduce, [squeezed], { name: `${prefix}conv` })], { name: `${prefix}relu` });
  const widened = add(conv(channels, 1, { padding: 'same' }), [reduced], { name: `${prefix}conv_1` });
  const shifted = add(rescale(1, 3), [widened], { stem: 'add' });
  const gate = add(rescale(1 / 6, 0), [add(relu(6), [shifted])], { stem: 'multiply' });
  return add({ class_name: 'Multiply' }, [x, gate], { name: `${prefix}mul` });
}

function activated(add: BackboneAdd, x: string, active: Block['active']): string {
  return add(active === 'relu' ? relu() : activate('hard_swish'), [x]);
}

/** Nearest multiple of 8, not less than 0.9 of the wish (Keras' `_depth`). */
function divisible(wish: number): number {
  const rounded = Math.max(8, Math.floor((wish + 4) / 8) * 8);
  return rounded < 0.9 * wish ? rounded + 8 : rounded;
}
