// Runs with and without the cache of features, for real: the same weights, whatever was there, damaged or interrupted before.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkText } from '../../src/compiler/check.ts';
import { listCaches } from '../../src/runtime/cache/list-caches.ts';
import type { Batch, Engine } from '../../src/runtime/engine/engine.ts';
import { onnxEngine } from '../../src/runtime/engine/onnx/onnx-engine.ts';
import type { RunEvent, RunResult } from '../../src/runtime/events.ts';
import { readSize } from '../../src/session/cache-settings.ts';
import { resumeFrom } from '../../src/session/resume-training.ts';
import { trainPlan } from '../../src/session/train-plan.ts';
import { readyPlan } from '../support/trainable.ts';

const cached = suite('runs on cached features');

let folder = '';
cached.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'tlp-cached-'));
});
cached.after.each(() => rmSync(folder, { recursive: true, force: true }));

interface Words {
  readonly head?: string;
  readonly augment?: string;
  readonly freeze?: string;
  readonly epochs?: number;
}

const textOf = ({ head = 'dense 8 relu; dropout 50%', augment = '', freeze = 'backbone', epochs = 2 }: Words): string =>
  `data { source digits; size 16x16; limit 90; validation 20% of train }
${augment}
backbone cnn { conv 4 3x3 relu; batch_normalization; max_pool 2x2; conv 6 3x3 relu; flatten }
freeze ${freeze}
head { ${head} }
schedule { batch 16; epochs ${epochs}; optimizer adam }
`;

/** The engine, counting the images that its prefix sees, and those that it trains or is measured on as images. */
const counting = () => {
  const seen = { embedded: 0, images: 0, features: 0 };
  const note = (batch: Batch): Batch => {
    seen[batch.inputs.images ? 'images' : 'features'] += batch.count;
    return batch;
  };
  const engine: Engine = {
    ...onnxEngine,
    open: async (request) => {
      const session = await onnxEngine.open(request);
      return {
        ...session,
        embed: (batch) => {
          seen.embedded += batch.count;
          return session.embed(batch);
        },
        train: (batch, ...rest) => session.train(note(batch), ...rest),
        evaluate: (batch) => session.evaluate(note(batch)),
      };
    },
  };
  return { engine, seen };
};

interface Ran {
  readonly result: RunResult;
  readonly weights: Buffer;
  readonly seen: { readonly embedded: number; readonly images: number; readonly features: number };
  readonly warnings: readonly string[];
}

const root = (): string => join(folder, 'cache');

