// Verb: a finished run → a safetensors file: weights by Keras name, with their shapes.
import { encodeTensors } from '../runtime/checkpoint/safetensors.ts';
import { type Exported, type ExportRequest, metadataTexts, valuesOf } from './exported.ts';

/** In the order of the model's layers. */
export const toSafetensors = (request: ExportRequest): Exported => {
  const stored = request.model.layers.flatMap((layer) => layer.weights);
  const tensors = new Map(stored.map(({ name }) => [name, valuesOf(request.weights, name)] as const));
  const shapes = new Map(stored.map(({ name, shape }) => [name, shape] as const));
  return { kind: 'file', content: encodeTensors({ metadata: metadataTexts(request), tensors }, shapes) };
};
