// Verb: layer statements to layers of the plan.
import type { Block, Item, Statement } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import { missingValue, outOfRange, unexpectedBlock } from '../findings/words.ts';
import type { BlockName } from '../vocabulary/blocks.ts';
import { layerSugar, layers } from '../vocabulary/layers.ts';
import type { Word } from '../vocabulary/word.ts';
import type { LayerPlan } from './plan.ts';
import { refuse } from './read-block.ts';
import { readStatement } from './read-word.ts';
import { mark, report, type Scope } from './scope.ts';

/** More than this are a mistake of `repeat`. */
const MOST_LAYERS = 10000;

/** The layers of a block in order; damaged ones are left out (and were reported). */
export const buildLayerPlans = (scope: Scope, block: Block | null, name: BlockName): readonly LayerPlan[] => {
  const out: LayerPlan[] = [];
  for (const item of block?.items ?? []) {
    if (item.kind !== 'statement') refuse(scope, item, name);
    else if (!item.broken) for (const layer of buildLayer(scope, item, name)) out.push(layer);
  }
  return out;
};

const buildLayer = (scope: Scope, statement: Statement, name: BlockName): readonly LayerPlan[] => {
  const { text } = statement.word;
  if (Object.hasOwn(layerSugar, text)) return repeated(scope, statement, layerSugar[text]!, name);
  if (!Object.hasOwn(layers, text)) {
    refuse(scope, statement, name);
    return [];
  }
  const word: Word = layers[text as keyof typeof layers];
  if (word.block === 'branches') return branched(scope, statement, word, name);
  const read = readStatement(scope, word, statement);
  if (read === undefined) return [];
  // The table's type (WordsFor<LayerPlan>) makes its fields those of the plan's layer.
  const layer = { kind: text, ...read.fields } as unknown as LayerPlan;
  return [mark(scope, layer, statement.span, read.spans)];
};

const repeated = (scope: Scope, statement: Statement, word: Word, name: BlockName): readonly LayerPlan[] => {
  const read = readStatement(scope, word, statement);
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
  const times = Number(read.fields.times);
  if (times * body.length > MOST_LAYERS) {
    report(
      scope,
      finding(
        outOfRange,
        statement.span,
        `This makes ${times * body.length} layers; a network has at most ${MOST_LAYERS}.`,
        {
          help: 'Repeat fewer times.',
        },
      ),
    );
    return [];
  }
  return Array.from({ length: times }, () => body).flat();
};

const branched = (scope: Scope, statement: Statement, word: Word, name: BlockName): readonly LayerPlan[] => {
  const { text } = statement.word;
  const read = readStatement(scope, word, statement);
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
  const layer = { kind: text, ...read.fields, branches } as unknown as LayerPlan;
  return [mark(scope, layer, statement.span, read.spans)];
};
