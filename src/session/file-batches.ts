// Verb: image files → batches, through exactly the preprocessing with which the run was measured.
import { atOnce } from '../runtime/at-once.ts';
import { imageReader } from '../runtime/data/files/read-image.ts';
import { DataError } from '../runtime/data/source.ts';
import type { Batch } from '../runtime/engine/engine.ts';
import { compileKernel } from '../runtime/loader/compile-kernel.ts';
import type { Unreadable } from '../runtime/prediction.ts';
import type { OpenModel } from './open-model.ts';

export interface FileToRead {
  readonly path: string;
  /** Index of its class among the run's; null where it is not known. */
  readonly label: number | null;
}

export interface FileBatch<F extends FileToRead> {
  /** Those that could be read, in their order. */
  readonly files: readonly F[];
  readonly batch: Batch;
}

const noDraw = (): number => {
  throw new Error('an evaluation kernel asked for a random number');
};

const asUnreadable = (error: unknown): DataError => {
  if (error instanceof DataError) return error;
  throw error;
};

/**
 * Gives the batches one by one, null at the end. A file that cannot be read is told to `onUnreadable` and left out.
 * An image is brought to the size of the images that the run was trained with, and from there goes the way that they went:
 * one that has this size already gives the same bytes as it does inside of the run's own data.
 */
export const fileBatches = <F extends FileToRead>(
  { compiled, stage }: Pick<OpenModel, 'compiled' | 'stage'>,
  files: readonly F[],
  size: number,
  onUnreadable: (image: Unreadable) => void,
): (() => Promise<FileBatch<F> | null>) => {
  const { source, interpolation, antialias, output } = compiled.preprocess.evaluate;
  const readPixels = imageReader({ image: source, interpolation, antialias });
  const kernel = compileKernel(compiled.kernels.evaluate);
  const values = output.height * output.width * output.channels;
  let next = 0;
  /** The next files, at most so many; those that cannot be read are left out. */
  const readNext = async (most: number): Promise<readonly { readonly file: F; readonly pixels: Uint8Array }[]> => {
    const some = files.slice(next, next + most);
    next += some.length;
    const found: (Uint8Array | DataError)[] = [];
    await atOnce(some.length, async (i) => {
      found[i] = await readPixels(some[i]!.path).catch(asUnreadable);
    });
    return some.flatMap((file, i) => {
      const pixels = found[i]!;
      if (pixels instanceof Uint8Array) return [{ file, pixels }];
      onUnreadable({ image: file.path, problem: pixels.message });
      return [];
    });
  };
  return async () => {
    const taken: F[] = [];
    const room = Math.min(size, files.length - next);
    const images = new Float32Array(room * values);
    const labels = new Float32Array(room * stage.classes);
    while (taken.length < room && next < files.length) {
      for (const { file, pixels } of await readNext(room - taken.length)) {
        kernel(pixels, images, taken.length * values, noDraw);
        if (file.label !== null) labels[taken.length * stage.classes + file.label] = 1;
        taken.push(file);
      }
    }
    const count = taken.length;
    if (count === 0) return null;
    const inputs = { images: images.slice(0, count * values) };
    return { files: taken, batch: { count, inputs, labels: labels.slice(0, count * stage.classes), masks: {} } };
  };
};
