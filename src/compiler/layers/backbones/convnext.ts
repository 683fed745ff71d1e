// ConvNeXtTiny without top: docs/facts/keras-applications.md. The stem and each downsampling, a Sequential in Keras, are two layers here.
import { activate, conv, layerNorm, rescale } from '../operations.ts';
import type { Backbone, BackboneAdd } from './backbone.ts';
import { imagenetMean, imagenetStd } from './efficientnet-parts.ts';

const NAME = 'convnext_tiny';

/** Blocks and channels of each stage. */
const stages = [
  [3, 96],
  [3, 192],
  [9, 384],
  [3, 768],
] as const;

/** Each block starts nearly as its shortcut (Touvron et al. 2021, "Going deeper with Image Transformers"). */
const SCALE = 1e-6;

const norm = layerNorm(1e-6);

/** Takes pixels 0..255: the first layer turns them to ImageNet mean 0 and deviation 1. Keras' drop path rate of this size is 0. */
export const convnextTiny: Backbone = {
  name: NAME,
  rgb: 'always',
  build: (add, input) => {
    const scale = imagenetStd.map((std) => 1 / (255 * std));
    const offset = imagenetMean.map((mean, channel) => -mean / (imagenetStd[channel] ?? 1));
    const scaled = add(rescale(scale, offset), [input], { name: `${NAME}_prestem_normalization` });
    const end = stages.reduce((x, [blocks, channels], stage) => {
      const start = stage === 0 ? addStem(add, x, channels) : addDownsampling(add, x, channels, stage - 1);
      return Array.from({ length: blocks }, (_, block) => `${NAME}_stage_${stage}_block_${block}`).reduce(
        (before, prefix) => addBlock(add, before, prefix, channels),
        start,
      );
    }, scaled);
    return add(norm, [end]);
  },
};

function addStem(add: BackboneAdd, x: string, channels: number): string {
  const patches = add(conv(channels, 4, { stride: 4 }), [x], { name: `${NAME}_stem_conv` });
  return add(norm, [patches], { name: `${NAME}_stem_layernorm` });
}

function addDownsampling(add: BackboneAdd, x: string, channels: number, index: number): string {
  const normed = add(norm, [x], { name: `${NAME}_downsampling_layernorm_${index}` });
  return add(conv(channels, 2, { stride: 2 }), [normed], { name: `${NAME}_downsampling_conv_${index}` });
}

function addBlock(add: BackboneAdd, x: string, prefix: string, channels: number): string {
  const named = (step: string) => ({ name: `${prefix}_${step}` });
  const dense = (units: number) =>
    ({ class_name: 'Dense', units, use_bias: true, activation: 'linear', each_pixel: true }) as const;
  const depthwise = { ...conv(channels, 7, { padding: 'same' }), groups: channels };
  const filtered = add(norm, [add(depthwise, [x], named('depthwise_conv'))], named('layernorm'));
  const wide = add(activate('gelu'), [add(dense(4 * channels), [filtered], named('pointwise_conv_1'))], named('gelu'));
  const narrow = add(dense(channels), [wide], named('pointwise_conv_2'));
  const scaled = add({ class_name: 'LayerScale', init_values: SCALE }, [narrow], named('layer_scale'));
  const branch = add(activate('linear'), [scaled], named('identity'));
  return add({ class_name: 'Add' }, [x, branch]);
}
