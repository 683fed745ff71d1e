// Table: how a stage trains: epochs, batch, optimizer, learning rate, callbacks. Defaults are those of Keras where it has some.
import type {
  CheckpointPlan,
  EarlyStoppingPlan,
  LearningRatePlan,
  MonitorName,
  OptimizerPlan,
  ReduceLrPlan,
  StagePlan,
} from '../plan/plan.ts';
import {
  callOf,
  choice,
  derived,
  type Fields,
  flag,
  integer,
  type Json,
  number,
  optional,
  param,
  required,
  share,
  type Typed,
  type Word,
  type WordFor,
  type WordsFor,
} from './word.ts';

const lr = (value: number) => param(number({ above: 0, max: 1000 }), value, 'Learning rate.');
const decay = (value: number) =>
  param(number({ min: 0, max: 1 }), value, 'Share of each weight, times the learning rate, that a step takes away.');
const epsilon = param(number({ above: 0 }), 1e-7, 'Added to the root of the second moment.');
const beta = (value: number, doc: string) => param(share({ min: 0, below: 1 }), value, doc);

const adam = (doc: string, weight_decay: number): WordFor<Extract<OptimizerPlan, { lr: number; beta_1: number }>> => ({
  doc,
  positional: [],
  params: {
    lr: lr(1e-3),
    beta_1: beta(0.9, 'Decay of the mean gradient.'),
    beta_2: beta(0.999, 'Decay of the mean squared gradient.'),
    epsilon,
    amsgrad: param(flag, false, 'Uses the largest second moment so far.'),
    weight_decay: decay(weight_decay),
  },
});

export const optimizers: WordsFor<OptimizerPlan> = {
  sgd: {
    doc: 'Stochastic gradient descent.',
    positional: [],
    params: {
      lr: lr(0.01),
      momentum: beta(0, 'Share of the last step that goes on.'),
      nesterov: param(flag, false, 'Looks one step of momentum ahead.'),
      weight_decay: decay(0),
    },
  },
  adam: adam('Adaptive moments.', 0),
  adamw: adam('Adam with decoupled weight decay.', 0.004),
  rmsprop: {
    doc: 'Divides by the root of the mean squared gradient.',
    positional: [],
    params: {
      lr: lr(1e-3),
      rho: beta(0.9, 'Decay of the mean squared gradient.'),
      momentum: beta(0, 'Share of the last step that goes on.'),
      epsilon,
      centered: param(flag, false, 'Subtracts the squared mean gradient.'),
      weight_decay: decay(0),
    },
  },
  adagrad: {
    doc: 'Divides by the root of the sum of squared gradients.',
    positional: [],
    params: {
      lr: lr(1e-3),
      initial_accumulator: param(number({ min: 0 }), 0.1, 'First value of the sum.'),
      epsilon,
      weight_decay: decay(0),
    },
  },
};

const final = param(share(), 0, 'Share of the learning rate at the end.');

export const learningRates: WordsFor<LearningRatePlan['schedule']> = {
  constant: { doc: 'The same all the time.', positional: [], params: {} },
  step: {
    doc: 'Multiplied by a factor every few epochs.',
    positional: [],
    params: {
      every_epochs: required(integer({ min: 1 }), 'Epochs between two steps.'),
      factor: param(share({ above: 0, max: 1 }), 0.1, 'Factor of a step.'),
    },
  },
  exponential: {
    doc: 'Multiplied by a factor every epoch.',
    positional: ['factor'],
    params: { factor: required(share({ above: 0, max: 1 }), 'Factor of an epoch.') },
  },
  cosine: { doc: 'Half a cosine from full to `final`.', positional: [], params: { final } },
  one_cycle: {
    doc: 'Up from `start` to full at `peak_at`, then down to `final`.',
    positional: [],
    params: {
      start: param(share(), 0.04, 'Share of the learning rate at the beginning.'),
      final,
      peak_at: param(share({ above: 0, below: 1 }), 0.3, 'Share of all steps before the peak.'),
    },
  },
};

export const monitors: Readonly<Record<MonitorName, string>> = {
  loss: 'loss on the train split, as the epoch went',
  accuracy: 'accuracy on the train split, as the epoch went',
  val_loss: 'loss on the validation split',
  val_accuracy: 'accuracy on the validation split',
};
const monitor = param(choice(monitors), 'val_loss', 'What is watched.');
const better = ({ monitor: name }: Fields): Json => (String(name).endsWith('accuracy') ? 'max' : 'min');
const mode = derived(
  choice({ min: 'lower is better', max: 'higher is better' }),
  'max for accuracies, min for losses',
  better,
  'Which way is better.',
);

