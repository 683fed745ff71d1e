// Verb: a compiled run and images of its data → batches one by one, by the loader of training's evaluation.
import type { CompiledRun } from '../compiler/compiled-run.ts';
import type { SplitPart } from '../runtime/data/split.ts';
import type { Batch } from '../runtime/engine/engine.ts';
import { openLoader } from '../runtime/loader/open-loader.ts';
import { prefetch } from '../runtime/trainer/prefetch.ts';

export interface SplitBatches {
  /** Null at the end. */
  readonly next: () => Promise<Batch | null>;
  readonly close: () => Promise<void>;
}

/** `classes`: columns of the labels, those of the data. `batch`: images at once. */
export const splitBatches = async (
  { plan, preprocess, kernels }: CompiledRun,
  classes: number,
  part: SplitPart,
  batch: number,
): Promise<SplitBatches> => {
  const { source, only_classes } = plan.data;
  const { train, evaluate } = preprocess;
  const loader = await openLoader({
    source,
    only_classes,
    classes,
    masks: [],
    views: plan.views,
    seed: plan.seed,
    train,
    evaluate,
    kernels,
  });
  const batches = prefetch(loader.batches({ ...part, batch, mode: 'evaluate', epoch: 1, skip: 0 }), () =>
    performance.now(),
  );
  return {
    next: () => batches.next(),
    close: async () => {
      await batches.close();
      await loader.close();
    },
  };
};
