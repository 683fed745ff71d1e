// ms an image of a full training step on the embedded engine. `npm run bench:step -- [part of a name] [steps]`
import { buildNetwork, compileRun } from '../src/compiler/index.ts';
import { createStepRunner } from '../src/runtime/engine/onnx/step-runner.ts';
import { initialWeights } from '../src/runtime/init-weights.ts';
import { stepCases } from './models.ts';

const [only = '', count = '6'] = process.argv.slice(2);

for (const { name, batch, run } of stepCases.filter((each) => each.name.includes(only))) {
  const started = performance.now();
  const network = buildNetwork(run, '/runs/0');
  const compiled = compileRun(run, network);
  const program = compiled.stages[0]!.program;
  const compileMs = performance.now() - started;
  const { height, width, channels } = run.data.image;
  const runner = await createStepRunner({
    program,
    weights: initialWeights(network.model, 1),
    device: 'cpu',
    image: [height, width, channels],
    threads: 0,
  });
  const times: number[] = [];
  const losses: number[] = [];
  for (let step = 1; step <= Number(count); step += 1) {
    const images = Float32Array.from({ length: batch * height * width * channels }, (_, i) =>
      Math.sin(i * 0.37 + step),
    );
    const labels = new Float32Array(batch * program.classes);
    for (let i = 0; i < batch; i += 1) labels[i * program.classes + (i % program.classes)] = 1;
    const start = performance.now();
    const { loss } = await runner.train({ count: batch, images, labels, masks: {} }, 1e-3, step);
    times.push(performance.now() - start);
    losses.push(loss);
  }
  await runner.close();
  const best = Math.min(...times.slice(1));
  const median = [...times.slice(1)].sort((a, b) => a - b)[Math.floor((times.length - 1) / 2)]!;
  const ms = (value: number): string => (value / batch).toFixed(2);
  console.log(
    `${name.padEnd(26)} median ${ms(median)} best ${ms(best)} ms/image, compile ${compileMs.toFixed(0)} ms, ` +
      `loss ${losses[0]!.toFixed(3)} -> ${losses.at(-1)!.toFixed(3)}, rss ${(process.memoryUsage().rss / 1e9).toFixed(2)} GB`,
  );
}
