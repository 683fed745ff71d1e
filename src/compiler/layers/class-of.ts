// Verb: an operation to what its Keras class says of it.
import { classes } from './classes/index.ts';
import type { Keep, KerasClass, Shaped } from './classes/keras-class.ts';
import type { LayerOperation } from './layers.ts';
import type { LayerShape, Weight } from './tensors.ts';
import type { WeightSettings } from './weights.ts';

/** The class takes its own settings, and the operation has them. */
const classOf = (operation: LayerOperation): KerasClass<LayerOperation> =>
  classes[operation.class_name] as KerasClass<LayerOperation>;

/** Output shape without the batch axis. */
export const shapeOf = (operation: LayerOperation, inputs: readonly LayerShape[]): Shaped =>
  classOf(operation).shape(operation, inputs);

/** Weights named `<layer>/<variable>`, in Keras' order and layout. */
export const weightsOf = (
  name: string,
  operation: LayerOperation,
  inputs: readonly LayerShape[],
  settings: WeightSettings,
): readonly Weight[] =>
  (classOf(operation).weights?.(operation, inputs[0] ?? [], settings) ?? []).map(({ variable, ...rest }) => ({
    name: `${name}/${variable}`,
    ...rest,
  }));

/** Multiply-adds of one image's forward pass. */
export const operationFlops = (operation: LayerOperation, input: LayerShape, output: LayerShape): number =>
  classOf(operation).flops?.(operation, input, output) ?? 0;

/** What the backward pass reads. */
export const keepsOf = (operation: LayerOperation, trains: boolean): Keep =>
  classOf(operation).keeps?.(operation, trains) ?? {};

/** Its settings under the names of tfjs. */
export const tfjsConfig = ({ class_name, ...settings }: LayerOperation): Readonly<Record<string, unknown>> => {
  const { tfjs } = classes[class_name] as KerasClass<object>;
  return tfjs === undefined ? settings : tfjs(settings);
};
