// Table: random changes of training images, drawn anew for each image and epoch.
import { setting } from './setting.ts';
import { choice, flag, integer, limits, number, param, required, share, type Words } from './word.ts';

export const fills = {
  nearest: 'the nearest pixel of the image',
  reflect: 'the image mirrored at its border',
  wrap: 'the image repeated',
  constant: 'one value, see fill_value',
};
const fill = {
  fill: param(choice(fills), 'reflect', 'What stands where the image does not reach.'),
  fill_value: param(number({ min: 0, max: 255 }), 0, 'Value for `constant`, 0..255.'),
};
const probability = (value: number) => param(share(), value, 'Share of the images that are changed.');
const factor = (doc: string) => required(limits('factor', 'share', 0, 10), doc);
const shift = (axis: string) =>
  param(limits('symmetric', 'share', -1, 1), [0, 0] as const, `Largest shift as a share of the ${axis}.`);
const zoom = (axis: string) =>
  param(limits('factor', 'share', 0.01, 10), [1, 1] as const, `Factor on the ${axis}: below 100% magnifies.`);

export const augmentations = {
  flip: {
    doc: 'Mirrors the image.',
    example: 'flip horizontal',
    positional: ['axis'],
    params: {
      axis: required(
        choice({ horizontal: 'left and right change places', vertical: 'top and bottom change places' }),
        'Which sides change places.',
      ),
      probability: probability(0.5),
    },
  },
  rotate: {
    doc: 'Turns the image about its middle.',
    example: 'rotate 20deg (fill: nearest)',
    positional: ['degrees'],
    params: {
      degrees: required(limits('symmetric', 'degrees', -180, 180), 'Largest angle either way, or `low..high`.'),
      ...fill,
    },
  },
  shift: {
    doc: 'Moves the image; one value is for both directions.',
    example: 'shift(x: 10%, y: 5%)',
    positional: [['x', 'y']],
    needsOne: true,
    params: { x: shift('width'), y: shift('height'), ...fill },
  },
  zoom: {
    doc: 'Magnifies or shrinks the image; one value is for both directions.',
    example: 'zoom 80%..120%',
    positional: [['x', 'y']],
    needsOne: true,
    params: {
      x: zoom('width'),
      y: zoom('height'),
      keep_aspect: param(flag, true, 'One draw for both directions.'),
      ...fill,
    },
  },
  shear: {
    doc: 'Slants the image.',
    example: 'shear 10deg',
    positional: ['degrees'],
    params: {
      degrees: required(limits('symmetric', 'degrees', -89, 89), 'Largest angle either way, or `low..high`.'),
      ...fill,
    },
  },
  crop: {
    doc: 'Takes a random window of the image and scales it to full size.',
    example: 'crop 80%',
    positional: ['share'],
    params: { share: required(limits('from', 'share', 0.01, 1), 'Smallest share of the image, or `low..high`.') },
  },
  brightness: {
    doc: 'Multiplies all values.',
    example: 'brightness 20%',
    positional: ['factor'],
    params: { factor: factor('20% means 80%..120%.') },
  },
  contrast: {
    doc: 'Multiplies the distance from mid grey.',
    example: 'contrast 80%..120%',
    positional: ['factor'],
    params: { factor: factor('20% means 80%..120%.') },
  },
  saturation: {
    doc: "Multiplies the distance from the pixel's own grey.",
    example: 'saturation 30%',
    positional: ['factor'],
    params: { factor: factor('20% means 80%..120%.') },
  },
  hue: {
    doc: 'Turns the colours about the grey axis.',
    example: 'hue 10deg',
    positional: ['degrees'],
    params: { degrees: required(limits('symmetric', 'degrees', -180, 180), 'Largest angle either way.') },
  },
  channel_shift: {
    doc: 'Adds one number to all values.',
    example: 'channel_shift 20',
    positional: ['amount'],
    params: { amount: required(limits('symmetric', 'number', -255, 255), 'Largest number either way, 0..255.') },
  },
  blur: {
    doc: 'Gaussian blur.',
    example: 'blur 2px (probability: 30%)',
    positional: ['radius'],
    params: {
      radius: required(limits('up_to', 'number', 0, 100), 'Largest radius in pixels, or `low..high`.'),
      probability: probability(0.5),
    },
  },
  noise: {
    doc: 'Adds a normal random number to each value.',
    example: 'noise 8',
    positional: ['stddev'],
    params: {
      stddev: required(number({ min: 0, max: 255 }), 'Standard deviation, values being 0..255.'),
      probability: probability(1),
    },
  },
  erase: {
    doc: 'Overwrites a random rectangle.',
    example: 'erase 20% (probability: 50%)',
    positional: ['share'],
    params: {
      share: required(limits('up_to', 'share', 0, 1), 'Largest share of the image, or `low..high`.'),
      probability: probability(0.5),
      fill_value: fill.fill_value,
    },
  },
  mixup: {
    doc: 'Blends each image, and its label, with another of its batch, after all changes of single images.',
    example: 'mixup 0.2',
    positional: ['alpha'],
    params: {
      alpha: param(
        number({ above: 0 }),
        0.2,
        'Both parameters of the beta distribution of the shares, drawn for each image.',
      ),
      probability: probability(1),
    },
  },
  cutmix: {
    doc: 'Pastes a rectangle of another image of the batch into each, after all changes of single images; labels mix by area.',
    example: 'cutmix(alpha: 1, probability: 50%)',
    positional: ['alpha'],
    params: {
      alpha: param(number({ above: 0 }), 1, 'Both parameters of the beta distribution of the area that stays.'),
      probability: probability(1),
    },
  },
  rand_augment: {
    doc: 'Several random changes of one strength.',
    example: 'rand_augment(count: 2, magnitude: 9)',
    positional: [],
    params: {
      count: param(integer({ min: 1, max: 10 }), 2, 'Changes for each image.'),
      magnitude: param(number({ min: 0, max: 10 }), 9, 'Strength of each, 0..10.'),
    },
  },
} satisfies Words;

/** What an augment block says of all its changes together. */
export const augmentSettings = {
  views: setting(
    integer({ min: 1, max: 1000 }),
    null,
    'How many changed views of each image are drawn, once; the epochs take them in turn, so that features of frozen layers are computed once for each. Without it: a new one in each epoch.',
    'views 4\nflip horizontal',
    'Views of an image.',
  ),
};
