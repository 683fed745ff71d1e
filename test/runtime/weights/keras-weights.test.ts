// The table of weight files against what Keras 3.15 asks for (test/support/keras-weights); where they are looked for.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { backbones } from '../../../src/compiler/vocabulary/backbones.ts';
import { DownloadError } from '../../../src/runtime/download/download-error.ts';
import { kerasFiles } from '../../../src/runtime/weights/keras-files.ts';
import { ensureKerasWeights, lookForWeights, weightsUrl } from '../../../src/runtime/weights/keras-weights.ts';
import { serve } from '../../support/file-server.ts';

const test = suite<{ home: string; before: Readonly<Record<string, string | undefined>> }>('keras weights');

const variables = ['KERAS_HOME', 'TLP_WEIGHTS_MIRROR'] as const;

test.before.each((context) => {
  context.before = Object.fromEntries(variables.map((name) => [name, process.env[name]]));
  context.home = mkdtempSync(join(tmpdir(), 'tlp-test-'));
  process.env.KERAS_HOME = context.home;
});
test.after.each(({ home, before }) => {
  for (const name of variables) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
  rmSync(home, { recursive: true, force: true });
});

test('every backbone has the file, address and hash that Keras asks for', () => {
  const lines = readFileSync('test/support/keras-weights/files.tsv', 'utf8').trim().split('\n');
  const keras = Object.fromEntries(
    lines.map((line) => {
      const [model, file, url, hash] = line.split('\t') as [string, string, string, string];
      return [model, { url, file, hash: hash === '-' ? null : hash }];
    }),
  );
  const ours = Object.fromEntries(
    Object.entries(backbones).map(([name, facts]) => {
      const { url, file, hash } = kerasFiles[name as keyof typeof backbones];
      return [facts.keras, { url, file, hash }];
    }),
  );
  assert.equal(ours, keras);
});

test('no size is below what its parameters take', () => {
  for (const [name, { parameters }] of Object.entries(backbones)) {
    const { size } = kerasFiles[name as keyof typeof backbones];
    if (size !== null) assert.ok(size > 4 * parameters && size < 4.2 * parameters + 5e6, name);
  }
});

test('files are looked for by name and size in the cache', ({ home }) => {
  assert.equal(lookForWeights('mobilenetv2'), { path: null, bytes: null, otherSize: false });
  const folder = join(home, 'models');
  mkdirSync(folder);
  const path = join(folder, kerasFiles.mobilenetv2.file);
  writeFileSync(path, 'short');
  assert.equal(lookForWeights('mobilenetv2'), { path, bytes: 5, otherSize: true });
  writeFileSync(join(folder, kerasFiles.resnet101v2.file), 'short');
  assert.is(lookForWeights('resnet101v2').otherSize, false, 'its size is not known');
});

test('a mirror holds all files in one folder', () => {
  delete process.env.TLP_WEIGHTS_MIRROR;
  assert.is(weightsUrl('vgg16'), kerasFiles.vgg16.url);
  process.env.TLP_WEIGHTS_MIRROR = 'https://mirror.example/keras/';
  assert.is(weightsUrl('vgg16'), `https://mirror.example/keras/${kerasFiles.vgg16.file}`);
});

test('weights come from the mirror into the cache, and from there afterwards', async ({ home }) => {
  const body = Buffer.from('weights of a small network');
  const server = await serve([{ body }]);
  process.env.TLP_WEIGHTS_MIRROR = server.url;
  const signal = new AbortController().signal;
  const path = await ensureKerasWeights('mobilenet', { signal });
  assert.is(path, join(home, 'models', kerasFiles.mobilenet.file));
  assert.equal(readFileSync(path), body);
  assert.is(await ensureKerasWeights('mobilenet', { signal }), path);
  assert.equal(
    server.requests.map(({ path: asked }) => asked),
    [`/${kerasFiles.mobilenet.file}`],
  );
  await server.close();
});

test('weights with another hash are refused', async ({ home }) => {
  const server = await serve([{ body: Buffer.from('not VGG16') }]);
  process.env.TLP_WEIGHTS_MIRROR = server.url;
  const error: unknown = await ensureKerasWeights('vgg16', {
    signal: new AbortController().signal,
    pause: () => 0,
  }).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof DownloadError);
  assert.ok(error.message.includes(kerasFiles.vgg16.hash!) && error.message.includes(join(home, 'models')));
  await server.close();
});

test.run();