const earlyStopping: WordFor<EarlyStoppingPlan> = {
  doc: 'Ends the stage when the watched value has not improved for `patience` epochs.',
  positional: [],
  params: {
    monitor,
    patience: param(integer({ min: 0 }), 5, 'Epochs without improvement that are borne.'),
    min_delta: param(number({ min: 0 }), 0, 'Smallest change that counts.'),
    mode,
    baseline: param(optional(number()), null, 'Must be passed for patience to begin anew.'),
    restore_best: param(flag, true, 'Goes back to the weights of the best epoch.'),
    start_from_epoch: param(integer({ min: 0 }), 0, 'Epochs before watching begins.'),
  },
};

const reduceLr: WordFor<ReduceLrPlan> = {
  doc: 'Lowers the learning rate when the watched value has not improved for `patience` epochs.',
  positional: [],
  params: {
    monitor,
    factor: param(share({ above: 0, below: 1 }), 0.1, 'Factor on the learning rate.'),
    patience: param(integer({ min: 0 }), 10, 'Epochs without improvement that are borne.'),
    min_delta: param(number({ min: 0 }), 1e-4, 'Smallest change that counts.'),
    mode,
    cooldown: param(integer({ min: 0 }), 0, 'Epochs of rest after a reduction.'),
    min_lr: param(number({ min: 0 }), 0, 'Never below this.'),
  },
};

const checkpoint: WordFor<CheckpointPlan> = {
  doc: 'Writes the weights after an epoch.',
  positional: [],
  params: { monitor, mode, save_best_only: param(flag, true, 'Only when the watched value improved.') },
};

/** A word that sets one field of the plan. */
export interface Setting extends Word {
  /** The field when the word is not written; in the plan's form. */
  readonly initial: Json;
  /** `word none` is allowed and means null. */
  readonly optional?: boolean;
}

const value = <T>(typed: Typed<T>, initial: Json, doc: string): Setting => ({
  doc,
  positional: ['value'],
  params: { value: required(typed, doc) },
  build: (fields): Json => fields.value ?? null,
  initial,
});

const whenOff = (word: WordFor<EarlyStoppingPlan> | WordFor<ReduceLrPlan> | WordFor<CheckpointPlan>): Setting => ({
  ...word,
  build: (fields): Json => fields,
  initial: null,
  optional: true,
});

const plainAdam: Json = {
  kind: 'adam',
  lr: 1e-3,
  beta_1: 0.9,
  beta_2: 0.999,
  epsilon: 1e-7,
  amsgrad: false,
  weight_decay: 0,
};

type StageField = Exclude<keyof StagePlan, 'name' | 'freeze' | 'learning_rate'>;

/** Words of a schedule, a stage and a run; each sets the field of its name. */
export const stageSettings: Readonly<Record<StageField, Setting>> = {
  epochs: value(integer({ min: 0, max: 100000 }), 10, 'Passes over the train split; 0 only evaluates.'),
  batch: value(integer({ min: 1, max: 65536 }), 32, 'Images in a step.'),
  optimizer: value(callOf<OptimizerPlan>(optimizers), plainAdam, 'How gradients change weights.'),
  keep_optimizer: value(flag, false, "Goes on with the optimizer's state of the stage before."),
  clip: {
    doc: 'Limits gradients: each `value`, the `norm` of each weight, or the `global_norm` of all.',
    positional: ['kind', 'limit'],
    params: {
      kind: required(
        choice({
          none: 'no limit',
          value: 'each number',
          norm: 'the length of the gradient of each weight',
          global_norm: 'the length of all gradients together',
        }),
        'What is limited.',
      ),
      limit: param(optional(number({ above: 0 })), null, 'The limit.'),
    },
    build: ({ kind, limit }): Json => (kind === 'none' ? { kind } : { kind: kind ?? 'norm', limit: limit ?? 1 }),
    initial: { kind: 'none' },
  },
  label_smoothing: value(share({ min: 0, below: 1 }), 0, 'Share of each label that is spread over all classes.'),
  ema: value(
    optional(share({ above: 0, below: 1 })),
    null,
    'Momentum of a moving average of the weights, written into the model at the end.',
  ),
  early_stopping: whenOff(earlyStopping),
  reduce_lr_on_plateau: whenOff(reduceLr),
  checkpoint: whenOff(checkpoint),
};

/** Words about the learning rate; together they make the field `learning_rate`. */
export const rateSettings = {
  learning_rate: value(
    callOf<LearningRatePlan['schedule']>(learningRates),
    { kind: 'constant' },
    "How the optimizer's learning rate changes over the stage.",
  ),
  warmup_epochs: value(number({ min: 0 }), 0, 'Epochs in which the learning rate rises from zero.'),
  lr: {
    doc: 'Learning rates of head and backbone apart.',
    positional: [],
    params: {
      head: required(number({ above: 0, max: 1000 }), 'Learning rate of the head.'),
      backbone: required(number({ min: 0, max: 1000 }), 'Learning rate of the backbone.'),
    },
    build: (fields: Fields): Json => fields,
    initial: null,
  },
} as const satisfies Readonly<Record<string, Setting>>;
