// Table: findings about the plan of a run. src/compiler/checks/plan finds them.
import type { Rule } from '../../parser/diagnostic.ts';
import { pipeline } from './example.ts';

export const monitorWithoutValidation: Rule = {
  code: 'TLP2004',
  name: 'monitor-without-validation',
  severity: 'error',
  summary: 'A callback watches a value of the validation split, and there is none.',
  explanation:
    'Without validation, `val_loss` and `val_accuracy` do not exist, so the callback would never act. Set images aside, or watch `loss`.',
  bad: pipeline({ validation: 'validation none', schedule: 'early_stopping(patience: 3)' }),
  good: pipeline({ validation: 'validation 20% of train', schedule: 'early_stopping(patience: 3)' }),
};

export const unreachableEarlyStopping: Rule = {
  code: 'TLP2005',
  name: 'unreachable-early-stopping',
  severity: 'error',
  summary: 'Early stopping waits longer than the stage is.',
  explanation:
    'Early stopping needs `patience` epochs without improvement after the first one. With as many epochs or fewer it cannot stop anything; with `restore_best: true` it still goes back to the best weights, and is left alone.',
  bad: pipeline({ schedule: 'epochs 5\n  early_stopping(patience: 5, restore_best: false)' }),
  good: pipeline({ schedule: 'epochs 20\n  early_stopping(patience: 5, restore_best: false)' }),
};

export const classWeightsCount: Rule = {
  code: 'TLP2006',
  name: 'class-weights-count',
  severity: 'error',
  summary: 'The list of class weights does not have one weight for each class.',
  explanation: 'Weights belong to the classes in their order. `balanced` computes them from the data.',
  bad: pipeline({ data: 'class_weights [1, 2]' }),
  good: pipeline({ data: 'class_weights balanced' }),
};

export const normalizeChannels: Rule = {
  code: 'TLP2007',
  name: 'normalize-channels',
  severity: 'error',
  summary: 'A normalization for colour images, and the images are grey.',
  explanation:
    '`caffe` and `torch` have one figure for each of red, green and blue. Grey images take `unit` or `signed`.',
  bad: pipeline({ data: 'normalize torch' }),
  good: pipeline({ data: 'normalize signed' }),
};

const twoStages = (second: string): string =>
  pipeline({
    schedule: `stage "feature extraction" { freeze backbone; epochs 5 }\n  stage "fine-tuning" { ${second} }`,
  });

export const stageTrainsNothing: Rule = {
  code: 'TLP2011',
  name: 'stage-trains-nothing',
  severity: 'error',
  summary: 'A stage trains nothing.',
  explanation:
    'A stage without epochs, or one whose layers are all frozen or have no weights, ends with the weights that it began with. Often its `epochs` were set to 0 to try the others. A run that only measures has `epochs 0` for all of its stages, and may say `freeze all`.',
  bad: twoStages('epochs 0'),
  good: twoStages('epochs 2; optimizer adam(lr: 1e-5)'),
};

export const normalizationMismatch: Rule = {
  code: 'TLP2101',
  name: 'normalization-mismatch',
  severity: 'warning',
  summary: "The images are normalized otherwise than the backbone's weights expect.",
  explanation:
    'Trained weights work on the range and the channel order that they were trained with: 0..1 for a network that wants BGR with the mean subtracted costs much of what transfer learning gives. Leave `normalize` out and the right one is taken. Where scaling is part of the model, dividing by 255 scales twice.',
  bad: pipeline({
    backbone: 'backbone vgg16 { weights imagenet }',
    data: 'size 64x64\n  normalize unit',
    freeze: 'freeze backbone',
    head: 'global_average_pooling',
  }),
  good: pipeline({
    backbone: 'backbone vgg16 { weights imagenet }',
    data: 'size 64x64',
    freeze: 'freeze backbone',
    head: 'global_average_pooling',
  }),
};

