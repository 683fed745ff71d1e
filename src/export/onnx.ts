// Verb: a finished run → an ONNX model: images in, probabilities out, the names of the classes in its metadata.
import { compileInference } from '../compiler/compile-inference.ts';
import { bytesToInput, preparedToInput } from '../compiler/onnx/encode-images.ts';
import { inferenceModel } from '../compiler/onnx/inference-model.ts';
import { toGraph } from '../runtime/engine/onnx/layout.ts';
import { type Exported, type ExportRequest, metadataTexts, valuesOf } from './exported.ts';

/** Input `images`: uint8 RGB, N x H x W x 3, of any size; or float32, N x height x width x channels, where preprocessing is outside. */
export const toOnnx = (request: ExportRequest): Exported => {
  const { run, model, metadata, weights, preprocess, version } = request;
  const { graph, state, preparation } = compileInference(run, model, metadata.source_image);
  const content = inferenceModel({
    graph,
    weights: state.map((tensor) => ({
      name: tensor.name,
      shape: tensor.shape,
      data: toGraph(tensor, valuesOf(weights, tensor.name)),
    })),
    images: preprocess === 'inside' ? bytesToInput(preparation) : preparedToInput(preparation.output),
    metadata: { ...metadataTexts(request), preprocess },
    version,
  });
  return { kind: 'file', content };
};
