// Table: findings about the network itself: shapes, names, freeze policies that match nothing. src/compiler/layers finds them.
import type { Rule } from '../../parser/diagnostic.ts';
import { pipeline } from './example.ts';

/** What can be wrong with a network. */
export type LayerProblemName =
  | 'wrong-rank'
  | 'dense-needs-flatten'
  | 'kernel-too-large'
  | 'groups-do-not-divide'
  | 'branches-differ'
  | 'reshape-size'
  | 'input-too-small'
  | 'input-channels'
  | 'name-twice'
  | 'freeze-count'
  | 'freeze-matches-nothing'
  | 'freeze-no-backbone';

const network = (layers: string): string => pipeline({ backbone: `backbone cnn {\n  ${layers}\n}` });

const rule = (
  code: string,
  name: LayerProblemName,
  summary: string,
  explanation: string,
  bad: string,
  good: string,
): Rule => ({ code, name, severity: 'error', summary, explanation, bad, good });

export const networkRules: { readonly [N in LayerProblemName]: Rule } = {
  'wrong-rank': rule(
    'TLP3001',
    'wrong-rank',
    'A layer gets a map where it needs a list of numbers, or the other way round.',
    'Convolutions and pooling work on maps (height x width x channels). After `flatten` or global pooling only a list is left.',
    network('conv 8 3x3\n  flatten\n  conv 8 3x3'),
    network('conv 8 3x3\n  conv 8 3x3'),
  ),
  'dense-needs-flatten': rule(
    'TLP3002',
    'dense-needs-flatten',
    'A dense layer gets a map.',
    'A dense layer would work on each position alone. Put `global_average_pooling` or `flatten` before it.',
    pipeline({ head: 'dense 32 relu' }),
    pipeline({ head: 'flatten\n  dense 32 relu' }),
  ),
  'kernel-too-large': rule(
    'TLP3003',
    'kernel-too-large',
    'A window is larger than the map that it moves over.',
    'Pooling and strides make maps smaller. Use fewer of them, a smaller window, padding `same`, or larger images.',
    network('conv 8 9x9'),
    network('conv 8 3x3'),
  ),
  'groups-do-not-divide': rule(
    'TLP3004',
    'groups-do-not-divide',
    'The groups of a convolution do not divide its channels.',
    'Input channels and filters are split evenly over the groups.',
    network('conv 8 3x3\n  conv 9 3x3 (groups: 3)'),
    network('conv 9 3x3\n  conv 9 3x3 (groups: 3)'),
  ),
  'branches-differ': rule(
    'TLP3005',
    'branches-differ',
    'Branches that are joined have different shapes.',
    '`add` and `multiply` need equal shapes; `concatenate` needs equal height and width. A 1x1 convolution on the short branch brings it to the same channels.',
    network('conv 8 3x3\n  add { {} { conv 16 3x3 same } }'),
    network('conv 8 3x3\n  add { {} { conv 8 3x3 same } }'),
  ),
  'reshape-size': rule(
    'TLP3006',
    'reshape-size',
    'A reshape does not keep the number of values.',
    'The product of the new sizes has to be the product of the old ones.',
    pipeline({ head: 'global_average_pooling\n  reshape [2, 2, 3]\n  flatten' }),
    pipeline({ head: 'global_average_pooling\n  reshape [2, 2, 2]\n  flatten' }),
  ),
  'input-too-small': rule(
    'TLP3007',
    'input-too-small',
    'The images are smaller than the backbone can take.',
    'Each backbone halves the map several times; below its minimum nothing would be left. Enlarge the images with `size`.',
    pipeline({
      backbone: 'backbone vgg16 { weights imagenet }',
      freeze: 'freeze backbone',
      head: 'global_average_pooling',
    }),
    pipeline({
      backbone: 'backbone vgg16 { weights imagenet }',
      data: 'size 64x64',
      freeze: 'freeze backbone',
      head: 'global_average_pooling',
    }),
  ),
  'input-channels': rule(
    'TLP3008',
    'input-channels',
    'The images do not have the channels that the backbone takes.',
    'Trained weights expect three colour channels. Grey images are repeated over three channels unless `channels 1` is written.',
    pipeline({
      backbone: 'backbone vgg16 { weights imagenet }',
      data: 'size 64x64\n  channels 1',
      freeze: 'freeze backbone',
      head: 'global_average_pooling',
    }),
    pipeline({
      backbone: 'backbone vgg16 { weights imagenet }',
      data: 'size 64x64',
      freeze: 'freeze backbone',
      head: 'global_average_pooling',
    }),
  ),
  'name-twice': rule(
    'TLP3009',
    'name-twice',
    'Two layers have the same name.',
    'Weights are found by the name of their layer, so names differ. Leave a name out to have one made.',
    network('conv 8 3x3 (name: "a")\n  conv 8 3x3 (name: "a")'),
    network('conv 8 3x3 (name: "a")\n  conv 8 3x3 (name: "b")'),
  ),
  'freeze-count': rule(
    'TLP3011',
    'freeze-count',
    'A freeze policy counts more layers than the backbone has.',
    'Layers are counted in the order of `tlp plan`.',
    pipeline({ freeze: 'freeze first 100 layers' }),
    pipeline({ freeze: 'freeze first 1 layers' }),
  ),
  'freeze-matches-nothing': rule(
    'TLP3012',
    'freeze-matches-nothing',
    'A freeze policy names layers that the backbone does not have.',
    '`tlp plan` shows the names of all layers.',
    pipeline({ freeze: 'freeze backbone except block5_*' }),
    pipeline({ freeze: 'freeze backbone except conv*' }),
  ),
  'freeze-no-backbone': rule(
    'TLP3013',
    'freeze-no-backbone',
    'A backbone without layers cannot be frozen.',
    'Write `freeze none`, or give the backbone layers.',
    pipeline({ backbone: 'backbone nothing {\n  repeat 1 {}\n}', freeze: 'freeze backbone' }),
    pipeline({ freeze: 'freeze backbone' }),
  ),
};
