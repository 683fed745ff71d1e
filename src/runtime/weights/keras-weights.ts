// Verb: a backbone → the file of its ImageNet weights in Keras' cache; fetched where it is not there.
import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { BackboneName } from '../../compiler/plan/plan.ts';
import { type DownloadWish, ensureFile, fileFits } from '../download/ensure-file.ts';
import { kerasFolders } from '../keras-cache.ts';
import { kerasFiles } from './keras-files.ts';

export interface WeightsHere {
  /** Absolute path of the file; null where it is not on this machine. */
  readonly path: string | null;
  /** Bytes of the file. */
  readonly bytes: number | null;
  /** The size is not the published one. The hash is checked when a run asks for the weights. */
  readonly otherSize: boolean;
}

/** Looks for the weights in Keras' cache, without reading them. */
export const lookForWeights = (name: BackboneName): WeightsHere => {
  const { file, size } = kerasFiles[name];
  for (const folder of kerasFolders('models')) {
    const path = join(folder, file);
    const known = statSync(path, { throwIfNoEntry: false });
    if (known?.isFile()) return { path, bytes: known.size, otherSize: size !== null && known.size !== size };
  }
  return { path: null, bytes: null, otherSize: false };
};

/**
 * Address of a file: Keras' own, or below `TLP_WEIGHTS_MIRROR`, where all files lie in one folder under the names that they have in
 * `~/.keras/models` (a copy of that folder behind any web server is a mirror).
 */
export const weightsUrl = (name: BackboneName): string => {
  const { url, file } = kerasFiles[name];
  const mirror = process.env.TLP_WEIGHTS_MIRROR;
  return mirror ? `${mirror.replace(/\/+$/, '')}/${file}` : url;
};

/** Path of the weights of `name`, checked by Keras' hash where there is one. Throws DownloadError, or the signal's reason. */
export const ensureKerasWeights = async (
  name: BackboneName,
  more: Pick<DownloadWish, 'signal' | 'onProgress' | 'retries' | 'stall' | 'pause'>,
): Promise<string> => {
  const { file, hash, size } = kerasFiles[name];
  const folders = kerasFolders('models');
  for (const folder of folders) if (await fileFits(join(folder, file), hash)) return join(folder, file);
  const folder = folders.find(writable) ?? folders[0];
  return ensureFile({ ...more, url: weightsUrl(name), folder, file, hash, size: size ?? undefined });
};

/** Makes the folder; false where that is not possible or nothing can be written into it. */
const writable = (folder: string): boolean => {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
};
