// Verb: model.json of a tfjs layers model → its layers; the shards beside it are read when tensors are asked for.
import { createHash } from 'node:crypto';
import { realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { type DiskFile, openDiskFile, orRefuse } from './disk-file.ts';
import { groupTensors, type NamedTensor } from './group-tensors.ts';
import { layersOfConfig, sortByConfig } from './keras-config.ts';
import { type StoredType, storedSize, toFloat32 } from './stored-values.ts';
import { countOf, type OpenedFile, WeightFileError } from './weight-file.ts';

/** Where a tensor's bytes are among the shards of its group, and how they become numbers: q · scale + min. */
interface Stored {
  readonly shards: readonly Shard[];
  readonly from: number;
  readonly bytes: number;
  readonly type: StoredType;
  readonly affine: { readonly scale: number; readonly min: number } | null;
}

interface Shard {
  readonly file: DiskFile;
  /** Of its first byte among the shards of its group. */
  readonly from: number;
}

interface WeightSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: StoredType;
  readonly affine: Stored['affine'];
}

/** A model.json larger than this is none: the largest of Keras has 2 MB. */
const largestJson = 2 ** 26;

const types: Readonly<Record<string, StoredType>> = {
  float32: 'F32',
  float16: 'F16',
  int32: 'I32',
  uint16: 'U16',
  uint8: 'U8',
  bool: 'BOOL',
};

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** One entry of `weights`: name, shape, dtype, and `quantization` where the stored type is another. */
const specOf = (entry: unknown): WeightSpec => {
  if (!isObject(entry) || typeof entry.name !== 'string') throw new WeightFileError('has a weight without a name');
  const { name, shape, dtype, quantization } = entry;
  if (!Array.isArray(shape) || !shape.every(isSize)) throw new WeightFileError(`has no shape for ${name}`);
  const stored = isObject(quantization) ? quantization.dtype : dtype;
  const type = typeof stored === 'string' ? types[stored] : undefined;
  if (!type) throw new WeightFileError(`has ${name} in the unknown type ${String(stored)}`);
  if (!isObject(quantization) || type === 'F16') return { name, shape, type, affine: null };
  const { scale, min } = quantization;
  if (typeof scale !== 'number' || typeof min !== 'number') {
    throw new WeightFileError(`has no scale and min for ${name}`);
  }
  return { name, shape, type, affine: { scale, min } };
};

/** Only plain files below the folder of model.json: a name that leads elsewhere is refused, links included. */
const openShard = async (folder: string, name: unknown): Promise<DiskFile> => {
  const climbs = typeof name !== 'string' || isAbsolute(name) || name.split(/[\\/]/).includes('..');
  if (climbs) throw new WeightFileError(`names a shard outside of its folder (${String(name)})`);
  const path = join(folder, name);
  try {
    const home = await orRefuse(realpath(folder));
    const way = relative(home, await orRefuse(realpath(path)));
    if (way.split(sep)[0] === '..' || isAbsolute(way)) throw new WeightFileError('is a link out of its folder');
    return await openDiskFile(path);
  } catch (error) {
    if (error instanceof WeightFileError) throw new WeightFileError(`wants the shard ${name}, which ${error.message}`);
    throw error;
  }
};

interface Manifest {
  readonly specs: readonly WeightSpec[];
  readonly paths: readonly unknown[];
}

const manifestOf = (json: Json): readonly Manifest[] => {
  if (json.format === 'graph-model') {
    throw new WeightFileError('is a tfjs graph model, which has no layers; tlp reads layers models');
  }
  const { weightsManifest } = json;
  if (!Array.isArray(weightsManifest)) throw new WeightFileError('is JSON, but not the model.json of a tfjs model');
  return weightsManifest.map((group: unknown) => {
    if (!isObject(group) || !Array.isArray(group.paths) || !Array.isArray(group.weights)) {
      throw new WeightFileError('has a damaged weightsManifest');
    }
    return { specs: group.weights.map(specOf), paths: group.paths };
  });
};

