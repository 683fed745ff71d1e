// Verb: a small whole pipeline around the line that an example is about.

interface Lines {
  readonly before?: string;
  /** Lines of the data block beside the source. */
  readonly data?: string;
  readonly source?: string;
  readonly validation?: string;
  readonly augment?: string;
  /** The whole part; null: none. */
  readonly backbone?: string | null;
  readonly freeze?: string;
  readonly head?: string | null;
  readonly schedule?: string | null;
  readonly after?: string;
}

const block = (head: string, lines: readonly (string | null | undefined)[]): string => {
  const held = lines.filter((line) => line !== null && line !== undefined && line !== '');
  return `${head} {\n${held.map((line) => `  ${line}\n`).join('')}}`;
};

export const pipeline = (lines: Lines = {}): string =>
  `${[
    lines.before,
    block('data', [`source ${lines.source ?? 'digits'}`, lines.data, lines.validation]),
    lines.augment === undefined ? null : block('augment', [lines.augment]),
    lines.backbone === undefined ? block('backbone cnn', ['conv 8 3x3 same relu', 'max_pool 2x2']) : lines.backbone,
    lines.freeze,
    lines.head === null ? null : block('head', [lines.head ?? 'flatten']),
    lines.schedule === null || lines.schedule === undefined ? null : block('schedule', [lines.schedule]),
    lines.after,
  ]
    .filter((part) => part !== null && part !== undefined)
    .join('\n\n')}\n`;
