// Verb: a folder → what is in it, as far as it can be named: hidden ones are left out, names that are no UTF-8 are an error.
import { isUtf8 } from 'node:buffer';
import { type Dirent, lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '../source.ts';
import { IMAGE_NAME } from './image-kind.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such folder',
  ENOTDIR: 'it is no folder',
  EACCES: 'there is no permission to read it',
  ELOOP: 'its links lead in a circle',
};

const SHOWN = 20;

/** Node replaces what is no UTF-8 in a name; such a name opens nothing. */
const isLost = (folder: string, entry: Dirent): boolean =>
  entry.name.includes('\ufffd') &&
  (entry.isDirectory() || IMAGE_NAME.test(entry.name)) &&
  lstatSync(join(folder, entry.name), { throwIfNoEntry: false }) === undefined;

/** Names from systems before UTF-8 are mostly Latin-1, and shown as such. */
const refuseLost = (folder: string): never => {
  const names = readdirSync(folder, { encoding: 'latin1' }).filter((name) => !isUtf8(Buffer.from(name, 'latin1')));
  const shown = names.slice(0, SHOWN).map((name) => JSON.stringify(name));
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  const [what, them] = names.length === 1 ? ['a name that is', 'it'] : [`${names.length} names that are`, 'them'];
  throw new DataError(
    `the folder ${folder} has ${what} no UTF-8 (as Latin-1: ${shown.join(', ')}${more}): rename ${them}, as convmv -f latin1 -t utf8 -r --notest does.`,
  );
};

/** Those that are not hidden (these are tools' own). `layout` says how a folder should be. Throws DataError. */
export const entriesOf = (folder: string, layout = ''): readonly Dirent[] => {
  let entries: readonly Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    throw new DataError(
      `the folder ${folder} cannot be read: ${reasons[code] ?? code}.${layout === '' ? '' : ` ${layout}`}`,
    );
  }
  const shown = entries.filter(({ name }) => !name.startsWith('.'));
  if (shown.some((entry) => isLost(folder, entry))) refuseLost(folder);
  return shown;
};
