// Caches in temporary folders, and rows whose values tell which image they belong to.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenCacheRequest } from '../../../src/runtime/cache/cache-state.ts';
import type { Digest, Feature, FeatureCache } from '../../../src/runtime/cache/feature-cache.ts';
import { openCache } from '../../../src/runtime/cache/open-cache.ts';

export const KEY = '0123456789abcdef0123456789abcdef';

/** Two features: a map of 2x2x3 and a vector of 5. */
export const features: readonly Feature[] = [
  { name: 'map', shape: [3, 2, 2] },
  { name: 'vector', shape: [5] },
];

export const digestOf = (image: number): Digest => `image ${image}`.padEnd(16, '.');

/** Features of image `image`: 12 and 5 values. */
export const valuesFor = (image: number): readonly Float32Array[] => [
  Float32Array.from({ length: 12 }, (_, i) => image + i / 16),
  Float32Array.from({ length: 5 }, (_, i) => -image - i / 8),
];

export const request = (root: string, more: Partial<OpenCacheRequest> = {}): OpenCacheRequest => ({
  root,
  key: KEY,
  features,
  about: { backbone: 'vgg16', frontier: ['block5_pool'], image: '32x32x3', engine: 'onnx, cpu', identity: null },
  limit: 1e9,
  memory: 1e9,
  warn: (message) => {
    throw new Error(`unexpected warning: ${message}`);
  },
  ...more,
});

/** Appends the images and closes. */
export const fill = async (of: OpenCacheRequest, images: readonly number[]): Promise<void> => {
  const cache = await openCache(of);
  for (const image of images) cache.append(digestOf(image), valuesFor(image), 0);
  await cache.close();
};

/** What the cache gives for these images, in this order; null where one is missing or damaged. */
export const read = (cache: FeatureCache, images: readonly number[]): readonly Float32Array[] | null => {
  const rows = Int32Array.from(images, (image) => cache.find(digestOf(image)));
  if (rows.includes(-1)) return null;
  const into = [new Float32Array(images.length * 12), new Float32Array(images.length * 5)];
  return cache.gather(rows, 0, images.length, into) ? into : null;
};

/** What `read` must give. */
export const expected = (images: readonly number[]): readonly Float32Array[] =>
  [0, 1].map((feature) => Float32Array.from(images.flatMap((image) => [...valuesFor(image)[feature]!])));

export const folderOf = (root: string, key = KEY): string => join(root, 'features', key);

export const shardsIn = (root: string, key = KEY): readonly string[] =>
  readdirSync(folderOf(root, key))
    .filter((name) => name.endsWith('.shard'))
    .map((name) => join(folderOf(root, key), name));

export const inFolder = async (test: (root: string) => Promise<void>): Promise<void> => {
  const root = mkdtempSync(join(tmpdir(), 'tlp-cache-'));
  try {
    await test(root);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};
