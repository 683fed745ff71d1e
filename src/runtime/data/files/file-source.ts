// Verb: labelled image files to a source: looked at when it opens, decoded and brought to one size when they are read.
import { createHash } from 'node:crypto';
import type { SourcePlan } from '../../../compiler/plan/plan.ts';
import { digestOf } from '../digest.ts';
import type { Source, Wanted } from '../source.ts';
import { asDataError, checkImages } from './check-images.ts';
import { type LabelledFile, listFolder, listTestFolder } from './list-folder.ts';
import { readCsv } from './read-csv.ts';
import { readImageFile } from './read-file.ts';
import { imageReader } from './read-image.ts';

/** Decoded images are kept up to so many bytes, so that later epochs need not decode them again. */
const CACHE_BYTES = 512 * 2 ** 20;

/** Raised when decoding or fitting changes by a pixel: its number is part of what tells one image from another. */
const DECODING = 2;

/** The last two names of a path: they stay when the data are moved as a whole. */
const nameOf = (path: string): string => path.split(/[\\/]/).slice(-2).join('/').normalize('NFC');

/**
 * Images in the order of the hashes of their names. It mixes the classes (a share taken from the end of the files as listed would be one
 * class), and files that come or go leave the order of the others as it was, so that those set aside for validation stay there.
 */
const mixed = (files: readonly LabelledFile[]): readonly LabelledFile[] =>
  files
    .map((file) => ({ file, key: createHash('sha256').update(nameOf(file.path)).digest('hex') }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ file }) => file);

interface FileData {
  readonly classes: readonly string[];
  readonly train: readonly LabelledFile[];
  readonly test: readonly LabelledFile[];
}

const fileSource = async ({ classes, train, test }: FileData, wanted: Wanted): Promise<Source> => {
  const splits = { train: mixed(train), test };
  await checkImages([...splits.train, ...test].map(({ path }) => path));
  const readImage = imageReader(wanted);
  const size = wanted.image.height * wanted.image.width * wanted.image.channels;
  const kept = new Map<string, Uint8Array>();
  const pixelsOf = async (path: string): Promise<Uint8Array> => {
    const before = kept.get(path);
    if (before !== undefined) return before;
    const pixels = await readImage(path);
    if ((kept.size + 1) * size <= CACHE_BYTES) kept.set(path, pixels);
    return pixels;
  };
  /** The bytes of the file, not decoded, and what they are brought to. */
  const kind = `file ${DECODING} ${JSON.stringify([wanted.image, wanted.interpolation, wanted.antialias])}`;
  const digest = (path: string): Uint8Array => {
    try {
      return digestOf(kind, readImageFile(path));
    } catch (error) {
      throw asDataError(path, error);
    }
  };
  const split = (files: readonly LabelledFile[]) => ({
    count: files.length,
    labels: Uint16Array.from(files, ({ label }) => label),
  });
  return {
    classes,
    image: wanted.image,
    train: split(splits.train),
    test: split(splits.test),
    read: async (name, index, into) => into.set(await pixelsOf(splits[name][index]!.path)),
    digest: (name, index) => digest(splits[name][index]!.path),
    fileOf: (name, index) => splits[name][index]!.path,
    close: () => kept.clear(),
  };
};

type FolderPlan = Extract<SourcePlan, { kind: 'folder' }>;
type CsvTable = Extract<SourcePlan, { kind: 'csv' }>;

/** One folder for each class; the test split from a folder of its own, if there is one. Throws DataError. */
export const openFolder = async ({ path, test }: FolderPlan, wanted: Wanted): Promise<Source> => {
  const { classes, files } = listFolder(path);
  const others = test === null ? [] : listTestFolder(test, classes);
  return fileSource({ classes, train: files, test: others }, wanted);
};

/** All rows are the train split. Throws DataError. */
export const openCsv = async (plan: CsvTable, wanted: Wanted): Promise<Source> => {
  const { classes, files } = readCsv(plan);
  return fileSource({ classes, train: files, test: [] }, wanted);
};