export const tinyFeatureMap: Rule = {
  code: 'TLP2102',
  name: 'tiny-feature-map',
  severity: 'warning',
  summary: 'The images are so small that the last feature map of a trained backbone is 1x1.',
  explanation:
    'A backbone that divides the size by 32 leaves one position of a 32x32 image: what its last layers learned about larger images has nothing to work on. Enlarging the images gives better features, at a price that grows with their area.',
  bad: pipeline({
    backbone: 'backbone vgg16 { weights imagenet }',
    data: 'size 32x32',
    freeze: 'freeze backbone',
    head: 'global_average_pooling',
  }),
  good: pipeline({
    backbone: 'backbone vgg16 { weights imagenet }',
    data: 'size 64x64',
    freeze: 'freeze backbone',
    head: 'global_average_pooling',
  }),
};

export const flattenLargerThanBackbone: Rule = {
  code: 'TLP2103',
  name: 'flatten-larger-than-backbone',
  severity: 'warning',
  summary: '`flatten` makes a head that has more parameters than the known backbone before it.',
  explanation:
    'A dense layer on a flattened map has a weight for each position and channel. It learns the training images by heart and costs memory. `global_average_pooling` keeps one number a channel.',
  bad: pipeline({
    backbone: 'backbone mobilenetv2 { weights none }',
    data: 'size 224x224',
    head: 'flatten\n  dense 512 relu',
  }),
  good: pipeline({
    backbone: 'backbone mobilenetv2 { weights none }',
    data: 'size 224x224',
    head: 'global_average_pooling\n  dense 512 relu',
  }),
};

export const highLearningRate: Rule = {
  code: 'TLP2104',
  name: 'high-learning-rate',
  severity: 'warning',
  summary: 'Trained layers are fine-tuned with a learning rate above 1e-4.',
  explanation:
    'The first steps of a fresh head send large gradients into the backbone. With a high learning rate they wipe out what it has learned. Train the head on a frozen backbone first, then fine-tune with 1e-5 or so; or give the backbone its own rate: `lr(head: 1e-3, backbone: 1e-5)`.',
  bad: pipeline({
    backbone: 'backbone resnet50 { weights imagenet }',
    data: 'size 64x64',
    head: 'global_average_pooling',
    schedule: 'optimizer adam(lr: 1e-3)',
  }),
  good: pipeline({
    backbone: 'backbone resnet50 { weights imagenet }',
    data: 'size 64x64',
    head: 'global_average_pooling',
    schedule: 'optimizer adam(lr: 1e-5)',
  }),
};

export const batchNormSmallBatch: Rule = {
  code: 'TLP2105',
  name: 'batch-norm-small-batch',
  severity: 'warning',
  summary: 'Batch norm of an unfrozen, trained backbone is trained with a small batch.',
  explanation:
    'Batch norm in training form uses the mean and variance of the batch. Of few images these are noise, and they replace the statistics that the weights were trained with. `freeze none { batch_norm inference }` keeps the old ones.',
  bad: pipeline({
    backbone: 'backbone resnet50 { weights imagenet }',
    data: 'size 64x64',
    head: 'global_average_pooling',
    schedule: 'batch 8\n  optimizer adam(lr: 1e-5)',
  }),
  good: pipeline({
    backbone: 'backbone resnet50 { weights imagenet }',
    data: 'size 64x64',
    freeze: 'freeze none { batch_norm inference }',
    head: 'global_average_pooling',
    schedule: 'batch 8\n  optimizer adam(lr: 1e-5)',
  }),
};

export const labelBreakingAugmentation: Rule = {
  code: 'TLP2106',
  name: 'label-breaking-augmentation',
  severity: 'warning',
  summary: 'An augmentation makes images that are wrong for their label.',
  explanation:
    'A mirrored 2 is no digit, and a 6 upside down is a 9: the network is taught mistakes. tlp knows this of its built-in sources only.',
  bad: pipeline({ augment: 'flip vertical' }),
  good: pipeline({ augment: 'rotate 10deg' }),
};

