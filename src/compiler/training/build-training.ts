// Verb: layers + stage to training graphs: lower, split at the frontier, fold, differentiate, update, share.

import type { Builder } from '../graph/builder.ts';
import { createBuilder, type Formulas, formulas } from '../graph/builder.ts';
import { differentiate } from '../graph/differentiate.ts';
import { BATCH, fixed } from '../graph/dims.ts';
import type { Graph } from '../graph/graph.ts';
import { pruneGraph, shareEqualNodes } from '../graph/prune.ts';
import type { Layer, LayersModel } from '../layers/layers.ts';
import type { MaskInput, StateTensor } from '../onnx/step-program.ts';
import type { StagePlan } from '../plan/plan.ts';
import { foldBatchNorm } from './fold-batch-norm.ts';
import { fusePadding } from './fuse-padding.ts';
import { crossEntropy, penalties } from './loss.ts';
import { type Lowering, lowerLayer } from './lower-layers.ts';
import { clipGradients, optimizerSlots, optimizerUpdate } from './optimizers.ts';
import { splitAtFrontier } from './split-frontier.ts';
import { slotState, weightStates } from './state.ts';
import type { Trained } from './trained.ts';
import type { TrainingGraphs } from './training-graphs.ts';

/** Everything that a stage of training says about the graphs. */
export interface TrainingRequest {
  readonly model: LayersModel;
  readonly stage: StagePlan;
  readonly trained: Trained;
  /** Weight of each class in the training loss, as Keras' `class_weight`; null: all 1. */
  readonly classWeights: readonly number[] | null;
}

interface Forward {
  readonly b: Builder;
  readonly f: Formulas;
  readonly logits: string;
  readonly masks: readonly MaskInput[];
  /** New moving statistics by weight name. */
  readonly statistics: ReadonlyMap<string, string>;
}

/** The model's forward pass. In training, dropout is on and batch norm of trained layers uses the batch. */
const lowerModel = (request: TrainingRequest, state: readonly StateTensor[], training: boolean): Forward => {
  const { model, trained } = request;
  const b = createBuilder();
  const f = formulas(b);
  const masks: MaskInput[] = [];
  const statistics = new Map<string, string>();
  const states = new Map(state.map((tensor) => [tensor.name, tensor]));
  const weight = (layer: Layer, variable: string): string | undefined => {
    const tensor = states.get(`${layer.name}/${variable}`);
    if (!tensor) return undefined;
    return b.values.has(tensor.name) ? tensor.name : b.input(tensor.name, 'float32', tensor.shape);
  };
  const lowering: Lowering = {
    b,
    f,
    weight,
    mask(layer, shape, rate) {
      if (!training || rate === 0) return undefined;
      const name = `${layer.name}/mask`;
      masks.push({ name, shape, rate });
      return b.input(name, 'float32', [BATCH, ...shape]);
    },
    usesBatchStatistics: (layer) => training && trained.moving.has(`${layer.name}/moving_mean`),
    moveStatistics(layer, mean, variance) {
      const momentum = layer.class_name === 'BatchNormalization' ? layer.momentum : 0;
      for (const [variable, batch] of [
        ['moving_mean', mean],
        ['moving_variance', variance],
      ] as const) {
        const old = weight(layer, variable);
        // moving = moving momentum + batch (1 - momentum), with the population variance as in Keras 3
        if (old !== undefined) statistics.set(old, f.add(f.mul(old, momentum), f.mul(batch, 1 - momentum)));
      }
    },
  };
  const outputs = new Map<string, string>();
  let last = '';
  for (const layer of model.layers) {
    const inputs =
      layer.class_name === 'InputLayer'
        ? [b.input('images', 'float32', imageShape(layer.output_shape))]
        : layer.inputs.map((name) => outputs.get(name) as string);
    const final = layer === model.layers[model.layers.length - 1];
    last = lowerLayer(final ? withoutSoftmax(layer) : layer, inputs, lowering);
    outputs.set(layer.name, last);
  }
  return { b, f, logits: last, masks, statistics };
};

const imageShape = ([height, width, channels]: readonly number[]) => [BATCH, channels!, height!, width!] as const;

/** The loss takes logits: softmax and cross-entropy together are stable, as Keras' own rewriting does. */
const withoutSoftmax = (layer: Layer): Layer => {
  if (layer.class_name !== 'Dense' || layer.activation !== 'softmax') {
    throw new Error(`the last layer '${layer.name}' must be a dense softmax layer`);
  }
  return { ...layer, activation: 'linear' };
};

/** Adds loss and right answers; gives the graph with outputs `loss` and `correct`. */
const withLoss = (request: TrainingRequest, forward: Forward, training: boolean): { loss: string; correct: string } => {
  const { b, f, logits } = forward;
  const classes = fixed(b.shape(logits)[1]);
  const labels = b.input('labels', 'float32', [BATCH, classes]);
  const { label_smoothing } = request.stage;
  const loss = b.scope('loss', () => {
    const data = crossEntropy(
      f,
      b,
      logits,
      labels,
      training ? label_smoothing : 0,
      training ? request.classWeights : null,
    );
    return penalties(f, b, request.model, (name) => b.values.has(name)).reduce((sum, term) => f.add(sum, term), data);
  });
  const correct = b.scope('accuracy', () => {
    const pick = (value: string): string => b.add({ op: 'ArgMax', axis: 1, keepdims: false }, [value]);
    return f.sum(f.toFloat(b.add({ op: 'Equal' }, [pick(logits), pick(labels)])), [0]);
  });
  return { loss: b.named(loss, 'loss'), correct: b.named(correct, 'correct') };
};

