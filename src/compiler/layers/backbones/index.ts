// Verb: the generator of each known backbone.
import type { BackboneName } from '../../plan/plan.ts';
import type { Backbone } from './backbone.ts';
import { convnextTiny } from './convnext.ts';
import { densenet } from './densenet.ts';
import { efficientnet } from './efficientnet.ts';
import { efficientnetV2B0 } from './efficientnet-v2.ts';
import { inceptionV3 } from './inception-v3.ts';
import { mobilenet } from './mobilenet.ts';
import { mobilenetV2 } from './mobilenet-v2.ts';
import { mobilenetV3 } from './mobilenet-v3.ts';
import { resnet } from './resnet.ts';
import { resnetV2 } from './resnet-v2.ts';
import { vgg } from './vgg.ts';
import { xception } from './xception.ts';

export const backbones: { readonly [N in BackboneName]: Backbone } = {
  vgg16: vgg('vgg16'),
  vgg19: vgg('vgg19'),
  resnet50: resnet('resnet50'),
  resnet101: resnet('resnet101'),
  resnet152: resnet('resnet152'),
  resnet50v2: resnetV2('resnet50v2'),
  resnet101v2: resnetV2('resnet101v2'),
  resnet152v2: resnetV2('resnet152v2'),
  mobilenet,
  mobilenetv2: mobilenetV2,
  mobilenetv3small: mobilenetV3('small'),
  mobilenetv3large: mobilenetV3('large'),
  densenet121: densenet('densenet121'),
  densenet169: densenet('densenet169'),
  densenet201: densenet('densenet201'),
  efficientnetb0: efficientnet('efficientnetb0'),
  efficientnetb1: efficientnet('efficientnetb1'),
  efficientnetb2: efficientnet('efficientnetb2'),
  efficientnetb3: efficientnet('efficientnetb3'),
  efficientnetb4: efficientnet('efficientnetb4'),
  efficientnetb5: efficientnet('efficientnetb5'),
  efficientnetb6: efficientnet('efficientnetb6'),
  efficientnetb7: efficientnet('efficientnetb7'),
  efficientnetv2b0: efficientnetV2B0,
  inceptionv3: inceptionV3,
  xception,
  convnexttiny: convnextTiny,
};
