// Verb: trainer state, weights and optimizer slots ↔ one file, replaced in one go.
import { createHash } from 'node:crypto';
import type { Weights } from '../engine/engine.ts';
import type { Checkpoint, TrainerState } from '../trainer/trainer.ts';
import { decodeTensors, encodeTensors, TensorFileError } from './safetensors.ts';

/** What writing needs of a disk. */
interface Disk {
  /** Returns when the bytes are on the disk, not only in the system's memory. */
  writeDurably(path: string, data: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

const replace = async (disk: Disk, path: string, bytes: Uint8Array): Promise<void> => {
  const fresh = `${path}.new`;
  try {
    await disk.writeDurably(fresh, bytes);
    await disk.rename(fresh, path);
  } catch (error) {
    await disk.remove(fresh).catch(() => {});
    throw error;
  }
};

/** A checkpoint as its file has it. */
export interface StoredCheckpoint {
  readonly checkpoint: Checkpoint;
  /** SHA-256 of the texts that the run was made from (its plan, its pipeline), by file name. */
  readonly texts: Digests;
}

/** SHA-256 in hexadecimal digits, by file name. */
export type Digests = Readonly<Record<string, string>>;

export const digestOfText = (text: string): string => createHash('sha256').update(text).digest('hex');

const version = 'checkpoint 2';
const groups = ['weights', 'slots', 'best', 'average'] as const;

/** SHA-256 over everything that is read back: state, texts, names and values. */
const digestOf = (state: string, texts: string, tensors: ReadonlyMap<string, Float32Array>): string => {
  const hash = createHash('sha256').update(JSON.stringify([state, texts]));
  for (const [name, values] of tensors) {
    hash.update(JSON.stringify([name, values.length]));
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex');
};

/** Tensor names are `<group>:<name>`. */
export const encodeCheckpoint = ({ checkpoint, texts }: StoredCheckpoint): Uint8Array => {
  const tensors = new Map<string, Float32Array>();
  for (const group of groups) {
    for (const [name, values] of checkpoint[group] ?? []) tensors.set(`${group}:${name}`, values);
  }
  const written = { state: JSON.stringify(checkpoint.state), texts: JSON.stringify(texts) };
  const sha256 = digestOf(written.state, written.texts, tensors);
  return encodeTensors({ metadata: { tlp: version, sha256, state: written.state, texts: written.texts }, tensors });
};

/** Throws TensorFileError when the bytes are not a checkpoint, or not those that were written. */
export const decodeCheckpoint = (bytes: Uint8Array): StoredCheckpoint => {
  const { metadata, tensors } = decodeTensors(bytes);
  const { state, texts, sha256 } = metadata;
  if (metadata.tlp !== version || state === undefined || texts === undefined) {
    throw new TensorFileError('it is not a checkpoint of this version of tlp');
  }
  if (digestOf(state, texts, tensors) !== sha256)
    throw new TensorFileError('its bytes are not those that were written');
  const group = (prefix: string): Weights =>
    new Map(
      [...tensors].flatMap(([name, values]) =>
        name.startsWith(`${prefix}:`) ? [[name.slice(prefix.length + 1), values] as const] : [],
      ),
    );
  const optional = (weights: Weights): Weights | null => (weights.size > 0 ? weights : null);
  const checkpoint: Checkpoint = {
    state: JSON.parse(state) as TrainerState,
    weights: group('weights'),
    slots: group('slots'),
    best: optional(group('best')),
    average: optional(group('average')),
  };
  return { checkpoint, texts: JSON.parse(texts) as Digests };
};

export const writeCheckpoint = (disk: Disk, path: string, checkpoint: StoredCheckpoint): Promise<void> =>
  replace(disk, path, encodeCheckpoint(checkpoint));

export const writeWeights = (disk: Disk, path: string, weights: Weights): Promise<void> =>
  replace(disk, path, encodeTensors({ metadata: { tlp: 'weights 1' }, tensors: weights }));
