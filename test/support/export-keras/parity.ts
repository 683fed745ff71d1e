// Exported runs in the programs that they are for: writes runs in all formats with what tlp predicts, and has check.py compare.
// npm run parity:export [BACKBONE…]; PYTHON names a Python with keras, tensorflow-cpu, onnx and onnxruntime.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ImageShape, LayerPlan, RunPlan } from '../../../src/compiler/plan/plan.ts';
import { isBackboneName } from '../../../src/compiler/vocabulary/backbones.ts';
import { activations } from '../../../src/compiler/vocabulary/layers.ts';
import type { Weights } from '../../../src/runtime/engine/engine.ts';
import { stream } from '../../../src/runtime/random.ts';
import { exportRun } from '../../../src/session/export-run.ts';
import { digitsRun } from '../digits-plan.ts';
import { finishRun } from '../finished-run.ts';
import { noise, predict, prepare, replayCases } from '../replay-run.ts';
import { image, known, layer, own } from '../run-plan.ts';

/** Every weight somewhere else than at its start: those that are swapped show. */
const trained = (fresh: Weights): Weights =>
  new Map(
    [...fresh].map(([name, values]) => {
      const draw = stream(3, 'shake', name.length);
      return [name, values.map((value) => value + 0.02 * (draw() - 0.5))];
    }),
  );

const withBackbone = (backbone: RunPlan['backbone'], shape: ImageShape): RunPlan => {
  const base = digitsRun();
  return {
    ...base,
    backbone,
    head: [layer.gap(), layer.layerNorm(), layer.dense(10, { activation: 'softmax', name: 'predictions' })],
    data: { ...base.data, image: shape, source_image: shape },
  };
};

/** Each layer that a file can have, and each activation. */
const everything = (): RunPlan => {
  const names = Object.keys(activations) as (keyof typeof activations)[];
  const layers: readonly LayerPlan[] = [
    layer.conv(8, 3, { activation: 'relu', groups: 1, padding: 'same', stride: [2, 2] }),
    layer.depthwise(3, { multiplier: 2, padding: 'same' }),
    layer.separable(8, 3, { padding: 'same' }),
    layer.conv(8, 3, { groups: 2, dilation: [2, 2], use_bias: false }),
    layer.zeroPadding(1),
    layer.spatialDropout(0.2),
    layer.rescaling(0.5, 0.1),
    layer.merge('add', [layer.conv(8, 1)], [layer.conv(8, 1), layer.batchNorm()]),
    layer.merge('concatenate', [layer.conv(4, 1)], [layer.conv(4, 1)]),
    layer.merge('multiply', [layer.conv(8, 1)], [layer.conv(8, 1)]),
    layer.merge('concatenate', ...names.map((name) => [layer.activation(name)])),
    layer.maxPool(2),
  ];
  return withBackbone(own(...layers), image(24));
};

const write = async (root: string, name: string, run: RunPlan, source: ImageShape): Promise<void> => {
  const folder = join(root, name.replace(/\W+/g, '-'));
  mkdirSync(folder, { recursive: true });
  const runs = mkdtempSync(join(tmpdir(), 'tlp-parity-'));
  try {
    const finished = await finishRun(runs, { run, source, trained });
    const plain = { train: false, force: false, version: '0.0.0' } as const;
    await exportRun(finished.folder, { ...plain, to: 'keras', out: join(folder, 'keras') });
    await exportRun(finished.folder, { ...plain, to: 'onnx', out: join(folder, 'model.onnx') });
    await exportRun(finished.folder, { ...plain, to: 'safetensors', out: join(folder, 'model.safetensors') });
    const { channels, height: rows, width: columns } = run.data.image;
    const images = [];
    for (const [height, width] of [
      [source.height, source.width],
      [17, 40],
      [91, 33],
    ] as const) {
      const file = `${height}x${width}.bin`;
      writeFileSync(join(folder, file), noise(height, width));
      const pixels = prepare(run, source, height, width);
      const area = rows * columns;
      const prepared = Array.from(pixels, (_, i) => pixels[(i % channels) * area + Math.floor(i / channels)]!);
      images.push({ file, height, width, prepared, probabilities: [...(await predict(finished, pixels))] });
    }
    const about = { name, classes: [...'0123456789'], images };
    writeFileSync(join(folder, 'about.json'), JSON.stringify(about));
  } finally {
    rmSync(runs, { recursive: true });
  }
};

const root = mkdtempSync(join(tmpdir(), 'tlp-parity-export-'));
try {
  const backbones = process.argv.slice(2).filter(isBackboneName);
  if (backbones.length === 0) {
    for (const [name, run, source] of replayCases) await write(root, name, run, source);
    await write(root, 'everything', everything(), image(24));
  }
  for (const name of backbones) await write(root, name, withBackbone(known(name), image(75)), image(75));
  const program = fileURLToPath(new URL('./check.py', import.meta.url));
  execFileSync(process.env.PYTHON ?? 'python3', [program, root], { stdio: ['ignore', 'inherit', 'inherit'] });
} catch (error) {
  if (!(error instanceof Error && 'status' in error)) throw error;
  process.exitCode = 1;
} finally {
  rmSync(root, { recursive: true });
}
