// Verb: a loader of images and a cache → a loader of features. Images are loaded and embedded only where their row is missing.
import { createHash } from 'node:crypto';
import type { MaskInput } from '../../compiler/onnx/step-program.ts';
import type { Batch } from '../engine/engine.ts';
import { dropoutMask } from '../loader/dropout-mask.ts';
import type { Loader, Pass } from '../loader/loader.ts';
import { batchCount, viewOf } from '../loader/prepare-batch.ts';
import { DIGEST_BYTES, type Digest, type FeatureCache } from './feature-cache.ts';
import { valuesOf } from './shard.ts';

export interface FeatureLoaderRequest {
  /** Loads images; stays open when this loader is closed. */
  readonly images: Loader;
  readonly cache: FeatureCache;
  /** The features of a batch of images, in the order of `cache.features`, one image after the other. */
  readonly embed: (batch: Batch) => Promise<readonly Float32Array[]>;
  readonly classes: number;
  readonly masks: readonly MaskInput[];
  /** Root seed of the run. */
  readonly seed: number;
  readonly train: TrainImages;
}

/**
 * What a train pass shows of an image: `same` as evaluation does; `views` so many changed ones, which the epochs take in turn; `random` a new
 * one each time, so that there are no features to keep and images are handed on. `identity` names all that decides how a view looks, but
 * its number and the image.
 */
export type TrainImages =
  | { readonly kind: 'same' | 'random' }
  | { readonly kind: 'views'; readonly views: number; readonly identity: string };

/** Images are embedded so many at a time, whatever the batch of the pass, but never more than it where it is larger than this. */
const EMBED = { least: 16, most: 64 };

/** What is known of the images of a split, by their index. */
interface Known {
  readonly digests: Map<number, Digest>;
  readonly labels: Map<number, number>;
}

/** Features that the cache did not keep, until their batch is made. */
type Spare = Map<Digest, readonly Float32Array[]>;

/** The pictures that a pass shows of its images: how they are loaded, and what their features are kept under. */
interface Pictures {
  readonly mode: Pass['mode'];
  readonly digestOf: (index: number) => Digest;
}

interface State {
  readonly request: FeatureLoaderRequest;
  readonly known: Readonly<Record<Pass['split'], Known>>;
  /** Digests of the views of train images, by view and index, as they were asked for. */
  readonly views: Map<number, Map<number, Digest>>;
  readonly spare: Spare;
}

const identify = async ({ request, known }: State, { split, indices }: Pass): Promise<void> => {
  const { digests, labels } = known[split];
  const unknown = indices.filter((index) => !digests.has(index));
  if (unknown.length === 0) return;
  const found = await request.images.identify(split, unknown);
  const text = Buffer.from(found.digests.buffer, found.digests.byteOffset, found.digests.byteLength);
  for (const [i, index] of unknown.entries()) {
    digests.set(index, text.toString('latin1', i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES));
    labels.set(index, found.labels[i]!);
  }
};

const viewDigest = (image: Digest, identity: string, view: number, index: number): Digest =>
  createHash('sha256')
    .update(`${identity} ${view} ${index} `)
    .update(image, 'latin1')
    .digest()
    .toString('latin1', 0, DIGEST_BYTES);

const picturesOf = ({ request, known, views }: State, { split, mode, epoch }: Pass): Pictures => {
  const { digests } = known[split];
  const imageOf = (index: number): Digest => digests.get(index)!;
  if (mode === 'evaluate' || request.train.kind !== 'views') return { mode: 'evaluate', digestOf: imageOf };
  const { identity } = request.train;
  const view = viewOf(epoch, request.train.views);
  const seen = views.get(view) ?? new Map<number, Digest>();
  views.set(view, seen);
  const digestOf = (index: number): Digest => {
    const digest = seen.get(index) ?? viewDigest(imageOf(index), identity, view, index);
    seen.set(index, digest);
    return digest;
  };
  return { mode: 'train', digestOf };
};

const isMissing = ({ request, spare }: State, digest: Digest): boolean =>
  request.cache.find(digest) < 0 && !spare.has(digest);

/** The images of these whose pictures have no row, in their order, each digest once. */
const missingOf = (state: State, { digestOf }: Pictures, indices: Uint32Array): Uint32Array => {
  const seen = new Set<Digest>();
  return indices.filter((index) => {
    const digest = digestOf(index);
    if (seen.has(digest) || !isMissing(state, digest)) return false;
    seen.add(digest);
    return true;
  });
};

