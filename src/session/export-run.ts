// Verb: the folder of a finished run → a model in another program's format, written whole or not at all.
import { basename, dirname, join } from 'node:path';
import { buildLayers } from '../compiler/layers/build-layers.ts';
import type { Exported, ExportRequest } from '../export/exported.ts';
import { toKeras } from '../export/keras/keras.ts';
import { toOnnx } from '../export/onnx.ts';
import { toSafetensors } from '../export/safetensors.ts';
import { toTfjs } from '../export/tfjs.ts';
import { diskError, realDisk } from '../runtime/run-folder/disk.ts';
import { slug } from '../runtime/run-folder/names.ts';
import { readRunFolder } from '../runtime/run-folder/read-run-folder.ts';
import type { Disk } from '../runtime/run-folder/run-folder.ts';
import { SessionError } from './session-error.ts';

interface Format {
  /** For people. */
  readonly title: string;
  /** What follows the name of the pipeline in the name of the export. */
  readonly ending: string;
  readonly write: (request: ExportRequest) => Exported | Promise<Exported>;
}

/** Formats by their names on the command line. */
export const formats = {
  onnx: { title: 'ONNX', ending: '.onnx', write: toOnnx },
  tfjs: { title: 'TensorFlow.js', ending: '-tfjs', write: toTfjs },
  keras: { title: 'Keras', ending: '-keras', write: toKeras },
  safetensors: { title: 'safetensors', ending: '.safetensors', write: toSafetensors },
} satisfies Readonly<Record<string, Format>>;

export type FormatName = keyof typeof formats;

export interface ExportOptions extends Pick<ExportRequest, 'train' | 'version'> {
  readonly to: FormatName;
  /** ONNX alone has the choice; undefined: inside. */
  readonly preprocess?: ExportRequest['preprocess'] | undefined;
  /** File or folder to write; undefined: named after pipeline and run, in the working folder. */
  readonly out?: string | undefined;
  /** Replaces what an earlier export left there. */
  readonly force: boolean;
}

/** Options that only some formats have, and what those are. */
const requireMeaning = ({ to, preprocess, train }: ExportOptions): void => {
  if (train && to !== 'keras') {
    throw new SessionError(`--train is for --to keras: ${formats[to].title} holds no program that trains`);
  }
  if (preprocess !== undefined && to !== 'onnx') {
    throw new SessionError(`--preprocess is for --to onnx: ${formats[to].title} is exported in one form`);
  }
};

const nameOf = ({ plan, run }: ExportRequest): string =>
  [plan.pipeline, ...(run.name === 'main' || run.name === plan.pipeline ? [] : [run.name])].map(slug).join('-');

/** Writes the export of a run; the path that it has. Throws RunFolderError and SessionError. */
export const exportRun = async (folder: string, options: ExportOptions): Promise<string> => {
  requireMeaning(options);
  const { plan, run, metadata, topology, weights } = await readRunFolder(folder);
  const { preprocess = 'inside', train, version } = options;
  const { model } = buildLayers(run);
  const request = { plan, run, model, topology, metadata, weights, preprocess, train, version };
  const format: Format = formats[options.to];
  const path = options.out ?? `${nameOf(request)}${format.ending}`;
  if (!options.force && (await realDisk.exists(path))) {
    throw new SessionError(`${path} is there already: choose another place with --out, or replace it with --force`);
  }
  const exported = await format.write(request);
  if (exported.kind === 'refused') {
    const what = `${format.title} cannot say the ${train ? 'training' : 'model'} of ${folder}`;
    const cure = train ? 'export the model without --train' : 'export it to another format';
    throw new SessionError(`${what}: ${cure}`, 'request', exported.reasons);
  }
  try {
    await place(realDisk, path, exported);
  } catch (error) {
    throw diskError(error, path);
  }
  return path;
};

type Written = Exclude<Exported, { readonly kind: 'refused' }>;

/** Names that exports give their files, and what programs leave beside them. */
const ours = /^(model\.json|group1-shard\d+of\d+\.bin|model\.py|train\.py|model\.weights\.h5|__pycache__)$/;

/** A folder is replaced only where all in it comes from an export: never a folder that was named by mistake. */
const requireOurs = async (disk: Disk, path: string, written: Written): Promise<void> => {
  const inside = await disk.list(path);
  const foreign = inside.find((name) => !ours.test(name));
  if (inside.length > 0 && (foreign !== undefined || written.kind === 'file')) {
    const what = foreign === undefined ? 'is the folder of another export' : `holds ${foreign}, which is of no export`;
    throw new SessionError(`${path} ${what}: choose another place with --out`);
  }
};

/** Under a temporary name first, then renamed. */
const place = async (disk: Disk, path: string, written: Written): Promise<void> => {
  await requireOurs(disk, path, written);
  const beside = (what: string): string => join(dirname(path), `.${basename(path)}.${what}-${process.pid}`);
  const [partial, old] = [beside('partial'), beside('old')];
  try {
    await write(disk, partial, written);
    if (await disk.exists(path)) await disk.rename(path, old);
    await disk.rename(partial, path);
    await disk.remove(old);
  } catch (error) {
    await disk.remove(partial);
    if (!(await disk.exists(path)) && (await disk.exists(old))) await disk.rename(old, path);
    throw error;
  }
};

const write = async (disk: Disk, path: string, written: Written): Promise<void> => {
  if (written.kind === 'file') {
    await disk.mkdir(dirname(path));
    await disk.writeFile(path, written.content);
    return;
  }
  await disk.mkdir(path);
  for (const [name, content] of written.files) await disk.writeFile(join(path, name), content);
};
