// Table: where images come from and what happens to them before any augmentation.
import type { DataPlan, ImageShape, Interpolation, NormalizePlan, SourcePlan } from '../plan/plan.ts';
import type { Setting } from './schedule.ts';
import {
  callOf,
  choice,
  either,
  flag,
  integer,
  type Json,
  numbers,
  optional,
  param,
  required,
  size,
  text,
  type WordsFor,
} from './word.ts';

const known = (doc: string) => ({ doc, positional: [], params: {} });

export const sources: WordsFor<SourcePlan> = {
  digits: known('1,797 handwritten digits, 8x8 grey, shipped with tlp.'),
  shapes: {
    doc: 'Drawn on the fly, seeded: coloured shapes on textured ground.',
    positional: [],
    params: {
      classes: param(integer({ min: 2, max: 10 }), 5, 'Different shapes.'),
      train: param(integer({ min: 1, max: 1000000 }), 1000, 'Images of the train split.'),
      test: param(integer({ min: 0, max: 1000000 }), 200, 'Images of the test split.'),
      seed: param(integer({ min: 0, max: 4294967295 }), 1, 'Another seed draws other images.'),
    },
  },
  mnist: known('70,000 handwritten digits, 28x28 grey.'),
  fashion_mnist: known('70,000 pieces of clothing, 28x28 grey.'),
  cifar10: known('60,000 photographs in 10 classes, 32x32 colour.'),
  cifar100: known('60,000 photographs in 100 classes, 32x32 colour.'),
  folder: {
    doc: 'A folder with one folder of images for each class.',
    positional: ['path'],
    params: {
      path: required(text('path'), 'The folder of the train split.'),
      test: param(optional(text('path')), null, 'The folder of the test split.'),
    },
  },
  csv: {
    doc: 'A table with one image file and one label a row.',
    positional: ['path'],
    params: {
      path: required(text('path'), 'The table.'),
      image: required(text('column'), 'Column of the image files.'),
      label: required(text('column'), 'Column of the labels.'),
    },
  },
};

/** What is known of a source without opening it; null: only the data can tell. */
export interface SourceFacts {
  readonly classes: number;
  readonly image: ImageShape;
  readonly train: number;
  readonly test: number;
  /** What a mirror image of a class would still be: false where mirrored images become wrong or other classes. */
  readonly mirror: { readonly horizontal: boolean; readonly vertical: boolean };
}

const grey = (side: number): ImageShape => ({ height: side, width: side, channels: 1 });
const colour = (side: number): ImageShape => ({ height: side, width: side, channels: 3 });
const digitMirror = { horizontal: false, vertical: false };
const photoMirror = { horizontal: true, vertical: false };

/** Facts of the sources without parameters. */
export const sourceFacts: Readonly<Partial<Record<SourcePlan['kind'], SourceFacts>>> = {
  digits: { classes: 10, image: grey(8), train: 1437, test: 360, mirror: digitMirror },
  mnist: { classes: 10, image: grey(28), train: 60000, test: 10000, mirror: digitMirror },
  fashion_mnist: { classes: 10, image: grey(28), train: 60000, test: 10000, mirror: photoMirror },
  cifar10: { classes: 10, image: colour(32), train: 50000, test: 10000, mirror: photoMirror },
  cifar100: { classes: 100, image: colour(32), train: 50000, test: 10000, mirror: photoMirror },
};

/** Size at which `shapes` is drawn. */
export const shapesImage: ImageShape = colour(224);

export const normalizations: Readonly<Record<NormalizePlan['kind'], string>> = {
  unit: '0..1: x / 255',
  signed: '-1..1: x / 127.5 - 1',
  caffe: 'BGR with the ImageNet mean subtracted, 0..255 otherwise',
  torch: 'x / 255 with mean and standard deviation of ImageNet',
  none: '0..255 as they are',
};

const interpolations: Readonly<Record<Interpolation, string>> = {
  nearest: 'the nearest pixel',
  bilinear: 'a blend of the four nearest pixels',
};

const count = param(optional(integer({ min: 1 })), null, 'At most this many images; none: all.');

type DataField = Exclude<keyof DataPlan, 'classes' | 'image' | 'source_image' | 'validation'>;

/** Words of a data block but `validation`, which is a sentence; see `validationWords`. */
export const dataSettings: Readonly<Record<DataField | 'size' | 'channels', Setting>> = {
  source: {
    doc: 'Where the images come from.',
    positional: ['value'],
    params: { value: required(callOf<SourcePlan>(sources), 'The source.') },
    build: ({ value }): Json => value ?? null,
    initial: null,
  },
  size: {
    doc: 'What the network sees: height x width. Without it: the size of the source.',
    positional: ['value'],
    params: { value: required(size, 'Height x width in pixels.') },
    build: ({ value }): Json => value ?? null,
    initial: null,
  },
  channels: {
    doc: '1 grey, 3 colour. Without it: what the backbone takes, or what the source gives.',
    positional: ['value'],
    params: { value: required(integer({ min: 1, max: 3 }), 'Channels of an image.') },
    build: ({ value }): Json => value ?? null,
    initial: null,
  },
  resize: {
    doc: 'How images come to their size.',
    positional: ['interpolation'],
    params: {
      interpolation: param(choice(interpolations), 'bilinear', 'How pixels between pixels are made.'),
      antialias: param(flag, false, 'Takes the mean of all pixels covered when shrinking.'),
    },
    build: (fields): Json => fields,
    initial: { interpolation: 'bilinear', antialias: false },
  },
  normalize: {
    doc: "Range of the values. Without it: what the backbone's weights expect.",
    positional: ['value'],
    params: { value: required(choice(normalizations), 'The range.') },
    build: ({ value }): Json => value ?? null,
    initial: null,
  },
  limit: {
    doc: 'Uses a fixed choice of the images only.',
    positional: ['train'],
    needsOne: true,
    params: { train: count, test: count },
    build: (fields): Json => fields,
    initial: { train: null, test: null },
  },
  class_weights: {
    doc: 'Weight of each class in the loss; `balanced` makes rare classes count as much as frequent ones.',
    positional: ['value'],
    params: {
      value: required(
        either(
          choice({ none: 'all the same', balanced: 'images / (classes * images of the class)' }),
          numbers({ min: 0 }),
        ),
        'The weights.',
      ),
    },
    build: ({ value }): Json => value ?? null,
    initial: 'none',
  },
};

/** The sentence of `validation`. */
export const validationDoc =
  'Images to measure on while training: `20% of train`, with `stratified` the same share of each class; `folder("path")`; `none`; `test`, which selects by the test split.';
