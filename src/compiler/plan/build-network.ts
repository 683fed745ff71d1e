// Verb: layer statements to layers of the plan.
import type { Block, Item, Statement } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import { missingValue, outOfRange, unexpectedBlock } from '../findings/words.ts';
import type { BlockName } from '../vocabulary/blocks.ts';
import { layerSugar, layers } from '../vocabulary/layers.ts';
import { hasWord, type Word } from '../vocabulary/word.ts';
import type { BranchKind, LayerKind, LayerPlan } from './plan.ts';
import { refuse } from './read-block.ts';
import { readEntry, readStatement } from './read-word.ts';
import { mark, report, type Scope } from './scope.ts';

/** Layers of a network, those in branches included. The deepest that were published have some three thousand. */
const MOST_LAYERS = 5000;

/** The layers of a block in order; damaged ones are left out (and were reported). */
export const buildLayerPlans = (scope: Scope, block: Block | null, name: BlockName): readonly LayerPlan[] => {
  const out: LayerPlan[] = [];
  let total = 0;
  for (const item of block?.items ?? []) {
    if (item.kind !== 'statement') {
      refuse(scope, item, name);
      continue;
    }
    const layers = item.broken ? [] : buildLayer(scope, item, name);
    total += layersIn(layers);
    if (total > MOST_LAYERS) {
      tooManyLayers(scope, item, total);
      break;
    }
    for (const layer of layers) out.push(layer);
  }
  return out;
};

/** How many layers these are, those in branches included. */
export const layersIn = (layers: readonly LayerPlan[]): number =>
  layers.reduce((sum, layer) => {
    const branches = 'branches' in layer ? layer.branches : [];
    return branches.reduce((inside, branch) => inside + layersIn(branch), sum + 1);
  }, 0);

const tooManyLayers = (scope: Scope, { span }: Statement, total: number): undefined =>
  report(
    scope,
    finding(outOfRange, span, `This makes ${total} layers; a network has at most ${MOST_LAYERS}.`, {
      help: 'Repeat fewer times, or write fewer layers.',
    }),
  );

const buildLayer = (scope: Scope, statement: Statement, name: BlockName): readonly LayerPlan[] => {
  const { text } = statement.word;
  if (text === 'repeat') return repeated(scope, statement, name);
  if (!hasWord(layers, text)) {
    refuse(scope, statement, name);
    return [];
  }
  if (isBranchKind(text)) return branched(scope, statement, text, name);
  const layer = readEntry(scope, layers, text, statement);
  return layer === undefined ? [] : [layer];
};

const isBranchKind = (kind: LayerKind): kind is BranchKind => {
  const word: Word = layers[kind];
  return word.block === 'branches';
};

const repeated = (scope: Scope, statement: Statement, name: BlockName): readonly LayerPlan[] => {
  const read = readStatement(scope, layerSugar.repeat, statement);
  const body = buildLayerPlans(scope, statement.block, name);
  if (statement.block === null) {
    report(
      scope,
      finding(unexpectedBlock, statement.word.span, '`repeat` needs a block.', {
        help: 'Write `repeat 3 { layers }`.',
      }),
    );
    return [];
  }
  if (read === undefined) return [];
  const { times } = read.fields;
  const total = times * layersIn(body);
  if (total > MOST_LAYERS) {
    tooManyLayers(scope, statement, total);
    return [];
  }
  return Array.from({ length: times }, () => body).flat();
};

const branched = (scope: Scope, statement: Statement, text: BranchKind, name: BlockName): readonly LayerPlan[] => {
  const read = readEntry(scope, layers, text, statement);
  const items: readonly Item[] = statement.block?.items ?? [];
  for (const item of items) {
    if (item.kind === 'branch' || item.broken) continue;
    report(
      scope,
      finding(unexpectedBlock, item.word.span, `\`${text}\` holds branches, each in its own braces.`, {
        help: `Write \`${text} { {} { ${item.word.text} … } }\`.`,
      }),
    );
    return [];
  }
  const branches = items.flatMap((item) => (item.kind === 'branch' ? [buildLayerPlans(scope, item.block, name)] : []));
  if (branches.length < 2) {
    if (!items.some((item) => item.broken)) {
      report(
        scope,
        finding(missingValue, statement.word.span, `\`${text}\` needs at least two branches.`, {
          help: `Write \`${text} { {} { conv 32 3x3 same } }\`; \`{}\` is the layer before.`,
        }),
      );
    }
    return [];
  }
  if (read === undefined) return [];
  const layer: LayerPlan = { ...read, branches };
  const from = scope.marks.get(read);
  return [mark(scope, layer, statement.span, from?.fields)];
};
