// Table: what of a run Keras has no word for, with the reason. A run without such things can be written as a Keras program.
import { frozenLayers } from '../../compiler/layers/freeze.ts';
import type { AugmentPlan, RunPlan, SourcePlan, StagePlan } from '../../compiler/plan/plan.ts';
import type { ExportRequest } from '../exported.ts';

/** Null: Keras can say it. */
type Gap = string | null;

const sources: { readonly [K in SourcePlan['kind']]: Gap } = {
  digits: 'Keras has no data set `digits`',
  shapes: 'Keras draws no `shapes`',
  mnist: null,
  fashion_mnist: null,
  cifar10: null,
  cifar100: null,
  folder: null,
  csv: 'Keras reads no table of images',
};

/** What is not named here is refused. */
const augmentations: { readonly [K in AugmentPlan['kind']]?: Gap } = {
  flip: null,
  rotate: null,
  shift: null,
  zoom: null,
  shear: 'Keras shears by shares, not angles',
  crop: 'Keras crops a size, not a share',
  brightness: "Keras' RandomBrightness adds where `brightness` multiplies",
  contrast: "Keras' RandomContrast turns about the image's mean, `contrast` about mid grey",
  saturation: 'Keras changes the saturation of HSV',
  hue: 'Keras turns the hue of HSV',
  channel_shift: 'Keras has no layer that adds one number to all values',
  mixup: 'it mixes labels too, which a layer before the network cannot',
  cutmix: 'it mixes labels too, which a layer before the network cannot',
};

const when = (holds: boolean, reason: string): readonly string[] => (holds ? [reason] : []);

const augmentGaps = (step: AugmentPlan): readonly string[] => {
  const reason = augmentations[step.kind];
  if (reason === undefined) return [`augment \`${step.kind}\`: the program has no layer of Keras for it`];
  if (reason !== null) return [`augment \`${step.kind}\`: ${reason}`];
  if (step.kind === 'flip') return when(step.probability !== 0.5, 'augment `flip`: Keras mirrors half of the images');
  return when(
    'fill' in step && step.fill === 'constant',
    `augment \`${step.kind}\`: Keras fills with one value behind the normalization`,
  );
};

const dataGaps = ({ data, continues, backbone }: RunPlan): readonly string[] => {
  const source = sources[data.source.kind];
  const { kind } = backbone.weights;
  return [
    ...(source === null ? [] : [`source \`${data.source.kind}\`: ${source}`]),
    ...when(data.only_classes !== null, '`classes`: the data sets of Keras have all their classes'),
    ...when(data.limit.train !== null || data.limit.test !== null, "`limit`: the choice of images is tlp's own"),
    ...when(
      data.source.kind === 'folder' && (data.resize.antialias || data.resize.interpolation === 'nearest'),
      '`resize`: image_dataset_from_directory is asked for `bilinear` without antialias alone',
    ),
    ...when(data.validation.kind === 'folder', '`validation folder`: tlp does not run it yet'),
    ...when(
      data.validation.kind === 'fraction' && data.validation.stratified,
      '`stratified`: Keras splits off the end of the data',
    ),
    ...when(continues !== null || kind === 'run', 'the run starts from another run'),
    ...when(kind === 'file', '`weights file`: the program cannot bring that file along'),
  ];
};

const stageGaps = (stage: StagePlan, { model }: ExportRequest): readonly string[] => {
  const { freeze, learning_rate: rate } = stage;
  const { frozen } = frozenLayers(model, freeze);
  const moving = model.layers.some(
    ({ class_name, name, part }) => class_name === 'BatchNormalization' && part === 'backbone' && !frozen.has(name),
  );
  const about = (what: string): string => `stage "${stage.name}": ${what}`;
  const { kind } = rate.schedule;
  return [
    ...when(freeze.batch_norm !== 'train' && moving, `\`batch_norm ${freeze.batch_norm}\` has no word in Keras`),
    ...when(rate.backbone_factor !== 1, 'an optimizer of Keras has one learning rate for all layers'),
    ...when(rate.warmup_epochs > 0, '`warmup_epochs` has no word in Keras for every schedule'),
    ...when(kind === 'one_cycle', '`one_cycle` has no word in Keras'),
    ...when(
      kind !== 'constant' && stage.reduce_lr_on_plateau !== null,
      'Keras has no reduce_lr_on_plateau beside a schedule',
    ),
    ...when(stage.keep_optimizer, '`keep_optimizer`: compiling anew for other frozen layers loses its state'),
  ].map(about);
};

/** Why the training cannot be written as a Keras program, a line a reason; empty where it can. */
export const trainGaps = (request: ExportRequest): readonly string[] => [
  ...dataGaps(request.run),
  ...request.run.augment.flatMap(augmentGaps),
  ...when(request.run.views !== null, '`views`: layers of Keras draw a new view in each epoch'),
  ...request.run.stages.flatMap((stage) => stageGaps(stage, request)),
];
