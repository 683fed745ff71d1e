// Verb: what a run knew of its data and what they are now → whether it may go on.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type ClassFingerprint, changesOf, type DataFingerprint } from '../runtime/data/fingerprint.ts';
import { isList, isRecord, isText } from '../runtime/run-folder/guards.ts';
import { damaged, readJson } from '../runtime/run-folder/read-file.ts';
import { SessionError } from './session-error.ts';

/** Name of the fingerprint in a run folder. */
export const dataFile = 'data.json';

const isDigest = (value: unknown): value is string | null => value === null || isText(value);

const isClass = (value: unknown): value is ClassFingerprint =>
  isRecord(value) && typeof value.images === 'number' && isDigest(value.files) && isDigest(value.content);

const isFingerprint = (value: unknown): value is DataFingerprint => {
  if (!isRecord(value) || !isList(value.classes, isText) || !isRecord(value.splits)) return false;
  const { train, test } = value.splits;
  const { length } = value.classes;
  return isList(train, isClass) && train.length === length && isList(test, isClass) && test.length === length;
};

/** Null where the folder has none, as an earlier version left it. Throws RunFolderError where it is damaged. */
export const readFingerprint = async (folder: string): Promise<DataFingerprint | null> => {
  if (!existsSync(join(folder, dataFile))) return null;
  const value = await readJson(folder, dataFile);
  if (!isFingerprint(value)) throw damaged(folder, dataFile, 'is damaged: it does not say what the data were');
  return value;
};

/**
 * What there is to warn of where the data are others and that was accepted; null where they are the same. Throws SessionError, which names what
 * differs, where it was not.
 */
export const checkSameData = (
  run: string,
  before: DataFingerprint,
  now: DataFingerprint,
  accepted: boolean,
): string | null => {
  const changes = changesOf(before, now);
  if (changes.length === 0) return null;
  const what = `the data of run "${run}" are not those that it was trained on: ${changes.join('; ')}`;
  const cost = 'validation may hold images that were trained on, and scores from before and after cannot be compared';
  if (accepted) return `${what}. It goes on with them: ${cost}.`;
  throw new SessionError(
    `${what}. Bring them back as they were, run the pipeline anew, or add --accept-changed-data (${cost})`,
  );
};
