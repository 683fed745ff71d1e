// Milliseconds an image of a full training step on the embedded engine, one JSON line a case, like bench/peers/peers.py.
// node --import tsx bench/step.ts [part of a case name] [steps]
import { compileRun } from '../src/compiler/index.ts';
import { buildRunLayers } from '../src/compiler/layers/run-layers.ts';
import { createStepRunner } from '../src/runtime/engine/onnx/step-runner.ts';
import { initialWeights } from '../src/runtime/init-weights.ts';
import { readyRun } from '../test/support/trainable.ts';
import { stepCases } from './models.ts';

const [only = '', steps = '6'] = process.argv.slice(2);
/** Resident memory must be flat from here on. */
const SETTLED = 20;

for (const { name, batch, run } of stepCases.filter((each) => each.name.includes(only))) {
  const layers = buildRunLayers(run, '/runs/0');
  const stage = compileRun(readyRun(run), layers).stages[0]!;
  const { height, width, channels } = run.data.image;
  const weights = initialWeights(layers.model, 1);
  const image = [height, width, channels] as const;
  const runner = await createStepRunner({ stage, weights, device: 'cpu', image, threads: 0 });
  const times: number[] = [];
  let settled = 0;
  for (let step = 0; step <= Number(steps); step += 1) {
    const images = Float32Array.from({ length: batch * height * width * channels }, () => Math.random());
    const labels = new Float32Array(batch * stage.classes);
    for (let i = 0; i < batch; i += 1) labels[i * stage.classes + (i % stage.classes)] = 1;
    const start = performance.now();
    await runner.train({ count: batch, inputs: { images }, labels, masks: {} }, 1e-3, step + 1);
    // the first step warms up
    if (step > 0) times.push((performance.now() - start) / batch);
    if (step === SETTLED) settled = process.memoryUsage().rss;
  }
  const growth = settled === 0 ? undefined : (process.memoryUsage().rss - settled) / 2 ** 20;
  await runner.close();
  const milliseconds = times.sort((a, b) => a - b)[Math.floor(times.length / 2)];
  console.log(JSON.stringify({ peer: 'tlp', case: name, milliseconds, growth_mib: growth }));
}
