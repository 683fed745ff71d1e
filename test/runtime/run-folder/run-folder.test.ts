// The run folder appears whole or not at all, whatever the disk does.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { RunEvent, RunResult } from '../../../src/runtime/events.ts';
import { realDisk } from '../../../src/runtime/run-folder/disk.ts';
import { isLeftover, partialName, slug, timeName } from '../../../src/runtime/run-folder/names.ts';
import { openRunFolder } from '../../../src/runtime/run-folder/open-run-folder.ts';
import { type Disk, RunFolderError, type RunFolderRequest } from '../../../src/runtime/run-folder/run-folder.ts';

const time = new Date(2026, 10, 22, 14, 3, 55);
const stamp = '2026-11-22T14-03-55';

interface Context {
  root: string;
  events: RunEvent[];
}

const folder = suite<Context>('run folder');

folder.before.each((context) => {
  context.root = mkdtempSync(join(tmpdir(), 'tlp-test-'));
  context.events = [];
});
folder.after.each((context) => rmSync(context.root, { recursive: true, force: true }));

const request = ({ root, events }: Context, changes: Partial<RunFolderRequest> = {}): RunFolderRequest => ({
  root: join(root, 'runs'),
  pipeline: 'quickstart',
  time,
  run: null,
  texts: { 'pipeline.tlp': 'data { source digits }\n', 'plan.yaml': 'version: 1\n' },
  binaries: { 'train-step.onnx': Uint8Array.of(8, 9) },
  model: {
    topology: {
      class_name: 'Functional',
      keras_version: 'x',
      backend: 'y',
      config: { name: 'n', layers: [], input_layers: [], output_layers: [] },
    },
    weights: [
      { name: 'b/kernel', shape: [2, 1] },
      { name: 'a/bias', shape: [1] },
    ],
    generatedBy: 'tlp 0.0.0',
    metadata: {
      classes: ['x'],
      image: { height: 2, width: 2, channels: 1 },
      source_image: { height: 4, width: 4, channels: 1 },
      resize: { interpolation: 'bilinear', antialias: true },
      normalize: { kind: 'unit', order: 'rgb', scale: [1 / 255], offset: [0] },
    },
  },
  listener: (event) => events.push(event),
  ...changes,
});

const weights = new Map([
  ['a/bias', Float32Array.of(3)],
  ['b/kernel', Float32Array.of(1, 2)],
]);

const score = { loss: 0.5, accuracy: 0.75 };
const result: RunResult = {
  name: 'main',
  status: 'done',
  seconds: 1.5,
  epochs: 1,
  train: score,
  validation: null,
  test: null,
  gap: null,
  parameters: { total: 3, trainable: 3 },
  frozen: { tensors: 0, sha256: 'a'.repeat(64), unchanged: true },
  folder: 'somewhere',
};

const epoch: RunEvent = {
  type: 'epoch_finished',
  run: 'main',
  stage: 'say "a", b',
  epoch: 1,
  running: score,
  train: score,
  validation: null,
  gap: null,
  learning_rate: 1e-3,
  seconds: 2,
  images_per_second: 10,
  waited: 0.1,
};

const step: RunEvent = {
  type: 'step',
  run: 'main',
  stage: 'training',
  epoch: 1,
  step: 1,
  steps: 2,
  images: 8,
  loss: 1,
  accuracy: 0.5,
  images_per_second: 10,
  waited: 0,
  seconds: 1,
};

const names = (path: string): string[] => (existsSync(path) ? readdirSync(path).sort() : []);

