// Verb: the adapted Normalization layers of a file, which tlp's models hold as constants: set apart, then compared.
import type { Layer, LayersModel, OperationOf } from '../../compiler/layers/layers.ts';
import { type LayerGroup, WeightFileError } from './weight-file.ts';

type Rescaling = Layer & OperationOf<'Rescaling'>;

/** Relative difference that rounding to float32 explains. */
const tolerance = 1e-4;

const isRescaling = (layer: Layer): layer is Rescaling => layer.class_name === 'Rescaling';

/** Keras' Normalization is a Rescaling of the same name in tlp. */
const normalizationsOf = (model: LayersModel): readonly Rescaling[] =>
  model.layers.filter(isRescaling).filter(({ name }) => name.startsWith('normalization'));

/** Mean, variance and count: the weights of Keras' Normalization and of no other layer. */
const isNormalization = ({ class_name, tensors }: LayerGroup): boolean =>
  tensors.length === 3 &&
  (class_name === 'normalization' || tensors.map(({ variable }) => variable).join() === 'mean,variance,count');

/** Sets apart what the model holds as constants; the rest are layers with weights. */
export const splitConstants = (
  model: LayersModel,
  groups: readonly LayerGroup[],
): { readonly groups: readonly LayerGroup[]; readonly constants: readonly LayerGroup[] } => {
  const known = normalizationsOf(model).length > 0;
  const constants = known ? groups.filter(isNormalization) : [];
  return { groups: groups.filter((group) => !constants.includes(group)), constants };
};

const at = (value: number | readonly number[], channel: number): number =>
  typeof value === 'number' ? value : (value[channel] ?? Number.NaN);

const near = (value: number, wanted: number): boolean =>
  Math.abs(value - wanted) <= tolerance * Math.max(1e-3, Math.abs(wanted));

/**
 * Throws WeightFileError where the file was trained on pixels that were centred or scaled otherwise. Keras computes
 * (x - mean) / sqrt(variance); tlp x · scale + offset, so that mean = -offset / scale. The ImageNet file of EfficientNet has
 * deviations in place of variances and a Rescaling behind that mends it (`rest`), files saved from an adapted model have
 * variances and none.
 */
export const checkConstants = (model: LayersModel, group: LayerGroup, values: readonly Float32Array[]): void => {
  const [layer] = normalizationsOf(model);
  const [mean, variance] = values;
  if (!layer || !mean || !variance) return;
  const after = model.layers.filter(isRescaling).find(({ inputs }) => inputs.includes(layer.name));
  const agrees = [...mean].every((value, channel) => {
    const scale = at(layer.scale, channel);
    const rest = after ? at(after.scale, channel) : 1;
    const found = 1 / Math.sqrt(variance[channel] ?? Number.NaN);
    return near(value, -at(layer.offset, channel) / scale) && (near(found, scale) || near(found, scale * rest));
  });
  if (agrees) return;
  const list = (numbers: Float32Array): string => [...numbers].map((value) => Number(value.toPrecision(4))).join(', ');
  throw new WeightFileError(
    `was trained on other pixels: its layer ${group.name || group.path} has mean ${list(mean)} and variance ${list(variance)}, ` +
      `where ${model.name} with weights has the mean and deviation of ImageNet`,
  );
};
