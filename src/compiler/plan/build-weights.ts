// Verb: a `weights` statement, of a backbone or of a run that wants others, to where the weights of that backbone come from.
import type { Item, Statement } from '../../parser/ast.ts';
import { finding } from '../../parser/diagnostic.ts';
import { outOfRange } from '../findings/words.ts';
import { wordList } from '../leaf/nearest.ts';
import { backboneSettings, ownBackboneSettings, weightRanges } from '../vocabulary/backbones.ts';
import type { BackbonePlan, OwnWeightsPlan, WeightsPlan } from './plan.ts';
import { readSetting } from './read-word.ts';
import { mark, report, type Scope } from './scope.ts';

export const isWeights = (item: Item): item is Statement => item.kind === 'statement' && item.word.text === 'weights';

/** `0..1` of the limits 0 and 1: the key of `weightRanges`. */
export const rangeName = ([low, high]: readonly [number, number]): string => `${low}..${high}`;

/** Weights of a known backbone; what they are without a statement, or where it is damaged. */
export const readKnownWeights = (scope: Scope, statement: Statement | undefined): WeightsPlan => {
  const { weights: word } = backboneSettings;
  const read = statement === undefined ? undefined : readSetting(scope, word, statement);
  if (statement === undefined || read === undefined) return word.initial;
  const { value } = read;
  if (value.kind === 'file' && value.range !== null && weightRanges[rangeName(value.range)] === undefined) {
    report(
      scope,
      finding(outOfRange, statement.span, `No normalization gives values of ${rangeName(value.range)}.`, {
        help: `The range of the weights is one of ${wordList(Object.keys(weightRanges))}.`,
      }),
    );
  }
  return value;
};

/** Weights of a network of one's own. */
export const readOwnWeights = (scope: Scope, statement: Statement | undefined): OwnWeightsPlan => {
  const { weights: word } = ownBackboneSettings;
  const read = statement === undefined ? undefined : readSetting(scope, word, statement);
  return read?.value ?? word.initial;
};

/**
 * The backbone as a run takes it: with the run's own weights where it names some. `suffix` tells the runs of a sweep apart: a run of
 * one combination takes weights of that combination.
 */
export const weightsOfRun = (
  scope: Scope,
  backbone: BackbonePlan | null,
  statement: Statement | undefined,
  suffix: string,
): BackbonePlan | null => {
  if (backbone === null) return null;
  const marks = scope.marks.get(backbone);
  const placed = (changed: BackbonePlan): BackbonePlan =>
    marks === undefined
      ? changed
      : mark(scope, changed, marks.span, statement ? { ...marks.fields, weights: statement.span } : marks.fields);
  const named = <W extends OwnWeightsPlan | WeightsPlan>(weights: W): W => {
    if (weights.kind !== 'run' || suffix === '') return weights;
    const of = scope.marks.get(weights);
    const changed = { ...weights, name: `${weights.name}${suffix}` };
    return of === undefined ? changed : mark(scope, changed, of.span, of.fields);
  };
  if (statement === undefined && backbone.weights.kind !== 'run') return backbone;
  if (backbone.kind === 'known') {
    return placed({
      ...backbone,
      weights: named(statement === undefined ? backbone.weights : readKnownWeights(scope, statement)),
    });
  }
  return placed({
    ...backbone,
    weights: named(statement === undefined ? backbone.weights : readOwnWeights(scope, statement)),
  });
};
