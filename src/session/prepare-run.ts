// Verb: a run of the plan and its data → compiled run. Data are opened for what only they can tell.

import type { CompiledRun } from '../compiler/compiled-run.ts';
import { compileRun } from '../compiler/index.ts';
import { isBuilt } from '../compiler/layers/build-layers.ts';
import { buildRunLayers, type RunLayers } from '../compiler/layers/run-layers.ts';
import { notRunYet, notRunYetLine } from '../compiler/not-run-yet.ts';
import type { RunPlan } from '../compiler/plan/plan.ts';
import { openSource } from '../runtime/data/open-source.ts';
import { classWeightsOf } from '../runtime/trainer/class-weights.ts';
import { trainDataOf } from '../runtime/trainer/train-data.ts';
import type { TrainData } from '../runtime/trainer/trainer.ts';
import { limitImages } from './select-runs.ts';
import { SessionError } from './session-error.ts';

export interface PreparedRun {
  readonly run: RunPlan;
  readonly layers: RunLayers;
  readonly compiled: CompiledRun;
  readonly data: TrainData;
  readonly classWeights: readonly number[] | null;
}

/** Only the data of folders and tables can tell their classes: the softmax layer, the last one, has one unit for each. */
const withClasses = (run: RunPlan, classes: number): RunPlan => {
  const last = run.head.at(-1);
  if (run.data.classes !== null || last?.kind !== 'dense') return run;
  return {
    ...run,
    data: { ...run.data, classes },
    head: [...run.head.slice(0, -1), { ...last, units: classes }],
  };
};

export interface PrepareOptions {
  /** At most so many train images. */
  readonly limit?: number | undefined;
  /** Verify the graphs behind every pass of the compiler. */
  readonly verify?: boolean | undefined;
  /** Told what begins now. */
  readonly say?: (what: string) => void;
}

/**
 * `at`: JSON pointer of the run in the plan.
 * Throws DataError; a network that does not fit is found when the file is checked, and refused here again.
 */
export const prepareRun = async (
  planned: RunPlan,
  at: string,
  { limit, verify = false, say = () => {} }: PrepareOptions = {},
): Promise<PreparedRun> => {
  const unbuilt = isBuilt(planned.backbone) ? [] : notRunYet(planned);
  if (unbuilt.length > 0) throw new SessionError(notRunYetLine({ missing: [{ run: planned.name, reasons: unbuilt }] }));
  say('opening the data');
  const source = await openSource(planned.data.source, { image: planned.data.image, ...planned.data.resize });
  const { train, test, image, classes } = source;
  const run = limitImages(withClasses(planned, classes.length), limit, { train: train.count, test: test.count });
  const data = trainDataOf(run, source);
  const classWeights = classWeightsOf(run.data.class_weights, source, data.train);
  source.close();
  say('compiling the training graphs');
  const layers = buildRunLayers(run, at);
  if (layers.problems.length > 0) {
    const problems = layers.problems.map(({ message }) => message).join('; ');
    throw new SessionError(`the network of run "${run.name}" does not fit: ${problems}`, 'pipeline');
  }
  const compiled = compileRun(run, layers, { sourceImage: image, classWeights }, { verify });
  return { run, layers, compiled, data, classWeights };
};
