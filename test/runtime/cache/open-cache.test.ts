// The store: what was appended is read back bit by bit; damage, full disks and other processes cost rows, never wrong values.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openCache } from '../../../src/runtime/cache/open-cache.ts';
import {
  digestOf,
  expected,
  features,
  fill,
  folderOf,
  inFolder,
  read,
  request,
  shardsIn,
  valuesFor,
} from './support.ts';

const cache = suite('cache: store');

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

cache('rows come back bit by bit in any order, at once and after reopening', () =>
  inFolder(async (root) => {
    const first = await openCache(request(root));
    for (const image of range(0, 40)) first.append(digestOf(image), valuesFor(image), 0);
    assert.equal(read(first, [7, 39, 7, 0]), expected([7, 39, 7, 0]));
    await first.close();
    const again = await openCache(request(root));
    assert.is(again.count(), 40);
    assert.equal(read(again, [39, 3, 0, 3]), expected([39, 3, 0, 3]));
    assert.is(again.find(digestOf(40)), -1);
    await again.close();
  }),
);

cache('a row is taken out of the middle of a batch of features', () =>
  inFolder(async (root) => {
    const store = await openCache(request(root));
    const batch = expected([4, 5, 6]);
    store.append(digestOf(5), batch, 1);
    assert.equal(read(store, [5]), expected([5]));
    await store.close();
  }),
);

cache('without memory for them, rows are read from the disk, while it is filled too', () =>
  inFolder(async (root) => {
    const store = await openCache(request(root, { memory: 0 }));
    for (const image of range(0, 5000)) {
      store.append(digestOf(image), valuesFor(image), 0);
      await store.drain();
    }
    assert.equal(read(store, [4999, 0, 4095]), expected([4999, 0, 4095]));
    await store.close();
    assert.is(shardsIn(root).length, 2);
    const again = await openCache(request(root, { memory: 0 }));
    assert.equal(read(again, [4999, 0, 4095]), expected([4999, 0, 4095]));
    await again.close();
  }),
);

cache('an image that is known is not stored again', () =>
  inFolder(async (root) => {
    await fill(request(root), [1, 1, 2]);
    await fill(request(root), [1, 2]);
    assert.is(shardsIn(root).length, 1);
  }),
);

type Damage = (path: string) => void;

const flip =
  (position: number): Damage =>
  (path) => {
    const bytes = readFileSync(path);
    const at = position < 0 ? bytes.length + position : position;
    bytes[at] = bytes[at]! ^ 1;
    writeFileSync(path, bytes);
  };

const damages: Readonly<Record<string, Damage>> = {
  'a flipped bit in a row': flip(-1),
  'a flipped bit in the magic': flip(0),
  'a flipped bit in the length of the head': flip(9),
  'a flipped bit in the features': flip(20),
  'a flipped bit in a digest': flip(120),
  'the last byte cut off': (path) => truncateSync(path, readFileSync(path).length - 1),
  'cut off inside the head': (path) => truncateSync(path, 50),
  'an empty file': (path) => truncateSync(path, 0),
  'bytes behind the end': (path) => writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(4)])),
};

for (const [name, damage] of Object.entries(damages)) {
  for (const memory of [0, 1e9]) {
    cache(`${name} is found, said, and only that shard is lost (${memory === 0 ? 'disk' : 'memory'})`, () =>
      inFolder(async (root) => {
        await fill(request(root), [0, 1, 2]);
        const [broken] = shardsIn(root);
        await fill(request(root), [10, 11]);
        damage(broken!);
        const warnings: string[] = [];
        const store = await openCache(request(root, { memory, warn: (message) => warnings.push(message) }));
        assert.is(read(store, [0, 1, 2]), null);
        assert.equal(
          [0, 1, 2].map((image) => store.find(digestOf(image))),
          [-1, -1, -1],
        );
        assert.equal(read(store, [11, 10]), expected([11, 10]));
        assert.is(warnings.length, 1);
        assert.match(warnings[0]!, /\.shard .*: it is removed, and what it held is computed again$/);
        assert.not(existsSync(broken!));
        for (const image of [0, 1, 2]) store.append(digestOf(image), valuesFor(image), 0);
        assert.equal(read(store, [2, 0, 1]), expected([2, 0, 1]));
        await store.close();
        const again = await openCache(request(root));
        assert.equal(read(again, [0, 1, 2, 10, 11]), expected([0, 1, 2, 10, 11]));
        await again.close();
      }),
    );
  }
}

