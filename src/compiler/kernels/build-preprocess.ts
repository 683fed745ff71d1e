// Verb: the plan of a run to the program that its images pass on their way into the batch.

import { isBatchStep } from '../leaf/batch-steps.ts';
import type { ImageShape, RunPlan } from '../plan/plan.ts';
import type { TrainableAugment, TrainableRun } from '../plan/trainable.ts';
import type { BatchLayout, BatchStep, ImageStep, PreprocessProgram } from './preprocess.ts';

/** Value of `values` for channel `c`; a list of one value counts for all channels. */
const channel = (values: readonly number[], c: number, otherwise: number): number =>
  values[c] ?? values[0] ?? otherwise;

const isBatch = (step: TrainableAugment): step is BatchStep => isBatchStep(step.kind);
const isImage = (step: TrainableAugment): step is ImageStep => !isBatch(step);

/**
 * The program of a run. `evaluate` is the same without any random step.
 * `source` is what the data gives; needed where the plan cannot know it (folder, csv).
 * Throws where neither knows the size of the source's images.
 */
export const buildPreprocess = (
  run: Pick<TrainableRun, 'augment'> & Pick<RunPlan, 'data'>,
  mode: 'train' | 'evaluate',
  layout: BatchLayout,
  source: ImageShape | null = run.data.source_image,
): PreprocessProgram => {
  if (source === null) throw new Error('the size of the source images is not known yet: open the data source first');
  const { image, normalize, resize } = run.data;
  const augment = mode === 'train' ? run.augment : [];
  const channels = Array.from({ length: image.channels }, (_, c) => c);
  return {
    source,
    output: image,
    layout,
    interpolation: resize.interpolation,
    antialias: resize.antialias,
    augment: augment.filter(isImage),
    batch: augment.filter(isBatch),
    order: normalize.order === 'bgr' ? [...channels].reverse() : channels,
    scale: channels.map((c) => channel(normalize.scale, c, 1)),
    offset: channels.map((c) => channel(normalize.offset, c, 0)),
  };
};
