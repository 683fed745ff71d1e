// Table: the rules about the plan of a run.
import { batchLargerThanTrain } from './batch-larger-than-train.ts';
import { batchNormSmallBatch } from './batch-norm-small-batch.ts';
import { classCountMismatch } from './class-count-mismatch.ts';
import { classWeightsCount } from './class-weights-count.ts';
import { continuedComparison } from './continued-comparison.ts';
import { continuesOtherBackbone } from './continues-other-backbone.ts';
import { flattenLargerThanBackbone } from './flatten-larger-than-backbone.ts';
import { highLearningRate } from './high-learning-rate.ts';
import { labelBreakingAugmentation } from './label-breaking-augmentation.ts';
import { monitorWithoutValidation } from './monitor-without-validation.ts';
import { normalizationMismatch } from './normalization-mismatch.ts';
import { normalizeChannels } from './normalize-channels.ts';
import type { PlanRule } from './plan-rule.ts';
import { redundantOutputLayer } from './redundant-output-layer.ts';
import { slowMovingStatistics } from './slow-moving-statistics.ts';
import { stageTrainsNothing } from './stage-trains-nothing.ts';
import { testSplitAsValidation } from './test-split-as-validation.ts';
import { tinyFeatureMap } from './tiny-feature-map.ts';
import { unreachableEarlyStopping } from './unreachable-early-stopping.ts';
import { untrainedHead } from './untrained-head.ts';

export const planRules: readonly PlanRule[] = [
  monitorWithoutValidation,
  unreachableEarlyStopping,
  classWeightsCount,
  normalizeChannels,
  normalizationMismatch,
  tinyFeatureMap,
  flattenLargerThanBackbone,
  highLearningRate,
  batchNormSmallBatch,
  labelBreakingAugmentation,
  testSplitAsValidation,
  redundantOutputLayer,
  continuesOtherBackbone,
  batchLargerThanTrain,
  untrainedHead,
  continuedComparison,
  stageTrainsNothing,
  classCountMismatch,
  slowMovingStatistics,
];
