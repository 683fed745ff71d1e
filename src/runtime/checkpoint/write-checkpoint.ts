// Verb: trainer state, weights and optimizer slots ↔ one file, replaced in one go.
import type { Weights } from '../engine/engine.ts';
import type { Checkpoint, TrainerState } from '../trainer/trainer.ts';
import { decodeTensors, encodeTensors, TensorFileError } from './safetensors.ts';

/** What writing needs of a disk. */
interface Disk {
  writeFile(path: string, data: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

const replace = async (disk: Disk, path: string, bytes: Uint8Array): Promise<void> => {
  const fresh = `${path}.new`;
  try {
    await disk.writeFile(fresh, bytes);
    await disk.rename(fresh, path);
  } catch (error) {
    await disk.remove(fresh).catch(() => {});
    throw error;
  }
};

const groups = ['weights', 'slots', 'best', 'average'] as const;

/** Tensor names are `<group>:<name>`. */
export const encodeCheckpoint = (checkpoint: Checkpoint): Uint8Array => {
  const tensors = new Map<string, Float32Array>();
  for (const group of groups) {
    for (const [name, values] of checkpoint[group] ?? []) tensors.set(`${group}:${name}`, values);
  }
  return encodeTensors({ metadata: { tlp: 'checkpoint 1', state: JSON.stringify(checkpoint.state) }, tensors });
};

/** Throws TensorFileError when the bytes are not a checkpoint. */
export const decodeCheckpoint = (bytes: Uint8Array): Checkpoint => {
  const { metadata, tensors } = decodeTensors(bytes);
  if (metadata.tlp !== 'checkpoint 1' || metadata.state === undefined) {
    throw new TensorFileError('it is not a checkpoint of this version of tlp');
  }
  const state = JSON.parse(metadata.state) as TrainerState;
  const group = (prefix: string): Weights =>
    new Map(
      [...tensors].flatMap(([name, values]) =>
        name.startsWith(`${prefix}:`) ? [[name.slice(prefix.length + 1), values] as const] : [],
      ),
    );
  const optional = (weights: Weights): Weights | null => (weights.size > 0 ? weights : null);
  return {
    state,
    weights: group('weights'),
    slots: group('slots'),
    best: optional(group('best')),
    average: optional(group('average')),
  };
};

export const writeCheckpoint = (disk: Disk, path: string, checkpoint: Checkpoint): Promise<void> =>
  replace(disk, path, encodeCheckpoint(checkpoint));

export const writeWeights = (disk: Disk, path: string, weights: Weights): Promise<void> =>
  replace(disk, path, encodeTensors({ metadata: { tlp: 'weights 1' }, tensors: weights }));
