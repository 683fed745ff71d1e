// Verb: weights before and after a run → the hash of those that no stage changes, and which of them changed all the same.
import { createHash } from 'node:crypto';
import type { CompiledRun } from '../../compiler/compiled-run.ts';
import type { Weights } from '../engine/engine.ts';
import type { FrozenWeights } from '../events.ts';

/** Names of the weights that no stage with epochs trains or moves, in the model's order. */
export const frozenNames = ({ model, stages }: Pick<CompiledRun, 'model' | 'stages'>): readonly string[] => {
  const working = stages.filter(({ plan }) => plan.epochs > 0).map(({ trained }) => trained);
  const changes = (name: string): boolean =>
    working.some(({ trainable, moving }) => trainable.has(name) || moving.has(name));
  return model.layers.flatMap(({ weights }) => weights.map(({ name }) => name)).filter((name) => !changes(name));
};

/** SHA-256 of the bytes (float32, little-endian) of each of these weights, in hexadecimal digits; `missing` where there is none. */
export type WeightHashes = ReadonlyMap<string, string>;

const hashOf = (values: Float32Array | undefined): string =>
  values === undefined
    ? 'missing'
    : createHash('sha256')
        .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
        .digest('hex');

export const hashWeights = (names: readonly string[], weights: Weights): WeightHashes =>
  new Map(names.map((name) => [name, hashOf(weights.get(name))]));

/** `before` and `after` are of the same names. */
export const compareFrozen = (
  before: WeightHashes,
  after: WeightHashes,
): { readonly frozen: FrozenWeights; readonly changed: readonly string[] } => {
  const all = createHash('sha256');
  for (const [name, hash] of after) all.update(`${name} ${hash}\n`);
  const changed = [...before].filter(([name, hash]) => after.get(name) !== hash).map(([name]) => name);
  const frozen = { tensors: before.size, sha256: all.digest('hex'), unchanged: changed.length === 0 };
  return { frozen, changed };
};
