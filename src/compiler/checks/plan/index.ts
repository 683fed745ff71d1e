// Table: the checks of the plan of a run, one for each finding about it.
import type { planFindings } from '../../findings/plan.ts';
import { checkBatchLargerThanTrain } from './batch-larger-than-train.ts';
import { checkBatchNormSmallBatch } from './batch-norm-small-batch.ts';
import { checkClassCountMismatch } from './class-count-mismatch.ts';
import { checkClassWeightsCount } from './class-weights-count.ts';
import { checkContinuedComparison } from './continued-comparison.ts';
import { checkContinuesOtherBackbone } from './continues-other-backbone.ts';
import { checkFlattenLargerThanBackbone } from './flatten-larger-than-backbone.ts';
import { checkHighLearningRate } from './high-learning-rate.ts';
import { checkLabelBreakingAugmentation } from './label-breaking-augmentation.ts';
import { checkMissingFile } from './missing-file.ts';
import { checkMonitorWithoutValidation } from './monitor-without-validation.ts';
import { checkNormalizationMismatch } from './normalization-mismatch.ts';
import { checkNormalizeChannels } from './normalize-channels.ts';
import type { PlanCheck } from './plan-check.ts';
import { checkRecomputedFeatures } from './recomputed-features.ts';
import { checkRedundantOutputLayer } from './redundant-output-layer.ts';
import { checkSlowMovingStatistics } from './slow-moving-statistics.ts';
import { checkStageTrainsNothing } from './stage-trains-nothing.ts';
import { checkTestSplitAsValidation } from './test-split-as-validation.ts';
import { checkTinyFeatureMap } from './tiny-feature-map.ts';
import { checkUnreachableEarlyStopping } from './unreachable-early-stopping.ts';
import { checkUntrainedHead } from './untrained-head.ts';
import { checkWeightsOfRun } from './weights-of-run.ts';

export const planChecks: Readonly<Record<keyof typeof planFindings, PlanCheck>> = {
  monitorWithoutValidation: checkMonitorWithoutValidation,
  unreachableEarlyStopping: checkUnreachableEarlyStopping,
  classWeightsCount: checkClassWeightsCount,
  normalizeChannels: checkNormalizeChannels,
  stageTrainsNothing: checkStageTrainsNothing,
  normalizationMismatch: checkNormalizationMismatch,
  tinyFeatureMap: checkTinyFeatureMap,
  flattenLargerThanBackbone: checkFlattenLargerThanBackbone,
  highLearningRate: checkHighLearningRate,
  batchNormSmallBatch: checkBatchNormSmallBatch,
  labelBreakingAugmentation: checkLabelBreakingAugmentation,
  testSplitAsValidation: checkTestSplitAsValidation,
  redundantOutputLayer: checkRedundantOutputLayer,
  weightsOfRun: checkWeightsOfRun,
  continuesOtherBackbone: checkContinuesOtherBackbone,
  batchLargerThanTrain: checkBatchLargerThanTrain,
  untrainedHead: checkUntrainedHead,
  continuedComparison: checkContinuedComparison,
  classCountMismatch: checkClassCountMismatch,
  slowMovingStatistics: checkSlowMovingStatistics,
  missingFile: checkMissingFile,
  recomputedFeatures: checkRecomputedFeatures,
};
