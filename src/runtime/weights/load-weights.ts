// Verb: a model and the path of a weight file → the weights, or one line that says why not.
import type { LayersModel } from '../../compiler/layers/layers.ts';
import type { Mismatch } from './align.ts';
import { checkConstants } from './constants.ts';
import { type Matched, type MatchOptions, matchWeights, type Unmatched } from './match-weights.ts';
import { openWeightFile } from './open-weight-file.ts';
import { kindNames, type WeightFile, WeightFileError, type WeightFileKind } from './weight-file.ts';

export type LoadedWeights =
  | {
      readonly kind: 'loaded';
      readonly file: WeightFileKind;
      readonly by: Matched['by'];
      /** `<layer>/<variable>` → values in Keras' layout. */
      readonly weights: ReadonlyMap<string, Float32Array>;
      /** Weights of the model that keep their start; empty unless asked for. */
      readonly skipped: readonly Mismatch[];
      /** Names of the file's layers that the model has none for. */
      readonly unused: readonly string[];
    }
  /** `message` is one line with cause and cure; `details` a line for each of the first ten tensors that do not fit. */
  | { readonly kind: 'refused'; readonly message: string; readonly details: readonly string[] };

/** Tensors that a refusal names one by one. */
const shown = 10;

const shapeText = (shape: readonly number[]): string => (shape.length === 0 ? 'a scalar' : shape.join('x'));

/** `conv1/kernel: 3x3x3x32 expected, 3x3x1x32 found`. */
export const sayMismatch = ({ weight, expected, found }: Mismatch): string => {
  if (!expected) return `${weight}: not in the model, ${shapeText(found ?? [])} found`;
  return `${weight}: ${shapeText(expected)} expected, ${found ? shapeText(found) : 'nothing'} found`;
};

const refusal = (model: LayersModel, file: WeightFile, { mismatches, layers }: Unmatched): LoadedWeights => {
  const count = mismatches.length;
  const numbers =
    layers.expected === layers.found
      ? `${layers.expected} layers with weights`
      : `${layers.found} layers with weights where ${model.name} has ${layers.expected}`;
  const rest = count > shown ? [`and ${count - shown} more`] : [];
  const what = count === 1 ? '1 tensor does not fit' : `${count} tensors do not fit`;
  return {
    kind: 'refused',
    message:
      `${file.path} is ${kindNames[file.kind]} of another network: ${what} ${model.name} (it has ${numbers}). ` +
      'Name the file of this network, or write `skip_mismatch: true` to leave fresh what does not fit.',
    details: [...mismatches.slice(0, shown).map(sayMismatch), ...rest],
  };
};

/** The values of a match, by the names of the model's weights. Throws WeightFileError. */
export const readMatched = async (
  model: LayersModel,
  file: WeightFile,
  { pairs, constants }: Matched,
  signal?: AbortSignal,
): Promise<ReadonlyMap<string, Float32Array>> => {
  for (const group of constants) checkConstants(model, group, await file.read(group.tensors, signal));
  const names = [...pairs.keys()];
  const values = await file.read([...pairs.values()], signal);
  return new Map(names.map((name, index) => [name, values[index]!]));
};

/** Opens, matches, reads, closes. Throws the signal's reason alone; all that is wrong with the file is a refusal. */
export const loadWeights = async (
  model: LayersModel,
  path: string,
  options: MatchOptions,
  signal?: AbortSignal,
): Promise<LoadedWeights> => {
  let file: WeightFile | null = null;
  try {
    file = await openWeightFile(path, signal);
    const match = matchWeights(model, file, options);
    if (match.kind === 'unmatched') return refusal(model, file, match);
    const weights = await readMatched(model, file, match, signal);
    const unused = match.unused.map(({ name, path: place }) => name || place);
    return { kind: 'loaded', file: file.kind, by: match.by, weights, skipped: match.skipped, unused };
  } catch (error) {
    if (error instanceof WeightFileError) return { kind: 'refused', message: error.message, details: [] };
    throw error;
  } finally {
    await file?.close();
  }
};