/** Graphs of one stage. Pure; the same request gives the same graphs. */
export const buildTraining = (request: TrainingRequest): TrainingGraphs => {
  const { model, stage, trained } = request;
  const updated = new Set([...trained.trainable, ...trained.moving]);
  const weights = weightStates(model, updated);
  const constant = new Set(weights.filter((tensor) => !tensor.updated).map(({ name }) => name));

  // lower
  const training = lowerModel(request, weights, true);
  const trainEnds = withLoss(request, training, true);
  const evaluation = lowerModel(request, weights, false);
  const evaluateEnds = withLoss(request, evaluation, false);
  const probabilities = evaluation.b.named(
    evaluation.b.add({ op: 'Softmax', axis: 1 }, [evaluation.logits]),
    'probabilities',
  );
  const classes = fixed(evaluation.b.shape(evaluation.logits)[1]);

  const trainOutputs = [trainEnds.loss, trainEnds.correct, ...training.statistics.values()];
  const forward = simplify(training.b.finish(trainOutputs, 'train'));
  const evaluate = simplify(evaluation.b.finish([evaluateEnds.loss, evaluateEnds.correct], 'evaluate'));
  const predict = simplify(evaluation.b.finish([probabilities], 'predict'));

  // split at the frontier, fold what is frozen
  const split = splitAtFrontier(forward, constant);
  const above = (graph: Graph): Graph => foldBatchNorm(pruneGraph(graph, graph.outputs, split.features), constant);
  const prefix = split.prefix === null ? null : shareEqualNodes(foldBatchNorm(split.prefix, constant));

  // differentiate and update
  const step = trained.trainable.size === 0 ? null : addUpdate(request, weights, above(forward), training, trainEnds);
  return {
    classes,
    state: [...weights, ...(step?.slots ?? [])],
    masks: training.masks,
    prefix,
    train: step === null ? null : shareEqualNodes(step.graph),
    evaluate: shareEqualNodes(above(evaluate)),
    predict: shareEqualNodes(above(predict)),
  };
};

const simplify = (graph: Graph): Graph => fusePadding(pruneGraph(graph));

/** The forward graph with gradients and the optimizer's update: outputs `loss`, `correct`, and `<state>:next`. */
const addUpdate = (
  { model, stage, trained }: TrainingRequest,
  weights: readonly StateTensor[],
  forward: Graph,
  { statistics }: Forward,
  ends: { readonly loss: string; readonly correct: string },
): { graph: Graph; slots: readonly StateTensor[] } => {
  const b = createBuilder(forward);
  const f = formulas(b);
  const learned = weights.filter(({ name }) => trained.trainable.has(name) && b.values.has(name));
  const gradients = differentiate(
    b,
    ends.loss,
    learned.map(({ name }) => name),
  );
  const reached = learned.filter(({ name }) => gradients.has(name));
  const lr = b.input('learning_rate', 'float32', []);
  const iteration = b.input('iteration', 'float32', []);
  const clipped = b.scope('clip', () =>
    clipGradients(
      b,
      f,
      stage.clip,
      reached.map(({ name }) => gradients.get(name) as string),
    ),
  );
  const backbone = new Set(
    model.layers.filter(({ part }) => part === 'backbone').flatMap((layer) => layer.weights.map(({ name }) => name)),
  );
  const { backbone_factor } = stage.learning_rate;
  const next: string[] = [];
  const slots: StateTensor[] = [];
  for (const [index, tensor] of reached.entries()) {
    b.scope(`update/${tensor.name}`, () => {
      const own = optimizerSlots(stage.optimizer).map(({ name, initial }) => slotState(tensor, name, initial));
      const values = Object.fromEntries(
        own.map((slot) => [slot.name.slice(tensor.name.length + 1), b.input(slot.name, 'float32', slot.shape)]),
      );
      const rate = backbone_factor !== 1 && backbone.has(tensor.name) ? f.mul(lr, backbone_factor) : lr;
      const update = optimizerUpdate(stage.optimizer, f, tensor.name, clipped[index] as string, values, {
        lr: rate,
        iteration,
      });
      next.push(b.named(update.weight, `${tensor.name}:next`));
      for (const slot of own) {
        next.push(b.named(update.slots[slot.name.slice(tensor.name.length + 1)] as string, `${slot.name}:next`));
      }
      slots.push(...own);
    });
  }
  for (const [name, value] of statistics) next.push(b.named(value, `${name}:next`));
  return { graph: pruneGraph(b.finish([ends.loss, ends.correct, ...next], 'train')), slots };
};
