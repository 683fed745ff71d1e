// Verb: a finished run → model.py: a readable Keras 3 program that rebuilds its model, loads its weights and prepares images.
import { compileInference } from '../../compiler/compile-inference.ts';
import type { ImagePreparation } from '../../compiler/onnx/encode-images.ts';
import type { ExportRequest } from '../exported.ts';
import { layerCalls } from './layer-calls.ts';
import { literal } from './python.ts';

const indented = (lines: readonly string[]): string =>
  lines.map((line) => (line === '' ? '' : `    ${line}`)).join('\n');

const layerScale = `
class LayerScale(layers.Layer):
    """Times gamma, one value a channel."""

    def __init__(self, init_values, **kwargs):
        super().__init__(**kwargs)
        self.init_values = init_values

    def build(self, shape):
        start = keras.initializers.Constant(self.init_values)
        self.gamma = self.add_weight(name="gamma", shape=(shape[-1],), initializer=start)

    def call(self, x):
        return x * self.gamma
`;

/** The weights of source pixels in target pixels along an axis, or the pixel that is taken. */
const resizeFunctions: Readonly<Record<ImagePreparation['interpolation'], (antialias: boolean) => string>> = {
  nearest: () => `
def _resize(images, height, width):
    """The nearest pixel; halves go up."""
    rows = (2 * np.arange(height) + 1) * images.shape[1] // (2 * height)
    columns = (2 * np.arange(width) + 1) * images.shape[2] // (2 * width)
    return images[:, rows][:, :, columns]
`,
  bilinear: (antialias) => `
def _weights(source, target):
    """Of source pixels (rows) in target pixels (columns): a triangle${antialias ? ' that widens where the axis shrinks' : ''}."""
    centres = (np.arange(target) + 0.5) * source / target - 0.5
${antialias ? '' : '    centres = np.clip(centres, 0, source - 1)\n'}    reach = ${antialias ? 'max(1, source / target)' : '1'}
    weights = np.maximum(0, 1 - np.abs(np.arange(source)[:, None] - centres) / reach)
    return weights / weights.sum(axis=0)


def _resize(images, height, width):
    columns, rows = _weights(images.shape[2], width), _weights(images.shape[1], height)
    narrow = np.einsum("nhwc,wv->nhvc", images, columns).astype("float32")
    return np.einsum("nhvc,hu->nuvc", narrow, rows)
`,
};

const preprocessBody = ({ source, output, interpolation, colour }: ImagePreparation): readonly string[] => {
  const size = ({ height, width }: typeof source): string => `${height}, ${width}`;
  const bytes = interpolation === 'bilinear' ? ['images = np.floor(images + 0.5)  # bytes again, as in training'] : [];
  const again = size(source) === size(output) ? [] : [`images = _resize(images, ${size(output)})`];
  const matrix = literal(colour.map((row) => row.slice(0, -1)));
  return [
    '"""Bytes, N x height x width x 3 (red, green, blue), of any size: what the model takes."""',
    'images = np.asarray(images, dtype="float64")',
    ...(source.channels === 1
      ? [
          'grey = images @ [19595, 38470, 7471] + 32768  # PIL\'s mode "L"',
          'images = np.floor(grey / 65536)[..., None]',
        ]
      : []),
    `images = _resize(images, ${size(source)})`,
    ...bytes,
    ...again,
    `colours = np.array(${matrix})`,
    `return (images @ colours.T + ${literal(colour.map((row) => row.at(-1)!))}).astype("float32")`,
  ];
};

/** Needs keras and numpy. Gives \`classes\`, \`build()\`, \`load()\` and \`preprocess(images)\`. */
export const modelScript = ({ plan, run, model, metadata, version }: ExportRequest): string => {
  const { preparation } = compileInference(run, model, metadata.source_image);
  const { interpolation, antialias } = preparation;
  const scales = model.layers.some(({ class_name }) => class_name === 'LayerScale') ? `\n${layerScale}` : '';
  const title = `Run ${literal(run.name)} of the pipeline ${literal(plan.pipeline)}, exported by tlp ${version} for Keras 3.`;
  return `${literal(title)}
# from model import classes, load, preprocess
# probabilities = load().predict(preprocess(images))   # images: uint8, N x height x width x 3

import os

import keras
import numpy as np
from keras import layers

classes = ${literal(metadata.classes)}
${scales}

def build():
    """The network, with fresh weights."""
${indented(layerCalls(model, { part: 'all', start: false }))}


def load():
    """The network with the weights of the run."""
    model = build()
    model.load_weights(os.path.join(os.path.dirname(os.path.abspath(__file__)), "model.weights.h5"))
    return model

${resizeFunctions[interpolation](antialias)}

def preprocess(images):
${indented(preprocessBody(preparation))}
`;
};
