// Verb: folders of runs that can go on → the commands that do it, each on a line of its own that can be copied whole.

/** Options that a run does not keep in its folder, and that it had. */
export interface KeptOptions {
  readonly device?: string | undefined;
  readonly cache?: boolean | undefined;
  readonly cacheSize?: string | undefined;
  readonly checkpointEvery?: number | undefined;
  readonly acceptChangedData?: boolean | undefined;
}

/** A word as a POSIX shell reads it. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** `tlp run --resume FOLDER`, with the options that the run had. */
export const resumeCommand = (folder: string, options: KeptOptions = {}): string => {
  const { device, cache, cacheSize, checkpointEvery, acceptChangedData } = options;
  const words = [
    ...['tlp', 'run', '--resume', folder],
    ...(device === undefined ? [] : ['--device', device]),
    ...(cache === false ? ['--no-cache'] : []),
    ...(cacheSize === undefined ? [] : ['--cache-size', cacheSize]),
    ...(checkpointEvery === undefined ? [] : ['--checkpoint-every', `${checkpointEvery}`]),
    ...(acceptChangedData === true ? ['--accept-changed-data'] : []),
  ];
  return words.map(quoted).join(' ');
};

/** Empty where there is none. */
export const resumeLines = (folders: readonly string[], options: KeptOptions): string =>
  folders.map((folder) => `tlp: go on with it by\n  ${resumeCommand(folder, options)}\n`).join('');