cache('a shard of other features under the same key is damage', () =>
  inFolder(async (root) => {
    await fill(request(root), [0]);
    const warnings: string[] = [];
    const other = [features[0]!, { name: 'vector', shape: [6] }];
    const store = await openCache(request(root, { features: other, warn: (message) => warnings.push(message) }));
    assert.is(store.count(), 0);
    assert.match(warnings[0]!, /holds other features/);
    await store.close();
  }),
);

const full = (): Promise<never> =>
  Promise.reject(Object.assign(new Error('full'), { code: 'ENOSPC', syscall: 'write' }));

cache('a full disk is said once; rows in memory are still found', () =>
  inFolder(async (root) => {
    const warnings: string[] = [];
    const store = await openCache(request(root, { write: full, warn: (message) => warnings.push(message) }));
    for (const image of range(0, 9000)) {
      store.append(digestOf(image), valuesFor(image), 0);
      await store.drain();
    }
    assert.equal(read(store, [0, 8999]), expected([0, 8999]));
    await store.close();
    assert.is(warnings.length, 1);
    assert.match(warnings[0]!, /no space is left on the disk/);
    assert.equal(
      readdirSync(folderOf(root)).filter((name) => !name.startsWith('about')),
      [],
    );
  }),
);

cache('with a full disk and no memory left a row is refused', () =>
  inFolder(async (root) => {
    let said = (): void => {};
    const diskIsFull = new Promise<void>((resolve) => {
      said = resolve;
    });
    const store = await openCache(request(root, { write: full, memory: 0, warn: () => said() }));
    const append = (image: number): number => store.append(digestOf(image), valuesFor(image), 0);
    // the first shard is whole with row 8191 and goes to the disk
    assert.equal(range(0, 8192).map(append), range(0, 8192));
    await diskIsFull;
    assert.is(append(8999), -1);
    assert.is(store.find(digestOf(8999)), -1);
    await store.close();
  }),
);

cache('a folder that cannot be made is said, and the run goes on in memory', () =>
  inFolder(async (root) => {
    writeFileSync(join(root, 'features'), 'a file is in the way');
    const warnings: string[] = [];
    const store = await openCache(request(root, { warn: (message) => warnings.push(message) }));
    store.append(digestOf(1), valuesFor(1), 0);
    assert.equal(read(store, [1]), expected([1]));
    await store.close();
    assert.is(warnings.length, 1);
    assert.match(warnings[0]!, /cannot be written \(a file is in the way\)/);
  }),
);

cache('/proc, which answers ENOENT for ever, is a folder that cannot be made', async () => {
  if (!existsSync('/proc')) return;
  const warnings: string[] = [];
  const store = await openCache(request('/proc/tlp', { warn: (message) => warnings.push(message) }));
  assert.is(warnings.length, 1);
  await store.close();
});

cache('two processes fill it at once: neither sees half a shard, duplicates do no harm', () =>
  inFolder(async (root) => {
    const script = join(import.meta.dirname, 'fill-process.ts');
    const children = [0, 1].map((first) => fork(script, [root, `${first * 500}`], { execArgv: ['--import', 'tsx'] }));
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as number));
    assert.equal(codes, [0, 0]);
    const store = await openCache(request(root));
    assert.is(store.count(), 1500);
    assert.equal(read(store, range(0, 1500)), expected(range(0, 1500)));
    assert.ok(shardsIn(root).length >= 2);
    await store.close();
  }),
);

cache('a folder without permission is said', () =>
  inFolder(async (root) => {
    if (process.getuid?.() === 0) return; // root may write everywhere
    mkdirSync(folderOf(root), { recursive: true });
    chmodSync(folderOf(root), 0o500);
    const warnings: string[] = [];
    const store = await openCache(request(root, { warn: (message) => warnings.push(message) }));
    await store.close();
    assert.match(warnings[0]!, /permission/);
  }),
);

cache.run();
