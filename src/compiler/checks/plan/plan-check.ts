// Noun: a check of the plan of a run. It looks at finished parts only: a damaged part was reported already.
import type { Diagnostic } from '../../../parser/diagnostic.ts';
import type { Span } from '../../../parser/source.ts';
import type { RunLayers } from '../../layers/run-layers.ts';
import type { RunDraft } from '../../plan/build-run.ts';
import type { RunPlan } from '../../plan/plan.ts';

export interface RunContext {
  readonly draft: RunDraft;
  /** Null where a part of the run is missing or damaged. */
  readonly run: RunPlan | null;
  /** Null where the layers do not fit together, cannot be built yet, or a freeze policy does not fit them. */
  readonly layers: RunLayers | null;
  /** The runs before this one. */
  readonly earlier: readonly RunDraft[];
  /** Whether a file or folder that the text names is there. */
  readonly isThere: (path: string) => boolean;
  /** Where an object of the plan, or a field of it, was written; else what is around it; else the run. */
  readonly at: (object: object | null, field?: string, around?: object) => Span;
}

export type PlanCheck = (context: RunContext) => readonly Diagnostic[];