export const testSplitAsValidation: Rule = {
  code: 'TLP2107',
  name: 'test-split-as-validation',
  severity: 'warning',
  summary: 'The test split is used for validation.',
  explanation:
    'Whatever is chosen by a split (the epoch to stop at, the learning rate, the best of several runs) fits that split better than new images. With the test split as validation there is no honest figure left: the reported test accuracy is too high.',
  bad: pipeline({ validation: 'validation test' }),
  good: pipeline({ validation: 'validation 20% of train' }),
};

export const redundantOutputLayer: Rule = {
  code: 'TLP2108',
  name: 'redundant-output-layer',
  severity: 'warning',
  summary: 'The head ends with a softmax layer, and another one follows from the classes.',
  explanation:
    'tlp adds the softmax layer with as many outputs as the data has classes. One written by hand stands before it: two softmax layers in a row hardly learn.',
  bad: pipeline({ head: 'flatten\n  dense 10 softmax' }),
  good: pipeline({ head: 'flatten' }),
};

export const weightsOfRun: Rule = {
  code: 'TLP2012',
  name: 'weights-of-run',
  severity: 'error',
  summary: 'A backbone takes its weights from a run that cannot give them.',
  explanation:
    '`weights run("a")` starts a backbone with the weights that run "a" ends with; the head starts fresh. Run "a" has to come before, with the same backbone.',
  bad: pipeline({ after: 'run "a" { weights run("b"); epochs 1 }\nrun "b" { epochs 1 }' }),
  good: pipeline({ after: 'run "a" { epochs 1 }\nrun "b" { weights run("a"); epochs 1 }' }),
};

export const continuesOtherBackbone: Rule = {
  code: 'TLP2109',
  name: 'continues-other-backbone',
  severity: 'warning',
  summary: 'A run continues another one that has a different backbone.',
  explanation:
    'Weights are carried on by layer name. Of another backbone hardly any layer fits, so nothing is continued.',
  bad: pipeline({
    after:
      'run "a" { epochs 1 }\nrun "b" continues "a" {\n  backbone other { conv 4 3x3 relu (name: "x") }\n  epochs 1\n}',
  }),
  good: pipeline({ after: 'run "a" { epochs 1 }\nrun "b" continues "a" { epochs 1 }' }),
};

export const batchLargerThanTrain: Rule = {
  code: 'TLP2111',
  name: 'batch-larger-than-train',
  severity: 'warning',
  summary: 'The batch is larger than the train split.',
  explanation: 'Every epoch is a single step then, so training hardly moves. Use smaller batches.',
  bad: pipeline({ source: 'shapes(train: 50, test: 10)', data: 'size 32x32', schedule: 'batch 64' }),
  good: pipeline({ source: 'shapes(train: 500, test: 10)', data: 'size 32x32', schedule: 'batch 64' }),
};

export const untrainedHead: Rule = {
  code: 'TLP2114',
  name: 'untrained-head',
  severity: 'warning',
  summary: 'A run trains for no epoch: its head keeps random weights.',
  explanation:
    'Trained weights of a backbone say nothing about your classes before a head has learned to read them. Without an epoch of training the accuracy is that of chance, whatever the backbone is worth. To see what the backbone gives on its own, freeze it and train the head.',
  bad: pipeline({ schedule: 'epochs 0' }),
  good: pipeline({ schedule: 'epochs 5' }),
};

export const continuedComparison: Rule = {
  code: 'TLP2115',
  name: 'continued-comparison',
  severity: 'warning',
  summary: 'A run goes on from the weights of one that it differs from in augmentation alone.',
  explanation:
    'Two runs that differ in one thing are made to be compared. With `continues` the second has trained for longer, and began where the first ended: what it gains or loses cannot be told from that. A second phase of training differs in what is frozen or in the learning rate, and is no such case; nor is a run that goes on as it was.',
  bad: pipeline({
    augment: 'rotate 10deg',
    after: 'run "plain" { augment none }\n\nrun "rotated" continues "plain" {}',
  }),
  good: pipeline({ augment: 'rotate 10deg', after: 'run "plain" { augment none }\n\nrun "rotated" {}' }),
};

