// Table: the files in which Keras publishes the ImageNet weights of each backbone, without the top.
// Names and hashes are those of Keras 3.15 (test/support/keras-weights asks Keras itself); sizes were seen in public logs.
import type { BackboneName } from '../../compiler/plan/plan.ts';

export interface WeightsFile {
  readonly url: string;
  /** Its name in Keras' cache, and on a mirror. */
  readonly file: string;
  /** md5 (32 hex digits) or sha256 (64), as Keras checks it; null: Keras checks none. */
  readonly hash: string | null;
  /** Bytes; null where it is not known. Not relied on: hashes decide. */
  readonly size: number | null;
}

const BASE = 'https://storage.googleapis.com/';

const at = (folder: string, file: string, hash: string | null, size: number | null = null): WeightsFile => ({
  url: `${BASE}${folder}/${file}`,
  file,
  hash,
  size,
});

/** Most files: `<folder>/<model>_weights_tf_dim_ordering_tf_kernels_notop.h5`. */
const kernels = (folder: string, model: string, hash: string, size: number | null = null): WeightsFile =>
  at(`tensorflow/keras-applications/${folder}`, `${model}_weights_tf_dim_ordering_tf_kernels_notop.h5`, hash, size);

const efficientnet = (variant: string, hash: string, size: number | null = null): WeightsFile =>
  at('keras-applications', `efficientnet${variant}_notop.h5`, hash, size);

export const kerasFiles: Readonly<Record<BackboneName, WeightsFile>> = {
  vgg16: kernels('vgg16', 'vgg16', '6d6bbae143d832006294945121d1f1fc', 58_889_256),
  vgg19: kernels('vgg19', 'vgg19', '253f8cb515780f3b799900260a226db6', 80_134_624),
  resnet50: kernels('resnet', 'resnet50', '4d473c1dd8becc155b73f8504c6f6626', 94_765_736),
  resnet101: kernels('resnet', 'resnet101', '88cf7a10940856eca736dc7b7e228a21', 171_446_536),
  resnet152: kernels('resnet', 'resnet152', 'ee4c566cf9a93f14d82f913c2dc6dd0c', 234_698_864),
  resnet50v2: kernels('resnet', 'resnet50v2', 'fac2f116257151a9d068a22e544a4917', 94_668_760),
  resnet101v2: kernels('resnet', 'resnet101v2', 'c0ed64b8031c3730f411d2eb4eea35b5'),
  resnet152v2: kernels('resnet', 'resnet152v2', 'ed17cf2e0169df9d443503ef94b23b33'),
  mobilenet: at('tensorflow/keras-applications/mobilenet', 'mobilenet_1_0_224_tf_no_top.h5', null, 17_225_924),
  mobilenetv2: at(
    'tensorflow/keras-applications/mobilenet_v2',
    'mobilenet_v2_weights_tf_dim_ordering_tf_kernels_1.0_224_no_top.h5',
    null,
    9_406_464,
  ),
  mobilenetv3small: at(
    'tensorflow/keras-applications/mobilenet_v3',
    'weights_mobilenet_v3_small_224_1.0_float_no_top_v2.h5',
    'd3e8ec802a04aa4fc771ee12a9a9b836',
  ),
  mobilenetv3large: at(
    'tensorflow/keras-applications/mobilenet_v3',
    'weights_mobilenet_v3_large_224_1.0_float_no_top_v2.h5',
    '07fb09a5933dd0c8eaafa16978110389',
    12_683_000,
  ),
  densenet121: kernels('densenet', 'densenet121', '30ee3e1110167f948a6b9946edeeb738', 29_084_464),
  densenet169: kernels('densenet', 'densenet169', 'b8c4d4c20dd625c148057b9ff1c1176b'),
  densenet201: kernels('densenet', 'densenet201', 'c13680b51ded0fb44dff2d8f86ac8bb1'),
  efficientnetb0: efficientnet('b0', '50bc09e76180e00e4465e1a485ddc09d', 16_705_208),
  efficientnetb1: efficientnet('b1', '74c4e6b3e1f6a1eea24c589628592432'),
  efficientnetb2: efficientnet('b2', '111f8e2ac8aa800a7a99e3239f7bfb39'),
  efficientnetb3: efficientnet('b3', 'af6d107764bb5b1abb91932881670226'),
  efficientnetb4: efficientnet('b4', 'ebc24e6d6c33eaebbd558eafbeedf1ba'),
  efficientnetb5: efficientnet('b5', '38879255a25d3c92d5e44e04ae6cec6f'),
  efficientnetb6: efficientnet('b6', '9ecce42647a20130c1f39a5d4cb75743'),
  efficientnetb7: efficientnet('b7', 'cbcfe4450ddf6f3ad90b1b398090fe4a'),
  efficientnetv2b0: at(
    'tensorflow/keras-applications/efficientnet_v2',
    'efficientnetv2-b0_notop.h5',
    '893217f2bb855e2983157299931e43ff',
    24_274_472,
  ),
  inceptionv3: kernels('inception_v3', 'inception_v3', 'bcbd6486424b2319ff4ef7d526e38f63', 87_910_968),
  xception: kernels('xception', 'xception', 'b0042744bf5b25fce3cb969f33bebb97', 83_683_744),
  convnexttiny: at(
    'tensorflow/keras-applications/convnext',
    'convnext_tiny_notop.h5',
    'd547c096cabd03329d7be5562c5e14798aa39ed24b474157cef5e85ab9e49ef1',
    111_650_432,
  ),
};
