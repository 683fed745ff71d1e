// Noun and verb: what was asked of a file of several runs, kept in their common folder until all have ended.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parsePlan } from '../compiler/plan/parse-plan.ts';
import type { Plan } from '../compiler/plan/plan.ts';
import { realDisk } from '../runtime/run-folder/disk.ts';
import { isRecord } from '../runtime/run-folder/guards.ts';
import { damaged, readJson } from '../runtime/run-folder/read-file.ts';

export const askedFile = 'asked.json';

export interface Asked {
  /** With all runs, in the order to train them. */
  readonly plan: Plan;
  /** The pipeline as the file has it. */
  readonly text: string;
  /** At most so many train images; null: all. */
  readonly limit: number | null;
}

/** Throws what the disk throws. */
export const writeAsked = async (folder: string, asked: Asked): Promise<void> => {
  await realDisk.mkdir(folder);
  const fresh = join(folder, `.${askedFile}.new`);
  await writeFile(fresh, JSON.stringify(asked));
  await rename(fresh, join(folder, askedFile));
};

/** With the folder, if nothing else is in it. */
export const removeAsked = async (folder: string): Promise<void> => {
  await rm(join(folder, askedFile), { force: true });
  await realDisk.removeEmpty(folder);
};

/** Null where there is no such file. Throws RunFolderError where it is damaged. */
export const readAsked = async (folder: string): Promise<Asked | null> => {
  const there = await readFile(join(folder, askedFile)).then(
    () => true,
    () => false,
  );
  if (!there) return null;
  const json = await readJson(folder, askedFile);
  const broken = (problem: string) => damaged(folder, askedFile, problem, 'run the pipeline anew');
  if (!isRecord(json) || typeof json.text !== 'string') throw broken('is damaged: it is not what tlp wrote');
  const { text, limit } = json;
  if (limit !== null && typeof limit !== 'number') throw broken('is damaged: its limit is no number');
  const parsed = parsePlan(JSON.stringify(json.plan ?? null));
  if ('problem' in parsed) throw broken(parsed.problem);
  return { plan: parsed.plan, text, limit };
};
