// Rules about the file as a whole: the order of its parts, what nothing uses, how many runs a sweep makes.
import type { Backbone, Part } from '../../parser/ast.ts';
import { type Diagnostic, finding, type Rule } from '../../parser/diagnostic.ts';
import type { Program } from '../plan/collect.ts';
import { removal } from './correction.ts';
import { pipeline } from './example.ts';

export const headBeforeBackbone: Rule = {
  code: 'TLP2010',
  name: 'head-before-backbone',
  severity: 'error',
  summary: 'The head stands before the backbone.',
  explanation:
    'A file reads in the direction in which an image goes through the network: backbone first, then its head.',
  bad: pipeline({ backbone: null, head: null, after: 'head {\n  flatten\n}\n\nbackbone cnn {\n  conv 8 3x3 relu\n}' }),
  good: pipeline({ backbone: null, head: null, after: 'backbone cnn {\n  conv 8 3x3 relu\n}\n\nhead {\n  flatten\n}' }),
};

export const unusedPart: Rule = {
  code: 'TLP2110',
  name: 'unused-part',
  severity: 'warning',
  summary: 'A part or a value that no run uses.',
  explanation: 'It has no effect. Often a run should name it and does not.',
  bad: pipeline({ before: 'let width = 64' }),
  good: pipeline({ before: 'let width = 64', head: 'flatten\n  dense width relu' }),
};

export const largeSweep: Rule = {
  code: 'TLP2112',
  name: 'large-sweep',
  severity: 'warning',
  summary: 'A sweep makes more than 100 runs.',
  explanation: 'Each combination is a whole training. Sweep fewer values, or one parameter after the other.',
  bad: pipeline({
    before: 'param lr = 1e-3\nparam rate = 50%',
    head: 'flatten\n  dropout rate',
    schedule: 'optimizer adam(lr: lr)',
    after: 'sweep {\n  lr in 0.001..0.011 step 0.001\n  rate in 10%..60% step 5%\n}',
  }),
  good: pipeline({
    before: 'param lr = 1e-3\nparam rate = 50%',
    head: 'flatten\n  dropout rate',
    schedule: 'optimizer adam(lr: lr)',
    after: 'sweep {\n  lr in [1e-2, 1e-3, 1e-4]\n  rate in 20%..60% step 20%\n}',
  }),
};

export const programRules: readonly Rule[] = [headBeforeBackbone, unusedPart, largeSweep];

interface Facts {
  readonly program: Program;
  readonly runs: number;
  /** Parts that some run was built from, and names that some value used. */
  readonly usedParts: ReadonlySet<object>;
  readonly usedNames: ReadonlySet<string>;
  /** With errors elsewhere, what seems unused may only be misspelt where it is used. */
  readonly hasErrors: boolean;
}

export const checkProgram = (facts: Facts): readonly Diagnostic[] => [
  ...order(facts.program),
  ...(facts.hasErrors ? [] : unused(facts)),
  ...(facts.runs > 100 && facts.program.sweeps[0] !== undefined
    ? [
        finding(largeSweep, facts.program.sweeps[0].word.span, `This sweep makes ${facts.runs} runs.`, {
          help: 'Sweep fewer values, or one parameter after the other.',
        }),
      ]
    : []),
];

const order = ({ head, backbone }: Program): readonly Diagnostic[] => {
  const [first] = head.values();
  const [base] = backbone.values();
  if (first === undefined || base === undefined || first.span.file !== base.span.file) return [];
  if (first.span.start > base.span.start) return [];
  return [
    finding(headBeforeBackbone, first.word.span, 'The head stands before the backbone.', {
      help: 'Move it behind the backbone.',
      fix: {
        title: 'Move it behind the backbone',
        edits: [{ kind: 'move', span: first.span, behind: base.span }],
        safe: true,
      },
      related: [{ span: base.word.span, message: 'the backbone' }],
    }),
  ];
};

const unused = ({ program, usedParts, usedNames }: Facts): readonly Diagnostic[] => {
  const kinds = ['data', 'augment', 'backbone', 'head', 'schedule'] as const;
  const parts = kinds.flatMap((kind): readonly (Part | Backbone)[] => [...program[kind].values()]);
  const main = program.sources[0]?.name;
  return [
    ...parts
      .filter((part) => !usedParts.has(part) && !part.broken && part.span.file === main)
      .map((part) =>
        finding(
          unusedPart,
          part.word.span,
          `No run uses this ${part.kind}${part.name === null ? '' : ` \`${part.name.text}\``}.`,
          {
            help: 'Name it in a run, or remove it.',
            ...removal(part.span, false),
          },
        ),
      ),
    ...program.values
      .filter((item) => item.name !== null && !usedNames.has(item.name.text) && !item.broken && item.span.file === main)
      .map((item) =>
        finding(unusedPart, item.name!.span, `Nothing uses \`${item.name!.text}\`.`, {
          help: 'Use it where the value stands, or remove it.',
          ...removal(item.span, false),
        }),
      ),
  ];
};
