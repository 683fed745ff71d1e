// Every known backbone against the layer list that Keras 3.15.1 gives (test/support/keras-layers).
import { createHash } from 'node:crypto';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { backbones } from '../../../src/compiler/layers/backbones/index.ts';
import { buildLayers } from '../../../src/compiler/layers/build-layers.ts';
import type { Layer } from '../../../src/compiler/layers/layers.ts';
import type { BackboneName, BackbonePlan } from '../../../src/compiler/plan/plan.ts';
import { backbones as facts } from '../../../src/compiler/vocabulary/backbones.ts';
import { type KerasLayer, kerasDigests, kerasLayers } from '../../support/keras-layers.ts';
import { image, known, runPlan } from '../../support/run-plan.ts';

interface Case {
  readonly name: BackboneName;
  readonly keras: string;
  readonly size: number;
  /** Name of the backbone's last layer: what follows in the list is the top. */
  readonly last: string;
  /** Parameters without top (measured with Keras). */
  readonly params: number;
}

const cases: readonly Case[] = [
  { name: 'vgg16', keras: 'VGG16', size: 224, last: 'block5_pool', params: 14_714_688 },
  { name: 'vgg19', keras: 'VGG19', size: 224, last: 'block5_pool', params: 20_024_384 },
  { name: 'resnet50', keras: 'ResNet50', size: 224, last: 'conv5_block3_out', params: 23_587_712 },
  { name: 'resnet101', keras: 'ResNet101', size: 224, last: 'conv5_block3_out', params: 42_658_176 },
  { name: 'resnet50v2', keras: 'ResNet50V2', size: 224, last: 'post_relu', params: 23_564_800 },
  { name: 'mobilenet', keras: 'MobileNet', size: 224, last: 'conv_pw_13_relu', params: 3_228_864 },
  { name: 'mobilenetv2', keras: 'MobileNetV2', size: 224, last: 'out_relu', params: 2_257_984 },
  { name: 'mobilenetv3small', keras: 'MobileNetV3Small', size: 224, last: 'activation_17', params: 939_120 },
  { name: 'mobilenetv3large', keras: 'MobileNetV3Large', size: 224, last: 'activation_19', params: 2_996_352 },
  { name: 'densenet121', keras: 'DenseNet121', size: 224, last: 'relu', params: 7_037_504 },
  // Keras counts 7 more: mean 3, variance 3 and count 1 of its Normalization layer, constants here.
  { name: 'efficientnetb0', keras: 'EfficientNetB0', size: 224, last: 'top_activation', params: 4_049_571 - 7 },
  { name: 'efficientnetv2b0', keras: 'EfficientNetV2B0', size: 224, last: 'top_activation', params: 5_919_312 },
  { name: 'inceptionv3', keras: 'InceptionV3', size: 299, last: 'mixed10', params: 21_802_784 },
  { name: 'xception', keras: 'Xception', size: 299, last: 'block14_sepconv2_act', params: 20_861_480 },
  // Without top a normalization follows, which the list with top has behind its pooling: 2 x 768 parameters.
  { name: 'convnexttiny', keras: 'ConvNeXtTiny', size: 224, last: 'add_17', params: 27_820_128 - 2 * 768 },
];

const test = suite('layers/backbones');

for (const { name, keras, size, last, params } of cases) {
  test(`${name} is Keras' ${keras} layer by layer`, () => {
    // Keras' lists of EfficientNet were made with the layers of its ImageNet weights.
    const imagenet: BackbonePlan = { kind: 'known', name, weights: { kind: 'imagenet' } };
    const { model, problems } = buildLayers(runPlan(name === 'efficientnetb0' ? imagenet : known(name), image(size)));
    assert.equal(problems, []);
    const end = model.layers.findIndex((layer) => layer.name === last) + 1;
    const backbone = sequentials(model.layers.slice(0, end));
    const list = kerasLayers(keras);
    const expected = list.slice(0, list.findIndex((layer) => layer.name === last) + 1);
    assert.equal(backbone.map(ours), expected.map(theirs));
    assert.is(paramsOf(backbone), params);
  });
}

// Every backbone at an even and at an odd, oblong size: one hash of the whole list (test/support/keras-layers/digests.py).
for (const { model: keras, height, width, layers, params, sha256 } of kerasDigests()) {
  const name = keras.toLowerCase() as BackboneName;
  test(`${name} at ${height}x${width} is Keras' ${keras}: ${layers} layers, ${params} parameters`, () => {
    const { model, problems } = buildLayers(runPlan(known(name), { height, width, channels: 3 }));
    assert.equal(problems, []);
    // Constants of bare operations are no layers in Keras.
    const backbone = sequentials(model.layers.filter((layer) => layer.part !== 'head'));
    const lines = backbone.flatMap((l) => (isOperation(l, keras) ? [] : [line(l, keras)]));
    assert.is(lines.length, layers);
    assert.is(createHash('sha256').update(lines.join('')).digest('hex'), sha256);
  });
}

