// Noun: the plan. Plain JSON, no sugar, no defaults left out, one entry a run, one entry a stage.
// Keys are the words of the language; plan.schema.json says the same to AJV and to other tools.

import type { LayerPlan } from './layer-plan.ts';

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
  /** Name of the run whose final weights this run starts from; null: fresh, seeded weights. */
  readonly continues: string | null;
  /** Root of the separate seed streams (init, shuffle, augment, dropout). */
  readonly seed: number;
  readonly data: DataPlan;
  readonly augment: readonly AugmentPlan[];
  readonly backbone: BackbonePlan;
  /** Layers of the head; the last one is always the softmax layer named `predictions`. */
  readonly head: readonly LayerPlan[];
  readonly stages: readonly StagePlan[];
}

// ---------------------------------------------------------------- data

export interface DataPlan {
  readonly source: SourcePlan;
  /** Number of classes; null while only the data itself can tell (folder, csv). */
  readonly classes: number | null;
  /** What the network sees: height x width x channels, in pixels. */
  readonly image: ImageShape;
  /** What the source gives; null while only the data itself can tell. */
  readonly source_image: ImageShape | null;
  readonly resize: { readonly interpolation: Interpolation; readonly antialias: boolean };
  readonly normalize: NormalizePlan;
  readonly validation: ValidationPlan;
  /** At most this many images of each split; null: all. The same choice on every machine. */
  readonly limit: { readonly train: number | null; readonly test: number | null };
  readonly class_weights: 'none' | 'balanced' | readonly number[];
}

export interface ImageShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

export type Interpolation = 'nearest' | 'bilinear';

export type SourcePlan =
  | { readonly kind: 'digits' }
  | {
      readonly kind: 'shapes';
      readonly classes: number;
      readonly train: number;
      readonly test: number;
      readonly seed: number;
    }
  | { readonly kind: 'mnist' }
  | { readonly kind: 'fashion_mnist' }
  | { readonly kind: 'cifar10' }
  | { readonly kind: 'cifar100' }
  | { readonly kind: 'folder'; readonly path: string; readonly test: string | null }
  | { readonly kind: 'csv'; readonly path: string; readonly image: string; readonly label: string };

/** value_out[c] = value_in[order[c]] * scale[c] + offset[c], value_in in 0..255. */
export interface NormalizePlan {
  readonly kind: 'unit' | 'signed' | 'caffe' | 'torch' | 'none';
  readonly order: 'rgb' | 'bgr';
  readonly scale: readonly number[];
  readonly offset: readonly number[];
}

export type ValidationPlan =
  | { readonly kind: 'none' }
  /** The last `fraction` of the train split before any shuffling (Keras' Model.fit), or the same share of each class. */
  | { readonly kind: 'fraction'; readonly fraction: number; readonly stratified: boolean }
  | { readonly kind: 'folder'; readonly path: string }
  /** The test split, because the file says so in so many words. */
  | { readonly kind: 'test' };

// ---------------------------------------------------------------- augmentation

export type FillMode = 'nearest' | 'reflect' | 'wrap' | 'constant';

/** In the order of the file. Angles in degrees, shares in 0..1, ranges as [low, high]. */
export type AugmentPlan =
  | { readonly kind: 'flip'; readonly axis: 'horizontal' | 'vertical'; readonly probability: number }
  | {
      readonly kind: 'rotate';
      readonly degrees: readonly [number, number];
      readonly fill: FillMode;
      readonly fill_value: number;
    }
  /** Shares of height (y) and width (x). */
  | {
      readonly kind: 'shift';
      readonly x: readonly [number, number];
      readonly y: readonly [number, number];
      readonly fill: FillMode;
      readonly fill_value: number;
    }
  /** Factors on output coordinates as in Keras: below 1 magnifies. `keep_aspect`: one draw for both axes. */
  | {
      readonly kind: 'zoom';
      readonly x: readonly [number, number];
      readonly y: readonly [number, number];
      readonly keep_aspect: boolean;
      readonly fill: FillMode;
      readonly fill_value: number;
    }
  | {
      readonly kind: 'shear';
      readonly degrees: readonly [number, number];
      readonly fill: FillMode;
      readonly fill_value: number;
    }
  /** A random window of this share of the image, scaled back to full size. */
  | { readonly kind: 'crop'; readonly share: readonly [number, number] }
  /** Factor on all values. */
  | { readonly kind: 'brightness'; readonly factor: readonly [number, number] }
  /** Factor on the distance from the mid value 127.5. */
  | { readonly kind: 'contrast'; readonly factor: readonly [number, number] }
  /** Factor on the distance from the pixel's own grey value. */
  | { readonly kind: 'saturation'; readonly factor: readonly [number, number] }
  /** Angle in the plane across the grey axis. */
  | { readonly kind: 'hue'; readonly degrees: readonly [number, number] }
  /** Added to all channels, in units of 0..255. */
  | { readonly kind: 'channel_shift'; readonly amount: readonly [number, number] }
  | { readonly kind: 'blur'; readonly radius: readonly [number, number]; readonly probability: number }
  | { readonly kind: 'noise'; readonly stddev: number; readonly probability: number }
  | {
      readonly kind: 'erase';
      readonly share: readonly [number, number];
      readonly probability: number;
      readonly fill_value: number;
    }
  | { readonly kind: 'mixup'; readonly alpha: number; readonly probability: number }
  | { readonly kind: 'cutmix'; readonly alpha: number; readonly probability: number }
  | { readonly kind: 'rand_augment'; readonly count: number; readonly magnitude: number };

