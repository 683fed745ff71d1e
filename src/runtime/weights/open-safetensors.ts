// Verb: a safetensors file → its layers; tensors are read when asked for.
import { parseTensorHeader, type StoredTensor, TensorFileError } from '../checkpoint/safetensors.ts';
import type { DiskFile } from './disk-file.ts';
import { groupTensors } from './group-tensors.ts';
import { isStoredType, storedSize, toFloat32 } from './stored-values.ts';
import { countOf, type OpenedFile, WeightFileError } from './weight-file.ts';

/** The format's own bound on its header, in bytes. */
const largestHeader = 100_000_000;

/** A checkpoint of tlp holds the optimizer's slots, too: its weights are those under `weights:`. */
const weightsOf = (writer: string | undefined, tensors: readonly StoredTensor[]): readonly StoredTensor[] => {
  if (!writer?.startsWith('checkpoint')) return tensors;
  const group = 'weights:';
  return tensors.flatMap((tensor) =>
    tensor.name.startsWith(group) ? [{ ...tensor, name: tensor.name.slice(group.length) }] : [],
  );
};

const headerOf = async (file: DiskFile) => {
  const length = new DataView((await file.read(0, 8)).buffer).getBigUint64(0, true);
  if (length > BigInt(Math.min(largestHeader, file.size - 8))) {
    throw new WeightFileError('is damaged: its header is said to be longer than the file');
  }
  const start = 8 + Number(length);
  try {
    const { metadata, tensors } = parseTensorHeader(await file.read(8, Number(length)), file.size - start);
    return { start, ours: metadata.tlp !== undefined, tensors: weightsOf(metadata.tlp, tensors) };
  } catch (error) {
    if (error instanceof TensorFileError) throw new WeightFileError(`is damaged: ${error.message}`);
    throw error;
  }
};

/** Names are `layer/variable` or `layer.variable`; layers are in the order of their data. Takes over `file`. */
export const openSafetensors = async (file: DiskFile): Promise<OpenedFile> => {
  try {
    const { start, ours, tensors } = await headerOf(file);
    const stored = [...tensors].sort((a, b) => a.from - b.from).map((tensor, id) => ({ ...tensor, id }));
    for (const { name, dtype, shape, from, to } of stored) {
      if (!isStoredType(dtype)) throw new WeightFileError(`has ${name} in the type ${dtype}, which tlp does not read`);
      if (to - from !== countOf(shape) * storedSize(dtype)) {
        throw new WeightFileError(`is damaged: ${name} has another size than its shape`);
      }
    }
    const read: OpenedFile['read'] = async (wanted, signal) => {
      const values: Float32Array[] = [];
      for (const { id } of wanted) {
        signal?.throwIfAborted();
        const { dtype, from, to } = stored[id]!;
        if (isStoredType(dtype)) values.push(toFloat32(dtype, await file.read(start + from, to - from)));
      }
      return values;
    };
    const groups = groupTensors(stored.map(({ id, name, shape }) => ({ id, path: name, shape })));
    return { kind: 'safetensors', order: 'layers', shaped: !ours, groups, read, close: file.close };
  } catch (error) {
    await file.close();
    throw error;
  }
};
