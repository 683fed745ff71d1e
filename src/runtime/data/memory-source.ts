// Verb: images and labels held in memory to a source.
import type { ImageShape } from '../../compiler/plan/plan.ts';
import { digestOf } from './digest.ts';
import { DataError, type Source } from './source.ts';

/** `pixels`: count x height x width x channels bytes; `labels`: count class indices. */
export interface Images {
  readonly pixels: Uint8Array;
  readonly labels: Uint16Array;
}

export interface MemoryData {
  readonly classes: readonly string[];
  readonly image: ImageShape;
  readonly train: Images;
  readonly test: Images;
}

/** A source over arrays. Throws DataError where pixels and labels do not agree. */
export const memorySource = ({ classes, image, train, test }: MemoryData): Source => {
  const size = image.height * image.width * image.channels;
  const splits = { train, test };
  for (const [name, { pixels, labels }] of Object.entries(splits)) {
    if (pixels.length !== labels.length * size)
      throw new DataError(`the ${name} split has ${labels.length} labels for ${pixels.length / size} images`);
    const wrong = labels.findIndex((label) => label >= classes.length);
    if (wrong >= 0)
      throw new DataError(
        `image ${wrong} of the ${name} split has class ${labels[wrong]}, but there are ${classes.length} classes`,
      );
  }
  const pixelsOf = (split: 'train' | 'test', index: number): Uint8Array =>
    splits[split].pixels.subarray(index * size, (index + 1) * size);
  const kind = `pixels ${image.height}x${image.width}x${image.channels}`;
  return {
    classes,
    image,
    train: { count: train.labels.length, labels: train.labels },
    test: { count: test.labels.length, labels: test.labels },
    read: (split, index, into) => {
      into.set(pixelsOf(split, index));
    },
    digest: (split, index) => digestOf(kind, pixelsOf(split, index)),
    close: () => {},
  };
};
