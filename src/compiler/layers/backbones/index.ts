// Verb: the generator of each known backbone; null: not built yet.
import type { BackboneName } from '../../plan/plan.ts';
import type { Backbone } from './backbone.ts';
import { resnet } from './resnet.ts';
import { vgg } from './vgg.ts';

export const backbones: { readonly [N in BackboneName]: Backbone | null } = {
  vgg16: vgg('vgg16'),
  vgg19: vgg('vgg19'),
  resnet50: resnet('resnet50'),
  resnet101: resnet('resnet101'),
  resnet152: resnet('resnet152'),
  resnet50v2: null,
  resnet101v2: null,
  resnet152v2: null,
  mobilenet: null,
  mobilenetv2: null,
  mobilenetv3small: null,
  mobilenetv3large: null,
  densenet121: null,
  densenet169: null,
  densenet201: null,
  efficientnetb0: null,
  efficientnetb1: null,
  efficientnetb2: null,
  efficientnetb3: null,
  efficientnetb4: null,
  efficientnetb5: null,
  efficientnetb6: null,
  efficientnetb7: null,
  efficientnetv2b0: null,
  inceptionv3: null,
  xception: null,
  convnexttiny: null,
};
