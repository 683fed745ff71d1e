// Verb: a run of the plan and its data → compiled run. Data are opened for what only they can tell.
import type { CompiledRun, Target } from '../compiler/compiled-run.ts';
import { compileRun } from '../compiler/index.ts';
import { buildRunLayers, type RunLayers } from '../compiler/layers/run-layers.ts';
import type { Plan, RunPlan } from '../compiler/plan/plan.ts';
import type { TrainableRun } from '../compiler/plan/trainable.ts';
import { verifyPlan } from '../compiler/plan/verify.ts';
import { type DataFingerprint, fingerprintOf } from '../runtime/data/fingerprint.ts';
import { openSource } from '../runtime/data/open-source.ts';
import { DataError, type Source } from '../runtime/data/source.ts';
import { classWeightsOf } from '../runtime/trainer/class-weights.ts';
import { trainDataOf } from '../runtime/trainer/train-data.ts';
import type { TrainData } from '../runtime/trainer/trainer.ts';
import { dataWarnings } from './data-warnings.ts';
import { limitImages } from './select-runs.ts';
import { SessionError } from './session-error.ts';

/** A run that can be trained: nothing of its plan changes any more. */
export interface PreparedRun {
  /** With this run alone, complete: what plan.yaml of its folder holds. */
  readonly plan: Plan;
  readonly run: TrainableRun;
  readonly layers: RunLayers;
  readonly compiled: CompiledRun;
  readonly data: TrainData;
  /** What the data are known by. */
  readonly fingerprint: DataFingerprint;
  /** What makes scores on these data lie. */
  readonly warnings: readonly string[];
  readonly classWeights: readonly number[] | null;
}

/** Only the data of folders and tables can tell their classes: the softmax layer, the last one, has one unit for each. */
const withClasses = <R extends RunPlan>(run: R, classes: number): R => {
  const known = run.data.classes;
  if (known !== null && known !== classes) {
    throw new DataError(
      `the data of run "${run.name}" have ${classes} classes and its plan has ${known}: bring the data back as they were, or run the pipeline anew`,
    );
  }
  const last = run.head.at(-1);
  if (known !== null || last?.kind !== 'dense') return run;
  return {
    ...run,
    data: { ...run.data, classes },
    head: [...run.head.slice(0, -1), { ...last, units: classes }],
  };
};

export interface PrepareOptions {
  /** At most so many train images. */
  readonly limit?: number | undefined;
  /** Read all images, so that a changed pixel is noticed when the run goes on. */
  readonly hashData?: boolean | undefined;
  /** Verify the graphs behind every pass of the compiler. */
  readonly verify?: boolean | undefined;
  /** What the engine wants; default: ONNX programs. */
  readonly target?: Target | undefined;
  /** Told what begins now. */
  readonly say?: (what: string) => void;
}

/** The run with what its data tell and the options ask for. */
const complete = <R extends RunPlan>(run: R, { train, test, classes }: Source, limit: number | undefined): R =>
  limitImages(withClasses(run, classes.length), limit, { train: train.count, test: test.count });

/** The plan of this run alone. Throws an internal error where it does not fit its schema: nothing changes it after this. */
const verified = (plan: Plan, run: RunPlan): Plan => {
  const alone: Plan = { ...plan, runs: [run] };
  const [problem] = verifyPlan(alone);
  if (problem !== undefined) throw new Error(`the plan of run "${run.name}" does not fit its schema: ${problem}`);
  return alone;
};

/** Throws SessionError where layers do not fit, which is found when the file is checked, and refused here again. */
const layersOf = (run: RunPlan, at: string): RunLayers => {
  const layers = buildRunLayers(run, at);
  if (layers.problems.length > 0) {
    const problems = layers.problems.map(({ message }) => message).join('; ');
    throw new SessionError(`the network of run "${run.name}" does not fit: ${problems}`, 'pipeline');
  }
  return layers;
};

/** `planned` is a run of the plan, whose places of data are whole. Throws DataError and SessionError. */
export const prepareRun = async (
  plan: Plan,
  planned: TrainableRun,
  { limit, hashData = false, verify = false, target, say = () => {} }: PrepareOptions = {},
): Promise<PreparedRun> => {
  say('opening the data');
  const { image, resize, only_classes } = planned.data;
  const source = await openSource(planned.data.source, { image, ...resize }, only_classes);
  const run = complete(planned, source, limit);
  const data = trainDataOf(run, source);
  const classWeights = classWeightsOf(run.data.class_weights, source, data.train);
  const fingerprint = fingerprintOf(source, run.data.source, hashData);
  const warnings = dataWarnings(source, run.data.source, data);
  source.close();
  const alone = verified(plan, run);
  say('compiling the training graphs');
  const layers = layersOf(run, `/runs/${plan.runs.indexOf(planned)}`);
  const compiled = compileRun(run, layers, { sourceImage: source.image, classWeights }, { verify, target });
  return { plan: alone, run, layers, compiled, data, fingerprint, warnings, classWeights };
};
