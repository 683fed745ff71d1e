// Verb: `tlp compile`: one stage between the plan and the engine, printed or written.
import { rename, writeFile } from 'node:fs/promises';
import { plain } from '../../src/report/plain-text.ts';
import { diskError } from '../../src/runtime/run-folder/disk.ts';
import { slug } from '../../src/runtime/run-folder/names.ts';
import { type Emit, emitPlan, type Piece } from '../../src/session/emit-plan.ts';
import { locateData } from '../../src/session/locate-data.ts';
import { selectRuns } from '../../src/session/select-runs.ts';
import { checkHere, reportChecked } from './check-here.ts';
import { CommandError, exitCode, guarded } from './fail.ts';

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
    const pieces = await emitPlan(selectRuns(locateData(plan, file), { run: options.run }), {
      emit,
      json: out?.endsWith('.json') === true,
      verify: process.env.TLP_VERIFY === '1',
    });
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
    process.stderr.write(`wrote ${plain(path)}\n`);
  }
  return exitCode.done;
};
