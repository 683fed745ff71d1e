// Verb: a model and the layers of a file → which tensor becomes which weight, by order as Keras does it, or by name.
import { snakeCase } from '../../compiler/layers/auto-name.ts';
import type { Layer, LayersModel } from '../../compiler/layers/layers.ts';
import { type Alignment, align, type Mismatch } from './align.ts';
import { splitConstants } from './constants.ts';
import type { Catalogue, LayerGroup, TensorEntry } from './weight-file.ts';

export interface MatchOptions {
  /** `backbone`: the file may hold a head, too, and is taken for its trunk. `all`: every layer of the file is wanted. */
  readonly part: 'backbone' | 'all';
  /** As in Keras: what does not fit keeps its fresh weights. */
  readonly skipMismatch: boolean;
}

export type Match = Matched | Unmatched;

export interface Matched {
  readonly kind: 'matched';
  readonly by: 'order' | 'name';
  readonly pairs: ReadonlyMap<string, TensorEntry>;
  /** Empty unless `skipMismatch`. */
  readonly skipped: readonly Mismatch[];
  /** Layers of the file that the model has none for: its head. */
  readonly unused: readonly LayerGroup[];
  /** Layers of the file that the model has as constants; their values must agree. */
  readonly constants: readonly LayerGroup[];
}

export interface Unmatched {
  readonly kind: 'unmatched';
  /** Of the attempt that came nearest. */
  readonly mismatches: readonly Mismatch[];
  /** Layers with weights: in the model, in the file. */
  readonly layers: { readonly expected: number; readonly found: number };
}

/** One way to lay the file's layers beside the model's. */
interface Attempt {
  readonly by: Matched['by'];
  readonly mismatches: readonly Mismatch[];
  readonly pairs: Alignment['pairs'];
  readonly unused: readonly LayerGroup[];
}

type Assign = (layer: Layer) => LayerGroup | undefined;

const attempt = (
  by: Matched['by'],
  layers: readonly Layer[],
  groups: readonly LayerGroup[],
  shaped: boolean,
  assign: Assign,
): Attempt => {
  const assigned = layers.map((layer) => [layer, assign(layer)] as const);
  const aligned = assigned.map(([layer, group]) => align(layer, group, shaped));
  const used = new Set(assigned.map(([, group]) => group));
  return {
    by,
    mismatches: aligned.flatMap(({ mismatches }) => mismatches),
    pairs: aligned.flatMap(({ pairs }) => pairs),
    unused: groups.filter((group) => !used.has(group)),
  };
};

/** The k-th layer with weights takes the k-th of the file. */
const byOrder = (layers: readonly Layer[], groups: readonly LayerGroup[]): Assign => {
  const positions = new Map(layers.map((layer, index) => [layer, index]));
  return (layer) => groups[positions.get(layer)!];
};

/** The k-th layer of a class takes the k-th of that class: numbered files say no more. */
const byClass = (layers: readonly Layer[], groups: readonly LayerGroup[]): Assign => {
  const rest = new Map<string | null, LayerGroup[]>();
  for (const group of groups) rest.set(group.class_name, [...(rest.get(group.class_name) ?? []), group]);
  const taken = new Map(layers.map((layer) => [layer, rest.get(snakeCase(layer.class_name))?.shift()]));
  return (layer) => taken.get(layer);
};

const byName = (groups: readonly LayerGroup[]): Assign => {
  const names = new Map([...groups].reverse().map((group) => [group.name, group]));
  return (layer) => names.get(layer.name);
};

/** The whole file, then each model inside it. */
const scopesOf = (groups: readonly LayerGroup[]): readonly (readonly LayerGroup[])[] => {
  const scopes = [...new Set(groups.map(({ scope }) => scope))];
  return [groups, ...(scopes.length > 1 ? scopes.map((scope) => groups.filter((group) => group.scope === scope)) : [])];
};

/**
 * All ways, the preferred first. Keras loads its files by order; but where a model inside a model was told apart by names
 * alone, or the file names its layers and does not come from Keras' older format, names say more.
 */
const attemptsOf = (layers: readonly Layer[], file: Catalogue, groups: readonly LayerGroup[]): readonly Attempt[] => {
  const { shaped, order } = file;
  const ordered = scopesOf(groups).map((scope) =>
    attempt('order', layers, scope, shaped, (order === 'layers' ? byOrder : byClass)(layers, scope)),
  );
  const named = scopesOf(groups).map((scope) => attempt('name', layers, scope, shaped, byName(scope)));
  const asKeras = file.kind === 'keras-h5' && groups.every(({ scope }) => scope === '');
  return asKeras ? [...ordered, ...named] : [...named, ...ordered];
};

const fewest = (attempts: readonly Attempt[]): Attempt =>
  attempts.reduce((best, each) => (each.mismatches.length < best.mismatches.length ? each : best));

/**
 * Matches the layers of `part` that own weights. By order their number must be the file's; for a backbone the file may go
 * on, which is its head. Names and shapes are all that is looked at: values are read afterwards (readMatched).
 */
export const matchWeights = (model: LayersModel, file: Catalogue, { part, skipMismatch }: MatchOptions): Match => {
  const layers = model.layers.filter((each) => each.weights.length > 0 && (part === 'all' || each.part === 'backbone'));
  const { groups, constants } = splitConstants(model, file.groups);
  const complete = ({ unused }: Attempt): boolean => part === 'backbone' || unused.length === 0;
  const attempts = attemptsOf(layers, file, groups);
  const exact = attempts.find((each) => each.mismatches.length === 0 && complete(each));
  const near = skipMismatch ? fewest(attempts) : null;
  const chosen = exact ?? (near && near.pairs.length > 0 ? near : null);
  if (!chosen) {
    const { mismatches } = fewest(attempts);
    return { kind: 'unmatched', mismatches, layers: { expected: layers.length, found: groups.length } };
  }
  const { by, pairs, mismatches, unused } = chosen;
  const skipped = mismatches.filter(({ expected }) => expected !== null);
  return { kind: 'matched', by, pairs: new Map(pairs), skipped, unused, constants };
};
