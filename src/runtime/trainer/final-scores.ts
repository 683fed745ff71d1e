// Verb: how the last stage ended → the scores of the final weights.
import type { SplitPart } from '../data/split.ts';
import type { Score } from '../events.ts';
import { evaluateSplit } from './evaluate-split.ts';
import { placeOf, type StageEnd, type StageRequest } from './stage-request.ts';
import type { EpochScores } from './trainer.ts';

export interface FinalScores extends EpochScores {
  readonly test: Score | null;
}

/** Not measured. `null` in JSON. */
const unknown: Score = { loss: Number.NaN, accuracy: Number.NaN };

/** Those known are not measured twice, an interrupted run measures nothing more. */
export const finalScores = async (request: StageRequest, end: StageEnd): Promise<FinalScores> => {
  const { run, clock, stage, session, loader } = request;
  const { data, signal, listener } = run;
  const place = placeOf(request, end.state.finished);
  const measure = async (what: 'train' | 'validation' | 'test', visit: SplitPart | null): Promise<Score | null> =>
    visit === null || visit.indices.length === 0
      ? null
      : evaluateSplit({
          session,
          loader,
          visit,
          batch: stage.plan.batch,
          epoch: place.epoch,
          signal,
          clock,
          onStep: (step, steps) => listener({ type: 'evaluating', ...place, what, step, steps }),
        });
  const fallback: EpochScores = end.scores ?? end.state.last ?? { train: unknown, validation: null };
  if (end.how === 'interrupted') return { ...fallback, test: null };
  const train = end.scores?.train ?? (await measure('train', { split: 'train', indices: data.probe }));
  const validation = end.scores ? end.scores.validation : await measure('validation', data.validation);
  const test = await measure('test', { split: 'test', indices: data.test });
  return { train: train ?? fallback.train, validation: validation ?? fallback.validation, test };
};
