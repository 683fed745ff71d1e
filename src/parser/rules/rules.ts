// Table: findings about the text itself. One stable code and name each.
import { type Diagnostic, finding, MOST_MISTAKES, type Rule } from '../diagnostic.ts';
import type { Span } from '../source.ts';

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

export const tooManyWords: Rule = {
  code: 'TLP1016',
  name: 'too-many-words',
  severity: 'error',
  summary: 'A file of more than 50,000 words, values and signs.',
  explanation:
    'A pipeline has some hundred. What a program wrote is better said with `repeat`, `sweep` and `import`. The file is not read any further.',
  bad: '',
  good: '',
};

export const wordTooLong: Rule = {
  code: 'TLP1017',
  name: 'word-too-long',
  severity: 'error',
  summary: 'A word, text or number of more than 4,096 characters.',
  explanation:
    'No path or name is longer. Often the closing quote of a text is missing. The file is not read any further.',
  bad: '',
  good: '',
};

export const tooManyMistakes: Rule = {
  code: 'TLP1018',
  name: 'too-many-mistakes',
  severity: 'error',
  summary: 'More than 500 mistakes: the rest of the file is not looked at.',
  explanation:
    'So many mistakes mostly mean that the file is no pipeline, or that a bracket or quote near its beginning is wrong. Mend the first ones and check again.',
  bad: '',
  good: '',
};

/** The last finding of a file that is not looked at any further. */
export const restNotRead = (span: Span): Diagnostic =>
  finding(tooManyMistakes, span, `More than ${MOST_MISTAKES} mistakes: what follows is not looked at.`, {
    help: 'Mend the first ones and check again; if all is wrong, this may be no pipeline.',
  });

/** At most `MOST_MISTAKES` errors of sorted findings, and at the place of the next one that there are more. */
export const theFirst = (sorted: readonly Diagnostic[]): readonly Diagnostic[] => {
  let errors = 0;
  const end = sorted.findIndex(({ severity }) => severity === 'error' && ++errors > MOST_MISTAKES);
  if (end < 0) return sorted;
  return [...sorted.slice(0, end).filter(({ code }) => code !== tooManyMistakes.code), restNotRead(sorted[end]!.span)];
};

export const syntaxRules: readonly Rule[] = [
  unexpectedCharacter,
  unterminatedText,
  unclosedBracket,
  unmatchedBracket,
  unexpectedToken,
  nestedTooDeeply,
  tooManyWords,
  wordTooLong,
  tooManyMistakes,
];
