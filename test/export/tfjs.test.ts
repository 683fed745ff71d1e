// A run as tfjs reads it, in shards far smaller than its weights: tfjs joins them, and a weight may lie across two.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildRunLayers } from '../../src/compiler/layers/run-layers.ts';
import { toTfjs } from '../../src/export/tfjs.ts';
import { readRunFolder } from '../../src/runtime/run-folder/read-run-folder.ts';
import { finishRun } from '../support/finished-run.ts';
import { loadTfjs } from '../support/tfjs.ts';

const shards = suite('export to tfjs');

shards('weights are cut wherever a shard is full and are whole again in tfjs', async () => {
  const root = mkdtempSync(join(tmpdir(), 'tlp-test-'));
  try {
    const { folder, run, weights } = await finishRun(root);
    const { model } = buildRunLayers(run);
    const request = {
      ...(await readRunFolder(folder)),
      model,
      preprocess: 'inside',
      train: false,
      version: '0',
    } as const;
    const exported = toTfjs(request, 1000);
    assert.ok(exported.kind === 'folder');
    if (exported.kind !== 'folder') return;
    const bytes = 4 * [...weights.values()].reduce((sum, { length }) => sum + length, 0);
    const count = Math.ceil(bytes / 1000);
    assert.ok(count > 3);
    const sizes = [...exported.files].flatMap(([name, content]) => (name.endsWith('.bin') ? [content.length] : []));
    assert.equal(sizes, [...Array(count - 1).fill(1000), bytes - 1000 * (count - 1)]);
    const asBytes = [...exported.files].map(
      ([name, content]) => [name, typeof content === 'string' ? new TextEncoder().encode(content) : content] as const,
    );
    const loaded = await loadTfjs(new Map(asBytes));
    for (const { name } of model.layers.flatMap((layer) => layer.weights)) {
      const found = loaded.weights.find((weight) => weight.originalName === name);
      assert.equal(found?.read().dataSync(), weights.get(name), name);
    }
  } finally {
    rmSync(root, { recursive: true });
  }
});

shards.run();
