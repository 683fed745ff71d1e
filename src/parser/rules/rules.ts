// Table: findings about the text itself. One stable code and name each.
import type { Rule } from '../diagnostic.ts';

const file = (line: string): string => `data {
  source digits
}

backbone cnn {
  conv 8 3x3 same relu
}

head {
  flatten
}

schedule {
  ${line}
}
`;

export const unexpectedCharacter: Rule = {
  code: 'TLP1010',
  name: 'unexpected-character',
  severity: 'error',
  summary: 'A character that is no part of the language.',
  explanation:
    'Words consist of letters, digits and `_`; texts stand in double quotes; comments begin with `//`. Other characters are left out while reading, so that the rest of the file is still checked.',
  bad: file('batch § 32'),
  good: file('batch 32'),
};

export const unterminatedText: Rule = {
  code: 'TLP1011',
  name: 'unterminated-text',
  severity: 'error',
  summary: 'A text that is not closed before the end of its line.',
  explanation: 'A text begins and ends with a double quote on the same line.',
  bad: `import "common.tlp\n${file('batch 32')}`,
  good: file('batch 32'),
};

export const unclosedBracket: Rule = {
  code: 'TLP1012',
  name: 'unclosed-bracket',
  severity: 'error',
  summary: 'An opening `{`, `(` or `[` without its partner.',
  explanation:
    'Blocks are closed by `}`, calls by `)`, lists by `]`. Where the partner is missing, reading goes on as if it stood at the end of the line (for calls and lists) or before the next part of the file (for blocks).',
  bad: file('optimizer adam(lr: 1e-3'),
  good: file('optimizer adam(lr: 1e-3)'),
};

export const unmatchedBracket: Rule = {
  code: 'TLP1013',
  name: 'unmatched-bracket',
  severity: 'error',
  summary: 'A closing `}`, `)` or `]` that closes nothing.',
  explanation: 'It is left out while reading, so that the rest of the file is still checked.',
  bad: file('optimizer adam)'),
  good: file('optimizer adam'),
};

export const unexpectedToken: Rule = {
  code: 'TLP1014',
  name: 'unexpected-token',
  severity: 'error',
  summary: 'Something stands where the language expects something else.',
  explanation:
    'There are two forms only: a statement `word value …`, one a line or with `;` between, and a call `word(key: value)` for a value with parameters. There is no `=` or `:` between a word and its value.',
  bad: file('batch = 32'),
  good: file('batch 32'),
};

export const nestedTooDeeply: Rule = {
  code: 'TLP1015',
  name: 'nested-too-deeply',
  severity: 'error',
  summary: 'More than 100 brackets are open at once.',
  explanation: 'No pipeline needs more than a dozen. The file is not read any further.',
  bad: `let x = ${'('.repeat(101)}1${')'.repeat(101)}\n`,
  good: `let x = (1)\n${file('batch x')}`,
};

export const syntaxRules: readonly Rule[] = [
  unexpectedCharacter,
  unterminatedText,
  unclosedBracket,
  unmatchedBracket,
  unexpectedToken,
  nestedTooDeeply,
];
