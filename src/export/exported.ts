// Nouns: a finished run on its way into another program's format, and the files that come of it.
import type { LayersModel, Topology } from '../compiler/layers/layers.ts';
import type { Plan, RunPlan } from '../compiler/plan/plan.ts';
import type { Weights } from '../runtime/engine/engine.ts';
import type { ModelMetadata } from '../runtime/run-folder/model-metadata.ts';

/** What is known of a finished run, and how it is exported. */
export interface ExportRequest {
  readonly plan: Plan;
  readonly run: RunPlan;
  readonly model: LayersModel;
  readonly topology: Topology;
  readonly metadata: ModelMetadata;
  /** By Keras name, in Keras' layout. */
  readonly weights: Weights;
  /** `inside`: the model takes bytes of any size; `outside`: it takes what preprocessing gives. */
  readonly preprocess: 'inside' | 'outside';
  /** With the program that trains, not the trained model alone. */
  readonly train: boolean;
  /** Of tlp. */
  readonly version: string;
}

/** One file, or a folder of files by name. */
export type Exported =
  | { readonly kind: 'file'; readonly content: Uint8Array }
  | { readonly kind: 'folder'; readonly files: ReadonlyMap<string, string | Uint8Array> }
  /** Why the format cannot say this run, a line a reason. */
  | { readonly kind: 'refused'; readonly reasons: readonly string[] };

/** The values of a weight. Throws where there are none: a run folder is checked when it is read. */
export const valuesOf = (weights: Weights, name: string): Float32Array => {
  const values = weights.get(name);
  if (values === undefined) throw new Error(`the run has no weight '${name}'`);
  return values;
};

/** What every format says of the run beside the weights, as texts by key; `classes` and the rest are JSON. */
export const metadataTexts = ({ metadata, plan, run, version }: ExportRequest): Readonly<Record<string, string>> => ({
  pipeline: plan.pipeline,
  run: run.name,
  classes: JSON.stringify(metadata.classes),
  image: JSON.stringify(metadata.image),
  source_image: JSON.stringify(metadata.source_image),
  resize: JSON.stringify(metadata.resize),
  normalize: JSON.stringify(metadata.normalize),
  tlp_version: version,
});