export const classCountMismatch: Rule = {
  code: 'TLP2116',
  name: 'class-count-mismatch',
  severity: 'warning',
  summary: 'The head ends with an output layer that does not have one output for each class.',
  explanation:
    'tlp adds the softmax layer with as many outputs as the data has classes. An output layer written by hand for another number of classes, or a single sigmoid output for two, stands before it as a bottleneck: all classes have to pass through its few numbers.',
  bad: pipeline({ head: 'flatten\n  dense 5 softmax' }),
  good: pipeline({ head: 'flatten' }),
};

export const missingFile: Rule = {
  code: 'TLP2118',
  name: 'missing-file',
  severity: 'warning',
  summary: 'A file or folder that the run reads is not there.',
  explanation:
    'Folders of images, tables and files of weights are looked for when a pipeline is checked; paths begin at the folder of the pipeline. It is a warning, since a pipeline may be checked on one machine and run on another.',
  bad: pipeline({ source: 'folder("nowhere")' }),
  good: pipeline(),
};

export const slowMovingStatistics: Rule = {
  code: 'TLP2117',
  name: 'slow-moving-statistics',
  severity: 'warning',
  summary: 'The run ends before the moving statistics of its batch norms have left their start.',
  explanation:
    'Training uses mean and variance of the batch, evaluation uses moving ones, which start at 0 and 1 and keep `momentum` of themselves at each step: after n steps momentum^n of the start is left. Until that is small, validation sees another network than the one that is trained, and early stopping acts on noise. A smaller momentum follows faster.',
  bad: pipeline({
    source: 'shapes(train: 320, test: 10)',
    data: 'size 32x32',
    backbone: 'backbone resnet50 { weights none(batch_norm_momentum: 99%) }',
    head: 'global_average_pooling',
    schedule: 'batch 32\n  epochs 10',
  }),
  good: pipeline({
    source: 'shapes(train: 320, test: 10)',
    data: 'size 32x32',
    backbone: 'backbone resnet50 { weights none }',
    head: 'global_average_pooling',
    schedule: 'batch 32\n  epochs 10',
  }),
};

const frozenRotated = (views: string): string =>
  pipeline({
    data: 'size 96x96',
    augment: `${views}rotate 10deg`,
    backbone: 'backbone vgg16 { weights imagenet }',
    head: 'flatten',
    schedule: 'freeze backbone\n  epochs 20',
  });

export const recomputedFeatures: Rule = {
  code: 'TLP2121',
  name: 'recomputed-features',
  severity: 'warning',
  summary: 'Augmentation has frozen layers compute each image anew in each epoch.',
  explanation:
    'What frozen layers make of an image is always the same, and is computed once and kept; but an image that is changed at random in each epoch is new each time, so the frozen part of the network, most of the work, is done again and again. `augment { views 4 … }` draws four changed views of each image once: the epochs take them in turn, and from the fifth epoch on all features are there.',
  bad: frozenRotated(''),
  good: frozenRotated('views 4\n  '),
};

/** Each has its check: `planChecks` asks for it by this name. */
export const planFindings = {
  monitorWithoutValidation,
  unreachableEarlyStopping,
  classWeightsCount,
  normalizeChannels,
  stageTrainsNothing,
  normalizationMismatch,
  tinyFeatureMap,
  flattenLargerThanBackbone,
  highLearningRate,
  batchNormSmallBatch,
  labelBreakingAugmentation,
  testSplitAsValidation,
  redundantOutputLayer,
  weightsOfRun,
  continuesOtherBackbone,
  batchLargerThanTrain,
  untrainedHead,
  continuedComparison,
  classCountMismatch,
  slowMovingStatistics,
  missingFile,
  recomputedFeatures,
} as const satisfies Readonly<Record<string, Rule>>;
