// Table: findings about a file as a whole.
import type { Rule } from '../diagnostic.ts';

const file = (code: string, name: string, summary: string, explanation: string): Rule => ({
  code,
  name,
  severity: 'error',
  summary,
  explanation,
  bad: '',
  good: '',
});

export const fileNotFound = file(
  'TLP1001',
  'file-not-found',
  'There is no such file, or it may not be read.',
  'Paths are relative to the folder that the command is called in.',
);
export const notUtf8 = file(
  'TLP1002',
  'not-utf8',
  'A file is not UTF-8.',
  'Pipelines are UTF-8 text, with or without a byte order mark, with any line ends.',
);
export const fileTooLarge = file(
  'TLP1004',
  'file-too-large',
  'A file is too large to be a pipeline.',
  'A pipeline of ten thousand lines has less than 1 MB. Images and weights are named in a pipeline, not held by it.',
);
export const emptyFile: Rule = {
  ...file(
    'TLP1003',
    'empty-file',
    'A file holds no statement.',
    'A pipeline needs data, a backbone and a head. `tlp init` writes one to begin with.',
  ),
  bad: '// nothing yet\n',
  good: `data {
  source digits
}

backbone cnn {
  conv 8 3x3 same relu
}

head {
  flatten
}
`,
};

export const fileRules: readonly Rule[] = [fileNotFound, notUtf8, emptyFile, fileTooLarge];
