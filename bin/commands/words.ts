// Verb: `tlp words [BLOCK]` and `tlp backbones`: the vocabulary as tables.

import { suggestion } from '../../src/compiler/leaf/nearest.ts';
import type { BackboneName } from '../../src/compiler/plan/plan.ts';
import { backbones } from '../../src/compiler/vocabulary/backbones.ts';
import { type BlockName, blocks, blockTitle } from '../../src/compiler/vocabulary/blocks.ts';
import { wordText } from '../../src/compiler/vocabulary/print-word.ts';
import { wordDoc } from '../../src/compiler/vocabulary/word-doc.ts';
import { megabytes } from '../../src/runtime/download/progress.ts';
import { kerasFolders } from '../../src/runtime/keras-cache.ts';
import { lookForWeights } from '../../src/runtime/weights/keras-weights.ts';
import { say } from './say.ts';

export interface WordsOptions {
  readonly json?: boolean | undefined;
}

const shownBlocks = (Object.keys(blocks) as readonly BlockName[]).filter((name) => name !== 'branches');

/** Exit 0, or 2 where there is no such block. */
export const words = async (wanted: string | undefined, options: WordsOptions = {}): Promise<number> => {
  const chosen = wanted === undefined ? shownBlocks : shownBlocks.filter((name) => name === wanted);
  if (chosen.length === 0) {
    say(`there is no block ${wanted}. ${suggestion(wanted ?? '', shownBlocks, 'blocks')}`);
    return 2;
  }
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(Object.fromEntries(chosen.map((name) => [name, record(name)])), null, 2)}\n`
      : chosen.map(blockText).join('\n'),
  );
  return 0;
};

const record = (name: BlockName) =>
  Object.entries(blocks[name]).map(([key, word]) => {
    const { doc, value, params } = wordDoc(key, word);
    return {
      word: key,
      doc,
      plain: word.positional,
      parameters: [...(value === null ? [] : [value]), ...params].map((param) => ({
        name: param.name,
        takes: param.takes,
        default: param.default,
        doc: param.doc,
      })),
    };
  });

const blockText = (name: BlockName): string =>
  `${name}: the words of ${blockTitle[name]}\n\n${Object.entries(blocks[name])
    .map(([key, word]) => wordText(key, word))
    .join('')}`;

/** The known backbones, and which of their weights are on this machine (by name and size; nothing is read). Exit 0. */
export const listBackbones = async (options: WordsOptions = {}): Promise<number> => {
  const names = Object.keys(backbones) as readonly BackboneName[];
  const rows = names.map((name) => ({ name, ...backbones[name], weights: lookForWeights(name) }));
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
    return 0;
  }
  const cells = [
    ['backbone', 'size', 'at least', 'weights want', 'parameters', 'here', ''],
    ...rows.map((r) => [
      r.name,
      `${r.size}x${r.size}`,
      `${r.minimum}x${r.minimum}`,
      r.normalize,
      String(r.parameters).replace(/\B(?=(\d{3})+$)/g, ','),
      r.weights.bytes === null ? '' : `${megabytes(r.weights.bytes)}${r.weights.otherSize ? '?' : ''}`,
      r.doc,
    ]),
  ];
  const widths = cells[0]!.map((_, c) => Math.max(...cells.map((row) => row[c]!.length)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, c) => (c === 4 || c === 5 ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!)))
      .join('  ')
      .trimEnd();
  process.stdout.write(`${cells.map(line).join('\n')}\n\n${hereLine}\n`);
  return 0;
};

const hereLine = `here: size of the ImageNet weights in ${kerasFolders('models').join(' or ')}; ? where it is not the published one. Hashes are checked when a run asks for them.`;
