// Verb: weights of a model → the bytes of a `.weights.h5` file as Keras 3 writes it.
import type { Group } from 'h5wasm';
import { snakeCase } from '../../../compiler/layers/auto-name.ts';
import type { LayersModel } from '../../../compiler/layers/layers.ts';
import type { Weights } from '../../engine/engine.ts';

const place = '/written.weights.h5';

/** Paths of the layers as Keras numbers them: `conv2d`, `conv2d_1`, … a class, in the order of `model.layers`. */
const pathsOf = ({ layers }: LayersModel): ReadonlyMap<string, string> => {
  const counts = new Map<string, number>();
  return new Map(
    layers.map(({ name, class_name }) => {
      const stem = snakeCase(class_name);
      const index = counts.get(stem) ?? 0;
      counts.set(stem, index + 1);
      return [name, `layers/${index === 0 ? stem : `${stem}_${index}`}`];
    }),
  );
};

/** The group `vars` of a model or a layer. */
const varsOf = (owner: Group, name: string): Group => {
  const vars = owner.create_group('vars');
  vars.create_attribute('name', name);
  return vars;
};

/** `layers/<class>_<n>/vars/<i>`, float32, in Keras' order and layout; the layer's own name is an attribute of `vars`. */
export const writeKerasWeights = async (model: LayersModel, weights: Weights): Promise<Uint8Array> => {
  const { File, ready } = await import('h5wasm');
  const { FS } = await ready;
  const file = new File(place, 'w');
  try {
    const paths = pathsOf(model);
    varsOf(file, model.name);
    file.create_group('layers');
    for (const layer of model.layers) {
      const vars = varsOf(file.create_group(paths.get(layer.name)!), layer.name);
      for (const [i, { name, shape }] of layer.weights.entries()) {
        const data = weights.get(name);
        if (data === undefined) throw new Error(`the run has no weight '${name}'`);
        vars.create_dataset({ name: String(i), data, shape: [...shape], dtype: '<f' });
      }
    }
  } finally {
    file.close();
  }
  const bytes = FS.readFile(place);
  FS.unlink(place);
  return bytes;
};