const train = async (
  words: Words,
  {
    cache = true,
    stopAfter = Number.POSITIVE_INFINITY,
    memory = 1e9,
    resume,
  }: { cache?: boolean; stopAfter?: number; memory?: number; resume?: string } = {},
): Promise<Ran> => {
  const text = textOf(words);
  const { plan, diagnostics } = checkText(text, 'test.tlp');
  if (plan === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  const { engine, seen } = counting();
  const warnings: string[] = [];
  const abort = new AbortController();
  let steps = 0;
  const listener = (event: RunEvent): void => {
    if (event.type === 'warning') warnings.push(event.message);
    if (event.type !== 'step') return;
    steps += 1;
    if (steps >= stopAfter) abort.abort();
  };
  const resumed = resume === undefined ? null : await resumeFrom(resume);
  const [result] = await trainPlan({
    plan: readyPlan(resumed?.plan ?? plan),
    text,
    version: '0.0.0',
    engines: [engine],
    device: 'cpu',
    out: join(folder, 'runs'),
    listeners: [listener],
    signal: abort.signal,
    cache: cache ? { root: root(), limit: 1e9, memory } : null,
    resume: resumed ?? undefined,
  });
  const weights = readFileSync(join(result!.folder, 'model', 'weights.bin'));
  return { result: result!, weights, seen, warnings };
};

cached(
  'the same weights and scores to the last bit, cold, warm and without; the second run embeds nothing',
  async () => {
    const without = await train({}, { cache: false });
    const cold = await train({});
    const warm = await train({});
    const fromDisk = await train({}, { memory: 0 });
    for (const { weights, result } of [cold, warm, fromDisk]) {
      assert.ok(weights.equals(without.weights));
      assert.equal(
        [result.train, result.validation, result.test],
        [without.result.train, without.result.validation, without.result.test],
      );
    }
    assert.equal([without.seen.embedded, without.seen.features], [0, 0]);
    assert.ok(cold.seen.embedded >= 90 && cold.seen.images === 0, JSON.stringify(cold.seen));
    assert.equal([warm.seen.embedded, warm.seen.images], [0, 0]);
    assert.equal(warm.warnings, []);
  },
);

cached('another head on the same backbone embeds nothing', async () => {
  const { seen } = await train({ epochs: 1 });
  const other = await train({ epochs: 1, head: 'dense 20 relu; batch_normalization' });
  assert.ok(seen.embedded > 0);
  assert.is(other.seen.embedded, 0);
  assert.is(listCaches(root()).length, 1);
});

cached('after an interruption in the first epoch the rows are there, and the weights are the same', async () => {
  const without = await train({}, { cache: false });
  const broken = await train({}, { stopAfter: 2 });
  assert.is(broken.result.status, 'interrupted');
  const { weights, seen } = await train({});
  assert.ok(weights.equals(without.weights));
  // 90 images of train and validation, 360 of test: each was embedded once
  assert.ok(broken.seen.embedded >= 32 && broken.seen.embedded < 90);
  assert.is(broken.seen.embedded + seen.embedded, 450);
});

const caches: Readonly<Record<string, { readonly before: boolean; readonly cleared: boolean }>> = {
  'as the interrupted run left it': { before: true, cleared: false },
  'cleared in between': { before: true, cleared: true },
  'cold, as the run began without one': { before: false, cleared: false },
};

for (const [what, { before, cleared }] of Object.entries(caches)) {
  cached(`a run that was interrupted and resumed ends in the same weights with the cache ${what}`, async () => {
    for (const words of [{}, { augment: 'augment { views 2; shift 10% }', epochs: 3 }]) {
      const whole = await train(words, { cache: false });
      // 72 images are five steps an epoch: in the middle of the first, behind it, and in the middle of the second
      for (const stopAfter of [2, 5, 8]) {
        rmSync(root(), { recursive: true, force: true });
        const cut = await train(words, { stopAfter, cache: before });
        assert.is(cut.result.status, 'interrupted');
        if (cleared) rmSync(root(), { recursive: true, force: true });
        const { weights, result } = await train(words, { resume: cut.result.folder });
        assert.ok(weights.equals(whole.weights), `after step ${stopAfter}`);
        assert.equal(
          [result.train, result.validation, result.test],
          [whole.result.train, whole.result.validation, whole.result.test],
        );
      }
    }
  });
}

/** Trains in a process of its own, which is killed at the first step of its second epoch; the path of what it left. */
const killed = (words: Words): Promise<string> =>
  new Promise((done) => {
    const script = fileURLToPath(new URL('../support/killed-run.ts', import.meta.url));
    const args = ['--import', 'tsx', script, join(folder, 'killed'), '0', textOf(words), root()];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface({ input: child.stdout }).on('line', (line) => {
      const event = JSON.parse(line) as RunEvent;
      if (event.type === 'step' && event.epoch === 2) child.kill('SIGKILL');
    });
    child.once('close', () => {
      const parent = join(folder, 'killed', 'test');
      done(join(parent, readdirSync(parent)[0]!));
    });
  });

for (const [what, { warm, embedded }] of Object.entries({
  'warm from an earlier run': { warm: true, embedded: 0 },
  'cleared in between': { warm: false, embedded: 450 },
})) {
  cached(`a run that was killed and resumed, its cache ${what}, ends in the same weights`, async () => {
    const words = { epochs: 40 };
    const whole = await train(words, { cache: false });
    if (warm) await train({ epochs: 1, head: 'dense 3 relu' });
    const left = await killed(words);
    assert.match(left, /\.partial-[^/]*$/);
    if (!warm) rmSync(root(), { recursive: true });
    const { weights, result, seen } = await train(words, { resume: left });
    assert.ok(weights.equals(whole.weights));
    assert.equal([result.epochs, result.test, seen.embedded], [40, whole.result.test, embedded]);
  });
}

cached('a damaged shard is computed again, said, and changes nothing', async () => {
  const first = await train({});
  const [cache] = listCaches(root());
  const place = join(root(), 'features', cache!.key);
  const [name] = readdirSync(place).filter((each) => each.endsWith('.shard'));
  const bytes = readFileSync(join(place, name!));
  bytes[bytes.length - 5]! ^= 8;
  writeFileSync(join(place, name!), bytes);
  const again = await train({});
  assert.ok(again.weights.equals(first.weights));
  assert.ok(again.seen.embedded > 0);
  assert.ok(again.warnings.some((warning) => /is damaged .*computed again/.test(warning)));
});

for (const augment of ['augment { shift 10% }', 'augment { mixup 0.2 }'])
  cached(`with ${augment} train images go through the backbone, validation and test do not`, async () => {
    const words: Words = { augment, epochs: 1 };
    const without = await train(words, { cache: false });
    await train(words);
    const warm = await train(words);
    assert.ok(warm.weights.equals(without.weights));
    assert.is(warm.seen.embedded, 0);
    assert.is(warm.seen.images, 72);
    assert.ok(warm.seen.features > 0);
  });

cached('views of an image are embedded once each: the third epoch of two views embeds nothing', async () => {
  const words: Words = { augment: 'augment { views 2; shift 10% }', epochs: 3 };
  const without = await train(words, { cache: false });
  const cold = await train(words);
  const warm = await train(words);
  for (const { weights } of [cold, warm]) assert.ok(weights.equals(without.weights));
  const unchanged = 64 + 18 + 360; // as evaluation sees them: the probe of the train split, validation, test
  assert.equal(cold.seen, { ...cold.seen, embedded: 2 * 72 + unchanged, images: 0 });
  assert.equal([warm.seen.embedded, warm.seen.images], [0, 0]);
  // a third view is the only new one, and other changes have views of their own
  const third = await train({ ...words, augment: 'augment { views 3; shift 10% }' });
  assert.is(third.seen.embedded, 72);
  const other = await train({ ...words, augment: 'augment { views 2; shift 11% }' });
  assert.is(other.seen.embedded, 2 * 72);
  assert.not.ok(other.weights.equals(cold.weights));
});

cached('fixed views do not keep what a batch step blends: train images go through the backbone', async () => {
  const { seen } = await train({ augment: 'augment { views 2; shift 10%; mixup 0.2 }', epochs: 1 });
  assert.is(seen.images, 72);
});

cached('where all trains, nothing is cached', async () => {
  const { seen } = await train({ freeze: 'none', epochs: 1 });
  assert.equal([seen.embedded, seen.features], [0, 0]);
  assert.equal(listCaches(root()), []);
});

cached('sizes as people write them', () => {
  assert.equal(['20GB', '500 MB', '1.5g', '1000'].map(readSize), [20e9, 500e6, 1.5e9, 1000]);
  assert.throws(() => readSize('much'), /--cache-size much/);
});

cached.run();
