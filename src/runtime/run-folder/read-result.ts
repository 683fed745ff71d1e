// Verb: result.json of a run folder → the run's result.
import type { FrozenWeights, RunResult, Score } from '../events.ts';
import { isRecord } from './guards.ts';
import { damaged, readJson } from './read-file.ts';

export const resultFile = 'result.json';

const endings: Readonly<Record<RunResult['status'], true>> = {
  done: true,
  early_stopped: true,
  interrupted: true,
  diverged: true,
  failed: true,
};
const isStatus = (value: unknown): value is RunResult['status'] =>
  typeof value === 'string' && Object.hasOwn(endings, value);

/** JSON writes NaN as null. */
const figure = (value: unknown): number | undefined =>
  value === null ? Number.NaN : typeof value === 'number' ? value : undefined;

const scoreOf = (value: unknown): Score | undefined => {
  if (!isRecord(value)) return undefined;
  const [loss, accuracy] = [figure(value.loss), figure(value.accuracy)];
  return loss === undefined || accuracy === undefined ? undefined : { loss, accuracy };
};

const orNull = (value: unknown): Score | null | undefined => (value === null ? null : scoreOf(value));

const frozenOf = (value: unknown): FrozenWeights | undefined => {
  if (!isRecord(value)) return undefined;
  const { tensors, sha256, unchanged } = value;
  const whole = typeof tensors === 'number' && typeof sha256 === 'string' && typeof unchanged === 'boolean';
  return whole ? { tensors, sha256, unchanged } : undefined;
};

const resultOf = (value: unknown): RunResult | null => {
  if (!isRecord(value) || !isRecord(value.parameters)) return null;
  const { name, status, seconds, epochs, gap, folder, reason } = value;
  const { total, trainable } = value.parameters;
  const [train, validation, test] = [scoreOf(value.train), orNull(value.validation), orNull(value.test)];
  if (typeof name !== 'string' || typeof folder !== 'string' || !isStatus(status)) return null;
  if (typeof seconds !== 'number' || typeof epochs !== 'number' || (gap !== null && typeof gap !== 'number'))
    return null;
  if (reason !== undefined && typeof reason !== 'string') return null;
  if (typeof total !== 'number' || typeof trainable !== 'number') return null;
  const frozen = frozenOf(value.frozen);
  if (frozen === undefined || train === undefined || validation === undefined || test === undefined) return null;
  const parameters = { total, trainable };
  const result = { name, status, seconds, epochs, train, validation, test, gap, parameters, frozen, folder };
  return reason === undefined ? result : { ...result, reason };
};

/** Throws RunFolderError where the file is missing or damaged. */
export const readResult = async (folder: string): Promise<RunResult> => {
  const result = resultOf(await readJson(folder, resultFile));
  if (result === null) throw damaged(folder, resultFile, 'is damaged: it is no result of a run');
  return result;
};
