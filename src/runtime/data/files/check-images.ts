// Verb: image files → nothing, or one error that names those that cannot be used. Looks at both ends of each, not at what is between.
import { notAFile } from '../../read-regular.ts';
import { DataError } from '../source.ts';
import { checkKind } from './decode-image.ts';
import { checkEnds } from './image-header.ts';
import { KINDS, kindOf } from './image-kind.ts';
import { ImageError } from './pixels.ts';
import { readEnds, readImageFile } from './read-file.ts';

const REPLACE = `Replace it by a whole ${KINDS} image, or take it out of the data.`;
const RESTORE = 'Put it there, or take it out of the data.';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not there: a part of its path is no folder',
  EACCES: 'cannot be read: there is no permission',
  ELOOP: 'is a link that leads in a circle',
  EISDIR: 'is a folder, not an image',
  ENAMETOOLONG: 'is not there: its name is too long',
};

/** What is wrong with it, and what helps. */
const problemOf = (error: unknown): { readonly problem: string; readonly cure: string } => {
  if (error instanceof ImageError) return { problem: error.message, cure: REPLACE };
  const code = (error as NodeJS.ErrnoException).code ?? String(error);
  return { problem: reasons[code] ?? notAFile(error) ?? `cannot be read (${code})`, cure: RESTORE };
};

/** The error for an image that cannot be used. */
export const asDataError = (path: string, error: unknown): DataError => {
  const { problem, cure } = problemOf(error);
  return new DataError(`${path} ${problem}. ${cure}`);
};

const SHOWN = 20;

const asOneError = (bad: readonly (readonly [path: string, error: unknown])[]): DataError => {
  if (bad.length === 1) return asDataError(...bad[0]!);
  const named = bad.slice(0, SHOWN).map(([path, error]) => asDataError(path, error).message);
  const more = bad.length > SHOWN ? [`and ${bad.length - SHOWN} more`] : [];
  return new DataError(`${bad.length} images cannot be used:`, [...named, ...more]);
};

/** Throws DataError, which names at most twenty and says how many there are. */
export const checkImages = async (paths: Iterable<string>): Promise<void> => {
  const bad: (readonly [string, unknown])[] = [];
  for (const path of new Set(paths)) {
    try {
      const ends = readEnds(path);
      const kind = kindOf(ends.head);
      checkEnds(kind, ends, () => readImageFile(path));
      await checkKind(kind, ends.head);
    } catch (error) {
      bad.push([path, error]);
    }
  }
  if (bad.length > 0) throw asOneError(bad);
};
