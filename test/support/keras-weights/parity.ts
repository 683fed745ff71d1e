// Weight files of all backbones against Keras: regenerates the files, reads each, compares sums and a forward pass.
// npm run parity:weights [BACKBONE…]; PYTHON names a Python with keras, tensorflow-cpu and h5py. About a minute a backbone.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildRunLayers } from '../../../src/compiler/layers/run-layers.ts';
import type { RunPlan } from '../../../src/compiler/plan/plan.ts';
import { isBackboneName } from '../../../src/compiler/vocabulary/backbones.ts';
import type { Weights } from '../../../src/runtime/engine/engine.ts';
import { loadWeights } from '../../../src/runtime/weights/load-weights.ts';
import { image, runPlan } from '../run-plan.ts';
import { featuresOf, frozen } from '../weights-fixture.ts';

interface About {
  readonly keras: string;
  readonly size: number;
  readonly batch: number;
  readonly tensors: number;
  readonly sum: number;
  readonly absolute: number;
}

const program = fileURLToPath(new URL('./backbones.py', import.meta.url));
const files = ['trunk.h5', 'whole.h5', 'trunk.weights.h5', 'nested.keras'];
/** Relative to the largest value, as the forward pass; the sum relative to the sum of absolute values. */
const bound = { forward: 1e-4, sum: 1e-9 };

const names = [...readFileSync(program, 'utf8').matchAll(/^ {4}"(\w+)": \("/gm)].map(([, name]) => name!);

const sumOf = (weights: Weights): number =>
  [...weights.values()].reduce((sum, values) => sum + values.reduce((a, b) => a + b, 0), 0);

const compare = async (run: RunPlan, folder: string, file: string, about: About): Promise<string> => {
  const { model } = buildRunLayers(run, '/runs/0');
  const values = new Float32Array(new Uint8Array(readFileSync(join(folder, 'values.bin'))).buffer);
  const pixels = about.batch * about.size ** 2 * 3;
  const start = performance.now();
  const result = await loadWeights(model, join(folder, file), { part: 'backbone', skipMismatch: false });
  const milliseconds = performance.now() - start;
  if (result.kind === 'refused') return `FAILED: ${[result.message, ...result.details].join('\n  ')}`;
  const features = await featuresOf(run, result.weights, values.slice(0, pixels));
  const wanted = values.subarray(pixels);
  const largest = Math.max(...wanted.map(Math.abs));
  const off = Math.max(...features.map((value, i) => Math.abs(value - wanted[i]!))) / largest;
  const sum = Math.abs(sumOf(result.weights) - about.sum) / about.absolute;
  const right =
    features.length === wanted.length &&
    off < bound.forward &&
    sum < bound.sum &&
    result.weights.size === about.tensors;
  const figures = `by ${result.by}, ${result.weights.size} tensors, forward ${off.toExponential(1)}, sum ${sum.toExponential(1)}`;
  return `${right ? 'ok' : 'FAILED'}: ${figures}, ${milliseconds.toFixed(0)} ms, not used: ${result.unused.join() || 'none'}`;
};

let failed = 0;
for (const name of process.argv.length > 2 ? process.argv.slice(2) : names) {
  if (!isBackboneName(name)) {
    console.log(`${name}: no backbone`);
    continue;
  }
  const folder = mkdtempSync(join(tmpdir(), `tlp-parity-${name}-`));
  try {
    execFileSync(process.env.PYTHON ?? 'python3', [program, name, folder], { stdio: ['ignore', 'ignore', 'inherit'] });
    const about: About = JSON.parse(readFileSync(join(folder, 'about.json'), 'utf8'));
    for (const file of files) {
      const weights = { kind: 'file', path: join(folder, file), skip_mismatch: false, range: null } as const;
      const run = frozen(runPlan({ kind: 'known', name, weights }, image(about.size)));
      const line = await compare(run, folder, file, about);
      if (!line.startsWith('ok')) failed += 1;
      console.log(`${name} ${file} ${line}`);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
process.exitCode = failed > 0 ? 1 : 0;
