// Verb: batch steps of the preprocess program on a batch: images and label shares mixed with those of a partner in the batch.
import type { BatchStep, PreprocessProgram } from '../../compiler/kernels/preprocess.ts';
import { beta, type Random } from '../random.ts';

/** A rectangle of pixels; ends are exclusive. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** How each image of a batch is mixed with another. */
export interface Mixing {
  /** For each image the index of its partner: a permutation of the batch. */
  readonly partners: Uint32Array;
  /** What of its own each image keeps, 0..1; 1: it is not changed. */
  readonly shares: Float64Array;
  /** For each image the rectangle that is its partner's; null: blended all over. */
  readonly boxes: readonly Box[] | null;
}

/** Pixels and count x classes shares of some images, one image after the other. */
export interface LabelledImages {
  readonly count: number;
  readonly images: Float32Array;
  readonly labels: Float32Array;
}

type Output = Pick<PreprocessProgram, 'output' | 'layout'>;

/** A partner for each of `count` images: a permutation, all equally likely (Fisher and Yates). */
const drawPartners = (count: number, draw: Random): Uint32Array => {
  const partners = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = Math.floor(draw() * (i + 1));
    [partners[i], partners[j]] = [partners[j]!, partners[i]!];
  }
  return partners;
};

/** Beta(alpha, alpha) for an image that is changed, else 1. */
const drawShare = ({ alpha, probability }: BatchStep, draw: Random): number =>
  probability >= 1 || draw() < probability ? beta(draw, alpha, alpha) : 1;

/**
 * The rectangle of an image that keeps `share` of itself: both sides sqrt(1 - share) of the image's, its corner at the shares
 * `x` and `y` (0..1) of the room that is left. A pixel belongs to it where its position is inside.
 */
export const boxOf = (
  share: number,
  { height, width }: { readonly height: number; readonly width: number },
  x: number,
  y: number,
): Box => {
  const side = Math.sqrt(1 - share);
  const [left, top] = [x * (width - side * width), y * (height - side * height)];
  return {
    left: Math.ceil(left),
    right: Math.min(width, Math.ceil(left + side * width)),
    top: Math.ceil(top),
    bottom: Math.min(height, Math.ceil(top + side * height)),
  };
};

type Draw<K> = (step: Extract<BatchStep, { kind: K }>, count: number, to: Output, draw: Random) => Mixing;

/** Draws of one step, in order: partners; then for each image whether it is changed, its share, and for cutmix x and y. */
const draws: { readonly [K in BatchStep['kind']]: Draw<K> } = {
  mixup: (step, count, _, draw) => {
    const partners = drawPartners(count, draw);
    return { partners, shares: Float64Array.from({ length: count }, () => drawShare(step, draw)), boxes: null };
  },
  cutmix: (step, count, { output }, draw) => {
    const partners = drawPartners(count, draw);
    const shares = new Float64Array(count);
    const boxes = Array.from({ length: count }, (_, i): Box => {
      shares[i] = drawShare(step, draw);
      return boxOf(shares[i]!, output, draw(), draw());
    });
    return { partners, shares, boxes };
  },
};

/** to = share to + (1 - share) from, from `start` on, `length` values long. */
const blend = (to: Float32Array, from: Float32Array, share: number, start: number, source: number, length: number) => {
  for (let i = 0; i < length; i++) to[start + i] = share * to[start + i]! + (1 - share) * from[source + i]!;
};

/** Copies the rectangle from the image that begins at `source` to the one that begins at `start`. */
const paste = (
  to: Float32Array,
  from: Float32Array,
  box: Box,
  { output, layout }: Output,
  start: number,
  source: number,
) => {
  const { height, width, channels } = output;
  const [planes, pixel] = layout === 'nchw' ? [channels, 1] : [1, channels];
  for (let plane = 0; plane < planes; plane++)
    for (let y = box.top; y < box.bottom; y++) {
      const row = ((plane * height + y) * width + box.left) * pixel;
      const length = Math.max(0, box.right - box.left) * pixel;
      to.set(from.subarray(source + row, source + row + length), start + row);
    }
};

/** Mixes images and label shares in place. Partners are taken as they were before. */
export const applyMixing = (
  to: Output,
  { count, images, labels }: LabelledImages,
  { partners, shares, boxes }: Mixing,
): void => {
  const before = { images: images.slice(), labels: labels.slice() };
  const [size, classes] = [images.length / count, labels.length / count];
  for (let i = 0; i < count; i++) {
    const [share, partner] = [shares[i]!, partners[i]!];
    if (share === 1 || partner === i) continue;
    const box = boxes?.[i];
    if (box) paste(images, before.images, box, to, i * size, partner * size);
    else blend(images, before.images, share, i * size, partner * size, size);
    blend(labels, before.labels, share, i * classes, partner * classes, classes);
  }
};

const mixingOf = <K extends BatchStep['kind']>(
  step: Extract<BatchStep, { kind: K }>,
  count: number,
  to: Output,
  draw: Random,
): Mixing => {
  const rule: Draw<K> = draws[step.kind as K];
  return rule(step, count, to, draw);
};

/**
 * Applies the program's batch steps in file order, in place. Definitions of MixUp and CutMix: docs/facts/keras.md, "Mixing".
 * Images and labels of a batch of one stay as they are.
 */
export const mixBatch = (program: PreprocessProgram, batch: LabelledImages, draw: Random): void => {
  for (const step of program.batch) applyMixing(program, batch, mixingOf(step, batch.count, program, draw));
};