/** A line as digests.py writes it. Keras counts mean 3, variance 3 and count 1 of a Normalization that is not constant. */
function line(layer: Listed, keras: string): string {
  const isNormalization = layer.name.endsWith('normalization') && layer.class_name === 'Rescaling';
  const class_name = isNormalization ? 'Normalization' : layer.class_name;
  const params = isNormalization && keras.startsWith('EfficientNetB') ? 7 : paramsOf([layer]);
  return `${[layer.name, class_name, layer.output_shape.join('x'), params, layer.inputs.join(',')].join('\t')}\n`;
}

function isOperation(layer: Listed, keras: string): boolean {
  const classes = keras === 'ConvNeXtTiny' ? ['Add'] : ['Rescaling'];
  return classes.includes(layer.class_name) && /^(add|multiply)(_\d+)?$/.test(layer.name);
}

/** A layer as Keras lists it. */
type Listed = Layer | (Omit<Layer, 'class_name'> & { readonly class_name: 'Sequential' });

/** Keras wraps the stem and each downsampling of ConvNeXt, a convolution and a normalization, into one layer. */
function sequentials(layers: readonly Layer[]): readonly Listed[] {
  const wrapper = (name: string) =>
    name.replace(/^(convnext_tiny_stem)_\w+$/, '$1').replace(/_downsampling_\w+_(\d)$/, '_downsampling_block_$1');
  return layers.flatMap((layer, index): readonly Listed[] => {
    const inputs = layer.inputs.map(wrapper);
    const next = layers[index + 1];
    const name = wrapper(layer.name);
    if (name === layer.name) return [{ ...layer, inputs }];
    if (next === undefined || wrapper(next.name) !== name) return [];
    const weights = [...layer.weights, ...next.weights];
    return [{ ...next, class_name: 'Sequential', name, inputs, weights }];
  });
}

test('what Keras wraps into a Sequential is there with its settings', () => {
  const { model } = buildLayers(runPlan(known('convnexttiny'), image(224)));
  const inner = kerasLayers('ConvNeXtTiny').flatMap(({ class_name, raw }) =>
    class_name === 'Sequential' ? [raw] : [],
  );
  const wrapped = model.layers.filter(({ name }) => /_stem_|_downsampling_/.test(name)).map(shortForm);
  const [stem, ...downsampling] = wrapped.length === 8 ? pairs(wrapped) : [];
  assert.equal([stem, ...downsampling], inner);
});

function pairs(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text, index) => (index % 2 === 0 ? [`[${text} > ${texts[index + 1]}]`] : []));
}

/** A layer as keras-layers writes those inside of a Sequential. */
function shortForm(layer: Layer): string {
  const { name, class_name } = layer;
  if (class_name === 'LayerNormalization')
    return `${name}:${class_name}(eps=${layer.epsilon === 1e-6 ? '1e-06' : layer.epsilon};axis=[-1])`;
  if (class_name !== 'Conv2D') return `${name}:${class_name}`;
  const { filters, kernel_size, strides, padding, use_bias } = layer;
  return `${name}:${class_name}(f=${filters};k=${kernel_size[0]};s=${strides[0]};p=${padding};bias=${use_bias ? 1 : 0})`;
}

for (const name of Object.keys(backbones)) {
  test(`${name} builds at its minimum size without a shape problem, and not below`, () => {
    const plan = known(name as BackboneName);
    assert.equal(buildLayers(runPlan(plan, image(facts[name as BackboneName].minimum))).problems, []);
    const below = buildLayers(runPlan(plan, image(facts[name as BackboneName].minimum - 1))).problems;
    assert.equal(
      below.map((problem) => problem.name),
      ['input-too-small'],
    );
  });
}

test('EfficientNet with ImageNet weights turns pixels to mean 0 and deviation 1', () => {
  const weights = { kind: 'imagenet' } as const;
  const { model } = buildLayers(runPlan({ kind: 'known', name: 'efficientnetb0', weights }, image(32)));
  const pixel = [200, 100, 50];
  for (const part of model.layers) {
    if (part.class_name !== 'Rescaling') continue;
    const at = (value: number | readonly number[], channel: number) =>
      typeof value === 'number' ? value : (value[channel] ?? Number.NaN);
    for (const channel of [0, 1, 2]) {
      pixel[channel] = (pixel[channel] ?? 0) * at(part.scale, channel) + at(part.offset, channel);
    }
  }
  // (x / 255 - mean) / std with the ImageNet constants.
  const expected = [(200 / 255 - 0.485) / 0.229, (100 / 255 - 0.456) / 0.224, (50 / 255 - 0.406) / 0.225];
  for (const channel of [0, 1, 2]) {
    assert.ok(Math.abs((pixel[channel] ?? 0) - (expected[channel] ?? 0)) < 1e-12);
  }
});

