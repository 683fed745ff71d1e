// Noun: named files that a run folder takes besides its own: a report, predictions, hashes.

/** Contents by name; `/` separates a folder from a file in it. */
export type ExtraFiles = Readonly<Record<string, string | Uint8Array>>;

/** Names that the run folder itself writes, in lower case. */
const own: ReadonlySet<string> = new Set([
  ...['pipeline.tlp', 'plan.yaml', 'data.json', 'events.jsonl', 'history.csv', 'result.json', 'reserve', 'sha256sums'],
  ...['model', 'checkpoints', 'checkpoint.safetensors', 'checkpoint.previous.safetensors'],
]);

/** Letters, digits, `.`, `-` and `_`, at most 80 of them, not hidden: safe on every disk. */
const isSafe = (part: string): boolean => /^[A-Za-z0-9_][A-Za-z0-9._-]{0,79}$/.test(part) && !part.endsWith('.');

/**
 * Throws RangeError for a name that leaves the folder, that a disk may refuse, that the folder writes itself, or that
 * another one is on a disk which does not tell capitals apart.
 */
export const checkExtraNames = (extras: ExtraFiles, taken: readonly string[] = []): void => {
  const seen = new Set(taken.map((name) => name.toLowerCase()));
  for (const name of Object.keys(extras)) {
    const parts = name.split('/');
    if (parts.length > 2 || !parts.every(isSafe))
      throw new RangeError(`'${name}' is no name for a file of a run folder`);
    if (own.has(parts[0]!.toLowerCase())) throw new RangeError(`'${name}' is a name that a run folder uses itself`);
    if (seen.has(name.toLowerCase())) throw new RangeError(`the run folder has a file '${name}' already`);
    seen.add(name.toLowerCase());
  }
};

/** Bytes that the files take. */
export const extraBytes = (extras: ExtraFiles): number =>
  Object.values(extras).reduce((sum, content) => sum + Buffer.byteLength(content), 0);
