// Verb: a run to the parts that it is made of: its own, those that it names, or the only ones of the file.
import type { Backbone, Item, Part, PartKind } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import type { Span } from '../../parser/source.ts';
import { correction } from '../findings/correction.ts';
import { missingPart } from '../findings/structure.ts';
import { ambiguousPart, unexpectedBlock, unknownName } from '../findings/words.ts';
import { suggestion, wordList } from '../leaf/nearest.ts';
import type { Program } from './collect.ts';
import { doubled } from './read-block.ts';
import { report, type Scope } from './scope.ts';

/** `missing`: the file has none; `none`: the run wants none; `damaged`: reported already. */
export type Picked<P> = P | 'missing' | 'none' | 'damaged';

/** The parts of a run, as far as there are some. */
export interface PickedParts {
  readonly data: Picked<Part>;
  readonly augment: Picked<Part>;
  readonly backbone: Picked<Backbone>;
  readonly head: Picked<Part>;
  readonly schedule: Picked<Part>;
}

type PartItem = Part | Backbone;

export const isPart = (item: Item): item is PartItem =>
  item.kind === 'data' ||
  item.kind === 'augment' ||
  item.kind === 'backbone' ||
  item.kind === 'head' ||
  item.kind === 'schedule';

/** `items` are those of the run; `where` is the place of findings about what it does not say. */
export const pickParts = (scope: Scope, program: Program, items: readonly Item[], where: Span): PickedParts => {
  const own = items.filter(isPart);
  const first = <K extends PartItem['kind']>(kind: K): Extract<PartItem, { readonly kind: K }> | undefined => {
    const [one, ...others] = own.filter((item): item is Extract<PartItem, { readonly kind: K }> => item.kind === kind);
    for (const other of others) if (one !== undefined) doubled(scope, other, one);
    return one;
  };
  const pick = (kind: PartKind): Picked<Part> => pickPart(scope, program, kind, first(kind), where);
  return {
    data: pick('data'),
    augment: pick('augment'),
    head: pick('head'),
    schedule: pick('schedule'),
    backbone: pickBackbone(scope, program, first('backbone'), where),
  };
};

const pickPart = (
  scope: Scope,
  program: Program,
  kind: PartKind,
  chosen: Part | undefined,
  where: Span,
): Picked<Part> => {
  const parts = program[kind];
  if (chosen === undefined) return onlyPart(scope, parts, kind, where);
  if (chosen.broken) return 'damaged';
  if (chosen.block !== null) return chosen;
  if (chosen.name === null) {
    report(
      scope,
      finding(unexpectedBlock, chosen.word.span, `Which ${kind}?`, {
        help: `Write \`${kind} NAME\` or \`${kind} { … }\`.`,
      }),
    );
    return 'damaged';
  }
  const found = parts.get(chosen.name.text);
  if (found !== undefined) return found;
  if (kind === 'augment' && chosen.name.text === 'none') return 'none';
  unknownPart(scope, kind, chosen.name.span, chosen.name.text, [...parts.keys()]);
  return 'damaged';
};

/** A name that no part of the file has is that of a known backbone, or is found not to be one when it is read. */
const pickBackbone = (scope: Scope, program: Program, chosen: Backbone | undefined, where: Span): Picked<Backbone> => {
  if (chosen === undefined) return onlyPart(scope, program.backbone, 'backbone', where);
  if (chosen.broken) return 'damaged';
  if (chosen.block !== null || chosen.name === null) return chosen;
  return program.backbone.get(chosen.name.text) ?? chosen;
};

const onlyPart = <P extends PartItem>(
  scope: Scope,
  parts: ReadonlyMap<string, P>,
  kind: string,
  where: Span,
): Picked<P> => {
  const [only] = parts.values();
  if (only === undefined) return 'missing';
  const nameless = parts.get('');
  if (parts.size === 1 || nameless !== undefined) return nameless ?? only;
  report(
    scope,
    finding(ambiguousPart, where, `It is not said which ${kind} to take: ${wordList([...parts.keys()])}.`, {
      help: `Name one in the run: \`${kind} ${[...parts.keys()][0]}\`.`,
    }),
  );
  return 'damaged';
};

const unknownPart = (scope: Scope, kind: string, span: Span, name: string, all: readonly string[]): void => {
  const names = all.filter((n) => n !== '');
  report(
    scope,
    finding(unknownName, span, `There is no ${kind} named \`${name}\`.`, {
      help: names.length === 0 ? `Define it: \`${kind} ${name} { … }\`.` : suggestion(name, names, 'names'),
      ...correction(span, name, names),
    }),
  );
};

const cures = {
  data: 'data { source digits }',
  backbone: 'backbone resnet50 { weights imagenet }',
  head: 'head { global_average_pooling }',
} as const;

/** Reports the parts that no run can do without. `what` lacks them: this file, or this run. */
export const reportMissing = (scope: Scope, program: Program, picked: PickedParts, where: Span, what: string): void => {
  for (const kind of ['data', 'backbone', 'head'] as const) {
    if (picked[kind] !== 'missing' || program.excused.has(kind)) continue;
    report(
      scope,
      finding(missingPart, where, `${what} has no ${kind}.`, { help: `Add \`${cures[kind]}\`, for example.` }),
    );
  }
};
