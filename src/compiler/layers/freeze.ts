// Verb: freeze policy + model → which layers, weights and statistics stay as they are.
import { nearestWords } from '../leaf/edit-distance.ts';
import type { FreezePlan } from '../plan/plan.ts';
import type { Layer, LayersModel, OperationOf, Weight } from './layers.ts';
import type { LayerProblem } from './problem.ts';

export interface Frozen {
  /** Names of the frozen layers, those without weights included. */
  readonly frozen: ReadonlySet<string>;
  readonly problems: readonly LayerProblem[];
}

/**
 * Layers are counted in `model.layers` order over the backbone, the input layer left out. `except last N layers` are thus
 * `model.layers[-N:]` of the backbone, layers without weights included; `first N` leaves the input layer out, where
 * Keras' `model.layers[:N]` counts it. `at` is the JSON pointer of the policy in the plan.
 */
export function frozenLayers(model: LayersModel, freeze: FreezePlan, at = '/runs/0/stages/0/freeze'): Frozen {
  const backbone = model.layers.filter((layer) => layer.part === 'backbone').map((layer) => layer.name);
  if (freeze.kind === 'none') return { frozen: new Set(), problems: [] };
  if (freeze.kind === 'all') {
    const layers = model.layers.filter(({ part }) => part !== 'input');
    return { frozen: new Set(layers.map(({ name }) => name)), problems: [] };
  }
  if (backbone.length === 0) {
    return {
      frozen: new Set(),
      problems: [
        {
          name: 'freeze-no-backbone',
          origin: at,
          message: 'the backbone has no layers that could be frozen',
          help: 'write `freeze none`, or name a backbone',
        },
      ],
    };
  }
  const count = freeze.kind === 'first' ? (freeze.count ?? 0) : backbone.length;
  const exception = thawed(backbone, freeze.except, at);
  const frozen = new Set(backbone.slice(0, count).filter((name) => !exception.names.has(name)));
  const tooMany = count > backbone.length ? [countProblem(count, backbone.length, at)] : [];
  return { frozen, problems: [...tooMany, ...exception.problems] };
}

/** How a batch norm layer works in a training step. */
export type BatchNormMode = FreezePlan['batch_norm'];

/**
 * `train`: batch statistics, moving statistics follow, gamma and beta learn. `adapt`: as `train`, but gamma and beta stay.
 * `inference`: moving statistics are used and stay; gamma and beta learn unless the layer is frozen.
 * The policy is about the backbone: batch norm of the head starts from nothing and always trains.
 */
export function batchNormMode(layer: Layer, frozen: ReadonlySet<string>, policy: BatchNormMode): BatchNormMode {
  if (frozen.has(layer.name)) return 'inference';
  return layer.part === 'head' ? 'train' : policy;
}

/** Whether a layer draws a dropout mask at each training step. Frozen layers work as in evaluation, as Keras' `base(x, training=False)`. */
export function drawsMask(layer: Layer, frozen: ReadonlySet<string>): layer is Layer & OperationOf<'Dropout'> {
  return layer.class_name === 'Dropout' && layer.rate > 0 && !frozen.has(layer.name);
}

/** Weights that get a gradient, in Keras' order. */
export function trainableWeights(
  model: LayersModel,
  frozen: ReadonlySet<string>,
  policy: BatchNormMode,
): readonly Weight[] {
  return model.layers.flatMap((layer) => {
    const kept = layer.class_name === 'BatchNormalization' && batchNormMode(layer, frozen, policy) === 'adapt';
    return frozen.has(layer.name) || kept ? [] : layer.weights.filter((weight) => weight.kind === 'trainable');
  });
}

/** Batch norm statistics that move with each training step, in Keras' order. */
export function movingStatistics(
  model: LayersModel,
  frozen: ReadonlySet<string>,
  policy: BatchNormMode,
): readonly Weight[] {
  return model.layers.flatMap((layer) =>
    layer.class_name === 'BatchNormalization' && batchNormMode(layer, frozen, policy) !== 'inference'
      ? layer.weights.filter((weight) => weight.kind === 'statistic')
      : [],
  );
}

interface Exception {
  readonly names: ReadonlySet<string>;
  readonly problems: readonly LayerProblem[];
}

function thawed(backbone: readonly string[], except: FreezePlan['except'], at: string): Exception {
  const none: Exception = { names: new Set(), problems: [] };
  if (except === null) return none;
  if (except.kind === 'last') {
    const problems = except.count > backbone.length ? [countProblem(except.count, backbone.length, at)] : [];
    return { names: new Set(except.count > 0 ? backbone.slice(-except.count) : []), problems };
  }
  if (except.kind === 'from') {
    const start = backbone.indexOf(except.layer);
    if (start < 0) return { ...none, problems: [unmatched(except.layer, 'layer', backbone, at)] };
    return { names: new Set(backbone.slice(start)), problems: [] };
  }
  const names = new Set(backbone.filter(matcher(except.pattern)));
  return names.size > 0
    ? { names, problems: [] }
    : { ...none, problems: [unmatched(except.pattern, 'pattern', backbone, at)] };
}

/**
 * Whether a name matches: `*` stands for any run of characters, `?` for one, everything else for itself. The pieces between the
 * stars are looked for from the left, each once: a regular expression would try all ways to share the name out among many stars.
 */
function matcher(glob: string): (name: string) => boolean {
  const [first = '', ...others] = glob.split(/\*+/);
  const last = others.pop();
  return (name) => {
    if (last === undefined) return name.length === first.length && standsAt(name, first, 0);
    const end = name.length - last.length;
    if (end < first.length || !standsAt(name, first, 0) || !standsAt(name, last, end)) return false;
    let from = first.length;
    for (const piece of others) {
      while (from + piece.length <= end && !standsAt(name, piece, from)) from++;
      from += piece.length;
      if (from > end) return false;
    }
    return true;
  };
}

function standsAt(name: string, piece: string, at: number): boolean {
  if (at < 0 || at + piece.length > name.length) return false;
  for (let i = 0; i < piece.length; i++) if (piece[i] !== '?' && piece[i] !== name[at + i]) return false;
  return true;
}

function countProblem(count: number, size: number, origin: string): LayerProblem {
  return {
    name: 'freeze-count',
    origin,
    message: `the policy counts ${count} layers, but the backbone has ${size}`,
    help: `give a number from 1 to ${size}`,
  };
}

/** Characters of a name in a message; no layer of a known backbone has more. */
const LONGEST_SHOWN = 64;

function unmatched(
  wanted: string,
  what: 'layer' | 'pattern',
  backbone: readonly string[],
  origin: string,
): LayerProblem {
  const near = nearestWords(wanted.slice(0, LONGEST_SHOWN), backbone, 3);
  const shown = wanted.length > LONGEST_SHOWN ? `${wanted.slice(0, LONGEST_SHOWN)}…` : wanted;
  return {
    name: 'freeze-matches-nothing',
    origin,
    message: `no layer of the backbone ${what === 'layer' ? 'is named' : 'matches'} \`${shown}\``,
    help: `the nearest layer names are ${near.map((name) => `\`${name}\``).join(', ')}`,
  };
}