function ours(layer: Listed): object {
  const { name, class_name, inputs, output_shape } = layer;
  return { name, class_name, inputs, shape: output_shape.join('x'), params: paramsOf([layer]), ...attributes(layer) };
}

function theirs({ name, class_name, inputs, shape, params, attributes: a }: KerasLayer): object {
  // What Keras writes as a Normalization layer, or as a bare operation with a constant, is a Rescaling here.
  if (class_name === 'Normalization' || 'const' in a) {
    return { name, class_name: 'Rescaling', inputs, shape, params: 0 };
  }
  return { name, class_name, inputs, shape, params, ...pick(a, comparable[class_name] ?? []) };
}

/** Attributes of the list that are compared, by class. */
const comparable: Readonly<Record<string, readonly string[]>> = {
  Conv2D: ['f', 'k', 's', 'p', 'bias', 'act', 'groups'],
  Dense: ['units', 'bias', 'act'],
  LayerNormalization: ['eps'],
  LayerScale: ['init_values'],
  DepthwiseConv2D: ['k', 's', 'p', 'bias'],
  SeparableConv2D: ['f', 'k', 's', 'p', 'bias'],
  BatchNormalization: ['eps', 'mom', 'scale'],
  ZeroPadding2D: ['pad'],
  MaxPooling2D: ['k', 's', 'p'],
  AveragePooling2D: ['k', 's', 'p'],
  Activation: ['act'],
  ReLU: ['max_value'],
  Dropout: ['rate', 'noise_shape'],
  Reshape: ['target_shape'],
  GlobalAveragePooling2D: ['keepdims'],
};

function attributes(layer: Listed): Readonly<Record<string, string | number>> {
  const side = (pair: readonly [number, number]) => (pair[0] === pair[1] ? `${pair[0]}` : JSON.stringify(pair));
  const act = 'activation' in layer && layer.activation !== 'linear' ? { act: kerasName(layer.activation) } : {};
  switch (layer.class_name) {
    case 'Conv2D':
    case 'SeparableConv2D':
    case 'DepthwiseConv2D':
      return {
        ...('filters' in layer ? { f: `${layer.filters}` } : {}),
        k: side(layer.kernel_size),
        s: side(layer.strides),
        p: layer.padding,
        bias: layer.use_bias ? '1' : '0',
        ...('groups' in layer && layer.groups > 1 ? { groups: `${layer.groups}` } : {}),
        ...act,
      };
    case 'Dense':
      return { units: `${layer.units}`, bias: layer.use_bias ? '1' : '0', ...act };
    case 'LayerNormalization':
      return { eps: layer.epsilon };
    case 'LayerScale':
      return { init_values: layer.init_values };
    case 'BatchNormalization':
      return { eps: layer.epsilon, mom: layer.momentum, scale: layer.scale ? '1' : '0' };
    case 'MaxPooling2D':
    case 'AveragePooling2D':
      return { k: side(layer.pool_size), s: side(layer.strides), p: layer.padding };
    case 'ZeroPadding2D':
      return { pad: JSON.stringify(layer.padding) };
    case 'Activation':
      return act;
    case 'ReLU':
      return layer.max_value === null ? {} : { max_value: layer.max_value };
    case 'Dropout':
      return { rate: layer.rate, noise_shape: JSON.stringify([null, ...(layer.noise_shape ?? [])]) };
    case 'GlobalAveragePooling2D':
      return layer.keepdims ? { keepdims: 'True' } : {};
    case 'Reshape':
      return { target_shape: JSON.stringify(layer.target_shape) };
    default:
      return {};
  }
}

const numbers: ReadonlySet<string> = new Set(['eps', 'init_values', 'mom', 'max_value', 'rate']);

function pick(
  all: Readonly<Record<string, string>>,
  keys: readonly string[],
): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    keys.flatMap((key) => {
      const value = all[key];
      return value === undefined || value === 'linear' ? [] : [[key, numbers.has(key) ? Number(value) : value]];
    }),
  );
}

function kerasName(activation: string): string {
  return { swish: 'silu', hard_swish: 'hard_silu' }[activation] ?? activation;
}

function paramsOf(layers: readonly Pick<Layer, 'weights'>[]): number {
  const sizes = layers.flatMap((layer) => layer.weights.map((weight) => weight.shape.reduce((a, b) => a * b, 1)));
  return sizes.reduce((a, b) => a + b, 0);
}

test.run();