export type AugmentKind = AugmentPlan['kind'];

// ---------------------------------------------------------------- network

export type BackbonePlan =
  | { readonly kind: 'known'; readonly name: BackboneName; readonly weights: WeightsPlan }
  /** A network of one's own; `name` is the file's name for it, null when it has none. */
  | { readonly kind: 'own'; readonly name: string | null; readonly layers: readonly LayerPlan[] };

export type BackboneName =
  | 'vgg16'
  | 'vgg19'
  | 'resnet50'
  | 'resnet101'
  | 'resnet152'
  | 'resnet50v2'
  | 'resnet101v2'
  | 'resnet152v2'
  | 'mobilenet'
  | 'mobilenetv2'
  | 'mobilenetv3small'
  | 'mobilenetv3large'
  | 'densenet121'
  | 'densenet169'
  | 'densenet201'
  | 'efficientnetb0'
  | 'efficientnetb1'
  | 'efficientnetb2'
  | 'efficientnetb3'
  | 'efficientnetb4'
  | 'efficientnetb5'
  | 'efficientnetb6'
  | 'efficientnetb7'
  | 'efficientnetv2b0'
  | 'inceptionv3'
  | 'xception'
  | 'convnexttiny';

export type WeightsPlan =
  | {
      readonly kind: 'none';
      /** Momentum of the backbone's batch norms; null: what Keras builds the network with. */
      readonly batch_norm_momentum: number | null;
      /** Gamma of the batch norm that ends a residual branch starts at 0 instead of 1. */
      readonly zero_residual: boolean;
    }
  | { readonly kind: 'imagenet' }
  | { readonly kind: 'file'; readonly path: string };

// ---------------------------------------------------------------- training

/** Which layers keep their weights. Everything not named trains. */
export interface FreezePlan {
  /** `none`: all train. `backbone`: the backbone is frozen but for `except`. `first`: the first `count` layers of the backbone are frozen. */
  readonly kind: 'none' | 'backbone' | 'first';
  readonly count: number | null;
  readonly except:
    | null
    | { readonly kind: 'last'; readonly count: number }
    | { readonly kind: 'pattern'; readonly pattern: string }
    | { readonly kind: 'from'; readonly layer: string };
  /** Batch norm of layers that are not frozen: `train` as Keras does, `adapt` moves statistics only, `inference` keeps statistics. */
  readonly batch_norm: 'inference' | 'adapt' | 'train';
}

export interface StagePlan {
  readonly name: string;
  readonly freeze: FreezePlan;
  readonly epochs: number;
  readonly batch: number;
  readonly optimizer: OptimizerPlan;
  readonly learning_rate: LearningRatePlan;
  /** Keep the optimizer's slots of the stage before. */
  readonly keep_optimizer: boolean;
  readonly clip:
    | { readonly kind: 'none' }
    | { readonly kind: 'value' | 'norm' | 'global_norm'; readonly limit: number };
  readonly label_smoothing: number;
  /** Momentum of the moving average of weights written into the model at the end; null: none. */
  readonly ema: number | null;
  readonly early_stopping: EarlyStoppingPlan | null;
  readonly reduce_lr_on_plateau: ReduceLrPlan | null;
  readonly checkpoint: CheckpointPlan | null;
}

export type OptimizerPlan =
  | {
      readonly kind: 'sgd';
      readonly lr: number;
      readonly momentum: number;
      readonly nesterov: boolean;
      readonly weight_decay: number;
    }
  | {
      readonly kind: 'adam' | 'adamw';
      readonly lr: number;
      readonly beta_1: number;
      readonly beta_2: number;
      readonly epsilon: number;
      readonly amsgrad: boolean;
      readonly weight_decay: number;
    }
  | {
      readonly kind: 'rmsprop';
      readonly lr: number;
      readonly rho: number;
      readonly momentum: number;
      readonly epsilon: number;
      readonly centered: boolean;
      readonly weight_decay: number;
    }
  | {
      readonly kind: 'adagrad';
      readonly lr: number;
      readonly initial_accumulator: number;
      readonly epsilon: number;
      readonly weight_decay: number;
    };

/** Multiplies the optimizer's `lr`; `backbone` is the factor of backbone layers against the head. */
export interface LearningRatePlan {
  readonly schedule:
    | { readonly kind: 'constant' }
    | { readonly kind: 'step'; readonly every_epochs: number; readonly factor: number }
    | { readonly kind: 'exponential'; readonly factor: number }
    | { readonly kind: 'cosine'; readonly final: number }
    | { readonly kind: 'one_cycle'; readonly start: number; readonly final: number; readonly peak_at: number };
  readonly warmup_epochs: number;
  readonly backbone_factor: number;
}

export type MonitorName = 'loss' | 'accuracy' | 'val_loss' | 'val_accuracy';

export interface EarlyStoppingPlan {
  readonly monitor: MonitorName;
  readonly patience: number;
  readonly min_delta: number;
  readonly mode: 'min' | 'max';
  readonly baseline: number | null;
  readonly restore_best: boolean;
  readonly start_from_epoch: number;
}

export interface ReduceLrPlan {
  readonly monitor: MonitorName;
  readonly factor: number;
  readonly patience: number;
  readonly min_delta: number;
  readonly mode: 'min' | 'max';
  readonly cooldown: number;
  readonly min_lr: number;
}

export interface CheckpointPlan {
  readonly monitor: MonitorName;
  readonly mode: 'min' | 'max';
  readonly save_best_only: boolean;
}
