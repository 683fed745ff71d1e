// Pass: split at the freeze frontier. What depends on images and constant weights alone becomes a graph of its own.
import { pruneGraph } from '../graph/prune.ts';
import { mapGraphs, type TrainingGraphs, type TrainingRequest } from './training-graphs.ts';

/** Cuts all graphs where the layers say. Leaves them whole when nothing heavy is constant. */
export const splitAtFrontier = (graphs: TrainingGraphs, { prefix }: TrainingRequest): TrainingGraphs => {
  const { train, outputs } = graphs;
  if (train === null || prefix === null) return graphs;
  const features = prefix.features.map(({ layer }) => outputs.get(layer) as string);
  return {
    ...mapGraphs(graphs, (graph) => pruneGraph(graph, graph.outputs, features)),
    prefix: { ...pruneGraph(train, features), name: 'prefix' },
  };
};
