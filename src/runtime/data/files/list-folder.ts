// Verb: a folder with one folder of images for each class to its image files, by the rules of Keras' flow_from_directory.
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../source.ts';

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

const READ = /\.(png|jpe?g|jfif)$/i;
/** Images that Keras reads and tlp does not: never left out in silence. */
const NOT_READ = /\.(gif|bmp|tiff?|webp|ppm|avif|heic)$/i;

const LAYOUT = 'It must hold one folder of images for each class.';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'it is no folder',
  EACCES: 'there is no permission to read it',
  ELOOP: 'its links lead in a circle',
};

/** Node gives a replacement character for bytes of a name that are no UTF-8, and finds no file under it. Throws DataError. */
const readable = (folder: string, entries: readonly Dirent[]): readonly Dirent[] => {
  const odd = entries.find(({ name }) => name.includes('\ufffd'));
  if (odd === undefined) return entries;
  throw new DataError(
    `the folder ${folder} holds a name that is not UTF-8: ${odd.name}. Rename it (from Latin-1: convmv -f latin1 -t utf-8 --notest).`,
  );
};

/** Throws DataError. */
const entriesOf = (folder: string): readonly Dirent[] => {
  try {
    return readable(folder, readdirSync(folder, { withFileTypes: true }));
  } catch (error) {
    if (error instanceof DataError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new DataError(`the folder ${folder} cannot be read: ${reasons[code] ?? code}. ${LAYOUT}`);
  }
};

/** Hidden ones are tools' own: Keras would make a class of `.ipynb_checkpoints`. */
const shown = ({ name }: Dirent): boolean => !name.startsWith('.');

const inOrder = (names: readonly string[]): readonly string[] => [...names].sort((a, b) => (a < b ? -1 : 1));

/** A link to a folder is a folder. */
const isFolder = (entry: Dirent, at: string): boolean =>
  entry.isDirectory() || (entry.isSymbolicLink() && (statSync(at, { throwIfNoEntry: false })?.isDirectory() ?? false));

/** The images of a class, folders within included; links to folders are not followed there. */
const imagesOf = (folder: string): readonly string[] => {
  const entries = entriesOf(folder).filter(shown);
  const files = inOrder(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name));
  const foreign = files.filter((name) => NOT_READ.test(name));
  if (foreign.length > 0) {
    const more = foreign.length > 1 ? ` (and ${foreign.length - 1} more there)` : '';
    throw new DataError(
      `${join(folder, foreign[0]!)}${more} is no PNG or JPEG image. Save it as one of these, or take it out of the folder.`,
    );
  }
  const folders = inOrder(entries.filter((entry) => entry.isDirectory()).map(({ name }) => name));
  return [
    ...files.filter((name) => READ.test(name)).map((name) => join(folder, name)),
    ...folders.flatMap((name) => imagesOf(join(folder, name))),
  ];
};

/**
 * The folders of each class. One name may be written in two ways (é as one character or as two: macOS writes the one, most others the other),
 * and means one class.
 */
const placesOf = (folder: string, entries: readonly Dirent[]): ReadonlyMap<string, readonly string[]> => {
  const places = new Map<string, string[]>();
  for (const { name } of entries.filter((entry) => isFolder(entry, join(folder, entry.name)))) {
    const known = places.get(name.normalize('NFC'));
    if (known === undefined) places.set(name.normalize('NFC'), [join(folder, name)]);
    else known.push(join(folder, name));
  }
  return places;
};

/** Classes in the order of their names. Throws DataError. */
export const listFolder = (folder: string): LabelledFiles => {
  const entries = entriesOf(folder).filter(shown);
  const places = placesOf(folder, entries);
  const classes = inOrder([...places.keys()]);
  if (classes.length === 0) {
    const images = entries.filter(({ name }) => READ.test(name)).length;
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
    const images = places.get(name)!.flatMap(imagesOf);
    if (images.length === 0)
      throw new DataError(
        `the class ${name} has no images: put PNG or JPEG files into ${join(folder, name)}, or remove it.`,
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
  const places = placesOf(folder, entriesOf(folder).filter(shown));
  const unknown = inOrder([...places.keys()]).find((name) => !classes.includes(name));
  if (unknown !== undefined)
    throw new DataError(
      `the test folder ${folder} has a class ${unknown} that the ${whose} lacks: its classes are ${classes.join(', ')}.`,
    );
  const files = classes.flatMap((name, label) =>
    (places.get(name) ?? []).flatMap(imagesOf).map((path) => ({ path, label })),
  );
  if (files.length === 0) throw new DataError(`the test folder ${folder} holds no images. ${LAYOUT}`);
  return files;
};
