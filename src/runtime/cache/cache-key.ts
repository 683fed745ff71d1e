// Verb: all that decides about features, the images apart → the key of their cache.
import { createHash, type Hash } from 'node:crypto';
import type { PreprocessProgram } from '../../compiler/kernels/preprocess.ts';
import type { Weights } from '../engine/engine.ts';

/** What a feature depends on. Two runs share a cache exactly where all of this is the same. */
export interface Ingredients {
  /** The graph below the frontier: ONNX bytes without weights, and the Keras names of its weights in their order. */
  readonly prefix: { readonly model: Uint8Array; readonly weights: readonly string[] };
  /** Must hold all weights of the prefix; others are not looked at. */
  readonly weights: Weights;
  /** The evaluation's: without any random step. */
  readonly preprocess: PreprocessProgram;
  /** The source of its kernel: another way to sample gives other pixels. */
  readonly kernel: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly device: string;
  /** Architecture and model of the processor: libraries choose their instructions by it, and sums round accordingly. */
  readonly machine: string;
}

/** Raised when rows of the same ingredients would mean something else. */
const FORMAT = 1;

/** Each part with its length, so that no two lists of parts give the same bytes. */
const add = (hash: Hash, part: string | Uint8Array): void => {
  const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
  hash.update(`${bytes.byteLength}:`).update(bytes);
};

/** SHA-256 of all ingredients, the first 32 hexadecimal digits. Throws Error where a weight is missing. */
export const cacheKey = (of: Ingredients): string => {
  const hash = createHash('sha256');
  add(hash, `tlp features ${FORMAT}`);
  for (const text of [of.engine, of.engineVersion, of.device, of.machine]) add(hash, text);
  add(hash, JSON.stringify(of.preprocess));
  add(hash, of.kernel);
  add(hash, of.prefix.model);
  for (const name of of.prefix.weights) {
    const values = of.weights.get(name);
    if (values === undefined) throw new Error(`no value for the weight '${name}'`);
    add(hash, name);
    add(hash, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex').slice(0, 32);
};
