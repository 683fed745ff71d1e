// Verb: adds layers one by one; keeps names unique, computes shapes and weights, collects problems.
import type { LayerProblemName } from '../findings/network.ts';
import { autoName } from './auto-name.ts';
import { shapeOf, weightsOf } from './class-of.ts';
import type { ShapeFault } from './classes/keras-class.ts';
import { kerasOrder } from './keras-order.ts';
import type { Layer, LayerClass, LayerOperation, LayerShape } from './layers.ts';
import type { LayerProblem } from './problem.ts';
import { kerasWeightSettings, type WeightSettings } from './weights.ts';

/** Adds one layer that reads `inputs`; gives its name. */
export type AddLayer = (operation: LayerOperation, inputs: readonly string[], how?: AddHow) => string;

export interface AddHow {
  /** The layer's name; without it the next free automatic name of its class. */
  readonly name?: string | null;
  /** Stem of the automatic name where it is not the one of the class. */
  readonly stem?: string;
  readonly weights?: Partial<WeightSettings>;
}

/** Where added layers belong. */
export interface Place {
  readonly part: Layer['part'];
  readonly origin: string;
  /** Shape problems are another problem's consequence: do not report them. */
  readonly quiet?: boolean;
}

export interface Network {
  readonly input: string;
  /** An adder for layers of one origin. */
  at(place: Place): AddLayer;
  shape(layer: string): LayerShape;
  report(problem: LayerProblem): void;
  problems(): readonly LayerProblem[];
  /** All layers that reach `output`, in Keras' order. */
  layers(output: string): readonly Layer[];
}

/** Problems that a wrong size upstream may have caused. */
const aboutSizes: ReadonlySet<LayerProblemName> = new Set(['kernel-too-large', 'branches-differ', 'reshape-size']);

/** Problems that a layer of the wrong rank upstream may have caused: a map where features were due, or the other way. */
const aboutRank: ReadonlySet<LayerProblemName> = new Set(['wrong-rank', 'dense-needs-flatten']);

/** Their output is a list of features, whatever the input was. */
const forgetsRank: ReadonlySet<LayerClass> = new Set([
  'Flatten',
  'Dense',
  'GlobalAveragePooling2D',
  'GlobalMaxPooling2D',
]);

/** Their output does not depend on the size of the input. */
const forgetsSize: ReadonlySet<LayerClass> = new Set(['Dense', 'GlobalAveragePooling2D', 'GlobalMaxPooling2D']);

/** What is known of the layers so far. */
interface Layers {
  readonly layers: Map<string, Layer>;
  readonly problems: LayerProblem[];
  /** Layers whose sizes are in doubt, and those whose rank is: what is wrong behind them may be a consequence. */
  readonly doubtful: Set<string>;
  readonly rankless: Set<string>;
  readonly nextName: (classOrStem: string) => string;
}

const shapeIn = ({ layers }: Layers, layer: string): LayerShape => layers.get(layer)?.output_shape ?? [];

const chooseName = (known: Layers, how: AddHow, operation: LayerOperation, place: Place): string => {
  const automatic = (): string => known.nextName(how.stem ?? operation.class_name);
  if (!how.name) return automatic();
  if (!known.layers.has(how.name)) return how.name;
  known.problems.push({
    name: 'name-twice',
    origin: place.origin,
    message: `two layers are named \`${how.name}\``,
    help: 'give each layer its own name, or leave the name out',
  });
  return automatic();
};

/** Reports a fault unless it follows from another one. Says whether the output's shape is in doubt. */
const judge = (
  { doubtful, rankless, problems }: Layers,
  fault: ShapeFault | null,
  place: Place,
  inputs: readonly string[],
): boolean => {
  const doubted = inputs.some((name) => doubtful.has(name));
  if (!fault) return doubted;
  const consequence =
    (doubted && aboutSizes.has(fault.name)) || (aboutRank.has(fault.name) && inputs.some((name) => rankless.has(name)));
  if (!place.quiet && !consequence) problems.push({ ...fault, origin: place.origin });
  return doubted || fault.name !== 'groups-do-not-divide';
};

const addLayer =
  (known: Layers, place: Place): AddLayer =>
  (operation, inputs, how = {}) => {
    const { layers, doubtful, rankless } = known;
    const name = chooseName(known, how, operation, place);
    const shapes = inputs.map((input) => shapeIn(known, input));
    const shaped = shapeOf(operation, shapes);
    const doubted = judge(known, shaped.fault, place, inputs);
    if (doubted && !forgetsSize.has(operation.class_name)) doubtful.add(name);
    const lost = shaped.fault?.name === 'wrong-rank' || inputs.some((input) => rankless.has(input));
    if (lost && !forgetsRank.has(operation.class_name)) rankless.add(name);
    const settings = { ...kerasWeightSettings, ...how.weights };
    const weights = weightsOf(name, operation, shapes, settings);
    const { part, origin } = place;
    layers.set(name, { ...operation, name, inputs, output_shape: shaped.shape, part, weights, origin });
    return name;
  };

/** A network of one input. `reserved`: names given in the file, which automatic names leave free. */
export function startNetwork(input: LayerShape, reserved: ReadonlySet<string>, origin: string): Network {
  const layers = new Map<string, Layer>();
  const known: Layers = {
    layers,
    problems: [],
    doubtful: new Set(),
    rankless: new Set(),
    nextName: autoName(reserved, (name) => layers.has(name)),
  };
  layers.set('input_layer', {
    class_name: 'InputLayer',
    name: 'input_layer',
    inputs: [],
    output_shape: input,
    part: 'input',
    weights: [],
    origin,
  });
  return {
    input: 'input_layer',
    at: (place) => addLayer(known, place),
    shape: (layer) => shapeIn(known, layer),
    report: (problem) => known.problems.push(problem),
    problems: () => known.problems,
    layers: (output) => kerasOrder([...layers.values()], output),
  };
}
