// Verb: files and folders → the image files that they name: a folder gives all that are in it and below, in the order of their names.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../source.ts';

/** Names of images, those of kinds that are not read included: whoever reads them says so. */
const IMAGE = /\.(png|jpe?g|jfif|gif|bmp|tiff?|webp|ppm|avif|heic)$/i;

/** Hidden ones are tools' own; links to folders are not followed. Throws DataError. */
const namesBelow = (folder: string, at = ''): readonly string[] => {
  const entries = () => readdirSync(join(folder, at), { withFileTypes: true });
  let found: ReturnType<typeof entries>;
  try {
    found = entries();
  } catch (error) {
    throw new DataError(
      `the folder ${join(folder, at)} cannot be read: ${(error as NodeJS.ErrnoException).code ?? error}`,
    );
  }
  return found
    .filter(({ name }) => !name.startsWith('.'))
    .flatMap((entry) => {
      const name = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory()) return namesBelow(folder, name);
      return IMAGE.test(entry.name) ? [name] : [];
    });
};

/** Images of one folder. Throws DataError where there are none. */
export const imagesBelow = (folder: string): readonly string[] => {
  const names = [...namesBelow(folder)].sort((a, b) => (a < b ? -1 : 1));
  if (names.length === 0) throw new DataError(`the folder ${folder} holds no images: put PNG or JPEG files into it.`);
  return names.map((name) => join(folder, name));
};

/** In the order in which they are named. A file that is not there is listed, too: reading it says so. Throws DataError. */
export const listImages = (paths: readonly string[]): readonly string[] =>
  paths.flatMap((path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? imagesBelow(path) : [path],
  );
