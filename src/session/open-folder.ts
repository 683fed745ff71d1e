// Verb: a prepared run → its folder, with all that is known before the training: pipeline, plan, step graphs, model.
import type { CompiledRun } from '../compiler/compiled-run.ts';
import { topologyOf } from '../compiler/layers/topology.ts';
import { printPlan } from '../compiler/plan/print.ts';
import type { Listener } from '../runtime/events.ts';
import type { ExtraFiles } from '../runtime/run-folder/extra-files.ts';
import type { ModelMetadata } from '../runtime/run-folder/model-metadata.ts';
import { openRunFolder } from '../runtime/run-folder/open-run-folder.ts';
import type { ModelFiles, RunFolder } from '../runtime/run-folder/run-folder.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { BegunRun } from './read-resume.ts';
import { dataFile } from './same-data.ts';

export interface FolderRequest {
  readonly prepared: PreparedRun;
  /** The pipeline as the file has it. */
  readonly text: string;
  /** Of tlp. */
  readonly version: string;
  /** Folder of all runs. */
  readonly out: string;
  readonly time: Date;
  /** The folder of all runs of the file, where it has several: each has a folder of its own in it. */
  readonly common: string | null;
  /** The run goes on in its folder. */
  readonly begun: BegunRun | null;
  /** Seconds between checkpoints; default 30. */
  readonly checkpointEvery?: number | undefined;
  readonly extras?: ExtraFiles;
}

/** `warn` is told what was not saved. Throws RunFolderError. */
export const openFolder = (request: FolderRequest, warn: Listener): Promise<RunFolder> => {
  const { prepared, checkpointEvery, common, begun } = request;
  const { plan, run, compiled } = prepared;
  return openRunFolder({
    root: request.out,
    pipeline: plan.pipeline,
    time: request.time,
    run: common === null ? null : { name: run.name, common },
    texts: begun?.texts ?? {
      'pipeline.tlp': request.text,
      'plan.yaml': printPlan(plan),
      [dataFile]: `${JSON.stringify(prepared.fingerprint, null, 1)}\n`,
    },
    binaries: stepGraphs(compiled.stages),
    model: modelOf(prepared, request.version),
    listener: warn,
    ...(begun === null ? {} : { resume: begun }),
    ...(checkpointEvery === undefined ? {} : { checkpointEvery }),
    ...(request.extras === undefined ? {} : { extras: request.extras }),
  });
};

const modelOf = ({ compiled, data }: PreparedRun, version: string): ModelFiles => ({
  topology: topologyOf(compiled.model, new Set(compiled.stages.at(-1)?.frozen)),
  weights: compiled.model.layers.flatMap((layer) => layer.weights),
  generatedBy: `tlp ${version}`,
  metadata: metadataOf(compiled, data.classes),
});

/** What whoever uses the model must know of its images. */
const metadataOf = ({ plan, preprocess }: CompiledRun, classes: readonly string[]): ModelMetadata => ({
  classes,
  image: plan.data.image,
  source_image: preprocess.evaluate.source,
  resize: plan.data.resize,
  normalize: plan.data.normalize,
});

/** `train-step.onnx` is the last stage's; earlier stages are numbered from 1. A stage that trains nothing has none. */
const stepGraphs = (stages: CompiledRun['stages']): Record<string, Uint8Array> =>
  Object.fromEntries(
    stages.flatMap(({ program }, index) => {
      const name = index === stages.length - 1 ? 'train-step.onnx' : `train-step-${index + 1}.onnx`;
      return program?.train ? [[name, program.train] as const] : [];
    }),
  );
