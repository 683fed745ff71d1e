// Verb: what follows from a run, as lines for people; comments of the YAML, so that the whole stays YAML.
import type { RunFacts, StageFacts } from '../compiler/facts.ts';
import { grouped, printLayerTable } from '../compiler/layers/print.ts';
import type { AugmentPlan, ImageShape, RunPlan, StagePlan, ValidationPlan } from '../compiler/plan/plan.ts';
import { normalizations } from '../compiler/vocabulary/data.ts';
import { amount, bytesText } from './bytes-text.ts';
import { plainLines } from './plain-text.ts';

/**
 * Data, preprocessing, and each stage with its layers, costs and schedule. `kept`: images whose features of the first stage are in the cache
 * already; null where that cannot be told.
 */
export const printRun = (run: RunPlan, facts: RunFacts, kept: number | null = null): string => {
  const lines = [
    '',
    `run ${run.name}${run.continues === null ? '' : `, which goes on with the weights of ${run.continues}`}`,
    '',
    `data           ${dataLine(run, facts)}`,
    `preprocessing  ${preprocessing(run)}`,
    `augmentation   ${augmentation(run)}`,
    ...(facts.not_run_yet.length === 0 ? [] : [`not run yet    ${facts.not_run_yet.join(', ')}`]),
    '',
  ];
  const stages = facts.stages.map((stage, i) => printStage(facts, run, i, stage, i === 0 ? kept : null));
  return commented([lines.join('\n'), ...stages].join('\n'));
};

/** What all runs together will do; stands last. */
export const printSummary = (runs: readonly RunPlan[], facts: readonly RunFacts[]): string => {
  const all = runs.flatMap((run, i) => run.stages.map((plan, j) => ({ plan, facts: facts[i]!.stages[j] })));
  const epochs = all.reduce((sum, { plan }) => sum + plan.epochs, 0);
  const sum = (values: readonly (number | null)[]): number | null =>
    values.reduce<number | null>((total, value) => (total === null || value === null ? null : total + value), 0);
  const steps = sum(all.map((stage) => stepsOf(stage.plan, stage.facts)));
  const work = sum(
    all.map(({ plan, facts: stage }) => {
      const count = stepsOf(plan, stage);
      return count === null || stage === undefined ? null : count * plan.batch * stage.multiply_adds.step;
    }),
  );
  const memory = Math.max(0, ...all.map((stage) => stage.facts?.memory.total ?? 0));
  const cached = all.filter((stage) => (stage.facts?.cacheable ?? null) !== null).length;
  const waiting = facts.filter((run) => run.not_run_yet.length > 0);
  const parts = [
    count(runs.length, 'run'),
    `at most ${count(epochs, 'epoch')}`,
    ...(steps === null ? [] : [count(steps, 'step')]),
    ...(work === null ? [] : [`${amount(work)} multiply-adds of training`]),
    ...(memory === 0 ? [] : [`about ${bytesText(memory)} for the largest step`]),
    ...(cached === 0 ? [] : [`${count(cached, 'stage')} with features that can be computed once`]),
    ...(waiting.length === 0 ? [] : [`${count(waiting.length, 'run')} not run yet`]),
  ];
  return commented(`\nPlan: ${parts.join('; ')}.\n`);
};

const stepsOf = (plan: StagePlan, facts: StageFacts | undefined): number | null =>
  facts === undefined || facts.steps_per_epoch === null ? null : facts.steps_per_epoch * plan.epochs;

const count = (n: number, word: string): string => `${grouped(n)} ${word}${n === 1 ? '' : 's'}`;
const size = ({ height, width, channels }: ImageShape): string => `${height}x${width}x${channels}`;
const percent = (share: number): string => `${+(share * 100).toPrecision(6)}%`;

const dataLine = ({ data }: RunPlan, { images }: RunFacts): string => {
  const { source, classes } = data;
  const shown = (n: number | null): string => (n === null ? 'as many as there are' : grouped(n));
  const name = 'path' in source ? `${source.kind} "${source.path}"` : source.kind;
  return [
    `${name}, ${classes === null ? 'classes as the data have them' : count(classes, 'class').replace('classs', 'classes')}: `,
    `train on ${shown(images.train)}, `,
    data.validation.kind === 'none'
      ? 'no validation, '
      : `validate on ${validation(data.validation, shown(images.validation))}, `,
    `test on ${shown(images.test)}`,
    data.class_weights === 'none' ? '' : `; class weights ${String(data.class_weights)}`,
  ].join('');
};

const validation = (plan: ValidationPlan, images: string): string => {
  switch (plan.kind) {
    case 'fraction':
      return `${images} (${percent(plan.fraction)} of train${plan.stratified ? ', stratified' : ''})`;
    case 'folder':
      return `the folder "${plan.path}"`;
    default:
      return `the ${images} of the test split`;
  }
};

const preprocessing = ({ data }: RunPlan): string => {
  const { source_image: from, image, resize, normalize } = data;
  const same = from !== null && from.height === image.height && from.width === image.width;
  return [
    `${from === null ? 'images of any size' : size(from)} → ${size(image)}`,
    ...(same ? [] : [`${resize.interpolation}${resize.antialias ? ', antialiased' : ''}`]),
    ...(from === null || from.channels === image.channels ? [] : [image.channels === 1 ? 'to grey' : 'grey to colour']),
    `${normalize.kind} (${normalizations[normalize.kind]})`,
  ].join(', ');
};

