// Time and peak memory of reading VGG16's 58 MB of weights from each kind of file, one JSON line a kind.
// node --expose-gc --import tsx bench/read-weights.ts [runs]; each reading is in a process of its own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Group } from 'h5wasm';
import type { Weight } from '../src/compiler/layers/layers.ts';
import { buildRunLayers } from '../src/compiler/layers/run-layers.ts';
import { topologyOf } from '../src/compiler/layers/topology.ts';
import { encodeTensors } from '../src/runtime/checkpoint/safetensors.ts';
import { initialWeights } from '../src/runtime/init-weights.ts';
import { modelJson, weightsBin } from '../src/runtime/run-folder/model-files.ts';
import { loadWeights } from '../src/runtime/weights/load-weights.ts';
import { stepCases } from './models.ts';

const vgg = stepCases.find(({ name }) => name.includes('vgg16'));
if (!vgg) throw new Error('bench/models.ts has no VGG16');
const { model } = buildRunLayers(vgg.run, '/runs/0');

/** One reading: milliseconds, and how much the process grew at its highest, in MiB. */
const measure = async (path: string): Promise<void> => {
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const cpu = process.cpuUsage();
  const start = performance.now();
  const result = await loadWeights(model, path, { part: 'backbone', skipMismatch: false });
  if (result.kind === 'refused') throw new Error(result.message);
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  const peak = process.resourceUsage().maxRSS / 1024 - before / 2 ** 20;
  console.log(JSON.stringify({ milliseconds, cpu_ms: (user + system) / 1000, peak_mib: peak }));
};

/** Groups and attributes as Keras writes them. */
const writeH5 = async (path: string, weights: ReadonlyMap<string, Float32Array>): Promise<void> => {
  const h5 = await import('h5wasm');
  const { FS } = await h5.ready;
  const file = new h5.File('/vgg.h5', 'w');
  const owners = model.layers.filter((layer) => layer.part === 'backbone' && layer.weights.length > 0);
  file.create_attribute(
    'layer_names',
    owners.map(({ name }) => name),
  );
  const add = (group: Group, { name, shape }: Weight): void => {
    const inner = group.get(name.split('/')[0]!) ?? group.create_group(name.split('/')[0]!);
    (inner as Group).create_dataset({ name: name.split('/')[1]!, data: weights.get(name)!, shape: [...shape] });
  };
  for (const layer of owners) {
    const group = file.create_group(layer.name);
    group.create_attribute(
      'weight_names',
      layer.weights.map(({ name }) => name),
    );
    for (const weight of layer.weights) add(group, weight);
  }
  file.close();
  writeFileSync(path, FS.readFile('/vgg.h5'));
};

const writeAll = async (folder: string): Promise<Readonly<Record<string, string>>> => {
  const all = initialWeights(model, 1);
  const backbone = model.layers.filter(({ part }) => part === 'backbone').flatMap((layer) => layer.weights);
  const weights = new Map(backbone.map(({ name }) => [name, all.get(name)!]));
  const { image, resize, normalize } = vgg.run.data;
  const metadata = { classes: [], image, source_image: image, resize, normalize };
  const files = { topology: topologyOf(model), weights: backbone, metadata, generatedBy: 'bench' };
  await writeH5(join(folder, 'vgg16.h5'), weights);
  writeFileSync(join(folder, 'vgg16.safetensors'), encodeTensors({ metadata: { tlp: 'weights 1' }, tensors: weights }));
  writeFileSync(join(folder, 'model.json'), modelJson(files, null));
  writeFileSync(join(folder, 'weights.bin'), weightsBin(files, weights));
  return { h5: 'vgg16.h5', safetensors: 'vgg16.safetensors', tfjs: 'model.json' };
};

const [first, second] = process.argv.slice(2);
if (first === 'measure' && second) await measure(second);
else {
  const folder = mkdtempSync(join(tmpdir(), 'tlp-bench-'));
  try {
    for (const [kind, name] of Object.entries(await writeAll(folder))) {
      const path = join(folder, name);
      const bytes = statSync(name === 'model.json' ? join(folder, 'weights.bin') : path).size;
      const command = [...process.execArgv, fileURLToPath(import.meta.url), 'measure', path];
      const readings = Array.from(
        { length: Number(first ?? 5) },
        (): Record<string, number> => JSON.parse(execFileSync(process.execPath, command, { encoding: 'utf8' })),
      ).sort((a, b) => a.milliseconds! - b.milliseconds!);
      const median = readings[Math.floor(readings.length / 2)]!;
      console.log(
        JSON.stringify({
          kind,
          file_mib: bytes / 2 ** 20,
          ...median,
          times_its_size: (median.peak_mib! * 2 ** 20) / bytes,
        }),
      );
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}
