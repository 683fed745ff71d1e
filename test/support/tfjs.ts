// tfjs-layers on its CPU backend: loads our topology JSON.
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import {
  model as cut,
  loadLayersModel,
  type SymbolicTensor,
  type LayersModel as TfjsModel,
} from '@tensorflow/tfjs-layers';
import type { Topology } from '../../src/compiler/layers/layers.ts';

/** The model of a topology, with tfjs' own initial weights. `tf.setBackend('cpu')` is done. */
export async function tfjsModel(topology: Topology): Promise<TfjsModel> {
  await tf.setBackend('cpu');
  // A copy: tfjs renames the keys of what it is given.
  const modelTopology = JSON.parse(JSON.stringify(topology));
  return loadLayersModel({ load: async () => ({ modelTopology }) });
}

/** The model of a folder of files, as a browser fetches them: model.json and the shards that it names. */
export async function loadTfjs(files: ReadonlyMap<string, Uint8Array>): Promise<TfjsModel> {
  await tf.setBackend('cpu');
  const { modelTopology, weightsManifest } = JSON.parse(new TextDecoder().decode(files.get('model.json')));
  const shards = (weightsManifest as readonly { readonly paths: readonly string[] }[]).flatMap(({ paths }) => paths);
  const weightData = new Uint8Array(shards.flatMap((name) => [...files.get(name)!])).buffer;
  const weightSpecs = weightsManifest.flatMap(({ weights }: { readonly weights: readonly object[] }) => weights);
  return loadLayersModel({ load: async () => ({ modelTopology, weightSpecs, weightData }) });
}

/** What layer `name` gives for this input. */
export function outputAt(model: TfjsModel, name: string, input: tf.Tensor): tf.Tensor {
  const part = cut({ inputs: model.inputs, outputs: model.getLayer(name).output as SymbolicTensor });
  return part.predict(input) as tf.Tensor;
}

export type { TfjsModel };
export { tf };
