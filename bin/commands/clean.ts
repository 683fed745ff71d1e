// Verb: `tlp clean [FOLDER]`: what processes that are gone left in a folder of runs, told apart and cleared away.
import type { Standing } from '../../src/runtime/run-folder/clean-leftovers.ts';
import { type CleanedFolder, cleanRuns } from '../../src/session/clean-runs.ts';
import { exitCode, guarded } from './fail.ts';
import { resumeCommand } from './resume-lines.ts';

export interface CleanOptions {
  readonly json?: boolean | undefined;
  /** What can go on, and what other machines left, too. */
  readonly all?: boolean | undefined;
}

const whose = ({ host }: CleanedFolder): string => (host === null ? '' : ` of ${host}`);

/** What is said of a folder that stays. */
const stays: Readonly<Record<Standing, (folder: CleanedFolder) => string>> = {
  live: (each) => `is being trained by process ${each.pid}${whose(each)}`,
  resumable: (each) => `was killed${whose(each)}: ${resumeCommand(each.path)}, or --all removes it`,
  begun: (each) => `was killed${whose(each)} before its first checkpoint: --all removes it`,
};

const lineOf = (each: CleanedFolder): string =>
  each.removed ? `removed ${each.path}` : `${each.path} ${stays[each.standing](each)}`;

/** Exit 0; 2 where the folder is none, or cannot be changed. */
export const clean = (folder = 'runs', { all, json }: CleanOptions = {}): Promise<number> =>
  guarded(async () => {
    const cleaned = await cleanRuns(folder, all === true);
    const lines = cleaned.length === 0 ? [`Nothing is left over in ${folder}.`] : cleaned.map(lineOf);
    process.stdout.write(`${json === true ? JSON.stringify(cleaned) : lines.join('\n')}\n`);
    return exitCode.done;
  });
