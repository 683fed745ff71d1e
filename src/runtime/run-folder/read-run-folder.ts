// Noun and verb: a finished run folder, opened for what comes after the training: its plan, its model and its result.
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Topology } from '../../compiler/layers/layers.ts';
import type { Plan, RunPlan } from '../../compiler/plan/plan.ts';
import type { Weights } from '../engine/engine.ts';
import type { RunResult } from '../events.ts';
import type { ModelMetadata } from './model-metadata.ts';
import { damaged, requireFolder } from './read-file.ts';
import { readModel } from './read-model.ts';
import { planFile, readPlanFile, weightsMisfit } from './read-plan-file.ts';
import { readResult, resultFile } from './read-result.ts';
import { RunFolderError } from './run-folder.ts';

/** What a finished run left. An interrupted run is finished, too: `result.status` says so. */
export interface RunFolderContents {
  /** As it was asked for. */
  readonly folder: string;
  /** With the one run of this folder. */
  readonly plan: Plan;
  readonly run: RunPlan;
  /** Classes, image shape, resizing and normalization: how an image becomes an input. */
  readonly metadata: ModelMetadata;
  /** As tfjs and Keras 2 read it. */
  readonly topology: Topology;
  /** All weights of the run's layers by Keras name, in Keras' layout. */
  readonly weights: Weights;
  readonly result: RunResult;
}

/** Throws RunFolderError for what is no folder of a finished run, with what to name instead. */
const requireFinished = async (folder: string): Promise<void> => {
  await requireFolder(folder);
  if (existsSync(join(folder, resultFile))) return;
  if (basename(folder).startsWith('.partial-')) {
    throw new RunFolderError(`${folder} is a run that has not ended: go on with it by tlp run --resume "${folder}"`);
  }
  const runs = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, resultFile)))
    .map(({ name }) => join(folder, name))
    .sort();
  if (runs.length === 0) throw damaged(folder, resultFile, 'is missing', 'name the folder of a finished run');
  const shown = runs.length > 5 ? [...runs.slice(0, 5), `${runs.length - 5} more`] : runs;
  throw new RunFolderError(`${folder} holds several runs: name one of ${shown.join(', ')}`);
};

/** Of what both files say the same must stand there. */
const disagreement = ({ data }: RunPlan, metadata: ModelMetadata): string | null => {
  if (data.classes !== null && data.classes !== metadata.classes.length) return 'classes';
  const keys = ['image', 'resize', 'normalize'] as const;
  return keys.find((key) => !isDeepStrictEqual(data[key], metadata[key])) ?? null;
};

/**
 * Opens the folder of a finished run and checks that its files belong together: plan, manifest and bytes of the weights.
 * Throws RunFolderError, one line with file, cause and cure.
 */
export const readRunFolder = async (folder: string): Promise<RunFolderContents> => {
  await requireFinished(folder);
  const { plan, run } = await readPlanFile(folder);
  const { topology, metadata, weights } = await readModel(folder);
  const differing = disagreement(run, metadata);
  if (differing !== null) {
    throw damaged(folder, planFile, `and model/model.json differ in ${differing}: they are not of one run`);
  }
  const misfit = weightsMisfit(run, weights);
  if (misfit !== null) {
    throw damaged(folder, planFile, `is of another network than model/weights.bin, whose weights are ${misfit}`);
  }
  return { folder, plan, run, metadata, topology, weights, result: await readResult(folder) };
};
