// Verb: a stage of the schedule → lines of Python: what is frozen, the optimizer, the callbacks, the fit.
import { frozenLayers } from '../../compiler/layers/freeze.ts';
import type { LayersModel } from '../../compiler/layers/layers.ts';
import type { OptimizerPlan, RunPlan, StagePlan } from '../../compiler/plan/plan.ts';
import { literal, type PythonValue } from './python.ts';

type Arguments = Readonly<Record<string, PythonValue>>;

const argumentList = (values: Arguments): string =>
  Object.entries(values)
    .map(([name, value]) => `${name}=${literal(value)}`)
    .join(', ');

const optimizerClasses: { readonly [K in OptimizerPlan['kind']]: string } = {
  sgd: 'SGD',
  adam: 'Adam',
  adamw: 'AdamW',
  rmsprop: 'RMSprop',
  adagrad: 'Adagrad',
};

/** Settings under Keras' names. */
const keysOfKeras: Readonly<Record<string, string>> = { initial_accumulator: 'initial_accumulator_value' };

const rateOf = ({ optimizer: { lr }, learning_rate: { schedule }, epochs }: StagePlan): string => {
  const decay = (steps: string, factor: number): string =>
    `keras.optimizers.schedules.ExponentialDecay(${lr}, decay_steps=${steps}, decay_rate=${factor}, staircase=True)`;
  if (schedule.kind === 'step') return decay(`${schedule.every_epochs} * steps`, schedule.factor);
  if (schedule.kind === 'exponential') return decay('steps', schedule.factor);
  if (schedule.kind !== 'cosine') return String(lr);
  return `keras.optimizers.schedules.CosineDecay(${lr}, decay_steps=${epochs} * steps, alpha=${schedule.final})`;
};

const clipKeys = { value: 'clipvalue', norm: 'clipnorm', global_norm: 'global_clipnorm' } as const;

const optimizerOf = (stage: StagePlan): string => {
  const { kind, lr: _, weight_decay, ...rest } = stage.optimizer;
  const renamed = Object.entries(rest).map(([key, value]) => [keysOfKeras[key] ?? key, value] as const);
  const settings: Record<string, PythonValue> = Object.fromEntries(renamed);
  if (kind === 'adamw' || weight_decay > 0) settings.weight_decay = weight_decay;
  if (stage.clip.kind !== 'none') settings[clipKeys[stage.clip.kind]] = stage.clip.limit;
  if (stage.ema !== null) {
    settings.use_ema = true;
    settings.ema_momentum = stage.ema;
  }
  return `keras.optimizers.${optimizerClasses[kind]}(learning_rate=${rateOf(stage)}, ${argumentList(settings)})`;
};

const callbacksOf = ({ early_stopping, reduce_lr_on_plateau, checkpoint }: StagePlan): readonly string[] => {
  const call = (name: string, values: Arguments): string => `keras.callbacks.${name}(${argumentList(values)})`;
  const stopping = early_stopping && {
    monitor: early_stopping.monitor,
    patience: early_stopping.patience,
    min_delta: early_stopping.min_delta,
    mode: early_stopping.mode,
    baseline: early_stopping.baseline,
    restore_best_weights: early_stopping.restore_best,
    start_from_epoch: early_stopping.start_from_epoch,
  };
  const saving = checkpoint && {
    filepath: 'checkpoint.weights.h5',
    monitor: checkpoint.monitor,
    mode: checkpoint.mode,
    save_best_only: checkpoint.save_best_only,
    save_weights_only: true,
  };
  return [
    ...(stopping ? [call('EarlyStopping', stopping)] : []),
    ...(reduce_lr_on_plateau ? [call('ReduceLROnPlateau', { ...reduce_lr_on_plateau })] : []),
    ...(saving ? [call('ModelCheckpoint', saving)] : []),
  ];
};

const freezeLines = ({ freeze }: StagePlan, model: LayersModel): readonly string[] => {
  const { frozen } = frozenLayers(model, freeze);
  if (frozen.size === 0) return ['model.trainable = True'];
  const part = model.layers.filter((layer) => layer.part === 'backbone').map(({ name }) => name);
  const open = part.filter((name) => !frozen.has(name));
  const names = frozen.size === part.length ? 'backbone' : open.length < frozen.size ? 'open' : 'frozen';
  const list = names === 'open' ? open : [...frozen];
  if (names === 'backbone') return ['for layer in model.layers:', '    layer.trainable = layer.name not in backbone'];
  const test = names === 'open' ? 'layer.name not in backbone or layer.name in trained' : 'layer.name not in frozen';
  return [
    `${names === 'open' ? 'trained' : 'frozen'} = set(${literal(list)})`,
    'for layer in model.layers:',
    `    layer.trainable = ${test}`,
  ];
};

const classWeightOf = ({ data }: RunPlan): string => {
  const { class_weights: weights } = data;
  if (weights === 'none') return 'None';
  if (weights === 'balanced') return 'dict(enumerate(len(counted) / (len(classes) * counted.sum(axis=0))))';
  return `{${weights.map((weight, i) => `${i}: ${weight}`).join(', ')}}`;
};

/** The labels that are trained on: balanced weights count them. */
const countedLine = ({ data: { class_weights, validation } }: RunPlan): readonly string[] => {
  if (class_weights !== 'balanced') return [];
  const end = validation.kind === 'fraction' ? `[: int(len(labels) * (1 - ${validation.fraction}))]` : '';
  return [`counted = labels${end}`];
};

/** `training`: the model behind its augmentation; `labels`: one row of classes an image. */
export const stageLines = (
  stage: StagePlan,
  { run, model }: { readonly run: RunPlan; readonly model: LayersModel },
) => {
  const callbacks = callbacksOf(stage);
  const { validation } = run.data;
  const measured =
    validation.kind === 'fraction'
      ? [`    validation_split=${validation.fraction},`]
      : validation.kind === 'test'
        ? ['    validation_data=(test_images, test_labels),']
        : [];
  return [
    `# stage ${literal(stage.name)}`,
    ...freezeLines(stage, model),
    ...countedLine(run),
    'training.compile(',
    `    optimizer=${optimizerOf(stage)},`,
    `    loss=keras.losses.CategoricalCrossentropy(label_smoothing=${stage.label_smoothing}),`,
    '    metrics=["accuracy"],',
    ')',
    'training.fit(',
    '    images,',
    '    labels,',
    `    batch_size=${stage.batch},`,
    `    epochs=${stage.epochs},`,
    ...measured,
    ...(run.data.class_weights === 'none' ? [] : [`    class_weight=${classWeightOf(run)},`]),
    ...(callbacks.length === 0 ? [] : ['    callbacks=[', ...callbacks.map((call) => `        ${call},`), '    ],']),
    ')',
  ];
};
