// Writes what steps.py reads: for each case its weights before training and its batches, as float32 in one file and their
// names and shapes in another. node --import tsx test/support/keras-steps/export.ts FOLDER
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildRunLayers } from '../../../src/compiler/layers/run-layers.ts';
import { BATCH, kerasCases, noiseBatch, runOf, STEPS, startWeights } from './cases.ts';

const folder = process.argv[2] ?? '.';
mkdirSync(folder, { recursive: true });
for (const each of kerasCases) {
  const { name, size } = each;
  const run = runOf(name, size);
  const { model } = buildRunLayers(run, '/runs/0');
  const weights = startWeights(model, run.seed);
  const arrays = [
    ...model.layers.flatMap((layer) => layer.weights.map((w) => ({ ...w, data: weights.get(w.name)! }))),
    ...Array.from({ length: STEPS + 1 }, (_, step) => {
      const { images, labels } = noiseBatch(each, step);
      return [
        { name: `images ${step}`, shape: [BATCH, size, size, 3], data: images },
        { name: `labels ${step}`, shape: [BATCH, 5], data: labels },
      ];
    }).flat(),
  ];
  writeFileSync(
    join(folder, `${name}.json`),
    JSON.stringify(arrays.map(({ name: of, shape }) => ({ name: of, shape }))),
  );
  writeFileSync(join(folder, `${name}.bin`), Buffer.concat(arrays.map(({ data }) => Buffer.from(data.buffer))));
}
