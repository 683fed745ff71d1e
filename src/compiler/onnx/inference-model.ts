// Verb: a graph for prediction, its weights and how its images are prepared → one ONNX model that needs nothing else.
import type { Graph } from '../graph/graph.ts';
import { bindInitializers, type Initializer } from './bind.ts';
import { encodeOnnx } from './encode.ts';
import { type ImageNodes, PREPARED } from './encode-images.ts';
import { ModelProto } from './proto.ts';

export interface InferenceRequest {
  /** Inputs `images` and weights, output `probabilities`. */
  readonly graph: Graph;
  /** All weights that the graph reads, in the graph's layout. */
  readonly weights: readonly Initializer[];
  readonly images: ImageNodes;
  /** Texts by key: the model's `metadata_props`. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Of tlp. */
  readonly version: string;
}

const INPUT = 'images';

/** The graph reads the prepared images, since the model's own input has the name `images`. */
const readingPrepared = (graph: Graph): Graph => {
  const renamed = (name: string): string => (name === INPUT ? PREPARED : name);
  const values = [...graph.values].map(([name, value]) => [renamed(name), { ...value, name: renamed(name) }] as const);
  return {
    ...graph,
    values: new Map(values),
    inputs: graph.inputs.map(renamed),
    nodes: graph.nodes.map((node) => ({ ...node, inputs: node.inputs.map(renamed) })),
  };
};

/**
 * Input `images`, output `probabilities` (N x classes). Protobuf merges a message written twice: what comes first here are the
 * nodes that prepare images, so that nodes stay in the order in which they can run.
 */
export const inferenceModel = (request: InferenceRequest): Uint8Array => {
  const { weights, images, metadata } = request;
  const graph = readingPrepared(request.graph);
  const front = ModelProto.encode(
    ModelProto.fromObject({
      producerVersion: request.version,
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      graph: { node: images.nodes, initializer: images.initializers, input: [images.input] },
    }),
  ).finish();
  const network = encodeOnnx(graph, new Set(graph.inputs));
  const model = new Uint8Array(front.length + network.length);
  model.set(front);
  model.set(network, front.length);
  const read = new Set(graph.inputs);
  return bindInitializers(
    model,
    weights.filter(({ name }) => read.has(name)),
  );
};
