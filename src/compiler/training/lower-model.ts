// Pass: layers to operators. The forward pass of training (dropout on, batch statistics) and of evaluation, with loss and right answers.
import { type Builder, createBuilder, type Formulas, formulas } from '../graph/builder.ts';
import { BATCH, fixed } from '../graph/dims.ts';
import type { Layer } from '../layers/layers.ts';
import { dropoutMasks } from './dropout-masks.ts';
import { crossEntropy, penalties } from './loss.ts';
import { type Lowering, lowerLayer } from './lower-layers.ts';
import { channelsFirstFlattens, weightStates } from './state.ts';
import { type MaskInput, nextOf, type StateTensor } from './state-tensor.ts';
import type { TrainingGraphs, TrainingRequest } from './training-graphs.ts';

interface Forward {
  readonly b: Builder;
  readonly f: Formulas;
  readonly logits: string;
  /** The value of each layer. */
  readonly outputs: ReadonlyMap<string, string>;
  /** Outputs: the next values of the batch-norm statistics. */
  readonly statistics: readonly string[];
}

const imageShape = ([height, width, channels]: readonly number[]) => [BATCH, channels!, height!, width!] as const;

/** The loss takes logits: softmax and cross-entropy together are stable, as Keras' own rewriting does. */
const withoutSoftmax = (layer: Layer): Layer => {
  if (layer.class_name !== 'Dense' || layer.activation !== 'softmax') {
    throw new Error(`the last layer '${layer.name}' must be a dense softmax layer`);
  }
  return { ...layer, activation: 'linear' };
};

const lowerForward = (
  { model, trained }: TrainingRequest,
  state: readonly StateTensor[],
  masks: readonly MaskInput[],
  training: boolean,
): Forward => {
  const b = createBuilder();
  const f = formulas(b);
  const flattens = channelsFirstFlattens(model);
  const maskOf = new Map(masks.map((mask) => [mask.name, mask]));
  const statistics: string[] = [];
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
    keepsOrder: (layer) => flattens.has(layer.name),
    mask(layer) {
      const mask = training ? maskOf.get(`${layer.name}/mask`) : undefined;
      return mask && b.input(mask.name, 'float32', [BATCH, ...mask.shape]);
    },
    usesBatchStatistics: (layer) => training && trained.moving.has(`${layer.name}/moving_mean`),
    moveStatistics(layer, mean, variance) {
      const momentum = layer.class_name === 'BatchNormalization' ? layer.momentum : 0;
      const batch = { moving_mean: mean, moving_variance: variance };
      for (const [variable, value] of Object.entries(batch)) {
        const old = weight(layer, variable) as string;
        // moving = moving momentum + batch (1 - momentum), with the population variance as in Keras 3
        const next = f.add(f.mul(old, momentum), f.mul(value, 1 - momentum));
        statistics.push(b.named(next, nextOf(old)));
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
  return { b, f, logits: last, outputs, statistics };
};

/** Adds the values `loss` and `correct`. Smoothing and class weights act in training only. */
const addLoss = (request: TrainingRequest, { b, f, logits }: Forward, training: boolean): readonly string[] => {
  const classes = fixed(b.shape(logits)[1]);
  const labels = b.input('labels', 'float32', [BATCH, classes]);
  const smoothing = training ? request.stage.label_smoothing : 0;
  const classWeights = training ? request.classWeights : null;
  const loss = b.scope('loss', () => {
    const data = crossEntropy(f, b, logits, labels, smoothing, classWeights);
    return penalties(f, b, request.model, (name) => b.values.has(name)).reduce((sum, term) => f.add(sum, term), data);
  });
  const correct = b.scope('accuracy', () => {
    const pick = (value: string): string => b.add({ op: 'ArgMax', axis: 1, keepdims: false }, [value]);
    return f.sum(f.toFloat(b.add({ op: 'Equal' }, [pick(logits), pick(labels)])), [0]);
  });
  return [b.named(loss, 'loss'), b.named(correct, 'correct')];
};

/** Graphs without gradients. The train graph already gives the moving statistics of the next step. */
export const lowerModel = (request: TrainingRequest): TrainingGraphs => {
  const { model, frozen, trained } = request;
  const state = weightStates(model, new Set([...trained.trainable, ...trained.moving]));
  const masks = dropoutMasks(model, frozen, 'nchw');
  const training = lowerForward(request, state, masks, true);
  const trainEnds = addLoss(request, training, true);
  const evaluation = lowerForward(request, state, masks, false);
  const evaluateEnds = addLoss(request, evaluation, false);
  const { b, logits } = evaluation;
  const probabilities = b.named(b.add({ op: 'Softmax', axis: 1 }, [logits]), 'probabilities');
  return {
    classes: fixed(b.shape(logits)[1]),
    outputs: training.outputs,
    state,
    masks,
    prefix: null,
    gradients: null,
    updates: [],
    train: training.b.finish([...trainEnds, ...training.statistics], 'train'),
    evaluate: b.finish(evaluateEnds, 'evaluate'),
    predict: b.finish([probabilities], 'predict'),
  };
};
