// Noun: a known backbone without its top, as a generator of layers with Keras' names.
import type { WeightsPlan } from '../../plan/plan.ts';
import type { LayerShape } from '../layers.ts';
import type { AddLayer } from '../network.ts';

export type BackboneAdd = AddLayer;

export interface BackboneContext {
  /** Output shape of a layer added before, for pads that depend on the size. */
  readonly shape: (layer: string) => LayerShape;
  /** Which weights will be loaded: EfficientNet has one layer more with ImageNet weights. */
  readonly weights: WeightsPlan['kind'];
}

export interface Backbone {
  /** `model.name` in Keras; without its size where that is part of it (`mobilenet_1.00_224`). */
  readonly name: string;
  /** Its own preprocessing layers hold the ImageNet mean of red, green and blue: it takes 3 channels only. */
  readonly rgb?: 'always' | 'with weights';
  /** Adds all layers, the first reading `input`; gives the name of the last one. */
  readonly build: (add: BackboneAdd, input: string, context: BackboneContext) => string;
}
