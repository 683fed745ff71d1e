// Table: findings about names and values. One stable code and name each; the messages stand where they are found.
import type { Rule } from '../../parser/diagnostic.ts';
import { pipeline } from './example.ts';

const rule = (
  code: string,
  name: string,
  summary: string,
  explanation: string,
  bad: string,
  good: string,
  severity: Rule['severity'] = 'error',
): Rule => ({ code, name, severity, summary, explanation, bad, good });

export const unknownWord = rule(
  'TLP1101',
  'unknown-word',
  'A statement begins with a word that the language does not know.',
  'Each block has its own words; `tlp words BLOCK` lists them.',
  pipeline({ schedule: 'epoch 5' }),
  pipeline({ schedule: 'epochs 5' }),
);
export const misplacedWord = rule(
  'TLP1102',
  'misplaced-word',
  'A known word stands in a block that it does not belong in.',
  'Move it to the block named in the message.',
  pipeline({ head: 'flatten\n  epochs 5' }),
  pipeline({ head: 'flatten', schedule: 'epochs 5' }),
);
export const duplicateName = rule(
  'TLP1103',
  'duplicate-name',
  'Two parts, runs or values of the same kind have the same name.',
  'Names are how runs find parts and how results are told apart, so they must differ.',
  pipeline({ after: 'run "a" { epochs 1 }\nrun "a" { epochs 2 }' }),
  pipeline({ after: 'run "a" { epochs 1 }\nrun "b" { epochs 2 }' }),
);
export const duplicateStatement = rule(
  'TLP1104',
  'duplicate-statement',
  'The same thing is said twice in one block.',
  'Only one of the two can hold, so neither is silently preferred. Remove one.',
  pipeline({ schedule: 'batch 32\n  batch 64' }),
  pipeline({ schedule: 'batch 64' }),
);
export const unknownParameter = rule(
  'TLP1105',
  'unknown-parameter',
  'A word does not have this parameter.',
  '`tlp words BLOCK` lists the parameters of each word.',
  pipeline({ schedule: 'optimizer adam(learning: 1e-3)' }),
  pipeline({ schedule: 'optimizer adam(lr: 1e-3)' }),
);
export const duplicateParameter = rule(
  'TLP1106',
  'duplicate-parameter',
  'A parameter is given twice.',
  'A plain value and a named one may mean the same parameter. Remove one.',
  pipeline({ head: 'flatten\n  dense 256 relu (units: 128)' }),
  pipeline({ head: 'flatten\n  dense 256 relu' }),
);
export const unknownName = rule(
  'TLP1107',
  'unknown-name',
  'A name that nothing in the file has.',
  'A run names parts of the file; `continues` names another run; `--set` names a `param`.',
  pipeline({ after: 'run "a" { head mlp }' }),
  pipeline({ head: null, after: 'head mlp { flatten }\n\nrun "a" { head mlp }' }),
);
export const unknownBackbone = rule(
  'TLP1108',
  'unknown-backbone',
  'A backbone that tlp does not know.',
  '`tlp backbones` lists the known ones. A network of your own is `backbone name { layers }`.',
  pipeline({ backbone: 'backbone resnet5 { weights none }', data: 'size 64x64' }),
  pipeline({ backbone: 'backbone resnet50 { weights none }', data: 'size 64x64' }),
);
export const ambiguousPart = rule(
  'TLP1109',
  'ambiguous-part',
  'A run does not say which of several parts it takes.',
  'What a run does not name, it takes from the only part of that kind. With several, it has to name one.',
  pipeline({ head: null, after: 'head a { flatten }\nhead b { flatten; dense 16 relu }\nrun "x" { epochs 1 }' }),
  pipeline({
    head: null,
    after:
      'head a { flatten }\nhead b { flatten; dense 16 relu }\nrun "x" { head a; epochs 1 }\nrun "y" { head b; epochs 1 }',
  }),
);
export const unexpectedBlock = rule(
  'TLP1110',
  'unexpected-block',
  'A block where the word takes none, or none where it needs one.',
  'Parameters stand in parentheses: `conv 32 3x3 (stride: 2x2)`. Only parts, stages, runs and branches have blocks.',
  pipeline({ schedule: 'batch 32 { epochs 3 }' }),
  pipeline({ schedule: 'batch 32' }),
);

export const wrongType = rule(
  'TLP1201',
  'wrong-type',
  'A value of another kind than the word takes.',
  'The message says what the word takes.',
  pipeline({ schedule: 'batch "many"' }),
  pipeline({ schedule: 'batch 32' }),
);
export const wrongUnit = rule(
  'TLP1202',
  'wrong-unit',
  'A value with the wrong unit, or without the unit it needs.',
  'Units are part of values: shares are `50%`, angles `20deg`, sizes `224x224`.',
  pipeline({ augment: 'rotate 20' }),
  pipeline({ augment: 'rotate 20deg' }),
);
export const outOfRange = rule(
  'TLP1203',
  'out-of-range',
  'A value outside of the range in which it makes sense.',
  'The message says the range.',
  pipeline({ head: 'flatten\n  dropout 150%' }),
  pipeline({ head: 'flatten\n  dropout 15%' }),
);
export const missingValue = rule(
  'TLP1204',
  'missing-value',
  'A word lacks a value that it needs.',
  'The message names what is missing.',
  pipeline({ head: 'flatten\n  dense relu' }),
  pipeline({ head: 'flatten\n  dense 64 relu' }),
);
export const extraValue = rule(
  'TLP1205',
  'extra-value',
  'More values than the word takes.',
  'Often two statements on one line: put each on its own line, or `;` between.',
  pipeline({ head: 'flatten dense' }),
  pipeline({ head: 'flatten' }),
);
export const unknownChoice = rule(
  'TLP1206',
  'unknown-choice',
  'A word that is not one of those allowed here.',
  'The message lists what is allowed.',
  pipeline({ schedule: 'optimizer adm' }),
  pipeline({ schedule: 'optimizer adam' }),
);
export const wrongArithmetic = rule(
  'TLP1207',
  'wrong-arithmetic',
  'A calculation that has no result.',
  'Numbers of the same unit can be added; a number with a unit can be multiplied and divided by one without.',
  pipeline({ before: 'let n = 20deg + 5%', augment: 'rotate 20deg' }),
  pipeline({ before: 'let n = 20deg + 5deg', augment: 'rotate n' }),
);
export const wrongSentence = rule(
  'TLP1208',
  'wrong-sentence',
  'A sentence that tlp does not understand.',
  '`freeze none`, `freeze backbone`, `freeze backbone except last 4 layers`, `freeze backbone except block5_*`, `freeze backbone except from conv5_block1_1_conv`, `freeze first 100 layers`, `freeze all`; `validation 20% of train`, with `stratified` at the end if wanted, `validation folder("path")`, `validation test`, `validation none`.',
  pipeline({ freeze: 'freeze everything' }),
  pipeline({ freeze: 'freeze backbone' }),
);

export const wordRules: readonly Rule[] = [
  unknownWord,
  misplacedWord,
  duplicateName,
  duplicateStatement,
  unknownParameter,
  duplicateParameter,
  unknownName,
  unknownBackbone,
  ambiguousPart,
  unexpectedBlock,
  wrongType,
  wrongUnit,
  outOfRange,
  missingValue,
  extraValue,
  unknownChoice,
  wrongArithmetic,
  wrongSentence,
];
