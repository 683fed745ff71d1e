// Verb: a known backbone as Keras builds it → as it starts without weights: quick moving statistics, residuals at zero.
import type { WeightsPlan } from '../plan/plan.ts';
import type { Layer } from './layers.ts';

type FreshStart = Extract<WeightsPlan, { kind: 'none' }>;

/**
 * `layers` in order, with the batch norms of the part `backbone` changed. `batch_norm_momentum` replaces the momentum of
 * each (null: stays). `zero_residual`: the gamma of a batch norm that ends a residual branch starts at 0, so that each
 * block starts as its shortcut (Goyal et al. 2017, "Accurate, Large Minibatch SGD", section 5.1).
 */
export function startFresh(layers: readonly Layer[], start: FreshStart): readonly Layer[] {
  const ends = start.zero_residual ? residualEnds(layers) : new Set<string>();
  return layers.map((layer): Layer => {
    if (layer.part !== 'backbone' || layer.class_name !== 'BatchNormalization') return layer;
    const momentum = start.batch_norm_momentum ?? layer.momentum;
    const weights = ends.has(layer.name) ? layer.weights.map(zeroGamma) : layer.weights;
    return { ...layer, momentum, weights };
  });
}

const zeroGamma = (weight: Layer['weights'][number]): Layer['weights'][number] =>
  weight.name.endsWith('/gamma') ? { ...weight, initializer: { kind: 'zeros' } } : weight;

/** Of the inputs of each Add the one with most layers before it is the branch; what ends it, dropout aside. */
function residualEnds(layers: readonly Layer[]): ReadonlySet<string> {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const depths = new Map<string, number>();
  const depth = (name: string): number => depths.get(name) ?? 0;
  for (const { name, inputs } of layers) depths.set(name, 1 + Math.max(0, ...inputs.map(depth)));
  const ends = layers
    .filter(({ class_name, inputs }) => class_name === 'Add' && inputs.length > 1)
    .map(({ inputs }) => {
      const branch = inputs.reduce((deepest, input) => (depth(input) > depth(deepest) ? input : deepest));
      const end = byName.get(branch);
      return end?.class_name === 'Dropout' ? (end.inputs[0] ?? branch) : branch;
    });
  return new Set(ends.filter((name) => byName.get(name)?.class_name === 'BatchNormalization'));
}
