// Verb: a path → an open weight file, recognised by its bytes and structure, never by its ending.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type DiskFile, openDiskFile, orRefuse } from './disk-file.ts';
import { openH5 } from './h5/open-h5.ts';
import { openKerasArchive } from './open-keras-archive.ts';
import { openSafetensors } from './open-safetensors.ts';
import { openTfjs } from './open-tfjs.ts';
import { type OpenedFile, type WeightFile, WeightFileError } from './weight-file.ts';

const H5_SIGNATURE = '\x89HDF\r\n\x1a\n';

/** Bytes of the beginning that recognition looks at. */
const look = 512;

interface Form {
  readonly is: (start: string, file: DiskFile) => boolean;
  readonly open: (path: string, file: DiskFile, signal?: AbortSignal) => Promise<OpenedFile>;
}

/** Length of a safetensors header: 8 bytes, little endian, before a JSON object. */
const headerLength = (start: string): bigint =>
  Buffer.from(start.slice(0, 8).padEnd(8, '\0'), 'latin1').readBigUInt64LE();

/** The first that fits opens the file. `start` has a character for each byte. */
const forms: readonly Form[] = [
  {
    is: (start) => start.startsWith(H5_SIGNATURE),
    open: (_, file, signal) => openH5(file, { from: 0, size: file.size }, signal),
  },
  { is: (start) => start.startsWith('PK\x03\x04'), open: openKerasArchive },
  { is: (start) => /^(ï»¿)?\s*\{/.test(start), open: (path, file) => openTfjs(path, file, 'tfjs') },
  {
    is: (start, file) => start[8] === '{' || (start.length > 8 && headerLength(start) === BigInt(file.size - 8)),
    open: (_, file) => openSafetensors(file),
  },
];

/** What people take for weights, with what to do about it. */
const hints: readonly (readonly [is: (start: string) => boolean, what: string])[] = [
  [
    (start) => start.startsWith('version https://git-lfs'),
    'is a pointer of Git LFS and not the file itself: fetch it with `git lfs pull`',
  ],
  [(start) => /^\s*<(!doctype|html|\?xml)/i.test(start), 'is a web page and not the file itself: fetch it again'],
  [
    (start) => start[0] === '\x80' && start[1]! >= '\x02' && start[1]! <= '\x05',
    'is a pickle of Python, which tlp does not run: save the weights as safetensors',
  ],
  [
    (start) => start[0] === '\b' && start.slice(2, 5).includes('\x12'),
    'looks like an ONNX model: name the Keras, tfjs or safetensors file it came from',
  ],
  [(start) => start === '', 'is empty'],
];

const unknown = (start: string): WeightFileError =>
  new WeightFileError(
    hints.find(([is]) => is(start))?.[1] ??
      'is no weight file that tlp knows: it reads .h5, .weights.h5 and .keras of Keras, model.json of tfjs, safetensors and run folders of tlp',
  );

const openFile = async (path: string, signal?: AbortSignal): Promise<OpenedFile> => {
  const file = await openDiskFile(path);
  let form: Form | undefined;
  try {
    const start = Buffer.from(await file.read(0, Math.min(look, file.size))).toString('latin1');
    form = forms.find(({ is }) => is(start, file));
    if (!form) throw unknown(start);
  } catch (error) {
    await file.close();
    throw error;
  }
  return form.open(path, file, signal);
};

/** A run folder of tlp has its model below it; the folder of that model is taken as well. */
const openFolder = async (folder: string): Promise<OpenedFile> => {
  for (const path of [join(folder, 'model', 'model.json'), join(folder, 'model.json')]) {
    const file = await openDiskFile(path).catch(() => null);
    if (file) return openTfjs(path, file, 'run');
  }
  throw new WeightFileError('is a folder without model/model.json, so it is no run folder of tlp');
};

/** Opens a weight file of any kind. Throws WeightFileError, whose message begins with the path. */
export const openWeightFile = async (path: string, signal?: AbortSignal): Promise<WeightFile> => {
  const about = (error: unknown): unknown =>
    error instanceof WeightFileError ? new WeightFileError(`${path} ${error.message}`) : error;
  try {
    const isFolder = (await orRefuse(stat(path))).isDirectory();
    const file = await (isFolder ? openFolder(path) : openFile(path, signal));
    const read: WeightFile['read'] = (tensors, abort) =>
      file.read(tensors, abort).catch((error: unknown) => {
        throw about(error);
      });
    return { ...file, path, read };
  } catch (error) {
    throw about(error);
  }
};
