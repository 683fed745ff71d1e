// Verb: some images of a pass to a batch: pixels through the fused kernel, one-hot labels, batch steps, dropout masks.
import type { PreprocessProgram } from '../../compiler/kernels/preprocess.ts';
import { atOnce } from '../at-once.ts';
import type { Source } from '../data/source.ts';
import type { Batch } from '../engine/engine.ts';
import { type Random, stream } from '../random.ts';
import type { Kernel } from './compile-kernel.ts';
import { dropoutMask } from './dropout-mask.ts';
import type { LoaderRequest, Pass } from './loader.ts';
import { mixBatch } from './mix-batch.ts';

/** The kernels of a loader, one for each mode. */
export type Kernels = Readonly<Record<Pass['mode'], Kernel>>;

/** Batches of a pass, the skipped ones included. */
export const batchCount = ({ indices, batch }: Pass): number => Math.ceil(indices.length / batch);

/** The pixels of some images of a split, one behind the other. */
const readImages = async (source: Source, split: Pass['split'], indices: readonly number[]): Promise<Uint8Array> => {
  const { height, width, channels } = source.image;
  const size = height * width * channels;
  const pixels = new Uint8Array(indices.length * size);
  await atOnce(indices.length, (i) => source.read(split, indices[i]!, pixels.subarray(i * size, (i + 1) * size)));
  return pixels;
};

/** Values that one image takes in the batch. */
const sizeOf = ({ output }: PreprocessProgram): number => output.height * output.width * output.channels;

/** Which of `views` an epoch (from 1) shows: from 0. */
export const viewOf = (epoch: number, views: number): number => (epoch - 1) % views;

/**
 * The random numbers of an image in a train pass: by its view where views are fixed, so that the image looks the same whenever it is shown;
 * else by epoch and position in the pass.
 */
const drawOf = ({ seed, views }: LoaderRequest, epoch: number, position: number, index: number): Random =>
  views === null ? stream(seed, 'augment', epoch, position) : stream(seed, 'view', viewOf(epoch, views), index);

/**
 * Batch `number` (from 0) of a pass. Random numbers come from `drawOf`, those of the batch steps from the stream (seed, 'mix', epoch, number),
 * so nothing depends on who prepares it or when.
 */
export const prepareBatch = async (
  request: LoaderRequest,
  source: Source,
  kernels: Kernels,
  pass: Pass,
  number: number,
): Promise<Batch> => {
  const first = number * pass.batch;
  const count = Math.min(pass.batch, pass.indices.length - first);
  const indices = Array.from({ length: count }, (_, i) => pass.indices[first + i]!);
  const pixels = await readImages(source, pass.split, indices);
  const one = pixels.length / count;
  const training = pass.mode === 'train';
  const program = training ? request.train : request.evaluate;
  const size = sizeOf(program);
  const images = new Float32Array(count * size);
  const labels = new Float32Array(count * request.classes);
  for (const [i, index] of indices.entries()) {
    const draw = training ? drawOf(request, pass.epoch, first + i, index) : noDraw;
    kernels[pass.mode](pixels.subarray(i * one, (i + 1) * one), images, i * size, draw);
    labels[i * request.classes + source[pass.split].labels[index]!] = 1;
  }
  if (program.batch.length > 0) {
    mixBatch(program, { count, images, labels }, stream(request.seed, 'mix', pass.epoch, number));
  }
  const masks = training
    ? Object.fromEntries(
        request.masks.map((mask) => [mask.name, dropoutMask(mask, count, request.seed, pass.epoch, number)]),
      )
    : {};
  return { count, inputs: { images }, labels, masks };
};

/** Evaluation is never random: its kernel draws nothing. */
const noDraw = (): number => {
  throw new Error('an evaluation kernel asked for a random number');
};
