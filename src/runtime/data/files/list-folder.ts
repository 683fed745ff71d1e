// Verb: a folder with one folder of images for each class to its image files, by the rules of Keras' flow_from_directory.
import { type Dirent, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../source.ts';
import { FOREIGN_NAME, IMAGE_NAME, KINDS } from './image-kind.ts';
import { entriesOf } from './list-entries.ts';

/** One image and the index of its class. */
export interface LabelledFile {
  readonly path: string;
  readonly label: number;
}

export interface LabelledFiles {
  readonly classes: readonly string[];
  readonly files: readonly LabelledFile[];
}

/** Labels are kept in two bytes. */
export const MOST_CLASSES = 65_535;

const LAYOUT = 'It must hold one folder of images for each class.';

const inOrder = (names: readonly string[]): readonly string[] => [...names].sort((a, b) => (a < b ? -1 : 1));

/** A link to a folder is a folder. */
const isFolder = (entry: Dirent, at: string): boolean =>
  entry.isDirectory() || (entry.isSymbolicLink() && (statSync(at, { throwIfNoEntry: false })?.isDirectory() ?? false));

/** The images of a class, folders within included; links to folders are not followed there. */
const imagesOf = (folder: string): readonly string[] => {
  const entries = entriesOf(folder, LAYOUT);
  const files = inOrder(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name));
  const foreign = files.filter((name) => FOREIGN_NAME.test(name));
  if (foreign.length > 0) {
    const more = foreign.length > 1 ? ` (and ${foreign.length - 1} more there)` : '';
    throw new DataError(
      `${join(folder, foreign[0]!)}${more} is of a kind that is not read. Save it as ${KINDS}, or take it out of the folder.`,
    );
  }
  const folders = inOrder(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name));
  return [
    ...files.filter((name) => IMAGE_NAME.test(name)).map((name) => join(folder, name)),
    ...folders.flatMap((name) => imagesOf(join(folder, name))),
  ];
};

/** Folders by the class that they are: the same name, whether its accents are characters of their own (as macOS has them) or not, is one. */
const classFoldersOf = (folder: string, entries: readonly Dirent[]): ReadonlyMap<string, readonly string[]> => {
  const folders = new Map<string, string[]>();
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (!isFolder(entry, path)) continue;
    const name = entry.name.normalize('NFC');
    folders.set(name, [...(folders.get(name) ?? []), path]);
  }
  return folders;
};

/** Classes in the order of their names. Throws DataError. */
export const listFolder = (folder: string): LabelledFiles => {
  const entries = entriesOf(folder, LAYOUT);
  const folders = classFoldersOf(folder, entries);
  const classes = inOrder([...folders.keys()]);
  if (classes.length === 0) {
    const images = entries.filter(({ name }) => IMAGE_NAME.test(name)).length;
    const seen = images > 0 ? `${images} images, but no folder` : 'no folder';
    throw new DataError(`the folder ${folder} has no classes: it holds ${seen}. ${LAYOUT}`);
  }
  if (classes.length === 1)
    throw new DataError(
      `the folder ${folder} has a single class, ${classes[0]}: there is nothing to tell apart. ${LAYOUT}`,
    );
  if (classes.length > MOST_CLASSES)
    throw new DataError(
      `the folder ${folder} has ${classes.length} classes, and a network of tlp at most ${MOST_CLASSES}.`,
    );
  const files = classes.flatMap((name, label) => {
    const images = inOrder(folders.get(name)!).flatMap(imagesOf);
    if (images.length === 0)
      throw new DataError(
        `the class ${name} has no images: put image files (${KINDS}) into ${join(folder, name)}, or remove it.`,
      );
    return images.map((path) => ({ path, label }));
  });
  return { classes, files };
};

/** The test split: classes as `whose` has them; some may be absent. Throws DataError. */
export const listTestFolder = (
  folder: string,
  classes: readonly string[],
  whose: 'train folder' | 'run' = 'train folder',
): readonly LabelledFile[] => {
  const folders = classFoldersOf(folder, entriesOf(folder, LAYOUT));
  const unknown = inOrder([...folders.keys()]).find((name) => !classes.includes(name));
  if (unknown !== undefined)
    throw new DataError(
      `the test folder ${folder} has a class ${unknown} that the ${whose} lacks: its classes are ${classes.join(', ')}.`,
    );
  const files = classes.flatMap((name, label) =>
    inOrder(folders.get(name.normalize('NFC')) ?? [])
      .flatMap(imagesOf)
      .map((path) => ({ path, label })),
  );
  if (files.length === 0) throw new DataError(`the test folder ${folder} holds no images. ${LAYOUT}`);
  return files;
};
