// Table: how a stage trains: epochs, batch, optimizer, learning rate, callbacks. Defaults are those of Keras where it has some.
import { fieldsForm, type SettingWord, setting } from './setting.ts';
import {
  callOf,
  choice,
  derived,
  type Fields,
  type FieldsOf,
  flag,
  integer,
  type Json,
  number,
  optional,
  type Params,
  type PlanOf,
  param,
  required,
  share,
  type Words,
} from './word.ts';

const lr = (value: number) => param(number({ above: 0, max: 1000 }), value, 'Learning rate.');
const decay = (value: number) =>
  param(number({ min: 0, max: 1 }), value, 'Share of each weight, times the learning rate, that a step takes away.');
const epsilon = param(number({ above: 0 }), 1e-7, 'Added to the root of the second moment.');
const beta = (value: number, doc: string) => param(share({ min: 0, below: 1 }), value, doc);

const adam = (doc: string, weight_decay: number) => ({
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

export const optimizers = {
  sgd: {
    doc: 'Stochastic gradient descent.',
    example: 'optimizer sgd(lr: 0.1, momentum: 90%, nesterov: true)',
    positional: [],
    params: {
      lr: lr(0.01),
      momentum: beta(0, 'Share of the last step that goes on.'),
      nesterov: param(flag, false, 'Looks one step of momentum ahead.'),
      weight_decay: decay(0),
    },
  },
  adam: { ...adam('Adaptive moments.', 0), example: 'optimizer adam(lr: 1e-3)' },
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
} satisfies Words;

const final = param(share(), 0, 'Share of the learning rate at the end.');

export const learningRates = {
  constant: { doc: 'The same all the time.', positional: [], params: {} },
  step: {
    doc: 'Multiplied by a factor every few epochs.',
    example: 'learning_rate step(every_epochs: 10, factor: 50%)',
    positional: [],
    params: {
      every_epochs: required(integer({ min: 1 }), 'Epochs between two steps.'),
      factor: param(share({ above: 0, max: 1 }), 0.1, 'Factor of a step.'),
    },
  },
  exponential: {
    doc: 'Multiplied by a factor every epoch.',
    example: 'learning_rate exponential(95%)',
    positional: ['factor'],
    params: { factor: required(share({ above: 0, max: 1 }), 'Factor of an epoch.') },
  },
  cosine: {
    doc: 'Half a cosine from full to `final`.',
    example: 'learning_rate cosine(final: 1%)',
    positional: [],
    params: { final },
  },
  one_cycle: {
    doc: 'Up from `start` to full at `peak_at`, then down to `final`.',
    positional: [],
    params: {
      start: param(share(), 0.04, 'Share of the learning rate at the beginning.'),
      final,
      peak_at: param(share({ above: 0, below: 1 }), 0.3, 'Share of all steps before the peak.'),
    },
  },
} satisfies Words;

export const monitors = {
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

/** A word that `none` turns off, and that is off without being written. */
const whenOn = <P extends Params>(params: P, doc: string, example: string): SettingWord<FieldsOf<P>, null> => ({
  doc,
  example,
  positional: [],
  params,
  form: fieldsForm(params),
  initial: null,
  optional: true,
});

const earlyStopping = {
  monitor,
  patience: param(integer({ min: 0 }), 5, 'Epochs without improvement that are borne.'),
  min_delta: param(number({ min: 0 }), 0, 'Smallest change that counts.'),
  mode,
  baseline: param(optional(number()), null, 'Must be passed for patience to begin anew.'),
  restore_best: param(flag, true, 'Goes back to the weights of the best epoch.'),
  start_from_epoch: param(integer({ min: 0 }), 0, 'Epochs before watching begins.'),
};

const reduceLr = {
  monitor,
  factor: param(share({ above: 0, below: 1 }), 0.1, 'Factor on the learning rate.'),
  patience: param(integer({ min: 0 }), 10, 'Epochs without improvement that are borne.'),
  min_delta: param(number({ min: 0 }), 1e-4, 'Smallest change that counts.'),
  mode,
  cooldown: param(integer({ min: 0 }), 0, 'Epochs of rest after a reduction.'),
  min_lr: param(number({ min: 0 }), 0, 'Never below this.'),
};

const checkpoint = {
  monitor,
  mode,
  save_best_only: param(flag, true, 'Only when the watched value improved.'),
};

const limit = required(number({ above: 0 }), 'The limit.');
const limited = (doc: string) => ({ doc, positional: ['limit'], params: { limit } });

/** What `clip` limits, in the plan's form. */
export const clips = {
  none: { doc: 'No limit.', positional: [], params: {} },
  value: limited('Each number.'),
  norm: limited('The length of the gradient of each weight.'),
  global_norm: limited('The length of all gradients together.'),
} satisfies Words;

const clipping = {
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
};

const clip: SettingWord<PlanOf<typeof clips>, { readonly kind: 'none' }> = {
  doc: 'Limits gradients: each `value`, the `norm` of each weight, or the `global_norm` of all.',
  example: 'clip global_norm 1',
  positional: ['kind', 'limit'],
  params: clipping,
  form: {
    type: callOf(clips).type,
    build: ({ kind, limit: at }: FieldsOf<typeof clipping>) => (kind === 'none' ? { kind } : { kind, limit: at ?? 1 }),
  },
  initial: { kind: 'none' },
};

/** Words of a schedule, a stage and a run; each sets the field of its name. */
export const stageSettings = {
  epochs: setting(integer({ min: 0, max: 100000 }), 10, 'Passes over the train split; 0 only evaluates.', 'epochs 20'),
  batch: setting(integer({ min: 1, max: 65536 }), 32, 'Images in a step.', 'batch 64'),
  optimizer: setting(
    callOf(optimizers),
    {
      kind: 'adam',
      lr: 1e-3,
      beta_1: 0.9,
      beta_2: 0.999,
      epsilon: 1e-7,
      amsgrad: false,
      weight_decay: 0,
    },
    'How gradients change weights.',
    'optimizer adamw(lr: 1e-3, weight_decay: 0.01)',
  ),
  keep_optimizer: setting(
    flag,
    false,
    "Goes on with the optimizer's state of the stage before.",
    'stage "first" { epochs 5 }\nstage "second" { epochs 5; keep_optimizer true }',
  ),
  clip,
  label_smoothing: setting(
    share({ min: 0, below: 1 }),
    0,
    'Share of each label that is spread over all classes.',
    'label_smoothing 10%',
  ),
  ema: setting(
    optional(share({ above: 0, below: 1 })),
    null,
    'Momentum of a moving average of the weights, written into the model at the end.',
    'ema 99.9%',
  ),
  early_stopping: whenOn(
    earlyStopping,
    'Ends the stage when the watched value has not improved for `patience` epochs.',
    'early_stopping(monitor: val_loss, patience: 5)',
  ),
  reduce_lr_on_plateau: whenOn(
    reduceLr,
    'Lowers the learning rate when the watched value has not improved for `patience` epochs.',
    'reduce_lr_on_plateau(monitor: val_loss, factor: 50%, patience: 2)',
  ),
  checkpoint: whenOn(checkpoint, 'Writes the weights after an epoch.', 'checkpoint(monitor: val_accuracy)'),
};

const apart = {
  head: required(number({ above: 0, max: 1000 }), 'Learning rate of the head.'),
  backbone: required(number({ min: 0, max: 1000 }), 'Learning rate of the backbone.'),
};

const lrApart: SettingWord<FieldsOf<typeof apart>, null> = {
  doc: 'Learning rates of head and backbone apart.',
  example: 'lr(head: 1e-3, backbone: 1e-5)',
  positional: [],
  params: apart,
  form: fieldsForm(apart),
  initial: null,
};

/** Words about the learning rate; together they make the field `learning_rate`. */
export const rateSettings = {
  learning_rate: setting(
    callOf(learningRates),
    { kind: 'constant' },
    "How the optimizer's learning rate changes over the stage.",
    'learning_rate one_cycle(peak_at: 40%)',
  ),
  warmup_epochs: setting(
    number({ min: 0 }),
    0,
    'Epochs in which the learning rate rises from zero.',
    'warmup_epochs 2',
  ),
  lr: lrApart,
};

/** Root of the seed streams of a run: weights, shuffling, augmentation, dropout. */
export const seed = setting(
  integer({ min: 0, max: 4294967295 }),
  1,
  'Root of all random numbers of a run.',
  'seed 7',
  'A whole number.',
);
