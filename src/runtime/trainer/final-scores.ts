// Verb: how the last stage ended → the scores of the final weights.
import type { SplitPart } from '../data/split.ts';
import type { Score } from '../events.ts';
import { evaluateSplit } from './evaluate-split.ts';
import { placeOf, type StageEnd, type StageRequest } from './stage-request.ts';
import type { EpochScores, Fault } from './trainer.ts';

export interface FinalScores {
  readonly scores: EpochScores & { readonly test: Score | null };
  /** Why not all of them were measured; null where they were, or nobody wanted them. */
  readonly fault: Fault | null;
}

/** Not measured. `null` in JSON. */
const unknown: Score = { loss: Number.NaN, accuracy: Number.NaN };

/**
 * Those known are not measured twice, a run that ended before its time measures nothing more. A model that was trained is worth more than
 * its scores: one that cannot be measured is left out, and the fault says why.
 */
export const finalScores = async (request: StageRequest, end: StageEnd): Promise<FinalScores> => {
  const { run, clock, stage, session, loader } = request;
  const { data, signal, listener } = run;
  const place = placeOf(request, end.state.finished);
  let fault: Fault | null = null;
  const measure = async (what: 'train' | 'validation' | 'test', visit: SplitPart | null): Promise<Score | null> => {
    if (visit === null || visit.indices.length === 0 || fault !== null) return null;
    const onStep = (step: number, steps: number): void => listener({ type: 'evaluating', ...place, what, step, steps });
    const { batch } = stage.plan;
    try {
      return await evaluateSplit({ session, loader, visit, batch, epoch: place.epoch, signal, clock, onStep });
    } catch (error) {
      fault = { error };
      return null;
    }
  };
  const fallback: EpochScores = end.scores ?? end.state.last ?? { train: unknown, validation: null };
  if (end.how === 'interrupted' || end.how === 'failed') return { scores: { ...fallback, test: null }, fault };
  const train = end.scores?.train ?? (await measure('train', { split: 'train', indices: data.probe }));
  const validation = end.scores ? end.scores.validation : await measure('validation', data.validation);
  const test = await measure('test', { split: 'test', indices: data.test });
  return { scores: { train: train ?? fallback.train, validation: validation ?? fallback.validation, test }, fault };
};
