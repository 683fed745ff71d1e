// Verb: the folder of a finished run, or a plan → the network to embed with: final weights, or those with which a run starts.
import type { Plan } from '../compiler/plan/plan.ts';
import { startsFrom } from '../compiler/plan/starts-from.ts';
import type { Listener } from '../runtime/events.ts';
import { readRunFolder } from '../runtime/run-folder/read-run-folder.ts';
import type { Embedder } from './embed-images.ts';
import { lastStageOf } from './open-model.ts';
import { prepareRun } from './prepare-run.ts';
import { readyRun } from './ready-run.ts';
import { selectRuns } from './select-runs.ts';
import { SessionError } from './session-error.ts';
import { startWeights } from './start-weights.ts';

/** From the folder alone. Throws RunFolderError or SessionError. */
export const embedderOfFolder = async (folder: string): Promise<Embedder> => {
  const { run, metadata, weights } = await readRunFolder(folder);
  return { run: lastStageOf(readyRun(run)), source: metadata.source_image, weights };
};

/**
 * The first stage of a run, the plan's first one unless named; places of its data are whole. Throws DataError, DownloadError or
 * SessionError, also for a run that starts from another: its weights are not there before that was trained.
 */
export const embedderOfPlan = async (
  plan: Plan,
  name: string | undefined,
  listener: Listener,
  signal: AbortSignal,
): Promise<Embedder> => {
  const chosen = name === undefined ? plan.runs[0] : selectRuns(plan, { run: name }).runs.at(-1);
  if (chosen === undefined) throw new SessionError('the plan has no runs');
  const [before] = startsFrom(chosen);
  if (before !== undefined) {
    throw new SessionError(`run "${chosen.name}" starts from "${before}": train it, then name the folder of the run`);
  }
  const ready = readyRun(chosen);
  const first = { ...ready, stages: ready.stages.slice(0, 1) };
  const { run, compiled } = await prepareRun({ ...plan, runs: [first] }, first);
  const weights = await startWeights({ run, model: compiled.model, finished: new Map(), listener, signal });
  return { run, source: compiled.preprocess.evaluate.source, weights };
};
