// Verb: settings to weights in Keras' order and layout, as several classes need it.
import type { InitializerPlan, RegularizerPlan } from '../plan/plan.ts';
import { channelsOf, type LayerShape, type Weight } from './tensors.ts';

/** How a layer's kernels and biases start and are penalised. Keras' defaults: glorot_uniform, zeros, no penalty. */
export interface WeightSettings {
  readonly kernel_initializer: InitializerPlan;
  readonly bias_initializer: InitializerPlan;
  readonly kernel_regularizer: RegularizerPlan | null;
}

export const kerasWeightSettings: WeightSettings = {
  kernel_initializer: { kind: 'glorot_uniform' },
  bias_initializer: { kind: 'zeros' },
  kernel_regularizer: null,
};

/** A weight by the name of its variable. */
export type WeightDraft = Omit<Weight, 'name'> & { readonly variable: string };

export function kernel(variable: string, shape: readonly number[], settings: WeightSettings): WeightDraft {
  const { kernel_initializer, kernel_regularizer } = settings;
  return { variable, shape, kind: 'trainable', initializer: kernel_initializer, regularizer: kernel_regularizer };
}

export function bias(used: boolean, size: number, settings: WeightSettings): readonly WeightDraft[] {
  if (!used) return [];
  const { bias_initializer } = settings;
  return [{ variable: 'bias', shape: [size], kind: 'trainable', initializer: bias_initializer, regularizer: null }];
}

export function constant(variable: string, input: LayerShape, kind: 'zeros' | 'ones'): WeightDraft {
  return { variable, shape: [channelsOf(input)], kind: 'trainable', initializer: { kind }, regularizer: null };
}

export function scaleAndCenter(
  op: { readonly scale: boolean; readonly center: boolean },
  input: LayerShape,
): readonly WeightDraft[] {
  return [
    ...(op.scale ? [constant('gamma', input, 'ones')] : []),
    ...(op.center ? [constant('beta', input, 'zeros')] : []),
  ];
}
