// Verb: `tlp compile`: one stage between the plan and the engine, printed or written.
import { rename, writeFile } from 'node:fs/promises';
import { buildStageGraphs } from '../../src/compiler/index.ts';
import { unsupportedAugments } from '../../src/compiler/kernels/build-preprocess.ts';
import { printKernel } from '../../src/compiler/kernels/print-kernel.ts';
import { printLayers } from '../../src/compiler/layers/print.ts';
import { topologyOf } from '../../src/compiler/layers/topology.ts';
import { notRunYetLine } from '../../src/compiler/not-run-yet.ts';
import { printTraining } from '../../src/compiler/passes.ts';
import type { RunPlan } from '../../src/compiler/plan/plan.ts';
import { diskError } from '../../src/runtime/run-folder/disk.ts';
import { slug } from '../../src/runtime/run-folder/names.ts';
import { locateData } from '../../src/session/locate-data.ts';
import { type PreparedRun, prepareRun } from '../../src/session/prepare-run.ts';
import { selectRuns } from '../../src/session/select-runs.ts';
import { checkHere, reportChecked } from './check-here.ts';
import { CommandError, exitCode, guarded } from './fail.ts';

export type Emit = 'layers' | 'training' | 'onnx' | 'kernel';

export interface CompileOptions {
  readonly emit: Emit;
  /** File to write; `-`: the standard output. Default: standard output for text, `<name>.train-step.onnx` for onnx. */
  readonly out?: string | undefined;
  /** This run only, after those whose weights it continues. */
  readonly run?: string | undefined;
  readonly set?: readonly string[] | undefined;
  /** `name=off|warning|error` for each rule. */
  readonly rule?: readonly string[] | undefined;
}

/** One thing to print or write. */
interface Piece {
  /** Which run and stage it is of, where the file has several. */
  readonly name: string;
  readonly content: string | Uint8Array;
}

const pieceName = (prepared: PreparedRun, stage: string | null): string =>
  [prepared.run.name, ...(stage === null ? [] : [stage])].join(', ');

/** Text or bytes of each run or stage. `json`: layers as topology JSON, which tf.models.modelFromJSON takes. */
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
      program.train === null ? [] : [{ name: pieceName(prepared, plan.name), content: program.train }],
    ),
  kernel: (prepared) => {
    const { train, evaluate } = prepared.compiled.preprocess;
    return [
      { name: pieceName(prepared, 'train'), content: printKernel(train) },
      { name: pieceName(prepared, 'evaluate'), content: printKernel(evaluate) },
    ];
  },
};

/** A kernel that leaves out a step of augment would not be the kernel of this file. */
const refuseUnfused = (run: RunPlan): void => {
  const reasons = unsupportedAugments(run.augment).map((kind) => `augment \`${kind}\``);
  if (reasons.length > 0) throw new CommandError(notRunYetLine({ missing: [{ run: run.name, reasons }] }));
};

/** Writes to a temporary name, then renames. Throws RunFolderError's one line. */
const writeWhole = async (path: string, content: string | Uint8Array): Promise<void> => {
  const partial = `${path}.partial-${process.pid}`;
  try {
    await writeFile(partial, content);
    await rename(partial, path);
  } catch (error) {
    throw diskError(error, path);
  }
};

/** Prints or writes what was asked for. Binary goes to a file, or to a pipe with `--out -`, never to a terminal. */
export const compile = (file: string, options: CompileOptions): Promise<number> =>
  guarded(async () => {
    const { emit, out } = options;
    const plan = reportChecked(await checkHere(file, options));
    if (plan === null) return exitCode.pipelineErrors;
    const pieces: Piece[] = [];
    for (const [index, run] of selectRuns(locateData(plan, file), { run: options.run }).runs.entries()) {
      const prepared = await prepareRun(run, `/runs/${index}`, { verify: process.env.TLP_VERIFY === '1' });
      if (emit === 'kernel') refuseUnfused(run);
      pieces.push(...emitters[emit](prepared, out?.endsWith('.json') === true));
    }
    if (emit === 'onnx') return writeGraphs(plan.pipeline, pieces, out);
    const text = pieces
      .map(({ name, content }) =>
        pieces.length > 1 ? `${emit === 'layers' ? '#' : '//'} ${name}\n${content}` : String(content),
      )
      .join('\n');
    if (out === undefined || out === '-') process.stdout.write(text);
    else await writeWhole(out, text);
    return exitCode.done;
  });

const writeGraphs = async (pipeline: string, pieces: readonly Piece[], out: string | undefined): Promise<number> => {
  if (pieces.length === 0) throw new CommandError('no stage of this file trains anything: there is no training graph');
  if (out !== undefined && pieces.length > 1) {
    throw new CommandError(`this file has ${pieces.length} training graphs: leave --out away, each gets its own file`);
  }
  if (out === '-') {
    if (process.stdout.isTTY) throw new CommandError('an ONNX file is binary: write it to a file with --out FILE');
    process.stdout.write(pieces[0]!.content);
    return exitCode.done;
  }
  for (const { name, content } of pieces) {
    const middle = pieces.length > 1 ? `.${slug(name)}` : '';
    const path = out ?? `${slug(pipeline)}${middle}.train-step.onnx`;
    await writeWhole(path, content);
    process.stderr.write(`wrote ${path}\n`);
  }
  return exitCode.done;
};
