// Verb: a plan → trained runs in their folders, in order; those that are done already are not trained again.
import { startsFrom } from '../compiler/plan/starts-from.ts';
import type { TrainableRun } from '../compiler/plan/trainable.ts';
import type { Engine, Weights } from '../runtime/engine/engine.ts';
import type { RunResult } from '../runtime/events.ts';
import { readRunFolder } from '../runtime/run-folder/read-run-folder.ts';
import { isResumable } from '../runtime/run-state.ts';
import { chooseEngine } from './choose-engine.ts';
import { type CommonFolder, openCommon, reopenCommon } from './open-common.ts';
import { tellAll } from './open-voice.ts';
import { trainOne } from './train-one.ts';
import type { TrainPlanRequest } from './train-request.ts';

/** Results in the order of the runs; an interruption or a failure leaves out those not begun. Throws what the parts throw. */
export const trainPlan = async (request: TrainPlanRequest): Promise<readonly RunResult[]> => {
  const { plan } = request;
  const tell = tellAll(request.listeners);
  const engine = chooseEngine(request.engines, request.device);
  const time = new Date();
  const common = await commonOf(request, time);
  tell({
    type: 'started',
    pipeline: plan.pipeline,
    runs: plan.runs.map(({ name }) => name),
    bases: plan.runs.map(baseName),
  });
  const results: RunResult[] = [];
  try {
    await trainAll(request, { engine, time, common: common?.folder ?? null }, results);
    tell({ type: 'finished', runs: results });
    return results;
  } finally {
    await common?.close(results.length === plan.runs.length && !results.some(isResumable));
  }
};

/** The common folder of several runs. */
const commonOf = async (request: TrainPlanRequest, time: Date): Promise<CommonFolder | null> => {
  const { plan, text, limit, resume, out } = request;
  if (resume !== undefined) return resume.common === null ? null : reopenCommon(resume.common);
  return plan.runs.length > 1 ? openCommon(out, time, { plan, text, limit: limit ?? null }) : null;
};

/** Trains what is not done yet; `results` grows by each. */
const trainAll = async (
  request: TrainPlanRequest,
  shared: { readonly engine: Engine; readonly time: Date; readonly common: string | null },
  results: RunResult[],
): Promise<void> => {
  const { plan, signal, resume } = request;
  const finished = new Map<string, Weights>();
  const isNeeded = (name: string): boolean =>
    plan.runs.some((run) => resume?.runs.get(run.name)?.kind !== 'done' && startsFrom(run).includes(name));
  for (const run of plan.runs) {
    if (signal.aborted) break;
    const before = resume?.runs.get(run.name);
    if (before?.kind === 'done') {
      tellAll(request.listeners)({ type: 'run_finished', result: before.result });
      results.push(before.result);
      if (isNeeded(run.name)) finished.set(run.name, (await readRunFolder(before.folder)).weights);
      continue;
    }
    const { result, weights, fault } = await trainOne({ ...shared, request, run, begun: before ?? null, finished });
    results.push(result);
    if (isNeeded(run.name)) finished.set(run.name, weights);
    if (fault !== null) request.onFault?.(fault.error);
    if (isResumable(result)) break;
  }
};

/** `pretraining` of `pretraining lr=0.01`. */
const baseName = ({ name, sweep }: TrainableRun): string => (sweep === null ? name : name.slice(0, -sweep.length - 1));
