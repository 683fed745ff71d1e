// Verb: trainer state, weights and optimizer slots ↔ one file, replaced in one go.
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { Weights } from '../engine/engine.ts';
import type { Checkpoint, TrainerState } from '../trainer/trainer.ts';
import { decodeTensors, TensorFileError, tensorParts } from './safetensors.ts';

/** What writing needs of a disk. */
interface Disk {
  /** Returns when the parts are on the disk, one after the other, not only in the system's memory. */
  writeDurably(path: string, parts: readonly Uint8Array[]): Promise<void>;
  /** The names in a folder are on the disk when this is done. */
  flush(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  exists(path: string): Promise<boolean>;
  remove(path: string): Promise<void>;
}

/** What was there before goes to `previous`, if that is given. */
const replace = async (
  disk: Disk,
  path: string,
  parts: readonly Uint8Array[],
  previous: string | null = null,
): Promise<void> => {
  const fresh = `${path}.new`;
  try {
    await disk.writeDurably(fresh, parts);
    if (previous !== null && (await disk.exists(path))) await disk.rename(path, previous);
    await disk.rename(fresh, path);
    await disk.flush(dirname(path));
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
  /** The beginning of events.jsonl that was on the disk then. */
  readonly events: Written;
}

/** So many bytes of a file, with their SHA-256 in hexadecimal digits. */
export interface Written {
  readonly bytes: number;
  readonly sha256: string;
}

/** SHA-256 in hexadecimal digits, by file name. */
export type Digests = Readonly<Record<string, string>>;

export const digestOfText = (text: string): string => createHash('sha256').update(text).digest('hex');

const version = 'checkpoint 3';
const groups = ['weights', 'slots', 'best', 'average', 'epoch'] as const;

/** SHA-256 over everything that is read back: what is said beside the tensors, their names and values. */
const digestOf = (said: readonly string[], tensors: ReadonlyMap<string, Float32Array>): string => {
  const hash = createHash('sha256').update(JSON.stringify(said));
  for (const [name, values] of tensors) {
    hash.update(JSON.stringify([name, values.length]));
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex');
};

/** The file in parts, so that no second copy of the tensors is made. Tensor names are `<group>:<name>`. */
const checkpointParts = ({ checkpoint, ...beside }: StoredCheckpoint): readonly Uint8Array[] => {
  const tensors = new Map<string, Float32Array>();
  for (const group of groups) {
    for (const [name, values] of checkpoint[group] ?? []) tensors.set(`${group}:${name}`, values);
  }
  const [state, texts, events] = [checkpoint.state, beside.texts, beside.events].map((each) => JSON.stringify(each));
  const sha256 = digestOf([state!, texts!, events!], tensors);
  return tensorParts({ metadata: { tlp: version, sha256, state: state!, texts: texts!, events: events! }, tensors });
};

export const encodeCheckpoint = (stored: StoredCheckpoint): Uint8Array =>
  new Uint8Array(Buffer.concat(checkpointParts(stored)));

/** Throws TensorFileError when the bytes are not a checkpoint, or not those that were written. */
export const decodeCheckpoint = (bytes: Uint8Array): StoredCheckpoint => {
  const { metadata, tensors } = decodeTensors(bytes);
  const { state, texts, events, sha256 } = metadata;
  if (metadata.tlp !== version || state === undefined || texts === undefined || events === undefined) {
    throw new TensorFileError('it is not a checkpoint of this version of tlp');
  }
  if (digestOf([state, texts, events], tensors) !== sha256)
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
    epoch: optional(group('epoch')),
  };
  return { checkpoint, texts: JSON.parse(texts) as Digests, events: JSON.parse(events) as Written };
};

/** The one before is kept at `previous`. */
export const writeCheckpoint = (
  disk: Disk,
  path: string,
  previous: string,
  checkpoint: StoredCheckpoint,
): Promise<void> => replace(disk, path, checkpointParts(checkpoint), previous);

export const writeWeights = (disk: Disk, path: string, weights: Weights): Promise<void> =>
  replace(disk, path, tensorParts({ metadata: { tlp: 'weights 1' }, tensors: weights }));