const parse = async (file: DiskFile): Promise<Json> => {
  if (file.size > largestJson) throw new WeightFileError('is too large for the model.json of a tfjs model');
  const text = new TextDecoder().decode(await file.read(0, file.size));
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new WeightFileError('is damaged: it is not JSON');
  }
  if (!isObject(json)) throw new WeightFileError('is JSON, but not the model.json of a tfjs model');
  return json;
};

/** Bytes of a tensor, which may lie in several shards. */
const readStored = async ({ shards, from, bytes }: Stored): Promise<Uint8Array<ArrayBuffer>> => {
  const end = from + bytes;
  const pieces = await Promise.all(
    shards.flatMap((shard) => {
      const start = Math.max(from, shard.from);
      const stop = Math.min(end, shard.from + shard.file.size);
      return stop > start ? [shard.file.read(start - shard.from, stop - start)] : [];
    }),
  );
  if (pieces.length === 1) return pieces[0]!;
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
};

const valuesOf = async (stored: Stored): Promise<Float32Array> => {
  const values = toFloat32(stored.type, await readStored(stored));
  return stored.affine ? values.map((value) => value * stored.affine!.scale + stored.affine!.min) : values;
};

/** Shards of a group, one after the other; together they must be as long as the tensors say. */
const openShards = async (folder: string, group: Manifest, opened: DiskFile[]): Promise<readonly Shard[]> => {
  const shards: Shard[] = [];
  let from = 0;
  for (const path of group.paths) {
    const file = await openShard(folder, path);
    opened.push(file);
    shards.push({ file, from });
    from += file.size;
  }
  const wanted = group.specs.reduce((sum, { shape, type }) => sum + countOf(shape) * storedSize(type), 0);
  if (wanted !== from) {
    throw new WeightFileError(
      `has ${from} bytes in its shards where its tensors take ${wanted}: it is cut short or mixed`,
    );
  }
  return shards;
};

/** A run of tlp keeps the SHA-256 of its weights in model.json. */
const checkOwn = async ({ userDefinedMetadata }: Json, shards: readonly DiskFile[]): Promise<void> => {
  const own = isObject(userDefinedMetadata) ? userDefinedMetadata.tlp : null;
  if (!isObject(own) || typeof own.weights_sha256 !== 'string') return;
  const hash = createHash('sha256');
  const piece = 2 ** 22;
  for (const shard of shards) {
    for (let at = 0; at < shard.size; at += piece) hash.update(await shard.read(at, Math.min(piece, shard.size - at)));
  }
  if (hash.digest('hex') !== own.weights_sha256) {
    throw new WeightFileError('is damaged: its weights do not have their checksum');
  }
};

/** `kind` is `run` for the model of a run folder. Throws WeightFileError; takes over `file`. */
export const openTfjs = async (path: string, file: DiskFile, kind: 'tfjs' | 'run'): Promise<OpenedFile> => {
  const opened: DiskFile[] = [file];
  const close = async (): Promise<void> => {
    await Promise.all(opened.map((each) => each.close()));
  };
  try {
    const json = await parse(file);
    const tensors: NamedTensor[] = [];
    const stored: Stored[] = [];
    for (const group of manifestOf(json)) {
      const shards = await openShards(dirname(path), group, opened);
      let from = 0;
      for (const { name, shape, type, affine } of group.specs) {
        const bytes = countOf(shape) * storedSize(type);
        tensors.push({ id: stored.length, path: name, shape });
        stored.push({ shards, from, bytes, type, affine });
        from += bytes;
      }
    }
    await checkOwn(json, opened.slice(1));
    const groups = sortByConfig(groupTensors(tensors), layersOfConfig(json.modelTopology));
    const read: OpenedFile['read'] = async (wanted, signal) => {
      const values: Float32Array[] = [];
      for (const { id } of wanted) {
        signal?.throwIfAborted();
        values.push(await valuesOf(stored[id]!));
      }
      return values;
    };
    return { kind, order: 'layers', shaped: true, groups, read, close };
  } catch (error) {
    await close();
    throw error;
  }
};
