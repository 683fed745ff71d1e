// Noun: the plan. Plain JSON, no sugar, no defaults left out, one entry a run, one entry a stage.
// Keys are the words of the language, and what is said of a word follows from its table in the vocabulary;
// plan.schema.json says the same to AJV and to other tools.
import type { ClassChoice } from '../leaf/class-choice.ts';
import type { augmentations, augmentSettings, fills } from '../vocabulary/augment.ts';
import type { backbones, ownWeightSources, weightSources } from '../vocabulary/backbones.ts';
import type {
  dataSettings,
  ImageShape,
  interpolations,
  normalizations,
  sources,
  validations,
} from '../vocabulary/data.ts';
import type { freezing } from '../vocabulary/freeze.ts';
import type { learningRates, monitors, optimizers, stageSettings } from '../vocabulary/schedule.ts';
import type { SettingOf } from '../vocabulary/setting.ts';
import type { FieldsOf, PlanOf } from '../vocabulary/word.ts';
import type { LayerPlan } from './layer-plan.ts';

export type { ImageShape } from '../vocabulary/data.ts';
export type * from './layer-plan.ts';

/** Everything a `.tlp` file asks for. */
export interface Plan {
  readonly version: 1;
  /** Name of the pipeline: the file's base name without `.tlp`. */
  readonly pipeline: string;
  readonly runs: readonly RunPlan[];
}

/** One training: its own seeded weights, its own folder, its own result. */
export interface RunPlan {
  readonly name: string;
  /** What tells this run from the others of its sweep, `lr=0.01`: the end of its name; null where nothing is swept. */
  readonly sweep: string | null;
  /** Name of the run whose final weights this run starts from; null: fresh, seeded weights. */
  readonly continues: string | null;
  /** Root of the separate seed streams (init, shuffle, augment, dropout). */
  readonly seed: number;
  readonly data: DataPlan;
  readonly augment: readonly AugmentPlan[];
  /** So many augmented views of each image, which the epochs take in turn; null: a new one in each epoch. */
  readonly views: SettingOf<typeof augmentSettings.views>;
  readonly backbone: BackbonePlan;
  /** Layers of the head; the last one is always the softmax layer named `predictions`. */
  readonly head: readonly LayerPlan[];
  readonly stages: readonly StagePlan[];
}

// ---------------------------------------------------------------- data

type DataSettings = { readonly [F in keyof typeof dataSettings]: SettingOf<(typeof dataSettings)[F]> };

/** The settings of a data block, and what follows from them. */
export interface DataPlan extends Pick<DataSettings, 'resize' | 'class_weights'> {
  readonly source: SourcePlan;
  /** The classes that are kept, by place (from 0, both ends included) or by name; null: all. */
  readonly only_classes: ClassChoice | null;
  /** Number of classes; null while only the data itself can tell (folder, csv). */
  readonly classes: number | null;
  /** What the network sees: height x width x channels, in pixels. */
  readonly image: ImageShape;
  /** What the source gives; null while only the data itself can tell. */
  readonly source_image: ImageShape | null;
  readonly normalize: NormalizePlan;
  readonly validation: ValidationPlan;
  /** At most this many images of each split; null: all. The same choice on every machine. */
  readonly limit: DataSettings['limit'];
}

export type Interpolation = keyof typeof interpolations;

export type SourcePlan = PlanOf<typeof sources>;

/** value_out[c] = value_in[order[c]] * scale[c] + offset[c], value_in in 0..255. */
export interface NormalizePlan {
  readonly kind: keyof typeof normalizations;
  readonly order: 'rgb' | 'bgr';
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}

/** Which images are measured on while training. */
export type ValidationPlan = PlanOf<typeof validations>;

// ---------------------------------------------------------------- augmentation

export type FillMode = keyof typeof fills;

/** In the order of the file. Angles in degrees, shares in 0..1, ranges as [low, high]. */
export type AugmentPlan = PlanOf<typeof augmentations>;

export type AugmentKind = AugmentPlan['kind'];

// ---------------------------------------------------------------- network

export type BackbonePlan =
  | { readonly kind: 'known'; readonly name: BackboneName; readonly weights: WeightsPlan }
  /** A network of one's own; `name` is the file's name for it, null when it has none. */
  | {
      readonly kind: 'own';
      readonly name: string | null;
      readonly layers: readonly LayerPlan[];
      readonly weights: OwnWeightsPlan;
    };

export type BackboneName = keyof typeof backbones;

/** Where the weights of a known backbone come from. */
export type WeightsPlan = PlanOf<typeof weightSources>;

/** Where the weights of a network of one's own come from. */
export type OwnWeightsPlan = PlanOf<typeof ownWeightSources>;

// ---------------------------------------------------------------- training

/** Which layers keep their weights. Everything not named trains. */
export type FreezePlan = FieldsOf<typeof freezing>;

type StageSettings = { readonly [F in keyof typeof stageSettings]: SettingOf<(typeof stageSettings)[F]> };

/** A phase of the training; each field but the first three is the setting of its name. */
export interface StagePlan extends StageSettings {
  readonly name: string;
  readonly freeze: FreezePlan;
  readonly learning_rate: LearningRatePlan;
}

export type OptimizerPlan = PlanOf<typeof optimizers>;

/** Multiplies the optimizer's `lr`; `backbone_factor` is the factor of backbone layers against the head. */
export interface LearningRatePlan {
  readonly schedule: PlanOf<typeof learningRates>;
  readonly warmup_epochs: number;
  readonly backbone_factor: number;
}

export type MonitorName = keyof typeof monitors;

export type EarlyStoppingPlan = NonNullable<StagePlan['early_stopping']>;

export type ReduceLrPlan = NonNullable<StagePlan['reduce_lr_on_plateau']>;

export type CheckpointPlan = NonNullable<StagePlan['checkpoint']>;
