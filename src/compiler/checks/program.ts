// Verb: a read file to the findings about it as a whole: the order of its parts, what nothing uses, how many runs a sweep makes.
import type { Backbone, Part } from '../../parser/ast.ts';
import { type Diagnostic, finding } from '../../parser/diagnostic.ts';
import { removal } from '../findings/correction.ts';
import { headBeforeBackbone, largeSweep, unusedPart } from '../findings/program.ts';
import type { Program } from '../plan/collect.ts';

interface Facts {
  readonly program: Program;
  readonly runs: number;
  /** Runs whose networks were left out: they are too many. */
  readonly unseen: number;
  /** Parts that some run was built from, and names that some value used. */
  readonly usedParts: ReadonlySet<object>;
  readonly usedNames: ReadonlySet<string>;
  /** With errors elsewhere, what seems unused may only be misspelt where it is used. */
  readonly hasErrors: boolean;
}

export const checkProgram = (facts: Facts): readonly Diagnostic[] => [
  ...order(facts.program),
  ...(facts.hasErrors ? [] : unused(facts)),
  ...manyRuns(facts),
];

const manyRuns = ({ program, runs, unseen }: Facts): readonly Diagnostic[] => {
  const [sweep] = program.sweeps;
  const place = sweep ?? program.runs.at(-1) ?? program.schedule.values().next().value;
  if (place === undefined || (unseen === 0 && (runs <= 100 || sweep === undefined))) return [];
  const what = sweep === undefined ? 'This file' : 'This sweep';
  const rest = unseen === 0 ? '' : `; the networks of the last ${unseen} are not looked at before they run`;
  return [
    finding(largeSweep, place.word.span, `${what} makes ${runs} runs${rest}.`, {
      help: sweep === undefined ? 'Write several files.' : 'Sweep fewer values, or one parameter after the other.',
    }),
  ];
};

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
