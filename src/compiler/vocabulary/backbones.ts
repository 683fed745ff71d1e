// Table: the backbones that have a name, and what their ImageNet weights expect. Figures are those of Keras Applications.
import type { normalizations } from './data.ts';
import { setting } from './setting.ts';
import { callOf, flag, limits, optional, param, required, share, text, type Word, type Words } from './word.ts';

export interface BackboneFacts {
  readonly doc: string;
  /** Name of the function in Keras. */
  readonly keras: string;
  /** Height and width of the images its weights were trained on. */
  readonly size: number;
  /** Smallest height and width it can take. */
  readonly minimum: number;
  /** The map has the input's size divided by this at the end. */
  readonly stride: number;
  /** What its ImageNet weights expect of the data; `none`: scaling is part of the model. */
  readonly normalize: keyof typeof normalizations;
  /** Weights without the top. */
  readonly parameters: number;
  readonly batchNorm: boolean;
}

const facts = (
  keras: string,
  doc: string,
  normalize: keyof typeof normalizations,
  parameters: number,
  more: Partial<BackboneFacts> = {},
): BackboneFacts => ({
  doc,
  keras,
  size: 224,
  minimum: 32,
  stride: 32,
  normalize,
  parameters,
  batchNorm: true,
  ...more,
});

export const backbones = {
  vgg16: facts('VGG16', '13 convolutions, plain and wide.', 'caffe', 14714688, { batchNorm: false }),
  vgg19: facts('VGG19', '16 convolutions, plain and wide.', 'caffe', 20024384, { batchNorm: false }),
  resnet50: facts('ResNet50', 'Residual network of 50 layers.', 'caffe', 23587712),
  resnet101: facts('ResNet101', 'Residual network of 101 layers.', 'caffe', 42658176),
  resnet152: facts('ResNet152', 'Residual network of 152 layers.', 'caffe', 58370944),
  resnet50v2: facts('ResNet50V2', 'ResNet50 with normalization before activation.', 'signed', 23564800),
  resnet101v2: facts('ResNet101V2', 'ResNet101 with normalization before activation.', 'signed', 42626560),
  resnet152v2: facts('ResNet152V2', 'ResNet152 with normalization before activation.', 'signed', 58331648),
  mobilenet: facts('MobileNet', 'Depthwise separable convolutions, small and fast.', 'signed', 3228864),
  mobilenetv2: facts('MobileNetV2', 'Inverted residuals, small and fast.', 'signed', 2257984),
  mobilenetv3small: facts('MobileNetV3Small', 'The smallest, with squeeze and excitation.', 'none', 939120),
  mobilenetv3large: facts('MobileNetV3Large', 'Small, with squeeze and excitation.', 'none', 2996352),
  densenet121: facts('DenseNet121', 'Each layer sees all before it; 121 layers.', 'torch', 7037504),
  densenet169: facts('DenseNet169', 'Each layer sees all before it; 169 layers.', 'torch', 12642880),
  densenet201: facts('DenseNet201', 'Each layer sees all before it; 201 layers.', 'torch', 18321984),
  efficientnetb0: facts('EfficientNetB0', 'Balanced depth, width and size; smallest.', 'none', 4049571),
  efficientnetb1: facts('EfficientNetB1', 'EfficientNet for 240x240.', 'none', 6575239, { size: 240 }),
  efficientnetb2: facts('EfficientNetB2', 'EfficientNet for 260x260.', 'none', 7768569, { size: 260 }),
  efficientnetb3: facts('EfficientNetB3', 'EfficientNet for 300x300.', 'none', 10783535, { size: 300 }),
  efficientnetb4: facts('EfficientNetB4', 'EfficientNet for 380x380.', 'none', 17673823, { size: 380 }),
  efficientnetb5: facts('EfficientNetB5', 'EfficientNet for 456x456.', 'none', 28513527, { size: 456 }),
  efficientnetb6: facts('EfficientNetB6', 'EfficientNet for 528x528.', 'none', 40960143, { size: 528 }),
  efficientnetb7: facts('EfficientNetB7', 'EfficientNet for 600x600.', 'none', 64097687, { size: 600 }),
  efficientnetv2b0: facts('EfficientNetV2B0', 'EfficientNet that trains faster.', 'none', 5919312),
  inceptionv3: facts('InceptionV3', 'Parallel branches of several widths.', 'signed', 21802784, {
    size: 299,
    minimum: 75,
  }),
  xception: facts('Xception', 'Separable convolutions with residuals.', 'signed', 20861480, { size: 299, minimum: 71 }),
  convnexttiny: facts('ConvNeXtTiny', 'Convolutions in the manner of transformers.', 'none', 27820128, {
    batchNorm: false,
  }),
} satisfies Readonly<Record<string, BackboneFacts>>;

export const isBackboneName = (name: string): name is keyof typeof backbones => Object.hasOwn(backbones, name);

const weightFile = {
  doc: 'Weights from a file: Keras `.h5`, `.weights.h5` or `.keras`, `model.json` of TensorFlow.js, safetensors, or the folder of a run.',
  example: 'weights file("weights/mine.h5")',
  positional: ['path'],
  params: {
    path: required(text('path'), 'The file, or the folder of a run.'),
    skip_mismatch: param(flag, false, 'Leaves fresh what does not fit, instead of refusing the file.'),
  },
} as const satisfies Word;

const weightsOfRun = {
  doc: 'The weights with which an earlier run of the file ends; the head starts fresh.',
  positional: ['name'],
  params: { name: required(text('name'), 'The run.') },
} as const satisfies Word;

export const weightSources = {
  none: {
    doc: 'Fresh, seeded weights, and the batch norms of a network that starts from nothing.',
    positional: [],
    params: {
      batch_norm_momentum: param(
        optional(share({ min: 0, below: 1 })),
        0.9,
        'Share of the old moving statistics that a step keeps; none: as Keras builds the network, mostly 99%.',
      ),
      zero_residual: param(flag, true, 'Starts each residual block as its shortcut: gamma 0 where a branch ends.'),
    },
  },
  imagenet: {
    doc: "Weights trained on ImageNet: Keras' own file, from its cache, or fetched into it once.",
    positional: [],
    params: {},
  },
  file: {
    ...weightFile,
    params: {
      ...weightFile.params,
      range: param(
        optional(limits('up_to', 'number', -1e6, 1e6)),
        null,
        "Values that these weights expect, `0..1`, `-1..1` or `0..255`; none: what Keras' own weights of this network expect.",
      ),
    },
  },
  run: weightsOfRun,
} satisfies Words;

/** Where the weights of a network of one's own come from. */
export const ownWeightSources = {
  none: { doc: 'Fresh, seeded weights.', positional: [], params: {} },
  file: weightFile,
  run: weightsOfRun,
} satisfies Words;

/** Values that weights of a file may expect, as the normalization that gives them. */
export const weightRanges: Readonly<Record<string, keyof typeof normalizations>> = {
  '0..1': 'unit',
  '-1..1': 'signed',
  '0..255': 'none',
};

export const backboneSettings = {
  weights: setting(
    callOf(weightSources),
    { kind: 'imagenet' },
    'Where the weights come from.',
    'weights imagenet',
    'The weights.',
  ),
};

export const ownBackboneSettings = {
  weights: setting(
    callOf(ownWeightSources),
    { kind: 'none' },
    'Where the weights come from.',
    'weights file("runs/digits/2026-01-31-120000")\nconv 32 3x3 relu',
    'The weights.',
  ),
};
