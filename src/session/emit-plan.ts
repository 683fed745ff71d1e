// Verb: a plan → one stage between the plan and the engine, as text or bytes for each run or stage.
import { buildStageGraphs } from '../compiler/index.ts';
import { printKernel } from '../compiler/kernels/print-kernel.ts';
import { printLayers } from '../compiler/layers/print.ts';
import { topologyOf } from '../compiler/layers/topology.ts';
import { printTraining } from '../compiler/passes.ts';
import type { Plan } from '../compiler/plan/plan.ts';
import { type PreparedRun, prepareRun } from './prepare-run.ts';
import { readyRun } from './ready-run.ts';

export type Emit = 'layers' | 'training' | 'onnx' | 'kernel';

/** One thing to print or write. */
export interface Piece {
  /** Which run and stage it is of, where the file has several. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

export interface EmitOptions {
  readonly emit: Emit;
  /** Layers as topology JSON, which tf.models.modelFromJSON takes. */
  readonly json: boolean;
  /** Verify the graphs behind every pass of the compiler. */
  readonly verify?: boolean | undefined;
}

const pieceName = (prepared: PreparedRun, part: string): string => `${prepared.run.name}, ${part}`;

const emitters: { readonly [K in Emit]: (prepared: PreparedRun, json: boolean) => readonly Piece[] } = {
  layers: (prepared, json) =>
    prepared.compiled.stages.map(({ plan }, index) => {
      const frozen = prepared.layers.stages[index]?.frozen ?? new Set<string>();
      const { model } = prepared.compiled;
      const content = json
        ? `${JSON.stringify(topologyOf(model, frozen), null, 2)}\n`
        : printLayers(model, frozen, plan.freeze.batch_norm);
      return { name: pieceName(prepared, plan.name), content };
    }),
  training: (prepared) =>
    prepared.run.stages.map((plan, index) => {
      const graphs = buildStageGraphs(prepared.layers, plan, index, prepared.classWeights);
      return { name: pieceName(prepared, plan.name), content: `${printTraining(graphs)}\n` };
    }),
  onnx: (prepared) =>
    prepared.compiled.stages.flatMap(({ plan, program }) =>
      program?.train ? [{ name: pieceName(prepared, plan.name), content: program.train }] : [],
    ),
  kernel: (prepared) => {
    const { train, evaluate } = prepared.compiled.preprocess;
    return [
      { name: pieceName(prepared, 'train'), content: printKernel(train) },
      { name: pieceName(prepared, 'evaluate'), content: printKernel(evaluate) },
    ];
  },
};

/** Of all runs of the plan, in their order. Throws what preparing throws. */
export const emitPlan = async (plan: Plan, { emit, json, verify }: EmitOptions): Promise<readonly Piece[]> => {
  const pieces: Piece[] = [];
  for (const run of plan.runs) {
    const prepared = await prepareRun(plan, readyRun(run), { verify });
    pieces.push(...emitters[emit](prepared, json));
  }
  return pieces;
};
