// Verb: a name in a folder → the first place of that name that nobody has, taken.
import { join } from 'node:path';
import { systemCode } from './disk.ts';
import type { Disk } from './run-folder.ts';

/** A folder, empty until something is moved there. Of processes that want one name each gets another. */
export const claimPlace = async (
  disk: Pick<Disk, 'mkdir' | 'claim'>,
  parent: string,
  name: string,
): Promise<string> => {
  await disk.mkdir(parent);
  for (let attempt = 1; ; attempt += 1) {
    const place = join(parent, attempt === 1 ? name : `${name}-${attempt}`);
    try {
      await disk.claim(place);
      return place;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
};
