// Verb: a finished run → train.py: the whole pipeline as a Keras 3 program. Only for runs without gaps (see train-gaps.ts).
import type { AugmentPlan, RunPlan, StagePlan } from '../../compiler/plan/plan.ts';
import { backbones } from '../../compiler/vocabulary/backbones.ts';
import type { ExportRequest } from '../exported.ts';
import { layerCalls } from './layer-calls.ts';
import { literal } from './python.ts';
import { stageLines } from './stage-lines.ts';

const indented = (lines: readonly string[]): string =>
  lines.map((line) => (line === '' ? '' : `    ${line}`)).join('\n');

const fromFolder = (size: string) => `
def read(path):
    found = keras.utils.image_dataset_from_directory(path, image_size=(${size}), batch_size=None, shuffle=False)
    pairs = [(np.uint8(np.round(image)), int(label)) for image, label in found]
    return np.stack([image for image, _ in pairs]), np.array([label for _, label in pairs])

`;

/** Lines that give images and labels of both splits as arrays: bytes, red, green, blue. */
const loading = ({ data, seed }: RunPlan): readonly string[] => {
  const { source } = data;
  if (source.kind !== 'folder') {
    const grey = source.kind === 'mnist' || source.kind === 'fashion_mnist';
    const colours = (name: string): string => `${name} = np.repeat(${name}[..., None], 3, axis=-1)`;
    return [
      `(images, labels), (test_images, test_labels) = keras.datasets.${source.kind}.load_data()`,
      ...(grey ? [colours('images'), colours('test_images')] : []),
    ];
  }
  const test = source.test === null ? [] : [`test_images, test_labels = read(${literal(source.test)})`];
  return [
    `images, labels = read(${literal(source.path)})`,
    `order = np.random.default_rng(${seed}).permutation(len(images))  # validation is the end of the data`,
    'images, labels = images[order], labels[order]',
    ...test,
  ];
};

type Range = readonly [number, number];
const range = ([low, high]: Range, from = 0): string => `(${low - from}, ${high - from})`;

/** A step as a layer of Keras; steps that it has no layer for are refused before. */
const augmentLayer = (step: AugmentPlan): readonly string[] => {
  switch (step.kind) {
    case 'flip':
      return [`layers.RandomFlip("${step.axis}")`];
    case 'rotate':
      return [
        `layers.RandomRotation(${range([step.degrees[0] / 360, step.degrees[1] / 360])}, fill_mode="${step.fill}")`,
      ];
    case 'shift':
      return [`layers.RandomTranslation(${range(step.y)}, ${range(step.x)}, fill_mode="${step.fill}")`];
    case 'zoom': {
      const width = step.keep_aspect ? '' : `, ${range(step.x, 1)}`;
      return [`layers.RandomZoom(${range(step.y, 1)}${width}, fill_mode="${step.fill}")`];
    }
    default:
      return [];
  }
};

/** The network with the weights that the training starts from. */
const buildLines = ({ run, model }: ExportRequest): readonly string[] => {
  const { backbone, data } = run;
  if (backbone.kind === 'own') return layerCalls(model, { part: 'all', start: true });
  const { height, width, channels } = data.image;
  const fresh = backbone.weights.kind === 'none';
  const call = `keras.applications.${backbones[backbone.name].keras}`;
  const norms = model.layers.filter((layer) => layer.class_name === 'BatchNormalization' && layer.part === 'backbone');
  const [momentum] = norms.flatMap((layer) => (layer.class_name === 'BatchNormalization' ? [layer.momentum] : []));
  const zero = norms.filter(({ weights }) =>
    weights.some(({ name, initializer }) => name.endsWith('/gamma') && initializer.kind === 'zeros'),
  );
  const weights = fresh ? 'None' : '"imagenet"';
  return [
    `backbone = ${call}(include_top=False, weights=${weights}, input_shape=(${height}, ${width}, ${channels}))`,
    ...(fresh && momentum !== undefined
      ? [
          'for layer in backbone.layers:',
          '    if isinstance(layer, layers.BatchNormalization):',
          `        layer.momentum = ${momentum}`,
        ]
      : []),
    ...(fresh && zero.length > 0
      ? [
          '# each residual block begins as its shortcut',
          `for name in ${literal(zero.map(({ name }) => name))}:`,
          '    backbone.get_layer(name).gamma.assign(keras.ops.zeros_like(backbone.get_layer(name).gamma))',
        ]
      : []),
    ...layerCalls(model, { part: 'head', start: true }),
  ];
};

/** Steps of an epoch, where the learning rate counts them. */
const stepLine = ({ data }: RunPlan, { learning_rate, batch }: StagePlan): readonly string[] => {
  if (learning_rate.schedule.kind === 'constant') return [];
  const share = data.validation.kind === 'fraction' ? ` * (1 - ${data.validation.fraction})` : '';
  return [`steps = -(-int(len(images)${share}) // ${batch})`];
};

/** Needs model.py beside it. Writes trained.weights.h5. */
export const trainScript = (request: ExportRequest): string => {
  const { run, model, version, plan } = request;
  const { image, source } = run.data;
  const augment = run.augment.flatMap(augmentLayer);
  const part = model.layers.filter((layer) => layer.part === 'backbone').map(({ name }) => name);
  const tested = source.kind !== 'folder' || source.test !== null;
  const splits = tested ? ['', 'test_'] : [''];
  const title = `Trains run ${literal(run.name)} of the pipeline ${literal(plan.pipeline)} with Keras 3, exported by tlp ${version}.`;
  const lines = [
    `keras.utils.set_random_seed(${run.seed})`,
    '',
    ...loading(run),
    ...splits.flatMap((split) => [
      `${split}images = np.concatenate([preprocess(${split}images[i : i + 500]) for i in range(0, len(${split}images), 500)])`,
      `${split}labels = keras.utils.to_categorical(${split}labels.reshape(-1), len(classes))`,
    ]),
    '',
    'model = network()',
    ...(augment.length === 0
      ? ['training = model']
      : [
          `training = keras.Sequential([keras.Input((${image.height}, ${image.width}, ${image.channels})), ${augment.join(', ')}, model])`,
        ]),
    ...(run.stages.some(({ freeze }) => freeze.kind !== 'none') ? [`backbone = set(${literal(part)})`] : []),
    '',
    ...run.stages.flatMap((stage) => [...stepLine(run, stage), ...stageLines(stage, request), '']),
    ...(tested ? ['print(training.evaluate(test_images, test_labels, return_dict=True))'] : []),
    'model.save_weights("trained.weights.h5")',
  ];
  return `${literal(title)}

import keras
import numpy as np
from keras import layers
from model import classes, preprocess

${source.kind === 'folder' ? fromFolder(`${image.height}, ${image.width}`) : ''}
def network():
${indented(buildLines(request))}


${lines.join('\n')}
`;
};