/** Loads, embeds and keeps these images, some at each turn. */
async function* fill(
  state: State,
  pass: Pass,
  { mode, digestOf }: Pictures,
  indices: Uint32Array,
): AsyncGenerator<void> {
  const { images, cache, embed } = state.request;
  const batch = Math.min(Math.max(pass.batch, EMBED.least), EMBED.most);
  let done = 0;
  for await (const loaded of images.batches({ ...pass, indices, batch, mode, skip: 0 })) {
    const { count } = loaded;
    const values = await embed(loaded);
    for (let i = 0; i < count; i += 1) {
      const digest = digestOf(indices[done + i]!);
      if (cache.append(digest, values, i) >= 0) continue;
      const sizes = cache.features.map((feature) => valuesOf([feature]));
      state.spare.set(
        digest,
        values.map((all, f) => all.slice(i * sizes[f]!, (i + 1) * sizes[f]!)),
      );
    }
    done += count;
    await cache.drain();
    yield;
  }
}

/** Writes the features of these images into `into`; false where one is missing or was damaged. */
const collect = ({ request, spare }: State, digests: readonly Digest[], into: readonly Float32Array[]): boolean => {
  const { cache } = request;
  const rows = Int32Array.from(digests, (digest) => cache.find(digest));
  if (!rows.includes(-1)) return cache.gather(rows, 0, rows.length, into);
  if (digests.some((digest, i) => rows[i]! < 0 && !spare.has(digest))) return false;
  const sizes = cache.features.map((feature) => valuesOf([feature]));
  return digests.every((digest, i) => {
    const place = into.map((values, f) => values.subarray(i * sizes[f]!, (i + 1) * sizes[f]!));
    if (rows[i]! >= 0) return cache.gather(rows, i, 1, place);
    for (const [f, values] of spare.get(digest)!.entries()) place[f]!.set(values);
    return true;
  });
};

const oneHot = (labels: readonly number[], classes: number): Float32Array => {
  const values = new Float32Array(labels.length * classes);
  for (const [i, label] of labels.entries()) values[i * classes + label] = 1;
  return values;
};

const masksOf = ({ request }: State, pass: Pass, number: number, count: number): Batch['masks'] =>
  pass.mode === 'evaluate'
    ? {}
    : Object.fromEntries(
        request.masks.map((mask) => [mask.name, dropoutMask(mask, count, request.seed, pass.epoch, number)]),
      );

async function* batches(state: State, pass: Pass): AsyncGenerator<Batch> {
  const { cache, classes } = state.request;
  await identify(state, pass);
  const { labels } = state.known[pass.split];
  const pictures = picturesOf(state, pass);
  const fillIn = (indices: Uint32Array) => fill(state, pass, pictures, missingOf(state, pictures, indices));
  const filling = fillIn(pass.indices.subarray(pass.skip * pass.batch));
  let filled = false;
  try {
    for (let number = pass.skip; number < batchCount(pass); number += 1) {
      const indices = pass.indices.subarray(number * pass.batch, (number + 1) * pass.batch);
      const wanted = Array.from(indices, pictures.digestOf);
      const into = cache.features.map((feature) => new Float32Array(wanted.length * valuesOf([feature])));
      while (!collect(state, wanted, into)) {
        // what was damaged, or not kept, is not among what was missing at the start
        if (filled) for await (const _ of fillIn(indices));
        else filled = (await filling.next()).done === true;
      }
      for (const digest of wanted) state.spare.delete(digest);
      yield {
        count: wanted.length,
        inputs: Object.fromEntries(cache.features.map(({ name }, f) => [name, into[f]!])),
        labels: oneHot(
          Array.from(indices, (index) => labels.get(index)!),
          classes,
        ),
        masks: masksOf(state, pass, number, wanted.length),
      };
    }
  } finally {
    await filling.return(undefined);
  }
}

/** Batches hold features, but for train passes that are random. The loader of images and the cache are closed by who opened them. */
export const featureLoader = (request: FeatureLoaderRequest): Loader => {
  const empty = (): Known => ({ digests: new Map(), labels: new Map() });
  const state: State = { request, known: { train: empty(), test: empty() }, views: new Map(), spare: new Map() };
  return {
    batches: (pass) =>
      pass.mode === 'train' && request.train.kind === 'random' ? request.images.batches(pass) : batches(state, pass),
    identify: request.images.identify,
    close: async () => {},
  };
};
