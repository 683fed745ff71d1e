// Verb: files and folders → the image files that they name: a folder gives all that are in it and below, in the order of their names.
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../source.ts';
import { FOREIGN_NAME, IMAGE_NAME, KINDS } from './image-kind.ts';
import { entriesOf } from './list-entries.ts';

/** Links to folders are not followed. Names of kinds that are not read are included: whoever reads them says so. Throws DataError. */
const namesBelow = (folder: string, at = ''): readonly string[] =>
  entriesOf(join(folder, at)).flatMap((entry) => {
    const name = at === '' ? entry.name : `${at}/${entry.name}`;
    if (entry.isDirectory()) return namesBelow(folder, name);
    return IMAGE_NAME.test(name) || FOREIGN_NAME.test(name) ? [name] : [];
  });

/** Images of one folder. Throws DataError where there are none. */
export const imagesBelow = (folder: string): readonly string[] => {
  const names = [...namesBelow(folder)].sort((a, b) => (a < b ? -1 : 1));
  if (names.length === 0)
    throw new DataError(`the folder ${folder} holds no images: put files into it that are ${KINDS}.`);
  return names.map((name) => join(folder, name));
};

/** In the order in which they are named. A file that is not there is listed, too: reading it says so. Throws DataError. */
export const listImages = (paths: readonly string[]): readonly string[] =>
  paths.flatMap((path) =>
    statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? imagesBelow(path) : [path],
  );
