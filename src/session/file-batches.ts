// Verb: image files → batches, through exactly the preprocessing with which the run was measured.
import { openImageReader } from '../runtime/data/files/read-image.ts';
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

/**
 * Gives the batches one by one, null at the end. A file that cannot be read is told to `onUnreadable` and left out.
 * An image is brought to the size of the images that the run was trained with, and from there goes the way that they went:
 * one that has this size already gives the same bytes as it does inside of the run's own data.
 */
export const fileBatches = async <F extends FileToRead>(
  { compiled, stage }: Pick<OpenModel, 'compiled' | 'stage'>,
  files: readonly F[],
  size: number,
  onUnreadable: (image: Unreadable) => void,
): Promise<() => FileBatch<F> | null> => {
  const { source, interpolation, antialias, output } = compiled.preprocess.evaluate;
  const read = await openImageReader({ image: source, interpolation, antialias });
  const kernel = compileKernel(compiled.kernels.evaluate);
  const values = output.height * output.width * output.channels;
  let next = 0;
  const readNext = (): { readonly file: F; readonly pixels: Uint8Array } | null => {
    while (next < files.length) {
      const file = files[next++]!;
      try {
        return { file, pixels: read(file.path) };
      } catch (error) {
        if (!(error instanceof DataError)) throw error;
        onUnreadable({ image: file.path, problem: error.message });
      }
    }
    return null;
  };
  return () => {
    const taken: F[] = [];
    const room = Math.min(size, files.length - next);
    const images = new Float32Array(room * values);
    const labels = new Float32Array(room * stage.classes);
    for (let image = room > 0 ? readNext() : null; image !== null; ) {
      kernel(image.pixels, images, taken.length * values, noDraw);
      if (image.file.label !== null) labels[taken.length * stage.classes + image.file.label] = 1;
      taken.push(image.file);
      image = taken.length < room ? readNext() : null;
    }
    const count = taken.length;
    if (count === 0) return null;
    const inputs = { images: images.slice(0, count * values) };
    return { files: taken, batch: { count, inputs, labels: labels.slice(0, count * stage.classes), masks: {} } };
  };
};
