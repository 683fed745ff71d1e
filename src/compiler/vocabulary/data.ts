// Table: where images come from and what happens to them before any augmentation.
import { fieldsForm, type SettingWord, setting } from './setting.ts';
import {
  callOf,
  choice,
  either,
  type FieldsOf,
  flag,
  integer,
  limits as limitsOf,
  numbers,
  optional,
  param,
  required,
  share,
  size,
  text,
  texts,
  type Words,
} from './word.ts';

const known = (doc: string) => ({ doc, positional: [], params: {} });

export const sources = {
  digits: known('1,797 handwritten digits, 8x8 grey, shipped with tlp.'),
  shapes: {
    doc: 'Drawn on the fly, seeded: coloured shapes on textured ground.',
    example: 'source shapes(classes: 5, train: 400, test: 100)',
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
    example: 'source folder("images/train", test: "images/test")',
    positional: ['path'],
    params: {
      path: required(text('path'), 'The folder of the train split.'),
      test: param(optional(text('path')), null, 'The folder of the test split.'),
    },
  },
  csv: {
    doc: 'A table with one image file and one label a row.',
    example: 'source csv("labels.csv", image: "file", label: "class")',
    positional: ['path'],
    params: {
      path: required(text('path'), 'The table.'),
      image: required(text('column'), 'Column of the image files.'),
      label: required(text('column'), 'Column of the labels.'),
    },
  },
} satisfies Words;

/** Height and width in pixels, and channels. */
export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

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
export const sourceFacts: Readonly<Partial<Record<keyof typeof sources, SourceFacts>>> = {
  digits: { classes: 10, image: grey(8), train: 1437, test: 360, mirror: digitMirror },
  mnist: { classes: 10, image: grey(28), train: 60000, test: 10000, mirror: digitMirror },
  fashion_mnist: { classes: 10, image: grey(28), train: 60000, test: 10000, mirror: photoMirror },
  cifar10: { classes: 10, image: colour(32), train: 50000, test: 10000, mirror: photoMirror },
  cifar100: { classes: 100, image: colour(32), train: 50000, test: 10000, mirror: photoMirror },
};

/** Size at which `shapes` is drawn. */
export const shapesImage: ImageShape = colour(224);

export const normalizations = {
  unit: '0..1: x / 255',
  signed: '-1..1: x / 127.5 - 1',
  caffe: 'BGR with the ImageNet mean subtracted, 0..255 otherwise',
  torch: 'x / 255 with mean and standard deviation of ImageNet',
  none: '0..255 as they are',
};

export const interpolations = {
  nearest: 'the nearest pixel',
  bilinear: 'a blend of the four nearest pixels',
};

const resizing = {
  interpolation: param(choice(interpolations), 'bilinear', 'How pixels between pixels are made.'),
  antialias: param(flag, false, 'Takes the mean of all pixels covered when shrinking.'),
};
const count = param(optional(integer({ min: 1 })), null, 'At most this many images; none: all.');
const limits = { train: count, test: count };
type Resizing = FieldsOf<typeof resizing>;
type Limits = FieldsOf<typeof limits>;

const resize: SettingWord<Resizing, Resizing> = {
  doc: 'How images come to their size.',
  example: 'resize bilinear (antialias: true)',
  positional: ['interpolation'],
  params: resizing,
  form: fieldsForm(resizing),
  initial: { interpolation: 'bilinear', antialias: false },
};

const limit: SettingWord<Limits, Limits> = {
  doc: 'Uses a fixed choice of the images only.',
  example: 'limit 1000 (test: 200)',
  positional: ['train'],
  needsOne: true,
  params: limits,
  form: fieldsForm(limits),
  initial: { train: null, test: null },
};

/** Words of a data block but `validation`, which is a sentence. */
export const dataSettings = {
  classes: setting(
    either(limitsOf('up_to', 'number', 0, 65535), texts),
    null,
    'Keeps the images of some classes only, by their places in the order of the source (from 0) or by their names. Without it: all.',
    'classes 0..4',
    'The classes.',
  ),
  source: setting(
    callOf(sources),
    null,
    'Where the images come from.',
    'source folder("images/train", test: "images/test")',
    'The source.',
  ),
  size: setting(
    size,
    null,
    'What the network sees: height x width. Without it: the size of the source.',
    'size 96x96',
    'Height x width in pixels.',
  ),
  channels: setting(
    integer({ min: 1, max: 3 }),
    null,
    '1 grey, 3 colour. Without it: what the backbone takes, or what the source gives.',
    'channels 1',
    'Channels of an image.',
  ),
  resize,
  normalize: setting(
    choice(normalizations),
    null,
    "Range of the values. Without it: what the backbone's weights expect.",
    'normalize signed',
    'The range.',
  ),
  limit,
  class_weights: setting(
    either(choice({ none: 'all the same', balanced: 'images / (classes * images of the class)' }), numbers({ min: 0 })),
    'none',
    'Weight of each class in the loss; `balanced` makes rare classes count as much as frequent ones.',
    'class_weights balanced',
    'The weights.',
  ),
};

/** The sentence of `validation`. */
export const validationDoc =
  'Images to measure on while training: `20% of train`, with `stratified` the same share of each class; `folder("path")`; `none`; `test`, which selects by the test split.';
export const validationExample = 'validation 20% of train stratified';

/** What the sentence of `validation` says, in the plan's form. */
export const validations = {
  none: known('No images are measured on.'),
  fraction: {
    doc: 'The last share of the train split before any shuffling, as in Keras, or the same share of each class.',
    positional: [],
    params: {
      fraction: required(share({ above: 0, below: 1 }), 'Share of the train split.'),
      stratified: required(flag, 'The same share of each class.'),
    },
  },
  folder: {
    doc: 'A folder with one folder of images for each class.',
    positional: [],
    params: { path: required(text('path'), 'The folder.') },
  },
  test: known('The test split, because the file says so in so many words.'),
} satisfies Words;