const augmentation = ({ augment, views }: RunPlan): string => {
  if (augment.length === 0) return 'none';
  const drawn = views === null ? '' : `, ${count(views, 'view')} of each, in turn`;
  return `${augment.map(showStep).join(', ')} (train images only${drawn})`;
};

const showStep = ({ kind, ...fields }: AugmentPlan): string => {
  const shown = Object.entries(fields).map(([key, value]) =>
    Array.isArray(value) ? `${key} ${value.join('..')}` : typeof value === 'string' ? value : `${key} ${value}`,
  );
  return `${kind} (${shown.join(', ')})`;
};

const printStage = (facts: RunFacts, run: RunPlan, i: number, stage: StageFacts, kept: number | null): string => {
  const plan = run.stages[i]!;
  const { memory, multiply_adds } = stage;
  return [
    `stage ${plan.name}`,
    '',
    printLayerTable(facts.model!, stage.frozen, plan.freeze.batch_norm),
    `work           ${amount(multiply_adds.forward)} multiply-adds an image forward, ${amount(multiply_adds.step * plan.batch)} a step of ${plan.batch}`,
    `memory         about ${bytesText(memory.total)} a step: weights ${bytesText(memory.weights)}, gradients ${bytesText(memory.gradients)}, optimizer ${bytesText(memory.slots)}, activations ${bytesText(memory.activations)}`,
    `cacheable      ${cacheable(facts, run, stage)}${keptText(kept)}`,
    `schedule       ${schedule(plan, stage)}`,
    '',
  ].join('\n');
};

const cacheable = ({ images }: RunFacts, run: RunPlan, stage: StageFacts): string => {
  const { cacheable: prefix, uncacheable, anew } = stage;
  if (prefix === null) return `nothing: ${uncacheable}${anewText(anew, images.train)}`;
  const views = run.augment.length === 0 ? 1 : (run.views ?? 1);
  const features = prefix.features.map(({ layer, shape }) => `${layer} (${shape.join('x')})`).join(', ');
  const known = images.train === null || images.validation === null ? null : images.train * views + images.validation;
  const total = known === null ? '' : `, ${bytesText(known * prefix.values * 4)} for ${grouped(known)} images`;
  const first = views === 1 ? 'the first' : `the first ${views}, one for each view,`;
  const saved = `each epoch after ${first} saves ${amount(prefix.multiply_adds)} multiply-adds an image`;
  return `the first ${count(prefix.layers.length, 'layer')}, up to ${features}: ${bytesText(prefix.values * 4)} an image${total}; ${saved}`;
};

/** `anew`: multiply-adds of one of `train` images in each epoch. */
const anewText = (anew: number, train: number | null): string => {
  if (anew === 0) return '';
  const epoch = train === null ? '' : `, ${amount(anew * train)} an epoch`;
  return `; that costs ${amount(anew)} multiply-adds an image${epoch}, and \`augment { views 4 … }\` would draw four views of each once`;
};

const keptText = (kept: number | null): string => {
  if (kept === null) return '';
  return kept === 0 ? '; none are kept yet' : `; those of ${count(kept, 'image')} are kept already`;
};

const schedule = (plan: StagePlan, facts: StageFacts): string => {
  const { optimizer, learning_rate: rate } = plan;
  const steps = facts.steps_per_epoch === null ? '' : ` of ${count(facts.steps_per_epoch, 'step')}`;
  return [
    `${count(plan.epochs, 'epoch')}${steps}`,
    `${optimizer.kind} at ${optimizer.lr}${rate.schedule.kind === 'constant' ? '' : `, ${rate.schedule.kind}`}`,
    ...(rate.warmup_epochs > 0 ? [`warm-up ${rate.warmup_epochs} epochs`] : []),
    ...(rate.backbone_factor === 1 ? [] : [`backbone at ${+(optimizer.lr * rate.backbone_factor).toPrecision(6)}`]),
    ...(plan.clip.kind === 'none' ? [] : [`gradients clipped by ${plan.clip.kind} ${plan.clip.limit}`]),
    ...(plan.label_smoothing > 0 ? [`labels smoothed by ${percent(plan.label_smoothing)}`] : []),
    ...(plan.ema === null ? [] : [`moving average of weights ${percent(plan.ema)}`]),
    ...(plan.early_stopping === null
      ? []
      : [`stops after ${count(plan.early_stopping.patience, 'epoch')} without better ${plan.early_stopping.monitor}`]),
    ...(plan.reduce_lr_on_plateau === null
      ? []
      : [`rate times ${plan.reduce_lr_on_plateau.factor} after ${count(plan.reduce_lr_on_plateau.patience, 'epoch')}`]),
    ...(plan.checkpoint === null ? [] : [`checkpoint by ${plan.checkpoint.monitor}`]),
  ].join('; ');
};

export const commented = (text: string): string =>
  plainLines(text)
    .split('\n')
    .map((line) => (line === '' ? '#' : `# ${line}`))
    .join('\n')
    .replace(/#$/, '');
