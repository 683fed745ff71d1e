// An exported tfjs model in a real browser: headless Chromium gives the probabilities of `tlp predict`. Needs `npm run build`.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openSource } from '../../src/runtime/data/open-source.ts';
import type { RunEvent } from '../../src/runtime/events.ts';
import { askPage, chromium } from '../support/browser/open-page.ts';
import { finishRun } from '../support/finished-run.ts';
import { image, known, runPlan, simpleHead } from '../support/run-plan.ts';
import { openWorkplace, type Workplace } from '../support/tlp.ts';

interface Context {
  place: Workplace;
}

const browser = suite<Context>('tfjs in a browser');
browser.before.each((context) => {
  context.place = openWorkplace();
});
browser.after.each(({ place }) => place.remove());

if (chromium === null)
  console.log('tfjs in a browser: skipped, there is no Chromium on this machine (TLP_CHROMIUM names one)');
const test = chromium === null ? browser.skip : browser;

/** Exports a run and compares what page and command line say of these images, which lie in `img`. */
const compare = async ({ folder, tlp }: Workplace, run: string, images: readonly string[]): Promise<void> => {
  const exported = tlp(['export', run, '--to', 'tfjs', '--out', 'web']);
  assert.is(exported.status, 0, exported.stderr);
  const predicted = tlp(['predict', run, 'img', '--json', '--top', '10', '--device', 'cpu']);
  assert.is(predicted.status, 0, predicted.stderr);
  for (const name of images) writeFileSync(join(folder, 'web', name), pngs.get(name)!);
  writeFileSync(join(folder, 'web', 'images.json'), JSON.stringify(images));
  const seen = await askPage(join(folder, 'web'));
  const lines = predicted.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.is(lines.length, images.length);
  for (const { image: path, top } of lines) {
    const page = seen[path.split('/').at(-1)]!;
    for (const { class: name, confidence } of top) {
      assert.ok(
        Math.abs(page[name]! - confidence) <= 1e-5 * Math.max(confidence, 0.1),
        `${path}: ${name} ${page[name]} ${confidence}`,
      );
    }
  }
};

const pngs = new Map<string, Uint8Array>();

const putImages = (
  { folder }: Workplace,
  images: Readonly<Record<string, Parameters<typeof encode>[0]>>,
): readonly string[] => {
  mkdirSync(join(folder, 'img'));
  for (const [name, pixels] of Object.entries(images)) {
    pngs.set(name, encode(pixels));
    writeFileSync(join(folder, 'img', name), pngs.get(name)!);
  }
  return Object.keys(images);
};

test('a trained network of digits', async ({ place }) => {
  const source = await openSource({ kind: 'digits' });
  const digit = (index: number) => {
    const data = new Uint8Array(64);
    source.read('test', index, data);
    return { width: 8, height: 8, channels: 1, depth: 8, data } as const;
  };
  const images = putImages(place, { 'a.png': digit(0), 'b.png': digit(1), 'c.png': digit(2) });
  const { stdout, status, stderr } = place.tlp([
    ...[
      'run',
      join(process.cwd(), 'pipelines/quickstart.tlp'),
      '--epochs',
      '2',
      '--limit',
      '300',
      '--device',
      'cpu',
      '--json',
    ],
  ]);
  assert.is(status, 0, stderr);
  const last = JSON.parse(stdout.trim().split('\n').at(-1)!) as RunEvent;
  await compare(place, last.type === 'finished' ? last.runs[0]!.folder : '', images);
});

test('a MobileNetV2, whose weights are in several shards', async ({ place }) => {
  const colours = (seed: number) => {
    const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => (i * seed + (i >> 6) * 7) % 256);
    return { width: 64, height: 64, channels: 3, depth: 8, data } as const;
  };
  const images = putImages(place, { 'x.png': colours(3), 'y.png': colours(11) });
  const run = runPlan(known('mobilenetv2'), image(64, 3), simpleHead(10));
  const { folder } = await finishRun(join(place.folder, 'runs'), { run, source: image(64, 3) });
  await compare(place, folder, images);
});

browser.run();
