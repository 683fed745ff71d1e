// Verb: the name of a known data set to its files in Keras' cache on this machine.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { kerasFolders } from '../../keras-cache.ts';
import { readRegular } from '../../read-regular.ts';
import { DataError } from '../source.ts';

const candidates = (places: readonly string[]): readonly string[] =>
  kerasFolders('datasets').flatMap((base) => places.map((place) => join(base, place)));

/** The first folder that holds all `files`, or null. `places` are folders relative to the data set folders. */
export const lookForDataset = (places: readonly string[], files: readonly string[]): string | null =>
  candidates(places).find((folder) => files.every((file) => existsSync(join(folder, file)))) ?? null;

/** As `lookForDataset`, but throws a DataError that says where it looked and how to fetch the data. */
export const findDataset = (name: string, places: readonly string[], files: readonly string[]): string => {
  const found = lookForDataset(places, files);
  if (found !== null) return found;
  throw new DataError(
    `${name} is not on this machine: no ${files.join(', ')} in ${candidates(places).join(' or ')}. ` +
      `Fetch it once with Keras (python -c "import keras; keras.datasets.${name}.load_data()") or copy the files there; KERAS_HOME names another place.`,
  );
};

/** Reads a file of a data set; `parse` may throw, its message becomes the cause. */
export const readDataset = <T>(folder: string, file: string, parse: (bytes: Uint8Array) => T): T => {
  const path = join(folder, file);
  try {
    return parse(readRegular(path));
  } catch (error) {
    throw new DataError(`${path} cannot be read: ${(error as Error).message}. Delete it and fetch it again.`);
  }
};
