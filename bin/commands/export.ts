// Verb: `tlp export RUN --to FORMAT`: a finished run as a model of another program.

import { plain } from '../../src/report/plain-text.ts';
import { exportRun, type FormatName } from '../../src/session/export-run.ts';
import { exitCode, guarded } from './fail.ts';
import { version } from './version.ts';

export interface ExportCommandOptions {
  readonly to: FormatName;
  readonly out?: string | undefined;
  readonly preprocess?: 'inside' | 'outside' | undefined;
  /** With Keras: the training as a program, too. */
  readonly train?: boolean | undefined;
  readonly force?: boolean | undefined;
}

/** Prints the path of what was written. */
export const exportModel = (folder: string, options: ExportCommandOptions): Promise<number> =>
  guarded(async () => {
    const { to, out, preprocess, train = false, force = false } = options;
    const path = await exportRun(folder, { to, out, preprocess, force, train, version });
    process.stdout.write(`wrote ${plain(path)}\n`);
    return exitCode.done;
  });
