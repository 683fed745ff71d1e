// Verb: how images become the input of a network → ONNX nodes: from bytes of any size, or from values that are ready.
// Outside of the graph's own operators, whose sizes are known: here height and width are what the image has.
import type { ImageShape } from '../plan/plan.ts';
import { type AttributeValue, attribute } from './encode.ts';
import { DATA_TYPE, tensor } from './proto.ts';

/** What happens to an image on its way into the network, without any random step. */
export interface ImagePreparation {
  /** What an image of any size is brought to first, its values rounded to bytes: the size of the training's images. */
  readonly source: ImageShape;
  /** What the network sees. */
  readonly output: ImageShape;
  readonly interpolation: 'nearest' | 'bilinear';
  /** Widens the triangle of `bilinear` where an axis shrinks. */
  readonly antialias: boolean;
  /** Source channels (0..255) to output channels: a row for each of those, its last entry the constant. */
  readonly colour: readonly (readonly number[])[];
}

/** Nodes that lead from the model's input `images` to `PREPARED` (float32, N x C x H x W). */
export interface ImageNodes {
  readonly input: object;
  readonly nodes: readonly object[];
  readonly initializers: readonly object[];
}

/** Name of the prepared images; no layer's value has a colon. */
export const PREPARED = 'images:prepared';

const UINT8 = 2;

type Size = number | 'N' | 'H' | 'W';

const imagesInput = (elemType: number, sizes: readonly Size[]): object => ({
  name: 'images',
  type: {
    tensorType: {
      elemType,
      shape: { dim: sizes.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size })) },
    },
  },
});

type Attributes = Readonly<Record<string, AttributeValue>>;

interface NodeList {
  readonly nodes: object[];
  readonly initializers: object[];
  /** Adds a node with one output; its name. */
  add(opType: string, inputs: readonly string[], attributes?: Attributes, output?: string): string;
  floats(shape: readonly number[], values: readonly number[]): string;
  integers(...values: readonly number[]): string;
  /** One integer without an axis. */
  integer(value: number): string;
}

const nodeList = (): NodeList => {
  const nodes: object[] = [];
  const initializers: object[] = [];
  const constant = (shape: readonly number[], data: Float32Array | BigInt64Array): string => {
    const name = `images:constant_${initializers.length + 1}`;
    initializers.push(tensor(name, shape, data));
    return name;
  };
  return {
    nodes,
    initializers,
    add(opType, inputs, attributes = {}, output = `images:${opType.toLowerCase()}_${nodes.length + 1}`) {
      const written = Object.entries(attributes).map(([name, value]) => attribute(name, value));
      nodes.push({ name: output, opType, input: inputs, output: [output], attribute: written });
      return output;
    },
    floats: (shape, values) => constant(shape, Float32Array.from(values)),
    integers: (...values) => constant([values.length], BigInt64Array.from(values, BigInt)),
    integer: (value) => constant([], BigInt64Array.of(BigInt(value))),
  };
};

/** PIL's mode "L" from N x 3 x H x W: (19595 r + 38470 g + 7471 b + 32768) / 65536, rounded down; all sums are exact in float32. */
const toGrey = (list: NodeList, value: string): string => {
  const weighted = list.add('Mul', [value, list.floats([1, 3, 1, 1], [19595, 38470, 7471])]);
  const sum = list.add('ReduceSum', [weighted, list.integers(1)], { keepdims: true });
  const half = list.add('Add', [sum, list.floats([], [32768])]);
  return list.add('Floor', [list.add('Mul', [half, list.floats([], [2 ** -16])])]);
};

/** Source pixels of `to` output pixels along `axis`, in whole numbers: (2 i + 1) from / (2 to), rounded down. */
const nearestIndices = (list: NodeList, value: string, axis: number, to: number): string => {
  const from = list.add('Gather', [list.add('Shape', [value]), list.integer(axis)], { axis: 0 });
  const odd = list.integers(...Array.from({ length: to }, (_, i) => 2 * i + 1));
  return list.add('Div', [list.add('Mul', [odd, from]), list.integer(2 * to)]);
};

type Resizing = Pick<ImagePreparation, 'interpolation' | 'antialias'>;

/** N x C x H x W to another height and width, half-pixel centres; not rounded. */
const resize = (list: NodeList, value: string, to: ImageShape, { interpolation, antialias }: Resizing): string => {
  if (interpolation === 'nearest') {
    const rows = list.add('Gather', [value, nearestIndices(list, value, 2, to.height)], { axis: 2 });
    return list.add('Gather', [rows, nearestIndices(list, value, 3, to.width)], { axis: 3 });
  }
  return list.add('Resize', [value, '', '', list.integers(to.height, to.width)], {
    mode: 'linear',
    coordinate_transformation_mode: 'half_pixel',
    antialias,
    // as Keras and PIL: weights outside of the image count for nothing
    exclude_outside: antialias,
    axes: [2, 3],
  });
};

/** As `fitImage` rounds: halves go up. */
const rounded = (list: NodeList, value: string): string =>
  list.add('Floor', [list.add('Add', [value, list.floats([], [0.5])])]);

/** The colour map as a convolution of 1x1. */
const applyColour = (list: NodeList, value: string, colour: ImagePreparation['colour']): string => {
  const channels = colour[0]!.length - 1;
  const kernel = list.floats(
    [colour.length, channels, 1, 1],
    colour.flatMap((row) => row.slice(0, -1)),
  );
  const constant = list.floats(
    [colour.length],
    colour.map((row) => row.at(-1)!),
  );
  return list.add('Conv', [value, kernel, constant], { kernel_shape: [1, 1] }, PREPARED);
};

/** Input: uint8 RGB, N x H x W x 3, of any height and width. */
export const bytesToInput = (preparation: ImagePreparation): ImageNodes => {
  const { source, output, interpolation, colour } = preparation;
  const list = nodeList();
  const floats = list.add('Cast', ['images'], { to: DATA_TYPE.float32 });
  let value = list.add('Transpose', [floats], { perm: [0, 3, 1, 2] });
  if (source.channels === 1) value = toGrey(list, value);
  value = resize(list, value, source, preparation);
  if (interpolation === 'bilinear') value = rounded(list, value);
  if (source.height !== output.height || source.width !== output.width) {
    value = resize(list, value, output, preparation);
  }
  applyColour(list, value, colour);
  const { nodes, initializers } = list;
  return { input: imagesInput(UINT8, ['N', 'H', 'W', 3]), nodes, initializers };
};

/** Input: float32, N x height x width x channels, normalized already. */
export const preparedToInput = ({ height, width, channels }: ImageShape): ImageNodes => {
  const list = nodeList();
  list.add('Transpose', ['images'], { perm: [0, 3, 1, 2] }, PREPARED);
  const input = imagesInput(DATA_TYPE.float32, ['N', height, width, channels]);
  return { input, nodes: list.nodes, initializers: [] };
};