folder('is under a temporary name until it is committed, and then holds everything', async (context) => {
  const opened = await openRunFolder(request(context));
  const parent = join(context.root, 'runs', 'quickstart');
  assert.is(names(parent).length, 1);
  assert.match(names(parent)[0]!, /^\.partial-/);
  opened.listener(epoch);
  const placed = await opened.commit(result, weights);
  assert.equal(names(parent), [stamp]);
  const place = join(parent, stamp);
  assert.equal(names(place), [
    ...[
      'SHA256SUMS',
      'events.jsonl',
      'history.csv',
      'model',
      'pipeline.tlp',
      'plan.yaml',
      'result.json',
      'train-step.onnx',
    ],
  ]);
  assert.match(placed.folder, stamp);
  assert.equal(JSON.parse(readFileSync(join(place, 'result.json'), 'utf8')), placed);
  assert.equal(
    readFileSync(join(place, 'events.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    [epoch, { type: 'run_finished', result: placed }],
  );
  assert.is(
    readFileSync(join(place, 'history.csv'), 'utf8'),
    'epoch,stage,learning_rate,loss,accuracy,probe_loss,probe_accuracy,val_loss,val_accuracy,gap,seconds,images_per_second,waited\n' +
      '1,"say ""a"", b",0.001,0.5,0.75,0.5,0.75,,,,2,10,0.1\n',
  );
});

folder('model.json names the weights in the order of weights.bin', async (context) => {
  const { folder: place } = await (await openRunFolder(request(context))).commit(result, weights);
  const json = JSON.parse(readFileSync(join(place, 'model', 'model.json'), 'utf8'));
  assert.is(json.format, 'layers-model');
  assert.equal(json.weightsManifest, [
    {
      paths: ['weights.bin'],
      weights: [
        { name: 'b/kernel', shape: [2, 1], dtype: 'float32' },
        { name: 'a/bias', shape: [1], dtype: 'float32' },
      ],
    },
  ]);
  const bytes = readFileSync(join(place, 'model', 'weights.bin'));
  assert.equal(
    [0, 4, 8].map((at) => bytes.readFloatLE(at)),
    [1, 2, 3],
  );
  assert.is(bytes.length, 12);
});

folder('several runs of a file share the folder of their time', async (context) => {
  const run = { name: 'A: no training', common: join(context.root, 'runs', 'quickstart', stamp) };
  const one = await openRunFolder(request(context, { run }));
  const placed = await one.commit(result, weights);
  assert.match(placed.folder, new RegExp(`${stamp}/A-no-training$`));
});

folder('extra files are written with the rest, those of the end before the folder has its place', async (context) => {
  const opened = await openRunFolder(request(context, { extras: { 'notes/a.txt': 'early' } }));
  assert.is(readFileSync(join(opened.partial, 'notes', 'a.txt'), 'utf8'), 'early');
  const extras = { 'report.html': '<p>', 'notes/b.bin': Uint8Array.of(1, 2) };
  const { folder: place } = await opened.commit(result, weights, extras);
  assert.equal(names(join(place, 'notes')), ['a.txt', 'b.bin']);
  assert.is(readFileSync(join(place, 'report.html'), 'utf8'), '<p>');
});

const badNames = [
  ...['../out', '/etc/x', 'a/b/c', '', '.hidden', 'a b', 'notes/', 'end.', 'x'.repeat(90)],
  ...['Plan.yaml', 'model/x.bin', 'checkpoints/a', 'result.json', 'train-step.onnx', 'TRAIN-STEP.onnx'],
];

for (const name of badNames) {
  folder(`an extra file cannot be named '${name}'`, async (context) => {
    const isRangeError = (error: unknown): boolean => error instanceof RangeError;
    const early = await openRunFolder(request(context, { extras: { [name]: '' } })).catch((error: unknown) => error);
    assert.ok(isRangeError(early));
    const opened = await openRunFolder(request(context));
    assert.ok(isRangeError(await opened.commit(result, weights, { [name]: '' }).catch((error: unknown) => error)));
    await opened.discard();
    assert.equal(names(context.root), []);
  });
}

folder('two runs at the same second do not meet', async (context) => {
  const first = await openRunFolder(request(context));
  await first.commit(result, weights);
  const placed = await (await openRunFolder(request(context))).commit(result, weights);
  assert.match(placed.folder, new RegExp(`${stamp}-2$`));
});

folder('discard leaves nothing, not even empty folders', async (context) => {
  await (await openRunFolder(request(context))).discard();
  assert.equal(names(context.root), []);
});

/** A disk on which one kind of operation fails after `after` calls. */
const failing = (operation: keyof Disk, code: string, after = 0): Disk => {
  let calls = 0;
  const fail = (): void => {
    calls += 1;
    if (calls > after) throw Object.assign(new Error(code), { code, syscall: 'write' });
  };
  return new Proxy(realDisk, {
    get: (disk, name: keyof Disk) => {
      if (name !== operation) return disk[name];
      if (name === 'appendFile' || name === 'rewrite') {
        return (path: string, data: string) => {
          fail();
          realDisk[name](path, data);
        };
      }
      return async (path: string, more: never) => {
        fail();
        return (disk[name] as (path: string, more: never) => unknown)(path, more);
      };
    },
  });
};

const refused = async (work: () => Promise<unknown>): Promise<string> => {
  try {
    await work();
  } catch (error) {
    assert.instance(error, RunFolderError);
    return (error as Error).message;
  }
  return assert.unreachable('the disk failed') as never;
};

for (let after = 0; after < 6; after += 1) {
  folder(`a disk that is full at the ${after + 1}. file: one line, nothing left`, async (context) => {
    const disk = failing('writeFile', 'ENOSPC', after);
    const message = await refused(() => openRunFolder(request(context, { disk })));
    assert.match(message, /^no space left on the disk of .*: free some, or choose another disk with --out DIR$/);
    assert.equal(names(context.root), []);
  });
}

for (const operation of ['overwrite', 'rename', 'appendFile', 'rewrite', 'claim', 'flush'] as const) {
  folder(`a commit that fails at ${operation}: one line, and what was learned stays to be resumed`, async (context) => {
    const opened = await openRunFolder(request(context, { disk: failing(operation, 'EIO') }));
    opened.listener(step);
    opened.listener(epoch);
    opened.listener(epoch);
    assert.match(await refused(() => opened.commit(result, weights)), /cannot be written \(EIO\)/);
    assert.is(await opened.leave(), opened.partial);
    assert.ok(existsSync(join(opened.partial, 'plan.yaml')));
    assert.equal(names(join(context.root, 'runs', 'quickstart')).length, 1, 'no place is claimed');
  });
}

folder('a folder in which nothing was learned is gone when it is left', async (context) => {
  const opened = await openRunFolder(request(context, { disk: failing('rename', 'EIO') }));
  await refused(() => opened.commit(result, weights));
  assert.is(await opened.leave(), null);
  assert.equal(names(context.root), []);
});

folder('events that could not be written at first are written later', async (context) => {
  let broken = true;
  const disk: Disk = {
    ...realDisk,
    rewrite: (path, data) => {
      if (broken) throw Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' });
      realDisk.rewrite(path, data);
    },
  };
  const opened = await openRunFolder(request(context, { disk }));
  opened.listener(epoch);
  broken = false;
  const placed = await opened.commit(result, weights);
  assert.is(readFileSync(join(placed.folder, 'events.jsonl'), 'utf8').trim().split('\n').length, 2);
});

folder('a disk that fills up during the training does not cost the run', async (context) => {
  const disk: Disk = {
    ...realDisk,
    rewrite: (path, data) => {
      const reserved = existsSync(join(path, '..', 'reserve'));
      if (reserved) throw Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' });
      realDisk.rewrite(path, data);
    },
  };
  const opened = await openRunFolder(request(context, { disk }));
  opened.listener(epoch);
  const { folder: place } = await opened.commit(result, weights);
  assert.is(readFileSync(join(place, 'events.jsonl'), 'utf8').trim().split('\n').length, 2);
  assert.not.ok(existsSync(join(place, 'reserve')));
});

folder('too little room is seen before anything runs', async (context) => {
  const disk: Disk = { ...realDisk, free: async () => 1e6 };
  const message = await refused(() => openRunFolder(request(context, { disk })));
  assert.match(message, /has 1 MB free and this run needs 17 MB/);
  assert.equal(names(context.root), []);
});

folder('a place that is a file is refused with the cure', async (context) => {
  writeFileSync(join(context.root, 'runs'), '');
  assert.match(await refused(() => openRunFolder(request(context))), 'a file is in the way');
});

folder('a place where the system makes no folders is refused at once', async (context) => {
  const message = await refused(() => openRunFolder(request(context, { root: '/proc/tlp-runs' })));
  assert.match(message, /^\/proc\/tlp-runs\/quickstart.* cannot be /);
});

folder('a checkpoint that cannot be written costs a warning only', async (context) => {
  const opened = await openRunFolder(request(context, { disk: failing('writeDurably', 'ENOSPC') }));
  await opened.checkpoints.saveWeights('best', weights);
  assert.is(context.events.length, 1);
  assert.match(JSON.stringify(context.events[0]), 'Checkpoint best was not saved: no space left');
  assert.equal(names(join(opened.partial, 'checkpoints')), []);
});

const gone = (pid: number): string => join(`.partial-${stamp}@${slug(hostname()).slice(0, 60)}@${pid}`);
/** Above the largest process id of Linux. */
const nobody = 2 ** 22 + 1;

folder('what a killed process left is removed, what a living one builds is not', async (context) => {
  const parent = join(context.root, 'runs', 'quickstart');
  mkdirSync(join(parent, gone(nobody), 'model'), { recursive: true });
  mkdirSync(join(parent, gone(process.ppid)), { recursive: true });
  mkdirSync(join(parent, `.partial-${stamp}@another-machine@${nobody}`), { recursive: true });
  await (await openRunFolder(request(context))).commit(result, weights);
  assert.equal(names(parent), [`.partial-${stamp}@another-machine@${nobody}`, gone(process.ppid), stamp].sort());
});

folder('a killed run that can be resumed is kept, and said', async (context) => {
  const left = join(context.root, 'runs', 'quickstart', gone(nobody));
  mkdirSync(left, { recursive: true });
  writeFileSync(join(left, 'checkpoint.safetensors'), '');
  await openRunFolder(request(context));
  assert.ok(existsSync(left));
  assert.match(JSON.stringify(context.events[0]), 'tlp run --resume');
});

folder.run();

const naming = suite('names');

naming('time sorts and is local', () => assert.is(timeName(time), stamp));

naming('a slug is safe on every disk', () => {
  assert.is(slug('A: no training'), 'A-no-training');
  assert.is(slug('../../etc/passwd'), 'etc-passwd');
  assert.is(slug('///'), 'run');
  assert.is(slug('学習 1'), '学習-1');
  assert.ok(slug('x'.repeat(300)).length <= 80);
});

naming('a leftover is one of this machine whose process is gone', () => {
  const own = partialName(slug('B: two@home'), 77);
  assert.is(
    isLeftover(own, () => false),
    true,
  );
  assert.is(
    isLeftover(own, () => true),
    false,
  );
  assert.is(
    isLeftover(stamp, () => false),
    false,
  );
});

naming.run();
